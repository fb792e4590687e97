"""Belonging that no verb tells: 'Norway's parliament', 'the Chilean embassy in Quito', 'Acme Systems of Denver',
'French carmaker Renault', 'Dalton, Georgia', 'NATO member Norway'.

Gives `partOf`, `locatedIn`, `headquarteredIn`, `citizenOf`, `memberOf`, `worksFor`, `represents`, `owns`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.extraction.analysis import Analysis
from kg.extraction.phrases import Phrase
from kg.model import Kind, RelationMention

NAME = "kg.extraction.affiliation"


def extract(analysis: Analysis) -> Iterator[RelationMention]:
    """Belonging within noun phrases, in text order."""
    seen: set[tuple[int, str, int]] = set()
    for maker in (_modifiers, _complements, _lists_of_places):
        for subject, property, object, words, confidence in maker(analysis):
            key = (analysis.cluster(subject), property, analysis.cluster(object))
            if key in seen or key[0] == key[2]:
                continue
            seen.add(key)
            if property in ("memberOf", "worksFor", "represents") and analysis.is_former(subject):
                continue
            yield analysis.relation(subject, f"kg:{property}", object, analysis.contexts.of_noun(subject.head),
                                    extractor=NAME, confidence=confidence, words=words)  # fmt: skip


Found = tuple[Phrase, str, Phrase, list[int], float]


def _modifiers(analysis: Analysis) -> Iterator[Found]:
    """A country's or body's name before a noun, as demonym, compound or possessor."""
    syntax, phrases = analysis.syntax, analysis.phrases
    for phrase in phrases.items:
        if phrase.kind == Kind.PRONOUN or phrase.type == "Role":
            continue
        inside = range(phrase.core[0], phrase.core[1] + 1)
        owners = [
            c for c in syntax.children[phrase.head] if syntax.dep[c] in ("amod", "compound", "nmod:poss", "nmod:desc")
        ]
        owners += [t for t in inside if t not in owners and t != phrase.head]
        for token in owners:
            owner = phrases.of(token)
            if owner is None or owner.index == phrase.index or not analysis.resolved(owner):
                continue
            if syntax.lower[phrase.head] in analysis.lexicon.features["namesake"] and token in inside:
                continue
            property = _property(analysis, phrase, owner, syntax.dep[token])
            if property is not None:
                words = [c for c in syntax.children[token] if syntax.dep[c] == "case"]
                yield phrase, property, owner, words, 0.85
                break


def _property(analysis: Analysis, thing: Phrase, owner: Phrase, dep: str) -> str | None:
    """What a name before a noun says of the two types."""
    rules = analysis.lexicon.features["belonging"]
    best, holder = analysis.named(thing), analysis.named(owner)
    named = "name" if best.kind == Kind.NAME else "nominal"
    owner_type = "Country" if "Country" in analysis.types(owner) else holder.type
    type = _kind(analysis, best)
    relation = "possessor" if dep == "nmod:poss" else "modifier"
    for key in (f"{type} {named} {relation} {owner_type}", f"{type} any {relation} {owner_type}",
                f"{type} {named} any {owner_type}", f"{type} any any {owner_type}"):  # fmt: skip
        if key in rules:
            return rules[key] or None
    return None


def _kind(analysis: Analysis, phrase: Phrase) -> str:
    """The type of a phrase; of groups and unnamed persons with what sort it is, where the lexicon tells."""
    kind = analysis.lexicon.features["group_kind"].get(analysis.syntax.lower[phrase.head])
    return f"{phrase.type}:{kind}" if phrase.type in ("Group", "Person") and kind else phrase.type


def _complements(analysis: Analysis) -> Iterator[Found]:
    """A place or body after a noun: 'the embassy in Oslo', 'Acme Systems of Denver', 'a professor at MIT'."""
    syntax, phrases = analysis.syntax, analysis.phrases
    rules = analysis.lexicon.features["complement"]
    for phrase in phrases.items:
        if phrase.kind == Kind.PRONOUN or phrase.type == "Role" or phrase.title_of is not None:
            continue
        for child in syntax.children[phrase.head]:
            if syntax.dep[child] != "nmod" or (phrase.name is not None and child <= phrase.core[1]):
                continue
            case = syntax.case(child)
            if any(
                case in frame.object for frame in analysis.lexicon.frames.get((syntax.lemma[phrase.head], "noun"), ())
            ):
                continue  # 'a member of X' says what it is by itself
            for part in syntax.conjuncts(child):
                other = phrases.of(part)
                if other is None or not analysis.resolved(other):
                    continue
                best = analysis.named(phrase)
                kind = "Place" if analysis.is_place(other) else analysis.named(other).type
                property = rules.get(f"{_kind(analysis, best)} {case} {kind}")
                if property:
                    yield phrase, property, other, [c for c in syntax.children[child] if syntax.dep[c] == "case"], 0.84


def _lists_of_places(analysis: Analysis) -> Iterator[Found]:
    """'Dalton, Georgia': a place set beside the larger one it lies in."""
    syntax, phrases = analysis.syntax, analysis.phrases
    for phrase in phrases.items:
        if phrase.kind != Kind.NAME or not analysis.is_place(phrase):
            continue
        end = phrase.core[1]
        if end + 2 >= len(syntax) or syntax.text[end + 1] != ",":
            continue
        other = phrases.covering.get(end + 2)
        if other is None or other.core[0] != end + 2 or other.kind != Kind.NAME:
            continue
        beside = syntax.head[other.head] in range(phrase.core[0], end + 1) and syntax.dep[other.head] in (
            "appos", "nmod:unmarked", "list", "nmod", "dep", "parataxis")  # fmt: skip
        larger = other.type in ("Country", "Region") and phrase.type in ("City", "Region", "Facility")
        if beside and larger and not syntax.case(other.head):
            yield phrase, "locatedIn", other, [], 0.9
