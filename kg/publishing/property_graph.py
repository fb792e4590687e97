"""The graph for tools that know nodes, edges and their properties: GraphML, GEXF, Cypher.

One node an entity, and one for each literal that a triple ends in; one edge for each triple and status (source,
modality, polarity), with the sentences and documents behind it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.graph.evidence import Evidence, all_evidence, labels
from kg.graph.ontology import minter_of
from kg.graph.quads import relation_label
from kg.graph.turtle import TurtleWriter
from kg.model import LiteralValue
from kg.vocabulary import KG, RDF, SKOS, content_hash, local_name

if TYPE_CHECKING:
    import networkx as nx

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MODIFIED = re.compile(r' lastmodifieddate="[^"]*"')
_BROAD = (KG.Agent, KG.Place)
_CYPHER_ESCAPES = str.maketrans(
    {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)
_BACKSLASH_U, _ESCAPED_U = "\\\\u", "\\\\\\u0075"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An entity or a literal; `kind` is the local name of its most telling class, or of its datatype."""

    id: str
    label: str
    kind: str
    kinds: tuple[str, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A triple as somebody vouches for it, with all evidence; `name` is a prefixed name, `source_iri` who says it."""

    id: str
    tail: str
    head: str
    name: str
    label: str
    fact: bool
    status: str
    modality: str
    polarity: str
    source_iri: str
    source_label: str
    time: str
    confidence: float
    documents: tuple[str, ...]
    sentences: tuple[str, ...]


def graph_parts(store: ox.Store, *, facts_only: bool) -> tuple[list[Node], list[Edge]]:
    """Nodes and edges in the order of their ids; with `facts_only` the edges of facts and every entity."""
    names = labels(store)
    writer = TurtleWriter(minter_of(store).prefixes)
    groups: dict[tuple[str, ...], list[Evidence]] = defaultdict(list)
    nodes = {node.id: node for node in _entities(store, names)}
    for evidence in all_evidence(store):
        if facts_only and not evidence.plain:
            continue
        literal = evidence.object if isinstance(evidence.object, LiteralValue) else None
        head = _literal_id(literal) if literal else str(evidence.object)
        if literal:
            kind = literal.datatype.rpartition("#")[2] or literal.datatype
            nodes.setdefault(head, Node(id=head, label=literal.value, kind=kind, kinds=("Literal",)))
        for end in (evidence.subject, head):
            nodes.setdefault(end, Node(id=end, label=names.get(end, end), kind="Document", kinds=("Document",)))
        key = (
            evidence.subject,
            evidence.predicate,
            head,
            evidence.status,
            evidence.attributed_to or "",
            evidence.modality,
            evidence.polarity,
        )
        groups[key].append(evidence)
    edges = [_edge(key, group, names, writer) for key, group in sorted(groups.items())]
    return [nodes[id_] for id_ in sorted(nodes)], edges


def graphml(store: ox.Store, *, facts_only: bool) -> Iterator[str]:
    """GraphML, for yEd, Gephi, Cytoscape and igraph."""
    import networkx as nx

    yield from (f"{line}\n" for line in nx.generate_graphml(_networkx(store, facts_only=facts_only)))


def gexf(store: ox.Store, *, facts_only: bool) -> Iterator[str]:
    """GEXF 1.2, for Gephi."""
    import networkx as nx

    lines = nx.generate_gexf(_networkx(store, facts_only=facts_only))
    yield from (f"{_MODIFIED.sub('', line)}\n" for line in lines)


def cypher(store: ox.Store, *, facts_only: bool) -> Iterator[str]:
    """Cypher that can be run twice: one command a line. Names become labels and types, all else escaped strings."""
    nodes, edges = graph_parts(store, facts_only=facts_only)
    yield "CREATE CONSTRAINT kg_node_iri IF NOT EXISTS FOR (n:KgNode) REQUIRE n.iri IS UNIQUE;\n"
    for node in nodes:
        kinds = "".join(f", n:`{_cypher_name(kind)}`" for kind in node.kinds)
        values = f"n.label = {cypher_string(node.label)}, n.names = {_cypher_list(node.names)}"
        yield f"MERGE (n:KgNode {{iri: {cypher_string(node.id)}}}) SET {values}{kinds};\n"
    for edge in edges:
        properties = {
            "property": edge.name,
            "label": edge.label,
            "status": edge.status,
            "modality": edge.modality,
            "polarity": edge.polarity,
            "attributedTo": edge.source_iri,
            "time": edge.time,
        }
        settings = [f"r.{key} = {cypher_string(value)}" for key, value in properties.items() if value]
        settings += [f"r.fact = {str(edge.fact).lower()}", f"r.confidence = {edge.confidence:.2f}"]
        settings += [f"r.documents = {_cypher_list(edge.documents)}", f"r.sentences = {_cypher_list(edge.sentences)}"]
        yield (
            f"MATCH (a:KgNode {{iri: {cypher_string(edge.tail)}}}), (b:KgNode {{iri: {cypher_string(edge.head)}}}) "
            f"MERGE (a)-[r:`{_cypher_name(edge.name.rpartition(':')[2])}` {{id: {cypher_string(edge.id)}}}]->(b) "
            f"SET {', '.join(settings)};\n"
        )


def cypher_string(text: str) -> str:
    """A Cypher string literal; the text cannot end it.

    Some parsers replace every `\\uXXXX` before they look at anything else, after an escaped backslash as well; so the
    letter is escaped too.

    >>> print(cypher_string("O'Hara"))
    'O\\'Hara'
    """
    return f"'{text.translate(_CYPHER_ESCAPES).replace(_BACKSLASH_U, _ESCAPED_U)}'"


def _cypher_list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(cypher_string, texts))}]"


def _cypher_name(text: str) -> str:
    """Letters and digits only: neither a backtick nor a Unicode escape gets into a quoted name."""
    return local_name(text) or "unnamed"


def _entities(store: ox.Store, names: dict[str, str]) -> Iterator[Node]:
    types: dict[str, set[str]] = defaultdict(set)
    others: dict[str, set[str]] = defaultdict(set)
    mentioned = set()
    for quad in store.quads_for_pattern(None, ox.NamedNode(KG.mentionedIn), None, ox.DefaultGraph()):
        mentioned.add(quad.subject)
    for subject in mentioned:
        if not isinstance(subject, ox.NamedNode):
            continue
        for quad in store.quads_for_pattern(subject, None, None, ox.DefaultGraph()):
            if quad.predicate.value == RDF.type and isinstance(quad.object, ox.NamedNode):
                types[subject.value].add(quad.object.value)
            elif quad.predicate.value == SKOS.altLabel and isinstance(quad.object, ox.Literal):
                others[subject.value].add(quad.object.value)
        kinds = sorted(types[subject.value], key=lambda type_: (type_ in _BROAD, type_))
        local = tuple(re.split(r"[#/]", kind)[-1] for kind in kinds) or ("Entity",)
        yield Node(
            id=subject.value,
            label=names.get(subject.value, subject.value),
            kind=local[0],
            kinds=local,
            names=tuple(sorted(others[subject.value])),
        )


def _edge(key: tuple[str, ...], group: list[Evidence], names: dict[str, str], writer: TurtleWriter) -> Edge:
    tail, predicate, head, status, source, modality, polarity = key
    name = writer.name(predicate) or predicate
    return Edge(
        id=content_hash(*key)[:16],
        tail=tail,
        head=head,
        name=name,
        label=names.get(predicate) or relation_label(re.split(r"[#/]", predicate)[-1]),
        fact=group[0].plain,
        status=status,
        modality=modality,
        polarity=polarity,
        source_iri=source,
        source_label=names.get(source, ""),
        time=", ".join(sorted({evidence.time for evidence in group if evidence.time})),
        confidence=max(float(evidence.confidence) for evidence in group),
        documents=tuple(sorted({evidence.document for evidence in group})),
        sentences=tuple(dict.fromkeys(evidence.sentence for evidence in group)),
    )


def _literal_id(literal: LiteralValue) -> str:
    return f"literal:{content_hash(literal.value, literal.datatype)[:16]}"


def _networkx(store: ox.Store, *, facts_only: bool) -> nx.MultiDiGraph:
    import networkx as nx

    nodes, edges = graph_parts(store, facts_only=facts_only)
    graph = nx.MultiDiGraph()
    for node in nodes:
        graph.add_node(
            node.id,
            label=_xml(node.label),
            type=node.kind,
            types=" ".join(node.kinds),
            names=_xml("\n".join(node.names)),
        )
    for edge in edges:
        graph.add_edge(
            edge.tail,
            edge.head,
            key=edge.id,
            id=edge.id,
            label=_xml(edge.label),
            property=edge.name,
            fact=edge.fact,
            status=edge.status,
            modality=edge.modality,
            polarity=edge.polarity,
            attributedTo=edge.source_iri,
            attributedToLabel=_xml(edge.source_label),
            time=edge.time,
            confidence=edge.confidence,
            documents="\n".join(edge.documents),
            sentences=_xml("\n".join(edge.sentences)),
        )
    return graph


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
