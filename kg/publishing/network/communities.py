"""Which entities belong together: edges in, groups of nodes out, the same every time.

Louvain's method (Blondel et al. 2008) with a queue of the nodes whose surroundings changed (Traag et al. 2019), in
order of their numbers, without chance. networkx has Louvain too, but tries every node again in each pass: 5 s for
10,000 nodes where this takes a fraction.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

Weights = list[dict[int, float]]
"""Of each node its neighbours with the weight of the edge; what a node has inside stands under its own number."""

_SMALLEST = 3
"""A smaller group is left as single entities: folding two into one saves nothing."""


def communities(count: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Groups of the nodes 0..count-1 that have more to do with each other than with the rest.

    Each ascending, the largest first; nodes in no group of three or more are in none. An edge counts as often as it
    is given, whatever its direction; a loop not at all.
    """
    weights: Weights = [{} for _ in range(count)]
    for a, b in pairs:
        if a != b:
            weights[a][b] = weights[a].get(b, 0.0) + 1
            weights[b][a] = weights[b].get(a, 0.0) + 1
    groups = [[node] for node in range(count)]
    while True:
        home = _settled(weights)
        joined = _joined(weights, home)
        if len(joined) == len(weights):
            break
        merged: list[list[int]] = [[] for _ in joined]
        for node, group in enumerate(home):
            merged[group].extend(groups[node])
        weights, groups = joined, merged
    return sorted(
        (sorted(group) for group in groups if len(group) >= _SMALLEST), key=lambda group: (-len(group), group)
    )


def _settled(weights: Weights) -> list[int]:
    """The community of each node once no single move raises modularity, numbered from 0 without gaps."""
    strength = [sum(near.values()) + near.get(node, 0.0) for node, near in enumerate(weights)]
    total = sum(strength)
    home = list(range(len(weights)))
    inside = strength.copy()
    queue, queued = deque(home), [True] * len(home)
    while queue:
        node = queue.popleft()
        queued[node] = False
        towards: dict[int, float] = {}
        for other, weight in weights[node].items():
            if other != node:
                towards[home[other]] = towards.get(home[other], 0.0) + weight
        left = home[node]
        inside[left] -= strength[node]
        best, most = left, towards.get(left, 0.0) - inside[left] * strength[node] / total if total else 0.0
        for candidate in sorted(towards):
            gain = towards[candidate] - inside[candidate] * strength[node] / total
            if gain > most + 1e-9:
                best, most = candidate, gain
        home[node] = best
        inside[best] += strength[node]
        if best != left:
            for other in weights[node]:
                if home[other] != best and not queued[other]:
                    queued[other] = True
                    queue.append(other)
    numbers = {community: number for number, community in enumerate(dict.fromkeys(home))}
    return [numbers[community] for community in home]


def _joined(weights: Weights, home: list[int]) -> Weights:
    """The graph of the communities."""
    joined: Weights = [{} for _ in range(max(home, default=-1) + 1)]
    for node, near in enumerate(weights):
        row = joined[home[node]]
        for other, weight in near.items():
            # An edge within a community is met from both its ends; what was inside already, once.
            share = weight / 2 if home[other] == home[node] and other != node else weight
            row[home[other]] = row.get(home[other], 0.0) + share
    return joined
