"""Clauses → relations: who does what to whom, by the frames of the lexicon; every other clause as an open relation.

Verbs in the active and passive, adjectives and nouns with a copula, support verbs with their noun ('make a visit to').
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from kg.extraction.analysis import Analysis
from kg.extraction.clauses import Clause
from kg.extraction.context import Context
from kg.extraction.lexicon import Frame
from kg.extraction.phrases import Phrase
from kg.model import Argument, Kind, RelationMention
from kg.vocabulary import camel_case

NAME = "kg.extraction.events"
OPEN = "kg.extraction.open"
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
            yield _relation(analysis, clause, f"kg:{frame.property}", subject, object, context, words, NAME)
    if clause.part == "verb":
        yield from _open(analysis, clause, context, told, bool(told))


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
                                    words=[clause.predicate])  # fmt: skip


def _relation(
    analysis: Analysis,
    clause: Clause,
    predicate: str,
    subject: Phrase,
    object: Phrase,
    context: Context,
    words: tuple[int, ...],
    extractor: str,
) -> RelationMention:
    others = [t for slot, tokens in clause.slots.items() for t in tokens if slot not in ("subj", "obj")]
    date, bounds = analysis.time_of(others)
    place = _place(analysis, clause, {subject.index, object.index})
    spans = wording(analysis, clause, object, words)
    named = analysis.named(object).kind == Kind.NAME and analysis.named(subject).kind == Kind.NAME
    confidence = CONFIDENCE["named" if named else "nominal"]
    if extractor == OPEN:
        confidence -= 0.1
    return analysis.relation(
        subject, predicate, object, context, extractor=extractor, confidence=confidence, words=spans, time=date,
        bounds=bounds, place=place, arguments=_arguments(analysis, clause, {subject.head, object.head}),
    )  # fmt: skip


def _place(analysis: Analysis, clause: Clause, used: set[int]) -> Phrase | None:
    for slot in analysis.lexicon.features["location"]:
        for phrase in analysis.phrases_in(clause, slot):
            if phrase.index not in used and analysis.is_place(phrase):
                return phrase
    return None


def _arguments(analysis: Analysis, clause: Clause, used: set[int]) -> Iterator[Argument]:
    for slot, tokens in clause.slots.items():
        if slot in ("subj", "obj"):
            continue
        for token in tokens:
            if token in used:
                continue
            value, phrase = analysis.value_at.get(token), analysis.phrases.of(token)
            marker = "" if slot in ("unmarked", "iobj", "obj2") else slot
            if value is not None:
                yield Argument(
                    role="time" if value.kind == "date" else slot, marker=marker, value=analysis.literal(value)
                )
            elif phrase is not None and analysis.resolved(phrase):
                place = analysis.is_place(phrase) and slot in analysis.lexicon.features["location"]
                yield Argument(role="place" if place else slot, marker=marker, value=analysis.mention(phrase))


def wording(analysis: Analysis, clause: Clause, object: Phrase, words: tuple[int, ...]) -> list[int]:
    """Tokens that word the relation: verb with auxiliaries, negation, particle and the object's preposition."""
    syntax = analysis.syntax
    tokens = [clause.predicate, *words]
    for child in syntax.children[clause.predicate]:
        dep = syntax.dep[child]
        negative = dep == "advmod" and syntax.lower[child] in analysis.lexicon.features["negator"]
        if dep in ("aux", "aux:pass", "cop", "compound:prt") or negative:
            tokens.append(child)
    for marker in clause.markers.get(object.head, ()):
        tokens.append(marker)
        tokens.extend(c for c in syntax.children[marker] if syntax.dep[c] == "fixed")
    return tokens


# ---------------------------------------------------------------------------------------------- open relations


def _open(
    analysis: Analysis, clause: Clause, context: Context, told: set[tuple[int, int]], core: bool
) -> Iterator[RelationMention]:
    """What the lexicon has no property for, named by lemma, particle and preposition; no fragments."""
    features = analysis.lexicon.features
    lemma = clause.lemma
    if lemma.split()[0] in features["light"] or (lemma in features["auxiliary_like"]):
        return
    reporting = (lemma, "verb") in analysis.lexicon.reporting
    if _told_by_noun(analysis, clause):
        return
    actors = analysis.phrases_in(clause, "subj")
    passive_only = clause.passive and not actors
    subjects = analysis.phrases_in(clause, "obj") if passive_only else actors
    for subject in subjects:
        if not _substantial(analysis, subject):
            continue
        for slot in list(clause.slots):
            if slot in ("subj", "unmarked") or (passive_only and slot == "obj"):
                continue
            if reporting and slot == "obj":
                continue
            for object in analysis.phrases_in(clause, slot):
                pair = (subject.index, object.index)
                if pair in told or analysis.cluster(subject) == analysis.cluster(object):
                    continue
                if not _substantial(analysis, object) or not _worth(analysis, clause, slot, object, core):
                    continue
                preposition = [] if slot in ("obj", "obj2") else ["to"] if slot == "iobj" else slot.split()
                predicate = "rel:" + camel_case([*lemma.split(), *preposition])
                told.add(pair)
                yield _relation(analysis, clause, predicate, subject, object, context, (), OPEN)


def _told_by_noun(analysis: Analysis, clause: Clause) -> bool:
    """Whether the verb only supports its object, which the lexicon has a property for ('pay a visit', 'take place')."""
    lexicon, lemmas = analysis.lexicon, [analysis.syntax.lemma[token].lower() for token in clause.slots.get("obj", ())]
    if any((f"{clause.lemma} {lemma}", "verb") in lexicon.frames for lemma in lemmas):
        return True
    return clause.lemma in lexicon.support_verbs and any(
        "gov" in frame.subject for lemma in lemmas for frame in lexicon.frames.get((lemma, "noun"), ())
    )


def _worth(analysis: Analysis, clause: Clause, slot: str, object: Phrase, core: bool) -> bool:
    """Adjuncts of time, place and manner stay arguments; a place is an object only of a verb without another."""
    if slot in ("obj", "obj2", "iobj"):
        return True
    features = analysis.lexicon.features
    if slot in features["adjunct"] or slot.startswith("according"):
        return False
    if slot in features["location"]:
        return (analysis.is_place(object) and "obj" not in clause.slots) or (
            clause.passive and not core and analysis.is_place(object)
        )
    return True


def _substantial(analysis: Analysis, phrase: Phrase) -> bool:
    best = analysis.named(phrase)
    return best.kind != Kind.PRONOUN and analysis.syntax.lower[best.head] not in analysis.lexicon.features["fragment"]
