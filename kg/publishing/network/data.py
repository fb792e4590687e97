"""Store → `NetworkData`: the relations to show, what is behind them, and where everything stands.

Reads facts from the default graph and statements from the document graphs. Of a large store only the shape is read
in full; labels, sentences and texts are looked up for what is kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import QueryError
from kg.model import Modality, Polarity, Status
from kg.publishing.network import centrality
from kg.publishing.network.description import Descriptions
from kg.publishing.network.layout import layout
from kg.publishing.network.values import Evidence, NetworkData, NetworkDocument, NetworkEdge, NetworkNode
from kg.vocabulary import (
    ANNOTATIONS,
    DCTERMS,
    DEFAULT_BASE,
    KG,
    NIF,
    ONTOLOGY_IRI,
    OWL,
    PROV,
    RDF,
    RDFS,
    SYMMETRIC,
    Minter,
)

_DESCRIPTIVE_NAMESPACES = (RDF.iri, RDFS.iri, OWL.iri, "http://www.w3.org/2004/02/skos/core#", DCTERMS.iri, NIF.iri)
_DESCRIPTIVE = {KG[name] for name in ANNOTATIONS}
_SYMMETRIC = {KG[name] for name in SYMMETRIC}
_NOT_ENTITIES = {RDF.Property, KG.OpenRelation, KG.Statement, OWL.AnnotationProperty}
_MAX_LABEL = 34
"""Characters of a label on the canvas, at most; the page cuts there too."""

Object = ox.NamedNode | ox.Literal
Triple = tuple[str, str, Object]
Manner = tuple[Status, Modality, Polarity]
PLAIN: Manner = (Status.ASSERTED, Modality.ACTUAL, Polarity.POSITIVE)


@dataclass(slots=True)
class _Relations:
    """Triples with the statements (graph, statement) that support them; the shape of the whole graph."""

    facts: set[Triple]
    statements: dict[Triple, list[tuple[str, str]]]

    def triples(self) -> set[Triple]:
        return self.facts | set(self.statements)


def network_data(
    store: ox.Store,
    *,
    about: str | None = None,
    hops: int = 1,
    construct: str | None = None,
    max_nodes: int = 5000,
    base: str = DEFAULT_BASE,
) -> NetworkData:
    """What a view of `store` shows.

    `about` (IRI, prefixed name or label) keeps what is at most `hops` steps from that entity; `construct` keeps what
    that SPARQL CONSTRUCT query yields. Of more than `max_nodes` entities the most central stay. `base` is the one that
    the store was built with.

    Raises `QueryError` when the entity is unknown, the query cannot run, or a number is out of range.
    """
    if max_nodes < 1 or hops < 0:
        raise QueryError("view: --max-nodes must be at least 1 and --hops at least 0")
    prefixes = Minter(base).prefixes
    descriptions = Descriptions(store, prefixes)
    relations = _relations(store, descriptions)
    if construct is not None:
        relations = _constructed(store, construct, relations, prefixes)
    triples = sorted(relations.triples(), key=_key)
    iris = _entity_iris(triples, descriptions, alone=construct is None)
    focus = descriptions.find(about, iris) if about is not None else None
    if focus is not None:
        near: dict[str, set[str]] = defaultdict(set)
        for subject, _, obj in triples:
            if isinstance(obj, ox.NamedNode):
                near[subject].add(obj.value)
                near[obj.value].add(subject)
        kept = centrality.within(near, focus, hops)
        iris = [iri for iri in iris if iri in kept]
        triples = _inside(triples, kept)
    total_nodes, total_edges = len(iris), len(triples)
    if len(iris) > max_nodes:
        iris = _most_central(iris, triples, max_nodes, focus)
        triples = _inside(triples, set(iris))
    edges = tuple(_edges(store, triples, relations, descriptions))
    nodes = _nodes(iris, edges, descriptions)
    return NetworkData(
        nodes=nodes,
        edges=edges,
        documents=_documents(store, edges, whole=about is None and construct is None),
        type_labels={iri: descriptions.name(iri) for iri in sorted({t for node in nodes for t in node.types})},
        total_nodes=total_nodes,
        total_edges=total_edges,
        focus=focus,
        base=base,
    )


def _key(triple: Triple) -> tuple[str, str, str]:
    return triple[0], triple[1], str(triple[2])


def _relations(store: ox.Store, descriptions: Descriptions) -> _Relations:
    facts: set[Triple] = set()
    for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        predicate = quad.predicate.value
        if predicate in _DESCRIPTIVE or predicate.startswith(_DESCRIPTIVE_NAMESPACES):
            descriptions.note(quad)
        elif isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
            facts.add((quad.subject.value, predicate, quad.object))
    statements: dict[Triple, list[tuple[str, str]]] = defaultdict(list)
    rows = store.query(
        f"SELECT ?g ?st ?s ?p ?o {{ GRAPH ?g {{ ?st <{RDF.subject}> ?s ; <{RDF.predicate}> ?p ; <{RDF.object}> ?o }} }}"
    )
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 - narrows the type; the query is a SELECT
    for row in rows:
        graph, statement, subject, predicate, obj = (row[name] for name in ("g", "st", "s", "p", "o"))
        if isinstance(obj, ox.NamedNode | ox.Literal):
            statements[subject.value, predicate.value, obj].append((graph.value, statement.value))
    mirrored = {
        (s, p, o)
        for s, p, o in facts
        if p in _SYMMETRIC and isinstance(o, ox.NamedNode) and (s, p, o) not in statements and s != o.value
        # Kept once: on the side that has the statement, else on the side that sorts first.
        if (o.value, p, ox.NamedNode(s)) in statements or ((o.value, p, ox.NamedNode(s)) in facts and o.value < s)
    }
    return _Relations(facts - mirrored, dict(statements))


def _constructed(store: ox.Store, query: str, known: _Relations, prefixes: dict[str, str]) -> _Relations:
    try:
        result = store.query(query, prefixes=prefixes)
    except (SyntaxError, OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"view query: {' '.join(str(error).split())}; correct the CONSTRUCT query") from error
    if not isinstance(result, ox.QueryTriples):
        raise QueryError("view query: not a CONSTRUCT or DESCRIBE query; a network is made of triples")
    wanted = {
        (triple.subject.value, triple.predicate.value, triple.object)
        for triple in result
        if isinstance(triple.subject, ox.NamedNode)
        and isinstance(triple.object, ox.NamedNode | ox.Literal)
        and triple.predicate.value not in _DESCRIPTIVE
        and not triple.predicate.value.startswith(_DESCRIPTIVE_NAMESPACES)
    }
    statements = {triple: known.statements[triple] for triple in wanted if triple in known.statements}
    return _Relations({triple for triple in wanted if triple in known.facts or triple not in statements}, statements)


def _entity_iris(triples: Iterable[Triple], descriptions: Descriptions, *, alone: bool) -> list[str]:
    found = {subject for subject, _, _ in triples}
    found.update(obj.value for _, _, obj in triples if isinstance(obj, ox.NamedNode))
    if alone:
        found.update(descriptions.mentioned)
    return sorted(iri for iri in found if not _NOT_ENTITIES.intersection(descriptions.types.get(iri, ())))


def _inside(triples: Iterable[Triple], kept: set[str]) -> list[Triple]:
    return [t for t in triples if t[0] in kept and (not isinstance(t[2], ox.NamedNode) or t[2].value in kept)]


def _pairs(iris: list[str], triples: Iterable[Triple]) -> list[tuple[int, int]]:
    index = {iri: number for number, iri in enumerate(iris)}
    return [
        (index[subject], index[obj.value])
        for subject, _, obj in triples
        if isinstance(obj, ox.NamedNode) and subject in index and obj.value in index
    ]


def _most_central(iris: list[str], triples: Iterable[Triple], limit: int, focus: str | None) -> list[str]:
    scores = centrality.rank(centrality.neighbours_of(len(iris), _pairs(iris, triples)))
    order = sorted(range(len(iris)), key=lambda n: (iris[n] != focus, -scores[n], iris[n]))
    return sorted(iris[number] for number in order[:limit])


# ---------------------------------------------------------------------------------------------- edges


def _edges(
    store: ox.Store, triples: Iterable[Triple], relations: _Relations, descriptions: Descriptions
) -> Iterator[NetworkEdge]:
    sources: dict[str, str | None] = {}
    for triple in triples:
        subject, predicate, obj = triple
        manners: dict[Manner, list[Evidence]] = defaultdict(list)
        for graph, statement in sorted(relations.statements.get(triple, ())):
            if graph not in sources:
                sources[graph] = _values(store, graph, graph).get(DCTERMS.source)
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
    values = _values(store, iri, graph)
    span = values.get(PROV.wasDerivedFrom, "")
    place = _values(store, span, graph) if span else {}
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


def _values(store: ox.Store, subject: str, graph: str) -> dict[str, str]:
    """Predicate → value of a node in a graph; of several values the first in order."""
    found: dict[str, str] = {}
    for quad in store.quads_for_pattern(ox.NamedNode(subject), None, None, ox.NamedNode(graph)):
        if isinstance(quad.object, ox.NamedNode | ox.Literal):
            value = quad.object.value
            found[quad.predicate.value] = min(value, found.get(quad.predicate.value, value))
    return found


def _local(iri: str) -> str:
    return iri.removeprefix(ONTOLOGY_IRI)


# ---------------------------------------------------------------------------------------------- nodes, documents


def _nodes(iris: list[str], edges: Iterable[NetworkEdge], descriptions: Descriptions) -> tuple[NetworkNode, ...]:
    index = {iri: number for number, iri in enumerate(iris)}
    degree = dict.fromkeys(iris, 0)
    pairs = []
    for edge in edges:
        degree[edge.source] = degree.get(edge.source, 0) + 1
        if edge.target is not None:
            degree[edge.target] = degree.get(edge.target, 0) + 1
            if edge.source in index and edge.target in index:
                pairs.append((index[edge.source], index[edge.target]))
    neighbours = centrality.neighbours_of(len(iris), pairs)
    scores = centrality.rank(neighbours)
    labels = [descriptions.name(iri) for iri in iris]
    widths = [label_width(label) for label in labels]
    everywhere = layout(len(iris), pairs, widths)
    chosen = centrality.overview(neighbours, scores.tolist())
    place = {node: number for number, node in enumerate(chosen)}
    inner = [(place[a], place[b]) for a, b in pairs if a in place and b in place]
    first_look = layout(len(chosen), inner, [widths[node] for node in chosen], heights=52.0)
    return tuple(
        NetworkNode(
            iri=iri,
            label=labels[number],
            aliases=descriptions.aliases(iri),
            types=descriptions.sorted_types(iri),
            wikidata=descriptions.wikidata.get(iri),
            degree=degree[iri],
            rank=round(float(scores[number]), 7),
            x=float(everywhere[number][0]),
            y=float(everywhere[number][1]),
            overview=(float(first_look[place[number]][0]), float(first_look[place[number]][1]))
            if number in place
            else None,
        )
        for number, iri in enumerate(iris)
    )


def label_width(label: str) -> float:
    """Pixels that a label takes on the canvas at zoom 1, about."""
    return 7.0 * min(max(len(label), 4), _MAX_LABEL) + 12


def _documents(store: ox.Store, edges: Iterable[NetworkEdge], *, whole: bool) -> tuple[NetworkDocument, ...]:
    wanted = {evidence.document for edge in edges for evidence in edge.evidence}
    if whole:
        wanted |= {
            quad.subject.value
            for quad in store.quads_for_pattern(None, ox.NamedNode(RDF.type), ox.NamedNode(KG.Document), None)
            if isinstance(quad.subject, ox.NamedNode)
        }
    found = []
    for iri in sorted(wanted):
        values = _values(store, iri, iri)
        found.append(
            NetworkDocument(
                iri=iri,
                title=" ".join(values.get(DCTERMS.title, "").split()) or iri.rsplit("/", 1)[-1],
                date=values.get(DCTERMS.issued),
                source=values.get(DCTERMS.source),
                text=values.get(NIF.isString, ""),
            )
        )
    return tuple(found)
