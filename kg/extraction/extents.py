"""Phrase → tokens of its mention: the whole noun phrase, with what its label leaves out.

Numerals and determiners before the noun, and all that its complements coordinate; no relative clause or apposition.
"""

from __future__ import annotations

from kg.extraction.phrases import Phrase
from kg.extraction.syntax import Syntax
from kg.model import Kind

COUNTING = frozenset({"nummod", "det", "det:predet", "amod"})
"""Relations of what may stand before a noun and belongs to its mention only."""
NOT_COMPLEMENT = frozenset({"acl", "acl:relcl", "advcl", "parataxis", "dep", "list", "punct", "appos"})
"""Relations by which what follows a complement of a noun is no part of it."""


def extent(syntax: Syntax, phrase: Phrase) -> tuple[int, int]:
    """First and last token of the whole phrase."""
    inner = phrase.core if phrase.kind == Kind.NAME else (phrase.head, phrase.head)
    first, last = min(phrase.first, inner[0]), max(phrase.last, inner[1])
    if phrase.title_of is not None or (phrase.name is not None and phrase.name.demonym):
        return first, last
    return _leftmost(syntax, phrase.head, first), _rightmost(syntax, phrase.head, last)


def _leftmost(syntax: Syntax, head: int, first: int) -> int:
    """'300 soldiers', 'about 300 soldiers'."""
    for child in reversed(syntax.children[head]):
        if child < first and syntax.dep[child] in COUNTING:
            tokens = syntax.subtree(child)
            first = tokens[0] if tokens[-1] == first - 1 else first
    return first


def _rightmost(syntax: Syntax, head: int, last: int) -> int:
    """'the ministers of defence and trade'."""
    for child in syntax.dependents(head, "nmod"):
        if head < child <= last:
            last = max(last, *syntax.subtree(child, without=NOT_COMPLEMENT))
    while last > head and syntax.pos[last] in ("PUNCT", "CCONJ"):
        last -= 1
    return last
