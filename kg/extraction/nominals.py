"""Nouns that name an act or a relation: 'X's visit to Y', 'the arrest of X by Y', 'founder of X', 'pose a threat to Y'.

Slots of a noun frame are its possessor (`poss`), prepositions, a compound (`compound`), the noun itself (`self`), and
`gov`, the subject of the verb that supports or governs it.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.extraction.analysis import Analysis
from kg.extraction.context import Context
from kg.extraction.events import fits
from kg.extraction.lexicon import Frame
from kg.extraction.phrases import Phrase
from kg.model import Kind, RelationMention

NAME = "kg.extraction.nominals"


def extract(analysis: Analysis) -> Iterator[RelationMention]:
    """Relations of all nouns that have a frame."""
    syntax, lexicon = analysis.syntax, analysis.lexicon
    for token in range(len(syntax)):
        if syntax.pos[token] != "NOUN":
            continue
        frames = lexicon.frames.get((syntax.lemma[token], "noun"), ()) or lexicon.frames.get(
            (syntax.lower[token], "noun"), ()
        )
        told: set[tuple[int, int, str]] = set()
        for frame in frames:
            for subject, object, words in _pairs(analysis, token, frame):
                key = (analysis.cluster(subject), analysis.cluster(object), frame.property)
                if key in told or key[0] == key[1] or not fits(analysis, frame, subject, object):
                    continue
                told.add(key)
                relational = "self" in frame.subject or "self" in frame.object
                yield analysis.relation(
                    subject, f"kg:{frame.property}", object, _context(analysis, token, relational=relational),
                    extractor=NAME, confidence=0.82 if analysis.named(subject).kind == Kind.NAME else 0.72,
                    words=[token, *words, *syntax.dependents(token, "det")],
                )  # fmt: skip


def _context(analysis: Analysis, token: int, *, relational: bool) -> Context:
    return analysis.contexts.of_noun(token) if relational else analysis.contexts.of_event(token)


def _pairs(analysis: Analysis, token: int, frame: Frame) -> Iterator[tuple[Phrase, Phrase, list[int]]]:
    between = frame.subject == frame.object
    subjects = [s for slot in frame.subject for s in _fill(analysis, token, slot)]
    objects = subjects if between else [o for slot in frame.object for o in _fill(analysis, token, slot)]
    if between:
        for index, (subject, words) in enumerate(subjects):
            for object, _ in subjects[index + 1 :]:
                yield subject, object, words
        return
    for subject, _ in subjects[:1] if len(frame.subject) > 1 and not _coordinated(analysis, subjects) else subjects:
        for object, words in objects:
            yield subject, object, words


def _coordinated(analysis: Analysis, subjects: list[tuple[Phrase, list[int]]]) -> bool:
    heads = {phrase.head for phrase, _ in subjects}
    return any(analysis.syntax.dep[head] == "conj" and analysis.syntax.head[head] in heads for head in heads)


def _fill(analysis: Analysis, token: int, slot: str) -> list[tuple[Phrase, list[int]]]:
    """Phrases in a slot of the noun at `token`, with the words that join them."""
    syntax, phrases = analysis.syntax, analysis.phrases
    found: list[tuple[int, list[int]]] = []
    if slot == "self":
        phrase = phrases.of(token)
        return [(phrase, [])] if phrase is not None and analysis.resolved(phrase) and _denotes(analysis, phrase) else []
    if slot == "gov":
        return [(phrase, [verb]) for phrase, verb in _supported(analysis, token)]
    for child in syntax.children[token]:
        dep = syntax.dep[child]
        if (slot == "poss" and dep == "nmod:poss") or (slot == "compound" and dep in ("compound", "amod")):
            found.append((child, []))
        elif dep in ("nmod", "obl", "obl:agent") and syntax.case(child) == slot:
            case = syntax.child(child, "case")
            found.append((child, [case] if case is not None else []))
    if slot not in ("poss", "compound", "of", "by", "between"):
        found.extend(_verb_side(analysis, token, slot))
    result = []
    for child, words in found:
        for part in syntax.conjuncts(child):
            phrase = phrases.of(part)
            if phrase is not None and analysis.resolved(phrase):
                result.append((phrase, words))
    return result


def _verb_side(analysis: Analysis, token: int, slot: str) -> list[tuple[int, list[int]]]:
    """Complements that the tree hangs on the support verb: 'hold talks with X'."""
    clause = analysis.clauses.get(analysis.syntax.head[token])
    if clause is None or clause.lemma not in analysis.lexicon.support_verbs or token not in clause.slots.get("obj", ()):
        return []
    return [(argument, clause.markers.get(argument, [])) for argument in clause.slots.get(slot, ())]


def _supported(analysis: Analysis, token: int) -> list[tuple[Phrase, int]]:
    """Subjects of the verb whose object or occasion ('during a visit') the noun is, or of the noun with a copula."""
    syntax = analysis.syntax
    clause = analysis.clauses.get(token)
    if clause is not None and clause.part == "noun":
        return [(phrase, token) for phrase in analysis.phrases_in(clause, "subj")]
    head = token
    while syntax.dep[head] == "conj":
        head = syntax.head[head]
    verb = syntax.head[head]
    clause = analysis.clauses.get(verb)
    if clause is None:
        return []
    support = clause.lemma in analysis.lexicon.support_verbs and head in clause.slots.get("obj", ())
    occasion = any(head in clause.slots.get(slot, ()) for slot in analysis.lexicon.features["occasion"])
    if not support and not occasion:
        return []
    return [(phrase, verb) for phrase in analysis.phrases_in(clause, "subj")]


def _denotes(analysis: Analysis, phrase: Phrase) -> bool:
    """Whether the noun refers to a known thing: apposed to a name, predicated of one, or resolved to one."""
    return analysis.named(phrase).kind == Kind.NAME
