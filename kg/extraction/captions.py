"""By-lines and captions: who wrote the document, who photographed whom.

A by-line is a short line of its own that begins with 'By' and names people. A credit ('Photo: X', 'Photo by X', '© X')
belongs to the caption it stands in or follows; the photographer photographed the event shown, else the persons shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kg.extraction.analysis import Analysis
from kg.extraction.phrases import Phrase
from kg.model import DOCUMENT_KEY, Kind, Mention, RelationMention

NAME = "kg.extraction.captions"
BYLINE_TOKENS = 14
"""Longest by-line, in tokens."""
BYLINE_WITHIN = 5
"""Paragraphs from the top that may hold it."""


def extract(analysis: Analysis) -> Iterator[RelationMention]:
    """Authors of the document; photographers and what they show."""
    syntax = analysis.syntax
    lines = list(_lines(analysis))
    yield from _bylines(analysis, lines[:BYLINE_WITHIN])
    for first, last in lines:
        for token in range(first, last):
            if syntax.lower[token] not in analysis.lexicon.features["photo_credit"]:
                continue
            following = token + 1
            while following < last and syntax.lower[following] in analysis.lexicon.features["credit_joiner"]:
                following += 1
            photographer = _person_from(analysis, following, min(last, following + 8))
            if photographer is None:
                continue
            shown = _shown(analysis, first, token, photographer)
            for target in shown:
                yield analysis.relation(photographer, "kg:photographed", target,
                                        analysis.contexts.of_nominal(photographer.head),
                                        extractor=NAME, confidence=0.85,
                                        words=[token])  # fmt: skip
            body = _body_after(analysis, photographer, last)
            if body is not None:
                yield analysis.relation(photographer, "kg:worksFor", body, analysis.contexts.of_nominal(body.head),
                                        extractor=NAME, confidence=0.75)  # fmt: skip
            break


def _bylines(analysis: Analysis, lines: list[tuple[int, int]]) -> Iterator[RelationMention]:
    """'By X and Y' on a line of its own near the top."""
    syntax, document = analysis.syntax, analysis.document
    for first, last in lines:
        if last - first > BYLINE_TOKENS or syntax.lower[first] not in analysis.lexicon.features["byline"]:
            continue
        span = document.title_span or syntax.span(first, last - 1)
        itself = Mention(span=span, head=span, entity=DOCUMENT_KEY, kind=Kind.NAME)
        for author in analysis.phrases.items:
            if first <= author.head < last and author.type == "Person" and author.kind == Kind.NAME:
                relation = analysis.relation(author, "kg:wrote", author, analysis.contexts.of_nominal(author.head),
                                             extractor=NAME, confidence=0.95, words=[first])  # fmt: skip
                yield replace(relation, object=itself)


def _lines(analysis: Analysis) -> Iterator[tuple[int, int]]:
    """Token ranges of the paragraphs."""
    syntax, text = analysis.syntax, analysis.document.text
    start = 0
    for token in range(1, len(syntax)):
        if "\n" in text[syntax.end[token - 1] : syntax.begin[token]]:
            yield start, token
            start = token
    if start < len(syntax):
        yield start, len(syntax)


def _person_from(analysis: Analysis, first: int, last: int) -> Phrase | None:
    for token in range(first, last):
        phrase = analysis.phrases.covering.get(token)
        if phrase is not None and phrase.type == "Person":
            return phrase
    return None


def _shown(analysis: Analysis, first: int, credit: int, photographer: Phrase) -> list[Phrase]:
    inside = [p for p in analysis.phrases.items if first <= p.head < credit and p.index != photographer.index
              and p.title_of is None and p.kind != Kind.PRONOUN]  # fmt: skip
    events = [p for p in inside if analysis.named(p).type == "Event"]
    persons = [p for p in inside if analysis.named(p).type == "Person"]
    return persons or events[:1]


def _body_after(analysis: Analysis, photographer: Phrase, last: int) -> Phrase | None:
    """'Photo: X / Ministry of Transport', '© X, DOD'."""
    syntax = analysis.syntax
    token = photographer.core[1] + 1
    if token >= last or syntax.text[token] not in ("/", ",", "-", "–", "("):
        return None
    for following in range(token + 1, min(last, token + 5)):
        phrase = analysis.phrases.covering.get(following)
        if phrase is not None and analysis.types(phrase) & {"Organization", "GovernmentOrganization"}:
            return phrase
    return None
