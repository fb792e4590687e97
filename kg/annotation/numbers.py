"""Words → numbers: '1,914', '3.1 million', 'two hundred and fifty', 'twenty-five', 'half a million'."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_TEN, _TWENTY = 10, 20
_HALF = Decimal("0.5")


@cache
def tables() -> Mapping[str, Mapping[str, object]]:
    """The tables of `data/values.toml`."""
    return tomllib.loads((DATA / "values.toml").read_text(encoding="utf-8"))


@cache
def word_table(name: str) -> dict[str, int]:
    """A table of words and whole numbers."""
    return {word: int(str(value)) for word, value in tables()[name].items()}


@cache
def listed_words(name: str) -> frozenset[str]:
    """The words listed under `[words]`."""
    return frozenset(str(tables()["words"][name]).split())


def digits(word: str) -> Decimal | None:
    """The number that a word in digits writes, or None."""
    return Decimal(word.replace(",", "")) if _DIGITS.fullmatch(word) else None


def read_number(words: Sequence[str], at: int) -> tuple[Decimal, int] | None:
    """The number that begins at word `at` (lower-cased words) and the index behind its last word, or None.

    >>> read_number(["two", "hundred", "and", "fifty", "people"], 0)
    (Decimal('250'), 4)
    """
    if words[at] == "half" and words[at + 1 : at + 2] == ["a"] and at + 2 < len(words):
        multiplier = word_table("multipliers").get(words[at + 2])
        return (_HALF * multiplier, at + 3) if multiplier else None
    if words[at] == "a" and at + 1 < len(words):
        multiplier = word_table("multipliers").get(words[at + 1])
        return (Decimal(multiplier), at + 2) if multiplier else None
    return _read_plain(words, at)


def _read_plain(words: Sequence[str], at: int) -> tuple[Decimal, int] | None:
    first = digits(words[at])
    multipliers = word_table("multipliers")
    if first is not None:
        end = at + 1
        while end < len(words) and words[end] in multipliers:
            first *= multipliers[words[end]]
            end += 1
        return first, end
    group = _below_thousand(words, at)
    if group is None:
        return None
    total = Decimal(0)
    number, end = group
    while end < len(words) and words[end] in multipliers:
        total += number * multipliers[words[end]]
        number = 0
        end += 1
        group = _below_thousand(words, _behind_and(words, end))
        if group:
            number, end = group
    return total + number, end


def _behind_and(words: Sequence[str], at: int) -> int:
    return at + 1 if at < len(words) and words[at] == "and" else at


def _below_thousand(words: Sequence[str], at: int) -> tuple[int, int] | None:
    """'three hundred and twenty-five', 'twenty five', 'eleven' at word `at` and the index behind it."""
    found = _below_hundred(words, at)
    if found is None or words[found[1] : found[1] + 1] != ["hundred"]:
        return found
    hundreds, end = found[0] * 100, found[1] + 1
    rest = _below_hundred(words, _behind_and(words, end))
    return (hundreds + rest[0], rest[1]) if rest else (hundreds, end)


def _below_hundred(words: Sequence[str], at: int) -> tuple[int, int] | None:
    small = word_table("numbers")
    value = small.get(words[at]) if at < len(words) else None
    if value is None:
        return None
    unit = at + 2 if words[at + 1 : at + 2] == ["-"] else at + 1
    if value >= _TWENTY and unit < len(words) and 0 < small.get(words[unit], 0) < _TEN:
        return value + small[words[unit]], unit + 1
    return value, at + 1


def plain(number: Decimal) -> str:
    """The number in digits, without exponent or needless zeros behind the point."""
    if number == number.to_integral_value():
        return str(int(number))
    return format(number, "f")
