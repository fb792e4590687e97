"""Matched entities of one document → which facts of the gold the graph states, and how."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from kg.evaluation.entities import DocumentView, EntityMatch
from kg.evaluation.gold import GoldFact, GoldLiteral, GoldTerm
from kg.evaluation.outcomes import FactOutcome
from kg.evaluation.predicted import WITHIN, PredictedStatement, reach_all
from kg.evaluation.quads import Lit, Term, Triple
from kg.evaluation.wording import same_literal, same_property
from kg.model import Modality, Polarity, Status
from kg.vocabulary import SYMMETRIC

_PLACED = frozenset({"occursIn", "locatedIn"})
"""Properties for which a place within the right one is right too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A fact of the gold that the graph lacks, or states in another way (`triple`)."""

    document: str
    id: str
    core: bool
    fact: str
    triple: bool
    got: list[str]
    near: list[str]
    evidence: str

    def to_json(self) -> dict[str, object]:
        """As a JSON object."""
        return {
            "doc": self.document,
            "id": self.id,
            "core": self.core,
            "fact": self.fact,
            "triple": self.triple,
            "got": self.got,
            "near": self.near,
            "evidence": self.evidence,
        }


@dataclass(slots=True)
class FactScores:
    """What became of the facts of one document's gold.

    `licensed` are plain triples that some fact of the gold allows, `placed` those right by a more precise place, `hit`
    all that say some fact of the gold, rightly or not. Rows of `by_kind`, `by_property`: facts, found as triple, found
    strictly.
    """

    licensed: set[Triple] = field(default_factory=set)
    placed: set[Triple] = field(default_factory=set)
    hit: set[Triple] = field(default_factory=set)
    missed: list[Missed] = field(default_factory=list)
    outcomes: list[FactOutcome] = field(default_factory=list)
    by_kind: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    by_property: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))


class FactMatcher:
    """Compares triples of one document's view with patterns of its gold."""

    def __init__(self, view: DocumentView, match: EntityMatch) -> None:
        self.view, self.match = view, match
        self._gold_within: dict[str, set[str]] = defaultdict(set)
        for fact in view.gold.facts:
            wider = fact.objects[0]
            if fact.properties[0] in WITHIN and fact.setting.polarity == Polarity.POSITIVE and isinstance(wider, str):
                self._gold_within[fact.subjects[0]].add(wider)

    def is_term(self, term: Term, accepted: tuple[GoldTerm, ...]) -> bool:
        """Whether a term of the graph is one of the accepted."""
        for wanted in accepted:
            if isinstance(wanted, GoldLiteral):
                said = [term.value] if isinstance(term, Lit) else self.view.predicted.labels.get(term, ())
                if any(same_literal(value, wanted.accepted) for value in said):
                    return True
            elif wanted in self.match.ids(term):
                return True
        return False

    def _inside(self, term: Term, accepted: tuple[GoldTerm, ...]) -> bool:
        """Whether a place of the graph lies in one of the accepted, by the graph or by the gold."""
        if not isinstance(term, str):
            return False
        at = reach_all([term], self.view.predicted.within)
        ids = {identifier for place in at for identifier in self.match.ids(place)}
        return bool(reach_all(ids, self._gold_within) & {wanted for wanted in accepted if isinstance(wanted, str)})

    def says(self, pattern: GoldFact, subject: Term, predicate: str, object_: Term, *, wide: bool = False) -> bool:
        """Whether a triple of the graph says a fact; `wide`: by a more precise place too."""
        name = self.view.property_name(predicate)
        forward = same_property(name, pattern.properties)
        if forward and self.is_term(subject, pattern.subjects):
            if self.is_term(object_, pattern.objects):
                return True
            placed = wide and pattern.properties[0] in _PLACED and pattern.setting.polarity == Polarity.POSITIVE
            if placed and subject != object_ and self._inside(object_, pattern.objects):
                return True
        backward = same_property(name, pattern.inverse) or (forward and name in SYMMETRIC)
        return (
            backward
            and isinstance(subject, str)
            and self.is_term(subject, pattern.objects)
            and self.is_term(object_, pattern.subjects)
        )

    def hits(self, pattern: GoldFact) -> tuple[set[Triple], list[PredictedStatement]]:
        """Plain triples and statements that say a fact."""
        return (
            {triple for triple in self.view.plain if self.says(pattern, *triple)},
            [s for s in self.view.statements if self.says(pattern, s.subject, s.predicate, s.object)],
        )

    def wide_hits(self, pattern: GoldFact, forbidden: set[Triple]) -> tuple[set[Triple], list[PredictedStatement]]:
        """`hits`, with more precise places; not for a triple that the gold forbids."""

        def fits(subject: Term, predicate: str, object_: Term) -> bool:
            return self.says(pattern, subject, predicate, object_, wide=(subject, predicate, object_) not in forbidden)

        return (
            {triple for triple in self.view.plain if fits(*triple)},
            [s for s in self.view.statements if fits(s.subject, s.predicate, s.object)],
        )

    def near(self, fact: GoldFact, limit: int = 3) -> list[str]:
        """Triples of the graph with two of the three parts right, to explain a miss."""
        found: dict[str, tuple[bool, bool]] = {}
        statements = ((s.subject, s.predicate, s.object) for s in self.view.statements)
        for subject, predicate, object_ in {*self.view.plain, *statements}:
            of_subject = self.is_term(subject, fact.subjects)
            of_object = self.is_term(object_, fact.objects)
            name = self.view.property_name(predicate)
            of_property = same_property(name, fact.properties)
            reverse = self.is_term(subject, fact.objects) and self.is_term(object_, fact.subjects)
            if of_subject + of_object + of_property >= 2 or reverse:
                label = self.view.predicted.label
                shown = f"{label(subject)} | {name} | {label(object_)}"
                found[shown] = (not (of_subject and of_object), not (of_subject and of_property))
        return sorted(found, key=lambda shown: (found[shown], shown))[:limit]


def score_facts(matcher: FactMatcher, counts: Counter[str]) -> FactScores:
    """Counts facts found as triple and strictly, and says which are missed."""
    view, scores = matcher.view, FactScores()
    facts = view.gold.facts
    hits = {fact.id: matcher.hits(fact) for fact in facts}
    for fact in facts:
        scores.hit |= hits[fact.id][0]
        if fact.may_be_plain:
            scores.licensed |= hits[fact.id][0]
    forbidden = {
        triple for triple in view.plain if any(matcher.says(item.pattern, *triple) for item in view.gold.must_not)
    }
    for fact in facts:
        if fact.properties[0] in _PLACED:
            hits[fact.id] = matcher.wide_hits(fact, forbidden)
            if fact.may_be_plain:
                scores.placed |= hits[fact.id][0] - scores.hit
    for fact in facts:
        plain, statements = hits[fact.id]
        triple = bool(plain or statements)
        strict = triple and _is_strict(matcher, scores, fact, plain, statements)
        for group in ("all", "core") if fact.core else ("all",):
            counts[group] += 1
            counts[group + "_triple"] += triple
            counts[group + "_strict"] += strict
        for row in (scores.by_property[fact.properties[0]], scores.by_kind[fact.kind]):
            row[0] += 1
            row[1] += triple
            row[2] += strict
        if fact.time and triple:
            counts["time"] += 1
            counts["time_right"] += any(
                fact.time == re.sub(r"T.*|(?<=\d)Z$", "", time) for s in statements for time in s.times
            )
        scores.outcomes.append(_outcome(matcher, fact, statements, triple=triple, strict=strict))
        if not strict:
            scores.missed.append(_missed(matcher, fact, plain, statements))
    return scores


def _is_strict(
    matcher: FactMatcher,
    scores: FactScores,
    fact: GoldFact,
    plain: set[Triple],
    statements: list[PredictedStatement],
) -> bool:
    """Whether one right setting of the fact is the graph's."""
    for setting in fact.settings:
        if setting.plain:
            if plain & matcher.view.justified:
                return True
            continue
        if plain - scores.licensed - scores.placed:
            continue  # taken for a fact
        for s in statements:
            if (s.modality, s.polarity) != (setting.modality, setting.polarity):
                continue
            if s.status == setting.status == Status.ASSERTED:
                return True
            sources = {identifier for source in s.sources for identifier in matcher.match.ids(source)}
            if s.status == setting.status == Status.CLAIMED and (setting.by is None or setting.by in sources):
                return True
            # a wish or plan of the subject's own may be narrated or claimed by the subject, whichever the gold has
            wisher = sources if setting.status == Status.ASSERTED else {setting.by}
            both = {s.status, setting.status} == {Status.ASSERTED, Status.CLAIMED}
            if both and setting.modality != Modality.ACTUAL and wisher & set(fact.subjects):
                return True
    return False


def _outcome(
    matcher: FactMatcher, fact: GoldFact, statements: list[PredictedStatement], *, triple: bool, strict: bool
) -> FactOutcome:
    return FactOutcome(
        document=matcher.view.gold.id,
        id=fact.id,
        fact=shown_fact(fact, matcher.view.gold.entity_names()),
        name=fact.properties[0],
        kind=fact.kind,
        core=fact.core,
        triple=triple,
        strict=strict,
        extractors=tuple(sorted({s.extractor for s in statements if s.extractor})),
        evidence=fact.evidence,
    )


def _missed(matcher: FactMatcher, fact: GoldFact, plain: set[Triple], statements: list[PredictedStatement]) -> Missed:
    label = matcher.view.predicted.label
    got = {
        f"{s.status}/{s.modality}/{s.polarity}" + "".join(" by " + label(source) for source in s.sources)
        for s in statements
    }
    triple = bool(plain or statements)
    return Missed(
        document=matcher.view.gold.id,
        id=fact.id,
        core=fact.core,
        fact=shown_fact(fact, matcher.view.gold.entity_names()),
        triple=triple,
        got=sorted(got | ({"plain"} if plain else set())),
        near=[] if triple else matcher.near(fact),
        evidence=fact.evidence,
    )


def shown_fact(fact: GoldFact, names: dict[str, str]) -> str:
    """A fact of the gold in one line: names, best property, and its setting unless plain."""
    object_ = fact.objects[0]
    shown = object_.accepted[0] if isinstance(object_, GoldLiteral) else names[object_]
    line = f"{names[fact.subjects[0]]} | {fact.properties[0]} | {shown}"
    if not fact.settings or fact.setting.plain:
        return line
    by = f" by {names[fact.setting.by]}" if fact.setting.by else ""
    return f"{line}  [{fact.setting.status}{by}, {fact.setting.modality}, {fact.setting.polarity}]"
