"""Paths through trees between mentions."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kg.annotation.paths import Tree, class_counts, pair_paths

NSUBJ, OBJ, ROOT, CASE, OBL = range(5)
COUNTS = class_counts(5, 2)


def test_subject_and_object_meet_in_their_verb() -> None:
    # Peru hosts talks in Lima
    tree = Tree([1, -1, 1, 4, 1], [NSUBJ, ROOT, OBJ, CASE, OBL], [0, 1, 0, 0, 0])
    paths = pair_paths(tree, 5, [(0, 1), (2, 3), (4, 5)], [(0, 1), (0, 2), (1, 0)], COUNTS)
    assert paths.tops.tolist() == [1, 1, 1]
    assert paths.classes["subject_top"].tolist() == [NSUBJ, NSUBJ, OBJ]
    assert paths.classes["object_top"].tolist() == [OBJ, OBL, NSUBJ]
    assert paths.classes["between"].tolist() == [0, 1, 0]
    np.testing.assert_allclose(paths.words[1], [1 / 3, 1 / 3, 0, 0, 1 / 3])


def test_without_a_tree_only_the_order_is_known() -> None:
    paths = pair_paths(None, 5, [(0, 1), (2, 3), (4, 5)], [(0, 2)], COUNTS)
    assert paths.classes["between"].tolist() == [1]
    assert paths.classes["way"].tolist() == [COUNTS["way"] - 1]
    assert not paths.words.any()


@given(st.data())
def test_classes_stay_in_range(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 12))
    heads = [data.draw(st.integers(-1, word - 1)) if word else -1 for word in range(size)]
    begins = data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=5))
    spans = [(begin, data.draw(st.integers(begin + 1, size))) for begin in begins]
    pairs = [(a, b) for a in range(len(spans)) for b in range(len(spans)) if a != b]
    paths = pair_paths(Tree(heads, [0] * size, [1] * size), size, spans, pairs, COUNTS)
    for name, count in COUNTS.items():
        assert ((paths.classes[name] >= 0) & (paths.classes[name] < count)).all(), name
    weights = paths.words.sum(1)
    assert (np.isclose(weights, 1) | (weights == 0)).all()
