"""What the network view shows, as frozen values: entities, their relations, the evidence, the documents.

`NetworkData` is all that the page, the pyvis network and the tests need; nothing here knows the store or HTML.
"""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field
from enum import StrEnum

from kg.model import Modality, Polarity, Status
from kg.vocabulary import DEFAULT_BASE


class Mark(StrEnum):
    """How a relation is drawn; the strongest reservation wins, so a denied plan reads as denied."""

    FACT = "fact"
    CLAIM = "claim"
    PLAN = "plan"
    DENIAL = "denial"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkDocument:
    """A source text. `text` is verbatim, or empty where the store does not hold it; `date` is ISO as stated."""

    iri: str
    title: str
    date: str | None = None
    source: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One sentence behind a relation.

    `begin` and `end` (exclusive) are code points of the document's text. `attributed_to` is the IRI of who says it,
    `attributed_label` its name; both None when the narrator does or nobody is named. `confidence` lies in [0, 1].
    """

    statement: str
    document: str
    begin: int
    end: int
    sentence: str
    source: str | None = None
    attributed_to: str | None = None
    attributed_label: str | None = None
    confidence: float | None = None
    time: str | None = None
    start_time: str | None = None
    end_time: str | None = None
    place: str | None = None
    extractor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkNode:
    """An entity with its place on the canvas (pixels at zoom 1; y grows downwards).

    `types` are class IRIs, the most specific known first. `degree` counts its relations. `rank` is its share of all
    attention (a random walk's, in [0, 1]). `overview` is its place in the first look, None when it is left out there.
    `community` is the position of its community in `NetworkData.communities`, None when it belongs to none.
    """

    iri: str
    label: str
    aliases: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    wikidata: str | None = None
    degree: int = 0
    rank: float = 0.0
    x: float = 0.0
    y: float = 0.0
    overview: tuple[float, float] | None = None
    community: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkCommunity:
    """Entities that have more to do with each other than with the rest: `size` of them, and the place of the fold."""

    size: int
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkEdge:
    """A relation between two entities (`target`) or of an entity and a value (`value` with `datatype`).

    One edge for each triple and manner of stating it; `evidence` holds every sentence that does, ordered by document
    and place. A relation that only a query constructed, or that mirrors a symmetric one, has none.
    """

    source: str
    property: str
    label: str
    target: str | None = None
    value: str | None = None
    datatype: str | None = None
    status: Status = Status.ASSERTED
    modality: Modality = Modality.ACTUAL
    polarity: Polarity = Polarity.POSITIVE
    evidence: tuple[Evidence, ...] = ()

    @builtins.property
    def mark(self) -> Mark:
        """The way it is drawn."""
        if self.polarity is Polarity.NEGATIVE:
            return Mark.DENIAL
        if self.modality is not Modality.ACTUAL:
            return Mark.PLAN
        return Mark.CLAIM if self.status is Status.CLAIMED else Mark.FACT

    @builtins.property
    def is_fact(self) -> bool:
        """Whether a document itself states it as true."""
        return self.mark is Mark.FACT


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkData:
    """Everything a view shows, ordered by IRI and the same for the same store.

    `total_nodes` and `total_edges` count what there was before `max_nodes` cut it. `type_labels` names every class
    IRI that occurs. `focus` is the entity the view is about, where it is about one. `base` is the build's, for short
    names of IRIs.
    """

    nodes: tuple[NetworkNode, ...]
    edges: tuple[NetworkEdge, ...]
    documents: tuple[NetworkDocument, ...]
    communities: tuple[NetworkCommunity, ...] = ()
    type_labels: dict[str, str] = field(default_factory=dict)
    total_nodes: int = 0
    total_edges: int = 0
    focus: str | None = None
    base: str = DEFAULT_BASE

    @property
    def truncated(self) -> bool:
        """Whether less central entities were left out."""
        return self.total_nodes > len(self.nodes)

    @property
    def date_range(self) -> tuple[str, str] | None:
        """First and last date of the documents (ISO), None when none is dated."""
        dates = sorted(document.date for document in self.documents if document.date)
        return (dates[0], dates[-1]) if dates else None
