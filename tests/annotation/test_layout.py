"""Which line breaks end nothing."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.annotation.layout import soft_breaks

STORY = (
    "The minister said on Monday that Tidewater Energy had acquired Calder Bank, which has its seat in Lima. He did "
    "not say when the sale would be closed. It is the largest one in the country so far, and the first abroad."
)


def breaks(text: str) -> set[int]:
    return {index for index, char in enumerate(text) if char == "\n"}


@pytest.mark.parametrize("width", [50, 60, 72, 80])
def test_wrapped_text_has_soft_breaks_alone(width: int) -> None:
    text = textwrap.fill(STORY, width)
    assert soft_breaks(text) == breaks(text)


@pytest.mark.parametrize(
    "text",
    [
        f"Peru hosts the summit\n{STORY}",
        f"{STORY}\n{STORY}",
        "LIMA\nPeru hosts the talks.",
        "* radars for Peru\n* ships for Chile\n* more of both",
        "Name: Ruiz\nOffice: minister\nBody: Peru",
        "Peru 12\nChile 14\nBolivia 9",
        f"{STORY}\n\n{STORY}",
    ],
)
def test_ends_of_paragraphs_and_lists_stay(text: str) -> None:
    assert soft_breaks(text) == set()


def test_a_line_that_goes_on_in_small_letters_is_one_with_the_last() -> None:
    text = "The minister of defence\nthanked Peru for its help."
    assert soft_breaks(text) == breaks(text)


@given(st.text(st.sampled_from("ab. \n*-\r\t9A"), max_size=400))
def test_only_line_feeds_are_soft(text: str) -> None:
    assert soft_breaks(text) <= breaks(text)
