"""Quotations → who speaks them: the source of the reporting verb beside each, else the last speaker before it."""

from __future__ import annotations

from kg.extraction.clauses import Clause
from kg.extraction.lexicon import Lexicon
from kg.extraction.syntax import CLAUSAL, Syntax

Speaker = tuple[int | None, int | None]
"""Tokens of who speaks, and of the word that says so."""


def find_speakers(syntax: Syntax, clauses: dict[int, Clause], lexicon: Lexicon) -> dict[int, Speaker]:
    """Number of a quotation (as in `Syntax.quoted`) → its speaker, where the text tells."""
    speakers: dict[int, Speaker] = {}
    for token, clause in clauses.items():
        effect = lexicon.reporting.get((clause.lemma.split()[0], clause.part))
        if effect is None or syntax.quoted[token]:
            continue
        subjects = clause.slots.get("obj" if clause.passive else "subj", [])
        source = subjects[0] if subjects else None
        for quotation in _quotations_beside(syntax, token):
            if quotation not in speakers and (source is None or syntax.quoted[source] != quotation):
                speakers[quotation] = (source, token)
    last: Speaker | None = None
    for token in range(len(syntax)):
        quotation = syntax.quoted[token]
        if quotation:
            if quotation in speakers:
                last = speakers[quotation]
            elif last is not None and _is_speech(syntax, clauses, token, quotation):
                speakers[quotation] = last
    return speakers


def _quotations_beside(syntax: Syntax, token: int) -> set[int]:
    """Quotations under a reporting verb, above it, or next to its clause."""
    clause = syntax.subtree(token)
    found = {syntax.quoted[other] for other in clause} | {syntax.quoted[syntax.head[token]]}
    bare = syntax.subtree(token, without=CLAUSAL)
    start, end = syntax.sentences[syntax.sentence_of[token]]
    if syntax.child(token, "ccomp") is None:  # 'X said.' cut off from its quotation
        start, end = max(0, start - 4), min(len(syntax), end + 4)
    for edge, step in ((bare[0], -1), (bare[-1], 1)):
        beside = edge + step
        while start <= beside < end and syntax.pos[beside] == "PUNCT":
            beside += step
        if start <= beside < end:
            found.add(syntax.quoted[beside])
    return found - {0}


def _is_speech(syntax: Syntax, clauses: dict[int, Clause], token: int, quotation: int) -> bool:
    """Whether a quotation holds a clause of its own, and is no scare quote or title of a work."""
    end = token
    while end < len(syntax) and syntax.quoted[end] == quotation:
        end += 1
    return any(t in clauses for t in range(token, end)) and end - token >= 3
