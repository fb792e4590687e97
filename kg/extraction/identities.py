"""Nouns said of a thing that has a name: 'X, the company's founder', 'X is the capital of Y', 'his wife Z'.

Joins the noun's cluster to the name's, so that relational nouns speak of the named thing. Roles stay things of their own.
"""

from __future__ import annotations

from kg.extraction.clauses import Clause
from kg.extraction.coreference import Clusters
from kg.extraction.phrases import Phrase, Phrases
from kg.extraction.syntax import Syntax
from kg.model import Kind

COMPATIBLE = {
    "Person": {"Person", "Topic"},
    "Organization": {"Organization", "GovernmentOrganization", "Topic", "Group"},
    "GovernmentOrganization": {"Organization", "GovernmentOrganization", "Topic"},
    "Country": {"Country", "Topic", "Region"},
    "City": {"City", "Region", "Place", "Topic"},
    "Region": {"Region", "Place", "City", "Topic"},
    "Facility": {"Facility", "Organization", "Place", "Topic"},
    "Event": {"Event", "Topic"},
    "Law": {"Law", "Topic"},
    "Product": {"Product", "Topic"},
}


def join_identities(syntax: Syntax, phrases: Phrases, clauses: dict[int, Clause], clusters: Clusters) -> None:
    """Apposition and copula with a definite or relational noun make two phrases one thing."""
    for token in range(len(syntax)):
        if syntax.dep[token] == "appos":
            left, right = phrases.of(syntax.head[token]), phrases.of(token)
            if left is not None and right is not None:
                _join(clusters, left, right)
    for phrase in phrases.items:
        if phrase.kind == Kind.NAME:
            _descriptors(syntax, phrases, clusters, phrase)
    for clause in clauses.values():
        if clause.part != "noun" or syntax.case(clause.predicate):
            continue
        predicate = phrases.by_head.get(clause.predicate)
        subjects = [phrases.of(token) for token in clause.slots.get("subj", ())]
        related = syntax.child(clause.predicate, "nmod:poss", "nmod") is not None
        if predicate is not None and related and len(subjects) == 1 and subjects[0] is not None:
            _join(clusters, subjects[0], predicate)


def _descriptors(syntax: Syntax, phrases: Phrases, clusters: Clusters, name: Phrase) -> None:
    """'the toymaker Klods' and 'the village of Palupuh': the noun before a name says what the name is."""
    for child in syntax.children[name.head]:
        if syntax.dep[child] in ("nmod:desc", "compound") and child < name.core[0]:
            described = phrases.by_head.get(child)
            if described is not None and described.kind == Kind.NOMINAL:
                _join(clusters, name, described)
    governor = syntax.head[name.head]
    if syntax.dep[name.head] == "nmod" and syntax.case(name.head) == "of":
        whole = phrases.by_head.get(governor)
        if whole is not None and whole.kind == Kind.NOMINAL and whole.type in ("City", "Region") and name.type in (
            "City", "Region", "Place", "Facility",
        ):  # fmt: skip
            clusters.join(name.index, whole.index)


def _join(clusters: Clusters, left: Phrase, right: Phrase) -> None:
    if "Role" in (left.type, right.type) or Kind.PRONOUN in (left.kind, right.kind):
        return
    name, other = (left, right) if left.kind == Kind.NAME else (right, left)
    if name.kind != Kind.NAME or (other.kind == Kind.NAME and other.type != name.type):
        return
    if other.type in COMPATIBLE.get(name.type, set()):
        clusters.join(left.index, right.index)
