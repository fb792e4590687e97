"""A sentence's tree → how it joins pairs of mentions: what the scorer of statements reads off the syntax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_STEPS = 4  # up and down; longer ways count as this
_BETWEEN = np.array([1, 2, 3, 4, 6])  # lower bounds of the classes of mentions between two, after the first


@dataclass(frozen=True, slots=True)
class Tree:
    """Heads (word index in the sentence, root -1), indices of dependency labels and of UPOS tags, one a word."""

    heads: Sequence[int]
    labels: Sequence[int]
    tags: Sequence[int]


@dataclass(frozen=True, slots=True)
class Paths:
    """Of each pair: classes by feature, the words on the path (pairs × words), its topmost word."""

    classes: dict[str, Ints]
    words: NDArray[np.float32]
    tops: Ints


def class_counts(labels: int, tags: int) -> dict[str, int]:
    """Number of classes of each feature; of labels and tags the last one is for none."""
    return {
        "between": len(_BETWEEN) + 1,
        "way": (_STEPS + 1) ** 2 + 1,
        "subject": labels + 1,
        "object": labels + 1,
        "subject_top": labels + 1,
        "object_top": labels + 1,
        "top": tags + 1,
    }


def pair_paths(
    tree: Tree | None,
    size: int,
    spans: Sequence[tuple[int, int]],
    pairs: Sequence[tuple[int, int]],
    counts: dict[str, int],
) -> Paths:
    """How the tree (None: unknown) joins pairs (indices into `spans`, word ranges) of a sentence of `size` words."""
    classes = {name: np.full(len(pairs), count - 1, np.int64) for name, count in counts.items()}
    classes["between"] = _between(spans, pairs)
    on_path = np.zeros((len(pairs), size), np.float32)
    tops = np.zeros(len(pairs), np.int64)
    if tree is None or not pairs:
        return Paths(classes, on_path, tops)
    heads = [_head_in_tree(tree, begin, end) for begin, end in spans]
    upward = [_ancestors(tree, head) for head in heads]
    depth = [{word: step for step, word in enumerate(line)} for line in upward]
    for number, (subject, target) in enumerate(pairs):
        down = depth[target]
        up = next((step for step, word in enumerate(upward[subject]) if word in down), None)
        if up is None:
            continue
        top = upward[subject][up]
        below = down[top]
        classes["way"][number] = min(up, _STEPS) * (_STEPS + 1) + min(below, _STEPS)
        classes["subject"][number] = tree.labels[heads[subject]]
        classes["object"][number] = tree.labels[heads[target]]
        classes["top"][number] = tree.tags[top]
        if up:
            classes["subject_top"][number] = tree.labels[upward[subject][up - 1]]
        if below:
            classes["object_top"][number] = tree.labels[upward[target][below - 1]]
        path = upward[subject][: up + 1] + upward[target][:below]
        on_path[number, path] = 1.0 / len(path)
        tops[number] = top
    return Paths(classes, on_path, tops)


def _between(spans: Sequence[tuple[int, int]], pairs: Sequence[tuple[int, int]]) -> Ints:
    begins, ends = np.sort([begin for begin, _ in spans]), np.sort([end for _, end in spans])
    if not pairs:
        return np.zeros(0, np.int64)
    bounds = np.array([(min(spans[a][1], spans[b][1]), max(spans[a][0], spans[b][0])) for a, b in pairs])
    from_left = len(begins) - np.searchsorted(begins, bounds[:, 0], side="left")  # begin after the left one ends
    to_right = np.searchsorted(ends, bounds[:, 1], side="right")  # end before the right one begins
    within = np.maximum(from_left + to_right - len(begins), 0)
    return np.asarray(np.searchsorted(_BETWEEN, within, side="right"), np.int64)


def _head_in_tree(tree: Tree, begin: int, end: int) -> int:
    for word in range(begin, end):
        if not begin <= tree.heads[word] < end:
            return word
    return end - 1


def _ancestors(tree: Tree, word: int) -> list[int]:
    """The word, its head, and so on to the root."""
    line = [word]
    while tree.heads[line[-1]] >= 0 and len(line) <= len(tree.heads):
        line.append(tree.heads[line[-1]])
    return line
