"""Clauses → open relations: what the lexicon has no property for, named by lemma, particle and preposition.

No fragments: nothing of verbs that say little ('be', 'have'), nothing about pronouns that nobody resolves, and nothing
that the same words already state as a fact of the core.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.extraction.analysis import Analysis, TextValue
from kg.extraction.clauses import Clause
from kg.extraction.context import Context
from kg.extraction.extents import extent
from kg.extraction.learned import NAME as LEARNED
from kg.extraction.phrases import Phrase
from kg.extraction.predication import preposition, related
from kg.model import Kind, Literal, Mention, RelationMention
from kg.vocabulary import RELATIONS, camel_case

NAME = "kg.extraction.open"
SLOTS = frozenset({"obj", "obj2", "iobj"})
"""Complements without preposition."""
MEASURES = frozenset({"money", "percent", "quantity", "number"})
CONFIDENCE = {"named": 0.78, "nominal": 0.68}


def of_clause(
    analysis: Analysis, clause: Clause, context: Context, told: set[tuple[int, int]]
) -> Iterator[RelationMention]:
    """Open relations of a clause; `told` are pairs of phrases (indices) that a core property already relates.

    What is only time or occasion of it is an object where the clause states nothing else.
    """
    if clause.part == "noun":
        yield from _predicated(analysis, clause, context, told)
    if not _says_something(analysis, clause):
        return
    passive_only = clause.passive and not analysis.phrases_in(clause, "subj")
    known = told | {(right, left) for left, right in told}
    for subject in analysis.phrases_in(clause, "obj" if passive_only else "subj"):
        if not _substantial(analysis, subject) or _only_content(analysis, clause, subject):
            continue
        found = bool(told)
        complements = [] if clause.part == "adjective" else _complements(analysis, clause, passive_only=passive_only)
        objects = _objects(analysis, clause, passive_only=passive_only, core=bool(told))
        for object, name in [*complements, *objects]:
            pair = (subject.index, object.index)
            if pair not in known and analysis.cluster(subject) != analysis.cluster(object):
                known.add(pair)
                found = True
                yield _open(analysis, clause, name, subject, object, context)
        for value, name in _values(analysis, clause, dates=not found):
            found = True
            yield _open(analysis, clause, name, subject, value, context)
        if not found and clause.part == "verb":
            for object, name in _occasions(analysis, clause):
                if analysis.cluster(subject) != analysis.cluster(object):
                    yield _open(analysis, clause, name, subject, object, context)


def _only_content(analysis: Analysis, clause: Clause, subject: Phrase) -> bool:
    """'a plan to oxygenate areas': the plan does not do it."""
    syntax, token = analysis.syntax, clause.predicate
    return syntax.dep[token] == "acl" and syntax.tag[token] == "VB" and syntax.head[token] == subject.head


def _says_something(analysis: Analysis, clause: Clause) -> bool:
    features, lemma = analysis.lexicon.features, clause.lemma
    if clause.part == "noun" or _told_by_noun(analysis, clause):
        return False
    if lemma.split()[0] in features["light"]:
        return lemma in features["becoming"]
    governs = analysis.syntax.child(clause.predicate, "xcomp", "ccomp") is not None
    return lemma not in features["auxiliary_like"] or (bool(clause.slots.get("obj")) and not governs)


def _objects(
    analysis: Analysis, clause: Clause, *, passive_only: bool, core: bool
) -> Iterator[tuple[Phrase, list[str]]]:
    """What the clause relates its subject to, with the words that name the relation."""
    reports = (clause.lemma, "verb") in analysis.lexicon.reporting
    content = analysis.syntax.child(clause.predicate, "ccomp") is not None
    for slot in list(clause.slots):
        if slot in ("subj", "unmarked") or (slot == "obj" and passive_only):
            continue
        for object in analysis.phrases_in(clause, slot):
            if slot == "obj" and reports and content and "Agent" not in analysis.types(object):
                continue  # what is said is the content; whom it is said to is related
            if _substantial(analysis, object) and _worth(analysis, clause, slot, object, core):
                yield object, _name(analysis, clause, slot, object.head)


def _complements(analysis: Analysis, clause: Clause, *, passive_only: bool) -> Iterator[tuple[Phrase, list[str]]]:
    """What somebody or something becomes, remains, or is called, named or considered; offices are no open relations."""
    syntax = analysis.syntax
    becoming = clause.lemma in analysis.lexicon.features["becoming"]
    if not passive_only and not becoming:
        return
    for token in syntax.dependents(clause.predicate, "xcomp"):
        phrase = analysis.phrases.by_head.get(token)
        noun = syntax.pos[token] in ("NOUN", "PROPN") and not syntax.case(token)
        if phrase is None or not noun or analysis.types(phrase) & {"Role", "Person"} or phrase.title_of is not None:
            continue
        clause.markers.setdefault(token, syntax.dependents(token, "mark", "cop"))
        yield phrase, [*clause.lemma.split(), *([] if becoming else ["as"])]


def _values(analysis: Analysis, clause: Clause, *, dates: bool) -> Iterator[tuple[TextValue, list[str]]]:
    """Amounts that the clause states, and its dates where it states nothing else."""
    for slot, tokens in clause.slots.items():
        for token in tokens:
            value = analysis.value_at.get(token)
            if value is None or slot in ("subj", "unmarked"):
                continue
            if value.kind in MEASURES or (dates and value.kind == "date" and slot not in SLOTS):
                yield value, _name(analysis, clause, slot, token)


def _occasions(analysis: Analysis, clause: Clause) -> Iterator[tuple[Phrase, list[str]]]:
    for slot in analysis.lexicon.features["occasion_preposition"]:
        for object in analysis.phrases_in(clause, slot):
            if _substantial(analysis, object):
                yield object, _name(analysis, clause, slot, object.head)


def _predicated(
    analysis: Analysis, clause: Clause, context: Context, told: set[tuple[int, int]]
) -> Iterator[RelationMention]:
    """'X is a Y' as membership of a class, 'X is the supplier of Y' by its noun; offices are no open relations."""
    syntax, features = analysis.syntax, analysis.lexicon.features
    noun = analysis.phrases.by_head.get(clause.predicate)
    subjects = [p for p in analysis.phrases_in(clause, "subj") if _substantial(analysis, p)]
    if noun is None or noun.kind != Kind.NOMINAL or told or syntax.case(noun.head):
        return
    if analysis.types(noun) & {"Role", "Person"} or not _substantial(analysis, noun):
        return
    article = syntax.child(noun.head, "det")
    indefinite = article is not None and syntax.lower[article] in features["article"]
    for subject in subjects:
        if analysis.types(subject) & {"Role"} or subject.index == noun.index:
            continue
        if indefinite:
            yield _open(analysis, clause, ["instance", "of"], subject, noun, context)
        for slot in list(clause.slots):
            name = [syntax.lemma[noun.head], *slot.split()]
            if slot not in features["relational_preposition"] or camel_case(name) in RELATIONS:
                continue
            for object in analysis.phrases_in(clause, slot):
                if _substantial(analysis, object) and analysis.cluster(subject) != analysis.cluster(object):
                    first, _ = extent(syntax, noun)
                    yield _open(analysis, clause, name, subject, object, context, range(first, noun.head))


def _name(analysis: Analysis, clause: Clause, slot: str, token: int) -> list[str]:
    joined = preposition(analysis, clause, token) or slot
    be = ["be"] if clause.part == "adjective" else []
    return [*be, *clause.lemma.split(), *(["to"] if slot == "iobj" else [] if slot in SLOTS else joined.split())]


def _open(
    analysis: Analysis,
    clause: Clause,
    name: list[str],
    subject: Phrase,
    object: Phrase | TextValue,
    context: Context,
    words: Iterable[int] = (),
) -> RelationMention:
    named = analysis.named(subject).kind == Kind.NAME and (
        not isinstance(object, Phrase) or analysis.named(object).kind == Kind.NAME
    )
    return related(
        analysis, clause, "rel:" + camel_case(name), subject, object, context,
        extractor=NAME, confidence=CONFIDENCE["named" if named else "nominal"], words=words,
    )  # fmt: skip


def without_repetition(relations: Iterable[RelationMention]) -> list[RelationMention]:
    """All but the open relations between two things that a rule's core property relates by the same words."""
    found = list(relations)
    core: dict[frozenset[str], list[RelationMention]] = {}
    for relation in found:
        if relation.predicate.startswith("kg:") and relation.extractor != LEARNED:
            core.setdefault(_ends(relation), []).append(relation)
    return [
        relation
        for relation in found
        if relation.extractor != NAME or not any(_repeats(relation, other) for other in core.get(_ends(relation), ()))
    ]


def _ends(relation: RelationMention) -> frozenset[str]:
    object = relation.object
    return frozenset((relation.subject.entity, object.entity if isinstance(object, Mention) else object.value))


def _repeats(relation: RelationMention, core: RelationMention) -> bool:
    """Whether the words of an open relation state a core fact; of literals, whether it is the same sentence."""
    if isinstance(relation.object, Literal):
        return relation.sentence == core.sentence
    return any(one.overlaps(other) for one in relation.predicate_spans for other in core.predicate_spans)


def _told_by_noun(analysis: Analysis, clause: Clause) -> bool:
    """Whether the verb only supports its object, which the lexicon has a property for ('pay a visit', 'take place')."""
    lexicon, lemmas = analysis.lexicon, [analysis.syntax.lemma[token].lower() for token in clause.slots.get("obj", ())]
    if any((f"{clause.lemma} {lemma}", "verb") in lexicon.frames for lemma in lemmas):
        return True
    return clause.lemma in lexicon.support_verbs and any(
        "gov" in frame.subject for lemma in lemmas for frame in lexicon.frames.get((lemma, "noun"), ())
    )


def _worth(analysis: Analysis, clause: Clause, slot: str, object: Phrase, core: bool) -> bool:
    """Adjuncts of time, place and manner stay arguments; where a verb has no object, its complement is one."""
    features = analysis.lexicon.features
    if slot in SLOTS:
        return True
    bare = "obj" not in clause.slots or clause.passive
    if slot in features["adjunct"] or slot.startswith("according"):
        return slot == "as" and bare
    if slot in features["location"]:
        if analysis.is_place(object):
            return bare and not core
        return "Event" not in analysis.types(object) and (bare or slot in features["figurative_location"])
    return True


def _substantial(analysis: Analysis, phrase: Phrase) -> bool:
    best, syntax = analysis.named(phrase), analysis.syntax
    if syntax.lemma[phrase.head] in analysis.lexicon.features["discourse_noun"] and phrase.first == phrase.last:
        return False
    if best.kind == Kind.PRONOUN:
        return analysis.resolved(phrase)
    return syntax.lower[best.head] not in analysis.lexicon.features["fragment"]
