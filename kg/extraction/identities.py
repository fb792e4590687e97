"""Nouns said of a thing that has a name: 'X, the company's founder', 'X is the capital of Y', 'his wife Z'.

Joins the noun's cluster to the name's, so that relational nouns speak of the named thing. Roles stay apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extraction.clauses import Clause
from kg.extraction.lexicon import Lexicon
from kg.extraction.phrases import Phrase, Phrases
from kg.extraction.syntax import Syntax
from kg.model import Kind

if TYPE_CHECKING:
    from kg.extraction.coreference import Clusters

TELLING = frozenset({"Organization", "GovernmentOrganization", "City", "Region", "Facility", "Event", "Law"})
"""Types of nouns that say more surely what a thing is than the look of its name does."""
DOUBTFUL = frozenset({"Person", "Product", "Organization", "City", "Topic", "Group", "Facility"})

PLACES = frozenset({"City", "Region", "Place", "Facility"})
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


def join_identities(
    syntax: Syntax, phrases: Phrases, lexicon: Lexicon, clauses: dict[int, Clause], clusters: Clusters
) -> None:
    """Apposition and copula with a definite or relational noun make two phrases one thing."""
    for token in range(len(syntax)):
        if syntax.dep[token] == "appos":
            left, right = phrases.of(syntax.head[token]), phrases.of(token)
            if left is not None and right is not None:
                _join(clusters, left, right)
    for phrase in phrases.items:
        if phrase.kind == Kind.NAME:
            _descriptors(syntax, phrases, lexicon, clusters, phrase)
    for clause in clauses.values():
        if clause.part != "noun" or syntax.case(clause.predicate):
            continue
        predicate = phrases.by_head.get(clause.predicate)
        subjects = [phrases.of(token) for token in clause.slots.get("subj", ())]
        related = syntax.child(clause.predicate, "nmod:poss", "nmod") is not None
        if predicate is not None and related and len(subjects) == 1 and subjects[0] is not None:
            _join(clusters, subjects[0], predicate)


def _descriptors(syntax: Syntax, phrases: Phrases, lexicon: Lexicon, clusters: Clusters, name: Phrase) -> None:
    """'the toymaker Klods', 'the village of Palupuh', 'the Lombardy region': the noun says what the name is."""
    for child in syntax.children[name.head]:
        if syntax.dep[child] in ("nmod:desc", "compound") and child < name.core[0]:
            described = phrases.by_head.get(child)
            if described is not None and described.kind == Kind.NOMINAL:
                _join(clusters, name, described)
    governor = syntax.head[name.head]
    if syntax.dep[name.head] == "nmod" and syntax.case(name.head) == "of":
        whole = phrases.by_head.get(governor)
        says_kind = syntax.lemma[governor].lower() in lexicon.features["place_noun"] and name.type in PLACES
        if whole is not None and whole.kind == Kind.NOMINAL and not whole.plural and says_kind:
            clusters.join(name.index, whole.index)
    elif syntax.dep[name.head] == "compound" and syntax.lower[governor] in lexicon.features["kind_noun"]:
        whole = phrases.by_head.get(governor)
        alone = [child for child in syntax.children[governor] if syntax.dep[child] in ("compound", "amod", "nummod")]
        if whole is not None and whole.kind == Kind.NOMINAL and alone == [name.head] and name.core[1] + 1 == governor:
            clusters.join(name.index, whole.index)


def _retype(clusters: Clusters, name: Phrase, noun: Phrase) -> None:
    """'the toolmaker Halden' is an organization, whatever its name looks like."""
    known = name.name is not None and name.name.wikidata is not None
    if noun.plural or noun.type not in TELLING or name.type not in DOUBTFUL or known or noun.type == name.type:
        return
    if name.type == "Organization" and noun.type not in ("GovernmentOrganization", "Event", "Facility"):
        return
    cluster = clusters.find(name.index)
    for phrase in clusters.items:
        if clusters.find(phrase.index) == cluster and phrase.kind == Kind.NAME:
            phrase.types = noun.types


def _renames(name: Phrase, other: Phrase) -> bool:
    """Whether a name beside a name is another name of the same thing: one is the other's initials or a part of it.

    Names that merely stand side by side ('Minister X, Minister Y') are two things.
    """
    longer, shorter = sorted((name.label, other.label), key=len, reverse=True)
    initials = "".join(word[0] for word in longer.split() if word[:1].isupper())
    part = set(shorter.lower().split()) <= set(longer.lower().split())
    return name.type == other.type and (part or shorter.replace(".", "") == initials)


def _join(clusters: Clusters, left: Phrase, right: Phrase) -> None:
    if "Role" in (left.type, right.type) or Kind.PRONOUN in (left.kind, right.kind):
        return
    name, other = (left, right) if left.kind == Kind.NAME else (right, left)
    if name.kind != Kind.NAME or (other.kind == Kind.NAME and not _renames(name, other)):
        return
    if other.kind == Kind.NOMINAL:
        _retype(clusters, name, other)
    if other.type in COMPATIBLE.get(name.type, set()):
        clusters.join(left.index, right.index)
