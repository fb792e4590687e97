"""Lines as a page layout broke them → paragraphs.

A sentence that runs over several lines comes out whole: words parted by a hyphen are joined, running heads and page
numbers go. The result is a new text, so offsets count in it and not in the file.
"""

from __future__ import annotations

import re
from collections import Counter

_PAGE_NUMBER = re.compile(r"(?:page\s+)?[-–—|\[]?\s*\d{1,4}\s*[-–—|\]]?(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
_BULLET = re.compile(r"(?:[•▪◦‣*–—-]|\d{1,2}[.)]|\([a-z\d]\))\s")
_SENTENCE_END = re.compile(r"[.!?:][\"'”’)\]]*$")
_PARTED = re.compile(r"([^\W\d_]+)[-\u2010]$")
_EDGE_LINES = 2
_MIN_REPEATS = 3
_ENDED_SHARE = 0.9  # a line shorter than this share of a full one ends its paragraph, if it ends a sentence
_OPEN_SHARE = 0.6  # and if it does not: titles, cells


def unwrap(pages: list[list[str]]) -> str:
    """The paragraphs of a document given as the lines of its pages, set apart by a blank line."""
    lines = [line for page in _without_running_heads(pages) for line in page]
    words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", " ".join(lines).lower()))
    width = _full_width(lines)
    paragraphs: list[list[str]] = []  # pieces that join to a paragraph
    open_paragraph = False
    previous = ""
    for line in lines:
        if not line:
            open_paragraph = False
            continue
        if open_paragraph and not _ends_paragraph(previous, line, width):
            paragraphs[-1][-1:] = _joined(paragraphs[-1][-1], line, words)
        else:
            paragraphs.append([line])
        open_paragraph, previous = True, line
    return "\n\n".join("".join(pieces) for pieces in paragraphs)


def _without_running_heads(pages: list[list[str]]) -> list[list[str]]:
    """Pages without page numbers, and without first and last lines that come back on page after page."""
    stripped = [[" ".join(line.split()) for line in page] for page in pages]
    seen = Counter(head for page in stripped for head in {_masked(line) for line in _edges(page)})
    repeated = {head for head, count in seen.items() if count >= max(_MIN_REPEATS, len(pages) // 2)}
    kept = []
    for page in stripped:
        filled = [i for i, line in enumerate(page) if line]
        edges = set(filled[:_EDGE_LINES] + filled[-_EDGE_LINES:])
        kept.append([line for i, line in enumerate(page) if i not in edges or not _is_running_head(line, repeated)])
    return kept


def _edges(page: list[str]) -> list[str]:
    filled = [line for line in page if line]
    return filled[:_EDGE_LINES] + filled[-_EDGE_LINES:]


def _is_running_head(line: str, repeated: set[str]) -> bool:
    return _PAGE_NUMBER.fullmatch(line) is not None or _masked(line) in repeated


def _masked(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _full_width(lines: list[str]) -> int:
    """The length in characters that full lines have: half of the text stands in lines at least so long."""
    total = sum(map(len, lines))
    seen = 0
    for length in sorted(map(len, lines), reverse=True):
        seen += length
        if 2 * seen >= total:
            return length
    return 0


def _ends_paragraph(line: str, following: str, width: int) -> bool:
    if _BULLET.match(following):
        return True
    if _PARTED.search(line):
        return False
    share = _ENDED_SHARE if _SENTENCE_END.search(line) else _OPEN_SHARE
    return len(line) < share * width and not following[:1].islower()


def _joined(before: str, line: str, words: Counter[str]) -> list[str]:
    """Two lines as they join; the hyphen of a parted word goes, unless the document writes it elsewhere."""
    if before.endswith("\N{SOFT HYPHEN}"):
        return [before[:-1], line]
    parted = _PARTED.search(before)
    rest = re.match(r"[^\W\d_]+", line)
    if parted is None or rest is None:
        return [before + " ", line]
    first, second = parted.group(1).lower(), rest.group().lower()
    hyphenated = not line[0].islower() or words[f"{first}-{second}"] > words[first + second]
    return [before if hyphenated else before[:-1], line]
