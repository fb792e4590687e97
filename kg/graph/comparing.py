"""Two graphs → what one states and the other does not: facts, and what is said, planned or denied."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.graph.evidence import all_evidence
from kg.graph.ontology import minter_of
from kg.graph.quads import object_term
from kg.graph.terms import split_literal
from kg.graph.turtle import TurtleWriter, split_line, triple_lines
from kg.vocabulary import ANNOTATIONS, KG, OWL, RDF, RDFS, SKOS

_DESCRIBING = frozenset(
    f"<{iri}>"
    for iri in (RDF.type, RDFS.label, RDFS.comment, SKOS.altLabel, OWL.sameAs, *(KG[name] for name in ANNOTATIONS))
)

Triple = tuple[str, str, str]
"""Subject, property and object in N-Triples syntax."""


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """What a statement says that is no fact, wherever it stands: `status`, `modality`, `polarity` are local names,
    `attributed_to` is a term or empty."""

    triple: Triple
    status: str
    attributed_to: str
    modality: str
    polarity: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a graph has gained and lost since another one."""

    facts_gained: tuple[Triple, ...]
    facts_lost: tuple[Triple, ...]
    claims_gained: tuple[Claim, ...]
    claims_lost: tuple[Claim, ...]
    prefixes: Mapping[str, str]

    def to_text(self) -> str:
        """One line for each, `+` for what was gained and `-` for what was lost; facts first, then a line of counts."""
        writer = TurtleWriter(self.prefixes)
        lines = [f"- {_triple(triple, writer)}" for triple in self.facts_lost]
        lines += (f"+ {_triple(triple, writer)}" for triple in self.facts_gained)
        lines += (f"- {_claim(claim, writer)}" for claim in self.claims_lost)
        lines += (f"+ {_claim(claim, writer)}" for claim in self.claims_gained)
        lines.append(
            f"facts: {len(self.facts_gained)} gained, {len(self.facts_lost)} lost; "
            f"claims: {len(self.claims_gained)} gained, {len(self.claims_lost)} lost"
        )
        return "\n".join(lines) + "\n"

    def to_json(self) -> str:
        """`{"facts": {"gained": […], "lost": […]}, "claims": {…}}`; IRIs whole, literals with their datatypes."""
        value = {
            "facts": {"gained": [*map(_fields, self.facts_gained)], "lost": [*map(_fields, self.facts_lost)]},
            "claims": {
                "gained": [*map(_claim_fields, self.claims_gained)],
                "lost": [*map(_claim_fields, self.claims_lost)],
            },
        }
        return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def compare(store: ox.Store, other: ox.Store) -> Comparison:
    """What `store` states and `other` does not (gained), and the other way round (lost).

    A claim is the same in both when it says the same of the same, whatever document and sentence it stands in.
    """
    facts, other_facts = set(_facts(store)), set(_facts(other))
    claims, other_claims = set(_claims(store)), set(_claims(other))
    return Comparison(
        tuple(sorted(facts - other_facts)),
        tuple(sorted(other_facts - facts)),
        tuple(sorted(claims - other_claims)),
        tuple(sorted(other_claims - claims)),
        minter_of(store).prefixes,
    )


def short_triples(lines: Iterable[str], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Triples of N-Triples, without the final ` .`, with prefixes."""
    writer = TurtleWriter(prefixes)
    for line in lines:
        yield _triple(split_line(f"{line} ."), writer)


def _facts(store: ox.Store) -> Iterator[Triple]:
    for line in triple_lines(store):
        triple = split_line(line)
        if triple[1] not in _DESCRIBING:
            yield triple


def _claims(store: ox.Store) -> Iterator[Claim]:
    for evidence in all_evidence(store):
        if not evidence.plain:
            yield Claim(
                (f"<{evidence.subject}>", f"<{evidence.predicate}>", object_term(evidence.object)),
                evidence.status,
                f"<{evidence.attributed_to}>" if evidence.attributed_to else "",
                evidence.modality,
                evidence.polarity,
            )


def _triple(triple: Triple, writer: TurtleWriter) -> str:
    return " ".join(map(writer.term, triple))


def _claim(claim: Claim, writer: TurtleWriter) -> str:
    marks = [word for word in (claim.modality, claim.polarity) if word not in ("Actual", "Positive")]
    if claim.status == "Claimed":
        marks.insert(0, f"Claimed by {writer.term(claim.attributed_to)}" if claim.attributed_to else "Claimed")
    return f"{_triple(claim.triple, writer)} ({', '.join(marks)})"


def _fields(triple: Triple) -> dict[str, str]:
    subject, predicate, value = triple
    found = {"subject": subject[1:-1], "predicate": predicate[1:-1]}
    if value.startswith("<"):
        return {**found, "object": value[1:-1]}
    text, datatype, _ = split_literal(value)
    return {**found, "literal": text, "datatype": datatype}


def _claim_fields(claim: Claim) -> dict[str, str | None]:
    return {
        **_fields(claim.triple),
        "status": claim.status,
        "attributedTo": claim.attributed_to[1:-1] or None,
        "modality": claim.modality,
        "polarity": claim.polarity,
    }
