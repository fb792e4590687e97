"""Words of a document → sentences with tags, trees and names, window by window.

A window is a stretch of words that lies within one paragraph and is run through the network by itself. Its sentence
head says where sentences begin; every sentence that is whole within the window is decoded from the same run, and the
last one, cut by the window's end, opens the next window. So text of any length takes linear time and bounded memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.annotation.decode import best_tags, best_tree, is_tree
from kg.annotation.network import MAX_PIECES, Labels, Network

WINDOW_WORDS = 90
LONGEST_SENTENCE = 180  # words; a longer one is cut
_LEAST_CONTEXT = 3  # words after a sentence start before it is believed


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One annotated sentence: `begin` is its first word's index in the document; heads are word indices in the sentence
    (root: -1). `xpos`, `upos`, `scripts`, `deprels`, `tags` are names of classes, one a word.
    """

    begin: int
    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    scripts: tuple[str, ...]
    heads: tuple[int, ...]
    deprels: tuple[str, ...]
    tags: tuple[str, ...]  # BIO over the network's own types


def sentences(network: Network, words: Sequence[str], breaks: Sequence[int]) -> Iterator[Sentence]:
    """Annotated sentences that together hold all `words`, in order.

    `breaks` are the indices of words that open a paragraph, ascending; a sentence never crosses one.
    """
    bounds = [0, *breaks, len(words)]
    for begin, end in zip(bounds, bounds[1:], strict=False):
        yield from _paragraph(network, words, begin, end)


def _paragraph(network: Network, words: Sequence[str], begin: int, end: int) -> Iterator[Sentence]:
    size = WINDOW_WORDS
    while begin < end:
        stop = _window_end(network, words, begin, min(begin + size, end))
        scores = network.run(words[begin:stop])
        starts = [0, *(np.flatnonzero(scores["ss"][1:] > 0) + 1).tolist()]
        if stop == end:
            starts.append(stop - begin)
        elif len(starts) > 1 and stop - begin - starts[-1] < _LEAST_CONTEXT and len(starts) > 2:
            starts.pop()
        if len(starts) == 1:  # one sentence, longer than the window
            if size < LONGEST_SENTENCE and stop - begin == size:
                size = LONGEST_SENTENCE
                continue
            starts.append(stop - begin)
        for first, last in zip(starts, starts[1:], strict=False):
            yield decode_sentence(network, scores, begin, first, last)
        begin += starts[-1]
        size = WINDOW_WORDS


def _window_end(network: Network, words: Sequence[str], begin: int, end: int) -> int:
    """The furthest end, up to `end`, at which the words still fit in the network; at least one word."""
    pieces = 0
    for index in range(begin, end):
        pieces += network.piece_count(words[index])
        if pieces > MAX_PIECES:
            return max(index, begin + 1)
    return end


def decode_sentence(
    network: Network, scores: Mapping[str, NDArray[np.generic]], offset: int, first: int, last: int
) -> Sentence:
    """The sentence of words `first..last` of a window that begins at word `offset` of the document.

    Heads are sought within the sentence alone.
    """
    labels: Labels = network.labels
    size = last - first
    greedy = scores["head"][first:last].astype(np.int64) - 1  # -1: root, else index in the window
    heads: list[int] = [int(head) - first if head >= 0 else -1 for head in greedy]
    relations = scores["rel"][first:last].tolist()
    if not all(-1 <= head < size for head, raw in zip(heads, greedy, strict=True)) or not is_tree(heads):
        columns = np.concatenate([[0], np.arange(first + 1, last + 1)])
        repaired = best_tree(scores["arc"][first:last][:, columns].astype(np.float32))
        for word, head in enumerate(repaired):
            if head != heads[word]:
                heads[word] = head
                row = first + head + 1 if head >= 0 else 0
                relations[word] = network.label_scorer.best(scores["ld"][first + word], scores["lh"][row])
    deprels = [labels.deprels[index] for index in relations]
    for word, head in enumerate(heads):
        if head == -1:
            deprels[word] = "root"
        elif deprels[word] == "root":
            deprels[word] = "dep"
    return Sentence(
        begin=offset + first,
        upos=tuple(labels.upos[index] for index in scores["up"][first:last]),
        xpos=tuple(labels.xpos[index] for index in scores["xp"][first:last]),
        scripts=tuple(labels.scripts[index] for index in scores["lem"][first:last]),
        heads=tuple(heads),
        deprels=tuple(deprels),
        tags=tuple(labels.ner[index] for index in best_tags(scores["ner"][first:last])),
    )
