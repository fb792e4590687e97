"""What nouns are said of: 'X is a film directed by Y' makes 'a film' X; 'Y's director, X' makes 'director' X.

Coreference joins what is one thing; this also follows predicates and appositions that only describe.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from kg.extraction.analysis import Analysis, TextValue
from kg.extraction.context import Context
from kg.extraction.given_classes import agreement
from kg.extraction.ontology import Ontology
from kg.extraction.phrases import Phrase
from kg.extraction.roles import Holding, body_of, find_holdings
from kg.model import Kind

_BEFORE = frozenset({"amod", "compound", "nmod:desc", "flat", "nmod"})
_POSSESSION = frozenset({"have", "include", "possess"})
_LOCAL = frozenset({"in", "at", "on"})
_ROLE_PREPOSITIONS = ("of", "for", "at", "in", "with")


VAGUE = 0.7
"""Weight of what a noun alone says of a thing's class, where that is not the class that is expected."""


class Denotation:
    """Questions about the nouns of one analysed document."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self._descriptions: dict[int, set[str]] | None = None

    @cached_property
    def holdings(self) -> dict[int, list[Holding]]:
        """Who holds what, by the head of the role."""
        result: dict[int, list[Holding]] = {}
        for holding in find_holdings(self.analysis):
            result.setdefault(holding.role.head, []).append(holding)
        return result

    # ------------------------------------------------------------------ things
    def things(self, phrase: Phrase) -> list[Phrase]:
        """The named things a phrase stands for; the phrase itself where there are none."""
        if phrase.kind == Kind.NAME or self.analysis.named(phrase).kind == Kind.NAME:
            return [phrase]
        return [thing for thing, _ in self._described(phrase.head)] or [phrase]

    def bearers(self, token: int) -> list[tuple[Phrase, Context]]:
        """Who or what the noun at `token` is said of, each with the context of that."""
        analysis = self.analysis
        nominal = analysis.contexts.of_nominal(token)
        if token in self.holdings:
            current = [holding for holding in self.holdings[token] if not self._former(holding)]
            return [(holding.holder, holding.context) for holding in current]
        phrase = analysis.phrases.of(token)
        if phrase is not None and phrase.title_of is not None:
            person = analysis.phrases.by_head.get(phrase.title_of)
            return [(person, nominal)] if person is not None else []
        described = self._described(token)
        if described:
            return described
        if phrase is not None and phrase.kind == Kind.NOMINAL and analysis.named(phrase).kind == Kind.NAME:
            return [(phrase, nominal)]
        return []

    def context(self, token: int) -> Context:
        """The context of the clause around a noun, for what the noun itself states ('has a population of')."""
        contexts, clauses = self.analysis.contexts, self.analysis.clauses
        clause = next((above for above in self.analysis.syntax.ancestors(token) if above in clauses), None)
        return contexts.of_predicate(clause) if clause is not None else contexts.of_nominal(token)

    def _former(self, holding: Holding) -> bool:
        """Whether a word says that the office is past; a past tense alone tells of its time."""
        syntax, role = self.analysis.syntax, holding.role
        status = self.analysis.lexicon.features["status_role"]
        before = range(min(role.first, role.core[0]), role.head)
        return holding.former and any(status.get(syntax.lower[token]) == "former" for token in before)

    def _described(self, token: int) -> list[tuple[Phrase, Context]]:
        """Things that a noun describes as predicate, subject of an identity, apposition or noun before the name."""
        syntax, analysis = self.analysis.syntax, self.analysis
        nominal = analysis.contexts.of_nominal(token)
        head = token
        while syntax.dep[head] == "conj":
            head = syntax.head[head]
        clause = analysis.clauses.get(head)
        if clause is not None and clause.part == "noun" and not syntax.case(head):
            subjects = analysis.phrases_in(clause, "subj")
            if subjects:
                return [(phrase, analysis.contexts.of_predicate(head)) for phrase in subjects]
        governor = syntax.head[head]
        outer = analysis.clauses.get(governor)
        if outer is not None and outer.part == "noun" and syntax.dep[head] in ("nsubj", "nsubj:outer"):
            return self._names([governor], analysis.contexts.of_predicate(governor))
        if syntax.dep[head] == "appos":
            return self._names([governor], nominal) or self._described_once(governor, token)
        if outer is not None and syntax.dep[head] == "xcomp":
            slot = "obj" if outer.slots.get("obj") else "subj"
            return [(p, analysis.contexts.of_predicate(governor)) for p in analysis.phrases_in(outer, slot)]
        beside = syntax.dependents(token, "appos", "flat")
        if syntax.dep[token] in ("nmod:desc", "compound") and token < governor:
            beside.append(governor)
        return self._names([part for child in beside for part in syntax.conjuncts(child)], nominal)

    def _described_once(self, token: int, origin: int) -> list[tuple[Phrase, Context]]:
        """What the noun at `token` describes, unless that leads back."""
        if self.analysis.syntax.head[token] == origin or self.analysis.syntax.dep[token] == "appos":
            return []
        return self._described(token)

    def _names(self, tokens: Iterable[int], context: Context) -> list[tuple[Phrase, Context]]:
        found = [self.analysis.phrases.of(token) for token in tokens]
        return [(p, context) for p in found if p is not None and self.analysis.named(p).kind == Kind.NAME]

    # ------------------------------------------------------------------ what belongs to a noun
    def owners(self, token: int, slots: Iterable[str]) -> list[Phrase]:
        """What the noun belongs to: of the slots, all that are filled by things."""
        analysis, syntax = self.analysis, self.analysis.syntax
        found: list[Phrase] = []
        wanted = set(slots)
        role = analysis.phrases.of(token)
        office = "of" in wanted and role is not None and role.type == "Role"
        prepositions = wanted.union(_ROLE_PREPOSITIONS) if office else wanted
        for child in syntax.children[token]:
            dep = syntax.dep[child]
            fills = (
                ("poss" in wanted and dep == "nmod:poss")
                or ("compound" in wanted and dep in _BEFORE and child < token and not syntax.case(child))
                or (dep in ("nmod", "obl") and syntax.case(child) in prepositions)
            )
            if fills:
                found += [p for part in syntax.conjuncts(child) if (p := analysis.phrases.of(part)) is not None]
        if role is not None and office and not found:
            body = body_of(analysis, role)
            found += [body] if body is not None else []
        if "gov" in wanted and not found:
            found += self._possessors(token)
        others = [p for p in found if p.head != token and (role is None or p.index != role.index)]
        kept = [p for p in others if analysis.resolved(p)]
        return [thing for phrase in kept for thing in self.things(phrase)]

    def before(self, token: int, phrase: Phrase) -> bool:
        """Whether a phrase is a word before the noun, without preposition or possessive."""
        syntax = self.analysis.syntax
        return any(
            syntax.dep[child] in _BEFORE and child < token and not syntax.case(child)
            for child in syntax.children[token]
            if (found := self.analysis.phrases.of(child)) is not None and found.index == phrase.index
        )

    def settings(self, token: int) -> list[tuple[Phrase, Phrase, Context]]:
        """What stands in, at or on a named thing that the noun classifies: 'a star in the constellation (of) Lyra'.

        Each with that thing, and the context.
        """
        analysis, syntax = self.analysis, self.analysis.syntax
        if syntax.case(token) not in _LOCAL or syntax.lemma[token].lower() in analysis.lexicon.roles:
            return []
        beside = [*syntax.dependents(token, "appos", "flat"), *syntax.dependents(token, "compound")]
        beside += [child for child in syntax.dependents(token, "nmod") if syntax.case(child) == "of"]
        governor = syntax.head[token]
        members = [name for name, _ in self._names(beside, self.context(token))][:1]
        clause = analysis.clauses.get(governor)
        if clause is not None:
            around = [p for slot in ("obj", "subj") for p in analysis.phrases_in(clause, slot)][:1]
        else:
            around = [p for p in [analysis.phrases.of(governor)] if p is not None]
        things = [thing for phrase in around for thing in self.things(phrase)]
        return [(thing, member, self.context(token)) for thing in things for member in members]

    def _possessors(self, token: int) -> list[Phrase]:
        """'X has a population of', 'X, with a population of': X."""
        analysis, syntax = self.analysis, self.analysis.syntax
        governor = syntax.head[token]
        clause = analysis.clauses.get(governor)
        if clause is not None and token in clause.slots.get("obj", ()):
            return analysis.phrases_in(clause, "subj")
        if syntax.case(token) == "with":
            if clause is not None:
                return analysis.phrases_in(clause, "obj" if clause.passive else "subj")
            phrase = analysis.phrases.of(governor)
            return [phrase] if phrase is not None else []
        return []

    def values(self, token: int, kind: str) -> list[TextValue]:
        """Values that the noun is given: 'a population of 12,000', 'its population is 12,000', '12,000 inhabitants'."""
        analysis, syntax = self.analysis, self.analysis.syntax
        dated = kind == "DATE"
        places = syntax.dependents(token, "nmod", "nummod", "appos", "compound")
        places += [t for child in places for t in syntax.dependents(child, "nummod")]
        clause = analysis.clauses.get(syntax.head[token])
        if clause is not None and syntax.dep[token] == "nsubj":
            places.append(clause.predicate)
            places += syntax.dependents(clause.predicate, "nummod")
            places += [t for slot in ("obj", "to", "at", "unmarked") for t in clause.slots.get(slot, ())]
        found = [analysis.value_at[place] for place in places if place in analysis.value_at]
        return [value for value in dict.fromkeys(found) if (value.kind == "date") == dated]

    def modifiers(self, token: int) -> frozenset[str]:
        """Lemmas of what stands with the noun, before it or under 'of'."""
        syntax = self.analysis.syntax
        return frozenset(
            syntax.lemma[word].lower()
            for child in syntax.children[token]
            if syntax.dep[child] in _BEFORE
            for word in syntax.subtree(child)
        )

    # ------------------------------------------------------------------ classes
    def descriptions(self, phrase: Phrase) -> set[str]:
        """IRIs of the given classes whose nouns are said of the thing."""
        return (self._descriptions or {}).get(self.analysis.cluster(phrase), set())

    def classify(self, ontology: Ontology) -> dict[int, set[str]]:
        """Cluster → IRIs of the given classes that a noun of the text says it is of."""
        if self._descriptions is not None:
            return self._descriptions
        result: dict[int, set[str]] = {}
        self._descriptions = result
        analysis, syntax = self.analysis, self.analysis.syntax
        for token in range(len(syntax)):
            if syntax.pos[token] not in ("NOUN", "PROPN"):
                continue
            named = ontology.by_noun.get(syntax.lemma[token].lower(), ())
            matching = [given for given, words in named if words <= (self.modifiers(token) if words else frozenset())]
            if not matching:
                continue
            most = max(len(words) for given, words in named if given in matching)
            closest = [given for given, words in named if given in matching and len(words) == most]
            phrase = analysis.phrases.of(token)
            things = [thing for thing, context in self.bearers(token) if context.polarity == "Positive"]
            if phrase is not None and phrase.title_of is None and not things:
                things = [phrase]
            for thing in things:
                types = analysis.types(thing)
                result.setdefault(analysis.cluster(thing), set()).update(
                    given.iri for given in closest if agreement(types, given.core) > 0
                )
        return result

    def fit(self, ontology: Ontology, phrase: Phrase, wanted: frozenset[str]) -> float:
        """How well a thing fits where one of the given classes is expected, 0 to 1."""
        found = self._fit(ontology, phrase, wanted)
        unnamed = self.analysis.named(phrase).kind != Kind.NAME
        return found * VAGUE if unnamed and found < 1.0 else found

    def _fit(self, ontology: Ontology, phrase: Phrase, wanted: frozenset[str]) -> float:
        if not wanted:
            return 1.0
        said = self.classify(ontology).get(self.analysis.cluster(phrase), set())
        if said:
            above = frozenset().union(*(ontology.classes[iri].ancestors for iri in said))
            if above & wanted:
                return 1.0
            below = any(said & ontology.classes[iri].ancestors for iri in wanted if iri in ontology.classes)
            if not below:
                return 0.8 * agreement(self.analysis.types(phrase), ontology.core_of(wanted))
        return agreement(self.analysis.types(phrase), ontology.core_of(wanted))
