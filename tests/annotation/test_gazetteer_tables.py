"""The gazetteers that ship with the package: their structure, and that no name stands for two things."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import kg.annotation

DATA = Path(kg.annotation.__file__).parent / "data"
COLUMNS = {
    "countries": "qid name aliases demonym_nouns demonym_adjectives capital capital_qid iso2 capital_aliases",
    "places": "qid name aliases type country_qid demonyms",
    "organizations": "qid name aliases type country_qid",
}
TYPES = {"places": {"City", "Region", "Facility", "Place"}, "organizations": {"Organization", "GovernmentOrganization"}}


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def names(row: dict[str, str]) -> Iterator[str]:
    yield row["name"]
    yield from filter(None, row["aliases"].split("|"))


@pytest.mark.parametrize("table", COLUMNS)
def test_cells_follow_the_format(table: str) -> None:
    for row in rows(table):
        assert list(row) == COLUMNS[table].split(), row
        assert row["name"], row
        for column, cell in row.items():
            assert all(value == value.strip() and (value or not cell) for value in cell.split("|")), (column, row)
            if column.endswith("qid"):
                assert re.fullmatch(r"(Q[1-9]\d*)?", cell), (column, row)


@pytest.mark.parametrize("table", COLUMNS)
def test_one_name_one_row(table: str) -> None:
    seen = Counter(name for row in rows(table) for name in names(row))
    assert not {name for name, count in seen.items() if count > 1}
    identifiers = Counter(row["qid"] for row in rows(table) if row["qid"])
    assert not {qid for qid, count in identifiers.items() if count > 1}


@pytest.mark.parametrize("table", TYPES)
def test_types_and_countries_are_known(table: str) -> None:
    countries = {row["qid"] for row in rows("countries")}
    for row in rows(table):
        assert row["type"] in TYPES[table], row
        assert row["country_qid"] in countries | {""}, row


def test_every_country_has_identifier_and_every_state_a_code() -> None:
    countries = rows("countries")
    assert all(row["qid"] for row in countries)
    codes = Counter(row["iso2"] for row in countries if row["iso2"])
    assert set(codes.values()) == {1}
    assert {row["name"] for row in countries if not row["iso2"]} == {"England", "Scotland", "Wales", "Northern Ireland"}


def test_capitals_stand_with_their_country_only() -> None:
    countries = rows("countries")
    capitals = [name for row in countries for name in [row["capital"], *row["capital_aliases"].split("|")] if name]
    assert len(capitals) == len(set(capitals))
    assert not set(capitals) & {name for row in rows("places") for name in names(row)}
    assert all(row["capital"] for row in countries if row["capital_qid"])


def test_what_news_calls_them() -> None:
    found = {name: row["qid"] for row in rows("countries") for name in names(row)}
    assert found["U.S."] == found["USA"] == found["United States of America"] == "Q30"
    assert found["UK"] == found["Britain"] == "Q145"
    assert found["Burma"] == "Q836"
    assert found["DRC"] == "Q974"
    assert found["Czechia"] == "Q213"
