"""`NetworkData` → the JSON that the page's scripts read: in the page itself, or as an answer of a server.

Rows by position, IRIs shortened by the prefixes given with them; offsets count UTF-16 code units, as JavaScript does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from kg.publishing.network.values import Evidence, NetworkData, NetworkDocument, NetworkEdge, NetworkNode
from kg.vocabulary import Minter

NODE_COLUMNS = ("iri", "label", "aliases", "types", "wikidata", "rank", "x", "y", "ox", "oy", "community")
EDGE_COLUMNS = (
    "source", "target", "property", "mark", "status", "modality", "polarity", "value", "datatype", "evidence",
)  # fmt: skip
EVIDENCE_COLUMNS = (
    "document", "begin", "end", "statement", "by", "byName", "confidence", "time", "from", "until", "place",
    "sentence",
)  # fmt: skip


def json_in_html(value: object) -> str:
    """JSON that may stand in a `<script>` element: no character in it can end the element or open a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Lone surrogates cannot be written as UTF-8; JSON can spell them.
    return re.sub("[<>&\u2028\u2029\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)


def payload(data: NetworkData, heading: str = "", *, texts: bool = True) -> dict[str, object]:
    """The data as the page's scripts read it; without `texts` the documents come without theirs."""
    prefixes = Minter(data.base).prefixes
    compact = _Compactor(prefixes)
    nodes = {node.iri: number for number, node in enumerate(data.nodes)}
    types = {iri: number for number, iri in enumerate(data.type_labels)}
    properties = {iri: label for iri, label in sorted({(edge.property, edge.label) for edge in data.edges})}
    property_numbers = {iri: number for number, iri in enumerate(properties)}
    offsets = {document.iri: _Text(number, document) for number, document in enumerate(data.documents)}
    return {
        "title": heading,
        "prefixes": prefixes,
        "focus": nodes.get(data.focus) if data.focus else None,
        "types": [[compact(iri), label] for iri, label in data.type_labels.items()],
        "properties": [[compact(iri), label] for iri, label in properties.items()],
        "documents": [
            {
                "iri": compact(d.iri),
                "title": d.title,
                "date": d.date,
                "source": d.source,
                "text": d.text if texts else "",
            }
            for d in data.documents
        ],
        "communities": [[community.x, community.y] for community in data.communities],
        "nodeColumns": NODE_COLUMNS,
        "edgeColumns": EDGE_COLUMNS,
        "evidenceColumns": EVIDENCE_COLUMNS,
        "nodes": [_node_row(node, types, compact) for node in data.nodes],
        "edges": [_edge_row(edge, nodes, property_numbers, offsets, compact, texts) for edge in data.edges],
    }


def _node_row(node: NetworkNode, types: Mapping[str, int], compact: _Compactor) -> list[object]:
    over = node.overview or (None, None)
    return [
        compact(node.iri), node.label, node.aliases, [types[t] for t in node.types],
        node.wikidata.rsplit("/", 1)[-1] if node.wikidata else None,
        node.rank, node.x, node.y, over[0], over[1], node.community,
    ]  # fmt: skip


def _edge_row(
    edge: NetworkEdge,
    nodes: Mapping[str, int],
    properties: Mapping[str, int],
    offsets: Mapping[str, _Text],
    compact: _Compactor,
    texts: bool,
) -> list[object]:
    rows = [
        _trimmed(_evidence_row(evidence, nodes, offsets[evidence.document], compact, texts))
        for evidence in edge.evidence
    ]
    return [
        nodes[edge.source], nodes[edge.target] if edge.target is not None else None, properties[edge.property],
        edge.mark.value, edge.status.value, edge.modality.value, edge.polarity.value,
        edge.value, compact(edge.datatype) if edge.datatype else None, rows,
    ]  # fmt: skip


def _evidence_row(
    evidence: Evidence, nodes: Mapping[str, int], text: _Text, compact: _Compactor, texts: bool
) -> list[object]:
    begin, end = text.utf16(evidence.begin), text.utf16(evidence.end)
    same = texts and text.document.text[evidence.begin : evidence.end] == evidence.sentence
    return [
        text.number, begin, end, compact(evidence.statement),
        nodes.get(evidence.attributed_to) if evidence.attributed_to else None,
        evidence.attributed_label if evidence.attributed_to not in nodes else None,
        evidence.confidence, evidence.time, evidence.start_time, evidence.end_time, evidence.place,
        None if same else evidence.sentence,
    ]  # fmt: skip


def _trimmed(row: list[object]) -> list[object]:
    while row and row[-1] is None:
        row.pop()
    return row


class _Compactor:
    """Shortens IRIs as `prefix:rest`; one that could be mistaken for a shortened one stays in angle brackets."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = sorted(prefixes.items(), key=lambda item: -len(item[1]))

    def __call__(self, iri: str) -> str:
        for prefix, namespace in self._prefixes:
            if iri.startswith(namespace):
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{iri}>"


@dataclass(slots=True)
class _Text:
    """A document with the way from code points to UTF-16 units."""

    number: int
    document: NetworkDocument

    def utf16(self, offset: int) -> int:
        return len(self.document.text[:offset].encode("utf-16-le", "surrogatepass")) // 2
