"""Windows of a document → what its words mean: mentions, chains, statements, attributions, by character offsets.

Runs the numpy scorers (`mentions`, `coreference`, `statements`, `attributions`) over each window's projections and
brings their word indices to the document. Everything here is plain data, so that it can travel in `Doc.user_data`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kg.annotation.attributions import find_attributions
from kg.annotation.coreference import Candidate, CoreferenceScorer, chains
from kg.annotation.heads import Heads
from kg.annotation.mentions import FoundMention, find_mentions, voted_types
from kg.annotation.network import Scores
from kg.annotation.statements import find_statements

SOFT_MARGIN = -3.0
"""Statements are kept down to this score below their threshold: extraction weighs them with what it finds itself."""


@dataclass(frozen=True, slots=True, eq=False)
class WindowScores:
    """Scores of one window over its whole sentences; `begin` is its first word's index in the document.

    `sentences` are word ranges within the window, end exclusive.
    """

    begin: int
    sentences: tuple[tuple[int, int], ...]
    scores: Scores


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionAnnotation:
    """A mention by character offsets; `type` a class name or Date, Money, Number; `certainty` of the type in [0, 1]."""

    begin: int
    end: int
    type: str
    kind: str
    certainty: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementAnnotation:
    """A statement between mentions (indices); scores in [0, 1], not calibrated. `wording` are character ranges.

    `property` is the local name of a core property, or OPEN.
    """

    subject: int
    object: int
    property: str
    confidence: float
    claimed: float
    modality: str
    modality_certainty: float
    negative: float
    source: int | None
    time: int | None
    place: int | None
    wording: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Semantics:
    """All that the scorers say of one document. `chains` hold indices of mentions, two and more each."""

    mentions: tuple[MentionAnnotation, ...] = ()
    chains: tuple[tuple[int, ...], ...] = ()
    statements: tuple[StatementAnnotation, ...] = ()
    attributions: tuple[tuple[tuple[int, int] | None, tuple[int, int], tuple[tuple[int, int], ...]], ...] = ()


def read_semantics(
    windows: Sequence[WindowScores], words: Sequence[str], begins: Sequence[int], heads: Heads
) -> Semantics:
    """Mentions, chains, statements and attributions of a document.

    `words` are its words and `begins` their first characters, in the order that the windows count them in.
    """
    ends = [begin + len(word) for begin, word in zip(begins, words, strict=True)]
    found: list[FoundMention] = []
    offsets: list[int] = []  # of the mention's window
    sentence_of: list[int] = []
    statements: list[StatementAnnotation] = []
    attributions = []
    sentences_before = 0
    for window in windows:
        size = window.sentences[-1][1]
        parts = heads.split(window.scores["pr"][:size])
        mentions = find_mentions(window.scores["sp"][0, :size, :size], parts, window.sentences, heads)
        first = len(found)
        for statement in find_statements(mentions, parts, window.sentences, heads, SOFT_MARGIN):
            statements.append(
                StatementAnnotation(
                    subject=first + statement.subject,
                    object=first + statement.object,
                    property=statement.property,
                    confidence=_at_threshold(statement.confidence),
                    claimed=statement.claimed,
                    modality=statement.modality,
                    modality_certainty=statement.modality_certainty,
                    negative=statement.negative,
                    source=None if statement.source is None else first + statement.source,
                    time=None if statement.time is None else first + statement.time,
                    place=None if statement.place is None else first + statement.place,
                    wording=tuple((begins[window.begin + i], ends[window.begin + i]) for i in statement.wording),
                )
            )
        for attribution in find_attributions(window.scores["cue"][:size], parts, heads):
            source = None if attribution.source is None else window.begin + attribution.source
            cue = window.begin + attribution.cue
            attributions.append(
                (
                    None if source is None else (begins[source], ends[source]),
                    (begins[cue], ends[cue]),
                    tuple((begins[window.begin + b], ends[window.begin + e - 1]) for b, e in attribution.content),
                )
            )
        found += mentions
        offsets += [window.begin] * len(mentions)
        sentence_of += [sentences_before + mention.sentence for mention in mentions]
        sentences_before += len(window.sentences)
    linked = _chains(found, offsets, sentence_of, words, heads)
    types = voted_types(found, linked, heads)
    return Semantics(
        mentions=tuple(
            MentionAnnotation(
                begin=begins[offset + mention.begin],
                end=ends[offset + mention.end - 1],
                type=kind,
                kind=mention.kind,
                certainty=certainty,
            )
            for mention, offset, (kind, certainty) in zip(found, offsets, types, strict=True)
        ),
        chains=linked,
        statements=tuple(statements),
        attributions=tuple(attributions),
    )


def _at_threshold(confidence: float) -> float:
    """A score that was taken with the soft margin, as it is without: 0.5 at the threshold."""
    odds = math.log(max(confidence, 1e-6) / max(1.0 - confidence, 1e-6)) + SOFT_MARGIN
    return 1.0 / (1.0 + math.exp(-odds))


def _chains(
    found: Sequence[FoundMention],
    offsets: Sequence[int],
    sentence_of: Sequence[int],
    words: Sequence[str],
    heads: Heads,
) -> tuple[tuple[int, ...], ...]:
    entities = [index for index, mention in enumerate(found) if not mention.is_value]
    if not entities:
        return ()
    candidates = [
        Candidate(offsets[i] + found[i].begin, offsets[i] + found[i].end, sentence_of[i], found[i].kind)
        for i in entities
    ]
    order = sorted(range(len(entities)), key=lambda k: (candidates[k].begin, candidates[k].end))
    vectors = np.stack([found[entities[k]].vector for k in order])
    linked = chains(words, [candidates[k] for k in order], vectors, CoreferenceScorer(heads.arrays))
    return tuple(tuple(sorted(entities[order[k]] for k in chain)) for chain in linked if len(chain) > 1)
