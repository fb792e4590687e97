"""`python -m training.calibration --gold DIR… --out confidence.tsv`: extraction and gold → weights of confidence.

A gold folder holds `gold/ID.json` and `texts/ID.txt` in the form that `kg evaluate` reads. Every candidate of
extraction, however weak, is put into a graph and scored; logistic regression with an L2 penalty then learns from its
features whether gold has its triple in its status. Cross-validation over documents tells how well that works.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from kg.annotation import annotate, load
from kg.evaluation.scores import evaluate
from kg.extraction import extract, learned
from kg.extraction.analysis import Analysis
from kg.graph import write_build
from kg.model import Document, Extraction, RelationMention
from kg.reading import read_paths
from kg.resolution import resolve

RAREST = 4
"""Occurrences below which a feature is left out."""
SMALLEST = 0.03
"""Weights nearer to zero are left out."""
PENALTY = 3.0
FREE = frozenset({"bias", "rule", "score", "path", "gap", "apart", "claimed", "unactual", "unscored"})
"""Features of every candidate, hardly penalised."""
WORDED = ("word", "near", "path", "from", "to")
"""Features of single words and paths, penalised most."""


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate: its document, features and whether gold has it."""

    document: str
    features: Mapping[str, float]
    right: bool


class Collector:
    """A judge that lets every candidate through and remembers its features under the extractor's name."""

    def __init__(self) -> None:
        self.features: list[Mapping[str, float]] = []

    def __call__(
        self, analysis: Analysis, ruled: Iterable[RelationMention], *, alone: bool
    ) -> Iterator[RelationMention]:
        for candidate in learned.candidates(analysis, ruled):
            if candidate.features and (alone or candidate.ruled):
                yield replace(candidate.relation, confidence=0.5, extractor=f"candidate.{len(self.features)}")
                self.features.append(candidate.features)
            elif not candidate.features:
                yield candidate.relation


def documents(folder: Path) -> Iterator[Document]:
    """The texts of a gold folder with the gold's dates."""
    for path in sorted((folder / "gold").glob("*.json")):
        date = json.loads(path.read_text(encoding="utf-8")).get("date")
        read = next(iter(read_paths([folder / "texts" / f"{path.stem}.txt"])))
        if isinstance(read, Document):
            yield replace(read, date=date) if date and len(date) == 10 else read


def collect(folder: Path) -> list[Row]:
    """All candidates of a gold folder, scored."""
    collector, nlp = Collector(), load()
    found: list[Extraction] = []
    for document in documents(folder):
        found.append(extract(annotate(document, nlp), judge=collector))
    resolution = resolve(found)
    with tempfile.TemporaryDirectory() as scratch:
        store = Path(scratch) / "store"
        write_build(store, resolution.entities.values(), map(resolution.statements, found))
        scores = evaluate(folder / "gold", store)
    rows = []
    for document_scores in scores.documents:
        for outcome in document_scores.statements:
            kind, _, number = outcome.extractor.rpartition(".")
            if kind.endswith("candidate"):
                right = outcome.matched and outcome.kind_right
                rows.append(Row(outcome.document, collector.features[int(number)], right))
    return rows


class Regression:
    """Logistic regression over named features."""

    def __init__(self, rows: Sequence[Row]) -> None:
        counts = Counter(name for row in rows for name in row.features)
        self.names = sorted(name for name, count in counts.items() if count >= RAREST)
        self._column = {name: index for index, name in enumerate(self.names)}
        penalties = [
            0.1 if name in FREE else 1.5 if name.split(":")[0] in WORDED and ":" in name else 0.6 for name in self.names
        ]
        self._penalty = PENALTY * np.array(penalties)
        self.weights = np.zeros(len(self.names))
        matrix, right = self._matrix(rows), np.array([row.right for row in rows], float)

        def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            odds = matrix @ weights
            shares = 1 / (1 + np.exp(-odds))
            value = np.logaddexp(0, odds).sum() - (right * odds).sum() + 0.5 * (self._penalty * weights**2).sum()
            return float(value), matrix.T @ (shares - right) + self._penalty * weights

        self.weights = minimize(loss, self.weights, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x

    def _matrix(self, rows: Sequence[Row]) -> csr_matrix:
        at, columns, values = [], [], []
        for index, row in enumerate(rows):
            for name, value in row.features.items():
                if name in self._column:
                    at.append(index)
                    columns.append(self._column[name])
                    values.append(value)
        return csr_matrix((values, (at, columns)), shape=(len(rows), len(self.names)))

    def probabilities(self, rows: Sequence[Row]) -> NDArray[np.float64]:
        """Of each row that it is right."""
        shares: NDArray[np.float64] = 1 / (1 + np.exp(-(self._matrix(rows) @ self.weights)))
        return shares

    def table(self) -> str:
        """Weights as `kg.extraction.confidence` reads them."""
        lines = [f"{name}\t{value:.2f}" for name, value in zip(self.names, self.weights, strict=True)
                 if abs(value) >= SMALLEST]  # fmt: skip
        return "\n".join(["feature\tweight", *lines]) + "\n"


def cross_validated(rows: Sequence[Row], folds: int) -> NDArray[np.float64]:
    """Probability of each row by a regression that has not seen its document."""
    names = sorted({row.document for row in rows})
    fold = {name: index % folds for index, name in enumerate(names)}
    result = np.zeros(len(rows))
    for number in range(folds):
        inside = [row for row in rows if fold[row.document] != number]
        outside = [index for index, row in enumerate(rows) if fold[row.document] == number]
        result[outside] = Regression(inside).probabilities([rows[index] for index in outside])
    return result


def report(rows: Sequence[Row], shares: NDArray[np.float64]) -> str:
    """Brier score, and what share is right of each tenth of confidence."""
    right = np.array([row.right for row in rows], float)
    lines = [f"{len(rows)} candidates, {right.mean():.3f} right, Brier {((shares - right) ** 2).mean():.4f}"]
    for lower in range(10):
        chosen = (shares * 10).astype(int).clip(0, 9) == lower
        if chosen.any():
            share = right[chosen].mean()
            lines.append(f"{lower / 10:.1f}-{(lower + 1) / 10:.1f}: {int(chosen.sum())}, {share:.2f} right")
    return "\n".join(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="folders with gold/ and texts/")
    parser.add_argument("--test", type=Path, nargs="*", default=[], help="gold folders that are only reported on")
    parser.add_argument("--out", type=Path, required=True, help="table of weights to write")
    parser.add_argument("--folds", type=int, default=5)
    options = parser.parse_args()
    rows = [row for folder in options.gold for row in collect(folder)]
    print("cross-validation:", report(rows, cross_validated(rows, options.folds)), sep="\n", flush=True)
    fitted = Regression(rows)
    options.out.write_text(fitted.table(), encoding="utf-8")
    for folder in options.test:
        tested = collect(folder)
        print(f"{folder}:", report(tested, fitted.probabilities(tested)), sep="\n", flush=True)


if __name__ == "__main__":
    main()
