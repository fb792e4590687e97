"""Places and dates of events: 'the summit in The Hague in June', 'took part in talks at the palace, May 5, 2025'.

Gives `occursIn` and `occursOn` for nouns of events, from their own complements and from the clause they stand in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kg.extraction.analysis import Analysis, TextValue
from kg.extraction.clauses import Clause
from kg.extraction.context import Context
from kg.extraction.phrases import Phrase
from kg.model import Modality, Polarity, RelationMention

NAME = "kg.extraction.occurrence"


def extract(analysis: Analysis) -> Iterator[RelationMention]:
    """Where and when the events of the document take place."""
    seen: set[tuple[int, str, object]] = set()
    for phrase in analysis.phrases.items:
        if "Event" not in analysis.types(phrase) or phrase.title_of is not None or phrase.feature:
            continue
        for place, words, context in _places(analysis, phrase):
            where = (analysis.cluster(phrase), "in", analysis.cluster(place))
            if where not in seen and where[0] != where[2]:
                seen.add(where)
                yield analysis.relation(
                    phrase, "kg:occursIn", place, context, extractor=NAME, confidence=0.84, words=words
                )
        for date, context in _dates(analysis, phrase):
            when = (analysis.cluster(phrase), "on", date.value)
            if when not in seen:
                seen.add(when)
                yield analysis.relation(phrase, "kg:occursOn", date, context, extractor=NAME, confidence=0.84)


def _places(analysis: Analysis, event: Phrase) -> Iterator[tuple[Phrase, list[int], Context]]:
    syntax, features = analysis.syntax, analysis.lexicon.features["location"]
    nominal = analysis.contexts.of_event(event.head)
    own = replace(nominal, polarity=Polarity.POSITIVE)
    for child in syntax.children[event.head]:
        if syntax.dep[child] == "nmod" and syntax.case(child) in features:
            place = analysis.phrases.of(child)
            if place is not None and analysis.resolved(place) and analysis.is_place(place):
                case = syntax.child(child, "case")
                yield place, [case] if case is not None else [], _definite(own)
    clause = analysis.clauses.get(syntax.head[event.head])
    if clause is None or clause.part != "verb":
        return
    if not any(event.head in clause.slots.get(slot, ()) for slot in ("obj", "in", "at", "subj")):
        return
    if not _tells_of_event(analysis, clause):
        return
    for slot in features:
        for place in analysis.phrases_in(clause, slot):
            if place.index != event.index and analysis.is_place(place):
                yield place, clause.markers.get(place.head, []), analysis.contexts.of_predicate(clause.predicate)


def _dates(analysis: Analysis, event: Phrase) -> Iterator[tuple[TextValue, Context]]:
    syntax = analysis.syntax
    own = replace(analysis.contexts.of_event(event.head), polarity=Polarity.POSITIVE)
    for child in syntax.children[event.head]:
        value = analysis.value_at.get(child)
        if value is not None and value.kind == "date" and syntax.dep[child] in (
            "nmod", "nmod:unmarked", "appos", "compound", "nmod:poss", "amod", "nummod", "list", "dep", "parataxis",
            "obl:unmarked",
        ):  # fmt: skip
            yield value, _definite(own)
    clause = analysis.clauses.get(syntax.head[event.head])
    if clause is None or clause.part != "verb" or not _tells_of_event(analysis, clause):
        return
    date, bounds = analysis.time_of([t for tokens in clause.slots.values() for t in tokens])
    for value in [date, *bounds] if date is not None else bounds:
        if value is not None:
            yield value, analysis.contexts.of_predicate(clause.predicate)


def _tells_of_event(analysis: Analysis, clause: Clause) -> bool:
    """Whether place and time of the clause are those of the event in it ('hold', 'take place')."""
    verbs = analysis.lexicon.features["event_verb"]
    nouns = (analysis.syntax.lemma[token] for token in clause.slots.get("obj", ()))
    return clause.lemma in verbs or any(f"{clause.lemma} {noun}" in verbs for noun in nouns)


def _definite(context: Context) -> Context:
    """Time and place of an event that is spoken of: actual unless the event itself is planned."""
    return context if context.modality == Modality.PLANNED else replace(context, modality=Modality.ACTUAL)
