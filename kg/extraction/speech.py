"""Reported speech: who says what, verbatim (`says`), from quotations and reported clauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kg.extraction.analysis import Analysis
from kg.model import Literal, Modality, RelationMention, Span
from kg.vocabulary import XSD

NAME = "kg.extraction.speech"


def extract(analysis: Analysis) -> Iterator[RelationMention]:
    """One `says` for each reporting clause that has a source and a content."""
    syntax, lexicon = analysis.syntax, analysis.lexicon
    for clause in analysis.clauses.values():
        if lexicon.reporting.get((clause.lemma, "verb")) != "claim":
            continue
        content = syntax.child(clause.predicate, "ccomp")
        if content is None:
            continue
        context = analysis.contexts.of_predicate(clause.predicate)
        if context.modality != Modality.ACTUAL:
            continue
        for speaker in analysis.phrases_in(clause, "subj"):
            span = _content(analysis, content, clause.predicate)
            relation = analysis.relation(
                speaker, "kg:says", speaker, context, extractor=NAME, confidence=0.9, words=[clause.predicate]
            )
            literal = Literal(value=analysis.document.quote(span), datatype=XSD.string, span=span)
            yield replace(relation, object=literal)


def _content(analysis: Analysis, content: int, cue: int) -> Span:
    """Characters of the reported clause, its quotation marks and the reporting words left out."""
    syntax = analysis.syntax
    mark = syntax.child(content, "mark")
    start = mark if mark is not None and cue < mark < content else 0
    tokens = [t for t in syntax.subtree(content) if t >= start and syntax.text[t] not in ('"', "“", "”", ",")]
    side = [t for t in tokens if (t < cue) == (content < cue)]
    return syntax.span(side[0], side[-1])
