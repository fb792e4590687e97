"""Store → `NetworkData`: the relations to show, what is behind them, and where everything stands.

`network_data` reads the whole graph, since it says what is central; `neighbours` and `of_triples` look up what they
show, so that a page on a live store may ask for more. Labels, sentences and texts are looked up for what is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from kg.errors import QueryError
from kg.publishing.network import centrality, relations
from kg.publishing.network.communities import communities
from kg.publishing.network.description import Descriptions
from kg.publishing.network.evidence import edges_of, values_of
from kg.publishing.network.layout import layout
from kg.publishing.network.relations import Relations, Triple
from kg.publishing.network.values import NetworkCommunity, NetworkData, NetworkDocument, NetworkEdge, NetworkNode
from kg.vocabulary import DCTERMS, DEFAULT_BASE, KG, NIF, OWL, RDF, RDFS, SKOS, Minter

_NOT_ENTITIES = {RDF.Property, KG.OpenRelation, KG.Statement, OWL.AnnotationProperty}
_MAX_LABEL = 34
"""Characters of a label on the canvas, at most; the page cuts there too."""
_FOLDED_WIDTH, _FOLDED_HEIGHT = 250.0, 150.0  # pixels at zoom 1 that a folded community takes


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
    found = relations.whole(store, descriptions)
    if construct is not None:
        found = relations.constructed(store, construct, found, prefixes)
    triples = found.triples()
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
    triples = _inside(triples, set(iris))
    total_nodes, total_edges = len(iris), len(triples)
    if len(iris) > max_nodes:
        iris = _most_central(iris, triples, max_nodes, focus)
        triples = _inside(triples, set(iris))
    edges = tuple(edges_of(store, triples, found, descriptions))
    whole = about is None and construct is None
    return _data(
        store, iris, edges, descriptions,
        documents=_cited(edges) | (_all_documents(store) if whole else set()),
        totals=(total_nodes, total_edges), focus=focus, base=base,
    )  # fmt: skip


def neighbours(store: ox.Store, iri: str, *, limit: int = 300, base: str = DEFAULT_BASE) -> NetworkData:
    """The entity `iri` with its relations, about `limit` at most, and those at their other ends.

    Looked up, not searched for: fast on a store of any size. Raises `QueryError` when the store does not know it.
    """
    try:
        node = ox.NamedNode(iri)
    except ValueError as error:
        raise QueryError(f"explore: {iri!r} is no IRI; give one that the graph has") from error
    found = relations.around(store, iri, max(limit, 1))
    known = next(store.quads_for_pattern(node, None, None, ox.DefaultGraph()), None)
    if known is None and not found.facts and not found.statements:
        raise QueryError(f"explore: the graph says nothing of {iri}; give an IRI that it has")
    return _looked_up(store, found, {iri}, focus=iri, base=base)


def of_triples(store: ox.Store, triples: Iterable[ox.Triple], *, base: str = DEFAULT_BASE) -> NetworkData:
    """What a CONSTRUCT query yielded, as a network with the statements behind it."""
    return _looked_up(store, relations.looked_up(store, relations.drawable(triples)), set(), focus=None, base=base)


def find_entities(
    store: ox.Store, text: str, *, limit: int = 12, base: str = DEFAULT_BASE
) -> list[tuple[str, str, str | None]]:
    """Entities with a name that has `text` in it: IRI, label, label of the best type; the closest names first."""
    wanted = text.casefold()
    best: dict[str, tuple[int, int, str]] = {}
    for predicate in (RDFS.label, SKOS.altLabel):
        for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), None, ox.DefaultGraph()):
            if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, ox.Literal):
                continue
            name = quad.object.value.casefold()
            at = name.find(wanted)
            if at >= 0:
                score = (
                    0 if name == wanted else 1 if at == 0 else 2 if not name[at - 1].isalnum() else 3,
                    len(name),
                    name,
                )
                best[quad.subject.value] = min(score, best.get(quad.subject.value, score))
    found = []
    for iri in sorted(best, key=lambda iri: (best[iri], iri)):
        descriptions = _described(store, {iri}, base)
        if not _NOT_ENTITIES.intersection(descriptions.types.get(iri, ())):
            kind = next(iter(descriptions.sorted_types(iri)), None)
            found.append((iri, descriptions.name(iri), descriptions.name(kind) if kind else None))
        if len(found) == limit:
            break
    return found


def document_of(store: ox.Store, iri: str) -> NetworkDocument:
    """One document with its text; raises `QueryError` when the store has none of that IRI."""
    try:
        node = ox.NamedNode(iri)
    except ValueError as error:
        raise QueryError(f"explore: {iri!r} is no IRI; give a document's") from error
    if ox.Quad(node, ox.NamedNode(RDF.type), ox.NamedNode(KG.Document), node) not in store:
        raise QueryError(f"explore: no document {iri} in the graph; give one that entities are mentioned in")
    return _document(store, iri)


def _looked_up(store: ox.Store, found: Relations, alone: set[str], *, focus: str | None, base: str) -> NetworkData:
    triples = found.triples()
    touched = alone | {s for s, _, _ in triples} | {o.value for _, _, o in triples if isinstance(o, ox.NamedNode)}
    descriptions = _described(store, touched, base)
    iris = sorted(iri for iri in touched if not _NOT_ENTITIES.intersection(descriptions.types.get(iri, ())))
    triples = _inside(triples, set(iris))
    edges = tuple(edges_of(store, triples, found, descriptions))
    return _data(
        store, iris, edges, descriptions,
        documents=_cited(edges), totals=(len(iris), len(triples)), focus=focus, base=base,
    )  # fmt: skip


def _described(store: ox.Store, iris: Iterable[str], base: str) -> Descriptions:
    descriptions = Descriptions(store, Minter(base).prefixes)
    for iri in iris:
        for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph()):
            if relations.describes(quad.predicate.value):
                descriptions.note(quad)
    return descriptions


def _data(
    store: ox.Store,
    iris: list[str],
    edges: tuple[NetworkEdge, ...],
    descriptions: Descriptions,
    *,
    documents: set[str],
    totals: tuple[int, int],
    focus: str | None,
    base: str,
) -> NetworkData:
    nodes, groups = _nodes(iris, edges, descriptions)
    return NetworkData(
        nodes=nodes,
        edges=edges,
        documents=tuple(_document(store, iri) for iri in sorted(documents)),
        communities=groups,
        type_labels={iri: descriptions.name(iri) for iri in sorted({t for node in nodes for t in node.types})},
        total_nodes=totals[0],
        total_edges=totals[1],
        focus=focus,
        base=base,
    )


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


# ---------------------------------------------------------------------------------------------- nodes, documents


def _nodes(
    iris: list[str], edges: Iterable[NetworkEdge], descriptions: Descriptions
) -> tuple[tuple[NetworkNode, ...], tuple[NetworkCommunity, ...]]:
    index = {iri: number for number, iri in enumerate(iris)}
    degree = dict.fromkeys(iris, 0)
    pairs = []
    for edge in edges:
        degree[edge.source] += 1
        if edge.target is not None:
            degree[edge.target] += 1
            pairs.append((index[edge.source], index[edge.target]))
    near = centrality.neighbours_of(len(iris), pairs)
    scores = centrality.rank(near)
    labels = [descriptions.name(iri) for iri in iris]
    widths = [label_width(label) for label in labels]
    everywhere = layout(len(iris), pairs, widths).tolist()
    chosen = centrality.overview(near, scores.tolist())
    place = {node: number for number, node in enumerate(chosen)}
    inner = [(place[a], place[b]) for a, b in pairs if a in place and b in place]
    first_look = layout(len(chosen), inner, [widths[node] for node in chosen], heights=52.0).tolist()
    groups = communities(len(iris), pairs)
    group_of = {node: number for number, group in enumerate(groups) for node in group}
    nodes = tuple(
        NetworkNode(
            iri=iri,
            label=labels[number],
            aliases=descriptions.aliases(iri),
            types=descriptions.sorted_types(iri),
            wikidata=descriptions.wikidata.get(iri),
            degree=degree[iri],
            rank=round(float(scores[number]), 7),
            x=everywhere[number][0],
            y=everywhere[number][1],
            overview=(first_look[place[number]][0], first_look[place[number]][1]) if number in place else None,
            community=group_of.get(number),
        )
        for number, iri in enumerate(iris)
    )
    return nodes, _placed(groups, group_of, pairs)


def _placed(
    groups: list[list[int]], group_of: dict[int, int], pairs: Iterable[tuple[int, int]]
) -> tuple[NetworkCommunity, ...]:
    between = [(group_of[a], group_of[b]) for a, b in pairs if a in group_of and b in group_of]
    widths = [_FOLDED_WIDTH] * len(groups)
    places = layout(len(groups), [pair for pair in between if pair[0] != pair[1]], widths, heights=_FOLDED_HEIGHT)
    return tuple(
        NetworkCommunity(size=len(group), x=x, y=y) for group, (x, y) in zip(groups, places.tolist(), strict=True)
    )


def label_width(label: str) -> float:
    """Pixels that a label takes on the canvas at zoom 1, about."""
    return 7.0 * min(max(len(label), 4), _MAX_LABEL) + 12


def _cited(edges: Iterable[NetworkEdge]) -> set[str]:
    return {evidence.document for edge in edges for evidence in edge.evidence}


def _all_documents(store: ox.Store) -> set[str]:
    return {
        quad.subject.value
        for quad in store.quads_for_pattern(None, ox.NamedNode(RDF.type), ox.NamedNode(KG.Document), None)
        if isinstance(quad.subject, ox.NamedNode) and quad.graph_name == quad.subject
    }


def _document(store: ox.Store, iri: str) -> NetworkDocument:
    values = values_of(store, iri, iri)
    return NetworkDocument(
        iri=iri,
        title=" ".join(values.get(DCTERMS.title, "").split()) or iri.rsplit("/", 1)[-1],
        date=values.get(DCTERMS.issued),
        source=values.get(DCTERMS.source),
        text=values.get(NIF.isString, ""),
    )
