"""Clauses → open relations: what the lexicon has no property for, named by lemma, particle and preposition.

No fragments: nothing of verbs that say little ('be', 'have'), nothing about pronouns that nobody resolves, and nothing
that the same words already state as a fact of the core.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.extraction.analysis import Analysis
from kg.extraction.clauses import Clause
from kg.extraction.context import Context
from kg.extraction.phrases import Phrase
from kg.extraction.predication import related
from kg.model import Kind, Mention, RelationMention
from kg.vocabulary import camel_case

NAME = "kg.extraction.open"
CONFIDENCE = {"named": 0.78, "nominal": 0.68}


def of_clause(
    analysis: Analysis, clause: Clause, context: Context, told: set[tuple[int, int]]
) -> Iterator[RelationMention]:
    """Open relations of a clause; `told` are pairs of phrases (indices) that a core property already relates."""
    lemma, core = clause.lemma, bool(told)
    features = analysis.lexicon.features
    if clause.part != "verb" or lemma.split()[0] in features["light"] or lemma in features["auxiliary_like"]:
        return
    if _told_by_noun(analysis, clause):
        return
    actors = analysis.phrases_in(clause, "subj")
    passive_only = clause.passive and not actors
    known = told | {(right, left) for left, right in told}
    reporting = (lemma, "verb") in analysis.lexicon.reporting
    for subject in analysis.phrases_in(clause, "obj") if passive_only else actors:
        if not _substantial(analysis, subject):
            continue
        for slot in list(clause.slots):
            if slot in ("subj", "unmarked") or (slot == "obj" and (passive_only or reporting)):
                continue
            for object in analysis.phrases_in(clause, slot):
                pair = (subject.index, object.index)
                if pair in known or analysis.cluster(subject) == analysis.cluster(object):
                    continue
                if not _substantial(analysis, object) or not _worth(analysis, clause, slot, object, core):
                    continue
                preposition = [] if slot in ("obj", "obj2") else ["to"] if slot == "iobj" else slot.split()
                known.add(pair)
                yield _open(analysis, clause, [*lemma.split(), *preposition], subject, object, context)


def _open(
    analysis: Analysis, clause: Clause, name: list[str], subject: Phrase, object: Phrase, context: Context
) -> RelationMention:
    named = analysis.named(object).kind == Kind.NAME and analysis.named(subject).kind == Kind.NAME
    return related(
        analysis, clause, "rel:" + camel_case(name), subject, object, context,
        extractor=NAME, confidence=CONFIDENCE["named" if named else "nominal"],
    )  # fmt: skip


def without_repetition(relations: Iterable[RelationMention]) -> list[RelationMention]:
    """All but the open relations between two things that a core property relates by the same words."""
    found = list(relations)
    core: dict[frozenset[str], list[RelationMention]] = {}
    for relation in found:
        if relation.predicate.startswith("kg:") and isinstance(relation.object, Mention):
            core.setdefault(_ends(relation), []).append(relation)
    return [
        relation
        for relation in found
        if relation.extractor != NAME
        or not any(_share_words(relation, other) for other in core.get(_ends(relation), ()))
    ]


def _ends(relation: RelationMention) -> frozenset[str]:
    return frozenset(part.entity for part in (relation.subject, relation.object) if isinstance(part, Mention))


def _share_words(left: RelationMention, right: RelationMention) -> bool:
    return any(one.overlaps(other) for one in left.predicate_spans for other in right.predicate_spans)


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
