"""What a service says of itself: SPARQL 1.1 Service Description, and VoID of the graph behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pyoxigraph as ox

from kg.serving.negotiation import GRAPH_TYPES, RESULT_TYPES
from kg.serving.opened import Opened
from kg.vocabulary import DCTERMS, KG, RDF, XSD

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_FORMAT_NAMES = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "rdfxml": "RDF_XML",
    "jsonld": "JSON-LD",
    "trig": "TriG",
    "nquads": "N-Quads",
}
PREFIXES = {"sd": _SD, "void": _VOID, "formats": _FORMATS}

Term = ox.NamedNode | ox.BlankNode | ox.Literal


def service_description(opened: Opened, address: str, *, writable: bool) -> Iterator[ox.Triple]:
    """The service at `address` (`http://host:port/`), its languages, formats and dataset."""
    service, dataset = ox.NamedNode(f"{address}sparql"), ox.NamedNode(f"{address}.well-known/void")
    yield _triple(service, RDF.type, _sd("Service"))
    yield _triple(service, _SD + "endpoint", service)
    yield _triple(service, _SD + "supportedLanguage", _sd("SPARQL11Query"))
    if writable:
        yield _triple(service, _SD + "supportedLanguage", _sd("SPARQL11Update"))
    for name in {**RESULT_TYPES, **GRAPH_TYPES}:
        yield _triple(service, _SD + "resultFormat", ox.NamedNode(_FORMATS + _FORMAT_NAMES[name]))
    for name in GRAPH_TYPES if writable else ():
        yield _triple(service, _SD + "inputFormat", ox.NamedNode(_FORMATS + _FORMAT_NAMES[name]))
    yield _triple(service, _SD + "defaultDataset", dataset)
    yield _triple(dataset, RDF.type, _sd("Dataset"))
    yield from void(opened, address)


def void(opened: Opened, address: str) -> Iterator[ox.Triple]:
    """The graph in numbers: its facts by property, its entities by class, its documents."""
    dataset = ox.NamedNode(f"{address}.well-known/void")
    properties: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    for quad in opened.store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        properties[quad.predicate.value] += 1
        if quad.predicate.value == RDF.type and isinstance(quad.object, ox.NamedNode):
            classes[quad.object.value] += 1
    documents = sum(
        1 for _ in opened.store.quads_for_pattern(None, ox.NamedNode(RDF.type), ox.NamedNode(KG.Document), None)
    )
    yield _triple(dataset, RDF.type, ox.NamedNode(_VOID + "Dataset"))
    yield _triple(dataset, DCTERMS.title, ox.Literal("Knowledge graph"))
    yield _triple(dataset, _VOID + "sparqlEndpoint", ox.NamedNode(f"{address}sparql"))
    yield _triple(dataset, _VOID + "uriSpace", ox.Literal(opened.minter.base))
    yield _triple(dataset, _VOID + "triples", _number(properties.total()))
    yield _triple(dataset, _VOID + "documents", _number(documents))
    yield from _partitions(dataset, "property", properties, "triples")
    yield from _partitions(dataset, "class", classes, "entities")


def _partitions(dataset: ox.NamedNode, kind: str, counts: Counter[str], unit: str) -> Iterator[ox.Triple]:
    for number, (iri, count) in enumerate(sorted(counts.items())):
        part = ox.BlankNode(f"{kind}{number}")
        yield _triple(dataset, f"{_VOID}{kind}Partition", part)
        yield _triple(part, _VOID + kind, ox.NamedNode(iri))
        yield _triple(part, _VOID + unit, _number(count))


def _triple(subject: ox.NamedNode | ox.BlankNode, predicate: str, value: Term) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), value)


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)


def _number(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD.integer))
