"""Words of one window → scores of every head: the only file that knows onnxruntime.

A window is run by itself, never in a batch: dynamic quantisation takes its scale over the whole batch, so a neighbour
would change the result. Outputs are taken by name, so a model with more heads fits in without a change here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from kg.errors import AnnotationError

CLS, SEP, UNKNOWN = 101, 102, 100
MAX_PIECES_PER_WORD = 8
MAX_PIECES = 510  # of a window, without [CLS] and [SEP]
NER_TYPES = ("PER", "ORG", "LOC", "FAC", "NORP", "EVENT", "MISC", "DATE", "MONEY", "NUM")
_FILES = ("model.int8.onnx", "rel.npz", "tokenizer.json", "vocab.json", "lemmas.tsv")
_CACHED_WORDS = 100_000
_NUMERIC = re.compile(r"[\d.,:/-]+")


Scores = Mapping[str, NDArray[Any]]
"""Arrays of one window by the name of the output."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Names of the classes of each head, in the order of its scores."""

    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    scripts: tuple[str, ...]  # lemma scripts: `cut|ending|case`
    deprels: tuple[str, ...]
    ner: tuple[str, ...]  # `O`, then `B-T`, `I-T` for each type


@dataclass(frozen=True, slots=True)
class LabelScorer:
    """The biaffine scorer of dependency labels: for arcs that the network did not score itself."""

    bilinear: NDArray[np.float32]  # labels × d × d
    linear: NDArray[np.float32]  # labels × 2d
    bias: NDArray[np.float32]  # labels

    def best(self, dependent: NDArray[np.float32], head: NDArray[np.float32]) -> int:
        """Index of the best label of one arc, from the two label projections."""
        both = np.concatenate([dependent, head])
        scores = (self.bilinear @ head) @ dependent + self.linear @ both + self.bias
        return int(scores.argmax())


class Network:
    """The language model: an ONNX session, its word pieces and its label names."""

    def __init__(self, folder: Path) -> None:
        missing = [name for name in _FILES if not (folder / name).is_file()]
        if missing:
            raise AnnotationError(f"{folder}: no {', '.join(missing)}; install the package with its model files")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # several processes beat several threads as soon as anything else runs
        options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder / "model.int8.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self._pieces = Tokenizer.from_file(str(folder / "tokenizer.json"))
            vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
            with np.load(folder / "rel.npz") as arrays:
                self.label_scorer = LabelScorer(arrays["R"], arrays["w"], arrays["b"])
        except Exception as error:
            raise AnnotationError(f"{folder}: the model cannot be read ({error}); install the package anew") from error
        self._pieces.no_truncation()
        self._pieces.no_padding()
        self._outputs = [output.name for output in self._session.get_outputs()]
        self._words: dict[str, tuple[list[int], int]] = {}
        self.labels = Labels(
            upos=tuple(vocabulary["up"]),
            xpos=tuple(vocabulary["xp"]),
            scripts=tuple(vocabulary["lem"]),
            deprels=tuple(vocabulary["r"]),
            ner=("O", *(f"{tag}-{name}" for name in vocabulary.get("ner", NER_TYPES) for tag in "BI")),
        )

    def piece_count(self, word: str) -> int:
        """Number of word pieces that `word` takes in a window, at least one."""
        return len(self._encode(word)[0])

    def run(self, words: Sequence[str]) -> Scores:
        """Scores of one window by output name; axis 0 runs over `words` (`arc`: heads are words + 1, the root first).

        The words must not be empty and must fit in `MAX_PIECES`.
        """
        ids, shapes, first = [CLS], [0], [0]
        for word in words:
            pieces, shape = self._encode(word)
            first.append(len(ids))
            ids += pieces
            shapes += [shape] + [0] * (len(pieces) - 1)
        ids.append(SEP)
        shapes.append(0)
        length = len(ids)
        feed = {
            "ids": np.array([ids], np.int64),
            "mask": np.ones((1, length), np.int64),
            "shp": np.array([shapes], np.int64),
            "first": np.array([first], np.int64),
            "wmask": np.ones((1, len(first)), np.int64),
        }
        results = self._session.run(self._outputs, feed)
        return {name: result[0] for name, result in zip(self._outputs, results, strict=True)}

    def _encode(self, word: str) -> tuple[list[int], int]:
        known = self._words.get(word)
        if known is None:
            ids = self._pieces.encode(word[:400], add_special_tokens=False).ids[:MAX_PIECES_PER_WORD]
            known = (ids or [UNKNOWN], word_shape(word))
            if len(self._words) >= _CACHED_WORDS:
                self._words.clear()
            self._words[word] = known
        return known


def word_shape(word: str) -> int:
    """Class of a word's spelling, 1 to 10, as the network was trained with it."""
    if not any(char.isalnum() for char in word):
        return 7
    if _NUMERIC.fullmatch(word):
        return 5
    if any(char.isdigit() for char in word):
        return 6
    if len(word) == 1:
        return 8 if word.isupper() else 1
    upper = word.upper() == word
    if "." in word and upper:
        return 9
    if word.isupper():
        return 3
    if word.lower() == word:
        return 1
    if word[0].isupper() and word[1:].lower() == word[1:]:
        return 2
    return 10 if "-" in word and word[0].isupper() else 4
