"""Extractions as no text would give them: few names, so that everything meets everything."""

from __future__ import annotations

from hypothesis import strategies as st

from kg.model import (
    DOCUMENT_KEY,
    Attribution,
    Document,
    Extraction,
    Kind,
    Literal,
    LocalEntity,
    Mention,
    Modality,
    Polarity,
    RelationMention,
    Span,
    Status,
)
from kg.vocabulary import XSD

NAMES = ("Ana Ruiz", "Ruiz", "ANA RUIZ", "Ana B. Ruiz", "Luis Ruiz", "Peru", "WTO", "World Trade Organization", "...")
KINDS = ("Person", "Organization", "Country", "City", "Role", "Event", "Topic")
PREDICATES = (
    "kg:holdsRole",
    "kg:meetsWith",
    "kg:hosts",
    "rel:complainAbout",
    "rel:of",
    "kg:wrote",
    "http://www.w3.org/2002/07/owl#sameAs",
)
TEXTS = ("One sentence that says it all. And another one.", "A line\x0b\u2028that ends. \x1c Twice\x85.")
LITERALS = (
    ("2025-05-05", XSD.date),
    ("07", XSD.integer),
    ('say "no"\n\u2028', XSD.string),
    ("2025-13", XSD.gYearMonth),
)
PATHS = ("b.txt", "a.txt", "é.txt", "a b.txt", "a.txt/1")


@st.composite
def made_extractions(draw: st.DrawFn, path: str) -> Extraction:
    """An extraction of a document of that path."""
    text = draw(st.sampled_from(TEXTS))
    keys = [f"e{number}" for number in range(draw(st.integers(0, 4)))]
    entities = tuple(draw(_entities(key)) for key in keys)
    relations = draw(st.lists(_relations((*keys, DOCUMENT_KEY), text), max_size=6)) if keys else []
    return Extraction(
        document=Document(path=path, text=text, source=path, title=draw(st.sampled_from((None, "Title")))),
        sentences=(Span(0, len(text)),),
        entities=entities,
        mentions=tuple(_mention(key) for key in keys),
        relations=tuple(relations),
    )


@st.composite
def _entities(draw: st.DrawFn, key: str) -> LocalEntity:
    label = draw(st.sampled_from(NAMES))
    named = draw(st.booleans())
    return LocalEntity(
        key=key,
        label=label,
        types=(draw(st.sampled_from(KINDS)),),
        named=named,
        names=(label, *(("WTO",) if label.startswith("World") else ())) if named else (),
        wikidata=draw(st.sampled_from((None, None, "Q419"))),
        body=draw(st.sampled_from((None, "e0", "e1"))),
    )


@st.composite
def _relations(draw: st.DrawFn, keys: tuple[str, ...], text: str) -> RelationMention:
    end = text.index(".") + 1
    source = draw(st.sampled_from((None, None, *keys)))
    value, datatype = draw(st.sampled_from(LITERALS))
    time = Literal(value=value, datatype=datatype)
    return RelationMention(
        subject=_mention(draw(st.sampled_from(keys))),
        predicate=draw(st.sampled_from(PREDICATES)),
        object=draw(st.sampled_from((*map(_mention, keys), time))),
        sentence=draw(st.sampled_from((Span(0, end), Span(end, len(text)), Span(0, 1000)))),
        status=Status.CLAIMED if source else Status.ASSERTED,
        attribution=Attribution(source=_mention(source), cue=None, content=()) if source else None,
        modality=draw(st.sampled_from((Modality.ACTUAL, Modality.ACTUAL, Modality.PLANNED))),
        polarity=draw(st.sampled_from((Polarity.POSITIVE, Polarity.POSITIVE, Polarity.NEGATIVE))),
        time=draw(st.sampled_from((None, None, time))),
        confidence=draw(st.sampled_from((0.5, 0.9))),
        extractor="kg.extraction.test",
    )


def _mention(key: str) -> Mention:
    return Mention(span=Span(0, 3), head=Span(0, 3), entity=key, kind=Kind.NAME)
