"""Scores of two builds against one gold → what got better and what got worse, with the sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.errors import GoldError
from kg.evaluation.outcomes import FactOutcome, TripleOutcome
from kg.evaluation.scores import Scores

MEASURES = ("core_triple", "core_strict", "all_strict", "entity_recall", "fragmentation", "precision_lower",
            "precision_judged", "must_not_violations", "evidence_ok")  # fmt: skip
"""Measures that a comparison shows."""
LEVELS = {(False, False): "missed", (True, False): "in another way", (True, True): "found"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two builds: facts found, lost or stated in another way, wrong or unmatched triples that came and went.

    Pairs are the old and the new outcome of a fact.
    """

    measures: dict[str, tuple[float | int | None, float | int | None]]
    better: tuple[tuple[FactOutcome, FactOutcome], ...]
    worse: tuple[tuple[FactOutcome, FactOutcome], ...]
    gone: tuple[TripleOutcome, ...]
    new: tuple[TripleOutcome, ...]

    def to_json(self) -> dict[str, object]:
        """As a JSON object."""
        return {
            "measures": {name: list(values) for name, values in self.measures.items()},
            "better": [_fact_json(*pair) for pair in self.better],
            "worse": [_fact_json(*pair) for pair in self.worse],
            "unmatched_gone": [_triple_json(triple) for triple in self.gone],
            "unmatched_new": [_triple_json(triple) for triple in self.new],
        }


def compare(old: Scores, new: Scores) -> Comparison:
    """What `new` does better and worse than `old`; both must be scored against the same gold (else `GoldError`)."""
    before = {fact.key: fact for fact in old.facts}
    after = {fact.key: fact for fact in new.facts}
    if before.keys() != after.keys():
        raise GoldError("the two builds were scored against different gold; give both the same folder")
    pairs = [(before[key], after[key]) for key in before]
    old_micro, new_micro = old.micro, new.micro
    return Comparison(
        measures={name: (old_micro[name], new_micro[name]) for name in MEASURES},
        better=tuple(pair for pair in pairs if _level(pair[0]) < _level(pair[1])),
        worse=tuple(pair for pair in pairs if _level(pair[0]) > _level(pair[1])),
        gone=_only(old.triples, new.triples),
        new=_only(new.triples, old.triples),
    )


def comparison_text(comparison: Comparison) -> str:
    """The comparison for a terminal: measures, then what got better and worse, core facts first."""
    return "\n".join(_lines(comparison)) + "\n"


def _lines(comparison: Comparison) -> Iterator[str]:
    yield f"{'measure':22}{'old':>8}{'new':>8}"
    for name, values in comparison.measures.items():
        yield f"{name:22}" + "".join(f"{_shown(value):>8}" for value in values)
    for title, pairs in (("facts better", comparison.better), ("facts worse", comparison.worse)):
        yield ""
        yield f"{title}: {len(pairs)} ({sum(new.core for _, new in pairs)} core)"
        for old, new in sorted(pairs, key=lambda pair: not pair[1].core):
            core = "core" if new.core else "    "
            change = f"{_word(old)} -> {_word(new)}"
            yield f"  {core} {new.document} {new.id}: {new.fact}  {change}  <- {_flat(new.evidence)}"
    for title, triples in (("unmatched triples gone", comparison.gone), ("unmatched triples new", comparison.new)):
        yield ""
        yield f"{title}: {len(triples)}"
        for triple in triples:
            sentences = " / ".join(_flat(sentence) for sentence in triple.evidence)
            yield f"  {triple.document}: {' | '.join(triple.triple)}  <- {sentences}"


def _level(fact: FactOutcome) -> int:
    return fact.triple + fact.strict


def _word(fact: FactOutcome) -> str:
    return LEVELS[fact.triple, fact.strict]


def _only(left: Iterable[TripleOutcome], right: Iterable[TripleOutcome]) -> tuple[TripleOutcome, ...]:
    """Unmatched core triples of `left` that `right` has not, or has matched."""
    known = {triple.key for triple in right if not triple.matched}
    return tuple(triple for triple in left if triple.core and not triple.matched and triple.key not in known)


def _fact_json(old: FactOutcome, new: FactOutcome) -> dict[str, object]:
    return {"doc": new.document, "id": new.id, "fact": new.fact, "core": new.core, "old": _word(old),
            "new": _word(new), "evidence": new.evidence}  # fmt: skip


def _triple_json(triple: TripleOutcome) -> dict[str, object]:
    subject, predicate, value = triple.triple
    return {"doc": triple.document, "s": subject, "p": predicate, "o": value, "correct": triple.right,
            "evidence": list(triple.evidence)}  # fmt: skip


def _shown(value: float | int | None) -> str:
    return "–" if value is None else str(value) if isinstance(value, int) else f"{100 * value:.1f}"


def _flat(text: str) -> str:
    return " ".join(text.split())
