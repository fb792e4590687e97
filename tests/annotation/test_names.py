"""Broad name types become the project's types."""

from __future__ import annotations

import pytest

from kg.annotation.countries import all_countries, country_code, country_named, country_of_demonym
from kg.annotation.names import name_type


@pytest.mark.parametrize(
    ("kind", "name", "tag", "label"),
    [
        ("PER", "Pete Hegseth", "NNP", "Person"),
        ("LOC", "Peru", "NNP", "Country"),
        ("LOC", "the United States", "NNP", "Country"),
        ("LOC", "PERU", "NNP", "Country"),
        ("LOC", "Lima", "NNP", "City"),
        ("LOC", "Gansu Province", "NNP", "Region"),
        ("LOC", "Lake Titicaca", "NNP", "Place"),
        ("LOC", "Kansai Airport", "NNP", "Facility"),
        ("NORP", "Peruvian", "JJ", "Country"),
        ("NORP", "Peruvians", "NNPS", "Group"),
        ("NORP", "Sunni", "JJ", "Group"),
        ("ORG", "Ministry of Defence", "NNP", "GovernmentOrganization"),
        ("ORG", "the Pentagon", "NNP", "Facility"),
        ("ORG", "Acme Corp.", "NNP", "Organization"),
        ("MISC", "Clean Air Act", "NNP", "Law"),
        ("DATE", "May 5", "CD", "Date"),
        ("NUM", "12", "CD", "Number"),
    ],
)
def test_types(kind: str, name: str, tag: str, label: str) -> None:
    words = name.split()
    assert name_type(kind, words, [tag] * len(words)).label == label


def test_countries_carry_their_wikidata_ids() -> None:
    assert name_type("LOC", ["U.S."], ["NNP"]).wikidata == "Q30"
    assert name_type("NORP", ["Norwegian"], ["JJ"]).wikidata == "Q20"
    assert country_code("Spaniard") == "ES"


def test_every_country_is_found_by_each_of_its_names() -> None:
    for country in all_countries():
        for name in (country.name, *country.aliases):
            assert country_named(name) == country
        for demonym in (*country.demonym_adjectives, *country.demonym_nouns):
            assert country_of_demonym(demonym) is not None
