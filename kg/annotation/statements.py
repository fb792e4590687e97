"""Mentions of a window → statements between pairs of them: property, status, modality, polarity, source, time, place.

Table filling: every ordered pair of mentions of a sentence is scored, from the vectors of the two and from what each
attends to among the sentence's words. A property holds where it scores above the pair's own threshold (Zhou et al.
2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kg.annotation.heads import Floats, Heads, gelu, sigmoid, softmax
from kg.annotation.mentions import FoundMention

OPEN = "OPEN"
_ATTENTION_HEADS = 4
_GAPS = np.array([1, 2, 3, 4, 6, 9, 14, 20])
_MOST_MENTIONS = 40  # of a sentence; the pairs of longer lists are noise and cost the square
_CUE_SHARE = 0.35  # of the strongest word's weight that makes a word part of the wording


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStatement:
    """A statement; subject, object, source, time and place are indices into the mentions given.

    `property` is a local name of `kg:` or `OPEN`. `confidence`, `claimed`, `negative` are in [0, 1], not calibrated.
    `wording` holds indices of the words that carry the relation, ascending.
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
    wording: tuple[int, ...]


def find_statements(
    mentions: Sequence[FoundMention],
    parts: dict[str, Floats],
    sentences: Sequence[tuple[int, int]],
    heads: Heads,
    margin: float = 0.0,
) -> list[FoundStatement]:
    """Statements of a window. `margin` is added to every threshold: below 0 finds more, above 0 surer ones."""
    if len(mentions) < 2:
        return []
    vectors = np.stack([mention.vector for mention in mentions])
    keys = heads.linear("pair.pointed", vectors).reshape(len(mentions), len(heads.pointers), -1)
    found: list[FoundStatement] = []
    for number, (begin, end) in enumerate(sentences):
        members = [i for i, mention in enumerate(mentions) if mention.sentence == number][:_MOST_MENTIONS]
        found += _sentence(mentions, members, vectors, keys, parts, (begin, end), heads, margin)
    return found


def _sentence(
    mentions: Sequence[FoundMention],
    members: list[int],
    vectors: Floats,
    keys: Floats,
    parts: dict[str, Floats],
    bounds: tuple[int, int],
    heads: Heads,
    margin: float,
) -> list[FoundStatement]:
    pairs = np.array(
        [(s, o) for s in members if not mentions[s].is_value for o in members if s != o], np.int64
    ).reshape(-1, 2)
    if not len(pairs):
        return []
    places = np.array([(mention.begin, mention.end - 1) for mention in mentions])
    hidden, weights = pair_vectors(vectors, places, pairs, parts, bounds, heads)
    scores = heads.linear("pair.properties", hidden)
    odds = scores[:, :-1] - scores[:, -1:] - margin
    rows, columns = np.nonzero(odds > 0)
    if not len(rows):
        return []
    used, where = np.unique(rows, return_inverse=True)
    chosen = hidden[used]
    claimed = softmax(heads.linear("pair.claimed", chosen))[:, 1]
    modality = softmax(heads.linear("pair.modality", chosen))
    negative = softmax(heads.linear("pair.polarity", chosen))[:, 1]
    queries = heads.linear("pair.pointer", chosen).reshape(len(used), len(heads.pointers), -1)
    nothing = heads.linear("pair.nothing", chosen)
    pointed = np.einsum("phd,mhd->phm", queries, keys)
    best = pointed.argmax(2)
    sure = np.take_along_axis(pointed, best[:, :, None], 2)[:, :, 0] > nothing
    confidence = sigmoid(np.asarray(odds[rows, columns], np.float32))
    statements = []
    for index, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
        at = int(where[index])
        targets = [int(best[at, k]) if sure[at, k] else None for k in range(len(heads.pointers))]
        weight = weights[row]
        statements.append(
            FoundStatement(
                subject=int(pairs[row, 0]),
                object=int(pairs[row, 1]),
                property=heads.properties[column],
                confidence=float(confidence[index]),
                claimed=float(claimed[at]),
                modality=heads.modalities[int(modality[at].argmax())],
                modality_certainty=float(modality[at].max()),
                negative=float(negative[at]),
                source=targets[0],
                time=targets[1],
                place=targets[2],
                wording=tuple(int(i) + bounds[0] for i in np.flatnonzero(weight > _CUE_SHARE * weight.max())),
            )
        )
    return statements


def pair_vectors(
    vectors: Floats,
    places: np.ndarray,
    pairs: np.ndarray,
    parts: dict[str, Floats],
    bounds: tuple[int, int],
    heads: Heads,
) -> tuple[Floats, Floats]:
    """Vectors of pairs of mentions of one sentence (words `bounds`), and each word's weight as wording (pairs × words).

    `places` holds first and last word of every mention, `pairs` subject and object.
    """
    begin, end = bounds
    subject, target = places[pairs[:, 0]], places[pairs[:, 1]]
    width = parts["key"].shape[1] // _ATTENTION_HEADS
    key = parts["key"][begin:end].reshape(end - begin, _ATTENTION_HEADS, width)
    value = parts["value"][begin:end].reshape(end - begin, _ATTENTION_HEADS, width)
    used, where = np.unique(pairs, return_inverse=True)
    where = where.reshape(pairs.shape)
    queries = heads.linear("pair.query", vectors[used]).reshape(len(used), 2, _ATTENTION_HEADS, width)
    logits = np.einsum("mshd,whd->smwh", queries, key) / np.float32(np.sqrt(width))
    total = logits[0][where[:, 0]] + logits[1][where[:, 1]]
    order = (target[:, 0] < subject[:, 0]).astype(np.int64)
    total = total + heads.arrays["pair.region"][order[:, None], _regions(subject, target, begin, end)]
    weights = softmax(np.asarray(total, np.float32), axis=1)
    context = np.einsum("pwh,whd->phd", weights, value).reshape(len(pairs), -1)
    left = heads.linear("pair.left", vectors[used])[where[:, 0]]
    right = heads.linear("pair.right", vectors[used])[where[:, 1]]
    hidden = (
        heads.linear("pair.subject", vectors[used])[where[:, 0]]
        + heads.linear("pair.object", vectors[used])[where[:, 1]]
        + heads.linear("pair.context", np.asarray(context, np.float32))
        + heads.arrays["pair.gap.weight"][_gaps(subject, target)]
        + heads.linear("pair.product", left * right)
    )
    hidden = gelu(np.asarray(hidden, np.float32))
    hidden = gelu(heads.linear("pair.middle", hidden)) + hidden
    return np.asarray(hidden, np.float32), np.asarray(weights[:, :, 0], np.float32)


def _gaps(subject: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Class of the distance and order of two spans (first word, last word)."""
    steps = len(_GAPS) + 1
    forward = np.maximum(target[:, 0] - subject[:, 1], 0)
    backward = subject[:, 0] - target[:, 1]
    result = np.searchsorted(_GAPS, forward, side="right")
    result = np.where(backward > 0, steps + np.searchsorted(_GAPS, backward, side="right"), result)
    within = (target[:, 0] >= subject[:, 0]) & (target[:, 1] <= subject[:, 1])
    around = (subject[:, 0] >= target[:, 0]) & (subject[:, 1] <= target[:, 1])
    return np.where(within, 2 * steps, np.where(around, 2 * steps + 1, result))


def _regions(subject: np.ndarray, target: np.ndarray, begin: int, end: int) -> np.ndarray:
    """Where each word of begin..end stands to two spans: before, in the first, between, in the second, after."""
    position = np.arange(begin, end)[None, :]
    swap = (target[:, 0] < subject[:, 0])[:, None]
    one = np.where(swap, target, subject)
    two = np.where(swap, subject, target)
    result = (position >= one[:, :1]).astype(np.int64) + (position > one[:, 1:])
    result = np.where(position >= two[:, :1], 3, result)
    return np.where((position > two[:, 1:]) & (position > one[:, 1:]), 4, result)
