"""Span scores and projections of a window → mentions: spans, nested where they nest, with type, kind and vector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kg.annotation.heads import Floats, Heads, gelu, sigmoid, softmax

_WIDTHS = np.array([2, 3, 4, 5, 7, 10, 15, 25])  # lower bounds of the classes of length after the first
_MOST_PER_SENTENCE = 60
_CHAIN_SHARE, _PRONOUN_SHARE = 0.6, 0.5  # weights of the others of a chain, and of a pronoun, in the vote on a type
_VALUES = frozenset({"Date", "Money", "Number"})
THRESHOLD = -0.6
"""Log-odds from which a span is a mention. Below even odds: F1 on GUM's dev part is flat there, and what is missed here
is lost to all that follows, while statements are weighed again."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoundMention:
    """A mention: words `begin` to `end` (exclusive) of whatever the caller counts; `type` a class or a kind of value.

    `score` in [0, 1] is the span's, `certainty` in [0, 1] the type's; neither is calibrated. `vector` is what the
    scorers of coreference and of statements read, `type_shares` the probability of each type.
    """

    begin: int
    end: int
    sentence: int  # index among the sentences given
    type: str
    kind: str
    score: float
    certainty: float
    vector: Floats
    type_shares: Floats

    @property
    def is_value(self) -> bool:
        """Whether it is a date, an amount or a number, not an entity."""
        return self.type in _VALUES


def find_spans(scores: Floats, threshold: float = THRESHOLD) -> list[tuple[int, int, float]]:
    """(first, end, score) of the spans of one sentence that do not cross, in text order, outer before inner.

    `scores` is words × words (first word, last word); of two spans that cross the better one stays.
    """
    rows, columns = np.nonzero(np.triu(scores > threshold))
    values = scores[rows, columns]
    order = np.argsort(-values, kind="stable")[:_MOST_PER_SENTENCE]
    kept: list[tuple[int, int, float]] = []
    for index in order:
        first, last = int(rows[index]), int(columns[index])
        if not any(first < other <= last < end or other < first < end <= last for other, end, _ in kept):
            kept.append((first, last + 1, float(values[index])))
    return sorted(kept, key=lambda span: (span[0], -span[1]))


def find_mentions(
    span_scores: Floats, parts: dict[str, Floats], sentences: Sequence[tuple[int, int]], heads: Heads
) -> list[FoundMention]:
    """Mentions of a window's sentences, in text order, outer before inner; words count from the window's first.

    `span_scores` is one channel of `sp` (words × words).
    """
    found = [
        (first + begin, end + begin, number, score)
        for number, (begin, stop) in enumerate(sentences)
        for first, end, score in find_spans(span_scores[begin:stop, begin:stop])
    ]
    if not found:
        return []
    spans = np.array([(first, end) for first, end, _, _ in found])
    vectors = mention_vectors(parts, spans, heads)
    types = softmax(heads.linear("mention.types", vectors))
    kinds = heads.linear("mention.kinds", vectors).argmax(1)
    best = types.argmax(1)
    odds = sigmoid(np.array([score for _, _, _, score in found], np.float32))
    return [
        FoundMention(
            begin=first,
            end=end,
            sentence=number,
            type=heads.types[best[index]],
            kind=heads.kinds[kinds[index]],
            score=float(odds[index]),
            certainty=float(types[index, best[index]]),
            vector=vectors[index],
            type_shares=types[index],
        )
        for index, (first, end, number, _) in enumerate(found)
    ]


def mention_vectors(parts: dict[str, Floats], spans: np.ndarray, heads: Heads) -> Floats:
    """Vectors (spans × width) of the spans (first word, end) of one window."""
    first, end = spans[:, 0], spans[:, 1]
    sums = np.concatenate([np.zeros((1, parts["middle"].shape[1]), np.float32), parts["middle"].cumsum(0)])
    length = end - first
    mean = (sums[end] - sums[first]) / length[:, None]
    width = heads.arrays["mention.width.weight"][np.searchsorted(_WIDTHS, length, side="right")]
    return gelu(np.asarray(parts["start"][first] + parts["end"][end - 1] + mean + width, np.float32))


def voted_types(
    mentions: Sequence[FoundMention], chains: Sequence[Sequence[int]], heads: Heads
) -> list[tuple[str, float]]:
    """Type and certainty of each mention after its chain has voted: what one mention leaves open another may tell.

    `chains` are indices into `mentions`; values and mentions without a chain keep their own.
    """
    result = [(mention.type, mention.certainty) for mention in mentions]
    values = [i for i, name in enumerate(heads.types) if name in _VALUES]
    for chain in chains:
        if len(chain) < 2:
            continue
        logs = np.log(np.stack([mentions[index].type_shares for index in chain]) + 1e-4)
        logs[[i for i, index in enumerate(chain) if mentions[index].kind == "pronoun"]] *= _PRONOUN_SHARE
        logs[:, values] = -1e9
        total = logs.sum(axis=0)
        for row, index in enumerate(chain):
            shares = softmax(logs[row] + _CHAIN_SHARE * (total - logs[row]))
            best = int(shares.argmax())
            result[index] = (heads.types[best], float(shares[best]))
    return result
