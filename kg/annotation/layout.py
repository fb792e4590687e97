"""Line breaks of a text that end nothing: those of text that was wrapped to a width.

A single line break counts as soft in a block of lines (up to the next empty line) that was filled greedily, where each
line's successor begins with a word that would not have fitted (Knuth and Plass 1981 call it first-fit), and before a
line that goes on in small letters. All others stay ends of paragraphs: of headlines, datelines, lists and tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

_WIDTHS = range(45, 121)
"""Characters of the longest line of wrapped text."""
_WIDEST = 400
"""Characters of a line that are looked at."""
_ENDS = frozenset('.!?:;…"”’)]')
_BULLET = re.compile(r"\s*(?:[-*•·–—>#|]|\d+[.)])\s")


def soft_breaks(text: str) -> frozenset[int]:
    """Offsets of the line feeds in `text` that stand within a sentence or between two of one paragraph."""
    found: set[int] = set()
    begin = 0
    for block in _blocks(text.split("\n")):
        at = begin
        wrapped = _is_wrapped(block)
        for line, following in pairwise(block):
            at += len(line)
            goes_on = following[:1].islower() and not _ends(line) and len(line[:_WIDEST].split()) > 2
            if (wrapped or goes_on) and not _BULLET.match(following) and line.strip():
                found.add(at)
            at += 1
        begin += sum(map(len, block)) + len(block)
    return frozenset(found)


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Lines up to the next empty one, which is a block of its own."""
    block: list[str] = []
    for line in lines:
        if not line:
            if block:
                yield block
            yield [line]
            block = []
        else:
            block.append(line)
    if block:
        yield block


def _ends(line: str) -> bool:
    """Whether a line ends as a sentence does."""
    return line.rstrip()[-1:] in _ENDS


def _is_wrapped(lines: list[str]) -> bool:
    """Whether the lines are one text, filled greedily."""
    stripped = [line.rstrip() for line in lines]
    width = max(map(len, stripped))
    if len(lines) < 2 or width not in _WIDTHS:
        return False
    words = [line.split() for line in stripped]
    if not all(words) or any(map(_BULLET.match, stripped)):
        return False
    full = [len(line) + 1 + len(following[0]) > width for line, following in zip(stripped[:-1], words[1:], strict=True)]
    return all(full) and (len(lines) > 2 or not _ends(stripped[0]))
