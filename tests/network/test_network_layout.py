from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.publishing.network import centrality
from kg.publishing.network.layout import layout

GRAPHS = st.integers(1, 40).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=80),
        st.lists(st.floats(20, 260), min_size=count, max_size=count),
    )
)


def overlaps(points: np.ndarray, widths: list[float], height: float) -> int:
    found = 0
    for i in range(len(points)):
        for j in range(i):
            dx, dy = abs(points[i] - points[j])
            found += bool(dx < (widths[i] + widths[j]) / 2 - 1 and dy < height - 1)
    return found


def tree(count: int) -> list[tuple[int, int]]:
    """Every node hangs on one with about a third of its number: hubs and leaves, as news graphs have."""
    return [(i, (i * i + 7) % max(i // 3, 1)) for i in range(1, count)]


@given(GRAPHS)
@settings(max_examples=60, deadline=None)
def test_places_are_finite_and_depend_on_nothing_but_the_graph(graph: tuple[int, list, list]) -> None:
    count, edges, widths = graph
    points = layout(count, edges, widths)
    assert points.shape == (count, 2)
    assert np.isfinite(points).all()
    shuffled = [(b, a) for a, b in reversed(edges)] + edges[:3]
    assert (layout(count, shuffled, widths) == points).all()


@pytest.mark.parametrize("count", [2, 30, 120])
def test_labels_do_not_overlap(count: int) -> None:
    widths = [60.0 + 13 * (i % 9) for i in range(count)]
    assert overlaps(layout(count, tree(count), widths), widths, 34.0) == 0


def test_neighbours_lie_nearer_than_strangers() -> None:
    count = 200
    edges = tree(count)
    points = layout(count, edges, [80.0] * count)
    near = np.mean([np.linalg.norm(points[a] - points[b]) for a, b in edges])
    apart = np.mean([np.linalg.norm(points[a] - points[(a * 31 + 17) % count]) for a in range(count)])
    assert near < 0.5 * apart


def test_components_stand_apart() -> None:
    points = layout(6, [(0, 1), (1, 2), (3, 4), (4, 5)], [60.0] * 6)
    first, second = points[:3], points[3:]
    assert (first.max(axis=0) < second.min(axis=0)).any() or (second.max(axis=0) < first.min(axis=0)).any()


def test_a_hub_of_two_thousand_is_laid_out_in_seconds() -> None:
    started = time.perf_counter()
    points = layout(2001, [(0, i) for i in range(1, 2001)], [90.0] * 2001)
    assert np.isfinite(points).all()
    assert time.perf_counter() - started < 20


def test_nothing_to_lay_out() -> None:
    assert layout(0, [], []).shape == (0, 2)


def test_rank_sums_to_one_and_prefers_the_hub() -> None:
    neighbours = centrality.neighbours_of(5, [(0, 1), (0, 2), (0, 3), (1, 0), (2, 2)])
    assert neighbours == [[1, 2, 3], [0], [0], [0], []]
    scores = centrality.rank(neighbours)
    assert scores.sum() == pytest.approx(1)
    assert scores.argmax() == 0
    assert scores.argmin() == 4


def test_the_overview_shows_hubs_with_neighbours() -> None:
    count = 400
    neighbours = centrality.neighbours_of(count, tree(count))
    chosen = centrality.overview(neighbours, centrality.rank(neighbours).tolist(), size=30)
    assert len(chosen) == 30
    assert all(set(neighbours[node]) & set(chosen) for node in chosen)


def test_a_small_graph_is_all_overview() -> None:
    assert centrality.overview([[1], [0], []], [0.4, 0.4, 0.2]) == [0, 1, 2]


def test_within_counts_steps() -> None:
    line = {"a": ["b"], "b": ["a", "c"], "c": ["b"]}
    assert centrality.within(line, "a", 0) == {"a"}
    assert centrality.within(line, "a", 1) == {"a", "b"}
    assert centrality.within(line, "a", 9) == {"a", "b", "c"}
