"""MUC, B³ and CEAFe of predicted chains against gold ones (Pradhan et al. 2014); their mean is the CoNLL F1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

Chains = Sequence[frozenset[Hashable]]


class ChainScores:
    """Sums over documents; `f1` gives the four figures."""

    def __init__(self) -> None:
        self.sums: Counter[str] = Counter()

    def add(self, gold: Chains, found: Chains) -> None:
        """Count one document; chains of one mention must have been left out by the caller, or kept in both."""
        for name, left, right in (("r", gold, found), ("p", found, gold)):
            place = {mention: number for number, chain in enumerate(right) for mention in chain}
            for chain in left:
                parts = Counter(place.get(mention, ("alone", mention)) for mention in chain)
                self.sums[f"muc_{name}"] += len(chain) - len(parts)
                self.sums[f"muc_{name}_all"] += len(chain) - 1
                shared = Counter(place[mention] for mention in chain if mention in place)
                self.sums[f"b3_{name}"] += sum(count * count for count in shared.values()) / len(chain)
                self.sums[f"b3_{name}_all"] += len(chain)
        if gold and found:
            likeness = np.array([[2 * len(g & f) / (len(g) + len(f)) for f in found] for g in gold])
            rows, columns = linear_sum_assignment(-likeness)
            total = float(likeness[rows, columns].sum())
        else:
            total = 0.0
        for name, chains in (("r", gold), ("p", found)):
            self.sums[f"ceafe_{name}"] += total
            self.sums[f"ceafe_{name}_all"] += len(chains)

    def f1(self) -> dict[str, float]:
        """F1 in percent of `muc`, `b3`, `ceafe`, and their mean `conll`."""
        scores = {}
        for name in ("muc", "b3", "ceafe"):
            recall = self.sums[f"{name}_r"] / max(1, self.sums[f"{name}_r_all"])
            precision = self.sums[f"{name}_p"] / max(1, self.sums[f"{name}_p_all"])
            scores[name] = 200 * recall * precision / max(1e-9, recall + precision)
        scores["conll"] = sum(scores.values()) / 3
        return {name: round(value, 2) for name, value in scores.items()}
