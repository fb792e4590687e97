"""Mentions of a document → chains: each mention is linked to its likeliest antecedent, or starts a chain.

The network gives every mention a vector; a small scorer here weighs each pair by the two vectors and by what the words
themselves show (distance, equal strings and heads, kinds of pronoun, nesting). Lee et al. 2017 without the span search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEATURE_SIZES = {"gap": 10, "sentences": 8, "strings": 8, "kinds": 144, "nesting": 3}
"""Number of classes of each feature of a pair."""

NEAREST = 100  # antecedents considered: this many before the mention; keeps a document's cost linear

_CATEGORIES = ("name", "definite", "indefinite", "bare", "i", "we", "you", "he", "she", "it", "they", "other")
_PRONOUNS = {
    "i": "i me my mine myself",
    "we": "we us our ours ourselves",
    "you": "you your yours yourself yourselves",
    "he": "he him his himself",
    "she": "she her hers herself",
    "it": "it its itself",
    "they": "they them their theirs themselves",
}
_CATEGORY_OF_PRONOUN = {word: name for name, words in _PRONOUNS.items() for word in words.split()}
_DETERMINERS = frozenset(["the", "this", "that", "these", "those"])
_ARTICLES = frozenset(["a", "an", "some", "any", "no"])
_POSSESSIVES = frozenset(["my", "our", "your", "his", "her", "its", "their"])
_AFTER_HEAD = frozenset(
    [
        "of",
        "in",
        "for",
        "at",
        "from",
        "on",
        "to",
        "by",
        "with",
        "about",
        "against",
        "over",
        "under",
        "between",
        "into",
        "who",
        "which",
        "that",
        ",",
        "(",
        ";",
        ":",
        "--",
        "as",
        "'s",
        "’s",
        "and",
    ]
)
_STRIPPED = _DETERMINERS | _ARTICLES | _POSSESSIVES | frozenset(["'s", "’s"])


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mention as coreference sees it; words and sentence numbers count through the document."""

    begin: int
    end: int
    sentence: int
    kind: str


def head_of(words: Sequence[str], begin: int, end: int) -> int:
    """Index of the head of a noun phrase by a rule that needs no tree: the word before its first post-modifier.

    >>> head_of("the minister of defense".split(), 0, 4)
    1
    """
    for index in range(begin + 1, end):
        if words[index].lower() in _AFTER_HEAD:
            return index - 1
    return end - 1


def category(words: Sequence[str], mention: Candidate) -> int:
    """Class of a mention's form: name, definite, indefinite or bare nominal, or which pronoun."""
    first = words[mention.begin].lower()
    if mention.end - mention.begin == 1 and first in _CATEGORY_OF_PRONOUN:
        return _CATEGORIES.index(_CATEGORY_OF_PRONOUN[first])
    if mention.kind == "pronoun":
        return _CATEGORIES.index("other")
    if mention.kind == "name":
        return 0
    if first in _DETERMINERS or first in _POSSESSIVES:
        return 1
    return 2 if first in _ARTICLES else 3


def pair_features(words: Sequence[str], mentions: Sequence[Candidate]) -> dict[str, NDArray[np.int64]]:
    """Class of each feature for every pair: arrays of mentions × mentions, rows later, columns earlier."""
    size = len(mentions)
    index = np.arange(size)
    begins = np.array([mention.begin for mention in mentions])
    ends = np.array([mention.end for mention in mentions])
    sentences = np.array([mention.sentence for mention in mentions])
    kinds = np.array([category(words, mention) for mention in mentions])
    gap = np.digitize(np.abs(index[:, None] - index[None, :]), [2, 3, 4, 5, 8, 16, 32, 64])
    apart = np.digitize(np.abs(sentences[:, None] - sentences[None, :]), [1, 2, 3, 4, 6, 10])
    inside = (begins[:, None] >= begins[None, :]) & (ends[:, None] <= ends[None, :])
    nesting = np.where(inside, 1, np.where(inside.T, 2, 0))
    return {
        "gap": gap,
        "sentences": apart,
        "strings": _string_classes(words, mentions, kinds),
        "kinds": kinds[:, None] * len(_CATEGORIES) + kinds[None, :],
        "nesting": nesting,
    }


def _string_classes(words: Sequence[str], mentions: Sequence[Candidate], kinds: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 nothing shared, 1 some word, 2 one's head in the other, 3 heads, 4 acronym, 5 all but function words, 6 all."""
    ids: dict[str, int] = {}
    full, core, heads, short, initials = [], [], [], [], []
    bags: list[list[int]] = []
    for mention in mentions:
        lower = [word.lower() for word in words[mention.begin : mention.end]]
        kept = [word for word in lower if word not in _STRIPPED and word.isalnum()] or lower
        capitals = "".join(word[0] for word in words[mention.begin : mention.end] if word[:1].isupper()).lower()
        full.append(ids.setdefault(" ".join(lower), len(ids)))
        core.append(ids.setdefault(" ".join(kept), len(ids)))
        heads.append(ids.setdefault(words[head_of(words, mention.begin, mention.end)].lower(), len(ids)))
        short.append(ids.setdefault("".join(kept).replace(".", "") if len(kept) == 1 else f"#{len(full)}", len(ids)))
        initials.append(ids.setdefault(capitals if len(capitals) > 1 else f"##{len(full)}", len(ids)))
        bags.append([ids.setdefault(word, len(ids)) for word in set(kept)])
    size = len(mentions)
    contains = np.zeros((size, len(ids)), np.float32)
    for row, bag in enumerate(bags):
        contains[row, bag] = 1.0
    full_ids, core_ids, head_ids = np.array(full), np.array(core), np.array(heads)
    short_ids, initial_ids = np.array(short), np.array(initials)
    shared = contains @ contains.T > 0
    head_in = contains[:, head_ids] > 0
    acronym = (short_ids[:, None] == initial_ids[None, :]) | (initial_ids[:, None] == short_ids[None, :])
    classes = np.where(shared, 1, 0)
    classes = np.where(head_in | head_in.T, 2, classes)
    classes = np.where(head_ids[:, None] == head_ids[None, :], 3, classes)
    classes = np.where(acronym, 4, classes)
    classes = np.where(core_ids[:, None] == core_ids[None, :], 5, classes)
    classes = np.where(full_ids[:, None] == full_ids[None, :], 6, classes)
    pronoun = kinds >= 4
    return np.where((pronoun[:, None] | pronoun[None, :]) & (classes < 5), 7, classes)


class CoreferenceScorer:
    """The learned weights of the pair scorer, under the names they have in `heads.npz`."""

    def __init__(self, arrays: Mapping[str, NDArray[np.float32]]) -> None:
        self._weights = {name: arrays[f"coref.{name}"].astype(np.float32) for name in _WEIGHTS}
        self._tables = {name: arrays[f"coref.table.{name}"].astype(np.float32) for name in FEATURE_SIZES}

    def scores(
        self, vectors: NDArray[np.float32], features: Mapping[str, NDArray[np.int64]], scheme: int
    ) -> NDArray[np.float32]:
        """Score of each earlier mention (column) as antecedent of each later one (row); above 0: better than none."""
        weights = self._weights
        later = vectors @ weights["later"].T + weights["scheme"][scheme]
        earlier = vectors @ weights["earlier"].T + weights["bias"]
        hidden = later[:, None, :] + earlier[None, :, :]
        for name, table in self._tables.items():
            hidden = hidden + table[features[name]]
        scores = np.maximum(hidden, 0.0) @ weights["out"]
        left, right = vectors @ weights["left"].T, vectors @ weights["right"].T
        return np.asarray(scores + left @ right.T + (vectors @ weights["anaphoric"])[:, None], np.float32)


_WEIGHTS = ("later", "earlier", "bias", "scheme", "out", "left", "right", "anaphoric")


def chains(
    words: Sequence[str],
    mentions: Sequence[Candidate],
    vectors: NDArray[np.float32],
    scorer: CoreferenceScorer,
    scheme: int = 0,
) -> list[list[int]]:
    """Chains as lists of indices into `mentions` (which stand in text order); singletons are chains of one.

    `vectors` is mentions × width. Mentions are scored in blocks, each with the `NEAREST` before it.
    """
    chain_of: list[int] = []
    found: list[list[int]] = []
    block = 50
    for start in range(0, len(mentions), block):
        low, high = max(0, start - NEAREST), min(len(mentions), start + block)
        scores = scorer.scores(vectors[low:high], pair_features(words, mentions[low:high]), scheme)
        for index in range(start, high):
            row = scores[index - low, : index - low]
            best = int(row.argmax()) if len(row) else -1
            if best >= 0 and row[best] > 0:
                chain_of.append(chain_of[low + best])
            else:
                chain_of.append(len(found))
                found.append([])
            found[chain_of[-1]].append(index)
    return found
