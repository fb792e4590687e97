"""Plain triples and statements of one document → what is wrong with them: forbidden, unknown to the gold, unproven."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kg.evaluation.entities import DocumentView
from kg.evaluation.facts import FactMatcher, FactScores, shown_fact
from kg.evaluation.judgements import Judgement, keys_of
from kg.evaluation.outcomes import StatementOutcome, TripleOutcome
from kg.evaluation.predicted import CORE, STANDARD, PredictedStatement, TripleKey
from kg.evaluation.quads import Term, Triple
from kg.model import Status
from kg.vocabulary import KG, NIF

_UNSCORED = frozenset({"says"})  # gold does not list it


@dataclass(frozen=True, slots=True, kw_only=True)
class Spurious:
    """A plain triple that matches nothing in the gold: wrong, or missing there. `correct` is a person's verdict."""

    document: str | None
    subject: str
    predicate: str
    value: str
    correct: bool | None
    reason: str
    subject_iri: str
    object_iri: str | None
    evidence: list[str]

    def to_json(self) -> dict[str, object]:
        """As a line of the list that people judge."""
        return {
            "doc": self.document,
            "s": self.subject,
            "p": self.predicate,
            "o": self.value,
            "correct": self.correct,
            "reason": self.reason,
            "sIri": self.subject_iri,
            "oIri": self.object_iri,
            "evidence": self.evidence,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A forbidden triple that the graph states as a fact."""

    document: str
    triple: str
    why: str
    predicted: list[str]

    def to_json(self) -> dict[str, object]:
        """As a JSON object."""
        return {"doc": self.document, "triple": self.triple, "why": self.why, "predicted": self.predicted}


@dataclass(slots=True)
class TripleScores:
    """`confidences`: of each plain triple that precision counts, with whether it is right."""

    violations: list[Violation] = field(default_factory=list)
    spurious: list[Spurious] = field(default_factory=list)
    confidences: list[tuple[float, bool]] = field(default_factory=list)
    outcomes: list[TripleOutcome] = field(default_factory=list)
    statements: list[StatementOutcome] = field(default_factory=list)
    evidence_errors: Counter[str] = field(default_factory=Counter)


def score_triples(
    matcher: FactMatcher,
    facts: FactScores,
    judgements: Mapping[Judgement, bool],
    counts: Counter[str],
) -> TripleScores:
    """Counts violations, precision, evidence and the contract of one document."""
    scores = TripleScores()
    forbidden = _score_must_not(matcher, facts, counts, scores)
    _score_precision(matcher.view, facts, forbidden, judgements, counts, scores)
    _score_evidence(matcher.view, counts, scores)
    scores.statements.extend(_statement_outcomes(matcher))
    return scores


def _statement_outcomes(matcher: FactMatcher) -> Iterator[StatementOutcome]:
    """Statements of core properties; of those whose triple the gold has, whether it has it in their kind."""
    view = matcher.view
    for statement in view.statements:
        name = view.property_name(statement.predicate)
        if not statement.predicate.startswith(KG.iri) or name not in CORE or name in _UNSCORED:
            continue
        said = [
            fact for fact in view.gold.facts
            if matcher.says(fact, statement.subject, statement.predicate, statement.object)
        ]  # fmt: skip
        yield StatementOutcome(
            document=view.gold.id,
            kind=statement.kind,
            name=name,
            extractor=statement.extractor or "",
            matched=bool(said),
            kind_right=any(statement.kind == fact.kind or (statement.plain and fact.may_be_plain) for fact in said),
        )


def _score_must_not(matcher: FactMatcher, facts: FactScores, counts: Counter[str], scores: TripleScores) -> set[Triple]:
    """The plain triples that the gold forbids."""
    view = matcher.view
    found: set[Triple] = set()
    for item in view.gold.must_not:
        counts["must_not"] += 1
        hit = {triple for triple in view.plain if matcher.says(item.pattern, *triple)} - facts.licensed
        if not hit:
            continue
        counts["violations"] += 1
        found |= hit
        scores.violations.append(
            Violation(
                document=view.gold.id,
                triple=shown_fact(item.pattern, view.gold.entity_names()),
                why=item.why,
                predicted=[_shown(view, triple) for triple in sorted(hit, key=str)],
            )
        )
    return found


def _shown(view: DocumentView, triple: Triple) -> str:
    subject, predicate, object_ = triple
    label = view.predicted.label
    return f"{label(subject)} | {view.property_name(predicate)} | {label(object_)}"


def _score_precision(
    view: DocumentView,
    facts: FactScores,
    forbidden: set[Triple],
    judgements: Mapping[Judgement, bool],
    counts: Counter[str],
    scores: TripleScores,
) -> None:
    """Core plain triples: matched, judged, or neither. A symmetric pair counts once."""
    confidence = _confidences(view)
    quotes = _quotes(view)
    extractors = _extractors(view)
    label = view.predicted.label

    def note(triple: Triple, *, matched: bool, right: bool | None, core: bool = True) -> None:
        key = view.predicted.key(*triple)
        scores.outcomes.append(
            TripleOutcome(
                document=view.gold.id,
                triple=(label(triple[0]), view.property_name(triple[1]), label(triple[2])),
                matched=matched,
                right=right,
                extractors=tuple(sorted(extractors.get(key, ()))),
                confidence=confidence.get(key),
                evidence=tuple(sorted(quotes.get(key, ()))[:2]),
                core=core,
            )
        )

    seen: set[TripleKey] = set()
    for triple in sorted(view.plain, key=str):
        name = view.property_name(triple[1])
        if not triple[1].startswith(KG.iri):
            counts["open"] += 1
            counts["open_matched"] += triple in facts.licensed
            note(triple, matched=triple in facts.licensed, right=None, core=False)
            continue
        key = view.predicted.key(*triple)
        if name not in CORE or name in _UNSCORED or key in seen:
            continue
        seen.add(key)
        counts["predicted"] += 1
        if triple in facts.licensed or triple in facts.placed:
            counts["matched"] += 1
            counts["right"] += 1
            note(triple, matched=True, right=True)
            if key in confidence:
                scores.confidences.append((confidence[key], True))
            continue
        reason = "must_not" if triple in forbidden else "wrong-status" if triple in facts.hit else "unmatched"
        keys = keys_of(view.gold.id, name, (label(triple[0]), triple[0]), (label(triple[2]), triple[2]))
        verdict = next((judgements[judged] for judged in keys if judged in judgements), None)
        if verdict is None and reason != "unmatched":
            verdict = False  # the gold itself says that it is wrong
        note(triple, matched=False, right=verdict)
        counts["right"] += verdict is True
        counts["wrong"] += verdict is False
        counts["unjudged"] += verdict is None
        if key in confidence:
            scores.confidences.append((confidence[key], verdict is True))
        scores.spurious.append(_spurious(view, triple, verdict, reason, sorted(quotes[key])[:2]))


def _spurious(view: DocumentView, triple: Triple, verdict: bool | None, reason: str, evidence: list[str]) -> Spurious:
    """A triple for the list that people judge."""
    subject, predicate, object_ = triple
    label = view.predicted.label
    return Spurious(
        document=view.gold.id,
        subject=label(subject),
        predicate=view.property_name(predicate),
        value=label(object_),
        correct=verdict,
        reason=reason,
        subject_iri=subject,
        object_iri=object_ if isinstance(object_, str) else None,
        evidence=evidence,
    )


def _confidences(view: DocumentView) -> dict[TripleKey, float]:
    """Per triple the highest confidence of its asserting statements, if there are any, else of all."""
    found: dict[TripleKey, tuple[bool, float]] = {}
    for s in view.statements:
        if s.confidence is not None:
            key = view.predicted.key(s.subject, s.predicate, s.object)
            found[key] = max(found.get(key, (False, float("-inf"))), (s.plain, s.confidence))
    return {key: confidence for key, (_, confidence) in found.items()}


def _extractors(view: DocumentView) -> dict[TripleKey, set[str]]:
    """Per triple the extractors of its asserting statements."""
    found: dict[TripleKey, set[str]] = defaultdict(set)
    for s in view.statements:
        if s.plain and s.extractor:
            found[view.predicted.key(s.subject, s.predicate, s.object)].add(s.extractor)
    return found


def _quotes(view: DocumentView) -> dict[TripleKey, set[str]]:
    """Per triple the sentences that its statements cite."""
    found: dict[TripleKey, set[str]] = defaultdict(set)
    for s in view.statements:
        for span in s.spans:
            quote = view.predicted.text_of(span, NIF.anchorOf, view.graph)
            if quote is not None:
                found[view.predicted.key(s.subject, s.predicate, s.object)].add(quote)
    return found


def _score_evidence(view: DocumentView, counts: Counter[str], scores: TripleScores) -> None:
    """Spans that quote their text, statements that say all they must, plain triples that a statement justifies."""
    predicted = view.predicted
    held = predicted.text_of(view.node, NIF.isString, view.graph) if view.node else None
    if view.node and view.gold.text is not None:
        counts["text_known"] += 1
        counts["text_equal"] += held == view.gold.text
    for s in view.statements:
        counts["statements"] += 1
        if not (s.status and s.modality and s.polarity):
            counts["incomplete"] += 1
        counts["claimed_sourceless"] += s.status == Status.CLAIMED and not s.sources
        counts["asserted_sourced"] += s.status == Status.ASSERTED and bool(s.sources)
        fault = _evidence_fault(view, s, held)
        counts["evidence_ok"] += fault is None
        if fault:
            scores.evidence_errors[fault] += 1
    counts["plain"] += len(view.plain)
    counts["unjustified_plain"] += len(view.plain - view.justified)
    asserted = {
        predicted.key(s.subject, s.predicate, s.object)
        for s in view.statements
        if s.plain and not s.predicate.startswith(STANDARD)
    }
    counts["asserted_not_plain"] += len(asserted - predicted.facts.keys())


def _evidence_fault(view: DocumentView, statement: PredictedStatement, held: str | None) -> str | None:
    """Why a statement's evidence cannot be trusted, or None; of several spans the last fault counts."""
    fault = None if statement.spans else "no span"
    for span in statement.spans:
        fault = _span_fault(view, span, held) or fault
    return fault


def _span_fault(view: DocumentView, span: Term, held: str | None) -> str | None:
    quote, begin, end = (
        view.predicted.text_of(span, predicate, view.graph)
        for predicate in (NIF.anchorOf, NIF.beginIndex, NIF.endIndex)
    )
    text = view.gold.text if view.gold.text is not None else held or ""
    if quote is None:
        return "no anchorOf"
    if quote not in text:
        return "not in the text"
    if not (begin and end and begin.isdigit() and end.isdigit()):
        return "no offsets"
    if held is None:
        return "no nif:isString"
    return "offsets" if held[int(begin) : int(end)] != quote else None
