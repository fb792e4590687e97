"""Extractions built by hand: entities of one document, and relations between them, in one sentence of text."""

from __future__ import annotations

from kg.model import (
    Attribution,
    Document,
    Extraction,
    Kind,
    Literal,
    LocalEntity,
    Mention,
    RelationMention,
    Span,
    Status,
)

TEXT = "One sentence that says it all."


def entity(key: str, kind: str, label: str, *names: str, named: bool = True, **more: str | None) -> LocalEntity:
    """A local entity; `names` are further proper names."""
    return LocalEntity(key=key, label=label, types=(kind,), named=named, names=(label, *names) if named else (), **more)


def mention(key: str) -> Mention:
    return Mention(span=Span(0, 3), head=Span(0, 3), entity=key, kind=Kind.NAME)


def relation(subject: str, predicate: str, target: str | Literal, source: str | None = None) -> RelationMention:
    """A plain relation, or what `source` claims."""
    return RelationMention(
        subject=mention(subject),
        predicate=predicate,
        object=mention(target) if isinstance(target, str) else target,
        sentence=Span(0, len(TEXT)),
        status=Status.CLAIMED if source else Status.ASSERTED,
        attribution=Attribution(source=mention(source), cue=None, content=()) if source else None,
        confidence=0.9,
        extractor="kg.extraction.test",
    )


def extraction(path: str, *entities: LocalEntity, relations: tuple[RelationMention, ...] = ()) -> Extraction:
    return Extraction(
        document=Document(path=path, text=TEXT, source=path),
        sentences=(Span(0, len(TEXT)),),
        entities=entities,
        mentions=tuple(mention(item.key) for item in entities),
        relations=relations,
    )
