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

NEAREST = 100  # antecedents considered: about this many before the mention; keeps a document's cost linear
_BLOCK = 40  # mentions scored at once
_TRIED = 8  # antecedents of a name tried in turn
_NAMES_KEPT = 12  # names of a chain that a further one is compared with
_PREFIX = 4  # letters that a name and its adjective share: Peru, Peruvian

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


def pair_features(words: Sequence[str], mentions: Sequence[Candidate], start: int = 0) -> dict[str, NDArray[np.int64]]:
    """Class of each feature of every pair: rows are the mentions from `start` on, columns all, as antecedents."""
    index = np.arange(len(mentions))
    rows = slice(start, None)
    begins = np.array([mention.begin for mention in mentions])
    ends = np.array([mention.end for mention in mentions])
    sentences = np.array([mention.sentence for mention in mentions])
    kinds = np.array([category(words, mention) for mention in mentions])
    gap = np.digitize(np.abs(index[rows, None] - index), [2, 3, 4, 5, 8, 16, 32, 64])
    apart = np.digitize(np.abs(sentences[rows, None] - sentences), [1, 2, 3, 4, 6, 10])
    inside = (begins[rows, None] >= begins) & (ends[rows, None] <= ends)
    around = (begins[rows, None] <= begins) & (ends[rows, None] >= ends)
    nesting = np.where(inside, 1, np.where(around, 2, 0))
    return {
        "gap": gap,
        "sentences": apart,
        "strings": _string_classes(words, mentions, kinds, start),
        "kinds": kinds[rows, None] * len(_CATEGORIES) + kinds,
        "nesting": nesting,
    }


def _string_classes(
    words: Sequence[str], mentions: Sequence[Candidate], kinds: NDArray[np.int64], start: int
) -> NDArray[np.int64]:
    """What two mentions' words share, the greatest that holds: 1 some word, 2 one's head stands in the other, 3 heads,
    4 one is the other's initials, 5 all but function words, 6 all; 7: a pronoun is among them and not 5 or 6.
    """
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
    contains = np.zeros((len(mentions), len(ids)), np.float32)
    for row, bag in enumerate(bags):
        contains[row, bag] = 1.0
    full_ids, core_ids, head_ids = np.array(full), np.array(core), np.array(heads)
    short_ids, initial_ids = np.array(short), np.array(initials)
    rows = slice(start, None)
    acronym = (short_ids[rows, None] == initial_ids) | (initial_ids[rows, None] == short_ids)
    head_in = (contains[rows][:, head_ids] > 0) | (contains[:, head_ids[rows]].T > 0)
    classes = np.where(contains[rows] @ contains.T > 0, 1, 0)
    classes = np.where(head_in, 2, classes)
    classes = np.where(head_ids[rows, None] == head_ids, 3, classes)
    classes = np.where(acronym, 4, classes)
    classes = np.where(core_ids[rows, None] == core_ids, 5, classes)
    classes = np.where(full_ids[rows, None] == full_ids, 6, classes)
    pronoun = kinds >= _CATEGORIES.index("i")
    return np.where((pronoun[rows, None] | pronoun) & (classes < 5), 7, classes)


class CoreferenceScorer:
    """The learned weights of the pair scorer, under the names they have in `heads.npz`."""

    def __init__(self, arrays: Mapping[str, NDArray[np.float32]]) -> None:
        self._weights = {name: arrays[f"coref.{name}"].astype(np.float32) for name in _WEIGHTS}
        self._tables = {name: arrays[f"coref.table.{name}"].astype(np.float32) for name in FEATURE_SIZES}

    def scores(
        self, vectors: NDArray[np.float32], features: Mapping[str, NDArray[np.int64]], scheme: int, start: int = 0
    ) -> NDArray[np.float32]:
        """Score of each mention (column) as antecedent of each from `start` on (row); above 0: better than none."""
        weights = self._weights
        rows = vectors[start:]
        later = rows @ weights["later"].T + weights["scheme"][scheme]
        earlier = vectors @ weights["earlier"].T + weights["bias"]
        hidden = later[:, None, :] + earlier[None, :, :]
        for name, table in self._tables.items():
            hidden += table[features[name]]
        scores = np.maximum(hidden, 0.0, out=hidden) @ weights["out"]
        scores += (rows @ weights["left"].T) @ (vectors @ weights["right"].T).T
        return np.asarray(scores + (rows @ weights["anaphoric"])[:, None], np.float32)


_WEIGHTS = ("later", "earlier", "bias", "scheme", "out", "left", "right", "anaphoric")


class ChainBuilder:
    """Chains of a document that comes piece by piece; keeps the vectors of the `NEAREST` latest mentions alone."""

    def __init__(self, scorer: CoreferenceScorer, scheme: int = 0) -> None:
        self._scorer, self._scheme = scorer, scheme
        self._mentions: list[Candidate] = []
        self._vectors: NDArray[np.float32] | None = None
        self._chain_of: list[int] = []
        self._names: list[list[frozenset[str]]] = []  # of each chain: traces of its latest names
        self.chains: list[list[int]] = []
        """Mentions in the order they came, as indices; a mention that refers to nothing else is a chain of one."""

    def add(self, words: Sequence[str], mentions: Sequence[Candidate], vectors: NDArray[np.float32]) -> None:
        """Link the next mentions, in text order; `words` are the document's, `vectors` mentions × width."""
        for begin in range(0, len(mentions), _BLOCK):
            self._add(words, mentions[begin : begin + _BLOCK], vectors[begin : begin + _BLOCK])

    def _add(self, words: Sequence[str], mentions: Sequence[Candidate], vectors: NDArray[np.float32]) -> None:
        start = len(self._mentions)
        known = [*self._mentions, *mentions]
        together = vectors if self._vectors is None else np.concatenate([self._vectors, vectors])
        scores = self._scorer.scores(together, pair_features(words, known, start), self._scheme, start)
        offset = len(self._chain_of) - start
        for row, mention in enumerate(mentions):
            trace = name_trace(words, mention) if mention.kind == "name" else None
            chain = self._best_chain(scores[row, : start + row], offset, trace)
            self._chain_of.append(chain)
            self.chains[chain].append(len(self._chain_of) - 1)
            if trace is not None:
                self._names[chain] = [*self._names[chain][-_NAMES_KEPT:], trace]
        self._mentions, self._vectors = known[-NEAREST:], together[-NEAREST:]

    def _best_chain(self, scores: NDArray[np.float32], offset: int, trace: frozenset[str] | None) -> int:
        """The chain of the likeliest antecedent that a name may join, or a new one."""
        for best in np.argsort(-scores, kind="stable")[:_TRIED].tolist():
            if scores[best] <= 0:
                break
            chain = self._chain_of[offset + best]
            if trace is None or not self._names[chain] or any(trace & other for other in self._names[chain]):
                return chain
        self.chains.append([])
        self._names.append([])
        return len(self.chains) - 1


def name_trace(words: Sequence[str], mention: Candidate) -> frozenset[str]:
    """What two names of one thing have in common, one of it at least: a word, a word's beginning, initials.

    >>> sorted(name_trace(["Peruvian"], Candidate(0, 1, 0, "name")))
    ['peru']
    """
    parts = [word for word in words[mention.begin : mention.end] if word[:1].isalnum()]
    trace = {word.lower().replace(".", "")[:_PREFIX] for word in parts if word.lower() not in _STRIPPED}
    initials = "".join(word[0] for word in parts if word[0].isupper()).lower()
    return frozenset(trace | ({initials} if len(initials) > 1 else set()))


def chains(
    words: Sequence[str],
    mentions: Sequence[Candidate],
    vectors: NDArray[np.float32],
    scorer: CoreferenceScorer,
    scheme: int = 0,
) -> list[list[int]]:
    """Chains as lists of indices into `mentions` (which stand in text order); singletons are chains of one."""
    builder = ChainBuilder(scorer, scheme)
    builder.add(words, mentions, vectors)
    return builder.chains
