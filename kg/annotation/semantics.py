"""Windows of a document → what its words mean: mentions, chains, statements, attributions, by character offsets.

Runs the numpy scorers (`mentions`, `coreference`, `statements`, `attributions`) over each window's projections and
brings their word indices to the document. Everything here is plain data, so that it can travel in `Doc.user_data`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kg.annotation.attributions import find_attributions
from kg.annotation.coreference import Candidate, ChainBuilder, CoreferenceScorer
from kg.annotation.heads import Heads
from kg.annotation.mentions import FoundMention, find_mentions, voted_types
from kg.annotation.network import Scores
from kg.annotation.paths import Tree
from kg.annotation.statements import FoundStatement, find_statements

_NO_VECTOR = np.zeros(0, np.float32)
SOFT_MARGIN = -2.5
"""Statements are kept down to this score below their threshold: extraction weighs them with what it finds itself."""


@dataclass(frozen=True, slots=True, eq=False)
class WindowScores:
    """Scores of one window over its whole sentences; `begin` is its first word's index in the document.

    `sentences` are word ranges within the window, end exclusive, `trees` their trees.
    """

    begin: int
    sentences: tuple[tuple[int, int], ...]
    scores: Scores
    trees: tuple[Tree, ...]


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


class SemanticsReader:
    """Takes the windows of one document as they are run, so that no scores are kept: memory grows with what is found.

    `words` are the document's words and `begins` their first characters, in the order that the windows count them in.
    """

    def __init__(self, words: Sequence[str], begins: Sequence[int], heads: Heads) -> None:
        self._words, self._begins, self._heads = words, begins, heads
        self._chains = ChainBuilder(CoreferenceScorer(heads.arrays), words)
        self._linked: list[int] = []  # the builder's mentions as indices into ours
        self._mentions: list[FoundMention] = []
        self._statements: list[StatementAnnotation] = []
        self._attributions: list[tuple[tuple[int, int] | None, tuple[int, int], tuple[tuple[int, int], ...]]] = []
        self._sentences = 0

    def add(self, window: WindowScores) -> None:
        """Read the next window."""
        size = window.sentences[-1][1]
        parts = self._heads.split(window.scores["pr"])
        whole = {name: part[:size] for name, part in parts.items()}
        found = find_mentions(window.scores["sp"][0, :size, :size], whole, window.sentences, self._heads)
        first = len(self._mentions)
        for statement in find_statements(found, whole, window.sentences, self._heads, SOFT_MARGIN, window.trees):
            self._statements.append(self._statement(statement, first, window.begin))
        for item in find_attributions(window.scores["cue"], parts, self._heads):
            if item.cue < size:  # one in the sentence that is cut off comes again with the next window
                source = None if item.source is None else self._characters(item.source, item.source + 1, window.begin)
                content = tuple(self._characters(begin, end, window.begin) for begin, end in item.content)
                self._attributions.append((source, self._characters(item.cue, item.cue + 1, window.begin), content))
        self._link(found, window.begin)
        for mention in found:
            self._mentions.append(
                replace(mention, begin=mention.begin + window.begin, end=mention.end + window.begin, vector=_NO_VECTOR)
            )
        self._sentences += len(window.sentences)

    def _link(self, found: Sequence[FoundMention], begin: int) -> None:
        order = sorted(
            (i for i, mention in enumerate(found) if not mention.is_value), key=lambda i: (found[i].begin, found[i].end)
        )
        if order:
            candidates = [
                Candidate(
                    found[i].begin + begin, found[i].end + begin, found[i].sentence + self._sentences, found[i].kind
                )
                for i in order
            ]
            self._chains.add(candidates, np.stack([found[i].vector for i in order]))
            self._linked += [len(self._mentions) + i for i in order]

    def _characters(self, first: int, end: int, begin: int) -> tuple[int, int]:
        last = begin + end - 1
        return self._begins[begin + first], self._begins[last] + len(self._words[last])

    def _statement(self, statement: FoundStatement, first: int, begin: int) -> StatementAnnotation:
        pointed = (statement.source, statement.time, statement.place)
        source, time, place = (None if index is None else first + index for index in pointed)
        return StatementAnnotation(
            subject=first + statement.subject,
            object=first + statement.object,
            property=statement.property,
            confidence=_at_threshold(statement.confidence),
            claimed=statement.claimed,
            modality=statement.modality,
            modality_certainty=statement.modality_certainty,
            negative=statement.negative,
            source=source,
            time=time,
            place=place,
            wording=tuple(self._characters(i, i + 1, begin) for i in statement.wording),
        )

    def finish(self) -> Semantics:
        """All that was read."""
        chains = tuple(
            sorted(tuple(sorted(self._linked[i] for i in chain)) for chain in self._chains.finish() if len(chain) > 1)
        )
        types = voted_types(self._mentions, chains, self._heads)
        mentions = []
        for mention, (kind, certainty) in zip(self._mentions, types, strict=True):
            begin, end = self._characters(mention.begin, mention.end, 0)
            mentions.append(MentionAnnotation(begin=begin, end=end, type=kind, kind=mention.kind, certainty=certainty))
        return Semantics(
            mentions=tuple(mentions),
            chains=chains,
            statements=tuple(self._statements),
            attributions=tuple(self._attributions),
        )


def _at_threshold(confidence: float) -> float:
    """A score that was taken with the soft margin, as it is without: 0.5 at the threshold."""
    odds = math.log(max(confidence, 1e-6) / max(1.0 - confidence, 1e-6)) + SOFT_MARGIN
    return 1.0 / (1.0 + math.exp(-odds))
