"""Words of a document → sentences with tags, trees and names, window by window.

A window is a stretch of words that lies within one paragraph and is run through the network by itself. Its sentence
head says where sentences begin; every sentence that is whole within the window is decoded from the same run, and the
last one, cut by the window's end, opens the next window. So text of any length takes linear time and bounded memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from kg.annotation.decode import best_tags, best_tree, is_tree
from kg.annotation.network import MAX_PIECES, Labels, Network, Scores
from kg.annotation.paths import Tree
from kg.annotation.semantics import SemanticsReader, WindowScores

WINDOW_WORDS = 90
LONGEST_SENTENCE = 180  # words; a longer one is cut
_OPENERS = frozenset("\"'“‘([«``")
_MARKS = frozenset("\"'”’)]»") | {"''"}
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


def sentences(
    network: Network,
    words: Sequence[str],
    joined: Sequence[bool],
    breaks: Sequence[int],
    reader: SemanticsReader | None = None,
) -> Iterator[Sentence]:
    """Annotated sentences that together hold all `words`, in order; `reader` reads the windows' scores.

    `joined` says of each word whether it follows the one before it without white space. `breaks` are the indices of
    words that open a paragraph, ascending; a sentence never crosses one.
    """
    for begin, end in pairwise([0, *breaks, len(words)]):
        yield from _paragraph(network, words, joined, begin, end, reader)


def mend_start(words: Sequence[str], joined: Sequence[bool], index: int) -> int | None:
    """Where the sentence begins that the network lets begin at word `index`; None where it cannot begin.

    A quotation mark or bracket belongs to the word that it touches, and nothing begins within a word: 'files.pdf'.
    """
    size = len(words)
    if index and words[index] in _MARKS and joined[index] and not (index + 1 < size and joined[index + 1]):
        return index + 1 if index + 1 < size else None
    if index > 1 and words[index - 1] in _OPENERS and joined[index] and not joined[index - 1]:
        return index - 1
    if index and joined[index] and not words[index][:1].isupper() and words[index] not in _OPENERS:
        return None
    return index


def given_sentences(
    network: Network, words: Sequence[str], starts: Sequence[int], reader: SemanticsReader | None = None
) -> Iterator[Sentence]:
    """Annotated sentences that begin where they are said to: `starts` are ascending indices of words, without 0.

    One that does not fit in the network is annotated in parts, whose roots hang on the first part's as `parataxis`.
    """
    for begin, end in pairwise([0, *starts, len(words)]):
        parts = []
        at = begin
        while at < end:
            stop = _window_end(network, words, at, end)
            scores = network.run(words[at:stop])
            parts.append(decode_sentence(network, scores, at, 0, stop - at))
            if reader is not None:
                reader.add(WindowScores(at, ((0, stop - at),), scores, (_tree(parts[-1], network.labels),)))
            at = stop
        yield _joined(parts) if len(parts) > 1 else parts[0]


def _joined(parts: Sequence[Sentence]) -> Sentence:
    root = parts[0].heads.index(-1)
    heads = list(parts[0].heads)
    deprels = list(parts[0].deprels)
    for part in parts[1:]:
        shift = part.begin - parts[0].begin
        heads += [head + shift if head >= 0 else root for head in part.heads]
        deprels += ["parataxis" if label == "root" else label for label in part.deprels]
    return Sentence(
        begin=parts[0].begin,
        upos=tuple(tag for part in parts for tag in part.upos),
        xpos=tuple(tag for part in parts for tag in part.xpos),
        scripts=tuple(script for part in parts for script in part.scripts),
        heads=tuple(heads),
        deprels=tuple(deprels),
        tags=tuple(tag for part in parts for tag in part.tags),
    )


def _paragraph(
    network: Network,
    words: Sequence[str],
    joined: Sequence[bool],
    begin: int,
    end: int,
    reader: SemanticsReader | None,
) -> Iterator[Sentence]:
    size = WINDOW_WORDS
    while begin < end:
        stop = _window_end(network, words, begin, min(begin + size, end))
        scores = network.run(words[begin:stop])
        found = (mend_start(words, joined, begin + int(index)) for index in np.flatnonzero(scores["ss"] > 0))
        starts = sorted({0, *(index - begin for index in found if index and begin < index < stop)})
        if stop == end:
            starts.append(stop - begin)
        elif len(starts) > 2 and stop - begin - starts[-1] < _LEAST_CONTEXT:
            starts.pop()
        if len(starts) == 1:  # one sentence, longer than the window
            if size < LONGEST_SENTENCE and stop - begin == size:
                size = LONGEST_SENTENCE
                continue
            starts.append(stop - begin)
        bounds = tuple(pairwise(starts))
        decoded = [decode_sentence(network, scores, begin, first, last) for first, last in bounds]
        if reader is not None:
            trees = tuple(_tree(sentence, network.labels) for sentence in decoded)
            reader.add(WindowScores(begin, bounds, scores, trees))
        yield from decoded
        begin += starts[-1]
        size = WINDOW_WORDS


@cache
def _numbers(names: tuple[str, ...]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


def _tree(sentence: Sentence, labels: Labels) -> Tree:
    deprels, tags = _numbers(labels.deprels), _numbers(labels.upos)
    return Tree(sentence.heads, [deprels[label] for label in sentence.deprels], [tags[tag] for tag in sentence.upos])


def _window_end(network: Network, words: Sequence[str], begin: int, end: int) -> int:
    """The furthest end, up to `end`, at which the words still fit in the network; at least one word."""
    pieces = 0
    for index in range(begin, end):
        pieces += network.piece_count(words[index])
        if pieces > MAX_PIECES:
            return max(index, begin + 1)
    return end


def decode_sentence(network: Network, scores: Scores, offset: int, first: int, last: int) -> Sentence:
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
