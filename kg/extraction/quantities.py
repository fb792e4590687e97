"""Numbers that say something: ages ('X, 45,'), tolls ('killed 107 people', '12 dead'), counts and amounts.

Gives `age`, `deathToll`, `casualties`, `amount`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.extraction.analysis import Analysis, TextValue
from kg.extraction.phrases import Phrase
from kg.extraction.predication import wording
from kg.model import Kind, RelationMention

NAME = "kg.extraction.quantities"
MEASURES = ("nmod", "compound", "appos", "nummod", "amod")
"""Relations by which an amount hangs on what it measures."""


def extract(analysis: Analysis) -> Iterator[RelationMention]:
    """Ages, tolls and amounts in text order."""
    yield from _ages(analysis)
    yield from _tolls(analysis)
    yield from _amounts(analysis)
    yield from _measured(analysis)


def _ages(analysis: Analysis) -> Iterator[RelationMention]:
    syntax = analysis.syntax
    for value in analysis.values:
        holder: Phrase | None = None
        digits = value.value.split()[0]
        if value.kind not in ("number", "age") or not digits.isdigit() or not 0 < int(digits) < 120:
            continue
        if value.kind == "age" or syntax.dep[value.first] in (
            "appos",
            "nummod",
            "amod",
            "nmod",
            "parataxis",
            "dep",
            "nmod:unmarked",
        ):
            set_off = value.first > 0 and syntax.text[value.first - 1] == "," and (
                value.last + 1 >= len(syntax) or syntax.text[value.last + 1] in (",", "."))  # fmt: skip
            bracketed = value.first > 0 and syntax.text[value.first - 1] == "("
            if value.kind == "age" or set_off or bracketed:
                before = analysis.phrases.covering.get(value.first - 2) or analysis.phrases.of(syntax.head[value.last])
                after = analysis.phrases.of(syntax.head[syntax.head[value.last]]) if value.kind == "age" else None
                holder = next(
                    (p for p in (before, after) if p is not None and analysis.named(p).type == "Person"), None
                )
        if holder is not None and analysis.named(holder).kind == Kind.NAME:
            plain = TextValue(value.first, value.last, digits, "age")
            yield analysis.relation(holder, "kg:age", plain, analysis.contexts.of_nominal(holder.head), extractor=NAME,
                                    confidence=0.9)  # fmt: skip


def _tolls(analysis: Analysis) -> Iterator[RelationMention]:
    """Dead and injured of an event: it is the subject, or the place of the passive ('were killed in the crash')."""
    features = analysis.lexicon.features
    for clause in analysis.clauses.values():
        property = features["toll_verb"].get(clause.lemma) or (
            features["toll_adjective"].get(clause.lemma) if clause.part == "adjective" else None)  # fmt: skip
        if property is None:
            continue
        victims = "subj" if clause.lemma in features["dying"] or clause.part == "adjective" else "obj"
        events = [] if victims == "subj" else analysis.phrases_in(clause, "subj")
        for slot in features["toll_preposition"]:
            events += analysis.phrases_in(clause, slot)
        events = [event for event in events if "Event" in analysis.types(event)]
        context = analysis.contexts.of_predicate(clause.predicate)
        for token in clause.slots.get(victims, ()):
            count = _count(analysis, token)
            for event in events[:1]:
                if count is not None:
                    yield analysis.relation(event, f"kg:{property}", count, context, extractor=NAME, confidence=0.85,
                                            words=[clause.predicate])  # fmt: skip


def _amounts(analysis: Analysis) -> Iterator[RelationMention]:
    """'345 pilgrims', 'a contract worth 3 million euros', 'a fund of 12 million euros'."""
    syntax = analysis.syntax
    for value in analysis.values:
        if value.kind not in ("money", "number", "quantity", "percent"):
            continue
        head = _head(analysis, value)
        governor = syntax.head[head]
        owner: Phrase | None = None
        counted = value.kind == "number" and syntax.dep[head] == "nummod"
        worth = value.kind in ("money", "percent") and syntax.dep[head] in MEASURES
        if counted or worth:
            owner = analysis.phrases.by_head.get(governor)
        elif syntax.dep[head] in ("obl", "obl:unmarked", "nmod:unmarked", "obj") and syntax.lower[governor] == "worth":
            owner = analysis.phrases.of(syntax.head[governor])
        if (
            owner is None
            or owner.kind == Kind.PRONOUN
            or "Person" in analysis.types(owner)
            or "Role" in analysis.types(owner)
        ):
            continue
        yield analysis.relation(owner, "kg:amount", value, analysis.contexts.of_event(owner.head), extractor=NAME,
                                confidence=0.75)  # fmt: skip


def _measured(analysis: Analysis) -> Iterator[RelationMention]:
    """'cost 680 million euros', 'fell 4.2 percent', 'stands at 61 percent': what a verb measures its subject by."""
    for clause in analysis.clauses.values():
        if clause.lemma not in analysis.lexicon.features["measure_verb"]:
            continue
        context = analysis.contexts.of_predicate(clause.predicate)
        subject = analysis.lexicon.features["measure_verb"][clause.lemma] or ("obj" if clause.passive else "subj")
        for slot in ("obj", "obj2", "unmarked", *analysis.lexicon.features["measure_preposition"]):
            for token in clause.slots.get(slot, ()):
                value = analysis.value_at.get(token)
                if value is None or value.kind not in ("money", "percent", "number", "quantity"):
                    continue
                for owner in analysis.phrases_in(clause, subject)[:1]:
                    yield analysis.relation(owner, "kg:amount", value, context, extractor=NAME, confidence=0.8,
                                            words=wording(analysis, clause, token))  # fmt: skip


def _count(analysis: Analysis, token: int) -> TextValue | None:
    value = analysis.value_at.get(token)
    if value is not None and value.kind == "number":
        return value
    for child in analysis.syntax.children[token]:
        value = analysis.value_at.get(child)
        if (
            value is not None
            and value.kind == "number"
            and analysis.syntax.dep[child] in ("nummod", "amod", "compound")
        ):
            return value
    return None


def _head(analysis: Analysis, value: TextValue) -> int:
    for token in range(value.first, value.last + 1):
        if not value.first <= analysis.syntax.head[token] <= value.last or analysis.syntax.head[token] == token:
            return token
    return value.last
