"""Ontologies that a user gives → `Ontology`: by which wordings, counterparts and types their properties are read.

A property is read in three ways, each with its domain and range: our facts, where it is a counterpart of one of our
properties (it says so, or bears one of its names); the wordings of all its names, and of names that mean the same
(`known_properties`); lexical entries (OntoLex) that the files carry for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from kg.errors import OntologyError
from kg.extraction.declarations import LITERAL, Declarations, Declared, canonical, local_part, read_declarations
from kg.extraction.given_classes import GivenClass, agreement, given_class, noun_class, own_class
from kg.extraction.known_properties import VALUES, KnownProperty, known_properties, supertypes
from kg.extraction.lexical_entries import Entry, read_entries
from kg.extraction.wordings import OWNERS, Wording, label_words, split_name, wordings
from kg.ontology_files import parse_file
from kg.vocabulary import ONTOLOGY_IRI, XSD

ALIKE = 0.95
"""Strength of a wording that only a name of the same meaning has."""
_THINGS = frozenset({"Thing", "Resource", "Entity", "Concept"})
_KINDS = ("DATE", "NUMBER", "TEXT")
_SUFFIXES = frozenset({"name", "total", "value"})


@dataclass(frozen=True, slots=True)
class Guide:
    """What to extract to: files of ontologies, and whether our own properties and open relations are wanted as well."""

    files: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class GivenProperty:
    """A property of a given ontology.

    `domain` and `range` are IRIs of classes, empty for any; `literal` is `DATE`, `NUMBER` or `TEXT` where its objects
    are values, of `datatype` if one is told. `domain_type` and `range_type` are the classes that RDFS gives to its
    ends. `core` are properties of ours with the same content, and whether they run the other way.
    """

    iri: str
    domain: frozenset[str]
    range: frozenset[str]
    literal: str
    datatype: str | None
    domain_type: str | None
    range_type: str | None
    wordings: tuple[Wording, ...]
    core: tuple[tuple[str, bool], ...]
    office: bool  # speaks of offices, not of professions
    texts: frozenset[str]  # core classes of what a text is the name of ('job title': Role), empty for any


@dataclass(frozen=True, slots=True)
class Ontology:
    """Classes and properties to extract to. `by_word` and `by_core` lead from what a text has to what is declared.

    The key (`kg:Product`, noun) of `by_word` holds what any noun for a thing of that class words ('a 1998 album').
    """

    classes: dict[str, GivenClass]
    properties: dict[str, GivenProperty]
    by_word: dict[tuple[str, str], tuple[tuple[GivenProperty, Wording], ...]]
    by_core: dict[str, tuple[tuple[GivenProperty, bool], ...]]
    by_noun: dict[str, tuple[tuple[GivenClass, frozenset[str]], ...]]

    def core_of(self, iris: Iterable[str]) -> frozenset[str]:
        """Core classes of the given classes; empty when one of them may hold anything."""
        found: set[str] = set()
        for iri in iris:
            core = self.classes[iri].core if iri in self.classes else frozenset()
            if not core:
                return frozenset()
            found |= core
        return frozenset(found)


@cache
def read_ontology(files: tuple[str, ...]) -> Ontology:
    """The ontology of all the files together; read once a process.

    Raises `OntologyError` for a file that is missing, no RDF, or when none of them declares a property or class.
    """
    quads = [quad for file in files for quad in parse_file(Path(file))]
    declared = read_declarations(quads)
    if not declared.properties and not declared.classes:
        raise OntologyError(f"{', '.join(files)}: no class or property in it; declare some, as owl:ObjectProperty")
    classes = {iri: given_class(declared, item) for iri, item in declared.classes.items()}
    entries = read_entries(quads)
    properties = {
        iri: _Reader(declared, classes, item).property(entries)
        for iri, item in declared.properties.items()
        if not iri.startswith("_:")
    }
    by_word: dict[tuple[str, str], list[tuple[GivenProperty, Wording]]] = {}
    by_core: dict[str, list[tuple[GivenProperty, bool]]] = {}
    for property in properties.values():
        for wording in property.wordings:
            by_word.setdefault((wording.lemma, wording.part), []).append((property, wording))
        for name, inverse in property.core:
            by_core.setdefault(name, []).append((property, inverse))
    by_noun: dict[str, list[tuple[GivenClass, frozenset[str]]]] = {}
    for given in classes.values():
        for noun, modifiers in given.nouns:
            by_noun.setdefault(noun, []).append((given, modifiers))
    return Ontology(
        classes,
        properties,
        {key: tuple(value) for key, value in by_word.items()},
        {key: tuple(value) for key, value in by_core.items()},
        {key: tuple(value) for key, value in by_noun.items()},
    )


def ontology_digest(files: Sequence[str | Path]) -> str:
    """Hex SHA-256 of the files' contents, in their order: what an extraction depends on. Raises `OntologyError`."""
    digest = hashlib.sha256()
    for file in files:
        try:
            digest.update(hashlib.sha256(Path(file).read_bytes()).digest())
        except OSError as error:
            raise OntologyError(f"{file}: cannot be read ({error.strerror or error})") from error
    return digest.hexdigest()


# ---------------------------------------------------------------------------------------------- properties


@dataclass(slots=True)
class _Reader:
    """One property, read with the classes of its ontology."""

    declared: Declarations
    classes: dict[str, GivenClass]
    item: Declared
    domain: frozenset[str] = field(init=False)
    range: frozenset[str] = field(init=False)
    literal: str = field(init=False, default="")
    datatype: str | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        domain, ranges = self._inherited_ends()
        self.domain = frozenset(iri for iri in domain if local_part(iri) not in _THINGS)
        datatypes = [iri for iri in ranges if iri.startswith(XSD.iri) or iri == LITERAL]
        self.range = frozenset(iri for iri in ranges if iri not in datatypes and local_part(iri) not in _THINGS)
        if datatypes and not self.range:
            self.literal = VALUES.get(local_part(datatypes[0]), "TEXT")
            self.datatype = datatypes[0] if datatypes[0] != LITERAL else None
        for end in (self.domain, self.range):
            if any(iri.startswith(ONTOLOGY_IRI) for iri in end):
                self.classes.update((iri, own_class(iri)) for iri in end if iri.startswith(ONTOLOGY_IRI))

    def _inherited_ends(self) -> tuple[list[str], list[str]]:
        """Domain and range, of the nearest property above that has some."""
        domain, ranges = self.item.domain, self.item.range
        seen, parents = {self.item.iri}, list(self.item.parents)
        while parents and not (domain and ranges):
            parent = self.declared.properties.get(parents.pop(0))
            if parent is not None and parent.iri not in seen:
                seen.add(parent.iri)
                domain, ranges = domain or parent.domain, ranges or parent.range
                parents += parent.parents
        for iri in self.item.inverse:
            other = self.declared.properties.get(iri)
            if other is not None:
                domain, ranges = domain or other.range, ranges or other.domain
        return domain, ranges

    def property(self, entries: Sequence[Entry]) -> GivenProperty:
        own = self._own_wordings()
        counterparts = self._told() or self._named(own) or self._inherited(own)
        found = {wording: None for wording in (*self._of_entries(entries), *own)}
        for known, inverse in counterparts:
            if bool(known.literal) == bool(self.literal in _KINDS[:2]):
                weaker = (replace(w, strength=min(w.strength, ALIKE)) for w in known.wordings(inverse=inverse))
                found.update((wording, None) for wording in weaker)
            for slot in () if inverse else known.of_class:
                nouns = [noun for iri in self.domain if iri in self.classes for noun in self._nouns_below(iri)]
                nouns += [(f"kg:{kind}", frozenset()) for kind in self._core(self.domain)]
                found.update((Wording(noun, "noun", ("self",), (slot,), words, ALIKE), None) for noun, words in nouns)
        return GivenProperty(
            self.item.iri,
            self.domain,
            self.range,
            self.literal,
            self.datatype,
            self.item.domain_type,
            self.item.range_type,
            _strongest(found),
            tuple(dict.fromkeys((known.core, inverse) for known, inverse in counterparts if known.core is not None)),
            any(word in label_words().offices for name in self.item.names for word in split_name(name)),
            frozenset().union(*((known.domain if way else known.range) for known, way in counterparts)),
        )

    # ------------------------------------------------------------------ names
    def _names(self) -> list[str]:
        """All names, also without the class of the range or domain at their end ('member of political party')."""
        names = list(self.item.names)
        result = []
        for name in names:
            words = split_name(name)
            if len(words) > 1 and words[-1] in _SUFFIXES:
                words = words[:-1]
                name = " ".join(words)
            result.append(name)
            for iri in self.range:
                shorter = self._without_class(words, iri, keep=True)
                result += [shorter] if shorter else []
            for iri in self.domain:
                shorter = self._without_class(words, iri, keep=False)
                result += [shorter] if shorter else []
        return result

    def _without_class(self, words: list[str], iri: str, *, keep: bool) -> str | None:
        """'member of political party' of parties: 'member of'; 'mouth of the watercourse' of watercourses: 'mouth'."""
        for name in self.declared.classes[iri].names if iri in self.declared.classes else ():
            tail = split_name(name)
            if len(words) > len(tail) and words[-len(tail) :] == tail:
                rest = [word for word in words[: -len(tail)] if word not in ("the", "a")]
                if rest and rest[-1] == "of" and not keep:
                    return " ".join(rest[:-1]) or None
                if len(rest) > 1 and keep:
                    return " ".join(rest)
        return None

    def _own_wordings(self) -> list[Wording]:
        result = []
        inverse = [
            name
            for iri in self.item.inverse
            if iri in self.declared.properties
            for name in self.declared.properties[iri].names
        ]
        inverse += [name for other in self.declared.properties.values() if self.item.iri in other.inverse
                    for name in other.names]  # fmt: skip
        for name in self._names():
            literal = self.literal
            result += [self._directed(wording) for wording in wordings(name, literal=literal)]
        if not self.literal:
            result += [w.inverted() for name in inverse for w in wordings(name)]
        return result

    def _directed(self, wording: Wording) -> Wording:
        """The wording, turned round where a noun names the domain's class: a 'director' from persons to films."""
        if wording.part != "noun" or wording.object != ("self",) or self.literal:
            return wording
        kind = noun_class(wording.lemma)
        domain, ranges = self._core(self.domain), self._core(self.range)
        if kind is None or not domain or not ranges:
            return wording
        kinds = supertypes(frozenset({kind}))
        if agreement(kinds, domain) == 1.0 and agreement(kinds, ranges) < 0.9:
            return wording.inverted()
        return wording

    def _core(self, iris: Iterable[str]) -> frozenset[str]:
        found: set[str] = set()
        for iri in iris:
            core = self.classes[iri].core if iri in self.classes else frozenset()
            if not core:
                return frozenset()
            found |= core
        return frozenset(found)

    # ------------------------------------------------------------------ counterparts
    def _told(self) -> list[tuple[KnownProperty, bool]]:
        """Counterparts that the ontology names: the property itself, else one of ours, else others."""
        known = known_properties().by_iri
        straight, inverse = [self.item.iri, *self.item.same], self.item.inverse
        for chosen in (
            lambda iri: iri == self.item.iri,
            lambda iri: iri.startswith(ONTOLOGY_IRI),
            lambda iri: True,
        ):
            found = [pair for iri in filter(chosen, straight) for pair in known.get(canonical(iri), ())]
            found += [(k, not way) for iri in filter(chosen, inverse) for k, way in known.get(canonical(iri), ())]
            if found:
                return found
        return []

    def _inherited(self, own: Sequence[Wording]) -> list[tuple[KnownProperty, bool]]:
        """Counterparts of the properties above, where this one is not narrower: nothing else is below them, and its
        names have no words of their own."""
        found = []
        lemmas = {wording.lemma for wording in own}
        for parent in self.item.parents:
            alone = sum(parent in other.parents for other in self.declared.properties.values()) == 1
            for known, inverse in known_properties().by_iri.get(canonical(parent), ()) if alone else ():
                theirs = {wording.lemma for wording in known.wordings()}
                if (not lemmas or lemmas & theirs) and self._fits(known, inverse):
                    found.append((known, inverse))
        return found

    def _named(self, own: Sequence[Wording]) -> list[tuple[KnownProperty, bool]]:
        """Known properties that bear one of its names, in the direction that names, domains and ranges agree on."""
        known = known_properties().by_key
        found: dict[tuple[str, bool], tuple[KnownProperty, bool]] = {}
        for wording in own:
            if wording.strength < 1.0:
                continue
            for other, its in known.get(wording.key, ()):
                if its.strength < 1.0:
                    continue
                for inverse in (False, True):
                    turned = its.inverted() if inverse else its
                    if _same_slots(wording, turned) and self._fits(other, inverse):
                        found[other.iri, inverse] = (other, inverse)
        return list(found.values())

    def _fits(self, known: KnownProperty, inverse: bool) -> bool:
        """Whether domains and ranges of the two can be of the same things."""
        if bool(known.literal in _KINDS[:2]) != bool(self.literal in _KINDS[:2]) or (known.literal and inverse):
            return False
        if known.literal and known.literal != self.literal:
            return False
        domain, ranges = (known.range, known.domain) if inverse else (known.domain, known.range)
        return _overlap(self._core(self.domain), domain) and (
            self.literal == "TEXT" or _overlap(self._core(self.range), ranges))  # fmt: skip

    def _nouns_below(self, iri: str) -> list[tuple[str, frozenset[str]]]:
        """Nouns of a class and of the classes below it."""
        return [noun for given in self.classes.values() if iri in given.ancestors for noun in given.nouns]

    # ------------------------------------------------------------------ entries
    def _of_entries(self, entries: Sequence[Entry]) -> list[Wording]:
        found = []
        for entry in entries:
            for sense in entry.senses:
                if sense.reference != self.item.iri:
                    continue
                part = entry.part or "verb"
                usual = (OWNERS, ("self",)) if part == "noun" else (("subj",), ("obj",))
                found.append(Wording(entry.lemma, part, sense.subject or usual[0], sense.object or usual[1]))
        return found


def _overlap(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether something may be of both; nothing told means anything."""
    if not left or not right:
        return True
    return bool(supertypes(left) & right or supertypes(right) & left)


def _same_slots(left: Wording, right: Wording) -> bool:
    return bool(set(left.subject) & set(right.subject)) and bool(set(left.object) & set(right.object))


def _strongest(found: Iterable[Wording]) -> tuple[Wording, ...]:
    """One of each wording, the stronger."""
    best: dict[Wording, Wording] = {}
    for wording in found:
        plain = replace(wording, strength=1.0)
        if plain not in best or best[plain].strength < wording.strength:
            best[plain] = wording
    return tuple(best.values())
