"""Wordings that mean the same have the same keys, and others do not."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.evaluation import wording


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the U.S.", "US"),
        ("Mr. Key", "Key"),
        ("Tomaž Kranjc’s", "Tomaz Kranjc"),
        ("R&D", "R and D"),
        ("Ørsted", "orsted"),
    ],
)
def test_names_that_are_one(one: str, other: str) -> None:
    assert wording.name_key(one) == wording.name_key(other)


def test_ranks_and_plurals() -> None:
    assert wording.unranked(wording.name_key("General Eirik Strand")) == "eirik strand"
    assert wording.singular("defense ministers") == "defense minister"
    assert wording.singular("peru") == "peru"
    assert "strand" in wording.graph_name_keys(["Gen. Strand"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("threatens", "threaten"),
        ("complainAbout", "complainsAbout"),
        ("isGratefulFor", "gratefulFor"),
        ("poseThreatTo", "posesAThreatTo"),
        ("founded", "found"),
        ("criticizes", "criticise"),
        ("recognised", "recognize"),
        ("wrote", "write"),
    ],
)
def test_properties_that_are_one(one: str, other: str) -> None:
    assert wording.same_property(one, [other])


@pytest.mark.parametrize(
    ("one", "other"), [("holdsRole", "heldRole"), ("bornIn", "bornOn"), ("accuses", "accuseOf"), ("leads", "leaves")]
)
def test_properties_that_differ(one: str, other: str) -> None:
    assert not wording.same_property(one, [other])


@pytest.mark.parametrize(
    ("said", "accepted"),
    [
        ("over 345 pilgrims", "345"),
        ("five million euros", "5000000"),
        ("$3.4 billion", "3400000000"),
        ("1,426", "1426"),
        ("1 200 000 EUR", "1200000 EUR"),
        ("2025-05-05T00:00:00", "2025-05-05"),
        ("2025-05-05Z", "2025-05-05"),
    ],
)
def test_literals_that_are_one(said: str, accepted: str) -> None:
    assert wording.same_literal(said, [accepted])


@pytest.mark.parametrize(
    ("said", "accepted"), [("346", "345"), ("2025-05-06", "2025-05-05"), ("2025-05", "2025"), ("many", "345")]
)
def test_literals_that_differ(said: str, accepted: str) -> None:
    assert not wording.same_literal(said, [accepted])


def test_local_names_spelled_out() -> None:
    assert wording.spelled_out("https://example.org/ConferenceOfMinisters") == "Conference Of Ministers"
    assert wording.spelled_out("https://example.org/USNavy") == "US Navy"
    assert wording.local_name("https://example.org/a#b%20c") == "b c"


@given(st.text(max_size=40))
def test_any_name_has_a_key_that_ignores_case_and_determiner(name: str) -> None:
    key = wording.name_key(name)
    assert key == " ".join(key.split())
    if key:
        assert wording.name_key("the " + name) == key


@given(st.text(max_size=30))
def test_any_literal_equals_itself(value: str) -> None:
    assert wording.same_literal(value, [value.strip()])


@given(st.integers(min_value=0, max_value=10**12))
def test_numbers_survive_grouping(value: int) -> None:
    assert wording.number(f"{value:,}") == wording.number(str(value)) == value


def test_examples_in_the_documentation_hold() -> None:
    assert doctest.testmod(wording).failed == 0
