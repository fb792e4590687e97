"""A document's text → where its title and dateline stand, and the day it is of.

Only the head of the text is looked at: the first lines, before the story proper begins. Nothing is guessed from the
story itself, and nothing is changed in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kg.model import Span
from kg.reading.dateline import Dateline, find_dateline
from kg.reading.dates import WrittenDay, first_day
from kg.reading.words import layout_words

_HEAD_LINES = 10
_HEAD_CHARACTERS = 4000
_MAX_TITLE_CHARACTERS = 200
_MAX_TITLE_WORDS = 30
_LONG_PARAGRAPH_CHARACTERS = 120

_LINE = re.compile(r"[^\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_BYLINE = re.compile(r"\W{0,3}(?:by|story by|text by|photos? by)\s+\w", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.…:;,][\"'”’)\]]*\Z")
_SENTENCE_INSIDE = re.compile(r"[a-z]{4}[.]\s+[A-Z]")
_BULLET = re.compile(r"[-*•–—]\s")
_INITIALS_END = re.compile(r"\b(?:[A-Z]\.){2,}\Z")
_AFTER_DAY = re.compile(
    r"\s*(?:$|[|·•/(–—]|-\s|by\b|,?\s*(?:at\s+)?\d{1,2}[:.]\d\d|,?\s*\d{1,2}\s*[ap]\.?m\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the head of a text tells. `title` is stripped of blanks around it; `date` is ISO `YYYY-MM-DD`."""

    title: str | None = None
    date: str | None = None
    title_span: Span | None = None
    dateline_span: Span | None = None
    dateline_place_span: Span | None = None


def recognise(
    text: str,
    *,
    title: str | None = None,
    date: str | None = None,
    likely_date: str | None = None,
    heading: Span | None = None,
) -> Layout:
    """The layout of `text`.

    A `title` or `date` given as metadata stays as it is; a given title has a span only where the text begins with it.
    `likely_date` (ISO) completes a dateline without a year, and stands in where the text tells no day. `heading` is
    where markup says that the title stands.
    """
    lines = list(_head_lines(text))
    title_span = _given_title(text, lines, title) if title else heading or _title(text, lines)
    if title is None and title_span is not None:
        title = text[title_span.begin : title_span.end]
    rest = [line for line in lines if title_span is None or line.begin >= title_span.end]
    dateline = _dateline(text, rest)
    dated_line = _dated_line(text, rest, dateline)
    return Layout(
        title=title,
        date=_date(date, dateline, dated_line, likely_date),
        title_span=title_span,
        dateline_span=dateline.span if dateline else None,
        dateline_place_span=dateline.place if dateline else None,
    )


def _date(
    given: str | None, dateline: Dateline | None, dated_line: WrittenDay | None, likely: str | None
) -> str | None:
    line_date = dated_line.iso(near=likely) if dated_line else None
    filed = dateline.day.iso(near=line_date or likely) if dateline and dateline.day else None
    return given or filed or line_date or likely


def _head_lines(text: str) -> Iterator[Span]:
    """The first lines that hold more than blanks, without the blanks around them."""
    found = 0
    for match in _LINE.finditer(text, 0, min(len(text), _HEAD_CHARACTERS)):
        line = match.group()
        stripped = line.strip()
        if not stripped:
            continue
        begin = match.start() + len(line) - len(line.lstrip())
        yield Span(begin, begin + len(stripped))
        found += 1
        if found == _HEAD_LINES:
            return


def _given_title(text: str, lines: list[Span], title: str) -> Span | None:
    wanted = title.split()
    for line in lines[:2]:
        if text[line.begin : line.end].split() == wanted:
            return line
    return None


def _title(text: str, lines: list[Span]) -> Span | None:
    """The first line (after labels such as 'PRESS RELEASE'), if it stands alone and reads like a headline."""
    for i, line in enumerate(lines[:-1]):
        words = text[line.begin : line.end]
        if _is_label(words):
            continue
        following = lines[i + 1]
        if _is_front_matter(text, line) or not _reads_like_title(words):
            return None
        alone = _gap(text, line, following) or _is_front_matter(text, following)
        return line if alone or _before_paragraph(text, line, following) else None
    return None


def _reads_like_title(words: str) -> bool:
    if len(words) > _MAX_TITLE_CHARACTERS or len(words.split()) > _MAX_TITLE_WORDS or not any(map(str.isalpha, words)):
        return False
    if _SENTENCE_INSIDE.search(words) or _BULLET.match(words):
        return False
    return not _SENTENCE_END.search(words) or bool(_INITIALS_END.search(words))


def _gap(text: str, line: Span, following: Span) -> bool:
    """Whether a blank line lies between the two."""
    between = text[line.end : following.begin].replace("\r\n", "\n")
    return len(re.findall(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", between)) > 1


def _before_paragraph(text: str, line: Span, following: Span) -> bool:
    """A short line right above a long paragraph; in text wrapped by hand, lines are of one length."""
    length = following.end - following.begin
    return (
        length >= _LONG_PARAGRAPH_CHARACTERS
        and length > 2 * (line.end - line.begin)
        and not text[following.begin].islower()
    )


def _is_front_matter(text: str, line: Span) -> bool:
    """By-lines, lines that tell the day, datelines: what stands between a title and its story."""
    return (
        _BYLINE.match(text, line.begin, line.end) is not None
        or _day_of_line(text, line) is not None
        or find_dateline(text, line.begin, line.end) is not None
    )


def _dateline(text: str, lines: list[Span]) -> Dateline | None:
    """The first dateline; once the story has begun, only one with a day counts."""
    begun = False
    for line in lines:
        if _BYLINE.match(text, line.begin, line.end):
            continue
        dateline = find_dateline(text, line.begin, line.end)
        if dateline is not None and (dateline.day or not begun):
            return dateline
        begun = begun or line.end - line.begin >= _LONG_PARAGRAPH_CHARACTERS
    return None


def _dated_line(text: str, lines: list[Span], dateline: Dateline | None) -> WrittenDay | None:
    """The day of the first line that tells one with its year, before the story begins."""
    for line in lines:
        if dateline is not None and dateline.span in line:
            return None
        day = _day_of_line(text, line)
        if day is not None and day.year is not None:
            return day
        if line.end - line.begin >= _LONG_PARAGRAPH_CHARACTERS:
            return None
    return None


def _day_of_line(text: str, line: Span) -> WrittenDay | None:
    """The day of a line that is about nothing else ('Published 5 May 2025'), or of a by-line that ends with one."""
    day = first_day(text, line.begin, line.end)
    if day is None:
        return None
    before, after = text[line.begin : day.span.begin], text[day.span.end : line.end]
    if _BYLINE.match(text, line.begin, line.end):
        return day if not after.strip(" .|)") else None
    return day if _published().fullmatch(before) and _AFTER_DAY.match(after) else None


def _is_label(words: str) -> bool:
    return words.strip(" \t:*_-–—").lower().replace("’", "'") in layout_words()["labels"]


@cache
def _published() -> re.Pattern[str]:
    words = sorted(layout_words()["published"], key=len, reverse=True)
    return re.compile(rf"[\s*_(\[]*(?:(?:{'|'.join(map(re.escape, words))})\s*[:|,–—-]?\s*[*_]*\s*)?", re.IGNORECASE)
