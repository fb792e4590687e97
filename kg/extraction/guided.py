"""A given ontology's properties in a text: our facts under their names, and what their own wordings find.

Verbs are read over clauses, nouns over what they are said of ('X is the director of Y', 'Y's director X', 'X, Y's
director'), values over both. Every statement has its words in the text; domain and range decide between readings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kg.extraction.analysis import Analysis, TextValue
from kg.extraction.clauses import Clause
from kg.extraction.context import Context
from kg.extraction.denotation import Denotation
from kg.extraction.given_classes import agreement, noun_class
from kg.extraction.ontology import GivenProperty, Ontology
from kg.extraction.phrases import Phrase
from kg.extraction.wordings import Wording
from kg.model import Kind, Literal, Mention, RelationMention
from kg.vocabulary import XSD

NAME = "kg.extraction.guided"

LEAST = 0.6
"""Fit of wording and types from which a reading is believed."""
UNNAMED = 0.85
"""Weight of a reading with an end that has no name."""
BASE = 0.9
_AGENTS = frozenset({"Person", "Organization", "GovernmentOrganization", "Country", "City"})


@dataclass(frozen=True, slots=True)
class _Reading:
    """A statement that a wording finds, with its fit in [0, 1]."""

    property: GivenProperty
    subject: Phrase
    object: Phrase | TextValue
    context: Context
    words: tuple[int, ...]
    fit: float


def extract(
    analysis: Analysis, ontology: Ontology, found: Iterable[RelationMention]
) -> tuple[list[RelationMention], dict[str, tuple[str, ...]]]:
    """Statements with the ontology's properties alone, and its classes by the keys of entities.

    `found` are the statements with our own properties.
    """
    denotation = Denotation(analysis)
    relations = list(_renamed(analysis, ontology, denotation, found))
    told = {_key(relation) for relation in relations}
    readings = [*_of_clauses(analysis, ontology, denotation), *_of_nouns(analysis, ontology, denotation)]
    for reading in _best(analysis, readings):
        relation = _relation(analysis, reading)
        if relation is not None and _key(relation) not in told:
            told.add(_key(relation))
            relations.append(relation)
    return relations, _classes(analysis, ontology, denotation, relations)


def _classes(
    analysis: Analysis, ontology: Ontology, denotation: Denotation, relations: Iterable[RelationMention]
) -> dict[str, tuple[str, ...]]:
    """Classes that nouns of the text say, that are ours by another name, and that domains and ranges give."""
    found: dict[str, set[str]] = {f"e{number}": set(iris) for number, iris in denotation.classify(ontology).items()}
    for number, members in analysis.members.items():
        best = analysis.named(members[0]).type
        for given in ontology.classes.values():
            if given.whole and best in given.core:
                found.setdefault(f"e{number}", set()).add(given.iri)
    for relation in relations:
        property = ontology.properties.get(relation.predicate)
        if property is None or not relation.plain:
            continue
        if property.domain_type is not None:
            found.setdefault(relation.subject.entity, set()).add(property.domain_type)
        if property.range_type is not None and isinstance(relation.object, Mention):
            found.setdefault(relation.object.entity, set()).add(property.range_type)
    return {key: tuple(sorted(iris)) for key, iris in found.items()}


def _key(relation: RelationMention) -> tuple[str, str, str]:
    target = relation.object.entity if isinstance(relation.object, Mention) else relation.object.value
    return relation.subject.entity, relation.predicate, target


# ---------------------------------------------------------------------------------------------- our facts


def _renamed(
    analysis: Analysis, ontology: Ontology, denotation: Denotation, found: Iterable[RelationMention]
) -> Iterator[RelationMention]:
    """Our facts as facts of the properties that are their counterparts, where the types agree."""
    for relation in found:
        if not relation.predicate.startswith("kg:"):
            continue
        for property, inverse in ontology.by_core.get(relation.predicate[3:], ()):
            renamed = _counterpart(analysis, ontology, denotation, relation, property, inverse=inverse)
            if renamed is not None:
                yield renamed


def _counterpart(
    analysis: Analysis,
    ontology: Ontology,
    denotation: Denotation,
    relation: RelationMention,
    property: GivenProperty,
    *,
    inverse: bool,
) -> RelationMention | None:
    """A fact of ours as one of the property, None where types or values do not agree."""
    if isinstance(relation.object, Literal):
        value = _fitted(relation.object, property)
        subject = _thing(analysis, denotation, relation.subject)
        if value is None or subject is None or denotation.fit(ontology, subject, property.domain) < LEAST:
            return None
        return replace(relation, predicate=property.iri, object=value)
    ends = (relation.object, relation.subject) if inverse else (relation.subject, relation.object)
    left, right = (_thing(analysis, denotation, end) for end in ends)
    if left is None or right is None or property.literal in ("DATE", "NUMBER"):
        return None
    if property.office and analysis.syntax.lower[right.head] in analysis.lexicon.features["profession"]:
        return None
    fit = denotation.fit(ontology, left, property.domain)
    if not property.literal:
        fit *= denotation.fit(ontology, right, property.range)
    if fit < LEAST:
        return None
    return replace(
        relation,
        subject=analysis.mention(left),
        predicate=property.iri,
        object=_text(analysis, right, property) if property.literal else analysis.mention(right),
        confidence=round(relation.confidence * fit, 2),
    )


def _thing(analysis: Analysis, denotation: Denotation, mention: Mention) -> Phrase | None:
    """The phrase of a mention, or the named thing that it describes ('the bakery chain Kornhaus')."""
    for token in analysis.tokens_within(mention.head.begin, mention.head.end):
        phrase = analysis.phrases.by_head.get(token)
        if phrase is not None and f"e{analysis.cluster(phrase)}" == mention.entity:
            return phrase if phrase.type == "Role" else denotation.things(phrase)[0]
    members = analysis.members.get(int(mention.entity[1:])) if mention.entity[1:].isdigit() else None
    return members[0] if members else None


# ---------------------------------------------------------------------------------------------- clauses


def _of_clauses(analysis: Analysis, ontology: Ontology, denotation: Denotation) -> Iterator[_Reading]:
    syntax = analysis.syntax
    for clause in analysis.clauses.values():
        words: list[tuple[str, str, tuple[int, ...]]] = [(clause.lemma, clause.part, (clause.predicate,))]
        words += [(f"{clause.lemma} {syntax.lemma[token].lower()}", "verb", (clause.predicate, token))
                  for token in clause.slots.get("obj", ())]  # fmt: skip
        for lemma, part, tokens in words:
            for property, wording in ontology.by_word.get((lemma, part), ()):
                if part != "noun":
                    yield from _clause(analysis, ontology, denotation, clause, property, wording, tokens)


def _clause(
    analysis: Analysis,
    ontology: Ontology,
    denotation: Denotation,
    clause: Clause,
    property: GivenProperty,
    wording: Wording,
    words: tuple[int, ...],
) -> Iterator[_Reading]:
    if clause.passive and wording.subject == ("subj",) and wording.object[0] not in ("obj", "DATE"):
        return  # 'released by X for Y' says nothing of X and Y
    context = analysis.contexts.of_predicate(clause.predicate)
    subjects = [thing for phrase in _slots(analysis, denotation, clause, wording.subject)
                for thing in _wholes(analysis, denotation, property, phrase)]  # fmt: skip
    if wording.object[0] in ("DATE", "NUMBER"):
        for value in _values(analysis, clause, wording.object[0]):
            for subject in subjects:
                fit = wording.strength * denotation.fit(ontology, subject, property.domain)
                yield _Reading(property, subject, value, context, words, fit)
        return
    for object in _slots(analysis, denotation, clause, wording.object):
        for subject in subjects:
            fit = wording.strength * _ends(ontology, denotation, property, subject, object)
            markers = tuple(clause.markers.get(object.head, ()))
            yield _Reading(property, subject, object, context, words + markers, fit)


def _wholes(analysis: Analysis, denotation: Denotation, property: GivenProperty, phrase: Phrase) -> list[Phrase]:
    """The phrase; of a part that a name of the property tells ('music by'), what it is a part of: 'the music of X'."""
    lemma = analysis.syntax.lemma[phrase.head].lower()
    if phrase.kind == Kind.NOMINAL and any(w.lemma == lemma and w.object == ("by",) for w in property.wordings):
        return denotation.owners(phrase.head, ("of", "poss", "for")) or [phrase]
    return [phrase]


def _slots(analysis: Analysis, denotation: Denotation, clause: Clause, slots: tuple[str, ...]) -> list[Phrase]:
    """What stands in the first filled slot, nominals replaced by the things they are said of."""
    for slot in slots:
        if slot == "LOC":
            found = [p for name in analysis.lexicon.features["location"] for p in analysis.phrases_in(clause, name)
                     if analysis.is_place(p)]  # fmt: skip
        else:
            found = analysis.phrases_in(clause, slot) or _shared(analysis, clause, slot)
        if clause.passive and slot == "obj" and slot in clause.slots and not found:
            return []
        if found:
            return [thing for phrase in found for thing in denotation.things(phrase)]
    return []


def _shared(analysis: Analysis, clause: Clause, slot: str) -> list[Phrase]:
    """The agent of 'written and directed by X', which the tree hangs on one of the two participles."""
    if not clause.passive or slot != "subj":
        return []
    syntax = analysis.syntax
    first = syntax.head[clause.predicate] if syntax.dep[clause.predicate] == "conj" else clause.predicate
    for token in syntax.conjuncts(first):
        other = analysis.clauses.get(token)
        if other is not None and other is not clause and other.passive:
            agents = [phrase for phrase in analysis.phrases_in(other, slot) if phrase.head > clause.predicate]
            if agents and all(t > other.predicate for t in other.slots.get(slot, ())):
                return agents
    return []


def _values(analysis: Analysis, clause: Clause, kind: str) -> list[TextValue]:
    """Dates, or numbers and amounts, among the arguments of a clause."""
    found: list[TextValue] = []
    for slot, tokens in clause.slots.items():
        for token in tokens:
            value = analysis.value_at.get(token)
            if value is None and kind == "NUMBER" and slot in ("obj", "unmarked"):
                value = next((v for child in analysis.syntax.dependents(token, "nummod")
                              if (v := analysis.value_at.get(child)) is not None), None)  # fmt: skip
            if value is not None and _is(value, kind) and value not in found:
                found.append(value)
    return found[:1] if kind == "DATE" else found


def _is(value: TextValue, kind: str) -> bool:
    return value.kind == "date" and value.relation not in ("until", "to") if kind == "DATE" else value.kind in (
        "money", "number", "percent", "quantity", "age")  # fmt: skip


def _ends(
    ontology: Ontology, denotation: Denotation, property: GivenProperty, subject: Phrase, object: Phrase
) -> float:
    fit = denotation.fit(ontology, subject, property.domain)
    if property.literal and agreement(denotation.analysis.types(object), property.texts) < LEAST:
        return 0.0
    return fit if property.literal else fit * denotation.fit(ontology, object, property.range)


# ---------------------------------------------------------------------------------------------- nouns


def _of_nouns(analysis: Analysis, ontology: Ontology, denotation: Denotation) -> Iterator[_Reading]:
    syntax = analysis.syntax
    for token in range(len(syntax)):
        if syntax.pos[token] not in ("NOUN", "PROPN"):
            continue
        lemma = syntax.lemma[token].lower()
        found = dict.fromkeys(ontology.by_word.get((lemma, "noun"), ()))
        if syntax.pos[token] == "NOUN":
            found.update(dict.fromkeys(ontology.by_word.get((f"kg:{noun_class(lemma)}", "noun"), ())))
        for property, wording in found:
            if wording.modifiers and not wording.modifiers <= denotation.modifiers(token):
                continue
            yield from _noun(analysis, ontology, denotation, token, property, wording)


def _noun(
    analysis: Analysis,
    ontology: Ontology,
    denotation: Denotation,
    token: int,
    property: GivenProperty,
    wording: Wording,
) -> Iterator[_Reading]:
    if wording.object[0] in ("DATE", "NUMBER"):
        values = denotation.values(token, wording.object[0])[:1]
        if "self" in wording.subject:
            holders = [thing for thing, _ in denotation.bearers(token)]
        else:
            holders = denotation.owners(token, (*wording.subject, "gov"))
        for subject in holders if values else ():
            fit = wording.strength * denotation.fit(ontology, subject, property.domain)
            yield _Reading(property, subject, values[0], denotation.context(token), (token,), fit)
        return
    event = denotation.context(token)
    itself = denotation.bearers(token)
    if wording.object == ("by",):  # 'the novel X by Y'
        for thing, context in itself:
            for other in denotation.owners(thing.head, ("by",)):
                fit = wording.strength * _ends(ontology, denotation, property, thing, other)
                yield _Reading(property, thing, other, context, (token,), fit)
    owners = [denotation.owners(token, slots) for slots in (wording.subject, wording.object)]
    if wording.object == ("self",) and "of" in wording.subject:  # 'lies in the constellation Lyra'
        for setting, member, said in denotation.settings(token):
            fit = wording.strength * _ends(ontology, denotation, property, setting, member)
            yield _Reading(property, setting, member, said, (token,), fit)
    subjects = itself if "self" in wording.subject else [(phrase, event) for phrase in owners[0]]
    objects = itself if "self" in wording.object else [(phrase, event) for phrase in owners[1]]
    for subject, context in subjects:
        for object, its in objects:
            if not (_stands(ontology, denotation, token, subject, property.domain)
                    and _stands(ontology, denotation, token, object, property.range)):  # fmt: skip
                continue
            fit = wording.strength * _ends(ontology, denotation, property, subject, object)
            said = context if "self" in wording.subject else its
            yield _Reading(property, subject, object, said, (token,), fit)


def _stands(ontology: Ontology, denotation: Denotation, token: int, phrase: Phrase, wanted: frozenset[str]) -> bool:
    """Whether a word right before the noun can be meant: 'American singer' tells of no property of the country."""
    if not denotation.before(token, phrase):
        return True
    if phrase.name is not None and phrase.name.demonym:
        return "Country" in ontology.core_of(wanted)
    return denotation.fit(ontology, phrase, wanted) >= 0.9


# ---------------------------------------------------------------------------------------------- choice


def _best(analysis: Analysis, readings: Iterable[_Reading]) -> list[_Reading]:
    """Readings that fit; of several of the same words and ends the best, others only where they fit as well."""
    groups: dict[tuple[object, ...], list[_Reading]] = {}
    for reading in readings:
        object = reading.object
        same = isinstance(object, Phrase) and analysis.cluster(object) == analysis.cluster(reading.subject)
        if reading.fit < LEAST or same:
            continue
        target = (analysis.cluster(object), "") if isinstance(object, Phrase) else (object.first, object.value)
        pair = frozenset({(analysis.cluster(reading.subject), ""), target})
        groups.setdefault((reading.words[:1], pair), []).append(reading)
    kept = []
    for group in groups.values():
        most = max(reading.fit for reading in group)
        kept += [reading for reading in group if reading.fit >= most - 0.001]
    return kept


def _relation(analysis: Analysis, reading: _Reading) -> RelationMention | None:
    property, object = reading.property, reading.object
    confidence = BASE * reading.fit
    for end in (reading.subject, object):
        if not isinstance(end, Phrase):
            continue
        if analysis.named(end).kind != Kind.NAME:
            bare = end.core[0] == end.core[1] and not analysis.types(end) & {"Role", "Topic"}
            if end is object and (bare or analysis.types(end) & _AGENTS):
                return None
            confidence *= UNNAMED
    relation = analysis.relation(
        reading.subject, property.iri, object, reading.context, extractor=NAME, confidence=confidence,
        words=reading.words,
    )  # fmt: skip
    if isinstance(object, TextValue):
        value = _fitted(analysis.literal(object), property)
        return replace(relation, object=value) if value is not None else None
    if property.literal in ("DATE", "NUMBER"):
        return None
    return replace(relation, object=_text(analysis, object, property)) if property.literal else relation


def _text(analysis: Analysis, phrase: Phrase, property: GivenProperty) -> Literal:
    """A phrase as a literal: the words of its name, or of its head with what stands before it but nationalities."""
    first, last = phrase.core
    while first < last and (word := analysis.phrases.covering.get(first)) is not None and word.name is not None and (
        word.name.demonym and word.index != phrase.index
    ):  # fmt: skip
        first += 1
    span = analysis.syntax.span(first, last)
    return Literal(value=analysis.document.quote(span), datatype=property.datatype or XSD.string, span=span)


def _fitted(value: Literal, property: GivenProperty) -> Literal | None:
    """The value as the property's datatype wants it, as exactly as the text states it; None where it cannot be."""
    is_date = value.datatype in (XSD.date, XSD.gYear, XSD.gYearMonth, XSD.dateTime)
    if property.literal == "DATE":
        if not is_date:
            return None
        if property.datatype == XSD.gYear:
            return replace(value, value=value.value[:4], datatype=XSD.gYear)
        return value
    if property.literal == "NUMBER":
        number = value.value.split()[0].rstrip("%") if value.value else ""
        whole = (property.datatype or "").lower().endswith(("integer", "int", "long"))
        plain = number.lstrip("-").replace(".", "", 1)
        if is_date or not plain.isdigit() or (whole and "." in number):
            return None
        return replace(value, value=number, datatype=property.datatype or XSD.decimal)
    return replace(value, datatype=property.datatype or value.datatype) if property.literal == "TEXT" else None
