"""Classes of given ontologies: which of our classes their instances are of, and by which nouns texts name them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from kg.annotation.lemmas import plural_stem
from kg.extraction.analysis import SUPERTYPES
from kg.extraction.declarations import Declarations, Declared, canonical
from kg.extraction.known_properties import known_properties, supertypes
from kg.extraction.lexicon import DATA, english, read_table
from kg.extraction.wordings import label_words, split_name
from kg.vocabulary import CLASSES, ONTOLOGY_IRI


@dataclass(frozen=True, slots=True)
class GivenClass:
    """A class of a given ontology. `core` are the classes of ours its instances are of, empty where that is not known.

    `nouns` are its names as (head noun, further words). `whole` says that all things of `core` are of this class.
    `ancestors` are the IRIs of its superclasses in the files, itself included.
    """

    iri: str
    core: frozenset[str]
    nouns: tuple[tuple[str, frozenset[str]], ...]
    whole: bool
    ancestors: frozenset[str]


def agreement(types: frozenset[str], wanted: frozenset[str]) -> float:
    """How well a thing of these types (superclasses included) fits where one of `wanted` is expected, 0 to 1.

    Types of things are guesses: what is easily taken for another (a title for a person's name, a club for its city)
    fits less, what never is (a country for a person) not at all.
    """
    if not wanted:
        return 0.9
    if types & wanted:
        return 1.0
    narrowest = types - frozenset(above for name in types for above in SUPERTYPES.get(name, ()))
    if (narrowest & supertypes(wanted)) - {"Agent"}:
        return 0.9  # 'a place' where a city is expected
    fits = _confusions()
    pairs = ((min(left, right), max(left, right)) for left in narrowest for right in wanted)
    return max((fits.get(pair, 0.0) for pair in pairs), default=0.0)


@cache
def _confusions() -> dict[tuple[str, str], float]:
    rows = read_table(DATA / "type_confusions.tsv")
    return {(row["type"], row["other"]): float(row["fit"]) for row in rows}


def given_class(declared: Declarations, item: Declared) -> GivenClass:
    """The class of a declaration."""
    nouns = tuple(dict.fromkeys(noun for name in item.names if (noun := _noun_of(name)) is not None))
    direct = _counterparts([item.iri, *item.same])
    core, whole = direct, bool(direct)
    if not core:
        named = [words for name in item.names if len(words := split_name(name)) == 1]
        core = frozenset(name for name in CLASSES if [name.lower()] in named or [_british(name.lower())] in named)
        whole = bool(core)
    if not core:
        core = _inherited(declared, item, {item.iri})
    if not core:
        core = frozenset(kind for noun, _ in nouns if (kind := noun_class(noun)) is not None)
    return GivenClass(item.iri, core - {"Document", "Statement"}, nouns, whole, _ancestors(declared, item.iri))


def _noun_of(name: str) -> tuple[str, frozenset[str]] | None:
    words = [word for word in split_name(name) if not word.isdigit()]
    if not words or len(words) > 4:
        return None
    return plural_stem(words[-1]), frozenset(plural_stem(word) for word in words[:-1])


def noun_class(noun: str) -> str | None:
    """The core class of what a noun names, None when that is not known."""
    lexicon = english()
    kind = label_words().kinds.get(noun)
    return kind or ("Person" if noun in lexicon.roles else lexicon.noun_type(noun, noun))


def _british(word: str) -> str:
    return word.replace("ization", "isation")


def _counterparts(iris: Iterable[str]) -> frozenset[str]:
    known = known_properties().classes
    return frozenset(known[name] for iri in iris if (name := canonical(iri)) in known)


def _inherited(declared: Declarations, item: Declared, seen: set[str]) -> frozenset[str]:
    found: set[str] = set()
    for parent in (*item.parents, *item.same):
        if parent in seen:
            continue
        seen.add(parent)
        found |= _counterparts([parent])
        if parent in declared.classes and not _counterparts([parent]):
            found |= _class_core(declared, declared.classes[parent], seen)
    return frozenset(found)


def _class_core(declared: Declarations, item: Declared, seen: set[str]) -> frozenset[str]:
    named = {split_name(name)[0] for name in item.names if len(split_name(name)) == 1}
    own = frozenset(name for name in CLASSES if name.lower() in named or _british(name.lower()) in named)
    return own or _inherited(declared, item, seen)


def _ancestors(declared: Declarations, iri: str) -> frozenset[str]:
    found, waiting = {iri}, [iri]
    while waiting:
        item = declared.classes.get(waiting.pop())
        for parent in item.parents if item is not None else ():
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return frozenset(found)


def own_class(iri: str) -> GivenClass:
    """One of our classes, as an end of a given property."""
    name = iri.removeprefix(ONTOLOGY_IRI)
    core = frozenset({name}) if name in CLASSES else frozenset[str]()
    return GivenClass(iri, core, (), True, frozenset({iri}))
