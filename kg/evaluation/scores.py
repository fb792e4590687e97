"""Scores of single documents → `Scores` of a build: rates, contract, calibration, and what to look at.

Measures (per document, and micro-averaged):

- *triple*: some statement of the document has a fact's subject, property and object.
- *strict*: of a plain fact, such a statement and the plain triple; of any other, a statement of the right status,
  source, modality and polarity, and no plain triple.
- *entities*: recall (all; of core facts; named), type accuracy, fragmentation (one thing, several entities), conflation
  (several things, one entity).
- *must_not*: plain triples that the gold forbids.
- *precision* over plain triples of core properties: `precision_lower` counts every unmatched one as wrong (the gold is
  not closed), `precision_judged` leaves out those that nobody has judged.
- *evidence*: statements whose span quotes the document's text.
- *calibration*: Brier score and reliability of `kg:confidence` over the plain triples that precision counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.evaluation.entities import EntityReport, match_entities, score_entities, view_of
from kg.evaluation.facts import FactMatcher, Missed, score_facts
from kg.evaluation.gold import GoldDocument, read_gold
from kg.evaluation.judgements import Judgement, read_judgements
from kg.evaluation.outcomes import FactOutcome, StatementOutcome, TripleOutcome
from kg.evaluation.predicted import PredictedGraph
from kg.evaluation.quads import plain_quads
from kg.evaluation.triples import Spurious, Violation, score_triples
from kg.graph.ontology import minter_of, parse_file
from kg.graph.store import open_graph

_LISTED_UNSUPPORTED = 20
_BINS = 5
_FINE_BINS = 10

Rates = dict[str, float | int | None]
"""Name of a measure → its value; shares lie in [0, 1] and are None where there is nothing to divide by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Plain triples whose confidence lies in [`begin`, `end`): their mean confidence and the share that is right."""

    begin: float
    end: float
    count: int
    confidence: float | None
    right: float | None

    def to_json(self) -> dict[str, object]:
        """As a JSON object."""
        return {
            "from": self.begin,
            "to": self.end,
            "n": self.count,
            "confidence": self.confidence,
            "right": self.right,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How far confidences can be trusted; what nobody has judged counts as wrong."""

    count: int
    brier: float
    bins: tuple[Bin, ...]

    def to_json(self) -> dict[str, object]:
        """As a JSON object."""
        return {"n": self.count, "brier": self.brier, "bins": [row.to_json() for row in self.bins]}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentScores:
    """All of one gold document; `node` is None where the graph does not know it."""

    gold: GoldDocument
    node: str | None
    counts: Counter[str]
    entities: EntityReport
    by_kind: Mapping[str, list[int]]
    by_property: Mapping[str, list[int]]
    missed: list[Missed]
    spurious: list[Spurious]
    violations: list[Violation]
    confidences: list[tuple[float, bool]]
    evidence_errors: Counter[str]
    facts: list[FactOutcome]
    triples: list[TripleOutcome]
    statements: list[StatementOutcome]

    @property
    def rates(self) -> Rates:
        """Its measures."""
        return rates(self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """All of a gold folder. Rows of `by_kind`, `by_property`: facts, found as triple, found strictly."""

    documents: tuple[DocumentScores, ...]
    contract: Mapping[str, int]
    unsupported: tuple[Spurious, ...]

    @property
    def counts(self) -> Counter[str]:
        """Counts over all documents."""
        total: Counter[str] = Counter()
        for document in self.documents:
            total.update(document.counts)
        return total

    @property
    def micro(self) -> Rates:
        """The measures over all documents, and what holds of the graph as a whole."""
        return {**rates(self.counts), **self.contract}

    @property
    def by_kind(self) -> dict[str, list[int]]:
        """Facts that are plain, claimed, negative, non-actual."""
        return _sum_rows(document.by_kind for document in self.documents)

    @property
    def by_property(self) -> dict[str, list[int]]:
        """Facts by their best property."""
        return _sum_rows(document.by_property for document in self.documents)

    @property
    def calibration(self) -> Calibration | None:
        """None where the graph gives no confidence."""
        return calibrate([pair for document in self.documents for pair in document.confidences])

    @property
    def reliability(self) -> Calibration | None:
        """Confidence of the plain triples of which gold or people know whether they are right; None of none."""
        core = (t for t in self.triples if t.core)
        known = [(t.confidence, t.right) for t in core if t.confidence is not None and t.right is not None]
        return calibrate(known, bins=_FINE_BINS)

    @property
    def facts(self) -> list[FactOutcome]:
        """What became of the facts of the gold."""
        return [row for document in self.documents for row in document.facts]

    @property
    def triples(self) -> list[TripleOutcome]:
        """What the plain triples are worth, open relations included."""
        return [row for document in self.documents for row in document.triples]

    @property
    def statements(self) -> list[StatementOutcome]:
        """What the statements of core properties are worth."""
        return [row for document in self.documents for row in document.statements]

    @property
    def missed(self) -> list[Missed]:
        """Facts not found strictly, with their sentences."""
        return [row for document in self.documents for row in document.missed]

    @property
    def spurious(self) -> list[Spurious]:
        """Plain triples that the gold does not have, with their sentences; those without any statement last."""
        return [*(row for document in self.documents for row in document.spurious), *self.unsupported]

    @property
    def violations(self) -> list[Violation]:
        """Forbidden triples stated as facts."""
        return [row for document in self.documents for row in document.violations]

    @property
    def missing_documents(self) -> list[str]:
        """Gold ids that the graph does not know."""
        return [document.gold.id for document in self.documents if document.node is None]

    def to_json(self) -> dict[str, object]:
        """Everything but the lists of spurious triples, ready for `json.dump`."""
        calibration = self.calibration
        return {
            "micro": self.micro,
            "unsupported": [row.to_json() for row in self.unsupported],
            "calibration": calibration.to_json() if calibration else None,
            "counts": dict(self.counts),
            "documents": {document.gold.id: document.rates for document in self.documents},
            "by_kind": self.by_kind,
            "by_property": self.by_property,
            "missing_documents": self.missing_documents,
            "missed": [row.to_json() for row in self.missed],
            "violations": [row.to_json() for row in self.violations],
            "entities": {document.gold.id: document.entities.to_json() for document in self.documents},
        }


def evaluate(
    gold_dir: Path,
    graph: Path | ox.Store,
    *,
    texts: Path | None = None,
    ontologies: Iterable[Path] = (),
    judged: Iterable[Path] = (),
    documents: Collection[str] | None = None,
) -> Scores:
    """Scores a build against the gold files of a folder.

    `graph` is a `graph.trig` (or other file with all graphs), a store's folder, or an open store. `texts` holds the
    source texts as `ID.txt`, by default beside the gold. `ontologies` add to the class hierarchy. `judged` are lists of
    spurious triples with verdicts. `documents` limits the scores to these gold ids.
    Raises `GoldError`, `StoreError` or `OntologyError`.
    """
    gold = tuple(read_gold(gold_dir, texts, documents))
    judgements = read_judgements(judged)
    store = open_graph(graph) if isinstance(graph, Path) else graph
    ontology = [quad for file in ontologies for quad in plain_quads(parse_file(file))]
    predicted = PredictedGraph(plain_quads(store), ontology, minter_of(store))
    return Scores(
        documents=tuple(score_document(document, predicted, judgements) for document in gold),
        contract=predicted.contract,
        unsupported=tuple(_unsupported(predicted)),
    )


def score_document(
    gold: GoldDocument, predicted: PredictedGraph, judgements: Mapping[Judgement, bool] | None = None
) -> DocumentScores:
    """Scores one document."""
    counts: Counter[str] = Counter()
    view = view_of(gold, predicted)
    match = match_entities(view)
    entities = score_entities(view, match, counts)
    matcher = FactMatcher(view, match)
    facts = score_facts(matcher, counts)
    triples = score_triples(matcher, facts, judgements or {}, counts)
    return DocumentScores(
        gold=gold,
        node=view.node,
        counts=counts,
        entities=entities,
        by_kind=dict(facts.by_kind),
        by_property=dict(facts.by_property),
        missed=facts.missed,
        spurious=triples.spurious,
        violations=triples.violations,
        confidences=triples.confidences,
        evidence_errors=triples.evidence_errors,
        facts=facts.outcomes,
        triples=triples.outcomes,
        statements=triples.statements,
    )


def rates(counts: Counter[str]) -> Rates:
    """Measures from counts."""

    def share(part: str, whole: str) -> float | None:
        return round(counts[part] / counts[whole], 4) if counts[whole] else None

    judged = counts["predicted"] - counts["unjudged"]
    return {
        "core_triple": share("core_triple", "core"),
        "core_strict": share("core_strict", "core"),
        "all_triple": share("all_triple", "all"),
        "all_strict": share("all_strict", "all"),
        "entity_recall": share("entities_found", "entities"),
        "named_recall": share("named_found", "named"),
        "core_entity_recall": share("core_entities_found", "core_entities"),
        "type_exact": share("type_exact", "entities_found"),
        "type_lenient": share("type_lenient", "entities_found"),
        "fragmentation": share("fragmented", "entities_found"),
        "conflation": share("conflated", "pred_matched"),
        "sameas_right": share("sameas_right", "sameas"),
        "time_right": share("time_right", "time"),
        "must_not_violations": counts["violations"],
        "must_not": counts["must_not"],
        "precision_lower": share("matched", "predicted"),
        "precision_judged": round(counts["right"] / judged, 4) if judged else None,
        "predicted": counts["predicted"],
        "unjudged": counts["unjudged"],
        "open_plain": counts["open"],
        "open_matched": counts["open_matched"],
        "evidence_ok": share("evidence_ok", "statements"),
        "text_equal": share("text_equal", "text_known"),
        "statements": counts["statements"],
        "incomplete_statements": counts["incomplete"],
        "claimed_sourceless": counts["claimed_sourceless"],
        "asserted_sourced": counts["asserted_sourced"],
        "plain": counts["plain"],
        "unjustified_plain": counts["unjustified_plain"],
        "asserted_not_plain": counts["asserted_not_plain"],
    }


def calibrate(pairs: list[tuple[float, bool]], bins: int = _BINS) -> Calibration | None:
    """Brier score and reliability table of (confidence in [0, 1], right); None of no pairs."""
    if not pairs:
        return None
    rows = []
    for index in range(bins):
        inside = [pair for pair in pairs if min(int(max(pair[0], 0) * bins), bins - 1) == index]
        rows.append(
            Bin(
                begin=index / bins,
                end=(index + 1) / bins,
                count=len(inside),
                confidence=round(sum(c for c, _ in inside) / len(inside), 4) if inside else None,
                right=round(sum(right for _, right in inside) / len(inside), 4) if inside else None,
            )
        )
    brier = round(sum((confidence - right) ** 2 for confidence, right in pairs) / len(pairs), 4)
    return Calibration(count=len(pairs), brier=brier, bins=tuple(rows))


def _sum_rows(tables: Iterable[Mapping[str, list[int]]]) -> dict[str, list[int]]:
    total: dict[str, list[int]] = {}
    for table in tables:
        for key, row in table.items():
            total[key] = [a + b for a, b in zip(total.get(key, [0, 0, 0]), row, strict=True)]
    return total


def _unsupported(predicted: PredictedGraph) -> Iterator[Spurious]:
    """The first plain triples that no statement is about; they belong to no document."""
    for subject, predicate, object_ in predicted.unsupported[:_LISTED_UNSUPPORTED]:
        yield Spurious(
            document=None,
            subject=predicted.label(subject),
            predicate=predicted.property_name(predicate),
            value=predicted.label(object_),
            correct=None,
            reason="unsupported",
            subject_iri=subject,
            object_iri=object_ if isinstance(object_, str) else None,
            evidence=[],
        )
