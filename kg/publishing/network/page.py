"""`NetworkData` → one HTML page that asks the network for nothing.

The page is our template with its style, our scripts joined into one, vis-network taken out of the installed pyvis,
and the data as JSON. A content security policy lets exactly these scripts and this style run, by their hashes, and
forbids everything else; names and sentences reach the page as JSON and as text nodes only.
"""

from __future__ import annotations

import base64
import calendar
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import jinja2
import pyoxigraph as ox
from markupsafe import Markup

from kg.errors import KGError
from kg.publishing.network.data import network_data
from kg.publishing.network.values import Evidence, NetworkData, NetworkDocument, NetworkEdge, NetworkNode
from kg.vocabulary import DEFAULT_BASE, Minter

_MODULES = (
    "dom", "data", "theme", "shapes", "address", "placement", "renderer", "labels", "canvas", "evidence", "panel",
    "search", "legend", "reading", "table", "timeline", "downloads", "main",
)  # fmt: skip
"""Our scripts, in the order in which they are joined: each uses only those before it."""

_VIS_NETWORK = "templates/lib/vis-9.1.2/vis-network.min.js"
_LIST_LIMIT = 1500
"""Relations in the list for readers without JavaScript, at most."""

NODE_COLUMNS = ("iri", "label", "aliases", "types", "wikidata", "rank", "x", "y", "ox", "oy")
EDGE_COLUMNS = (
    "source", "target", "property", "mark", "status", "modality", "polarity", "value", "datatype", "evidence",
)  # fmt: skip
EVIDENCE_COLUMNS = (
    "document", "begin", "end", "statement", "by", "byName", "confidence", "time", "from", "until", "place",
    "sentence",
)  # fmt: skip


def write_view(
    store: ox.Store,
    path: Path,
    *,
    title: str | None = None,
    about: str | None = None,
    hops: int = 1,
    construct: str | None = None,
    max_nodes: int = 5000,
    base: str = DEFAULT_BASE,
) -> NetworkData:
    """Writes the view of `store` as one HTML file and returns what it shows; arguments as in `network_data`.

    The same store gives the same bytes. Raises `QueryError` as `network_data` does, `KGError` when the file cannot
    be written.
    """
    data = network_data(store, about=about, hops=hops, construct=construct, max_nodes=max_nodes, base=base)
    html = page(data, title=title)
    try:
        path.write_text(html, encoding="utf-8", newline="\n")
    except OSError as error:
        raise KGError(f"{path}: {error.strerror}; give a file in a folder that exists and can be written") from error
    return data


def page(data: NetworkData, *, title: str | None = None) -> str:
    """The whole HTML document. `title` is its headline; by default the focus or 'Knowledge graph'."""
    heading = title or _heading(data)
    library, script, style = _vis_network(), _our_script(), _asset("page.css")
    template = _template()
    return template.render(
        title=heading,
        policy=_policy(scripts=(library, script), styles=(style,)),
        library=Markup(library),  # noqa: S704 - checked by _inline
        script=Markup(script),  # noqa: S704 - checked by _inline
        style=Markup(style),  # noqa: S704 - our own file
        payload=Markup(json_in_html(payload(data, heading))),  # noqa: S704 - escaped by json_in_html
        summary=summary(data),
        data=data,
        names={node.iri: node.label for node in data.nodes},
        titles={document.iri: document.title for document in data.documents},
        limit=_LIST_LIMIT,
    )


def summary(data: NetworkData) -> list[str]:
    """The line under the headline, in parts: counts, then the dates the documents span."""
    facts = sum(edge.is_fact for edge in data.edges)
    parts = [
        _count(len(data.nodes), "entity", "entities"),
        _count(facts, "fact", "facts"),
        _count(len(data.edges) - facts, "claim, plan or denial", "claims, plans and denials"),
        _count(len(data.documents), "document", "documents"),
    ]
    if data.date_range:
        parts.append(_period(*data.date_range))
    if data.truncated:
        parts[0] = f"the {len(data.nodes):,} most central of {data.total_nodes:,} entities"
    return parts


def json_in_html(value: object) -> str:
    """JSON that may stand in a `<script>` element: no character in it can end the element or open a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Lone surrogates cannot be written as UTF-8; JSON can spell them.
    return re.sub("[<>&\u2028\u2029\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)


def payload(data: NetworkData, heading: str) -> dict[str, object]:
    """The data as the page's scripts read it: rows by position, IRIs shortened by the prefixes given with them.

    Offsets count UTF-16 code units here, as JavaScript does.
    """
    prefixes = Minter(data.base).prefixes
    compact = _Compactor(prefixes)
    nodes = {node.iri: number for number, node in enumerate(data.nodes)}
    types = {iri: number for number, iri in enumerate(data.type_labels)}
    properties = {iri: label for iri, label in sorted({(edge.property, edge.label) for edge in data.edges})}
    property_numbers = {iri: number for number, iri in enumerate(properties)}
    texts = {document.iri: _Text(number, document) for number, document in enumerate(data.documents)}
    return {
        "title": heading,
        "prefixes": prefixes,
        "focus": nodes.get(data.focus) if data.focus else None,
        "types": [[compact(iri), label] for iri, label in data.type_labels.items()],
        "properties": [[compact(iri), label] for iri, label in properties.items()],
        "documents": [
            {"iri": compact(d.iri), "title": d.title, "date": d.date, "source": d.source, "text": d.text}
            for d in data.documents
        ],
        "nodeColumns": NODE_COLUMNS,
        "edgeColumns": EDGE_COLUMNS,
        "evidenceColumns": EVIDENCE_COLUMNS,
        "nodes": [_node_row(node, types, compact) for node in data.nodes],
        "edges": [_edge_row(edge, nodes, property_numbers, texts, compact) for edge in data.edges],
    }


def _node_row(node: NetworkNode, types: Mapping[str, int], compact: _Compactor) -> list[object]:
    over = node.overview or (None, None)
    return [
        compact(node.iri), node.label, node.aliases, [types[t] for t in node.types],
        node.wikidata.rsplit("/", 1)[-1] if node.wikidata else None,
        node.rank, node.x, node.y, over[0], over[1],
    ]  # fmt: skip


def _edge_row(
    edge: NetworkEdge,
    nodes: Mapping[str, int],
    properties: Mapping[str, int],
    texts: Mapping[str, _Text],
    compact: _Compactor,
) -> list[object]:
    rows = [_trimmed(_evidence_row(evidence, nodes, texts, compact)) for evidence in edge.evidence]
    return [
        nodes[edge.source], nodes[edge.target] if edge.target is not None else None, properties[edge.property],
        edge.mark.value, edge.status.value, edge.modality.value, edge.polarity.value,
        edge.value, compact(edge.datatype) if edge.datatype else None, rows,
    ]  # fmt: skip


def _evidence_row(
    evidence: Evidence, nodes: Mapping[str, int], texts: Mapping[str, _Text], compact: _Compactor
) -> list[object]:
    text = texts[evidence.document]
    begin, end = text.utf16(evidence.begin), text.utf16(evidence.end)
    same = text.document.text[evidence.begin : evidence.end] == evidence.sentence
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


def _heading(data: NetworkData) -> str:
    if data.focus is not None:
        return next((node.label for node in data.nodes if node.iri == data.focus), "Knowledge graph")
    return "Knowledge graph"


def _period(first: str, last: str) -> str:
    """The dates as a reader would say them: the day, else the months of one year, else the years.

    >>> _period("2025-05-05", "2025-05-05"), _period("2025-03", "2025-05-05"), _period("2006-01-12", "2025-03-11")
    ('5 May 2025', 'March to May 2025', '2006 to 2025')
    """
    if first == last:
        year, month, day = (*first.split("-"), "", "")[:3]
        return " ".join(part for part in (day.lstrip("0"), _month(month), year) if part)
    if first[:4] != last[:4] or "-" not in first or "-" not in last:
        return f"{first[:4]} to {last[:4]}" if first[:4] != last[:4] else first[:4]
    one, two = _month(first[5:7]), _month(last[5:7])
    return f"{one} {first[:4]}" if one == two else f"{one} to {two} {first[:4]}"


def _month(number: str) -> str:
    return calendar.month_name[int(number)] if number.isdigit() and 1 <= int(number) <= 12 else ""


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _policy(*, scripts: Iterable[str], styles: Iterable[str]) -> str:
    def hashes(contents: Iterable[str]) -> str:
        digests = (hashlib.sha256(content.encode("utf-8")).digest() for content in contents)
        return " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests)

    return (
        f"default-src 'none'; script-src {hashes(scripts)}; style-src {hashes(styles)}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_asset("page.html"))


@cache
def _asset(name: str) -> str:
    return files(__package__).joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _our_script() -> str:
    """Our modules as one script, each in a function of its own that returns what it exports."""
    parts = [_joined_module(name, _asset(f"js/{name}.js")) for name in _MODULES]
    return _inline('"use strict";\n(() => {\nconst modules = {};\n' + "".join(parts) + "})();\n")


def _joined_module(name: str, source: str) -> str:
    exported = re.findall(r"^export\s+(?:async\s+)?(?:function|const|class)\s+(\w+)", source, flags=re.MULTILINE)
    body = re.sub(
        r'^import\s+({[^}]*})\s+from\s+"\./(\w+)\.js";$', r"const \1 = modules.\2;", source, flags=re.MULTILINE
    )
    body = re.sub(r"^export\s+", "", body, flags=re.MULTILINE)
    return f"modules.{name} = (() => {{\n{body}return {{ {', '.join(exported)} }};\n}})();\n"


@cache
def _vis_network() -> str:
    try:
        script = files("pyvis").joinpath(*_VIS_NETWORK.split("/")).read_text(encoding="utf-8")
    except (OSError, ModuleNotFoundError) as error:
        raise KGError("graph.html: the installed pyvis carries no vis-network 9.1.2; install 'pyvis>=0.3.2'") from error
    return _inline(re.sub(r"^//# sourceMappingURL=.*$", "", script, flags=re.MULTILINE))


def _inline(script: str) -> str:
    """`script`, once it is certain that it stays inside its element."""
    if re.search(r"</script|<!--", script, flags=re.IGNORECASE):
        raise KGError("graph.html: a script to be inlined would end its own element; reinstall kg and pyvis")
    return script
