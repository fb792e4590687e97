"""The triples between entities as a networkx graph, for measures that SPARQL has no words for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.graph.evidence import Evidence, all_evidence, labels
from kg.graph.ontology import minter_of
from kg.graph.quads import relation_label
from kg.graph.turtle import TurtleWriter
from kg.vocabulary import KG, RDF, local_name

if TYPE_CHECKING:
    import networkx as nx

_BROAD = frozenset((KG.Agent, KG.Place))


def entity_network(store: ox.Store, *, facts_only: bool = True) -> nx.MultiDiGraph:
    """Entities as nodes, what is said of two of them as edges; names as in a query (`ent:Peru`), both in order.

    A node has `label` and `type` (local name of its most telling class). An edge has `property` (its key, too, when
    it is a fact), `label`, `fact`, `status`, `modality`, `polarity`, `by` (who claims it, a label or ""), and, of all
    its statements: `documents` (paths or URLs), `sentences`, `confidence` (the highest) and `dates` (ISO, ascending:
    when it holds or happened where that is stated, else when the document was issued). A symmetric fact stands once,
    as it was stated. With `facts_only` the edges are facts; entities without any edge are left out.
    """
    import networkx as nx

    names, kinds = labels(store), _kinds(store)
    writer = TurtleWriter(minter_of(store).prefixes)
    groups: dict[tuple[str, ...], list[Evidence]] = defaultdict(list)
    for evidence in all_evidence(store):
        entities = isinstance(evidence.object, str) and {evidence.subject, evidence.object} <= kinds.keys()
        if entities and (evidence.plain or not facts_only):
            groups[_key(evidence)].append(evidence)
    graph = nx.MultiDiGraph()
    ends = {end for subject, _, head, *_ in groups for end in (subject, head)}
    for iri in sorted(ends):
        graph.add_node(writer.name(iri) or iri, label=names.get(iri, iri), type=kinds[iri])
    for (subject, predicate, head, status, by, modality, polarity), group in sorted(groups.items()):
        name = writer.name(predicate) or predicate
        fact = group[0].plain
        graph.add_edge(
            writer.name(subject) or subject,
            writer.name(head) or head,
            key=name if fact else " ".join((name, status, modality, polarity, writer.name(by) or by)).strip(),
            property=name,
            label=names.get(predicate) or relation_label(local_name(name.rpartition(":")[2])),
            fact=fact,
            status=status,
            modality=modality,
            polarity=polarity,
            by=names.get(by, by),
            confidence=float(max(evidence.confidence for evidence in group)),
            dates=tuple(sorted({day for evidence in group if (day := _day(evidence))})),
            documents=tuple(sorted({evidence.source for evidence in group})),
            sentences=tuple(dict.fromkeys(evidence.sentence for evidence in group)),
        )
    return graph


def ties(graph: nx.MultiDiGraph, *, types: Collection[str] | None = None) -> nx.Graph:
    """One undirected edge for each pair of entities that some edge of `entity_network` connects, loops left out.

    An edge has `label` (the labels of all, joined), `weight` (how many), `fact` (whether one is a fact), and the
    `dates` and `documents` of all, in order. With `types`, only entities of these (`Person`, `Country` ...) are kept;
    entities without any tie are left out.
    """
    import networkx as nx

    kept = {node for node, kind in graph.nodes(data="type") if types is None or kind in types}
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for tail, head, attributes in graph.edges(data=True):
        if tail != head and tail in kept and head in kept:
            groups[min(tail, head), max(tail, head)].append(attributes)
    result = nx.Graph()
    for node in sorted({node for pair in groups for node in pair}):
        result.add_node(node, **graph.nodes[node])
    for (one, other), group in sorted(groups.items()):
        result.add_edge(
            one,
            other,
            label="; ".join(sorted({edge["label"] for edge in group})),
            weight=len(group),
            fact=any(edge["fact"] for edge in group),
            dates=tuple(sorted({day for edge in group for day in edge["dates"]})),
            documents=tuple(sorted({document for edge in group for document in edge["documents"]})),
        )
    return result


def _key(evidence: Evidence) -> tuple[str, ...]:
    return (
        evidence.subject,
        evidence.predicate,
        str(evidence.object),
        evidence.status,
        evidence.attributed_to or "",
        evidence.modality,
        evidence.polarity,
    )


def _day(evidence: Evidence) -> str | None:
    return evidence.time or evidence.start_time or evidence.end_time or evidence.issued


def _kinds(store: ox.Store) -> dict[str, str]:
    """IRI → local name of the most telling class, of every entity that a document mentions."""
    mentioned = {
        quad.subject.value
        for quad in store.quads_for_pattern(None, ox.NamedNode(KG.mentionedIn), None, ox.DefaultGraph())
        if isinstance(quad.subject, ox.NamedNode)
    }
    classes: dict[str, set[str]] = {iri: set() for iri in mentioned}
    for quad in store.quads_for_pattern(None, ox.NamedNode(RDF.type), None, ox.DefaultGraph()):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            classes.get(quad.subject.value, set()).add(quad.object.value)
    return {
        iri: min(found, key=lambda kind: (kind in _BROAD, kind)).replace("#", "/").rpartition("/")[2]
        if found
        else "Thing"
        for iri, found in classes.items()
    }
