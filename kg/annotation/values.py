"""Dates, money and quantities of a `Doc`, normalised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from spacy.tokens import Doc


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A stretch of text, `begin..end` in code points, and what it comes to.

    `kind` is date, money, number, percent, quantity, duration or age. `value` is ISO for dates at the stated precision
    (`2025-05-05`, `2025-05`, `2025`), else digits, a blank and a unit where there is one (`240000000 EUR`, `60 percent`).
    `relation` is since, until, from or to where the words before a date say so.
    """

    begin: int
    end: int
    value: str
    kind: str
    relation: str | None = None


def find_values(doc: Doc, reference: date | None = None) -> tuple[Value, ...]:
    """The values of `doc` in reading order, none overlapping; relative dates count from `reference`."""
    return ()
