"""Clusters of phrases → `LocalEntity`: label, names, types and Wikidata id of each thing a document speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from kg.annotation.countries import all_countries
from kg.extraction.analysis import Analysis
from kg.extraction.phrases import Phrase
from kg.extraction.roles import body_of
from kg.model import DOCUMENT_KEY, Kind, LocalEntity

LONGEST = 10
"""Words of the longest noun phrase that serves as another label."""
BLANKS = re.compile(r"\s+")


def local_entities(
    analysis: Analysis, used: Iterable[str], classes: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[LocalEntity, ...]:
    """Entities of the clusters whose keys are in `used`, in text order; `classes` of given ontologies by their keys."""
    wanted = set(used)
    countries = {country.wikidata: country.name for country in all_countries() if country.wikidata}
    result = []
    if DOCUMENT_KEY in wanted:
        title = analysis.document.title or analysis.document.path
        result.append(LocalEntity(key=DOCUMENT_KEY, label=title, types=("Document",), named=True, names=(title,)))
    for cluster, phrases in sorted(analysis.members.items()):
        key = f"e{cluster}"
        if key in wanted:
            entity = _entity(analysis, key, phrases, countries)
            given = classes.get(key) if classes else None
            result.append(replace(entity, classes=given) if given else entity)
    return tuple(result)


def _entity(analysis: Analysis, key: str, phrases: list[Phrase], countries: Mapping[str, str]) -> LocalEntity:
    named = [p for p in phrases if p.kind == Kind.NAME]
    nominal = [p for p in phrases if p.kind == Kind.NOMINAL]
    wikidata = next((p.name.wikidata for p in named if p.name is not None and p.name.wikidata), None)
    proper = [_clean(p.label) for p in named if not (p.name is not None and p.name.demonym)]
    types = _types(analysis, named or nominal or phrases)
    body = None
    if types[0] == "Role":
        proper = []
        bodies = [b for p in nominal or named if (b := body_of(analysis, p)) is not None]
        body = f"e{analysis.cluster(bodies[0])}" if bodies else None
    proper = [_from_capitals(name) if types[0] in ("City", "Region") else name for name in proper]
    label = max(proper, key=lambda name: (len(name.split()), len(name), not name.isupper()), default="")
    if wikidata is not None and wikidata in countries:
        label = countries[wikidata]
    is_named = bool(label)
    if not label:
        source = nominal or named or phrases
        label = _clean(max(source, key=lambda p: (p.core[1] - p.core[0], -p.index)).label)
    longer = [text for p in nominal if types[0] not in ("Person", "Role") and (text := _whole(analysis, p))]
    names = tuple(dict.fromkeys([label, *proper])) if is_named else tuple(dict.fromkeys([label, *longer]))
    return LocalEntity(key=key, label=label, types=types, named=is_named, names=names, wikidata=wikidata, body=body)


def _whole(analysis: Analysis, phrase: Phrase) -> str:
    """The noun phrase with its complements, without determiner and possessive pronoun; '' for a single word."""
    syntax = analysis.syntax
    first = phrase.first
    while first < phrase.head and (syntax.pos[first] in ("DET", "PUNCT") or syntax.tag[first] == "PRP$"):
        first += 1
    if not 1 <= phrase.last - first < LONGEST:
        return ""
    return _clean(analysis.document.text[syntax.begin[first] : syntax.end[phrase.last]])


def _types(analysis: Analysis, phrases: list[Phrase]) -> tuple[str, ...]:
    """Commonest type of the phrases, the earliest on a tie."""
    counts: dict[str, int] = {}
    for phrase in phrases:
        counts[phrase.type] = counts.get(phrase.type, 0) + 1
    best = max(counts, key=lambda name: counts[name])
    return (best if best != "Agent" else "Topic",)


def _from_capitals(name: str) -> str:
    """'THE HAGUE' of a dateline → 'The Hague'; abbreviations of up to three letters stay."""
    return name.title() if name.isupper() and len(name) > 3 and "." not in name else name


def _clean(label: str) -> str:
    """A label on one line, without quotation marks and blanks around it."""
    return BLANKS.sub(" ", label).strip(" \"“”'’‘,;:*_#") or label
