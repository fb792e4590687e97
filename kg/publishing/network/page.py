"""`NetworkData` → one HTML page that asks the network for nothing.

The page is our template with its style, our scripts joined into one, vis-network, and the data as JSON. A content
security policy lets exactly these scripts and this style run, by their hashes, and forbids everything else; names and
sentences reach the page as JSON and as text nodes only.
"""

from __future__ import annotations

import base64
import calendar
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import jinja2
import pyoxigraph as ox
from markupsafe import Markup

from kg.errors import KGError
from kg.publishing.network.data import network_data
from kg.publishing.network.payload import json_in_html, payload
from kg.publishing.network.values import NetworkData
from kg.vocabulary import DEFAULT_BASE

_MODULES = (
    "dom", "data", "theme", "shapes", "address", "placement", "folding", "mentions", "evidence", "labels", "renderer",
    "canvas", "panel", "live", "search", "legend", "reading", "table", "timeline", "downloads", "arrangement", "menus",
    "main",
)  # fmt: skip
"""Our scripts, in the order in which they are joined: each uses only those before it."""

_BUNDLED = "bundled/vis-network.js"
_PYVIS = "templates/lib/vis-9.1.2/vis-network.min.js"
_LIST_LIMIT = 1500
"""Relations in the list for readers without JavaScript, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Where a page on a live store asks for more: addresses relative to its own, on the same server.

    `answers` is what the names of `kg.publishing.network.answer` are put behind; `editor` is the query editor's
    address, None where there is none.
    """

    answers: str = "explore/"
    editor: str | None = "query"


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


def page(data: NetworkData, *, title: str | None = None, served: Served | None = None) -> str:
    """The whole HTML document. `title` is its headline; by default the focus or 'Knowledge graph'.

    `served` names the addresses at which the page may ask for more; without it the page asks nothing of anyone.
    """
    heading = title or _heading(data)
    content = payload(data, heading, texts=served is None)
    if served is not None:
        content["served"] = {"answers": served.answers, "editor": served.editor}
    library, script, style = _vis_network(), _our_script(), _asset("page.css")
    template = _template()
    return template.render(
        title=heading,
        policy=_policy(scripts=(library, script), styles=(style,), connect=served is not None),
        library=Markup(library),  # noqa: S704 - checked by _inline
        script=Markup(script),  # noqa: S704 - checked by _inline
        style=Markup(style),  # noqa: S704 - our own file
        payload=Markup(json_in_html(content)),  # noqa: S704 - escaped by json_in_html
        summary=summary(data),
        data=data,
        names={node.iri: node.label for node in data.nodes},
        titles={document.iri: document.title for document in data.documents},
        limit=_LIST_LIMIT,
    )


def summary(data: NetworkData) -> list[str]:
    """The line under the headline, in parts: counts, then the dates the documents span."""
    facts = sum(edge.is_fact for edge in data.edges)
    parts = [_count(len(data.nodes), "entity", "entities"), _count(facts, "fact", "facts")]
    if len(data.edges) > facts:
        parts.append(_count(len(data.edges) - facts, "claim, plan or denial", "claims, plans and denials"))
    if data.documents:
        parts.append(_count(len(data.documents), "document", "documents"))
    if data.date_range:
        parts.append(_period(*data.date_range))
    if data.truncated:
        parts[0] = f"the {len(data.nodes):,} most central of {data.total_nodes:,} entities"
    return parts


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


def _policy(*, scripts: Iterable[str], styles: Iterable[str], connect: bool) -> str:
    def hashes(contents: Iterable[str]) -> str:
        digests = (hashlib.sha256(content.encode("utf-8")).digest() for content in contents)
        return " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests)

    return (
        f"default-src 'none'; script-src {hashes(scripts)}; style-src {hashes(styles)}; "
        "img-src data: blob:; " + ("connect-src 'self'; " if connect else "") + "base-uri 'none'; form-action 'none'"
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
    """vis-network as the package was built with it, else the older and larger one that pyvis carries."""
    bundled = files(__package__).joinpath(*_BUNDLED.split("/"))
    if bundled.is_file():
        return _inline(bundled.read_text(encoding="utf-8"))
    try:
        script = files("pyvis").joinpath(*_PYVIS.split("/")).read_text(encoding="utf-8")
    except (OSError, ModuleNotFoundError) as error:
        raise KGError("graph.html: the installed pyvis carries no vis-network 9.1.2; install 'pyvis>=0.3.2'") from error
    return _inline(re.sub(r"^//# sourceMappingURL=.*$", "", script, flags=re.MULTILINE))


def _inline(script: str) -> str:
    """`script`, once it is certain that it stays inside its element."""
    if re.search(r"</script|<!--", script, flags=re.IGNORECASE):
        raise KGError("graph.html: a script to be inlined would end its own element; reinstall kg and pyvis")
    return script
