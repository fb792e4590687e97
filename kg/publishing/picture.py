"""Still pictures for notebooks and reports: a networkx graph or a row of numbers → SVG.

The same input gives the same bytes. No script, no font and no file but the picture itself is needed to show it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import KGError

if TYPE_CHECKING:
    import networkx as nx

Point = tuple[float, float]
_Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_COLOURS = ("#1d5d9b", "#9a4a00", "#2b6e3f", "#7a3b8f", "#a3243b", "#0b6b6f", "#6b5b00", "#4b4f9e")
"""Fill of groups, the most frequent first; white text on each has a contrast of more than 5 : 1."""
_REST = "#5c6370"
_INK, _FAINT, _LINE, _PAPER, _MARKED = "#1f2328", "#59616b", "#b4bac2", "#ffffff", "#b3261e"
_FONT = "font-family:system-ui,'Segoe UI','Helvetica Neue',Arial,sans-serif"
_LETTER = 6.9
"""Width of a letter of a label in pixels, on average, at 13 pixels."""
_LONGEST_LABEL = 34
_NAMED = 40
"""Labels of a picture when it is not said which; those that find no room are left out."""
_WIDTH = 960
"""Pixels from the first to the last node, at most."""
_BAR, _BAR_GAP = 20, 8


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG drawing, shown by notebooks as it is; `positions` are the places of a network's nodes in it."""

    svg: str = field(repr=False)
    positions: Mapping[Hashable, Point] = field(default_factory=dict, repr=False)

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | Path) -> None:
        """Writes the SVG file; raises `KGError` when it cannot be written."""
        try:
            Path(path).write_text(self.svg, encoding="utf-8", newline="\n")
        except OSError as error:
            raise KGError(f"{path}: {error.strerror}; give a file in a folder that can be written") from error


def draw(
    graph: nx.Graph,
    *,
    title: str = "",
    sizes: Mapping[Any, float] | None = None,
    groups: Mapping[Any, object] | None = None,
    named: Collection[Any] | None = None,
    path: Sequence[Any] = (),
    edge_labels: bool = False,
    positions: Mapping[Hashable, Point] | None = None,
) -> Picture:
    """Draws a networkx graph of any kind as a still picture.

    `sizes` (node → number ≥ 0; by default how many neighbours it has) sets the area of a node, `groups` (node →
    anything; by default the node's attribute `type`) its colour, with a legend. `named` are the nodes that get a
    label, by default the largest that leave room for one another. The nodes of `path` and the edges along it stand
    out. Edges whose attribute `fact` is false are dashed; `edge_labels` writes the attribute `label` beside each that
    has room. `positions` are those of another picture, so that two can be compared; nodes without one are left out.
    """
    nodes = sorted((node for node in graph if positions is None or node in positions), key=str)  # sets have no order
    linked = Counter(end for pair in {frozenset(edge[:2]) for edge in graph.edges()} if len(pair) == 2 for end in pair)
    weight = {node: float((linked if sizes is None else sizes).get(node, 0)) for node in nodes}
    ranked = sorted(nodes, key=lambda node: (node not in path, -weight[node], str(node)))
    wished = ranked[:_NAMED] if named is None else [node for node in ranked if node in named or node in path]
    names = {node: str(graph.nodes[node].get("label", node)) for node in nodes}
    places = positions if positions is not None else _places(graph, nodes, {node: names[node] for node in wished})
    places = {node: places[node] for node in nodes}
    largest = max(weight.values(), default=0) or 1
    grain = min(1.0, max(0.5, math.sqrt(120 / max(len(nodes), 1))))
    kinds = {
        node: str(groups.get(node, "") if groups is not None else graph.nodes[node].get("type", "")) for node in nodes
    }
    dots = {
        node: _Dot(
            *places[node], grain * (4 + 13 * math.sqrt(weight[node] / largest)), kinds[node], names[node], node in path
        )
        for node in nodes
    }
    colours = _colours(kinds.values())
    taken: list[_Box] = []
    words = [*_labels([dots[node] for node in wished], taken, every=named is not None)]
    lines, notes = _edges(graph, places, {frozenset(pair) for pair in pairwise(path)}, taken, edge_labels=edge_labels)
    left, top, right, bottom = _bounds(places, taken)
    legend, depth = _legend(colours, left, bottom + 34, right - left)
    head = [_text(left, top - 22, title, size=17, bold=True)] if title else []
    box = (left - 12, top - (48 if title else 16), right - left + 24, bottom - top + depth + (92 if title else 60))
    shown = sum(1 for tail, head_ in graph.edges() if tail in places and head_ in places)
    described = f"{title or 'Network'}: {len(nodes)} entities, {shown} relations"
    circles = [dots[node].circle(colours[kinds[node]]) for node in nodes]
    return Picture(_svg([*head, *lines, *circles, *notes, *words, *legend], box, described), places)


def bars(values: Mapping[str, float] | Iterable[tuple[str, float]], *, title: str = "") -> Picture:
    """Draws numbers ≥ 0 as horizontal bars, in the order given."""
    rows = list(values.items() if isinstance(values, Mapping) else values)
    names = [_short(str(name)) for name, _ in rows]
    left = max((len(name) for name in names), default=0) * _LETTER + 12
    largest = max((number for _, number in rows), default=0) or 1
    body = [_text(0, 20, title, size=17, bold=True)] if title else []
    top = 36 if title else 4
    for index, (name, (_, number)) in enumerate(zip(names, rows, strict=True)):
        y = top + index * (_BAR + _BAR_GAP)
        length = 420 * max(number, 0) / largest
        shown = f"{number:,}" if isinstance(number, int) else f"{number:.3g}"
        body += [
            _text(left - 8, y + 15, name, anchor="end"),
            f'<rect x="{left:.1f}" y="{y}" width="{length:.1f}" height="{_BAR}" rx="2" fill="{_COLOURS[0]}"/>',
            _text(left + length + 6, y + 15, shown, colour=_FAINT),
        ]
    height = top + len(rows) * (_BAR + _BAR_GAP)
    return Picture(_svg(body, (-8, 0, left + 500, height + 8), title or "Bars"))


@dataclass(frozen=True, slots=True)
class _Dot:
    """A node as it is drawn: centre, radius, group, name, and whether it is on the path."""

    x: float
    y: float
    radius: float
    kind: str
    name: str
    marked: bool

    def circle(self, colour: str) -> str:
        edge, width = (_MARKED, 3) if self.marked else (_PAPER, 1.5)
        return (
            f'<circle cx="{self.x:.1f}" cy="{self.y:.1f}" r="{self.radius:.1f}" fill="{colour}" stroke="{edge}" '
            f'stroke-width="{width}"><title>{escape(_plain(self.name))}</title></circle>'
        )


def _labels(dots: Iterable[_Dot], taken: list[_Box], *, every: bool) -> Iterator[str]:
    """The names below the dots, those that lie over an earlier one left out unless `every` is asked for."""
    for dot in dots:
        text, y = _short(dot.name), dot.y + dot.radius + 13
        if _free(dot.x, y, text, taken) or every or dot.marked:
            taken.append(_box(dot.x, y, text))
            yield _text(dot.x, y, text, anchor="middle", halo=True, bold=dot.marked)


def _places(graph: nx.Graph, nodes: Sequence[Any], texts: Mapping[Any, str]) -> dict[Hashable, Point]:
    """Coordinates at most `_WIDTH` pixels apart from left to right."""
    from kg.publishing.network.layout import layout

    number = {node: index for index, node in enumerate(nodes)}
    widths = [max(20.0, len(_short(texts.get(node, ""))) * _LETTER + 10) for node in nodes]
    points = layout(len(nodes), [(number[a], number[b]) for a, b in graph.edges()], widths, 46.0).tolist()
    extent = max((x for x, _ in points), default=0.0) - min((x for x, _ in points), default=0.0)
    scale = min(1.0, _WIDTH / extent) if extent else 1.0
    return {node: (round(x * scale, 1), round(y * scale, 1)) for node, (x, y) in zip(nodes, points, strict=True)}


def _edges(
    graph: nx.Graph,
    places: Mapping[Hashable, Point],
    along: set[frozenset[Any]],
    taken: list[_Box],
    *,
    edge_labels: bool,
) -> tuple[list[str], list[str]]:
    """One line for each pair of nodes, and the labels that find room."""
    together: dict[frozenset[Any], list[Mapping[str, Any]]] = {}
    for tail, head, attributes in sorted(graph.edges(data=True), key=lambda edge: sorted(map(str, edge[:2]))):
        if tail != head and tail in places and head in places:
            together.setdefault(frozenset((tail, head)), []).append(attributes)
    lines, notes = [], []
    for pair, edges in together.items():
        (x, y), (u, v) = (places[end] for end in sorted(pair, key=str))
        marked = pair in along
        dashes = "" if any(edge.get("fact", True) for edge in edges) else ' stroke-dasharray="7 5"'
        width = 3 if marked else min(1.2 + 0.5 * (len(edges) - 1), 3)
        lines.append(
            f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{u:.1f}" y2="{v:.1f}" '
            f'stroke="{_MARKED if marked else _LINE}" stroke-width="{width:g}"{dashes}/>'
        )
        spoken = _short(", ".join(filter(None, sorted({str(edge.get("label", "")) for edge in edges}))))
        middle = ((x + u) / 2, (y + v) / 2 + 4)
        if marked or (edge_labels and _free(*middle, spoken, taken)):
            taken.append(_box(*middle, spoken))
            notes.append(_text(*middle, spoken, size=11, anchor="middle", halo=True, colour=_FAINT))
    return lines, notes


def _box(x: float, y: float, text: str) -> _Box:
    half = len(text) * _LETTER / 2
    return x - half, y - 11, x + half, y + 3


def _free(x: float, y: float, text: str, taken: Iterable[_Box]) -> bool:
    left, top, right, bottom = _box(x, y, text)
    return not any(left < r and l < right and top < b and t < bottom for l, t, r, b in taken)  # noqa: E741


def _colours(kinds: Iterable[str]) -> dict[str, str]:
    counts = Counter(kinds)
    rest = {"": _REST} if len(counts) > 1 and counts.pop("", 0) else {}
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {kind: (*_COLOURS, _REST)[min(index, len(_COLOURS))] for index, (kind, _) in enumerate(ranked)} | rest


def _legend(colours: Mapping[str, str], left: float, top: float, width: float) -> tuple[list[str], float]:
    named = [kind for kind, colour in colours.items() if kind and colour != _REST]
    if any(kind and colour == _REST for kind, colour in colours.items()):
        named.append("other")
    body, x, y = [], left, top
    for kind in named:
        step = 24 + len(kind) * _LETTER + 10
        if x > left and x + step > left + width:
            x, y = left, y + 22
        body += [
            f'<circle cx="{x + 6:.1f}" cy="{y - 4:.1f}" r="6" fill="{colours.get(kind, _REST)}"/>',
            _text(x + 18, y, kind),
        ]
        x += step
    return body, y - top + (12 if named else -22)


def _bounds(places: Mapping[Hashable, Point], taken: Sequence[_Box]) -> _Box:
    if not places:
        return 0.0, 0.0, 320.0, 40.0
    boxes = [*taken, *((x - 18, y - 18, x + 18, y + 18) for x, y in places.values())]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    return left, top, max(left + 320, *(box[2] for box in boxes)), max(box[3] for box in boxes)


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _short(text: str) -> str:
    plain = _plain(text)
    return plain if len(plain) <= _LONGEST_LABEL else plain[: _LONGEST_LABEL - 1].rstrip() + "…"


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 13,
    anchor: str = "start",
    colour: str = _INK,
    bold: bool = False,
    halo: bool = False,
) -> str:
    more = f' stroke="{_PAPER}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}"{weight}{more}>'
        f"{escape(_plain(text))}</text>"
    )


def _svg(body: Iterable[str], box: tuple[float, float, float, float], description: str) -> str:
    left, top, width, height = box
    clean = escape(_plain(description))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.0f} {top:.0f} {width:.0f} {height:.0f}" '
            f'width="{min(width, 1000):.0f}" role="img" aria-label="{clean}" '
            f'style="{_FONT};max-width:100%;height:auto">',
            f"<title>{clean}</title>",
            f'<rect x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{height:.0f}" rx="6" fill="{_PAPER}"/>',
            *body,
            "</svg>",
            "",
        ]
    )
