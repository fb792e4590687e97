"""Scores of a window → trees, labels and names: pure functions over numpy arrays.

Word indices count from 0 within the array given; in score matrices of arcs, column 0 is the root and column `i + 1` is
word `i`. Heads are given as word indices, the root as -1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_IMPOSSIBLE = -1e9


def is_tree(heads: Sequence[int]) -> bool:
    """Whether `heads` (root: -1) form one tree with a single root."""
    if sum(head == -1 for head in heads) != 1:
        return False
    state = [0] * len(heads)  # 0 unseen, 1 on the present path, 2 leads to the root
    for start in range(len(heads)):
        path = []
        node = start
        while node >= 0 and state[node] == 0:
            state[node] = 1
            path.append(node)
            node = heads[node]
        if node >= 0 and state[node] == 1:
            return False
        for node in path:
            state[node] = 2
    return True


def best_tree(scores: NDArray[np.float32]) -> list[int]:
    """Heads of the highest-scoring tree with a single root (Chu and Liu 1965, Edmonds 1967).

    `scores` is words × (words + 1). Where the best tree has several roots, a penalty on every arc from the root,
    greater than any tree's range of scores, brings them down to one (Stanojević and Cohen 2021).
    """
    size = len(scores)
    graph = np.full((size + 1, size + 1), _IMPOSSIBLE)
    graph[1:] = scores
    np.fill_diagonal(graph, _IMPOSSIBLE)
    heads = _arborescence(graph)[1:]
    if (heads == 0).sum() != 1:
        spread = float(scores.max() - scores.min()) + 1.0
        graph[1:, 0] -= spread * (size + 1)
        heads = _arborescence(graph)[1:]
    return [int(head) - 1 for head in heads]


def _arborescence(graph: NDArray[np.float64]) -> NDArray[np.int64]:
    """Best head of each node (row) under node 0; entry 0 of the result is meaningless."""
    heads: NDArray[np.int64] = graph.argmax(axis=1)
    heads[0] = 0
    cycle = _find_cycle(heads)
    if not cycle:
        return heads
    rest = [node for node in range(len(graph)) if node not in set(cycle)]
    members, others = np.array(cycle), np.array(rest)
    merged = len(rest)
    gain = graph[members] - graph[members, heads[members]][:, None]  # of entering the cycle at each member
    entry = members[gain[:, others].argmax(axis=0)]
    leave = members[graph[np.ix_(others, members)].argmax(axis=1)]
    smaller = np.full((merged + 1, merged + 1), _IMPOSSIBLE)
    smaller[:merged, :merged] = graph[np.ix_(others, others)]
    smaller[merged, :merged] = gain[:, others].max(axis=0)
    smaller[:merged, merged] = graph[np.ix_(others, members)].max(axis=1)
    smaller[0] = _IMPOSSIBLE
    np.fill_diagonal(smaller, _IMPOSSIBLE)
    solved = _arborescence(smaller)
    for index in range(1, merged):
        heads[rest[index]] = leave[index] if solved[index] == merged else others[solved[index]]
    source = int(solved[merged])
    heads[entry[source]] = others[source]
    return heads


def _find_cycle(heads: NDArray[np.int64]) -> list[int]:
    """Some cycle among `heads`, where node 0 is the root; empty when there is none."""
    state = [0] * len(heads)
    state[0] = 2
    for start in range(1, len(heads)):
        path = []
        node = start
        while state[node] == 0:
            state[node] = 1
            path.append(node)
            node = int(heads[node])
        if state[node] == 1:
            return path[path.index(node) :]
        for node in path:
            state[node] = 2
    return []


def best_tags(scores: NDArray[np.float32]) -> list[int]:
    """The best valid sequence of BIO tags (Viterbi); tag 0 is O, then B and I of each type by turns.

    `scores` is words × tags. I may only follow B or I of its own type.
    """
    if not len(scores):
        return []
    greedy = scores.argmax(axis=1)
    before = np.concatenate([[0], greedy[:-1]])
    inside = (greedy > 0) & (greedy % 2 == 0)
    if not (inside & (before != greedy) & (before != greedy - 1)).any():
        return [int(tag) for tag in greedy]
    insides = np.arange(2, scores.shape[1], 2)
    total = scores[0].astype(np.float64)
    total[insides] = _IMPOSSIBLE
    back = np.zeros(scores.shape, np.int64)
    for row in range(1, len(scores)):
        any_before = int(total.argmax())
        best = np.full(scores.shape[1], total[any_before])
        back[row] = any_before
        begins, continues = total[insides - 1], total[insides]
        best[insides] = np.maximum(begins, continues)
        back[row, insides] = np.where(begins >= continues, insides - 1, insides)
        total = best + scores[row]
    tags = [int(total.argmax())]
    for row in range(len(scores) - 1, 0, -1):
        tags.append(int(back[row, tags[-1]]))
    return tags[::-1]


def tag_spans(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """`B-T I-T …` → (first word, end word, type), in order; tags must be a valid sequence."""
    spans = []
    begin = -1
    for index, tag in enumerate([*tags, "O"]):
        if begin >= 0 and not tag.startswith("I-"):
            spans.append((begin, index, tags[begin][2:]))
            begin = -1
        if tag.startswith("B-"):
            begin = index
    return spans
