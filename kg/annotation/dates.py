"""Words → dates: absolute ones as they are written, relative ones against a reference day.

Dates are ISO 8601 at the precision of the text: `2025-05-05`, `2025-05`, `2025`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from kg.annotation.numbers import listed_words, read_number, word_table

_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_YEAR = re.compile(r"1[0-9]{3}|20[0-9]{2}")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")
_HYPHENS = frozenset("-–—")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date over words `begin..end` of a sentence."""

    begin: int
    end: int
    value: str


def month_number(word: str) -> int | None:
    """1 to 12 for the name of a month or its abbreviation, in lower case, with or without its full stop."""
    return word_table("months").get(word.removesuffix("."))


def weekday_number(word: str) -> int | None:
    """0 (Monday) to 6 for the name of a weekday or its abbreviation, in lower case."""
    return word_table("weekdays").get(word.removesuffix("."))


@cache
def _openers() -> frozenset[str]:
    tables_of_words = (word_table(name) for name in ("months", "weekdays", "days", "numbers"))
    known = {word for table in tables_of_words for word in table}
    return frozenset(known).union(("a", "an"), *(listed_words(name) for name in ("this", "last", "next")))


def opens_date(word: str) -> bool:
    """Whether a date can begin with this word (in lower case); most words are none."""
    return word[:1].isdigit() or word.removesuffix(".") in _openers()


def read_date(words: Sequence[str], at: int, reference: date | None, *, future: bool | None) -> list[FoundDate]:
    """The dates that begin at word `at` (lower-cased words): none, one, or the two ends of a range.

    `future` tells a clause about what is to come (True), what has been (False), or neither (None). Without a
    `reference`, only full dates, months with years and years are found.
    """
    for reader in (_read_iso, _read_slashed, _read_written):
        found = reader(words, at, reference, future)
        if found:
            return found
    if reference is None:
        return []
    return _read_relative(words, at, reference, future)


def is_year(word: str) -> bool:
    """Whether the word may be a year of the Christian era, 1000 to 2099."""
    return _YEAR.fullmatch(word) is not None


def _read_iso(words: Sequence[str], at: int, _: date | None, __: bool | None) -> list[FoundDate]:
    if len(words) < at + 5 or words[at + 1] != "-" or words[at + 3] != "-" or not is_year(words[at]):
        return []
    if not (words[at + 2].isdigit() and words[at + 4].isdigit()):
        return []
    value = _day(int(words[at]), int(words[at + 2]), int(words[at + 4]))
    return [FoundDate(at, at + 5, value)] if value else []


def _read_slashed(words: Sequence[str], at: int, _: date | None, __: bool | None) -> list[FoundDate]:
    match = _SLASHED.fullmatch(words[at])
    if not match:
        return []
    first, second, year = (int(group) for group in match.groups())
    if year < 100:
        year += 2000 if year < 50 else 1900
    value = _day(year, first, second) or _day(year, second, first)
    return [FoundDate(at, at + 1, value)] if value else []


def _read_written(words: Sequence[str], at: int, reference: date | None, future: bool | None) -> list[FoundDate]:
    """'[Tuesday,] May 5[, 2025]', '5 May [2025]', 'the 5th of May', 'May 2025', 'May 5-7', '5 to 7 May'."""
    first = _behind_weekday(words, at)
    found = _month_first(words, first) or _day_first(words, first)
    if not found:
        return []
    month, days, end = found
    year, end = _year_behind(words, end)
    if not days:
        return [FoundDate(at, end, f"{year:04d}-{month:02d}")] if year and first == at else []
    days = [replace(days[0], begin=at), *days[1:]]
    days[-1] = replace(days[-1], end=end)
    results = []
    for day in days:
        value = _day(year, month, day.number) if year else _nearest(month, day.number, reference, future)
        if value is None:
            return []
        results.append(FoundDate(day.begin, day.end, value))
    return results


@dataclass(frozen=True, slots=True)
class _DayWord:
    number: int
    begin: int
    end: int


def _behind_weekday(words: Sequence[str], at: int) -> int:
    """Where a day of a month may be written behind 'Tuesday,'; `at` itself where no weekday stands."""
    if weekday_number(words[at]) is None:
        return at
    at += 1
    while at < len(words) and words[at] in (",", "the", "("):
        at += 1
    return at


def _month_first(words: Sequence[str], at: int) -> tuple[int, list[_DayWord], int] | None:
    month = month_number(words[at]) if at < len(words) else None
    if not month:
        return None
    end = at + 1
    day = _day_number(words, end)
    if day is None:
        return month, [], end
    days = [_DayWord(day, at, end + 1)]
    end += 1
    if end + 1 < len(words) and (words[end] in _HYPHENS or words[end] == "to"):
        last = _day_number(words, end + 1)
        if last is not None and last > day:
            days.append(_DayWord(last, end + 1, end + 2))
            end += 2
    return month, days, end


def _day_first(words: Sequence[str], at: int) -> tuple[int, list[_DayWord], int] | None:
    day = _day_number(words, at)
    if day is None:
        return None
    days = [_DayWord(day, at, at + 1)]
    end = at + 1
    if end + 1 < len(words) and (words[end] in _HYPHENS or words[end] in ("to", "and")):
        last = _day_number(words, end + 1)
        if last is None:
            return None
        days.append(_DayWord(last, end + 1, end + 2))
        end += 2
    if end < len(words) and words[end] == "of":
        end += 1
    month = month_number(words[end]) if end < len(words) else None
    return (month, days, end + 1) if month else None


def _day_number(words: Sequence[str], at: int) -> int | None:
    match = _DAY.fullmatch(words[at]) if at < len(words) else None
    return int(match[1]) if match and 1 <= int(match[1]) <= 31 else None


def _year_behind(words: Sequence[str], end: int) -> tuple[int | None, int]:
    """The year at `end`, with a comma or 'of' before it, and the index behind it."""
    skipped = end + 1 if end + 1 < len(words) and words[end] in (",", "of") else end
    if skipped < len(words) and is_year(words[skipped]):
        return int(words[skipped]), skipped + 1
    return None, end


def _day(year: int, month: int, day: int) -> str | None:
    """ISO of a day, or None where the calendar has no such day."""
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


def _nearest(month: int, day: int, reference: date | None, future: bool | None) -> str | None:
    """A day without a year: the next one in a clause about the future, the last one in one about the past, else the
    nearest to `reference`.
    """
    if reference is None:
        return None
    candidates = []
    for year in range(reference.year - 4, reference.year + 5):
        value = _day(year, month, day) if 1 <= year <= 9999 else None
        if value:
            candidates.append(date.fromisoformat(value))
    if future is not None:
        wanted = [one for one in candidates if (one >= reference if future else one <= reference)]
        candidates = wanted or candidates
    return min(candidates, key=lambda one: abs((one - reference).days)).isoformat() if candidates else None


def _read_relative(words: Sequence[str], at: int, reference: date, future: bool | None) -> list[FoundDate]:
    word = words[at]
    days = word_table("days").get(word)
    if days is not None:
        return [FoundDate(at, at + 1, (reference + timedelta(days)).isoformat())]
    following = words[at + 1] if at + 1 < len(words) else ""
    if word in listed_words("this") and following in listed_words("parts_of_day"):
        return [FoundDate(at, at + 2, reference.isoformat())]
    for name, step in (("this", 0), ("last", -1), ("next", 1)):
        if word in listed_words(name):
            return _read_stepped(words, at, reference, step)
    if weekday_number(word) is not None:
        return [FoundDate(at, at + 1, _weekday(weekday_number(word) or 0, reference, future))]
    if month_number(word) is not None:
        return [FoundDate(at, at + 1, _month(month_number(word) or 0, reference, future))]
    return _read_ago(words, at, reference)


def _read_stepped(words: Sequence[str], at: int, reference: date, step: int) -> list[FoundDate]:
    """'this', 'last', 'next' with a year, month, weekday or month's name."""
    if at + 1 >= len(words):
        return []
    word = words[at + 1]
    if word == "year":
        return [FoundDate(at, at + 2, f"{reference.year + step:04d}")]
    if word == "month":
        return [FoundDate(at, at + 2, _months_away(reference, step))]
    weekday, month = weekday_number(word), month_number(word)
    if weekday is not None:
        future = {-1: False, 0: None, 1: True}[step]
        day = date.fromisoformat(_weekday(weekday, reference, future))
        if day == reference and step:
            day += timedelta(7 * step)
        return [FoundDate(at + 1, at + 2, day.isoformat())]
    if month is not None:
        if step == 0:
            return [FoundDate(at + 1, at + 2, f"{reference.year:04d}-{month:02d}")]
        value = _month(month, reference, step > 0)
        if value == f"{reference:%Y-%m}":
            value = f"{reference.year + step:04d}-{month:02d}"
        return [FoundDate(at + 1, at + 2, value)]
    return []


def _read_ago(words: Sequence[str], at: int, reference: date) -> list[FoundDate]:
    """'two years ago' (a year), 'a month ago' (a month), 'five days ago' and 'a week ago' (a day)."""
    if words[at] in ("a", "an"):
        count, end = 1, at + 1
    else:
        number = read_number(words, at)
        if not number or number[0] != number[0].to_integral_value() or number[0] > 1000:
            return []
        count, end = int(number[0]), number[1]
    if end + 1 >= len(words) or words[end + 1] not in listed_words("ago"):
        return []
    unit = words[end].removesuffix("s")
    if unit == "year" and count < reference.year:
        return [FoundDate(at, end + 2, f"{reference.year - count:04d}")]
    if unit == "month" and count < reference.year:
        return [FoundDate(at, end + 2, _months_away(reference, -count))]
    days = {"day": 1, "week": 7}.get(unit)
    return [FoundDate(at, end + 2, (reference - timedelta(days * count)).isoformat())] if days else []


def _months_away(reference: date, months: int) -> str:
    year, month = divmod(reference.year * 12 + reference.month - 1 + months, 12)
    return f"{year:04d}-{month + 1:02d}"


def _weekday(weekday: int, reference: date, future: bool | None) -> str:
    """The last such day on or before `reference`, or, in a clause about the future, the next one behind it."""
    back = (reference.weekday() - weekday) % 7
    return (reference + timedelta(7 - back if future else -back)).isoformat()


def _month(month: int, reference: date, future: bool | None) -> str:
    """The last such month up to that of `reference`, or, in a clause about the future, the next one from it on."""
    year = reference.year
    if future and month < reference.month:
        year += 1
    if not future and month > reference.month:
        year -= 1
    return f"{year:04d}-{month:02d}"
