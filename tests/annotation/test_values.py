"""Values: dates against a reference day, money, quantities, ages; offsets slice back."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from kg.annotation.numbers import plain, read_number
from kg.annotation.tokenizer import NewsTokenizer
from kg.annotation.values import find_values

VOCAB = spacy.blank("en").vocab
TOKENIZER = NewsTokenizer(VOCAB)
MONDAY = date(2025, 5, 5)


def tagged(text: str, **tags: str) -> Doc:
    """A `Doc` without a tree; every word a plain noun but for the `tags` given by word."""
    doc = TOKENIZER(text)
    for token in doc:
        token.tag_ = tags.get(token.lower_, "NN" if token.text[0].isalnum() else ".")
    return doc


def values(text: str, reference: date | None = MONDAY, **tags: str) -> list[tuple[str, str]]:
    found = find_values(tagged(text, **tags), reference)
    return [(text[value.begin : value.end], value.value) for value in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on May 5, 2025", [("May 5, 2025", "2025-05-05")]),
        ("on 5 May 2025", [("5 May 2025", "2025-05-05")]),
        ("the 5th of May 2025", [("5th of May 2025", "2025-05-05")]),
        ("on Sunday, January 20, 2008", [("Sunday, January 20, 2008", "2008-01-20")]),
        ("on 2024-02-29", [("2024-02-29", "2024-02-29")]),
        ("on 11/28/2000", [("11/28/2000", "2000-11-28")]),
        ("in June 2024", [("June 2024", "2024-06")]),
        ("in 2019", [("2019", "2019")]),
        ("in the 1990s", []),
        ("from 1971 to 1979", [("1971", "1971"), ("1979", "1979")]),
        ("May 5-7, 2025", [("May 5", "2025-05-05"), ("7, 2025", "2025-05-07")]),
        ("on 5 to 7 May", [("5", "2025-05-05"), ("7 May", "2025-05-07")]),
    ],
)
def test_written_dates(text: str, expected: list[tuple[str, str]]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Monday", "2025-05-05"),
        ("Tuesday", "2025-04-29"),
        ("today", "2025-05-05"),
        ("yesterday", "2025-05-04"),
        ("tomorrow", "2025-05-06"),
        ("last year", "2024"),
        ("next year", "2026"),
        ("last month", "2025-04"),
        ("next Tuesday", "2025-05-06"),
        ("last Monday", "2025-04-28"),
        ("in January", "2025-01"),
        ("in December", "2024-12"),
        ("next December", "2025-12"),
        ("on April 30", "2025-04-30"),
        ("on December 30", "2024-12-30"),
        ("two years ago", "2023"),
        ("a month ago", "2025-04"),
        ("ten days ago", "2025-04-25"),
    ],
)
def test_relative_dates(text: str, value: str) -> None:
    assert [found for _, found in values(text)] == [value]
    assert values(text, None) == []


def test_modal_may_is_no_month() -> None:
    assert values("He may visit", may="MD") == []
    assert values("May visits", may="MD") == []


def test_a_deadline_lies_ahead() -> None:
    (value,) = find_values(tagged("by January"), MONDAY)
    assert (value.value, value.relation, value.future) == ("2026-01", "by", True)


@pytest.mark.parametrize(
    ("text", "relations"),
    [
        ("since 2019", ["since"]),
        ("until March 2026", ["until"]),
        ("from 1971 to 1979", ["from", "to"]),
        ("between 1971 and 1979", ["from", "to"]),
        ("in 2019", [None]),
    ],
)
def test_bounds(text: str, relations: list[str | None]) -> None:
    assert [value.relation for value in find_values(tagged(text), MONDAY)] == relations


def test_tense_decides_which_friday() -> None:
    words = ["Talks", "will", "resume", "Friday"]
    doc = Doc(
        VOCAB, words=words, tags=["NNS", "MD", "VB", "NNP"], heads=[2, 2, 2, 2], deps=["nsubj", "aux", "root", "obl"]
    )
    (value,) = find_values(doc, MONDAY)
    assert (value.value, value.future) == ("2025-05-09", True)
    doc = Doc(
        VOCAB,
        words=["Talks", "resumed", "Friday"],
        tags=["NNS", "VBD", "NNP"],
        heads=[1, 1, 1],
        deps=["nsubj", "root", "obl"],
    )
    (value,) = find_values(doc, MONDAY)
    assert (value.value, value.future) == ("2025-05-02", False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$3.1 million", ("$3.1 million", "3100000 USD")),
        ("240 million euros", ("240 million euros", "240000000 EUR")),
        ("€2bn", ("€2bn", "2000000000 EUR")),
        ("A$420m", ("A$420m", "420000000 AUD")),
        ("NZ$ 26 million", ("NZ$ 26 million", "26000000 NZD")),
        ("40 million Australian dollars", ("40 million Australian dollars", "40000000 AUD")),
        ("30 cents", ("30 cents", "0.30 USD")),
        ("two hundred and fifty thousand yen", ("two hundred and fifty thousand yen", "250000 JPY")),
        ("60 percent", ("60 percent", "60 percent")),
        ("5%", ("5%", "5 percent")),
        ("71.4 per cent", ("71.4 per cent", "71.4 percent")),
        ("80 kilometres", ("80 kilometres", "80 km")),
        ("12 years", ("12 years", "12 years")),
        ("1,914 soldiers", ("1,914", "1914")),
        ("twenty-five planes", ("twenty-five", "25")),
        ("half a million people", ("half a million", "500000")),
        ("minus 30 degrees Celsius", ("minus 30 degrees Celsius", "-30 °C")),
    ],
)
def test_money_and_quantities(text: str, expected: tuple[str, str]) -> None:
    assert values(text) == [expected]


def test_money_carries_on_within_a_document() -> None:
    assert values("It earned 2 billion rand, against 640 million.") == [
        ("2 billion rand", "2000000000 ZAR"),
        ("640 million", "640000000 ZAR"),
    ]


def test_ages() -> None:
    assert [value.kind for value in find_values(tagged("a 64-year-old, and one aged 70"), MONDAY)] == ["age", "age"]


def test_age_as_a_predicate() -> None:
    doc = Doc(
        VOCAB,
        words=["She", "was", "88", "."],
        tags=["PRP", "VBD", "CD", "."],
        heads=[2, 2, 2, 2],
        deps=["nsubj", "cop", "root", "punct"],
    )
    assert [(value.value, value.kind) for value in find_values(doc, MONDAY)] == [("88", "age")]


def test_clock_and_fractions_are_no_counts() -> None:
    assert values("at 4 p.m. and three-quarters") == []


@given(st.integers(0, 999_999_999))
def test_digits_with_commas_are_read_back(number: int) -> None:
    assert read_number([f"{number:,}"], 0) == (number, 1)
    assert plain(read_number([f"{number:,}"], 0)[0]) == str(number)  # type: ignore[index]


PHRASES = [
    "May 5, 2025",
    "Tuesday",
    "last year",
    "$3.1 million",
    "since",
    "from 1971 to",
    "-",
    "%",
    "two hundred",
    "a month ago",
]
WORDS = st.sampled_from([word for phrase in PHRASES for word in phrase.split()])


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_values_lie_in_order_and_apart(text: str) -> None:
    found = find_values(tagged(text), MONDAY)
    assert all(0 <= value.begin < value.end <= len(text) for value in found)
    assert all(before.end <= after.begin for before, after in pairwise(found))
