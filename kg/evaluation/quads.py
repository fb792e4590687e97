"""A store → quads of plain strings: what the scores are computed from.

IRIs are strings, blank nodes `_:name`, literals `Lit`; the default graph is the empty string.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pyoxigraph as ox


class Lit(NamedTuple):
    """An RDF literal."""

    value: str
    datatype: str | None = None
    language: str | None = None


Term = str | Lit
Triple = tuple[str, str, Term]
Quad = tuple[str, str, Term, str]


def plain_quads(quads: Iterable[ox.Quad]) -> Iterator[Quad]:
    """The quads of a store, or of anything that yields quads."""
    for quad in quads:
        graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else str(_term(quad.graph_name))
        yield str(_term(quad.subject)), quad.predicate.value, _term(quad.object), graph


def _term(term: object) -> Term:
    if isinstance(term, ox.Literal):
        return Lit(term.value, term.datatype.value if term.datatype else None, term.language)
    if isinstance(term, ox.BlankNode):
        return "_:" + term.value
    return term.value if isinstance(term, ox.NamedNode) else str(term)
