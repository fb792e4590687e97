"""Rows of an answer for people: a list of dictionaries that a notebook shows as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from typing import Any

import pyoxigraph as ox

from kg.graph import Answer, Names
from kg.graph.quads import relation_label
from kg.graph.turtle import TurtleWriter
from kg.publishing.naming import short_name
from kg.vocabulary import DCTERMS, ONTOLOGY_IRI

Row = dict[str, str | None]

_SHOWN = 60
"""Rows of a table in a notebook; the rest is counted."""
_WIDEST = 48
"""Letters of a cell where a table is shown as text."""
_CELL = "text-align:left;vertical-align:top;overflow-wrap:break-word"


class Rows(list[Row]):
    """The rows of a table: column → value, None where there is none.

    A list of dictionaries in every respect, so `pandas.DataFrame(rows)` takes it as it is. `columns` are the names of
    the columns, also of a table without rows. A notebook shows the rows as a table; all text in it is escaped.
    """

    def __init__(self, rows: Iterable[Row] = (), columns: Sequence[str] = (), *, caption: str = "") -> None:
        super().__init__(rows)
        self.columns = tuple(columns) or tuple(self[0] if self else ())
        self.caption = caption

    def first(self, count: int) -> Rows:
        """The first `count` rows."""
        return Rows(self[:count], self.columns, caption=self.caption)

    def only(self, *columns: str) -> Rows:
        """The same rows with these columns alone, in this order, repeated rows once. Raises `KeyError`."""
        kept = {tuple(row[column] for column in columns): None for row in self}
        return Rows((dict(zip(columns, values, strict=True)) for values in kept), columns, caption=self.caption)

    def where(self, **values: str | None) -> Rows:
        """The rows whose columns have these values, in the same order. Raises `KeyError`."""
        kept = (row for row in self if all(row[column] == value for column, value in values.items()))
        return Rows(kept, self.columns, caption=self.caption)

    def titled(self, caption: str) -> Rows:
        """The same rows under a caption."""
        return Rows(self, self.columns, caption=caption)

    def column(self, name: str) -> list[str | None]:
        """The values of one column, row by row. Raises `KeyError` when there is no such column."""
        if name not in self.columns:
            raise KeyError(name)
        return [row[name] for row in self]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What IPython shows where it cannot show HTML: the rows as lines of text."""
        widths = [max(len(_clipped(cell)) for cell in (name, *self.column(name)[:_SHOWN])) for name in self.columns]
        lines = [self.columns, ["-" * width for width in widths], *(row.values() for row in self[:_SHOWN])]
        for cells in () if cycle else lines:
            padded = (_clipped(cell).ljust(width) for cell, width in zip(cells, widths, strict=True))
            printer.text("  ".join(padded).rstrip() + "\n")
        printer.text(self._counted())

    def _counted(self) -> str:
        hidden = f", the first {_SHOWN} shown" if len(self) > _SHOWN else ""
        return f"{len(self)} {'row' if len(self) == 1 else 'rows'}{hidden}"

    def _repr_html_(self) -> str:
        head = "".join(f'<th style="{_CELL}">{escape(name)}</th>' for name in self.columns)
        body = "".join(f"<tr>{''.join(map(_cell, row.values()))}</tr>\n" for row in self[:_SHOWN])
        caption = f'<caption style="text-align:left">{escape(self.caption)}</caption>' if self.caption else ""
        table = f"<table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>"
        return f"{table}\n<p>{self._counted()}</p>"


def _clipped(cell: str | None) -> str:
    text = " ".join((cell or "").split())
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _cell(value: str | None) -> str:
    return f'<td style="{_CELL}">{escape(value or "")}</td>'


def answer_rows(answer: Answer, store: ox.Store | None = None) -> Rows:
    """The rows of an answer: IRIs as prefixed names or, with the `store` they come from, as names of things."""
    writer = TurtleWriter(answer.prefixes)
    names = Names(store) if store is not None else None

    @cache
    def spoken(iri: str) -> str:
        if names is None or store is None:
            return writer.name(iri) or iri
        for quad in store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(DCTERMS.source), None, None):
            if isinstance(quad.object, ox.Literal):
                return quad.object.value  # a document is known by its path
        label = names.label(iri)
        if iri.startswith((ONTOLOGY_IRI, answer.prefixes["rel"])) and label == names.short(iri):
            return relation_label(iri.replace("#", "/").rpartition("/")[2])
        return label.removeprefix("<").removesuffix(">") if label == f"<{iri}>" else label

    def cell(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str | None:
        return spoken(term.value) if isinstance(term, ox.NamedNode) else short_name(term, writer)

    return Rows((dict(zip(answer.variables, map(cell, row), strict=True)) for row in answer), columns=answer.variables)
