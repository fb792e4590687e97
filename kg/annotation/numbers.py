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
_HALF = Decimal("0.5")


@cache
def tables() -> Mapping[str, Mapping[str, object]]:
    """The tables of `data/values.toml`."""
    return tomllib.loads((DATA / "values.toml").read_text(encoding="utf-8"))


@cache
def word_table(name: str) -> dict[str, int]:
    """A table of words and whole numbers."""
    return {word: int(str(value)) for word, value in tables()[name].items()}


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
    small = word_table("numbers")
    if words[at] not in small:
        return None
    total = Decimal(0)
    group = Decimal(small[words[at]])
    end = at + 1
    while end < len(words):
        word = words[end]
        following = words[end + 1] if end + 1 < len(words) else ""
        if word == "-" and following in small and 0 < small[following] < 10 and group % 100 >= 20 and not group % 10:
            group += small[following]
            end += 2
        elif word == "hundred" and group < 100:
            group *= 100
            end += 1
        elif word in multipliers and word != "hundred":
            total += group * multipliers[word]
            group = Decimal(0)
            end += 1
        elif word == "and" and following in small and (group >= 100 and not group % 100 or (total and not group)):
            group += small[following]
            end += 2
        elif word in small and ((group >= 100 and not group % 100) or (total and not group)):
            group += small[word]
            end += 1
        elif word in small and 20 <= group % 100 and not group % 10 and small[word] < 10 and group > 0:
            group += small[word]
            end += 1
        else:
            break
    return total + group, end


def plain(number: Decimal) -> str:
    """The number in digits, without exponent or needless zeros behind the point."""
    if number == number.to_integral_value():
        return str(int(number))
    return format(number, "f")
