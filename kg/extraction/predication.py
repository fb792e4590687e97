"""A clause and two of its phrases → `RelationMention`: how the relation is worded, its further arguments, time, place.

Extractors of facts and of open relations share this, so that both word a relation in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.extraction.analysis import Analysis, TextValue
from kg.extraction.clauses import Clause
from kg.extraction.context import Context
from kg.extraction.extents import extent
from kg.extraction.phrases import Phrase
from kg.model import Argument, Polarity, RelationMention

VERBAL = frozenset({"aux", "aux:pass", "cop", "compound:prt"})
UNNAMED_SLOTS = {"unmarked": "unmarked", "iobj": "iobj", "obj": "object", "obj2": "object"}
"""Slots without a preposition → role of an argument there."""


def related(
    analysis: Analysis,
    clause: Clause,
    predicate: str,
    subject: Phrase,
    object: Phrase | TextValue,
    context: Context,
    *,
    extractor: str,
    confidence: float,
    words: Iterable[int] = (),
) -> RelationMention:
    """The relation that a clause states between two of its arguments; `words` are further tokens that word it."""
    others = [t for slot, tokens in clause.slots.items() for t in tokens if slot not in ("subj", "obj")]
    date, bounds = analysis.time_of(others)
    target = object.head if isinstance(object, Phrase) else value_head(analysis, clause, object)
    used = {subject.index} | ({object.index} if isinstance(object, Phrase) else set())
    said = wording(analysis, clause, target, words)
    outer, context = context, contrasted(analysis, contrasted(analysis, context, subject.head), target)
    if (outer.polarity, context.polarity) == (Polarity.NEGATIVE, Polarity.POSITIVE):
        said = [token for token in said if analysis.syntax.lower[token] not in analysis.lexicon.features["negator"]]
    return analysis.relation(
        subject, predicate, object, context, extractor=extractor, confidence=confidence,
        words=said, time=date if date is not object else None, bounds=bounds,
        place=place_of(analysis, clause, used), arguments=arguments(analysis, clause, {subject.head, target}, object),
    )  # fmt: skip


def contrasted(analysis: Analysis, context: Context, token: int) -> Context:
    """The context for one of several coordinated arguments: 'not in Paris but in Rome', 'Peru but not Chile'."""
    syntax, features = analysis.syntax, analysis.lexicon.features
    if syntax.dep[token] != "conj":
        return context
    before = {syntax.lower[child] for child in syntax.children[token] if child < token}
    if before & features["negator"].keys():
        return context if context.polarity == Polarity.NEGATIVE else context.negated()
    opposed = context.polarity == Polarity.NEGATIVE and before & features["contrast"].keys()
    return context.negated() if opposed else context


def value_head(analysis: Analysis, clause: Clause, value: TextValue) -> int:
    """The token by which a value is an argument of the clause, else its last."""
    heads = (token for tokens in clause.slots.values() for token in tokens if analysis.value_at.get(token) is value)
    return next(heads, value.last)


def place_of(analysis: Analysis, clause: Clause, used: set[int]) -> Phrase | None:
    """Where the clause is located; `used` are phrases (indices) that have another part in it."""
    for slot in analysis.lexicon.features["location"]:
        for phrase in analysis.phrases_in(clause, slot):
            if phrase.index not in used and analysis.is_place(phrase):
                return phrase
    return None


def arguments(analysis: Analysis, clause: Clause, used: set[int], object: Phrase | TextValue) -> Iterator[Argument]:
    """Complements and adjuncts in text order; not the subject, nor the tokens `used` and what they coordinate.

    What stands inside the object is part of it.
    """
    first, last = extent(analysis.syntax, object) if isinstance(object, Phrase) else (object.first, object.last)
    found = [(token, slot) for slot, tokens in clause.slots.items() for token in tokens if slot != "subj"]
    heads = {_first_conjunct(analysis, token) for token in used}
    for token, slot in sorted(found):
        if first <= token <= last or _first_conjunct(analysis, token) in heads:
            continue
        value, phrase = analysis.value_at.get(token), analysis.phrases.of(token)
        role = UNNAMED_SLOTS.get(slot, slot)
        marker = "" if slot in UNNAMED_SLOTS else preposition(analysis, clause, token) or slot
        if value is not None:
            yield Argument(role="time" if value.kind == "date" else role, marker=marker, value=analysis.literal(value))
        elif phrase is not None and analysis.resolved(phrase) and not _only_links(analysis, token):
            place = analysis.is_place(phrase) and slot in analysis.lexicon.features["location"]
            yield Argument(role="place" if place else role, marker=marker, value=analysis.mention(phrase))


def preposition(analysis: Analysis, clause: Clause, token: int) -> str:
    """The words that join an argument to the clause, lower-case ('out of')."""
    return " ".join(analysis.syntax.lower[word] for word in _markers(analysis, clause, token))


def _markers(analysis: Analysis, clause: Clause, token: int) -> list[int]:
    syntax, found = analysis.syntax, list(clause.markers.get(token, ()))
    return sorted({*found, *(c for marker in found for c in syntax.children[marker] if syntax.dep[c] == "fixed")})


def _only_links(analysis: Analysis, token: int) -> bool:
    """'for example', 'in addition': words that join sentences."""
    syntax, links = analysis.syntax, analysis.lexicon.features["discourse_noun"]
    return syntax.lemma[token] in links and all(syntax.dep[c] in ("case", "punct") for c in syntax.children[token])


def _first_conjunct(analysis: Analysis, token: int) -> int:
    while analysis.syntax.dep[token] == "conj":
        token = analysis.syntax.head[token]
    return token


def wording(analysis: Analysis, clause: Clause, target: int, words: Iterable[int] = ()) -> list[int]:
    """Tokens that word a relation of the clause with its argument at the token `target`.

    The verb with what governs it ('is scheduled to'), auxiliaries, negation and particle, and the preposition of the
    argument; of an agent, which is the subject of the relation, the preposition that introduces it ('was hit by').
    """
    group = _verb_group(analysis, clause)
    tokens = [*(token for token in group if token != target), *words]
    undergone = clause.passive and target in clause.slots.get("obj", ())
    introduced = [*clause.slots.get("subj", ())] if undergone else [target]
    for argument in introduced[:1]:
        tokens.extend(_markers(analysis, clause, argument))
    return tokens


def _verb_group(analysis: Analysis, clause: Clause) -> list[int]:
    """The predicate with its function words, and those of the verbs that take it as their infinitive."""
    syntax, clauses = analysis.syntax, analysis.clauses
    tokens = _with_function_words(analysis, clause.predicate)
    while clause is not None:
        outer = clauses.get(syntax.head[clause.predicate])
        if syntax.dep[clause.predicate] == "conj":
            tokens += _shared_auxiliaries(analysis, clause.predicate)
        if outer is None or syntax.dep[clause.predicate] != "xcomp" or not _same_subject(outer, clause):
            break
        mark = syntax.child(clause.predicate, "mark")
        tokens += [mark] if mark is not None else []
        tokens += _with_function_words(analysis, outer.predicate)
        clause = outer
    return tokens


def _with_function_words(analysis: Analysis, predicate: int) -> list[int]:
    syntax, negators = analysis.syntax, analysis.lexicon.features["negator"]
    found = [predicate] + [
        child for child in syntax.children[predicate]
        if syntax.dep[child] in VERBAL or (syntax.dep[child] == "advmod" and syntax.lower[child] in negators)
    ]  # fmt: skip
    mark = syntax.child(predicate, "mark")  # 'is to be fair'
    return [*found, mark] if mark is not None and syntax.tag[mark] == "TO" and min(found) < mark else found


def _shared_auxiliaries(analysis: Analysis, predicate: int) -> list[int]:
    """'was honoured and named': the second participle has the first one's auxiliaries."""
    syntax = analysis.syntax
    first = syntax.head[predicate]
    alike = syntax.tag[predicate] == syntax.tag[first] and syntax.tag[predicate] in ("VB", "VBN", "VBG")
    if not alike or syntax.child(predicate, "aux", "aux:pass", "cop", "nsubj", "nsubj:pass") is not None:
        return []
    return syntax.dependents(first, "aux", "aux:pass")


def _same_subject(outer: Clause, inner: Clause) -> bool:
    shared = outer.slots.get("obj" if outer.passive else "subj", ())
    return any(token in inner.slots.get("obj" if inner.passive else "subj", ()) for token in shared)
