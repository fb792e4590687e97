"""Local entities → what identifies each: equal identities are one thing.

An identity is a string made of what a document tells for certain (Wikidata id; family and full name; office and body;
else the document itself). Shorter names (a surname, an acronym, a name without its initials) and offices without a body
are then led to the one fuller identity they can stand for, and to none where there are several.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

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


def own_identities(document: str, entities: Mapping[str, LocalEntity]) -> dict[str, str]:
    """Key → identity of each thing of one document (its IRI), as that document alone tells it."""
    own = _Own(document, entities)
    return {key: own.of(key) for key in entities}


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
    """What each local entity of a document is by itself."""

    def __init__(self, document: str, entities: Mapping[str, LocalEntity]) -> None:
        self._document = document
        self._entities = entities

    def of(self, key: str) -> str:
        entity = self._entities[key]
        kind = entity.types[0]
        if entity.wikidata:
            return f"wikidata {entity.wikidata}"
        name = normal(entity.label)
        if not name:
            return self._local(key)
        if kind == "Role":
            return self._office(entity)
        if entity.named:
            return f"{_FAMILIES.get(kind, kind)} {name}"
        return f"{kind} {name}" if kind in _GLOBAL_UNNAMED else self._local(key)

    def _local(self, key: str) -> str:
        return f"local {content_hash(self._document, key)}"

    def _office(self, office: LocalEntity) -> str:
        body_key = office.body or ""
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


def office_name(identity: str) -> tuple[str, bool]:
    """The name in the identity of an office, and whether a body stands beside it."""
    name, of, _ = identity.partition(" of ")
    return name, bool(of)


def shorter_identities(entity: LocalEntity, own: str) -> Iterator[str]:
    """The identities that shorter names of a thing have by themselves, its `own` left out."""
    if entity.named and entity.types[0] != "Role":
        for shorter in sorted(_shorter(entity)):
            if shorter != own:
                yield shorter


def _shorter(entity: LocalEntity) -> set[str]:
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


def followed(identity: str, fuller: Callable[[str], str | None]) -> str:
    """The end of the way from a surname to a name with initials; a circle of names ends at its first.

    `fuller` gives the one fuller identity that an identity leads to, or None.
    """
    seen = [identity]
    while (following := fuller(seen[-1])) is not None:
        if following in seen:
            return min(seen[seen.index(following) :])
        seen.append(following)
    return seen[-1]
