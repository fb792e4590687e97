"""An extraction → what its document tells about identity, by itself: all that resolution over documents needs of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.errors import ResolutionError
from kg.model import DOCUMENT_KEY, Extraction, LocalEntity, Mention
from kg.resolution.identity import own_identities, shorter_identities
from kg.vocabulary import Minter

_HOLDING = ("kg:holdsRole", "kg:heldRole")


@dataclass(frozen=True, slots=True)
class LocalView:
    """The things of one document (its IRI) and what tells their identity.

    `own` is the identity of each by itself; `fuller` are pairs of a shorter name's identity and the one it may stand
    for, one for each thing that tells so; `holders` are pairs of the keys of a person and an office. The document
    itself is not among its things.
    """

    document: str
    entities: Mapping[str, LocalEntity]
    own: Mapping[str, str]
    fuller: tuple[tuple[str, str], ...]
    holders: frozenset[tuple[str, str]]


def local_view(extraction: Extraction, minter: Minter) -> LocalView:
    """What a document tells about identity. Raises `ResolutionError` when a mention names no entity of its document."""
    document = minter.document_iri(extraction.document.path)
    entities = {entity.key: entity for entity in extraction.entities if entity.key != DOCUMENT_KEY}
    for mention in _mentions(extraction):
        if mention.entity not in entities and mention.entity != DOCUMENT_KEY:
            raise ResolutionError(f"{extraction.document.path}: a mention of {mention.entity!r}, which is no entity")
    own = own_identities(document, entities)
    return LocalView(
        document=document,
        entities=entities,
        own=own,
        fuller=tuple(
            (name, own[key]) for key, entity in entities.items() for name in shorter_identities(entity, own[key])
        ),
        holders=frozenset(_holders(extraction, entities)),
    )


def _mentions(extraction: Extraction) -> Iterator[Mention]:
    for relation in extraction.relations:
        yield relation.subject
        if isinstance(relation.object, Mention):
            yield relation.object
        if relation.place is not None:
            yield relation.place
        if relation.attribution is not None and relation.attribution.source is not None:
            yield relation.attribution.source


def _holders(extraction: Extraction, entities: Mapping[str, LocalEntity]) -> Iterator[tuple[str, str]]:
    for relation in extraction.relations:
        if relation.predicate in _HOLDING and isinstance(relation.object, Mention):
            person, office = relation.subject.entity, relation.object.entity
            if person in entities and office in entities and entities[office].types[0] == "Role":
                yield person, office
