"""RDF of ontologies → what they declare of classes and properties: names, parents, domains and ranges, counterparts.

Reads RDFS, OWL (unions too), SKOS labels and matches, and schema.org's `domainIncludes`; nothing is interpreted here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.vocabulary import DCTERMS, NIF, OWL, PROV, RDF, RDFS, SKOS, XSD

_SCHEMA = "https://schema.org/"
_SHACL = "http://www.w3.org/ns/shacl#"
_PROPERTY_TYPES = frozenset(
    {RDF.Property, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.SymmetricProperty,
     OWL.iri + "FunctionalProperty", OWL.iri + "InverseFunctionalProperty", OWL.iri + "TransitiveProperty",
     OWL.iri + "IrreflexiveProperty", OWL.iri + "AsymmetricProperty", "http://wikiba.se/ontology#Property"}
)  # fmt: skip
_CLASS_TYPES = frozenset({OWL.Class, RDFS.Class})
_DOMAIN = (RDFS.domain, _SCHEMA + "domainIncludes", "http://schema.org/domainIncludes")
_RANGE = (RDFS.range, _SCHEMA + "rangeIncludes", "http://schema.org/rangeIncludes")
_CLOSED = (RDF.iri, RDFS.iri, OWL.iri, XSD.iri, NIF.iri, PROV.iri, _SHACL)
_LABELS = (RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.iri + "hiddenLabel")
_SAME = (OWL.iri + "equivalentProperty", OWL.iri + "equivalentClass", SKOS.exactMatch, SKOS.closeMatch, OWL.sameAs)
_NARROWER = (SKOS.iri + "broadMatch",)
_WIKIDATA = re.compile(r"https?://www\.wikidata\.org/(?:entity|wiki|prop/direct|prop)/(?:Property:)?([PQ]\d+)$")
_IDENTIFIER = re.compile(r"[A-Za-z]{0,3}[_-]?\d+$")
LITERAL = RDFS.iri + "Literal"
_DATATYPES = {"Date": XSD.date, "DateTime": XSD.dateTime, "Text": XSD.string, "Number": XSD.decimal,
              "Integer": XSD.integer, "Boolean": XSD.boolean}  # fmt: skip
"""Local names of schema.org's datatypes → ours."""


@dataclass(slots=True)
class Declared:
    """A class or property as the files declare it. All but `names` are sets of IRIs, in files' order.

    `types` are given by RDFS alone (`rdfs:domain` and `rdfs:range` of one class each), `domain` and `range` by all.
    """

    iri: str
    names: list[str] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    inverse: list[str] = field(default_factory=list)
    domain: list[str] = field(default_factory=list)
    range: list[str] = field(default_factory=list)
    domain_type: str | None = None
    range_type: str | None = None
    symmetric: bool = False


@dataclass(slots=True)
class Declarations:
    """Classes and properties by IRI, in the order in which the files name them."""

    classes: dict[str, Declared] = field(default_factory=dict)
    properties: dict[str, Declared] = field(default_factory=dict)


def canonical(iri: str) -> str:
    """One IRI for all ways to write it: schema.org with https, a Wikidata property or item by its number."""
    wikidata = _WIKIDATA.match(iri)
    if wikidata:
        return "wikidata:" + wikidata.group(1)
    return _SCHEMA + iri.removeprefix("http://schema.org/") if iri.startswith("http://schema.org/") else iri


def local_part(iri: str) -> str:
    """What follows the last `#`, `/` or `:` of an IRI."""
    return re.split(r"[#/:]", iri)[-1]


class _Graph:
    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.terms: dict[object, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]] = {}
        for quad in quads:
            predicates = self.terms.setdefault(quad.subject, {})
            predicates.setdefault(quad.predicate.value, []).append(quad.object)  # type: ignore[arg-type]

    def iris(self, subject: object, *predicates: str) -> Iterator[str]:
        """Objects that are IRIs, and the members of unions among them."""
        for predicate in predicates:
            for value in self.terms.get(subject, {}).get(predicate, ()):
                yield from self._members(value)

    def _members(self, value: object) -> Iterator[str]:
        if isinstance(value, ox.NamedNode):
            yield value.value
        elif isinstance(value, ox.BlankNode):
            for union in self.terms.get(value, {}).get(OWL.iri + "unionOf", ()):
                node: object = union
                while RDF.first in self.terms.get(node, {}):
                    yield from self._members(self.terms[node][RDF.first][0])
                    node = self.terms[node][RDF.rest][0]

    def names(self, subject: object) -> list[str]:
        """Labels in English or in no language."""
        return [
            value.value
            for predicate in _LABELS
            for value in self.terms.get(subject, {}).get(predicate, ())
            if isinstance(value, ox.Literal) and (value.language or "en").lower().split("-")[0] == "en"
        ]


def read_declarations(quads: Iterable[ox.Quad]) -> Declarations:
    """What the quads declare. Annotation properties and terms of RDF, OWL, SHACL and the like are left out."""
    graph = _Graph(quads)
    result = Declarations()
    for subject, predicates in graph.terms.items():
        types = set(graph.iris(subject, RDF.type))
        inverse = list(graph.iris(subject, OWL.iri + "inverseOf"))
        if isinstance(subject, ox.BlankNode):
            if inverse and graph.names(subject):
                iri = f"_:{subject.value}"
                result.properties[iri] = _declared(graph, subject, iri)
            continue
        if not isinstance(subject, ox.NamedNode) or subject.value.startswith(_CLOSED):
            continue
        describes = OWL.AnnotationProperty in types or subject.value.startswith((SKOS.iri, DCTERMS.iri))
        told = predicates.keys() & {*_DOMAIN, *_RANGE, RDFS.subPropertyOf, OWL.iri + "inverseOf", _SAME[0]}
        if (types & _PROPERTY_TYPES or told) and not describes:
            result.properties[subject.value] = _declared(graph, subject, subject.value)
        elif types & _CLASS_TYPES or RDFS.subClassOf in predicates:
            result.classes[subject.value] = _declared(graph, subject, subject.value)
    for declared in list(result.properties.values()):
        for iri in (*declared.domain, *declared.range):
            if not iri.startswith(_CLOSED) and iri not in result.classes:
                result.classes[iri] = _declared(graph, ox.NamedNode(iri), iri)
    return result


def _declared(graph: _Graph, subject: ox.NamedNode | ox.BlankNode, iri: str) -> Declared:
    names = graph.names(subject)
    local = local_part(iri)
    if not isinstance(subject, ox.BlankNode) and not _IDENTIFIER.fullmatch(local):
        names.append(local)
    domains, ranges = (
        [value for value in graph.iris(subject, predicate) if not value.startswith((RDF.iri, OWL.iri))]
        for predicate in (RDFS.domain, RDFS.range)
    )
    return Declared(
        iri,
        names=list(dict.fromkeys(names)),
        parents=list(graph.iris(subject, RDFS.subClassOf, RDFS.subPropertyOf, *_NARROWER)),
        same=list(graph.iris(subject, *_SAME)),
        inverse=list(graph.iris(subject, OWL.iri + "inverseOf")),
        domain=[iri for iri in graph.iris(subject, *_DOMAIN) if not iri.startswith((RDF.iri, OWL.iri))],
        range=[_datatype(iri) for iri in graph.iris(subject, *_RANGE) if not iri.startswith((RDF.iri, OWL.iri))],
        domain_type=domains[0] if len(domains) == 1 else None,
        range_type=ranges[0] if len(ranges) == 1 and not ranges[0].startswith(_CLOSED) else None,
        symmetric=OWL.SymmetricProperty in set(graph.iris(subject, RDF.type)),
    )


def _datatype(iri: str) -> str:
    """The XSD datatype of one of schema.org; other IRIs stay."""
    return _DATATYPES.get(canonical(iri).removeprefix(_SCHEMA), iri)
