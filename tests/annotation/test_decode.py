"""Decoding is exact: compared with trying everything."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kg.annotation.decode import best_tags, best_tree, is_tree, tag_spans

SCORES = st.integers(1, 5).flatmap(
    lambda size: arrays(np.float32, (size, size + 1), elements=st.integers(-9, 9).map(float))
)


def total(scores: np.ndarray, heads: tuple[int, ...] | list[int]) -> float:
    return float(sum(scores[word, head + 1] for word, head in enumerate(heads)))


@pytest.mark.parametrize(
    ("heads", "tree"),
    [([-1], True), ([-1, 0], True), ([-1, -1], False), ([1, 0], False), ([1, 2, -1], True), ([-1, 2, 1], False)],
)
def test_trees_have_one_root_and_no_cycle(heads: list[int], tree: bool) -> None:
    assert is_tree(heads) is tree


@given(SCORES)
def test_best_tree_is_the_best_of_all_trees(scores: np.ndarray) -> None:
    size = len(scores)
    found = best_tree(scores)
    assert is_tree(found)
    everything = (heads for heads in product(range(-1, size), repeat=size) if is_tree(heads))
    assert total(scores, found) == max(total(scores, heads) for heads in everything)


def valid(tags: tuple[int, ...]) -> bool:
    before = 0
    for tag in tags:
        if tag and tag % 2 == 0 and before not in (tag, tag - 1):
            return False
        before = tag
    return True


@given(st.integers(1, 4).flatmap(lambda size: arrays(np.float32, (size, 5), elements=st.integers(-9, 9).map(float))))
def test_best_tags_are_the_best_valid_sequence(scores: np.ndarray) -> None:
    found = best_tags(scores)
    assert valid(tuple(found))
    best = max(
        sum(float(scores[word, tag]) for word, tag in enumerate(tags))
        for tags in product(range(5), repeat=len(scores))
        if valid(tags)
    )
    assert sum(float(scores[word, tag]) for word, tag in enumerate(found)) == best


def test_no_words_have_no_tags() -> None:
    assert best_tags(np.zeros((0, 5), np.float32)) == []


def test_spans_of_tags() -> None:
    assert tag_spans(["B-PER", "I-PER", "B-PER", "O", "B-LOC"]) == [(0, 2, "PER"), (2, 3, "PER"), (4, 5, "LOC")]
