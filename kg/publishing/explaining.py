"""An entity or a triple → every statement behind it, with its sentence; of a claim, why it is no fact."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

import pyoxigraph as ox

from kg.errors import QueryError
from kg.graph.evidence import Evidence, evidence_of
from kg.graph.naming import Names
from kg.graph.terms import literal_term
from kg.model import LiteralValue
from kg.vocabulary import KG, RDF, SYMMETRIC

_SYMMETRIC = frozenset(KG[name] for name in SYMMETRIC)
_HOW = {
    "Planned": "planned",
    "Desired": "wished for",
    "Obliged": "called for",
    "Possible": "possible only",
    "Hypothetical": "told under a condition",
}


@dataclass(frozen=True, slots=True)
class ExplainedTriple:
    """One triple and its statements, those that make it a fact first. `why_no_fact` is empty of a fact."""

    subject: str
    predicate: str
    object: str | LiteralValue
    evidence: tuple[Evidence, ...]
    why_no_fact: tuple[str, ...]

    @property
    def plain(self) -> bool:
        """Whether it is a fact."""
        return not self.why_no_fact


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was asked for, as the graph knows it, and its triples: facts first."""

    about: str
    triples: tuple[ExplainedTriple, ...]
    names: Names

    def __str__(self) -> str:
        return self.to_text()

    def to_text(self) -> str:
        """Every triple with its sentences, for a terminal."""
        return _text(self.about, self.triples, self.names)

    def to_json(self) -> str:
        """One object: `about`, and `triples` with their `evidence`; IRIs are full, absent values null."""
        triples = [
            {
                "subject": triple.subject,
                "predicate": triple.predicate,
                "object": _json_object(triple.object),
                "fact": triple.plain,
                "why_no_fact": list(triple.why_no_fact),
                "evidence": [_json_evidence(evidence) for evidence in triple.evidence],
            }
            for triple in self.triples
        ]
        return json.dumps({"about": self.about, "triples": triples}, ensure_ascii=False, indent=1) + "\n"


def explain(store: ox.Store, asked: str) -> Explanation:
    """Explains an entity (IRI, prefixed name, or label) or a triple 'S P O'.

    Raises `QueryError` when nothing, or more than one thing, has the name.
    """
    names = Names(store)
    try:
        iri, problem = names.entity(asked), None
    except QueryError as error:
        iri, problem = None, error
    if iri is not None:
        found = _statements(store, _mentions(store, iri))
        about = f"{names.label(iri)} ({names.short(iri)})"
    else:
        triple = names.triple(asked)
        if triple is None:
            raise problem or QueryError(f"{asked}: nothing in the graph has this name")
        found = _statements(store, _supports(store, *triple))
        about = " ".join(_name(names, term) for term in triple)
    return Explanation(about, _triples(found, names), names)


def _mentions(store: ox.Store, iri: str) -> Iterator[ox.Quad]:
    node = ox.NamedNode(iri)
    for property_ in (RDF.subject, RDF.object, KG.attributedTo, KG.place):
        yield from store.quads_for_pattern(None, ox.NamedNode(property_), node, None)


def _supports(store: ox.Store, subject: str, predicate: str, value: str | ox.Literal) -> Iterator[ox.Quad]:
    term = ox.NamedNode(value) if isinstance(value, str) else value
    yield from _matching(store, ox.NamedNode(subject), predicate, term)
    if predicate in _SYMMETRIC and isinstance(term, ox.NamedNode):
        yield from _matching(store, term, predicate, ox.NamedNode(subject))


def _matching(
    store: ox.Store, subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal
) -> Iterator[ox.Quad]:
    for quad in store.quads_for_pattern(None, ox.NamedNode(RDF.subject), subject, None):
        wanted = ((RDF.predicate, ox.NamedNode(predicate)), (RDF.object, value))
        if all(ox.Quad(quad.subject, ox.NamedNode(p), o, quad.graph_name) in store for p, o in wanted):
            yield quad


def _statements(store: ox.Store, quads: Iterable[ox.Quad]) -> list[Evidence]:
    nodes = {
        (quad.graph_name.value, quad.subject.value)
        for quad in quads
        if isinstance(quad.graph_name, ox.NamedNode) and isinstance(quad.subject, ox.NamedNode)
    }
    return [evidence_of(store, ox.NamedNode(node), ox.NamedNode(graph)) for graph, node in sorted(nodes)]


def _triples(found: Iterable[Evidence], names: Names) -> tuple[ExplainedTriple, ...]:
    groups: dict[tuple[str, str, str], list[Evidence]] = defaultdict(list)
    for evidence in found:
        value = evidence.object
        term = value if isinstance(value, str) else literal_term(value.value, value.datatype)
        groups[evidence.subject, evidence.predicate, term].append(evidence)
    triples = [_explained(group, names) for _, group in sorted(groups.items())]
    return tuple(sorted(triples, key=lambda triple: not triple.plain))


def _explained(group: list[Evidence], names: Names) -> ExplainedTriple:
    group.sort(key=lambda evidence: (not evidence.plain, evidence.source, evidence.begin, evidence.statement))
    reasons = () if group[0].plain else tuple(dict.fromkeys(_reason(evidence, names) for evidence in group))
    first = group[0]
    return ExplainedTriple(first.subject, first.predicate, first.object, tuple(group), reasons)


def _reason(evidence: Evidence, names: Names) -> str:
    parts = []
    if evidence.status == "Claimed":
        source = "somebody unnamed" if evidence.attributed_to is None else names.label(evidence.attributed_to)
        parts.append(f"claimed by {source}")
    if evidence.modality in _HOW:
        parts.append(_HOW[evidence.modality])
    if evidence.polarity == "Negative":
        parts.append("denied")
    return ", ".join(parts)


def _text(about: str, triples: tuple[ExplainedTriple, ...], names: Names) -> str:
    facts = sum(triple.plain for triple in triples)
    lines = [f"{about}: {facts} facts, {len(triples) - facts} other triples" if triples else f"{about}: nobody says so"]
    for triple in triples:
        spoken = " ".join(_name(names, term) for term in (triple.subject, triple.predicate, triple.object))
        lines += ["", f"{'fact' if triple.plain else 'no fact'}: {spoken}"]
        if not triple.plain:
            lines.append(f"  why: {'; '.join(triple.why_no_fact)}")
        for evidence in triple.evidence:
            lines.append(f'  "{" ".join(evidence.sentence.split())}"')
            lines.append(f"    {', '.join(_particulars(evidence, names))}")
    return "\n".join(lines) + "\n"


def _json_object(value: str | LiteralValue) -> str | dict[str, str]:
    return value if isinstance(value, str) else {"literal": value.value, "datatype": value.datatype}


def _json_evidence(evidence: Evidence) -> dict[str, object]:
    values = asdict(evidence)
    for part in ("subject", "predicate", "object"):
        del values[part]
    return {**values, "confidence": float(evidence.confidence)}


def _particulars(evidence: Evidence, names: Names) -> Iterator[str]:
    yield f"{evidence.source} {evidence.begin}-{evidence.end}"
    if not evidence.plain:
        yield _reason(evidence, names)
    if evidence.time:
        yield f"on {evidence.time}"
    if evidence.start_time or evidence.end_time:
        yield f"from {evidence.start_time or '?'} to {evidence.end_time or '?'}"
    if evidence.place:
        yield f"at {names.label(evidence.place)}"
    yield f"confidence {evidence.confidence:.2f}"
    yield evidence.extractor


def _name(names: Names, term: str | LiteralValue | ox.Literal) -> str:
    return names.short(term) if isinstance(term, str) else f'"{term.value}"'
