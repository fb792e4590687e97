"""Local entities of all documents → what identifies each: equal identities are one thing.

An identity is a string made of what a document tells for certain (Wikidata id; family and full name; office and body;
else the document itself). Shorter names (a surname, an acronym, a name without its initials) and offices without a body
are then led to the one fuller identity they can stand for, and to none where there are several.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

from kg.model import LocalEntity
from kg.vocabulary import content_hash

LocalKey = tuple[str, str]
"""Document IRI, key of the local entity."""

_GLOBAL_UNNAMED = frozenset({"Topic", "Role"})
_FAMILIES = {"GovernmentOrganization": "Organization", "City": "Place", "Region": "Place", "Facility": "Place"}
_NOT_WORD = re.compile(r"[^\w]+")
_OFFICE_FILLERS = frozenset(("of", "for", "the"))
_STEM = 4
"""Letters that a demonym shares with its country ('Peru', 'Peruvian')."""


def identities(
    entities: Mapping[LocalKey, LocalEntity], holders: Iterable[tuple[LocalKey, LocalKey]]
) -> dict[LocalKey, str]:
    """The identity of each local entity; `holders` are pairs of a person and an office."""
    own = _Own(entities)
    found = {key: own.of(key) for key in entities}
    fuller = _fuller_names(entities, found)
    found = {key: _followed(identity, fuller) for key, identity in found.items()}
    offices = _offices_of_holders(entities, found, holders)
    return {key: offices.get(key, identity) for key, identity in found.items()}


def normal(name: str) -> str:
    """A name without case, accents and punctuation: equal for spellings of one name.

    >>> normal("The Côte d'Ivoire")
    'cote d ivoire'
    """
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    words = _NOT_WORD.sub(" ", letters).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


class _Own:
    """What each local entity is by itself."""

    def __init__(self, entities: Mapping[LocalKey, LocalEntity]) -> None:
        self._entities = entities

    def of(self, key: LocalKey) -> str:
        entity = self._entities[key]
        kind = entity.types[0]
        if entity.wikidata:
            return f"wikidata {entity.wikidata}"
        name = normal(entity.label)
        if not name:
            return self._local(key)
        if kind == "Role":
            return self._office(key, entity)
        if entity.named:
            return f"{_FAMILIES.get(kind, kind)} {name}"
        return f"{kind} {name}" if kind in _GLOBAL_UNNAMED else self._local(key)

    def _local(self, key: LocalKey) -> str:
        return f"local {content_hash(*key)}"

    def _office(self, key: LocalKey, office: LocalEntity) -> str:
        body_key = (key[0], office.body or "")
        body = self._entities.get(body_key)
        if body is None or body.types[0] == "Role":
            return f"office {_office_words(office.label)}"
        return f"office {_office_words(office.label, body)} of {self.of(body_key)}"


def _office_words(label: str, body: LocalEntity | None = None) -> str:
    """An office without the name of its body, words sorted: 'Minister of Defense' is 'Defense Minister'."""
    words = [word for word in normal(label).split() if word not in _OFFICE_FILLERS]
    if body is not None:
        own = {word for name in (body.label, *body.names) for word in normal(name).split()}
        stem = normal(body.label)[:_STEM]
        words = [word for word in words if word not in own and not word.startswith(stem)] or words
    return " ".join(sorted(word.replace("defence", "defense") for word in words))


def _fuller_names(entities: Mapping[LocalKey, LocalEntity], found: Mapping[LocalKey, str]) -> dict[str, str]:
    """Identity by a shorter name → identity by the one fuller name that has it."""
    candidates: dict[str, set[str]] = defaultdict(set)
    for key, entity in entities.items():
        if entity.named and entity.types[0] != "Role":
            for shorter in _shorter_identities(entity):
                if shorter != found[key]:
                    candidates[shorter].add(found[key])
    return {shorter: next(iter(full)) for shorter, full in candidates.items() if len(full) == 1}


def _shorter_identities(entity: LocalEntity) -> set[str]:
    kind = entity.types[0]
    family = _FAMILIES.get(kind, kind)
    words = normal(entity.label).split()
    if kind == "Person":
        names = [words[-1]] if len(words) > 1 else []
        names.append(" ".join(word for i, word in enumerate(words) if len(word) > 1 or i in (0, len(words) - 1)))
    else:
        names = [normal(name) for name in entity.names if _is_acronym(name)]
    if entity.wikidata:
        names += [normal(name) for name in (entity.label, *entity.names)]
    return {f"{family} {name}" for name in names if name}


def _is_acronym(name: str) -> bool:
    return len(name) > 1 and " " not in name and name.isupper()


def _followed(identity: str, fuller: Mapping[str, str]) -> str:
    """The end of the way from a surname to a name with initials; a circle of names stays where it begins."""
    seen = [identity]
    while (following := fuller.get(seen[-1])) is not None:
        if following in seen:
            return min(seen[seen.index(following) :])
        seen.append(following)
    return seen[-1]


def _offices_of_holders(
    entities: Mapping[LocalKey, LocalEntity],
    found: Mapping[LocalKey, str],
    holders: Iterable[tuple[LocalKey, LocalKey]],
) -> dict[LocalKey, str]:
    """Offices told without their body → the office of that name which the same person holds elsewhere, if it is one."""
    bodied: dict[tuple[str, str], set[str]] = defaultdict(set)
    bodiless: dict[LocalKey, set[tuple[str, str]]] = defaultdict(set)
    for person, office in holders:
        identity = found[office]
        name, of, _ = identity.partition(" of ")
        if of:
            bodied[found[person], name].add(identity)
        else:
            bodiless[office].add((found[person], name))
    result = {}
    for office, holdings in bodiless.items():
        elsewhere = set().union(*(bodied.get(holding, ()) for holding in holdings))
        if len(elsewhere) == 1:
            result[office] = next(iter(elsewhere))
    return result
