"""A document of four sentences, its gold, and graphs of it written by hand: what the tests of the scores work on."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.evaluation import Scores, evaluate
from kg.evaluation.scores import DocumentScores

TEXT = (
    "Spain's Ana Ruiz met Bo Li in Rome on May 5, 2025. Li said China threatens peace. "
    "Ruiz hopes to visit Oslo. Ruiz, 41, did not sign the pact."
)


def fact(id: str, s: str, p: list[str], o: object, **more: object) -> dict[str, Any]:
    """A fact of the gold, plain and core unless told otherwise."""
    usual = {"status": "Asserted", "by": None, "modality": "Actual", "polarity": "Positive", "evidence": "x"}
    return {"id": id, "s": s, "p": p, "o": o, "core": True, **usual, **more}


def entity(id: str, names: list[str], *types: str, wikidata: str | None = None) -> dict[str, Any]:
    """An entity of the gold."""
    return {"id": id, "names": names, "type": list(types), "wikidata": wikidata}


_GOLD: dict[str, Any] = {
    "doc": "tiny",
    "title": "Tiny",
    "date": "2025-05-06",
    "entities": [
        entity("ruiz", ["Ana Ruiz", "Ruiz"], "Person"),
        entity("li", ["Bo Li", "Li"], "Person"),
        entity("spain", ["Spain"], "Country", wikidata="Q29"),
        entity("china", ["China", "Beijing"], "Country"),
        entity("peace", ["peace"], "Topic"),
        entity("oslo", ["Oslo"], "City"),
        entity("pact", ["the pact"], "Law"),
        entity("meeting", ["meeting"], "Event"),
    ],
    "facts": [
        fact("f1", "ruiz", ["meetsWith", "meet"], "li", time="2025-05-05"),
        fact("f2", "ruiz", ["citizenOf", "represents"], "spain", core=False),
        fact("f3", "china", ["threatens", "poseThreatTo"], "peace", status="Claimed", by="li"),
        fact("f4", "ruiz", ["visits"], "oslo", modality="Desired"),
        fact("f5", "ruiz", ["signs"], "pact", polarity="Negative"),
        fact("f6", "ruiz", ["age"], {"literal": "41"}),
        fact("f7", "meeting", ["occursOn"], {"literal": "2025-05-05", "also": ["May 5, 2025"]}),
    ],
    "must_not": [
        {"s": "china", "p": ["threatens"], "o": "peace", "why": "claim"},
        {"s": "ruiz", "p": ["signs"], "o": "pact", "why": "negated"},
    ],
}


def gold() -> dict[str, Any]:
    """A copy of the gold to change."""
    return copy.deepcopy(_GOLD)


def gold_fact(of: dict[str, Any], id: str) -> dict[str, Any]:
    """A fact of it."""
    return next(f for f in of["facts"] if f["id"] == id)


def gold_claimed(id: str) -> dict[str, Any]:
    """The gold, but the fact is only claimed by Li, and forbidden as a plain triple."""
    changed = gold()
    found = gold_fact(changed, id)
    found.update(status="Claimed", by="li")
    changed["must_not"].append({"s": found["s"], "p": found["p"][:1], "o": found["o"], "why": "claim"})
    return changed


HEAD = """@prefix kg: <https://kg.example.org/ontology#> . @prefix rel: <https://kg.example.org/relation/> .
@prefix ent: <https://kg.example.org/entity/> . @prefix st: <https://kg.example.org/statement/> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."""
TINY = "<https://kg.example.org/document/tiny>"
OTHER = "<https://kg.example.org/document/other>"
ENTITIES = """
ent:AnaRuiz a kg:Person ; rdfs:label "Ana Ruiz" ; skos:altLabel "Ruiz" .
ent:BoLi a kg:Person ; rdfs:label "Bo Li" ; skos:altLabel "Li" .
ent:Spain a kg:Country ; rdfs:label "Spain" ; owl:sameAs <http://www.wikidata.org/entity/Q29> .
ent:China a kg:Country ; rdfs:label "China" .
ent:Peace a kg:Topic ; rdfs:label "peace" .
ent:Oslo a kg:City ; rdfs:label "Oslo" .
ent:Pact a kg:Law ; rdfs:label "pact" .
ent:Meeting a kg:Event ; rdfs:label "meeting" .
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class St:
    """A statement of a graph in Turtle's words; `plain` puts its triple into the default graph."""

    s: str
    p: str
    o: str
    status: str = "Asserted"
    by: str | None = None
    modality: str = "Actual"
    polarity: str = "Positive"
    time: str | None = None
    evidence: str = "Ruiz"
    plain: bool = True
    confidence: float | None = None
    extractor: str | None = None


RIGHT = {
    "f1": St(s="ent:BoLi", p="kg:meetsWith", o="ent:AnaRuiz", time="2025-05-05", evidence="Ana Ruiz met Bo Li"),
    "f2": St(s="ent:AnaRuiz", p="kg:citizenOf", o="ent:Spain", evidence="Spain's Ana Ruiz"),
    "f3": St(s="ent:China", p="kg:threatens", o="ent:Peace", status="Claimed", by="ent:BoLi", plain=False),
    "f4": St(s="ent:AnaRuiz", p="kg:visits", o="ent:Oslo", modality="Desired", plain=False),
    "f5": St(s="ent:AnaRuiz", p="kg:signs", o="ent:Pact", polarity="Negative", plain=False),
    "f6": St(s="ent:AnaRuiz", p="kg:age", o="41", evidence="Ruiz, 41"),
    "f7": St(s="ent:Meeting", p="kg:occursOn", o='"2025-05-05"^^xsd:date', evidence="May 5, 2025"),
}
"""The statements of a perfect graph, by the fact they state."""


def but(without: str = "", **changes: dict[str, Any]) -> list[St]:
    """The perfect statements without some, and with fields of others changed: `but("f2", f3={"plain": True})`."""
    return [replace(st, **changes.get(id, {})) for id, st in RIGHT.items() if id not in without.split()]


def document(
    statements: list[St], doc: str = TINY, *, source: str | None = None, text: str = TEXT, graph: str | None = None
) -> tuple[list[str], list[str]]:
    """Plain triples for the default graph, and the lines of the document's own graph."""
    name = doc[1:-1].rsplit("/", 1)[-1]
    described = f'dcterms:source "in/{name}.txt" ;' if source is None else source
    plain: list[str] = []
    lines = [f"{graph or doc} {{", f"{doc} a kg:Document ; {described} nif:isString {json.dumps(text)} ."]
    for number, st in enumerate(statements):
        if st.plain:
            plain.append(f"{st.s} {st.p} {st.o} .")
        begin = text.find(st.evidence)
        end = begin + len(st.evidence)
        span = f"{doc[:-1]}#char={begin},{end}>"
        parts = [f"st:s{number} a kg:Statement ; rdf:subject {st.s} ; rdf:predicate {st.p} ; rdf:object {st.o}"]
        parts.append(f"kg:status kg:{st.status} ; kg:modality kg:{st.modality} ; kg:polarity kg:{st.polarity}")
        parts += [f"kg:attributedTo {st.by}"] if st.by else []
        parts += [f'kg:time "{st.time}"^^xsd:date'] if st.time else []
        parts += [f"kg:confidence {st.confidence}"] if st.confidence is not None else []
        parts += [f'kg:extractor "{st.extractor}"'] if st.extractor else []
        lines.append(" ; ".join([*parts, f"prov:wasDerivedFrom {span} ."]))
        quote = json.dumps(st.evidence)
        lines.append(f"{span} nif:anchorOf {quote} ; nif:beginIndex {begin} ; nif:endIndex {end} .")
    return plain, [*lines, "}"]


def trig(
    statements: list[St],
    entities: str = ENTITIES,
    extra: str = "",
    *,
    doc: str = TINY,
    source: str | None = None,
    text: str = TEXT,
    graph: str | None = None,
) -> str:
    """The graph of one document."""
    plain, lines = document(statements, doc, source=source, text=text, graph=graph)
    return "\n".join([HEAD, entities, extra, *plain, *lines]) + "\n"


@dataclass(frozen=True, slots=True)
class Bench:
    """A folder with gold, texts and a graph, to be scored."""

    folder: Path

    def put(self, name: str, of: dict[str, Any]) -> None:
        """Adds a document's gold and text."""
        for part in ("gold", "texts"):
            (self.folder / part).mkdir(exist_ok=True)
        (self.folder / "gold" / f"{name}.json").write_text(json.dumps({**of, "doc": name}), encoding="utf-8")
        (self.folder / "texts" / f"{name}.txt").write_text(TEXT, encoding="utf-8")

    def score(self, graph: str, judged: list[Path] | None = None) -> Scores:
        """Scores a graph in TriG."""
        path = self.folder / "graph.trig"
        path.write_text(graph, encoding="utf-8")
        return evaluate(self.folder / "gold", path, judged=judged or [])

    def one(
        self, statements: list[St], of: dict[str, Any] | None = None, judged: list[Path] | None = None, **graph: Any
    ) -> tuple[dict[str, Any], DocumentScores]:
        """Scores of one document: its measures and all of it."""
        self.put("tiny", of or gold())
        scores = self.score(trig(statements, **graph), judged)
        return scores.micro, scores.documents[0]

    def two(
        self,
        tiny: list[St],
        other: list[St],
        *,
        of_tiny: dict[str, Any] | None = None,
        of_other: dict[str, Any] | None = None,
        entities: str = ENTITIES,
        extra: str = "",
    ) -> tuple[Scores, DocumentScores, DocumentScores]:
        """Scores of two documents of the same text, whose statements have the same IRIs."""
        self.put("tiny", of_tiny or gold())
        self.put("other", of_other or gold())
        plain, lines = document(tiny)
        more_plain, more_lines = document(other, OTHER)
        both = dict.fromkeys(plain + more_plain)
        scores = self.score("\n".join([HEAD, entities, extra, *both, *lines, *more_lines]))
        of = {document.gold.id: document for document in scores.documents}
        return scores, of["tiny"], of["other"]
