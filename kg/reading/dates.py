"""Calendar days as they are written at the head of a news story: 'May 5, 2025', '5 May', 'Sat., Sept. 12, 2015'."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import cache

from kg.errors import ReadError
from kg.model import Span
from kg.reading.words import layout_words

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDay:
    """A day as the text writes it; `year` is None where it is left out. `span` includes the weekday."""

    span: Span
    year: int | None
    month: int
    day: int

    def iso(self, near: str | None = None) -> str | None:
        """`YYYY-MM-DD`; without a year, the occurrence closest to the day `near` (ISO), or None without that."""
        if self.year is not None:
            return _iso(self.year, self.month, self.day)
        if near is None:
            return None
        anchor = datetime.date.fromisoformat(near)
        years = (y for y in (anchor.year - 1, anchor.year, anchor.year + 1) if _iso(y, self.month, self.day))
        days = [datetime.date(year, self.month, self.day) for year in years]
        return min(days, key=lambda day: abs(day - anchor)).isoformat() if days else None


def iso_day(text: str) -> str:
    """`text` if it is a day of the calendar as `YYYY-MM-DD`; otherwise raises `ReadError` (a reason alone)."""
    try:
        if not _ISO_DAY.fullmatch(text):
            raise ValueError(text)
        datetime.date.fromisoformat(text)
    except ValueError as error:
        raise ReadError(f"date {text!r} is not a day; write it as YYYY-MM-DD") from error
    return text


def first_day(text: str, begin: int, end: int) -> WrittenDay | None:
    """The first day written in `text[begin:end]`; offsets are those of `text`."""
    for match in _pattern().finditer(text, begin, end):
        day = _written(match)
        if day is not None:
            return day
    return None


def last_day(text: str, begin: int, end: int) -> WrittenDay | None:
    """The day with which `text[begin:end]` ends."""
    for match in _pattern().finditer(text, begin, end):
        if match.end() == end:
            return _written(match)
    return None


@cache
def weekdays() -> re.Pattern[str]:
    """Matches the name of a weekday, whole or abbreviated."""
    return re.compile(rf"(?:{_any(layout_words()['weekdays'])})\b\.?", re.IGNORECASE)


@cache
def _pattern() -> re.Pattern[str]:
    month = rf"({_any(layout_words()['months'])})\b\.?"
    day = r"(\d{1,2})(?:st|nd|rd|th)?"
    year = r"(?:\s*,?\s+(\d{4})(?!\d))?"
    forms = (
        rf"{month}\s+{day}(?![\d:]){year}",
        rf"{day}\.?\s+(?:of\s+)?{month}{year}",
        r"(\d{4})-(\d{2})-(\d{2})(?!\d)",
    )
    return re.compile(rf"(?<!\w)(?:{weekdays().pattern}\s*,?\s+)?(?:{'|'.join(forms)})(?!\w)", re.IGNORECASE)


def _written(match: re.Match[str]) -> WrittenDay | None:
    month_first, day_second, year_third, day_first, month_second, year_last, iso_year, iso_month, iso_day = (
        match.groups()
    )
    months = layout_words()["months"]
    if iso_year:
        year: int | None = int(iso_year)
        month, day = int(iso_month), int(iso_day)
    else:
        written_year = year_third or year_last
        year = int(written_year) if written_year else None
        month = months[(month_first or month_second).lower()]
        day = int(day_second or day_first)
    if _iso(year or 2000, month, day) is None:  # 2000 had a 29 February
        return None
    return WrittenDay(span=Span(*match.span()), year=year, month=month, day=day)


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def _any(words: list[str] | dict[str, int]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
