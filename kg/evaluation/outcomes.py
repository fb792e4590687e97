"""What became of each fact of the gold and of each triple and statement of the graph: what tables are summed from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kg.evaluation.predicted import CORE

OPEN = "(open relations)"
"""Row of all properties that the ontology does not name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactOutcome:
    """A fact of the gold, whose best property is `name`.

    `triple`: the graph states it somehow; `strict`: in the right way; `extractors`: who found it.
    """

    document: str
    id: str
    fact: str
    name: str
    kind: str
    core: bool
    triple: bool
    strict: bool
    extractors: tuple[str, ...]
    evidence: str

    @property
    def key(self) -> tuple[str, str]:
        """Document and id: the same in every build."""
        return self.document, self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class TripleOutcome:
    """A plain triple, `core` or an open relation. `right`: matched or judged so, `None` where nobody knows.

    `extractors` are those whose statements make it a fact; `confidence` in [0, 1] is that of the surest.
    """

    document: str
    triple: tuple[str, str, str]  # labels and local name
    matched: bool
    right: bool | None
    extractors: tuple[str, ...]
    confidence: float | None
    evidence: tuple[str, ...]
    core: bool = True

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Document and triple: the same in every build that labels alike."""
        return self.document, *self.triple


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementOutcome:
    """A statement of the core property `name`: its kind, whether the gold has its triple, and in this kind."""

    document: str
    kind: str
    name: str
    extractor: str
    matched: bool
    kind_right: bool


@dataclass(slots=True)
class Tally:
    """Counts of one extractor, property or kind.

    Facts of the gold: all, found as triple, strictly. Triples of the graph: all, matched, judged right, judged wrong.
    """

    facts: int = 0
    found: int = 0
    strict: int = 0
    triples: int = 0
    matched: int = 0
    right: int = 0
    wrong: int = 0

    def add_fact(self, fact: FactOutcome) -> None:
        """Counts a fact of the gold."""
        self.facts += 1
        self.found += fact.triple
        self.strict += fact.strict

    def add_triple(self, triple: TripleOutcome) -> None:
        """Counts a triple of the graph."""
        self.triples += 1
        self.matched += triple.matched
        self.right += triple.right is True
        self.wrong += triple.right is False


def by_property(facts: Iterable[FactOutcome], triples: Iterable[TripleOutcome]) -> dict[str, Tally]:
    """Core properties and all open relations together, those with most facts in the gold first."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for fact in facts:
        tallies[fact.name if fact.name in CORE else OPEN].add_fact(fact)
    for triple in triples:
        tallies[triple.triple[1] if triple.core else OPEN].add_triple(triple)
    return dict(sorted(tallies.items(), key=lambda item: (-item[1].facts, -item[1].triples, item[0])))


def by_extractor(facts: Iterable[FactOutcome], triples: Iterable[TripleOutcome]) -> dict[str, Tally]:
    """Extractors by name: facts that they find (several may find one) and triples that they state."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for fact in facts:
        for extractor in fact.extractors:
            tallies[extractor].add_fact(fact)
    for triple in triples:
        for extractor in triple.extractors:
            tallies[extractor].add_triple(triple)
    return dict(sorted(tallies.items()))


def by_kind(facts: Iterable[FactOutcome], statements: Iterable[StatementOutcome]) -> dict[str, tuple[Tally, int, int]]:
    """Kinds of facts; with each its tally, and how many statements of a matched triple claim it, how many rightly."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    claimed: dict[str, int] = defaultdict(int)
    rightly: dict[str, int] = defaultdict(int)
    for fact in facts:
        tallies[fact.kind].add_fact(fact)
    for statement in statements:
        if statement.matched:
            claimed[statement.kind] += 1
            rightly[statement.kind] += statement.kind_right
    kinds = sorted({*tallies, *claimed})
    return {kind: (tallies[kind], claimed[kind], rightly[kind]) for kind in kinds}
