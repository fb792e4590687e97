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


@dataclass(frozen=True, slots=True)
class Form:
    """A mention as its pairs are judged by; strings are numbered through the document."""

    begin: int
    end: int
    sentence: int
    kind: int  # of `category`
    full: int
    core: int  # without determiners and other function words
    head: int
    short: int  # of one word: without full stops
    initials: int
    bag: tuple[int, ...]  # the words of the core


class Forms:
    """Numbers the strings of one document's mentions."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._ids: dict[str, int] = {}

    def of(self, mention: Candidate) -> Form:
        """The mention's form."""
        words = self._words[mention.begin : mention.end]
        lower = [word.lower() for word in words]
        kept = [word for word in lower if word not in _STRIPPED and word.isalnum()] or lower
        capitals = "".join(word[0] for word in words if word[:1].isupper()).lower()
        none = f"#{mention.begin}-{mention.end}"
        return Form(
            mention.begin,
            mention.end,
            mention.sentence,
            category(self._words, mention),
            self._id(" ".join(lower)),
            self._id(" ".join(kept)),
            self._id(self._words[head_of(self._words, mention.begin, mention.end)].lower()),
            self._id("".join(kept).replace(".", "") if len(kept) == 1 else none),
            self._id(capitals if len(capitals) > 1 else "#" + none),
            tuple({self._id(word) for word in kept}),
        )

    def _id(self, text: str) -> int:
        return self._ids.setdefault(text, len(self._ids))


def pair_features(words: Sequence[str], mentions: Sequence[Candidate]) -> dict[str, NDArray[np.int64]]:
    """Class of each feature of every pair of mentions: rows are the later ones, columns their antecedents."""
    forms = Forms(words)
    return form_features([forms.of(mention) for mention in mentions])


def form_features(forms: Sequence[Form], start: int = 0) -> dict[str, NDArray[np.int64]]:
    """Class of each feature of every pair: rows are the mentions from `start` on, columns all."""
    table = np.array(
        [(f.begin, f.end, f.sentence, f.kind, f.full, f.core, f.head, f.short, f.initials) for f in forms], np.int64
    )
    begins, ends, sentences, kinds, full, core, heads, short, initials = table.T
    index = np.arange(len(forms))
    rows = slice(start, None)
    inside = (begins[rows, None] >= begins) & (ends[rows, None] <= ends)
    around = (begins[rows, None] <= begins) & (ends[rows, None] >= ends)
    known, where = np.unique([word for form in forms for word in form.bag], return_inverse=True)
    contains = np.zeros((len(forms), len(known)), np.float32)
    contains[np.repeat(index, [len(form.bag) for form in forms]), where] = 1.0
    place = np.minimum(np.searchsorted(known, heads), len(known) - 1)
    holds = (contains[:, place] > 0) & (known[place] == heads)  # mention (row) holds the head of another (column)
    classes = np.where(contains[rows] @ contains.T > 0, 1, 0)
    classes[holds[rows] | holds[:, rows].T] = 2
    classes[heads[rows, None] == heads] = 3
    classes[(short[rows, None] == initials) | (initials[rows, None] == short)] = 4
    classes[core[rows, None] == core] = 5
    classes[full[rows, None] == full] = 6
    pronoun = kinds >= _CATEGORIES.index("i")
    classes[(pronoun[rows, None] | pronoun) & (classes < 5)] = 7
    return {
        "gap": _GAP_CLASSES[np.minimum(np.abs(index[rows, None] - index), len(_GAP_CLASSES) - 1)],
        "sentences": _SENTENCE_CLASSES[
            np.minimum(np.abs(sentences[rows, None] - sentences), len(_SENTENCE_CLASSES) - 1)
        ],
        "strings": classes,
        "kinds": kinds[rows, None] * len(_CATEGORIES) + kinds,
        "nesting": np.where(inside, 1, np.where(around, 2, 0)),
    }


_GAP_CLASSES = np.digitize(np.arange(65), [2, 3, 4, 5, 8, 16, 32, 64])
_SENTENCE_CLASSES = np.digitize(np.arange(11), [1, 2, 3, 4, 6, 10])


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

    def __init__(self, scorer: CoreferenceScorer, words: Sequence[str], scheme: int = 0) -> None:
        self._scorer, self._words, self._scheme = scorer, words, scheme
        self._forms = Forms(words)
        self._known: list[Form] = []  # of the latest mentions that were linked
        self._waiting: list[Candidate] = []
        self._vectors: list[NDArray[np.float32]] = []  # of the known and the waiting ones
        self._chain_of: list[int] = []
        self._names: list[list[frozenset[str]]] = []  # of each chain: traces of its latest names
        self._chains: list[list[int]] = []

    def add(self, mentions: Sequence[Candidate], vectors: NDArray[np.float32]) -> None:
        """Take the next mentions, in text order; `vectors` is mentions × width."""
        self._waiting += mentions
        self._vectors.append(vectors)
        while len(self._waiting) >= _BLOCK:
            self._link(_BLOCK)

    def finish(self) -> list[list[int]]:
        """Chains of all mentions, which are numbered in the order they came; some are chains of one."""
        if self._waiting:
            self._link(len(self._waiting))
        return self._chains

    def _link(self, count: int) -> None:
        """Link the first `count` of the waiting mentions."""
        mentions, self._waiting = self._waiting[:count], self._waiting[count:]
        together = np.concatenate(self._vectors)
        start = len(self._known)
        forms = [*self._known, *(self._forms.of(mention) for mention in mentions)]
        used = together[: start + count]
        scores = self._scorer.scores(used, form_features(forms, start), self._scheme, start)
        offset = len(self._chain_of) - start
        for row, mention in enumerate(mentions):
            trace = name_trace(self._words, mention) if mention.kind == "name" else None
            chain = self._best_chain(scores[row, : start + row], offset, trace)
            self._chain_of.append(chain)
            self._chains[chain].append(len(self._chain_of) - 1)
            if trace is not None:
                self._names[chain] = [*self._names[chain][-_NAMES_KEPT:], trace]
        self._known = forms[-NEAREST:]
        self._vectors = [together[max(0, start + count - NEAREST) :]]

    def _best_chain(self, scores: NDArray[np.float32], offset: int, trace: frozenset[str] | None) -> int:
        """The chain of the likeliest antecedent that a name may join, or a new one."""
        for best in np.argsort(-scores, kind="stable")[:_TRIED].tolist():
            if scores[best] <= 0:
                break
            chain: int = self._chain_of[offset + best]
            if trace is None or not self._names[chain] or any(trace & other for other in self._names[chain]):
                return chain
        self._chains.append([])
        self._names.append([])
        return len(self._chains) - 1


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
    builder = ChainBuilder(scorer, words, scheme)
    builder.add(mentions, vectors)
    return builder.finish()
