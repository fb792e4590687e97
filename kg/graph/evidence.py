"""Statements read back from a store, each with its sentence and its document: what explanations and tables need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pyoxigraph as ox

from kg.graph.terms import split_literal
from kg.graph.turtle import named_graphs, split_line, triple_lines
from kg.model import LiteralValue
from kg.vocabulary import DCTERMS, KG, NIF, PROV, RDF, RDFS

Properties = Mapping[str, list[str]]
"""Predicate IRI → objects in N-Triples syntax, of one subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One statement node: the triple, who vouches for it, and the sentence `begin`..`end` (code points) of a document.

    `status`, `modality`, `polarity` are local names (`Claimed`). `source` is the document's path or URL.
    """

    statement: str
    subject: str
    predicate: str
    object: str | LiteralValue
    status: str
    attributed_to: str | None
    modality: str
    polarity: str
    time: str | None
    start_time: str | None
    end_time: str | None
    place: str | None
    confidence: Decimal
    extractor: str
    document: str
    source: str
    title: str | None
    issued: str | None
    begin: int
    end: int
    sentence: str

    @property
    def plain(self) -> bool:
        """Whether it makes its triple a fact."""
        return (self.status, self.modality, self.polarity) == ("Asserted", "Actual", "Positive")


def all_evidence(store: ox.Store) -> Iterator[Evidence]:
    """Every statement of a store: documents in the order of their IRIs, statements in the order of the text."""
    for graph in named_graphs(store):
        subjects: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for line in triple_lines(store, graph):
            subject, predicate, value = split_line(line)
            subjects[subject][predicate[1:-1]].append(value)
        kind = f"<{KG.Statement}>"
        found = [
            _evidence(subject[1:-1], properties, subjects[_one(properties, PROV.wasDerivedFrom)], graph, subjects)
            for subject, properties in list(subjects.items())
            if kind in properties.get(RDF.type, ())
        ]
        yield from sorted(found, key=lambda evidence: (evidence.begin, evidence.end, evidence.statement))


def evidence_of(store: ox.Store, statement: ox.NamedNode, graph: ox.NamedNode) -> Evidence:
    """One statement of a document's graph."""
    properties = _properties(store, statement, graph)
    span = _one(properties, PROV.wasDerivedFrom)
    described = {f"<{graph.value}>": _properties(store, graph, graph)}
    return _evidence(statement.value, properties, _properties(store, ox.NamedNode(span[1:-1]), graph), graph, described)


def labels(store: ox.Store) -> dict[str, str]:
    """IRI → label of every entity and open relation of the default graph, and of the terms of the ontology."""
    found: dict[str, str] = {}
    for quad in store.quads_for_pattern(None, ox.NamedNode(RDFS.label), None, None):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
            in_default = isinstance(quad.graph_name, ox.DefaultGraph)
            if in_default or quad.subject.value not in found:
                found[quad.subject.value] = quad.object.value
    return found


def _properties(store: ox.Store, subject: ox.NamedNode, graph: ox.NamedNode) -> dict[str, list[str]]:
    properties: dict[str, list[str]] = defaultdict(list)
    for quad in store.quads_for_pattern(subject, None, None, graph):
        properties[quad.predicate.value].append(str(quad.object))
    return properties


def _evidence(
    statement: str,
    properties: Properties,
    span: Properties,
    graph: ox.NamedNode,
    subjects: Mapping[str, Properties],
) -> Evidence:
    document = subjects.get(f"<{graph.value}>", {})
    value = _one(properties, RDF.object)
    return Evidence(
        statement=statement,
        subject=_one(properties, RDF.subject)[1:-1],
        predicate=_one(properties, RDF.predicate)[1:-1],
        object=value[1:-1] if value.startswith("<") else _literal(value),
        status=_local(properties, KG.status),
        attributed_to=_iri(properties, KG.attributedTo),
        modality=_local(properties, KG.modality),
        polarity=_local(properties, KG.polarity),
        time=_text(properties, KG.time),
        start_time=_text(properties, KG.startTime),
        end_time=_text(properties, KG.endTime),
        place=_iri(properties, KG.place),
        confidence=Decimal(_text(properties, KG.confidence) or 0),
        extractor=_text(properties, KG.extractor) or "",
        document=graph.value,
        source=_text(document, DCTERMS.source) or graph.value,
        title=_text(document, DCTERMS.title),
        issued=_text(document, DCTERMS.issued),
        begin=int(_text(span, NIF.beginIndex) or 0),
        end=int(_text(span, NIF.endIndex) or 0),
        sentence=_text(span, NIF.anchorOf) or "",
    )


def _literal(term: str) -> LiteralValue:
    value, datatype, _ = split_literal(term)
    return LiteralValue(value=value, datatype=datatype)


def _one(properties: Properties, predicate: str) -> str:
    return min(properties.get(predicate, ("<>",)))


def _iri(properties: Properties, predicate: str) -> str | None:
    return _one(properties, predicate)[1:-1] or None


def _local(properties: Properties, predicate: str) -> str:
    return _one(properties, predicate)[1:-1].rpartition("#")[2]


def _text(properties: Properties, predicate: str) -> str | None:
    values = properties.get(predicate)
    return split_literal(min(values))[0] if values else None
