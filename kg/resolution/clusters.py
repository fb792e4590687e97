"""Local entities of all documents → `Entity`, and relation mentions → `Statement`.

Blocking is by an exact key (below); a bare surname joins the one person of that name, if there is one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
from kg.vocabulary import KG, WIKIDATA, Minter, content_hash, pascal_case

LocalKey = tuple[str, str]  # document IRI, key of the local entity
GLOBAL_UNNAMED = frozenset({"Topic", "Role"})
FAMILIES = {"GovernmentOrganization": "Organization", "City": "Place", "Region": "Place", "Facility": "Place"}
_NOT_WORD = re.compile(r"[^\w]+")


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
    """Entities over all `extractions`; the same for any order of them."""
    minter = minter or Minter()
    locals_: dict[LocalKey, LocalEntity] = {}
    iris: dict[LocalKey, str] = {}
    for extraction in extractions:
        iri = minter.document_iri(extraction.document.path)
        iris[iri, DOCUMENT_KEY] = iri
        for entity in extraction.entities:
            if entity.key != DOCUMENT_KEY:
                locals_[iri, entity.key] = entity
    groups: dict[str, list[LocalKey]] = {}
    surnames = _surnames(locals_.values())
    keys = _Keys(locals_, surnames)
    for key in sorted(locals_):
        groups.setdefault(keys.of(key), []).append(key)
    entities: dict[str, Entity] = {}
    taken: set[str] = set()
    order = sorted(groups, key=lambda group: (_rank(locals_[groups[group][0]]), groups[group][0]))
    for group in order:
        members = groups[group]
        entity = _entity([locals_[key] for key in members], members, minter, taken)
        taken.add(entity.iri)
        entities[entity.iri] = entity
        for key in members:
            iris[key] = entity.iri
    return Resolution(entities, iris, minter)


class _Keys:
    """Identity of a local entity as a string: equal strings are one thing."""

    def __init__(self, locals_: Mapping[LocalKey, LocalEntity], surnames: Mapping[str, str]) -> None:
        self.locals, self.surnames = locals_, surnames

    def of(self, key: LocalKey) -> str:
        document, _ = key
        entity = self.locals[key]
        kind = entity.types[0]
        if entity.wikidata:
            return f"wikidata {entity.wikidata}"
        if kind == "Role":
            if entity.body is not None and (document, entity.body) in self.locals:
                body = self.of((document, entity.body))
                return f"role {_normal_role(entity.label, self.locals[document, entity.body])} of {body}"
            return f"role {normal(entity.label)}"
        if entity.named:
            name = normal(entity.label)
            if kind == "Person" and " " not in name:
                name = self.surnames.get(name, name)
            return f"{FAMILIES.get(kind, kind)} {name}"
        if kind in GLOBAL_UNNAMED:
            return f"{kind} {normal(entity.label)}"
        return f"local {content_hash(document, entity.key)}"


def normal(name: str) -> str:
    """A name without case, accents and punctuation: equal for spellings of one name.

    >>> normal("The Côte d'Ivoire")
    'cote d ivoire'
    """
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    words = _NOT_WORD.sub(" ", letters).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def _normal_role(label: str, body: LocalEntity) -> str:
    """An office without the name of its body, words sorted: 'Minister of Defense' is 'Defense Minister'."""
    own = {word for name in (body.label, *body.names) for word in normal(name).split()}
    stem = normal(body.label)[:4]
    words = [w for w in normal(label).split() if w not in own and w not in ("of", "for", "the") and not w.startswith(stem)]
    return " ".join(sorted("defense" if w == "defence" else w for w in words))


def _surnames(entities: Iterable[LocalEntity]) -> dict[str, str]:
    """Surname → full name, where only one full name of the build ends with it."""
    full: dict[str, set[str]] = {}
    for entity in entities:
        if entity.types[0] == "Person" and entity.named and not entity.wikidata:
            words = normal(entity.label).split()
            if len(words) > 1:
                full.setdefault(words[-1], set()).add(" ".join(words))
    return {surname: next(iter(names)) for surname, names in full.items() if len(names) == 1}


def _rank(entity: LocalEntity) -> tuple[int, int]:
    """Who gets the bare name when two things share one: known things first, then named ones."""
    return 0 if entity.wikidata else 1, 0 if entity.named else 1


def _entity(members: list[LocalEntity], keys: list[LocalKey], minter: Minter, taken: set[str]) -> Entity:
    kind_counts: dict[str, int] = {}
    for member in members:
        kind_counts[member.types[0]] = kind_counts.get(member.types[0], 0) + 1
    best = min(kind_counts, key=lambda name: (-kind_counts[name], name))
    labels: dict[str, int] = {}
    for member in members:
        labels[member.label] = labels.get(member.label, 0) + 1
    label = min(labels, key=lambda name: (-len(name.split()) if members[0].named else 0, -labels[name], name))
    names = {name for member in members for name in member.names if member.named or " " in name}
    names |= {member.label for member in members} if best == "Role" else set()
    iri = minter.entity_iri(label)
    if iri in taken or not pascal_case(label):
        document, key = keys[0]
        iri = minter.entity_iri(label, f"{document} {key}")
    wikidata = next((member.wikidata for member in members if member.wikidata), None)
    return Entity(
        iri=iri,
        label=label,
        alt_labels=tuple(sorted(names - {label})),
        types=(KG[best],),
        same_as=WIKIDATA + wikidata if wikidata else None,
        documents=tuple(sorted({document for document, _ in keys})),
    )


def _value(literal: Literal | None) -> LiteralValue | None:
    return LiteralValue(value=literal.value, datatype=literal.datatype) if literal is not None else None
