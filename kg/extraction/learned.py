"""What the model's statement scorer says: core properties that no rule reads, and how sure those are that one does.

The scorer knows wordings from examples (Zhou et al. 2021, table filling); the trees know who says what. So a learned
statement gets its status from both: from the context of the words that carry it, and from the scorer where that is
plain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kg.annotation.semantics import StatementAnnotation
from kg.annotation.statements import OPEN
from kg.extraction import confidence
from kg.extraction.analysis import Analysis, TextValue
from kg.extraction.context import Context
from kg.extraction.endings import ENDED, PAST
from kg.extraction.phrases import Phrase
from kg.extraction.rivals import target_of, unrivalled
from kg.model import Modality, Polarity, RelationMention, Status

NAME = "kg.extraction.learned"

ACCEPT, ACCEPT_CLAIM = 0.43, 0.3
"""Confidence from which a statement is believed without a rule: of facts, and of what is claimed, planned, denied."""
DOUBT = 0.1
"""Confidence below which a fact that a rule reads is left out; what it reads as claimed, planned or denied stays."""
LEAST = 0.08
"""Score below which the scorer says nothing."""
SURE = 0.6
"""Probability from which the scorer's own status overrides a plain context."""
LITERAL_PROPERTIES = frozenset({"age", "bornOn", "diedOn", "occursOn", "amount", "deathToll", "casualties"})


HOLDING = frozenset({"holdsRole", "heldRole"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A learned statement with its mentions resolved."""

    subject: Phrase
    object: Phrase | TextValue
    found: StatementAnnotation


@dataclass(frozen=True, slots=True)
class Candidate:
    """A relation to be weighed, with its features; `ruled` when a rule has read it."""

    relation: RelationMention
    features: Mapping[str, float]
    ruled: bool


def judged(analysis: Analysis, ruled: Iterable[RelationMention], *, alone: bool = True) -> Iterator[RelationMention]:
    """The rules' relations, and what the scorer alone believes, each with its calibrated confidence.

    A rule's reading that is unlikely is left out, and so is a learned one that contends with a rule's. Without a scorer
    the rules' relations come as they are; with `alone` false nothing is added to them.
    """
    if not analysis.statements:
        yield from ruled
        return
    kept: list[RelationMention] = []
    believed: list[RelationMention] = []
    for candidate in candidates(analysis, ruled):
        if not candidate.features:
            kept.append(candidate.relation)
            continue
        sure = confidence.probability(candidate.features)
        if sure >= _least(candidate):
            weighed = replace(candidate.relation, confidence=round(sure, 2))
            (kept if candidate.ruled else believed).append(weighed)
    yield from kept
    if alone:
        yield from unrivalled(believed, kept)


def _least(candidate: Candidate) -> float:
    """Confidence that a candidate needs."""
    if candidate.ruled:
        return DOUBT if is_fact(candidate.relation) else 0.0
    return ACCEPT if is_fact(candidate.relation) else ACCEPT_CLAIM


def is_fact(relation: RelationMention) -> bool:
    """Whether the narrator states it as the case."""
    plain = relation.modality == Modality.ACTUAL and relation.polarity == Polarity.POSITIVE
    return plain and relation.status == Status.ASSERTED


def candidates(analysis: Analysis, ruled: Iterable[RelationMention]) -> Iterator[Candidate]:
    """The rules' relations, then the scorer's own down to a low score.

    Open relations and quotations are without features: nothing but their rule speaks for them.
    """
    support: dict[tuple[str, str, str], StatementAnnotation] = {}
    found = [reading for reading in readings(analysis, LEAST) if reading.found.property != OPEN]
    for reading in found:
        key = _key(analysis, reading.subject, f"kg:{reading.found.property}", reading.object)
        if key not in support or reading.found.confidence > support[key].confidence:
            support[key] = reading.found
    for relation in ruled:
        if not relation.predicate.startswith("kg:") or relation.predicate == "kg:says":
            yield Candidate(relation, {}, True)
            continue
        scored = support.get((relation.subject.entity, relation.predicate, target_of(relation)))
        ends = confidence.ends_of(analysis, relation)
        yield Candidate(relation, confidence.features(analysis, relation, ends, scored), True)
    for reading in found:
        if reading.found.property in ENDED and _former(analysis, reading):
            continue
        relation, ends = _relation(analysis, reading), (reading.subject, reading.object)
        yield Candidate(relation, confidence.features(analysis, relation, ends, reading.found), False)


def readings(analysis: Analysis, least: float) -> Iterator[Reading]:
    """Learned statements of at least that score whose mentions are phrases or values of the document."""
    for found in analysis.statements:
        if found.confidence < least:
            continue
        subject = analysis.phrase_of_mention.get(found.subject)
        object: Phrase | TextValue | None = analysis.phrase_of_mention.get(found.object)
        if object is None or found.property in LITERAL_PROPERTIES:
            object = analysis.value_of_mention.get(found.object)
        if subject is None or object is None or not analysis.resolved(subject):
            continue
        if found.property != "roleIn":
            subject = analysis.bearer(subject)
        if isinstance(object, Phrase):
            if found.property not in HOLDING:
                object = analysis.bearer(object)
            same = analysis.cluster(subject) == analysis.cluster(object)
            if same or not analysis.resolved(object):
                continue
        elif found.property not in LITERAL_PROPERTIES:
            continue
        if not _possible(analysis, found.property, object) or _anothers_title(analysis, subject, object):
            continue
        if subject.index in analysis.clusters.sets or (
            isinstance(object, Phrase) and object.index in analysis.clusters.sets
        ):
            continue  # 'the two ministers' are told of one by one
        yield Reading(subject, object, found)


def _anothers_title(analysis: Analysis, subject: Phrase, object: Phrase | TextValue) -> bool:
    """Whether the object stands in the title before another person's name ('Peruvian Defense Minister X')."""
    if not isinstance(object, Phrase) or subject.type != "Person":
        return False
    title = analysis.title_at.get(object.head)
    if title is None or title is object or title.title_of is None:
        return False
    holder = analysis.phrases.of(title.title_of)
    return holder is not None and analysis.cluster(holder) != analysis.cluster(subject)


def _possible(analysis: Analysis, property: str, object: Phrase | TextValue) -> bool:
    """Whether a thing may stand where it does: what is held is an office, and nothing is part of a person."""
    if not isinstance(object, Phrase):
        return True
    if property in HOLDING:
        return object.type == "Role"
    if analysis.named(object).type != "Person":
        return True
    wanted = set(analysis.lexicon.features["range"].get(property, "").split("|"))
    return wanted == {""} or bool(wanted & {"Person", "Agent"})


def _key(analysis: Analysis, subject: Phrase, predicate: str, object: Phrase | TextValue) -> tuple[str, str, str]:
    target = f"e{analysis.cluster(object)}" if isinstance(object, Phrase) else object.value
    return f"e{analysis.cluster(subject)}", predicate, target


def _relation(analysis: Analysis, reading: Reading) -> RelationMention:
    found = reading.found
    words = _words(analysis, found)
    context = _status(analysis, reading, words)
    time = analysis.value_of_mention.get(found.time) if found.time is not None else None
    place = analysis.phrase_of_mention.get(found.place) if found.place is not None else None
    if place is not None and not analysis.is_place(place):
        place = None
    past = PAST.get(found.property) if _former(analysis, reading) else None
    return analysis.relation(
        reading.subject,
        past or f"kg:{found.property}",
        reading.object,
        context,
        extractor=NAME,
        confidence=found.confidence,
        words=words,
        time=time if time is not None and time.kind == "date" and time is not reading.object else None,
        place=place,
    )


def _former(analysis: Analysis, reading: Reading) -> bool:
    """Whether a word between the two says that it is over ('former members of X, including Y')."""
    target = reading.object.head if isinstance(reading.object, Phrase) else reading.object.first
    path = confidence.tree_path(analysis, reading.subject.head, target)
    status, syntax = analysis.lexicon.features["status_role"], analysis.syntax
    tokens = {token for side in path or () for token in side} | {reading.subject.head}
    return any(
        status.get(syntax.lower[child]) == "former"
        for token in tokens
        for child in syntax.dependents(token, "amod", "advmod")
    )


def _words(analysis: Analysis, found: StatementAnnotation) -> list[int]:
    """Tokens of the wording, those of the two mentions left out."""
    syntax = analysis.syntax
    wording = [token for begin, end in found.wording for token in analysis.tokens_within(begin, end)]
    return [token for token in wording if syntax.pos[token] in ("VERB", "NOUN", "ADP", "AUX", "ADJ", "PART")
            and analysis.phrases.covering.get(token) is None]  # fmt: skip


def _status(analysis: Analysis, reading: Reading, words: list[int]) -> Context:
    """Context of the words that carry the relation; the scorer decides where that context is plain."""
    found, contexts = reading.found, analysis.contexts
    predicates = [token for token in words if token in analysis.clauses]
    target = reading.object.head if isinstance(reading.object, Phrase) else reading.object.first
    if predicates:
        context = contexts.of_predicate(predicates[-1])
    else:
        later = max(reading.subject.head, target)
        lasting = found.property in analysis.lexicon.features["lasting_property"] and found.claimed < SURE
        context = contexts.of_noun(later) if lasting else contexts.of_event(later)
    if context.status == Status.ASSERTED and found.claimed >= SURE:
        source = analysis.phrase_of_mention.get(found.source) if found.source is not None else None
        context = replace(context, status=Status.CLAIMED, source=source.head if source is not None else None,
                          content=target)  # fmt: skip
    if context.modality == Modality.ACTUAL and found.modality_certainty >= SURE:
        context = replace(context, modality=Modality(found.modality))
    if context.polarity == Polarity.POSITIVE and found.negative >= SURE:
        context = replace(context, polarity=Polarity.NEGATIVE)
    return context
