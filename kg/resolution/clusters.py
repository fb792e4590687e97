"""Local entities of all documents → `Entity`, and relation mentions → `Statement`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.errors import ResolutionError
from kg.model import (
    DOCUMENT_KEY,
    DocumentStatements,
    Entity,
    Extraction,
    Literal,
    LiteralValue,
    LocalEntity,
    Mention,
    RelationMention,
    Statement,
)
from kg.resolution.identity import LocalKey, identities
from kg.vocabulary import KG, WIKIDATA, Minter, pascal_case

_HOLDING = ("kg:holdsRole", "kg:heldRole")
_LONGEST_NAME = 120
"""Characters of a name that enter an IRI; a longer one is told apart by its hash."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """Entities of a build by IRI, and for each local entity the IRI it has become."""

    entities: dict[str, Entity]
    iris: Mapping[LocalKey, str]
    minter: Minter

    def statements(self, extraction: Extraction) -> DocumentStatements:
        """What one document contributes, with entities in place of mentions."""
        iri = self.minter.document_iri(extraction.document.path)
        statements = tuple(self._statement(iri, relation) for relation in extraction.relations)
        mentioned = sorted({self.iris[iri, entity.key] for entity in extraction.entities} - {iri})
        return DocumentStatements(
            document=extraction.document, iri=iri, statements=statements, entities=tuple(mentioned)
        )

    def _statement(self, document: str, relation: RelationMention) -> Statement:
        source = relation.attribution.source if relation.attribution is not None else None
        return Statement(
            subject=self.iris[document, relation.subject.entity],
            predicate=self.minter.relation_iri(relation.predicate),
            object=self._object(document, relation.object),
            document=document,
            evidence=relation.sentence,
            status=relation.status,
            attributed_to=self.iris[document, source.entity] if source is not None else None,
            modality=relation.modality,
            polarity=relation.polarity,
            time=_value(relation.time),
            start_time=_value(relation.start),
            end_time=_value(relation.end),
            place=self.iris[document, relation.place.entity] if relation.place is not None else None,
            confidence=relation.confidence,
            extractor=relation.extractor,
        )

    def _object(self, document: str, object: Mention | Literal) -> str | LiteralValue:
        if isinstance(object, Mention):
            return self.iris[document, object.entity]
        return LiteralValue(value=object.value, datatype=object.datatype)


def resolve(extractions: Iterable[Extraction], minter: Minter | None = None) -> Resolution:
    """Entities over all `extractions`; the same for any order of them.

    Raises `ResolutionError` when two extractions have one document path, or a mention names no entity of its document.
    """
    minter = minter or Minter()
    locals_: dict[LocalKey, LocalEntity] = {}
    iris: dict[LocalKey, str] = {}
    holders: list[tuple[LocalKey, LocalKey]] = []
    for extraction in extractions:
        document = minter.document_iri(extraction.document.path)
        if (document, DOCUMENT_KEY) in iris:
            raise ResolutionError(f"{extraction.document.path}: extracted twice; give each document a path of its own")
        iris[document, DOCUMENT_KEY] = document
        keys = {entity.key: entity for entity in extraction.entities if entity.key != DOCUMENT_KEY}
        locals_.update(((document, key), entity) for key, entity in keys.items())
        for mention in _mentions(extraction):
            if mention.entity not in keys and mention.entity != DOCUMENT_KEY:
                raise ResolutionError(
                    f"{extraction.document.path}: a mention of {mention.entity!r}, which is no entity"
                )
        holders += _holders(document, extraction, keys)
    groups: dict[str, list[LocalKey]] = {}
    for key, identity in sorted(identities(locals_, holders).items()):
        groups.setdefault(identity, []).append(key)
    entities: dict[str, Entity] = {}
    for members in sorted(groups.values(), key=lambda members: (_rank([locals_[key] for key in members]), members)):
        entity = _entity([locals_[key] for key in members], members, minter, entities)
        entities[entity.iri] = entity
        iris.update((key, entity.iri) for key in members)
    return Resolution(entities, iris, minter)


def _mentions(extraction: Extraction) -> Iterable[Mention]:
    for relation in extraction.relations:
        yield relation.subject
        if isinstance(relation.object, Mention):
            yield relation.object
        if relation.place is not None:
            yield relation.place
        if relation.attribution is not None and relation.attribution.source is not None:
            yield relation.attribution.source


def _holders(
    document: str, extraction: Extraction, keys: Mapping[str, LocalEntity]
) -> Iterable[tuple[LocalKey, LocalKey]]:
    for relation in extraction.relations:
        if relation.predicate in _HOLDING and isinstance(relation.object, Mention):
            person, office = relation.subject.entity, relation.object.entity
            if person in keys and office in keys and keys[office].types[0] == "Role":
                yield (document, person), (document, office)


def _rank(members: list[LocalEntity]) -> tuple[bool, bool]:
    """Who gets the bare name when two things share one: known things first, then named ones."""
    return not any(member.wikidata for member in members), not any(member.named for member in members)


def _entity(members: list[LocalEntity], keys: list[LocalKey], minter: Minter, taken: Mapping[str, Entity]) -> Entity:
    kinds = Counter(member.types[0] for member in members)
    kind = min(kinds, key=lambda name: (-kinds[name], name))
    label = _label(members)
    names = {name for member in members for name in member.names if member.named or " " in name}
    if kind == "Role":
        names |= {member.label for member in members}
    wikidata = min((member.wikidata for member in members if member.wikidata), default=None)
    return Entity(
        iri=_free_iri(label, keys[0], minter, taken),
        label=label,
        alt_labels=tuple(sorted(names - {label})),
        types=(KG[kind],),
        same_as=WIKIDATA + wikidata if wikidata else None,
        documents=tuple(sorted({document for document, _ in keys})),
    )


def _label(members: list[LocalEntity]) -> str:
    """The fullest proper name, of things without one no single word; then none in capitals, then the most frequent."""
    named = [member for member in members if member.named]
    labels = Counter(member.label for member in named or members)

    def order(name: str) -> tuple[int, bool, int, str]:
        words = len(name.split())
        return -words if named else int(words == 1), name.isupper() and words > 1, -labels[name], name

    return min(labels, key=order)


def _free_iri(label: str, first: LocalKey, minter: Minter, taken: Mapping[str, Entity]) -> str:
    """The IRI of a name; with a hash of its first place where the name is another's, is none, or has no end."""
    name = label[:_LONGEST_NAME]
    iri = minter.entity_iri(name)
    if iri not in taken and name == label and pascal_case(label):
        return iri
    distinction = " ".join(first)
    while (iri := minter.entity_iri(name, distinction)) in taken:
        distinction += " "  # six digits are soon the same among thousands of things of one name
    return iri


def _value(literal: Literal | None) -> LiteralValue | None:
    return LiteralValue(value=literal.value, datatype=literal.datatype) if literal is not None else None
