"""Plain text and Markdown → content. The text is what stands in the file, to the last blank."""

from __future__ import annotations

import re

from kg.errors import ReadError
from kg.model import Span
from kg.reading.dates import iso_day
from kg.reading.encoding import decode
from kg.reading.values import Content

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?\r?\n)?(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(title|date)[ \t]*:[ \t]*(.*?)[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
_HEADING = re.compile(r"\s{0,3}#{1,6}[ \t]+([^\r\n]+?)[ \t]*#*[ \t]*(?:\r?\n|\Z)")
_UNDERLINED = re.compile(r"\s{0,3}(\S[^\r\n]*?)[ \t]*\r?\n(?:=+|-{3,})[ \t]*(?:\r?\n|\Z)")


def read_text(data: bytes) -> Content:
    """A file of plain text, verbatim."""
    return Content(text=decode(data))


def read_markdown(data: bytes) -> Content:
    """A file of Markdown, verbatim but for a block of metadata at its top (`---`), whose title and date are taken."""
    text = decode(data)
    title = date = None
    front = _FRONT_MATTER.match(text)
    if front:
        fields = {name.lower(): _unquoted(value) for name, value in _FIELD.findall(front.group(1) or "")}
        title, date = fields.get("title") or None, _day(fields.get("date", ""))
        text = text[front.end() :]
    return Content(text=text, title=title, date=date, heading=_first_heading(text))


def _first_heading(text: str) -> Span | None:
    blank = len(text) - len(text.lstrip("\r\n"))
    match = _HEADING.match(text, blank) or _UNDERLINED.match(text, blank)
    return Span(*match.span(1)) if match else None


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _day(value: str) -> str | None:
    """The day of a time stamp such as `2025-05-05T10:00:00Z`, or None: front matter is not ours to refuse."""
    try:
        return iso_day(value[:10])
    except ReadError:
        return None
