"""Mentions of a window → statements between pairs of them: property, status, modality, polarity, source, time, place.

Table filling: every ordered pair of mentions of a sentence is scored, from the vectors of the two and from what each
attends to among the sentence's words. A property holds where it scores above the pair's own threshold (Zhou et al.
2021). Work is done for all pairs of a window at once, but for the attention, which stays within its sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.annotation.heads import Floats, Heads, gelu, sigmoid, softmax
from kg.annotation.mentions import FoundMention
from kg.annotation.paths import Paths, Tree, class_counts, pair_paths

OPEN = "OPEN"
_ATTENTION_HEADS = 4
_GAPS = np.array([1, 2, 3, 4, 6, 9, 14, 20])
_MOST_MENTIONS = 40  # of a sentence; the pairs of longer lists are noise and cost the square
_ONE_SUBJECT, _ONE_OBJECT = frozenset({"holdsRole", "heldRole"}), frozenset({"roleIn"})
_EQUAL = 0.5  # log-odds by which rivals may differ and both stay
_CUE_SHARE = 0.35  # of the strongest word's weight that makes a word part of the wording

Ints = NDArray[np.int64]


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
    trees: Sequence[Tree | None] = (),
) -> list[FoundStatement]:
    """Statements of a window, in the order of their subjects and objects; `trees` are its sentences'.

    `margin` is added to every threshold: below 0 finds more, above 0 surer ones.
    """
    pairs = candidate_pairs(mentions, len(sentences))
    if not len(pairs):
        return []
    vectors = np.stack([mention.vector for mention in mentions])
    places = np.array([(mention.begin, mention.end - 1) for mention in mentions])
    bounds = np.array([sentences[mentions[subject].sentence] for subject in pairs[:, 0]])
    paths = window_paths(mentions, pairs, sentences, trees, heads)
    hidden, weights = pair_vectors(vectors, places, pairs, parts, bounds, heads, paths)
    scores = heads.linear("pair.properties", hidden)
    odds = scores[:, :-1] - scores[:, -1:] - margin
    _drop_rivals(odds, pairs, heads.properties)
    rows, columns = np.nonzero(odds > 0)
    if not len(rows):
        return []
    used, where = np.unique(rows, return_inverse=True)
    chosen = hidden[used]
    claimed = softmax(heads.linear("pair.claimed", chosen))[:, 1]
    modality = softmax(heads.linear("pair.modality", chosen))
    negative = softmax(heads.linear("pair.polarity", chosen))[:, 1]
    targets = _pointed(vectors, chosen, heads)
    ends = pairs.tolist()
    wordings = _wordings(weights[used])
    sure_modality, modality = modality.max(axis=1).tolist(), modality.argmax(axis=1).tolist()
    claimed, negative = claimed.tolist(), negative.tolist()
    confidence = sigmoid(np.asarray(odds[rows, columns], np.float32)).tolist()
    return [
        FoundStatement(
            subject=ends[row][0],
            object=ends[row][1],
            property=heads.properties[column],
            confidence=confidence[index],
            claimed=claimed[at],
            modality=heads.modalities[modality[at]],
            modality_certainty=sure_modality[at],
            negative=negative[at],
            source=targets[at][0],
            time=targets[at][1],
            place=targets[at][2],
            wording=wordings[at],
        )
        for index, (row, column, at) in enumerate(zip(rows.tolist(), columns.tolist(), where.tolist(), strict=True))
    ]


def _drop_rivals(odds: Floats, pairs: Ints, properties: Sequence[str]) -> None:
    """One holder to a mention of an office, one body to an office: all but the best, and its equals, are ruled out."""
    for names, side in ((_ONE_SUBJECT, 1), (_ONE_OBJECT, 0)):
        ends, where = np.unique(pairs[:, side], return_inverse=True)
        for column in (index for index, name in enumerate(properties) if name in names):
            best = np.full(len(ends), -np.inf, np.float32)
            np.maximum.at(best, where, odds[:, column])
            odds[odds[:, column] < best[where] - _EQUAL, column] = -np.inf


def candidate_pairs(mentions: Sequence[FoundMention], sentences: int) -> Ints:
    """Ordered pairs (subject, object) of mentions that share a sentence; a value is never a subject."""
    members: list[list[int]] = [[] for _ in range(sentences)]
    for index, mention in enumerate(mentions):
        if len(members[mention.sentence]) < _MOST_MENTIONS:
            members[mention.sentence].append(index)
    pairs = [(s, o) for group in members for s in group if not mentions[s].is_value for o in group if s != o]
    return np.array(pairs, np.int64).reshape(-1, 2)


def _pointed(vectors: Floats, hidden: Floats, heads: Heads) -> list[list[int | None]]:
    """For each pair and pointer the index of the mention pointed at, or None."""
    count = len(heads.pointers)
    keys = heads.linear("pair.pointed", vectors).reshape(len(vectors), count, -1)
    queries = heads.linear("pair.pointer", hidden).reshape(len(hidden), count, -1)
    nothing = heads.linear("pair.nothing", hidden)
    scores = np.matmul(queries.transpose(1, 0, 2), keys.transpose(1, 2, 0))  # pointers × pairs × mentions
    best, sure = scores.argmax(2), scores.max(2) > nothing.T
    return [[int(best[k, i]) if sure[k, i] else None for k in range(count)] for i in range(len(hidden))]


def _wordings(weights: Floats) -> list[tuple[int, ...]]:
    rows, words = np.nonzero(weights > _CUE_SHARE * weights.max(axis=1, keepdims=True))
    cuts = np.searchsorted(rows, np.arange(1, len(weights)))
    return [tuple(part.tolist()) for part in np.split(words, cuts)]


def pair_vectors(
    vectors: Floats,
    places: Ints,
    pairs: Ints,
    parts: dict[str, Floats],
    bounds: Ints,
    heads: Heads,
    paths: Sequence[Paths] = (),
) -> tuple[Floats, Floats]:
    """Vectors of pairs of mentions, and the weight of each word of the window as wording (pairs × words).

    `places` holds first and last word of every mention, `pairs` subject and object, `bounds` the words (begin, end) of
    the sentence of each pair; pairs of one sentence stand together.
    """
    subject, target = places[pairs[:, 0]], places[pairs[:, 1]]
    context, weights = _attention(vectors, subject, target, pairs, parts, bounds, heads)
    product = heads.linear("pair.left", vectors)[pairs[:, 0]] * heads.linear("pair.right", vectors)[pairs[:, 1]]
    hidden = heads.linear("pair.product", product)
    hidden += heads.linear("pair.subject", vectors)[pairs[:, 0]]
    hidden += heads.linear("pair.object", vectors)[pairs[:, 1]]
    hidden += heads.linear("pair.context", context)
    hidden += heads.arrays["pair.gap.weight"][_gaps(subject, target)]
    if paths:
        _add_syntax(hidden, parts["value"], bounds, heads, paths)
    hidden = gelu(hidden)
    return gelu(heads.linear("pair.middle", hidden)) + hidden, weights


def window_paths(
    mentions: Sequence[FoundMention],
    pairs: Ints,
    sentences: Sequence[tuple[int, int]],
    trees: Sequence[Tree | None],
    heads: Heads,
) -> list[Paths]:
    """How the trees join the pairs, sentence by sentence; empty for a model that knows no trees."""
    if not heads.deprels:
        return []
    counts = class_counts(len(heads.deprels), len(heads.upos))
    of_pair = np.array([mentions[subject].sentence for subject in pairs[:, 0].tolist()])
    found = []
    for number in dict.fromkeys(of_pair.tolist()):
        begin, end = sentences[number]
        here = pairs[of_pair == number]
        members = sorted(set(here.ravel().tolist()))
        order = {member: index for index, member in enumerate(members)}
        spans = [(mentions[i].begin - begin, mentions[i].end - begin) for i in members]
        numbered = [(order[s], order[o]) for s, o in here.tolist()]
        found.append(pair_paths(trees[number] if trees else None, end - begin, spans, numbered, counts))
    return found


def _add_syntax(hidden: Floats, values: Floats, bounds: Ints, heads: Heads, paths: Sequence[Paths]) -> None:
    at = 0
    for path in paths:
        count = len(path.tops)
        begin, end = bounds[at]
        here = slice(at, at + count)
        known = path.words.any(axis=1, keepdims=True)
        hidden[here] += heads.linear("pair.path", path.words @ values[begin:end])
        hidden[here] += heads.linear("pair.top", values[begin + path.tops] * known)
        at += count
    for name in paths[0].classes:
        hidden += heads.arrays[f"pair.paths.{name}.weight"][np.concatenate([path.classes[name] for path in paths])]


def _attention(
    vectors: Floats, subject: Ints, target: Ints, pairs: Ints, parts: dict[str, Floats], bounds: Ints, heads: Heads
) -> tuple[Floats, Floats]:
    """What each pair attends to (pairs × key width), and the first head's weights over the window's words."""
    words, size = parts["key"].shape
    width = size // _ATTENTION_HEADS
    queries = heads.linear("pair.query", vectors).reshape(len(vectors), 2, _ATTENTION_HEADS, width)
    queries = queries.transpose(1, 2, 0, 3) / np.float32(np.sqrt(width))  # role × head × mentions × width
    key = parts["key"].reshape(words, _ATTENTION_HEADS, width).transpose(1, 2, 0)
    value = parts["value"].reshape(words, _ATTENTION_HEADS, width).transpose(1, 0, 2)
    region = heads.arrays["pair.region"].transpose(2, 0, 1)  # head × order × region
    order = (target[:, 0] < subject[:, 0]).astype(np.int64)[:, None]
    context = np.empty((len(pairs), _ATTENTION_HEADS, width), np.float32)
    weights = np.zeros((len(pairs), words), np.float32)
    edges = np.flatnonzero(np.diff(bounds[:, 0], prepend=-1, append=-1))
    for start, stop in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        begin, end = int(bounds[start, 0]), int(bounds[start, 1])
        here = slice(start, stop)
        first, last = int(pairs[here].min()), int(pairs[here].max()) + 1
        scores = np.matmul(queries[:, :, first:last], key[:, :, begin:end])
        total = scores[0][:, pairs[here, 0] - first] + scores[1][:, pairs[here, 1] - first]
        total += region[:, order[here], _regions(subject[here], target[here], begin, end)]
        share = softmax(total)
        context[here] = np.matmul(share, value[:, begin:end]).transpose(1, 0, 2)
        weights[here, begin:end] = share[0]
    return context.reshape(len(pairs), size), weights


def _gaps(subject: Ints, target: Ints) -> Ints:
    """Class of the distance and order of two spans (first word, last word)."""
    steps = len(_GAPS) + 1
    forward = np.maximum(target[:, 0] - subject[:, 1], 0)
    backward = subject[:, 0] - target[:, 1]
    result = np.searchsorted(_GAPS, forward, side="right")
    result = np.where(backward > 0, steps + np.searchsorted(_GAPS, backward, side="right"), result)
    within = (target[:, 0] >= subject[:, 0]) & (target[:, 1] <= subject[:, 1])
    around = (subject[:, 0] >= target[:, 0]) & (subject[:, 1] <= target[:, 1])
    return np.where(within, 2 * steps, np.where(around, 2 * steps + 1, result))


def _regions(subject: Ints, target: Ints, begin: int, end: int) -> Ints:
    """Where each word of begin..end stands to two spans: before, in the first, between, in the second, after."""
    position = np.arange(begin, end)[None, :]
    swap = (target[:, 0] < subject[:, 0])[:, None]
    one = np.where(swap, target, subject)
    two = np.where(swap, subject, target)
    result = (position >= one[:, :1]).astype(np.int64) + (position > one[:, 1:])
    result = np.where(position >= two[:, :1], 3, result)
    return np.where((position > two[:, 1:]) & (position > one[:, 1:]), 4, result)
