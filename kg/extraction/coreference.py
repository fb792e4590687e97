"""Phrases → clusters: which phrases of a document refer to one thing.

Names are matched by their words (`naming`), pronouns and definite nominals by agreement and distance, relative
pronouns by the tree. Where the annotation brings chains of its own (a coreference model), pronouns and bare nouns like
'the company' go by them first, other nominals where the rules leave them open.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.extraction.clauses import SUBJECTS, Clause
from kg.extraction.identities import join_identities
from kg.extraction.lexicon import Lexicon
from kg.extraction.naming import join_names
from kg.extraction.phrases import Phrase, Phrases
from kg.extraction.syntax import Syntax
from kg.model import Kind

PRONOUN_REACH, NOMINAL_REACH = 3, 100  # sentences
AGENTS = frozenset({"Organization", "GovernmentOrganization", "Country", "Group", "Agent"})
THINGS = AGENTS | {"Event", "Law", "Product", "Topic", "City", "Region", "Facility", "Place"}


class Clusters:
    """Sets of phrases that refer to one thing; merged by union, named by their first phrase."""

    def __init__(self, phrases: Phrases) -> None:
        self.items = phrases.items
        self._parent = list(range(len(phrases.items)))
        self.sets = {}

    def find(self, index: int) -> int:
        """Representative of the phrase's cluster."""
        while self._parent[index] != index:
            self._parent[index] = self._parent[self._parent[index]]
            index = self._parent[index]
        return index

    sets: dict[int, tuple[int, ...]]
    """Phrase → phrases that it stands for together: 'the two', 'the ministers', 'they'."""

    def join(self, left: int, right: int) -> None:
        """Makes the clusters of two phrases one."""
        first, second = sorted((self.find(left), self.find(right)))
        self._parent[second] = first


def resolve_coreference(
    syntax: Syntax,
    phrases: Phrases,
    lexicon: Lexicon,
    clauses: dict[int, Clause],
    speakers: dict[int, int],
    chains: Sequence[Sequence[int]] = (),
) -> Clusters:
    """Clusters of `phrases`. `speakers` maps a token of a quotation to the token of who speaks.

    `chains` are lists of phrase indices that a model holds to be one.
    """
    clusters = Clusters(phrases)
    resolver = _Resolver(syntax, phrases, lexicon, speakers, clusters, chains)
    join_names(syntax, phrases, lexicon, clusters)
    resolver.persons()
    resolver.relatives()
    join_identities(syntax, phrases, lexicon, clauses, clusters)
    resolver.others()
    resolver.same_words()
    resolver.follow()
    resolver.sets()
    return clusters


class _Resolver:
    def __init__(
        self,
        syntax: Syntax,
        phrases: Phrases,
        lexicon: Lexicon,
        speakers: dict[int, int],
        clusters: Clusters,
        chains: Sequence[Sequence[int]],
    ) -> None:
        self.syntax, self.phrases, self.lexicon, self.speakers = syntax, phrases, lexicon, speakers
        self.clusters = clusters
        self.titles_of: dict[int, list[Phrase]] = {}  # head of a person's name → roles before it
        for phrase in phrases.items:
            if phrase.title_of is not None and phrase.type == "Role":
                self.titles_of.setdefault(phrase.title_of, []).append(phrase)
        self.chains = [[phrases.items[index] for index in sorted(chain)] for chain in chains]
        self.chain_of = {phrase.index: chain for chain in self.chains for phrase in chain}
        self.gender: dict[int, str] = {}  # cluster → male | female
        self.roles: dict[int, set[str]] = {}  # cluster of a person → head nouns of their roles

    # ------------------------------------------------------------------ persons
    def persons(self) -> None:
        for phrase in self.phrases.items:
            if phrase.kind == Kind.NAME and phrase.type == "Person":
                self._note_person(phrase)

    def _note_person(self, phrase: Phrase) -> None:
        first, last = phrase.core
        cluster = self.clusters.find(phrase.index)
        gender = ""
        for token in (first - 1, first):
            if token >= 0:
                gender = gender or self.lexicon.honorifics.get(self.syntax.text[token], "")
        if not gender and last > first:
            gender = self.lexicon.first_names.get(self.syntax.text[first], "")
        if gender:
            self.gender.setdefault(cluster, gender)
        for other in self.titles_of.get(phrase.head, ()):
            self._add_role(cluster, other)
        for child in self.syntax.children[phrase.head]:
            if self.syntax.dep[child] == "appos":
                apposed = self.phrases.by_head.get(child)
                if apposed is not None and apposed.type == "Role":
                    self._add_role(cluster, apposed)

    def _add_role(self, cluster: int, role: Phrase) -> None:
        words = {self.syntax.lower[token] for token in range(role.core[0], role.core[1] + 1)}
        self.roles.setdefault(cluster, set()).update(words & self.lexicon.roles)
        gender = self.lexicon.features["gendered_role"].get(self.syntax.lower[role.head], "")
        if gender:
            self.gender.setdefault(cluster, gender)

    # ------------------------------------------------------------------ relative pronouns
    def relatives(self) -> None:
        for phrase in self.phrases.items:
            if phrase.feature != "relative":
                continue
            for ancestor in (phrase.head, *self.syntax.ancestors(phrase.head)):
                if self.syntax.dep[ancestor] in ("acl:relcl", "advcl:relcl"):
                    antecedent = self._antecedent(self.syntax.head[ancestor])
                    if antecedent is not None and antecedent.index < phrase.index:
                        self.clusters.join(antecedent.index, phrase.index)
                    break
            else:
                before = self.phrases.of(phrase.head - 2) if self.syntax.text[phrase.head - 1] == "," else None
                if before is not None and phrase.head >= 2 and before.index < phrase.index:
                    self.clusters.join(before.index, phrase.index)

    def _antecedent(self, noun: int) -> Phrase | None:
        """What a relative clause on `noun` speaks of: of a role in apposition, the person who holds it."""
        found = self.phrases.of(noun)
        if found is not None and found.type == "Role":
            token = self.syntax.head[noun] if self.syntax.dep[noun] == "appos" else found.title_of
            person = self.phrases.of(token) if token is not None else None
            if person is not None and person.type == "Person":
                return person
        return found

    # ------------------------------------------------------------------ pronouns and definite nominals
    def others(self) -> None:
        for phrase in self.phrases.items:
            if phrase.kind == Kind.PRONOUN and self.clusters.find(phrase.index) == phrase.index:
                antecedent = self._chained(phrase) or self._pronoun(phrase)
                if antecedent is not None:
                    self.clusters.join(antecedent.index, phrase.index)
                    gender = phrase.feature
                    if gender in ("male", "female"):
                        self.gender.setdefault(self.clusters.find(antecedent.index), gender)
            elif (
                phrase.kind == Kind.NOMINAL
                and phrase.title_of is None
                and phrase.definite
                and not self._is_pair(phrase)
            ):
                antecedent = self._chained_name(phrase) or self._nominal(phrase)
                if antecedent is not None:
                    self.clusters.join(antecedent.index, phrase.index)

    def same_words(self) -> None:
        """'religious schools' and again 'religious schools': nominals of one wording, also bare plurals of things."""
        first: dict[tuple[str, ...], Phrase] = {}
        for phrase in self.phrases.items:
            if phrase.kind != Kind.NOMINAL or phrase.type in ("Role", "Person") or self._is_another(phrase):
                continue
            key = tuple(self.syntax.lower[phrase.core[0] : phrase.core[1] + 1])
            if len(key) < 2 and (not phrase.plural or phrase.type == "Group" or phrase.first < phrase.head):
                continue
            if key in first and (phrase.plural or phrase.definite):
                self.clusters.join(first[key].index, phrase.index)
            first.setdefault(key, phrase)

    def _is_another(self, phrase: Phrase) -> bool:
        """'three other schools', 'a second school', '20 schools': not the ones before."""
        syntax = self.syntax
        before = range(phrase.first, phrase.head)
        different = self.lexicon.features["different"]
        return any(syntax.pos[token] == "NUM" or syntax.lower[token] in different for token in before)

    def _chained(self, phrase: Phrase) -> Phrase | None:
        """What the model's chain holds before a pronoun: its last name, else its last nominal."""
        if phrase.feature not in ("thing", "male", "female", "plural"):
            return None
        gender = phrase.feature
        chain = [p for p in self.chain_of.get(phrase.index, ()) if p.index < phrase.index and p.kind != Kind.PRONOUN]
        earlier = self._without_same_clause(phrase, chain)
        if gender in ("male", "female"):
            earlier = [p for p in earlier if p.type == "Person"
                       and self.gender.get(self.clusters.find(p.index), gender) == gender]  # fmt: skip
        return next((p for p in reversed(earlier) if p.kind == Kind.NAME), earlier[-1] if earlier else None)

    def _chained_name(self, phrase: Phrase) -> Phrase | None:
        """Of a bare noun like 'the company', the last name of its type that the model's chain holds before it."""
        if phrase.core != (phrase.head, phrase.head) or phrase.plural or phrase.type not in AGENTS:
            return None
        chain = self.chain_of.get(phrase.index, ())
        names = [p for p in chain if p.index < phrase.index and p.kind == Kind.NAME and p.type == phrase.type]
        return names[-1] if names else None

    def follow(self) -> None:
        """What the rules leave open goes where the model's chains lead: to a name, else to a nominal before it."""
        items = self.phrases.items
        sizes: dict[int, int] = {}
        for phrase in items:
            cluster = self.clusters.find(phrase.index)
            sizes[cluster] = sizes.get(cluster, 0) + 1
        for members in self.chains:
            for phrase in members:
                if sizes.get(self.clusters.find(phrase.index), 0) > 1 or phrase.feature in ("speaker", "speakers"):
                    continue
                earlier = [other for other in members if other.index < phrase.index and other.kind != Kind.PRONOUN]
                target = next((other for other in reversed(earlier) if other.kind == Kind.NAME), None)
                target = target or (earlier[-1] if earlier else None)
                if target is None or (phrase.kind == Kind.NAME and target.kind != Kind.NAME):
                    continue
                alike = self.syntax.lemma[phrase.head] == self.syntax.lemma[target.head]
                near = self.syntax.sentence_of[phrase.head] - self.syntax.sentence_of[target.head] <= PRONOUN_REACH
                bare = phrase.definite and phrase.core == (phrase.head, phrase.head) and not phrase.plural
                same = near and bare and phrase.type == target.type and target.kind == Kind.NAME
                if phrase.kind != Kind.NOMINAL or alike or same:
                    self.clusters.join(target.index, phrase.index)

    def _pronoun(self, phrase: Phrase) -> Phrase | None:
        feature = phrase.feature
        if feature in ("speaker", "speakers"):
            speaker = self.speakers.get(phrase.head)
            source = self.phrases.of(speaker) if speaker is not None else None
            return source if feature == "speaker" else None
        if self.syntax.lower[phrase.head] in self.lexicon.features["reflexive"]:
            own = self.syntax.child(self.syntax.head[phrase.head], *SUBJECTS)
            return self.phrases.of(own) if own is not None else None
        candidates = self._without_same_clause(phrase, self._before(phrase))
        if feature in ("male", "female"):
            fits = [p for p in candidates if p.type == "Person" and self.gender.get(
                self.clusters.find(p.index), feature) == feature]  # fmt: skip
            quoted_by = self.speakers.get(phrase.head)
            if quoted_by is not None:  # in a quotation 'he' is hardly the speaker
                spoken = self.phrases.of(quoted_by)
                fits = [p for p in fits if spoken is None
                        or self.clusters.find(p.index) != self.clusters.find(spoken.index)]  # fmt: skip
            return self._best(phrase, fits)
        if feature == "thing":
            fits = [p for p in candidates if p.type in THINGS and not p.plural
                    and p.kind != Kind.PRONOUN and self._is_argument(p)]  # fmt: skip
            return self._best(phrase, [p for p in fits if p.type in AGENTS] or fits)
        if feature == "plural":
            fits = [p for p in candidates if (p.plural or p.type == "Group") and p.kind != Kind.PRONOUN]
            organizations = [p for p in candidates if p.type in ("Organization", "GovernmentOrganization")]
            return self._best(phrase, fits or organizations)
        return None

    def _without_same_clause(self, phrase: Phrase, candidates: list[Phrase]) -> list[Phrase]:
        """'Kask thanked him': not Kask. Possessives and reflexives may go back to their own clause."""
        syntax = self.syntax
        if syntax.tag[phrase.head] == "PRP$" or syntax.lower[phrase.head].endswith(("self", "selves")):
            return candidates
        beside = [
            found for token in syntax.children[syntax.head[phrase.head]] if (found := self.phrases.by_head.get(token))
        ]
        taken = {self.clusters.find(found.index) for found in beside if found.index != phrase.index}
        return [candidate for candidate in candidates if self.clusters.find(candidate.index) not in taken]

    def _is_pair(self, phrase: Phrase) -> bool:
        return self.syntax.lower[phrase.head] in self.lexicon.features["pair"]

    def _before(self, phrase: Phrase, reach: int = PRONOUN_REACH) -> list[Phrase]:
        sentence_of, found = self.syntax.sentence_of, []
        first = sentence_of[phrase.head] - reach
        for index in range(phrase.index - 1, -1, -1):
            candidate = self.phrases.items[index]
            if sentence_of[candidate.core[0]] < first:
                break
            if candidate.head < phrase.head and sentence_of[candidate.head] >= first:
                found.append(candidate)
        return found[::-1]

    def _is_argument(self, phrase: Phrase) -> bool:
        return self.syntax.dep[phrase.head] not in ("amod", "compound", "nmod:desc")

    def _best(self, phrase: Phrase, fits: Sequence[Phrase]) -> Phrase | None:
        """Nearest sentence first; in it subjects before others, then the first named."""
        if not fits:
            return None
        sentence_of = self.syntax.sentence_of
        here = sentence_of[phrase.head]

        def cost(candidate: Phrase) -> tuple[int, int, int]:
            distance = here - sentence_of[candidate.head]
            subject = self.syntax.dep[candidate.head] in SUBJECTS
            if distance == 0 and self._same_clause(candidate, phrase):
                distance = 0 if self.syntax.tag[phrase.head] == "PRP$" else 2
            return distance, 0 if subject else 1, candidate.head if distance else -candidate.head

        return min(fits, key=cost)

    def _same_clause(self, left: Phrase, right: Phrase) -> bool:
        return self.syntax.head[left.head] == self.syntax.head[right.head]

    def _nominal(self, phrase: Phrase) -> Phrase | None:
        syntax = self.syntax
        head = syntax.lower[phrase.head]
        before = [p for p in self._before(phrase, NOMINAL_REACH) if p.kind != Kind.PRONOUN]
        if phrase.type == "Role":
            predicated = syntax.dep[phrase.head] == "appos" or syntax.child(phrase.head, "cop") is not None
            qualified = syntax.child(phrase.head, "nmod", "nmod:poss") is not None or phrase.core[0] < phrase.head
            if predicated or qualified:
                return None
            for candidate in reversed(before):
                roles = self.roles.get(self.clusters.find(candidate.index), set())
                if candidate.type == "Person" and head in roles:
                    return candidate
            return None
        if phrase.type in ("Event", "Law", "Product", "Group", "Topic", "Facility"):
            for candidate in reversed(before):
                same_head = (
                    self.lexicon.synonymous(syntax.lower[candidate.head], head) and candidate.type == phrase.type
                )
                last_word = candidate.name is not None and self.lexicon.synonymous(
                    syntax.lower[candidate.core[1]], head
                )
                if (same_head or last_word) and self._modifiers_fit(phrase, candidate):
                    return candidate
            return None
        if phrase.type in ("Organization", "GovernmentOrganization", "City", "Region", "Country", "Person"):
            words = syntax.lower[phrase.core[0] : phrase.core[1] + 1]
            for candidate in reversed(before):
                names_it = candidate.type == phrase.type and (
                    candidate.name is not None or syntax.lower[candidate.head] == head
                )
                ends_so = candidate.name is not None and syntax.lower[candidate.core[1]] == head
                begins_so = candidate.name is not None and len(words) > 1 and words == syntax.lower[
                    candidate.core[0] : candidate.core[0] + len(words)]  # fmt: skip
                if (
                    ends_so or begins_so or (names_it and phrase.core == (phrase.head, phrase.head))
                ) and self._is_argument(candidate):
                    own_words = syntax.lower[candidate.core[0] : candidate.core[1] + 1]
                    if phrase.type == "GovernmentOrganization" and head not in own_words:
                        continue
                    return candidate
        return None

    def _modifiers_fit(self, phrase: Phrase, candidate: Phrase) -> bool:
        words = set(self.syntax.lower[phrase.core[0] : phrase.core[1] + 1]) - {self.syntax.lower[phrase.head]}
        others = set(self.syntax.lower[candidate.first : candidate.last + 1])
        return words <= others

    # ------------------------------------------------------------------ sets
    def sets(self) -> None:
        """Plurals that stand for things named one by one."""
        for phrase in self.phrases.items:
            if phrase.kind == Kind.NAME or self.clusters.find(phrase.index) != phrase.index:
                continue
            members = self._members(phrase)
            if 2 <= len(members) <= 5:
                self.clusters.sets[phrase.index] = tuple(member.index for member in members)

    def _members(self, phrase: Phrase) -> list[Phrase]:
        head = self.syntax.lower[phrase.head]
        pair = head in self.lexicon.features["pair"] or any(
            self.syntax.lower[t] in self.lexicon.features["pair"] for t in range(phrase.first, phrase.head)
        )
        if phrase.feature == "plural":
            return self._coordinated(phrase)
        if not phrase.definite and head not in self.lexicon.features["pair"]:
            return []
        singular = self.syntax.lemma[phrase.head].lower()
        persons = [p for p in self._before(phrase, reach=6) if p.type == "Person" and p.kind == Kind.NAME]
        if phrase.plural and singular in self.lexicon.roles:
            holders = [p for p in persons if singular in self.roles.get(self.clusters.find(p.index), ())]
            return self._distinct(holders)[:2] if pair else self._distinct(holders)
        if pair:
            wanted = self.lexicon.nouns.get(singular)
            kinds = {"Country": ("Country",), "Organization": ("Organization",)}.get(wanted or "", ())
            near = [p for p in self._before(phrase, reach=2) if p.kind == Kind.NAME and self._is_argument(p)]
            for kind in kinds or ("Person", "Country", "Organization"):
                found = self._distinct([p for p in near if p.type == kind])
                if len(found) >= 2:
                    return found[-2:]
        return []

    def _coordinated(self, phrase: Phrase) -> list[Phrase]:
        """Names coordinated as the nearest subject before a plural pronoun."""
        for candidate in reversed(self._before(phrase)):
            if candidate.kind != Kind.NAME or self.syntax.dep[candidate.head] not in SUBJECTS:
                continue
            parts = [self.phrases.of(token) for token in self.syntax.conjuncts(candidate.head)]
            names = [part for part in parts if part is not None and part.kind == Kind.NAME]
            if len(names) >= 2:
                return self._distinct(names)
        return []

    def _distinct(self, phrases: Sequence[Phrase]) -> list[Phrase]:
        first: dict[int, Phrase] = {}
        for phrase in phrases:
            first.setdefault(self.clusters.find(phrase.index), phrase)
        return list(first.values())
