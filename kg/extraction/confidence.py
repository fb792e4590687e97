"""How sure a relation is: what read it, what the model's scorer says of its pair, how its ends fit and lie apart.

A logistic regression over named features; the weights in `data/confidence.tsv` are fitted by `training/calibration.py`.
`probability` is the share of such statements that the gold has, in their status; the decision record tells on which
texts it was fitted and how well it holds on others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache

from kg.annotation.semantics import StatementAnnotation
from kg.extraction.analysis import Analysis, TextValue
from kg.extraction.lexicon import DATA, read_table
from kg.extraction.phrases import Phrase
from kg.model import Kind, Mention, RelationMention

WEAKEST, STRONGEST = -3.0, 4.0
"""Bounds of the scorer's log-odds: beyond them they tell nothing more."""
_LONGEST_PATH = 8
MODIFIERS = frozenset({"amod", "advmod", "det", "aux", "mark"})
"""Dependents of the words between two ends that change what is said ('former members including X')."""


@cache
def weights() -> Mapping[str, float]:
    """Weight of each feature; a feature without one counts nothing."""
    return {row["feature"]: float(row["weight"]) for row in read_table(DATA / "confidence.tsv")}


def probability(features: Mapping[str, float]) -> float:
    """Confidence in (0, 1) of a relation with these features."""
    table = weights()
    odds = sum(value * table.get(name, 0.0) for name, value in features.items())
    return 1.0 / (1.0 + math.exp(-max(-20.0, min(20.0, odds))))


def features(
    analysis: Analysis,
    relation: RelationMention,
    ends: tuple[Phrase | None, Phrase | TextValue | None],
    scored: StatementAnnotation | None,
) -> dict[str, float]:
    """Named features of a relation; `ends` are its phrases where known, `scored` what the scorer says of the triple."""
    extractor = relation.extractor.rsplit(".", 1)[-1]
    name = relation.predicate.removeprefix("kg:")
    found = {"bias": 1.0, f"by:{extractor}": 1.0, f"property:{name}": 1.0}
    if extractor != "learned":
        found["rule"] = relation.confidence
    if scored is not None:
        odds = math.log(max(scored.confidence, 1e-6) / max(1.0 - scored.confidence, 1e-6))
        found["score"] = max(WEAKEST, min(STRONGEST, odds))
        found["scored:claimed"] = scored.claimed
        found["scored:negative"] = scored.negative
        found["scored:unactual"] = (
            scored.modality_certainty if scored.modality != "Actual" else 1 - scored.modality_certainty
        )
    else:
        found["unscored"] = 1.0
        found[f"unscored:{extractor}"] = 1.0
    if relation.status != "Asserted":
        found["claimed"] = 1.0
    if relation.modality != "Actual" or relation.polarity != "Positive":
        found["unactual"] = 1.0
    plain = relation.status == "Asserted" and relation.modality == "Actual" and relation.polarity == "Positive"
    if scored is not None:
        for part in ("claimed", "negative", "unactual"):
            found[f"plain:{part}" if plain else f"unplain:{part}"] = found.pop(f"scored:{part}")
    subject, object = ends
    table = analysis.lexicon.features
    if subject is not None:
        domain = table["domain"].get(relation.predicate.removeprefix("kg:"))
        if domain and not analysis.types(subject) & set(domain.split("|")):
            found["mistyped:subject"] = 1.0
        found[f"subject:{subject.kind}"] = 1.0
        if subject.head not in analysis.mentioned:
            found["unmentioned:subject"] = 1.0
    if isinstance(object, Phrase):
        wanted = table["range"].get(relation.predicate.removeprefix("kg:"))
        if wanted and not analysis.types(object) & set(wanted.split("|")):
            found["mistyped:object"] = 1.0
        found[f"object:{object.kind}"] = 1.0
        if object.head not in analysis.mentioned:
            found["unmentioned:object"] = 1.0
    if subject is not None and object is not None:
        left, right = subject.head, object.head if isinstance(object, Phrase) else object.first
        found["gap"] = math.log1p(abs(left - right))
        _add_path(found, analysis, name, left, right)
    types = analysis.types(subject) if subject is not None else ()
    for kind in types:
        found[f"from:{name}:{kind}"] = 1.0
    if isinstance(object, Phrase):
        for kind in analysis.types(object):
            found[f"to:{name}:{kind}"] = 1.0
    for side, phrase in (("from", subject), ("to", object)):
        if isinstance(phrase, Phrase) and phrase.kind == Kind.NOMINAL:
            found[f"{side}:{name}:{analysis.syntax.lemma[phrase.head].lower()}"] = 1.0
    found[f"by:{extractor}:{name}"] = 1.0
    if scored is not None:
        found[f"score:{name}"] = found["score"]
    else:
        found[f"unscored:{name}"] = 1.0
    return found


def _add_path(found: dict[str, float], analysis: Analysis, name: str, left: int, right: int) -> None:
    """Labels and words of the tree between two tokens."""
    syntax = analysis.syntax
    path = tree_path(analysis, left, right)
    if path is None:
        found["apart"] = 1.0
        return
    up, down = path
    found["path"] = min(_LONGEST_PATH, len(up) + len(down) - 2) / _LONGEST_PATH
    labels = "".join(f"{syntax.dep[token]}<" for token in up[:-1]) + "".join(
        f">{syntax.dep[token]}" for token in reversed(down[:-1])
    )
    if len(up) + len(down) <= 7:
        found[f"path:{labels}"] = 1.0
        found[f"path:{name}:{labels}"] = 1.0
    between = [*up[1:], *down[1:-1]]
    for token in between:
        if token not in (left, right):
            found[f"word:{name}:{syntax.lemma[token].lower()}"] = 1.0
            for child in syntax.children[token]:
                if syntax.dep[child] in MODIFIERS:
                    found[f"near:{name}:{syntax.lemma[child].lower()}"] = 1.0
    if right in up or left in down:
        found[f"nested:{name}"] = 1.0
    for token in (left, right):
        for child in syntax.children[token]:
            if syntax.dep[child] in ("case", "cop", "amod", "compound") and child not in (left, right):
                side = "from" if token == left else "to"
                found[f"{side}:{name}:{syntax.dep[child]}:{syntax.lemma[child].lower()}"] = 1.0


def tree_path(analysis: Analysis, left: int, right: int) -> tuple[list[int], list[int]] | None:
    """Tokens from `left` up to the common ancestor, and from `right` up to it; None where it is too far or missing."""
    head = analysis.syntax.head
    chains: list[list[int]] = []
    for token in (left, right):
        chain = [token]
        while len(chain) <= _LONGEST_PATH and head[chain[-1]] != chain[-1]:
            chain.append(head[chain[-1]])
        chains.append(chain)
    for down, token in enumerate(chains[1]):
        if token in chains[0]:
            up = chains[0].index(token)
            return chains[0][: up + 1], chains[1][: down + 1]
    return None


def ends_of(analysis: Analysis, relation: RelationMention) -> tuple[Phrase | None, Phrase | TextValue | None]:
    """The phrases (or value) that a relation was read from."""
    return _phrase(analysis, relation.subject), (
        _phrase(analysis, relation.object) if isinstance(relation.object, Mention) else _value(analysis, relation)
    )


def _phrase(analysis: Analysis, mention: Mention) -> Phrase | None:
    for token in analysis.tokens_within(mention.head.begin, mention.head.end):
        phrase = analysis.phrases.of(token)
        if phrase is not None and (phrase.kind != Kind.NAME or phrase.core[0] <= token <= phrase.core[1]):
            return phrase
    return None


def _value(analysis: Analysis, relation: RelationMention) -> TextValue | None:
    span = relation.object.span if not isinstance(relation.object, Mention) else None
    if span is None:
        return None
    return next(
        (analysis.value_at[t] for t in analysis.tokens_within(span.begin, span.end) if t in analysis.value_at), None
    )
