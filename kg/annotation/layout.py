"""Line breaks of a text that end nothing: those of text that was wrapped to a width.

A single line break counts as soft in a block of lines (up to the next empty line) that was filled greedily, where each
line's successor begins with a word that would not have fitted (Knuth and Plass 1981 call it first-fit), and before a
line that goes on in small letters. All others stay ends of paragraphs: of headlines, datelines, lists and tables.
"""

from __future__ import annotations

import re
from itertools import pairwise

_BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)+")
_WIDTHS = range(45, 121)
"""Characters of the longest line of wrapped text."""
_ENDS = re.compile(r"[.!?:;…\"”’)\]]\s*$")
_BULLET = re.compile(r"\s*(?:[-*•·–—>#|]|\d+[.)])\s")


def soft_breaks(text: str) -> frozenset[int]:
    """Offsets of the line feeds in `text` that stand within a sentence or between two of one paragraph."""
    found: set[int] = set()
    for block in _BLOCK.finditer(text):
        lines = block.group().split("\n")
        wrapped = _is_wrapped(lines)
        at = block.start()
        for line, following in pairwise(lines):
            at += len(line)
            goes_on = following[:1].islower() and not _ENDS.search(line) and len(line.split()) > 2
            if (wrapped or goes_on) and not _BULLET.match(following) and line.strip():
                found.add(at)
            at += 1
    return frozenset(found)


def _is_wrapped(lines: list[str]) -> bool:
    """Whether the lines are one text, filled greedily."""
    stripped = [line.rstrip() for line in lines]
    width = max(map(len, stripped))
    words = [line.split() for line in stripped]
    if width not in _WIDTHS or not all(words) or any(map(_BULLET.match, stripped)):
        return False
    full = [len(line) + 1 + len(following[0]) > width for line, following in zip(stripped[:-1], words[1:], strict=True)]
    return all(full) and (len(lines) > 2 or not _ENDS.search(stripped[0]))
