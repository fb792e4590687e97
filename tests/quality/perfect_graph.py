"""Gold → the graph that a perfect system would build of it, as TriG; it must score 100 %.

Persons, organizations and places of one name and kind are one entity over all documents.
"""

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

from kg.vocabulary import DCTERMS, KG, NIF, OWL, PROV, RDF, RDFS, RELATIONS, SKOS, SYMMETRIC, WIKIDATA, XSD, Minter

MINTER = Minter()
MERGED = {
    "Person": "Person",
    "Organization": "Organization",
    "GovernmentOrganization": "Organization",
    "Country": "Country",
    "City": "City",
    "Region": "Region",
}
PLAIN = ("Asserted", "Actual", "Positive")
DATES = {10: XSD.date, 7: XSD.gYearMonth, 4: XSD.gYear}


def perfect_graph(folder: Path, *, claims_as_facts: bool = False) -> str:
    """The graph of all gold in `folder/gold` with the texts in `folder/texts`."""
    writer = _Writer(claims_as_facts)
    for path in sorted((folder / "gold").glob("*.json")):
        text = (folder / "texts" / f"{path.stem}.txt").read_bytes().decode("utf-8")
        writer.document(json.loads(path.read_text(encoding="utf-8")), text)
    return "\n".join([*writer.default, *writer.graphs]) + "\n"


class _Writer:
    def __init__(self, claims_as_facts: bool) -> None:
        self.claims_as_facts = claims_as_facts
        self.default: dict[str, None] = {}  # lines in order, each once
        self.graphs: list[str] = []
        self.kinds: dict[str, str | None] = {}  # entity IRI → kind, so that two kinds of one name stay apart
        self.labels: dict[str, str] = {}

    def document(self, gold: dict[str, Any], text: str) -> None:
        document = f"<{MINTER.document_iri(gold['doc'])}>"
        entities = self._entities(gold, document)
        self.graphs += [
            f"{document} {{",
            f"{document} a <{KG.Document}> ; <{DCTERMS.source}> {quoted('texts/' + gold['doc'] + '.txt')} .",
            f"{document} <{NIF.isString}> {quoted(text)} .",
        ]
        for fact in gold["facts"]:
            self._fact(gold["doc"], document, entities, fact, text)
        self.graphs.append("}")

    def _add(self, subject: str, predicate: str, *objects: str) -> None:
        self.default.update((f"{subject} <{predicate}> {object_} .", None) for object_ in objects)

    def _entities(self, gold: dict[str, Any], document: str) -> dict[str, str]:
        found = {"@doc": document}
        for entity in gold["entities"]:
            if entity["id"] == "@doc":
                continue
            name, kind = entity["names"][0], MERGED.get(entity["type"][0])
            base = MINTER.entity + ascii_name(name) + ("" if kind and name[0].isupper() else f"_{gold['doc']}")
            iri, number = f"<{base}>", 1
            while iri in found.values() or self.kinds.get(iri, kind) != kind:
                number += 1
                iri = f"<{base}_{number}>"
            found[entity["id"]], self.kinds[iri] = iri, kind
            label = self.labels.setdefault(iri, name)
            self._add(iri, RDF.type, f"<{KG[entity['type'][0]]}>")
            self._add(iri, KG.mentionedIn, document)
            self._add(iri, RDFS.label, quoted(label))
            self._add(iri, SKOS.altLabel, *(quoted(other) for other in entity["names"] if other != label))
            if entity["wikidata"]:
                self._add(iri, OWL.sameAs, f"<{WIKIDATA}{entity['wikidata']}>")
        return found

    def _fact(self, name: str, document: str, entities: dict[str, str], fact: dict[str, Any], text: str) -> None:
        best = fact["p"][0]
        predicate = KG[best] if best in RELATIONS else MINTER.relation + best
        subject, object_ = entities[fact["s"]], fact["o"]
        shown = literal(object_["literal"]) if isinstance(object_, dict) else entities[object_]
        if self.claims_as_facts or (fact["status"], fact["modality"], fact["polarity"]) == PLAIN:
            self._add(subject, predicate, shown)
            if best in SYMMETRIC:
                self._add(shown, predicate, subject)
        begin = text.index(fact["evidence"])
        end = begin + len(fact["evidence"])
        span = f"<{MINTER.span_iri(document[1:-1], begin, end)}>"
        parts = [
            f"<{MINTER.statement}{name}-{fact['id']}> a <{KG.Statement}> ; <{RDF.subject}> {subject}",
            f"<{RDF.predicate}> <{predicate}> ; <{RDF.object}> {shown} ; <{KG.confidence}> 1.0",
            *(f"<{KG[part]}> <{KG[fact[part]]}>" for part in ("status", "modality", "polarity")),
            *([f"<{KG.attributedTo}> {entities[fact['by']]}"] if fact["by"] else []),
            *([f"<{KG.time}> {literal(fact['time'])}"] if fact.get("time") else []),
            f"<{PROV.wasDerivedFrom}> {span} .",
        ]
        self.graphs.append(" ; ".join(parts))
        self.graphs.append(f"{span} <{NIF.anchorOf}> {quoted(fact['evidence'])} ; <{NIF.beginIndex}> {begin} .")
        self.graphs.append(f"{span} <{NIF.endIndex}> {end} .")


def quoted(text: str) -> str:
    """A string in Turtle."""
    return json.dumps(text, ensure_ascii=False)


def literal(value: str) -> str:
    """A date, number or string in Turtle."""
    if re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value):
        return f"{quoted(value)}^^<{DATES[len(value)]}>"
    return f"{quoted(value)}^^<{XSD.integer}>" if re.fullmatch(r"\d+", value) else quoted(value)


def ascii_name(name: str) -> str:
    """Letters and digits of a name without accents, in PascalCase."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", plain)) or "X"
