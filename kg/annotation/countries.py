"""Names, demonyms and capitals → countries, from `data/countries.tsv`.

Where two countries share a name or demonym ('Congolese'), the first line of the table has it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "countries.tsv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """One country or territory; the Wikidata ids are empty where the table has none."""

    name: str
    wikidata: str
    iso2: str
    aliases: tuple[str, ...]
    demonym_nouns: tuple[str, ...]
    demonym_adjectives: tuple[str, ...]
    capital: str
    capital_wikidata: str
    capital_aliases: tuple[str, ...]


@cache
def all_countries() -> tuple[Country, ...]:
    """The table, in its own order."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Country(
                name=row["name"],
                wikidata=row["qid"],
                iso2=row["iso2"],
                aliases=_values(row["aliases"]),
                demonym_nouns=_values(row["demonym_nouns"]),
                demonym_adjectives=_values(row["demonym_adjectives"]),
                capital=row["capital"],
                capital_wikidata=row["capital_qid"],
                capital_aliases=_values(row.get("capital_aliases") or ""),
            )
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        )


def country_named(name: str) -> Country | None:
    """The country of that name or alias, 'the' or not; upper case counts ('PERU'), other case must agree.

    >>> country_named("the United States").wikidata
    'Q30'
    """
    return _lookup(_names(), name)


def country_of_demonym(word: str) -> Country | None:
    """The country whose people or things are so called: 'Peruvian', 'Peruvians', 'Spaniard'."""
    return _lookup(_demonyms(), word)


def country_code(name: str) -> str | None:
    """Two letters (ISO 3166) of the country that a name, demonym or capital means."""
    found = country_named(name) or country_of_demonym(name) or country_of_capital(name)
    return found.iso2 if found else None


def country_of_capital(name: str) -> Country | None:
    """The country whose capital is so called."""
    return _lookup(_capitals(), name)


def _values(field: str) -> tuple[str, ...]:
    return tuple(value for value in field.split("|") if value)


def _key(name: str) -> str:
    return " ".join(name.replace("’", "'").split())


def _lookup(table: dict[str, Country], name: str) -> Country | None:
    key = _key(name)
    bare = key[4:] if key[:4].lower() == "the " else key
    return table.get(key) or table.get(bare)


def _index(names: Callable[[Country], Iterable[str]]) -> dict[str, Country]:
    """Name → country; names of more than three letters also in capitals. The first country of a name keeps it."""
    table: dict[str, Country] = {}
    for country in all_countries():
        for name in names(country):
            if name:
                table.setdefault(_key(name), country)
                if len(name) > 3:
                    table.setdefault(_key(name).upper(), country)
    return table


@cache
def _names() -> dict[str, Country]:
    return _index(lambda country: (country.name, *country.aliases))


@cache
def _demonyms() -> dict[str, Country]:
    return _index(lambda country: (*country.demonym_adjectives, *country.demonym_nouns))


@cache
def _capitals() -> dict[str, Country]:
    return _index(lambda country: (country.capital, *country.capital_aliases))
