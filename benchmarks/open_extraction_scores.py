"""Extractions of sentences and the gold of a benchmark of open extraction → precision, recall, F1.

Two measures, each written from its paper and held to published figures of other systems:

- **BenchIE** (Gashteovski et al. 2022): a fact is a set of triples that all say it; an extraction is right when its
  three slots equal one of them, token by token. Words in square brackets of the gold may be left out.
- **CaRB** (Bhardwaj et al. 2019): words in common of predicate, first argument and all other arguments together. For
  precision an extraction is paired with one gold tuple, for recall a gold tuple takes the extraction that covers it
  best. F1 is that of the best threshold of confidence; the area lies under the curve of all thresholds.
"""

from __future__ import annotations

import re
import string
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

FORMS_OF_BE = frozenset({"be", "is", "am", "are", "was", "were", "been", "being"})
SAYING = ("said", "told", "added", "adds", "says")
"""Predicates of the gold of which either order of the arguments is right."""


BRACKETS = re.compile(r"-[LR][RSC]B-")
"""Brackets as the Penn Treebank writes them."""


def sentence_key(sentence: str) -> str:
    """A sentence without blanks, punctuation and brackets, so that files that write it in their own way agree."""
    return BRACKETS.sub("", sentence.replace(" ", "")).translate(str.maketrans("", "", string.punctuation))


@dataclass(frozen=True, slots=True)
class Tuple:
    """One extraction: predicate, first argument, further arguments; `confidence` in [0, 1]."""

    predicate: str
    arguments: tuple[str, ...]
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 in [0, 1]; `area` under the curve of precision and recall where one is measured."""

    precision: float
    recall: float
    area: float | None = None

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 when both are."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


# ---------------------------------------------------------------------------------------------- facts


def wordings(slot: str) -> list[str]:
    """All readings of a slot of the gold whose words in square brackets are optional.

    >>> wordings("[the] first Minister [of Peru]")
    ['first Minister', 'first Minister of Peru', 'the first Minister', 'the first Minister of Peru']
    """
    parts = [part for part in re.split(r"(\[[^\]]*\])", slot) if part.strip()]
    choices = [("", part[1:-1]) if part.startswith("[") else (part,) for part in parts]
    return sorted({" ".join(" ".join(chosen).split()) for chosen in product(*choices)})


def may_word(slot: str) -> re.Pattern[str]:
    """A pattern that matches exactly the `wordings` of a slot, however many there are."""
    pattern = ""
    for part in re.split(r"(\[[^\]]*\])", slot):
        words = part.strip("[]").split()
        if words:
            text = "".join(re.escape(word) + " " for word in words)
            pattern += f"(?:{text})?" if part.startswith("[") else text
    return re.compile(pattern)


Fact = Sequence[Sequence[str]]
"""Triples (subject, relation, object) that say one thing."""


def fact_scores(gold: Mapping[str, Sequence[Fact]], found: Mapping[str, Iterable[Tuple]]) -> Score:
    """BenchIE's precision and recall over the sentences of the gold.

    Facts that some extraction says are the right ones of both measures; extractions that say none are the wrong ones.
    """
    said = facts = wrong = 0
    for sentence, clusters in gold.items():
        patterns = [[[may_word(slot) for slot in triple] for triple in fact] for fact in clusters]
        hit: set[int] = set()
        for extraction in found.get(sentence, ()):
            slots = [" ".join(slot.split()) + " " for slot in (extraction.arguments[0], extraction.predicate,
                                                               " ".join(extraction.arguments[1:]))]  # fmt: skip
            matched = {
                number for number, fact in enumerate(patterns)
                if any(all(p.fullmatch(s) for p, s in zip(triple, slots, strict=True)) for triple in fact)
            }  # fmt: skip
            hit |= matched
            wrong += not matched
        said += len(hit)
        facts += len(clusters)
    return Score(said / (said + wrong) if said + wrong else 0.0, said / facts if facts else 0.0)


# ---------------------------------------------------------------------------------------------- words


def word_match(gold: Tuple, found: Tuple) -> tuple[float, float]:
    """Shares of the extraction's and of the gold's words that both have; nothing where the predicates have none.

    >>> word_match(Tuple("lies in", ("Lima", "Peru")), Tuple("lies in", ("old Lima", "Peru")))
    (0.8, 1.0)
    """
    straight = _slot_match(gold, found)
    if len(found.arguments) < 2 or not any(word in gold.predicate for word in SAYING):
        return straight
    turned = Tuple(found.predicate, (" ".join(found.arguments[1:]), found.arguments[0]))
    return max(straight, _slot_match(gold, turned))


def _slot_match(gold: Tuple, found: Tuple) -> tuple[float, float]:
    wanted, given = _slots(gold), _slots(found)
    predicate = Counter(given[0])
    common = (Counter(wanted[0]) & predicate).total()
    if predicate["be"] > Counter(wanted[0])["be"] and FORMS_OF_BE & set(wanted[0]):
        common += 1
    if not common or len(given) < min(3, len(wanted)):
        return 0.0, 0.0
    common += sum((Counter(w) & Counter(g)).total() for w, g in zip(wanted[1:], given[1:], strict=False))
    pairs = min(len(wanted), len(given))
    return common / sum(map(len, given[:pairs])), common / sum(map(len, wanted))


def _slots(extraction: Tuple) -> list[list[str]]:
    """Words of the predicate, of the first argument, of all others together."""
    first, *others = extraction.arguments or ("",)
    slots = [extraction.predicate.split(), first.split()]
    return [*slots, " ".join(others).split()] if others else slots


def word_scores(gold: Mapping[str, Sequence[Tuple]], found: Mapping[str, Sequence[Tuple]]) -> Score:
    """CaRB's precision and recall at the best threshold of confidence, and the area under the curve of all."""
    thresholds = sorted({e.confidence for extractions in found.values() for e in extractions})
    if not thresholds:
        return Score(0.0, 0.0, 0.0)
    right = [0.0] * len(thresholds)
    kept = [0] * len(thresholds)
    covered = [0.0] * len(thresholds)
    for sentence, wanted in gold.items():
        given = list(found.get(sentence, ()))
        matches = [[word_match(tuple_, extraction) for extraction in given] for tuple_ in wanted]
        begin = 0
        for confidence in sorted({extraction.confidence for extraction in given}):
            columns = [number for number, extraction in enumerate(given) if extraction.confidence >= confidence]
            precision = _paired([[row[column][0] for column in columns] for row in matches])
            recall = sum(max(row[column][1] for column in columns) for row in matches)
            end = bisect_left(thresholds, confidence) + 1
            for index in range(begin, end):
                right[index] += precision
                kept[index] += len(columns)
                covered[index] += recall
            begin = end
    total = sum(map(len, gold.values()))
    points = [
        Score(p / n if n else 1.0, r / total if total else 0.0) for p, n, r in zip(right, kept, covered, strict=True)
    ]
    best = max(points, key=lambda point: point.f1)
    curve = [*points, Score(1.0, 0.0)]
    area = sum((left.recall - right.recall) * (left.precision + right.precision) / 2 for left, right in pairwise(curve))
    return Score(best.precision, best.recall, area)


def _paired(matrix: list[list[float]]) -> float:
    """Sum of the best values, each row and column used once, the highest first; of equal ones the first."""
    cells = sorted(((-value, row, column) for row, values in enumerate(matrix) for column, value in enumerate(values)))
    rows: set[int] = set()
    columns: set[int] = set()
    total = 0.0
    for value, row, column in cells:
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            total -= value
    return total
