"""Clauses → relations: who does what to whom, by the frames of the lexicon; every other clause as an open relation.

Verbs in the active and passive, adjectives and nouns with a copula, support verbs with their noun ('make a visit to').
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from kg.extraction import open_relations
from kg.extraction.analysis import Analysis
from kg.extraction.clauses import Clause
from kg.extraction.context import Context
from kg.extraction.lexicon import Frame
from kg.extraction.phrases import Phrase
from kg.extraction.predication import related, value_head, wording
from kg.model import Kind, RelationMention

NAME = "kg.extraction.events"
CONFIDENCE = {"named": 0.88, "nominal": 0.78}


def extract(analysis: Analysis) -> Iterator[RelationMention]:
    """Relations of all clauses, in text order."""
    for clause in analysis.clauses.values():
        yield from _clause(analysis, clause)


def _clause(analysis: Analysis, clause: Clause) -> Iterator[RelationMention]:
    context = analysis.contexts.of_predicate(clause.predicate)
    told: set[tuple[int, int]] = set()
    frames = list(_frames(analysis, clause))
    for frame, words in frames:
        if frame.object == ("DATE",):
            yield from _dated(analysis, clause, frame, context)
            continue
        for subject, object in _pairs(analysis, clause, frame):
            if not fits(analysis, frame, subject, object) or (subject.index, object.index) in told:
                continue
            told.add((subject.index, object.index))
            yield _relation(analysis, clause, frame, subject, object, context, words)
    yield from open_relations.of_clause(analysis, clause, context, told)


def _frames(analysis: Analysis, clause: Clause) -> Iterator[tuple[Frame, tuple[int, ...]]]:
    """Frames of the predicate, of the predicate with its object noun ('take part'), and of that noun alone."""
    lexicon, syntax = analysis.lexicon, analysis.syntax
    for token in clause.slots.get("obj", ()):
        noun = syntax.lemma[token].lower()
        for frame in lexicon.frames.get((f"{clause.lemma} {noun}", "verb"), ()):
            yield frame, (clause.predicate, token)
    for frame in lexicon.frames.get((clause.lemma, clause.part), ()):
        yield frame, (clause.predicate,)


def _pairs(analysis: Analysis, clause: Clause, frame: Frame) -> Iterator[tuple[Phrase, Phrase]]:
    subjects = [p for slot in frame.subject for p in _filler(analysis, clause, slot)]
    if frame.subject == frame.object:  # 'X and Y met'
        if not clause.slots.keys() & {"obj", "with"}:
            pairs = combinations(subjects, 2)
            yield from (pair for pair in pairs if analysis.cluster(pair[0]) != analysis.cluster(pair[1]))
        return
    objects = [p for slot in frame.object for p in _filler(analysis, clause, slot)]
    for subject in subjects:
        for object in objects:
            if analysis.cluster(subject) != analysis.cluster(object):
                yield subject, object


def _filler(analysis: Analysis, clause: Clause, slot: str) -> list[Phrase]:
    if slot == "LOC":
        return [p for s in analysis.lexicon.features["location"] for p in analysis.phrases_in(clause, s)
                if analysis.is_place(p)]  # fmt: skip
    return analysis.phrases_in(clause, slot)


def fits(analysis: Analysis, frame: Frame, subject: Phrase, object: Phrase) -> bool:
    """Whether object and subject may stand in the frame's property."""
    if frame.object_types and not (analysis.types(object) & frame.object_types):
        return False
    agents = analysis.types(subject)
    features = analysis.lexicon.features["agentive_property"]
    if frame.property in features and not (agents & {"Agent", "Country"} or "Role" in agents):
        return False
    wanted = analysis.lexicon.features["range"].get(frame.property)
    if wanted and not analysis.types(object) & set(wanted.split("|")):
        return False
    places = analysis.lexicon.features["local_property"]
    return frame.property not in places or analysis.is_place(object) or "Organization" in analysis.types(object)


def _dated(analysis: Analysis, clause: Clause, frame: Frame, context: Context) -> Iterator[RelationMention]:
    for subject in [p for slot in frame.subject for p in analysis.phrases_in(clause, slot)]:
        date, _ = analysis.time_of([t for tokens in clause.slots.values() for t in tokens])
        if date is not None and "Person" in analysis.types(subject):
            yield analysis.relation(subject, f"kg:{frame.property}", date, context, extractor=NAME, confidence=0.88,
                                    words=wording(analysis, clause, value_head(analysis, clause, date)))  # fmt: skip


def _relation(
    analysis: Analysis,
    clause: Clause,
    frame: Frame,
    subject: Phrase,
    object: Phrase,
    context: Context,
    words: tuple[int, ...],
) -> RelationMention:
    named = analysis.named(object).kind == Kind.NAME and analysis.named(subject).kind == Kind.NAME
    return related(
        analysis, clause, f"kg:{frame.property}", subject, object, context,
        extractor=NAME, confidence=CONFIDENCE["named" if named else "nominal"], words=words,
    )  # fmt: skip
