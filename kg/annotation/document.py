"""Document → annotated document: the value that extraction reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from spacy import Language
from spacy.tokens import Doc

from kg.annotation.pipeline import BREAKS
from kg.annotation.values import Value, find_values
from kg.model import Document, Kind, Span

VALUE_TYPES = frozenset({"Date", "Money", "Number"})
"""Labels of `Doc.ents` that are values, not entities."""


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
    entities = tuple(
        EntityAnnotation(
            span=Span(entity.start_char, entity.end_char),
            type=entity.label_,
            wikidata=entity.kb_id_ or None,
        )
        for entity in doc.ents
        if entity.label_ not in VALUE_TYPES
    )
    return AnnotatedDocument(
        document=document, doc=doc, entities=entities, values=find_values(doc, _reference(document))
    )


def _reference(document: Document) -> date | None:
    return date.fromisoformat(document.date) if document.date else None
