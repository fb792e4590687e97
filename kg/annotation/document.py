"""Document → annotated document: the value that extraction reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from spacy import Language
from spacy.tokens import Doc

from kg.annotation.pipeline import BREAKS, SEMANTICS
from kg.annotation.semantics import Semantics
from kg.annotation.values import Value, find_values
from kg.model import Document, Kind, Span

VALUE_TYPES = frozenset({"Date", "Money", "Number"})
"""Labels of `Doc.ents` that are values, not entities."""
UNNAMED = VALUE_TYPES | {"Role", "Topic"}
NAME_SURE = 0.8
"""Probability from which the mention scorer's type of a name is taken over the name tagger's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityAnnotation:
    """A mention that the model sees: `type` is the local name of a `kg:` class; `chain` an index into the chains."""

    span: Span
    type: str
    kind: Kind = Kind.NAME
    chain: int | None = None
    wikidata: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionAnnotation:
    """Who says what, as the model sees it; spans of the text."""

    source: Span | None
    cue: Span
    content: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedDocument:
    """A document with all that the language layer says of it.

    `doc.text == document.text`, so token offsets are document offsets. `chains` are tuples of indices into `entities`,
    two and more each; empty without a coreference head.
    """

    document: Document
    doc: Doc
    entities: tuple[EntityAnnotation, ...] = ()
    values: tuple[Value, ...] = ()
    chains: tuple[tuple[int, ...], ...] = ()
    attributions: tuple[AttributionAnnotation, ...] = ()
    semantics: Semantics = field(default_factory=Semantics)

    @property
    def reference(self) -> date | None:
        """The day that relative dates were resolved against."""
        return _reference(self.document)


def annotate(document: Document, nlp: Language) -> AnnotatedDocument:
    """The document run through the pipeline; depends on the document alone."""
    doc = nlp.make_doc(document.text)
    if document.dateline_span is not None:
        doc.user_data[BREAKS] = (document.dateline_span.end,)
    for _, component in nlp.pipeline:
        doc = component(doc)
    return assemble(document, doc)


def annotate_many(documents: Iterable[Document], nlp: Language) -> Iterator[AnnotatedDocument]:
    """Each document annotated, in order; the same as one by one."""
    for document in documents:
        yield annotate(document, nlp)


def assemble(document: Document, doc: Doc) -> AnnotatedDocument:
    """The annotated document of an annotated `Doc`, whose text must be the document's."""
    names = [
        EntityAnnotation(
            span=Span(entity.start_char, entity.end_char),
            type=entity.label_,
            wikidata=entity.kb_id_ or None,
        )
        for entity in doc.ents
        if entity.label_ not in VALUE_TYPES
    ]
    semantics: Semantics = doc.user_data.get(SEMANTICS, Semantics())
    entities, chains = _with_mentions(names, semantics)
    return AnnotatedDocument(
        document=document,
        doc=doc,
        entities=entities,
        values=find_values(doc, _reference(document)),
        chains=chains,
        attributions=tuple(
            AttributionAnnotation(
                source=None if source is None else Span(*source),
                cue=Span(*cue),
                content=tuple(Span(*c) for c in content),
            )
            for source, cue, content in semantics.attributions
        ),
        semantics=semantics,
    )


def _with_mentions(
    names: list[EntityAnnotation], semantics: Semantics
) -> tuple[tuple[EntityAnnotation, ...], tuple[tuple[int, ...], ...]]:
    """Names and the model's other mentions in text order, outer first, and the chains over them."""
    sure = {
        Span(mention.begin, mention.end): mention.type for mention in semantics.mentions
        if mention.kind == Kind.NAME and mention.certainty >= NAME_SURE and mention.type not in UNNAMED
    }  # fmt: skip
    names = [replace(n, type=sure[n.span]) if n.span in sure and _open(n, sure[n.span]) else n for n in names]
    by_span = {name.span: name for name in names}
    span_of: dict[int, Span] = {}
    for index, mention in enumerate(semantics.mentions):
        span = Span(mention.begin, mention.end)
        if mention.type in VALUE_TYPES:
            continue
        span_of[index] = span
        by_span.setdefault(span, EntityAnnotation(span=span, type=mention.type, kind=Kind(mention.kind)))
    order = sorted(by_span.values(), key=lambda entity: (entity.span.begin, -entity.span.end))
    place = {entity.span: index for index, entity in enumerate(order)}
    chains = tuple(
        tuple(sorted({place[span_of[index]] for index in chain if index in span_of})) for chain in semantics.chains
    )
    chains = tuple(chain for chain in chains if len(chain) > 1)
    chain_of = {index: number for number, chain in enumerate(chains) for index in chain}
    entities = tuple(
        replace(entity, chain=chain_of.get(index)) if index in chain_of else entity
        for index, entity in enumerate(order)
    )
    return entities, chains


def _open(name: EntityAnnotation, other: str) -> bool:
    """Whether a name's type is a guess that the scorer may correct: no table knows it, no head word tells it."""
    told = name.type in ("Event", "Law") and other in ("Organization", "GovernmentOrganization")
    return name.wikidata is None and not told


def _reference(document: Document) -> date | None:
    return date.fromisoformat(document.date) if document.date else None
