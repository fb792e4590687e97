"""The model's names, mentions and chains → what extraction makes phrases of, and which phrase each mention is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import TypeVar

from kg.annotation import AnnotatedDocument
from kg.annotation.countries import country_named, country_of_demonym
from kg.annotation.names import name_type
from kg.extraction.phrases import Name, Phrase, Phrases
from kg.extraction.syntax import Syntax
from kg.model import Kind

NOMINAL_TYPES = frozenset({"Role", "Topic"})
"""Types of what is written like a name but is none."""
VALUE_TYPES = frozenset({"Date", "Money", "Number"})
TYPE_SURE = 0.6
"""Probability from which the model's type of a nominal is taken over the lexicon's."""
T = TypeVar("T")


def find_names(annotated: AnnotatedDocument, syntax: Syntax, nouns: Mapping[str, str]) -> list[Name]:
    """Names as the tagger of names marks them, in text order; `nouns` are the classes of common nouns."""
    found = sorted(_tagged(annotated, syntax), key=lambda name: name.first)
    result: list[Name] = []
    for number, name in enumerate(found):
        if result and name.last <= result[-1].last:
            continue
        result.append(_whole(syntax, name, found[number + 1 : number + 2], nouns))
    return result


def _whole(syntax: Syntax, name: Name, following: Sequence[Name], nouns: Mapping[str, str]) -> Name:
    """'University' in 'University of Helsinki' is no name by itself: the name goes on with 'of' and the next one."""
    alone = name.first == name.last and syntax.text[name.first][:1].isupper() and not name.wikidata
    kind = nouns.get(syntax.lower[name.first])
    if not alone or kind is None or not following or syntax.lower[name.last + 1] != "of":
        return name
    begin = name.last + 2 + (syntax.lower[min(name.last + 2, len(syntax) - 1)] == "the")
    if following[0].first != begin:
        return name
    return Name(name.first, following[0].last, name.types if kind in NOMINAL_TYPES else (kind,))


def _tagged(annotated: AnnotatedDocument, syntax: Syntax) -> Iterator[Name]:
    """Names without what stands at their edges."""
    tokens = {begin: index for index, begin in enumerate(syntax.begin)}
    ends = {end: index for index, end in enumerate(syntax.end)}
    flat = {(entity.start_char, entity.end_char) for entity in annotated.doc.ents}
    for entity in annotated.entities:
        tagged = (entity.span.begin, entity.span.end) in flat
        if entity.kind != Kind.NAME or entity.type in NOMINAL_TYPES or not tagged:
            continue
        first, last = tokens.get(entity.span.begin), ends.get(entity.span.end)
        if first is None or last is None:
            continue
        while last > first and (syntax.pos[last] in ("ADP", "DET", "PUNCT", "CCONJ") or syntax.tag[last] == "POS"):
            last -= 1
        while last > first and syntax.pos[first] in ("DET", "PUNCT", "ADP"):
            first += 1
        owner = next((t for t in range(first + 1, last) if syntax.tag[t] == "POS"), None)
        if owner is not None and all(syntax.text[t].islower() for t in range(owner + 1, last + 1)):
            last = owner - 1  # "Kenya's parliament" is Kenya and a common noun
            type = name_type("LOC", syntax.text[first : last + 1], syntax.tag[first : last + 1])
            yield _name(syntax, first, last, type.label, type.wikidata or None)
        else:
            yield _name(syntax, first, last, entity.type, entity.wikidata)


def _name(syntax: Syntax, first: int, last: int, type: str, wikidata: str | None) -> Name:
    word = syntax.text[first]
    demonym = type == "Country" and first == last and country_named(word) is None and (
        country_of_demonym(word) is not None or syntax.pos[first] == "ADJ"
    )  # fmt: skip
    return Name(first, last, (type,), wikidata=wikidata, demonym=demonym)


def match_mentions(annotated: AnnotatedDocument, syntax: Syntax, phrases: Phrases) -> dict[int, Phrase]:
    """The model's mentions (indices) → phrases with the same head word."""
    matched: dict[int, Phrase] = {}
    for index, mention in enumerate(annotated.semantics.mentions):
        first, end = bisect_left(syntax.begin, mention.begin), bisect_left(syntax.begin, mention.end)
        head = next((t for t in range(first, end) if not first <= syntax.head[t] < end or syntax.head[t] == t), None)
        if head is None:
            continue
        inner = phrases.inner.get(head)
        phrase = inner if inner is not None and inner.core == (first, end - 1) else phrases.of(head)
        if phrase is not None:
            matched[index] = phrase
    return matched


def inner_mentions(
    annotated: AnnotatedDocument, syntax: Syntax, value_at: Container[int]
) -> Iterator[tuple[Name, Kind]]:
    """Mentions of the model that may stand inside another phrase."""
    for mention in annotated.semantics.mentions:
        if mention.certainty < TYPE_SURE or mention.type in VALUE_TYPES or mention.type in NOMINAL_TYPES:
            continue
        first, last = bisect_left(syntax.begin, mention.begin), bisect_left(syntax.begin, mention.end) - 1
        if mention.kind == Kind.NAME:
            yield _name(syntax, first, last, mention.type, _linked(syntax, first, last, mention.type)), Kind.NAME
        elif (
            mention.kind == Kind.NOMINAL and first == last and syntax.dep[first] == "compound" and first not in value_at
        ):
            yield Name(first, last, (mention.type,)), Kind.NOMINAL


def _linked(syntax: Syntax, first: int, last: int, type: str) -> str | None:
    """Wikidata id of a name where the tables know it for certain."""
    words = syntax.text[first : last + 1]
    return name_type(type, words, syntax.tag[first : last + 1]).wikidata or None


def match_values(annotated: AnnotatedDocument, syntax: Syntax, value_at: Mapping[int, T]) -> dict[int, T]:
    matched: dict[int, T] = {}
    for index, mention in enumerate(annotated.semantics.mentions):
        for token in range(bisect_left(syntax.begin, mention.begin), bisect_left(syntax.begin, mention.end)):
            if token in value_at:
                matched[index] = value_at[token]
                break
    return matched


def take_types(annotated: AnnotatedDocument, phrases: Phrases, matched: dict[int, Phrase]) -> None:
    """Nominals take the model's type where it is sure; names keep theirs."""
    for index, phrase in matched.items():
        mention = annotated.semantics.mentions[index]
        unread = phrase.kind == Kind.NAME and phrase.name is None  # a name that the tagger of names has missed
        if phrase.type == "Role" and mention.type == "Person":
            continue  # 'the minister' is an office until somebody acts: `refine` knows
        if (phrase.kind == Kind.NOMINAL or unread) and phrase.title_of is None and mention.certainty >= TYPE_SURE:
            phrase.types = (mention.type,) if mention.type not in VALUE_TYPES else phrase.types


def phrase_chains(annotated: AnnotatedDocument, matched: dict[int, Phrase]) -> list[list[int]]:
    """The model's chains over phrases; names of different things and titles are kept out of one chain."""
    result = []
    for chain in annotated.semantics.chains:
        kept: list[Phrase] = []
        first: Phrase | None = None
        for index in chain:
            phrase = matched.get(index)
            if phrase is None or phrase.title_of is not None or phrase.type == "Role":
                continue
            if phrase.kind == Kind.NAME and phrase.name is not None:
                if first is not None and not _one_name(first, phrase):
                    continue
                first = first or phrase
            if phrase not in kept:
                kept.append(phrase)
        if len(kept) > 1:
            result.append([phrase.index for phrase in kept])
    return result


def _one_name(left: Phrase, right: Phrase) -> bool:
    """Whether two names may be of one thing: the same identifier, or none and one part of the other, or initials."""
    ids = {name.wikidata for name in (left.name, right.name) if name is not None and name.wikidata}
    words = [set(phrase.label.lower().replace(".", "").split()) for phrase in (left, right)]
    initials = ["".join(word[0] for word in phrase.label.split()) for phrase in (left, right)]
    part = words[0] <= words[1] or words[1] <= words[0] or (left.type == "Person" and bool(words[0] & words[1]))
    alike = part or left.label in initials or right.label in initials
    return len(ids) == 1 or (not ids and left.type == right.type and alike)
