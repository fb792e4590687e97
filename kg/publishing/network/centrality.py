"""Which entities matter most: ranks, neighbourhoods, and the few that a first look shows."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

_HUBS = 12
_OVERVIEW = 44


def neighbours_of(count: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Sorted distinct neighbours of each node 0..count-1, whatever the direction; loops are dropped."""
    sets: list[set[int]] = [set() for _ in range(count)]
    for a, b in pairs:
        if a != b:
            sets[a].add(b)
            sets[b].add(a)
    return [sorted(found) for found in sets]


def rank(neighbours: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """PageRank of an undirected graph (damping 0.85), summing to 1; isolated nodes get the least."""
    count = len(neighbours)
    if not count:
        return np.zeros(0)
    degree = np.array([len(found) for found in neighbours], dtype=float)
    source = np.repeat(np.arange(count), degree.astype(int))
    target = np.array([other for found in neighbours for other in found], dtype=np.int64)
    scores = np.full(count, 1 / count)
    for _ in range(60):
        given = np.where(degree > 0, scores / np.maximum(degree, 1), 0)
        lost = scores[degree == 0].sum() / count
        scores = 0.15 / count + 0.85 * (np.bincount(target, given[source], count) + lost)
    return np.asarray(scores / scores.sum())


def within(neighbours: Mapping[str, Iterable[str]], start: str, hops: int) -> set[str]:
    """Everything at most `hops` steps from `start`, itself included."""
    distance = {start: 0}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        if distance[node] == hops:
            continue
        for other in neighbours.get(node, ()):
            if other not in distance:
                distance[other] = distance[node] + 1
                queue.append(other)
    return set(distance)


def overview(neighbours: Sequence[Sequence[int]], scores: Sequence[float], size: int = _OVERVIEW) -> list[int]:
    """At most `size` nodes for a first look: the most central ones, each with some of its neighbours.

    Hubs take turns, so none of them fills the picture. A node without neighbours comes in only where nothing else is.
    """
    ranked = sorted(range(len(neighbours)), key=lambda node: (-scores[node], node))
    if len(ranked) <= size:
        return sorted(ranked)
    hubs = [node for node in ranked if neighbours[node]][:_HUBS]
    chosen = dict.fromkeys(hubs)
    offers = [sorted(neighbours[hub], key=lambda node: (-scores[node], node)) for hub in hubs]
    for turn in range(max((len(offer) for offer in offers), default=0)):
        for offer in offers:
            if turn < len(offer) and len(chosen) < size:
                chosen[offer[turn]] = None
    return sorted(chosen)
