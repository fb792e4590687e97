"""The nouns of the project; read this file first.

Mention level (one document; offsets are Unicode code points of `Document.text`, end exclusive)::

    Document → Mention, LocalEntity, Attribution, RelationMention → Extraction

Entity level (all documents of a build, after resolution)::

    Entity, Statement

All values are frozen. Names follow ACE (mention, entity, relation mention), PROV-O (provenance) and GRaSP
(attribution: source, cue, content).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from kg.errors import SpanError


class Status(StrEnum):
    """Who vouches for a statement: the document's narrator, or somebody it quotes."""

    ASSERTED = "Asserted"
    CLAIMED = "Claimed"


class Modality(StrEnum):
    """How the content stands to the world, in the words of its source."""

    ACTUAL = "Actual"
    PLANNED = "Planned"
    DESIRED = "Desired"
    OBLIGED = "Obliged"
    POSSIBLE = "Possible"
    HYPOTHETICAL = "Hypothetical"


class Polarity(StrEnum):
    """Whether the content is affirmed or denied."""

    POSITIVE = "Positive"
    NEGATIVE = "Negative"


class Kind(StrEnum):
    """How a mention names its entity."""

    NAME = "name"
    NOMINAL = "nominal"
    PRONOUN = "pronoun"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a document's text: `begin` inclusive, `end` exclusive, in code points."""

    begin: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.begin <= self.end:
            raise SpanError(f"span {self.begin}..{self.end}: begin must lie in 0..end")

    def __contains__(self, other: Span) -> bool:
        return self.begin <= other.begin and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.begin < other.end and other.begin < self.end


@dataclass(frozen=True, slots=True)
class Document:
    """A text as it was read. The text is verbatim and immutable, so every offset holds.

    `path` is what the IRI is minted from: relative, with forward slashes, or the `id` of a JSON line.
    `source` is the same path, or the URL or source that the input names; nothing absolute.
    `title`, `date` (ISO `YYYY-MM-DD`) come from metadata or were recognised in the text; where the text itself
    carries them, `title_span`, `dateline_span` say where.
    """

    path: str
    text: str
    source: str
    title: str | None = None
    date: str | None = None
    title_span: Span | None = None
    dateline_span: Span | None = None
    dateline_place_span: Span | None = None

    @property
    def sha256(self) -> str:
        """Hex digest of the text in UTF-8."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def quote(self, span: Span) -> str:
        """The text at `span`; raises `SpanError` when it lies outside."""
        if span.end > len(self.text):
            raise SpanError(f"{self.path}: span {span.begin}..{span.end} ends after the text ({len(self.text)})")
        return self.text[span.begin : span.end]


DOCUMENT_KEY = "document"
"""Key of the document itself as a thing that is spoken of: what a by-line says somebody wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A noun phrase that refers to an entity: `span` with its modifiers, `head` its head word or name."""

    span: Span
    head: Span
    entity: str  # key of a LocalEntity of the same document
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A date, number or amount read from the text: ISO at the stated precision; numbers plain.

    `datatype` is an absolute IRI; `span` is None when no words carry it.
    """

    value: str
    datatype: str
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalEntity:
    """One thing as one document speaks of it: the result of resolution within the document.

    `key` is unique in the document and stable for the same text. `types` are local names of `kg:` classes, best first.
    `label` is the fullest proper name or, where it has none (`named` false), the noun phrase.
    `names` are all proper names seen, the label first. `country` is the key of the country (Role, Organization) that
    tells apart things of one name. `scope` tells apart unnamed things: events, topics and groups of one document.
    """

    key: str
    label: str
    types: tuple[str, ...]
    named: bool
    names: tuple[str, ...] = ()
    wikidata: str | None = None
    body: str | None = None  # key of the body an office belongs to (one Role per office and body)
    classes: tuple[str, ...] = ()  # IRIs of classes of the ontologies given, sorted


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who says it: source, cue and content (GRaSP). `source` is None where the text does not tell."""

    source: Mention | None
    cue: Span | None
    content: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """A further complement or adjunct of a relation; `marker` is the word that joins it, or empty."""

    role: str
    marker: str
    value: Mention | Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationMention:
    """One relation as one sentence words it: the evidence of a statement before resolution.

    `predicate` is `kg:name`, `rel:name` or an absolute IRI. `predicate_spans` are the words that carry it, in reading
    order (none for apposition and the like). `time` is ISO at the stated precision, `start`/`end` bound it instead.
    `confidence` in [0, 1]. `extractor` names the module that read it.
    """

    subject: Mention
    predicate: str
    object: Mention | Literal
    sentence: Span
    predicate_spans: tuple[Span, ...] = ()
    arguments: tuple[Argument, ...] = ()
    status: Status = Status.ASSERTED
    attribution: Attribution | None = None
    modality: Modality = Modality.ACTUAL
    polarity: Polarity = Polarity.POSITIVE
    time: Literal | None = None
    start: Literal | None = None
    end: Literal | None = None
    place: Mention | None = None
    confidence: float
    extractor: str

    @property
    def plain(self) -> bool:
        """Whether the document states it as a fact."""
        return (self.status, self.modality, self.polarity) == (Status.ASSERTED, Modality.ACTUAL, Polarity.POSITIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """All that was read out of one document; depends on that document and the settings alone."""

    document: Document
    sentences: tuple[Span, ...]
    entities: tuple[LocalEntity, ...]
    mentions: tuple[Mention, ...]
    relations: tuple[RelationMention, ...]
    attributions: tuple[Attribution, ...] = ()

    def entity(self, key: str) -> LocalEntity:
        """The local entity of that key; raises `KeyError`."""
        for entity in self.entities:
            if entity.key == key:
                return entity
        raise KeyError(key)


# ---------------------------------------------------------------------------------------------- entity level


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One thing in the world over all documents of a build."""

    iri: str
    label: str
    alt_labels: tuple[str, ...] = ()
    types: tuple[str, ...]  # class IRIs, best first
    same_as: str | None = None  # Wikidata entity IRI
    documents: tuple[str, ...] = ()  # document IRIs it is mentioned in, sorted


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralValue:
    """An RDF literal without language tag; `datatype` is an absolute IRI."""

    value: str
    datatype: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One triple as one sentence supports it: what becomes a `kg:Statement` node.

    All of `subject`, `predicate`, `attributed_to`, `place` and `document` are IRIs. `evidence` is the span of the
    sentence in the document's text. Two statements are the same when all but `confidence` and `extractor` agree.
    """

    subject: str
    predicate: str
    object: str | LiteralValue  # str: an entity's IRI
    document: str
    evidence: Span
    status: Status = Status.ASSERTED
    attributed_to: str | None = None
    modality: Modality = Modality.ACTUAL
    polarity: Polarity = Polarity.POSITIVE
    time: LiteralValue | None = None
    start_time: LiteralValue | None = None
    end_time: LiteralValue | None = None
    place: str | None = None
    confidence: float
    extractor: str

    @property
    def plain(self) -> bool:
        """Whether its triple is a fact: asserted, actual and positive."""
        return (self.status, self.modality, self.polarity) == (Status.ASSERTED, Modality.ACTUAL, Polarity.POSITIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentStatements:
    """What one document contributes to the graph, ready to be written as one named graph."""

    document: Document
    iri: str
    statements: tuple[Statement, ...]
    entities: tuple[str, ...] = field(default=())  # IRIs of the entities it mentions, sorted

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.statements)
