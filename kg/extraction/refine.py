"""What needs roles before it can be told: offices of one body are one thing, 'we' is whom the speaker represents."""

from __future__ import annotations

from kg.extraction.analysis import Analysis, alias, index_members
from kg.extraction.phrases import Phrase
from kg.extraction.roles import body_of, find_holdings

ARGUMENTS = frozenset({"nsubj", "nsubj:pass", "obj", "iobj", "obl", "obl:agent", "nmod:poss"})


def refine(analysis: Analysis) -> None:
    """Changes types and clusters in place, once, before extraction."""
    holdings = find_holdings(analysis)
    held = {holding.role.index for holding in holdings}
    for phrase in analysis.phrases.items:
        named_beside = analysis.bearer(phrase) is not phrase
        if phrase.type == "Role" and phrase.index not in held and not named_beside and _acts(analysis, phrase):
            phrase.types = ("Person",)
    _merge_offices(analysis)
    represented: dict[int, Phrase] = {}
    for holding in holdings:
        body = body_of(analysis, holding.role)
        if body is not None and not holding.former:
            represented.setdefault(analysis.cluster(holding.holder), body)
    for phrase in analysis.phrases.items:
        if phrase.feature != "speakers":
            continue
        speaker = analysis.contexts.speaker_of_token().get(phrase.head)
        source = analysis.phrases.of(speaker) if speaker is not None else None
        if source is None:
            continue
        body = represented.get(analysis.cluster(source))
        if body is None and analysis.types(source) & {"Country", "Organization"}:
            body = source
        if body is not None and analysis.cluster(phrase) != analysis.cluster(body):
            alias(analysis, analysis.clusters.find(phrase.index), analysis.cluster(body))


def _acts(analysis: Analysis, phrase: Phrase) -> bool:
    return analysis.syntax.dep[phrase.head] in ARGUMENTS and analysis.syntax.case(phrase.head) != "as"


def _merge_offices(analysis: Analysis) -> None:
    offices: dict[tuple[str, int], int] = {}
    for phrase in analysis.phrases.items:
        if phrase.type != "Role" or analysis.named(phrase).type != "Role":
            continue
        body = body_of(analysis, phrase)
        body_tokens = set(range(body.core[0], body.core[1] + 1)) if body is not None else set()
        words = sorted(
            analysis.syntax.lemma[token].lower() for token in range(phrase.core[0], phrase.core[1] + 1)
            if token not in body_tokens and analysis.syntax.pos[token] not in ("ADP", "DET", "PUNCT")
        )  # fmt: skip
        key = (" ".join(words), analysis.cluster(body) if body is not None else -1)
        if key in offices:
            analysis.clusters.join(offices[key], phrase.index)
        else:
            offices[key] = phrase.index
    index_members(analysis)
