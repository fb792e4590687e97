"""What a graph holds, counted: documents, entities, facts, claims, and who stands in the middle."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.graph.evidence import labels
from kg.graph.ontology import minter_of
from kg.graph.turtle import TurtleWriter
from kg.vocabulary import ANNOTATIONS, KG, OWL, RDF, RDFS, SKOS

if TYPE_CHECKING:
    import networkx as nx

_DESCRIBING = frozenset((RDF.type, RDFS.label, RDFS.comment, SKOS.altLabel, OWL.sameAs, *(KG[n] for n in ANNOTATIONS)))
_DAMPING = 0.85
_TOLERANCE = 1e-9
_ROUNDS = 200
_PIVOTS = 300
"""Betweenness is exact up to so many entities, and estimated from so many pivots beyond."""

Ranking = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Counts of one graph. Keys are IRIs, the most frequent first; a claim without a source counts under "".

    `facts` are plain triples, a symmetric one in both directions. Rankings are the highest only: `degree` counts the
    facts an entity stands in, `pagerank` sums to 1 over all entities, `betweenness` lies in [0, 1].
    """

    documents: int
    entities: int
    statements: int
    facts: int
    claims: int
    types: Mapping[str, int]
    facts_by_property: Mapping[str, int]
    claims_by_property: Mapping[str, int]
    claims_by_source: Mapping[str, int]
    open_relations: Mapping[str, int]
    degree: Ranking
    pagerank: Ranking
    betweenness: Ranking
    labels: Mapping[str, str]
    prefixes: Mapping[str, str]

    def to_json(self) -> str:
        """One object with all of it; IRIs are full."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    def to_text(self) -> str:
        """Tables of it all, for a terminal."""
        lines = [
            f"{name:12}{number:>9,}"
            for name, number in (
                ("documents", self.documents),
                ("entities", self.entities),
                ("facts", self.facts),
                ("statements", self.statements),
                ("claims", self.claims),
                ("open rel.", len(self.open_relations)),
            )
        ]
        names = TurtleWriter(self.prefixes)
        for title, counts in (
            ("entities by type", self.types),
            ("facts by property", self.facts_by_property),
            ("claims by property", self.claims_by_property),
            ("claims by source", self.claims_by_source),
            ("open relations", self.open_relations),
        ):
            rows = ((names.name(iri) or iri or "(unnamed)", f"{count:,}") for iri, count in list(counts.items())[:10])
            lines += _table(title, rows)
        for title, ranking in (
            ("degree", self.degree),
            ("PageRank", self.pagerank),
            ("betweenness", self.betweenness),
        ):
            digits = 0 if title == "degree" else 4
            lines += _table(title, ((self.labels.get(iri, iri), f"{value:.{digits}f}") for iri, value in ranking))
        return "\n".join(lines) + "\n"


def stats(store: ox.Store, *, top: int = 10) -> Statistics:
    """Counts the graph and ranks its entities; `top` is the length of the rankings."""
    minter = minter_of(store)
    types: Counter[str] = Counter()
    properties: Counter[str] = Counter()
    described = set()
    for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        predicate = quad.predicate.value
        if predicate == KG.mentionedIn:
            described.add(quad.subject)
        elif predicate == RDF.type and isinstance(quad.object, ox.NamedNode):
            types[quad.object.value] += 1
        elif predicate not in _DESCRIBING:
            properties[predicate] += 1
    for declared in (RDF.Property, KG.OpenRelation):
        types.pop(declared, None)
    graph = fact_graph(store)
    claimed = _claims(store)
    open_relations = Counter(
        {
            quad.subject.value: _uses(store, quad.subject)
            for quad in store.quads_for_pattern(None, ox.NamedNode(RDF.type), ox.NamedNode(KG.OpenRelation), None)
            if isinstance(quad.subject, ox.NamedNode)
        }
    )
    rankings = (dict(graph.degree()), pagerank(graph), betweenness(graph))
    degree, rank, between = (_top(ranking.items(), top) for ranking in rankings)
    ranked = {iri for ranking in (degree, rank, between) for iri, _ in ranking}
    return Statistics(
        documents=_count(store, RDF.type, KG.Document),
        entities=len(described),
        statements=_count(store, RDF.type, KG.Statement),
        facts=properties.total(),
        claims=len(claimed),
        types=_ordered(types),
        facts_by_property=_ordered(properties),
        claims_by_property=_ordered(Counter(predicate for predicate, _ in claimed)),
        claims_by_source=_ordered(Counter(source for _, source in claimed)),
        open_relations=_ordered(open_relations),
        degree=degree,
        pagerank=rank,
        betweenness=between,
        labels={iri: label for iri, label in labels(store).items() if iri in ranked},
        prefixes=minter.prefixes,
    )


def fact_graph(store: ox.Store) -> nx.MultiDiGraph:
    """The facts between entities as a graph: nodes and edge keys are IRIs."""
    import networkx as nx

    graph = nx.MultiDiGraph()
    edges = [
        (quad.subject.value, quad.object.value, quad.predicate.value)
        for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())
        if quad.predicate.value not in _DESCRIBING
        and isinstance(quad.object, ox.NamedNode)
        and isinstance(quad.subject, ox.NamedNode)
    ]
    graph.add_edges_from(sorted(edges))
    return graph


def pagerank(graph: nx.MultiDiGraph) -> dict[str, float]:
    """PageRank by power iteration (Page and others, 1999); parallel edges count each."""
    import numpy as np

    nodes = list(graph)
    if not nodes:
        return {}
    index = {node: i for i, node in enumerate(nodes)}
    heads = np.array([index[head] for head, _ in graph.edges()], dtype=np.intp)
    tails = np.array([index[tail] for _, tail in graph.edges()], dtype=np.intp)
    out = np.bincount(heads, minlength=len(nodes)).astype(np.float64)
    rank = np.full(len(nodes), 1 / len(nodes))
    for _ in range(_ROUNDS):
        share = np.divide(rank, out, out=np.zeros_like(rank), where=out > 0)
        passed = np.bincount(tails, weights=share[heads], minlength=len(nodes))
        new = _DAMPING * (passed + rank[out == 0].sum() / len(nodes)) + (1 - _DAMPING) / len(nodes)
        change = float(np.abs(new - rank).sum())
        rank = new
        if change < _TOLERANCE:
            break
    return dict(zip(nodes, rank.tolist(), strict=True))


def betweenness(graph: nx.MultiDiGraph) -> dict[str, float]:
    """Share of the shortest paths that run through an entity, whichever way the facts point."""
    import networkx as nx

    plain = nx.Graph(graph.to_undirected())
    pivots = None if len(plain) <= _PIVOTS else _PIVOTS
    ranking: dict[str, float] = nx.betweenness_centrality(plain, k=pivots, seed=0)
    return ranking


def _claims(store: ox.Store) -> list[tuple[str, str]]:
    claims = []
    for quad in store.quads_for_pattern(None, ox.NamedNode(KG.status), ox.NamedNode(KG.Claimed), None):
        predicate, source = "", ""
        for part in store.quads_for_pattern(quad.subject, None, None, quad.graph_name):
            if part.predicate.value == RDF.predicate and isinstance(part.object, ox.NamedNode):
                predicate = part.object.value
            elif part.predicate.value == KG.attributedTo and isinstance(part.object, ox.NamedNode):
                source = part.object.value
        claims.append((predicate, source))
    return claims


def _uses(store: ox.Store, relation: ox.NamedNode) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, ox.NamedNode(RDF.predicate), relation, None))


def _count(store: ox.Store, predicate: str, value: str) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, ox.NamedNode(predicate), ox.NamedNode(value), None))


def _ordered(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _top(values: Iterable[tuple[str, float]], top: int) -> Ranking:
    return tuple(sorted(values, key=lambda item: (-round(item[1], 9), item[0]))[:top])


def _table(title: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    rows = list(rows)
    if not rows:
        return
    width = max(len(name) for name, _ in rows)
    yield ""
    yield title
    yield from (f"  {name:{width}}  {value:>8}" for name, value in rows)
