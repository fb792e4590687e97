"""The network's broad name types → the project's types, with the table of countries and words that tell."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.annotation.countries import country_named, country_of_capital, country_of_demonym
from kg.annotation.gazetteer import known_body, known_place

_TABLE = Path(__file__).parent / "data" / "name_types.toml"
_JOINERS = frozenset({"of", "for", "on", "to", "in"})


@dataclass(frozen=True, slots=True)
class NameType:
    """The local name of a `kg:` class (or Date, Money, Number) and the Wikidata id where the table knows it."""

    label: str
    wikidata: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    government_heads: frozenset[str]
    government_names: frozenset[str]
    place_heads: frozenset[str]
    region_heads: frozenset[str]
    regions: frozenset[str]
    facility_heads: frozenset[str]
    event_heads: frozenset[str]
    law_heads: frozenset[str]


@cache
def _words() -> _Words:
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    names = {key: frozenset(name.strip() for name in table[key].split("|")) for key in ("government_names", "regions")}
    heads = {key: frozenset(table[key].split()) for key in table if key.endswith("_heads")}
    return _Words(**names, **heads)


def name_type(kind: str, words: Sequence[str], xpos: Sequence[str]) -> NameType:
    """The project's type of the name `words`, tagged `kind` by the network; `xpos` are its Penn tags."""
    name = " ".join(words).replace(" 's", "'s").replace(" ’s", "’s")
    match kind:
        case "Demonym":
            return name_type("NORP", words, xpos)
        case "Country" | "City" | "Region" | "Place" | "Facility" | "Organization" | "GovernmentOrganization":
            return _known_type(kind, name)
        case "Date" | "Money" | "Number" | "Person" | "Event" | "Law" | "Product" | "Group":
            return NameType(kind)
        case "PER":
            return NameType("Person")
        case "NORP":
            country = country_of_demonym(name)
            noun = bool(xpos) and xpos[-1] in ("NNPS", "NNS", "NN")
            return NameType("Country", country.wikidata) if country and not noun else NameType("Group")
        case "LOC" | "FAC":
            known = None if country_named(name) else known_place(name) or known_body(name)
            if known:
                return NameType(known.type, known.wikidata)
            return _place(name, words) if kind == "LOC" else NameType("Facility")
        case "ORG":
            known = None if country_named(name) else known_body(name) or known_place(name)
            return NameType(known.type, known.wikidata) if known else _organization(name, words)
        case "EVENT":
            return NameType("Event")
        case "MISC":
            return _other(words)
    return NameType({"DATE": "Date", "MONEY": "Money"}.get(kind, "Number"))


def _known_type(kind: str, name: str) -> NameType:
    """The network's own type, mended and linked where the tables know the name."""
    country = country_named(name) or (country_of_demonym(name) if kind == "Country" else None)
    if country:
        return NameType("Country", country.wikidata)
    capital = country_of_capital(name) if kind == "City" else None
    if capital:
        return NameType("City", capital.capital_wikidata)
    place = kind in ("City", "Region", "Place", "Facility", "Country")
    known = (known_place(name) or known_body(name)) if place else (known_body(name) or known_place(name))
    if known:
        return NameType(known.type, known.wikidata)
    words = name.split()
    if kind in ("Organization", "GovernmentOrganization") and len(words) > 1:
        told = _organization(name, words)
        if told.label in ("Event", "Law"):
            return told
    return NameType("Region" if kind == "Country" else kind)


def _head(words: Sequence[str]) -> str:
    """The word that says what a name names: the last before 'of' and the like, else the last."""
    for index, word in enumerate(words):
        if index and word in _JOINERS:
            return words[index - 1].lower()
    return words[-1].lower()


def _place(name: str, words: Sequence[str]) -> NameType:
    country = country_named(name)
    if country:
        return NameType("Country", country.wikidata)
    capital = country_of_capital(name)
    if capital:
        return NameType("City", capital.capital_wikidata)
    table = _words()
    lower = name.lower().removeprefix("the ")
    ends = {words[0].lower(), _head(words)} if len(words) > 1 else {lower}
    if lower in table.government_names:
        return NameType("GovernmentOrganization")
    if lower in table.regions or ends & table.region_heads:
        return NameType("Region")
    if ends & table.place_heads:
        return NameType("Place")
    if len(words) > 1 and _head(words) in table.facility_heads:
        return NameType("Facility")
    return NameType("City")


def _organization(name: str, words: Sequence[str]) -> NameType:
    country = country_named(name)
    if country:
        return NameType("Country", country.wikidata)
    table = _words()
    lower = name.lower().removeprefix("the ")
    if lower in table.government_names or _head(words) in table.government_heads:
        return NameType("GovernmentOrganization")
    if len(words) > 1 and _head(words) in table.event_heads:
        return NameType("Event")
    if len(words) > 1 and _head(words) in table.law_heads:
        return NameType("Law")
    return NameType("Organization")


def _other(words: Sequence[str]) -> NameType:
    table = _words()
    head = _head(words)
    if head in table.law_heads:
        return NameType("Law")
    return NameType("Event" if head in table.event_heads else "Product")
