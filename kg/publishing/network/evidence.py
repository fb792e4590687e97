"""Relations → edges with every sentence behind them: each statement's manner, source, time, place and confidence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.model import Modality, Polarity, Status
from kg.publishing.network.description import Descriptions
from kg.publishing.network.relations import Relations, Triple
from kg.publishing.network.values import Evidence, NetworkEdge
from kg.vocabulary import DCTERMS, KG, NIF, ONTOLOGY_IRI, PROV

Manner = tuple[Status, Modality, Polarity]
PLAIN: Manner = (Status.ASSERTED, Modality.ACTUAL, Polarity.POSITIVE)


def edges_of(
    store: ox.Store, triples: Iterable[Triple], relations: Relations, descriptions: Descriptions
) -> Iterator[NetworkEdge]:
    sources: dict[str, str | None] = {}
    for triple in triples:
        subject, predicate, obj = triple
        manners: dict[Manner, list[Evidence]] = defaultdict(list)
        for graph, statement in sorted(relations.statements.get(triple, ())):
            if graph not in sources:
                sources[graph] = values_of(store, graph, graph).get(DCTERMS.source)
            manner, evidence = _statement(store, graph, statement, descriptions, sources[graph])
            manners[manner].append(evidence)
        if triple in relations.facts:
            manners.setdefault(PLAIN, [])
        for (status, modality, polarity), evidences in sorted(manners.items()):
            literal = obj if isinstance(obj, ox.Literal) else None
            yield NetworkEdge(
                source=subject,
                property=predicate,
                label=descriptions.name(predicate),
                target=None if literal is not None else obj.value,
                value=literal.value if literal is not None else None,
                datatype=literal.datatype.value if literal is not None else None,
                status=status,
                modality=modality,
                polarity=polarity,
                evidence=tuple(sorted(evidences, key=lambda e: (e.document, e.begin, e.end, e.statement))),
            )


def _statement(
    store: ox.Store, graph: str, iri: str, descriptions: Descriptions, source: str | None
) -> tuple[Manner, Evidence]:
    values = values_of(store, iri, graph)
    span = values.get(PROV.wasDerivedFrom, "")
    place = values_of(store, span, graph) if span else {}
    position = re.search(r"#char=(\d+),(\d+)$", span)
    begin, end = position.groups() if position else ("0", "0")
    said_by = values.get(KG.attributedTo)
    where = values.get(KG.place)
    manner = (
        Status(_local(values.get(KG.status, KG.Asserted))),
        Modality(_local(values.get(KG.modality, KG.Actual))),
        Polarity(_local(values.get(KG.polarity, KG.Positive))),
    )
    return manner, Evidence(
        statement=iri,
        document=graph,
        begin=int(place.get(NIF.beginIndex, begin)),
        end=int(place.get(NIF.endIndex, end)),
        sentence=place.get(NIF.anchorOf, ""),
        source=source,
        attributed_to=said_by,
        attributed_label=descriptions.name(said_by) if said_by else None,
        confidence=float(values[KG.confidence]) if KG.confidence in values else None,
        time=values.get(KG.time),
        start_time=values.get(KG.startTime),
        end_time=values.get(KG.endTime),
        place=descriptions.name(where) if where else None,
        extractor=values.get(KG.extractor),
    )


def values_of(store: ox.Store, subject: str, graph: str) -> dict[str, str]:
    """Predicate → value of a node in a graph; of several values the first in order."""
    found: dict[str, str] = {}
    for quad in store.quads_for_pattern(ox.NamedNode(subject), None, None, ox.NamedNode(graph)):
        if isinstance(quad.object, ox.NamedNode | ox.Literal):
            value = quad.object.value
            found[quad.predicate.value] = min(value, found.get(quad.predicate.value, value))
    return found


def _local(iri: str) -> str:
    return iri.removeprefix(ONTOLOGY_IRI)
