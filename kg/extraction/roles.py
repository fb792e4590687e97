"""Titles and roles: 'Defense Secretary Pete Hegseth', 'X, former head of Y', 'X was appointed Z', 'her counterpart'.

Gives `holdsRole`, `heldRole`, `roleIn`, and what an office brings with it (`represents`, `leads`, `memberOf`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.extraction.analysis import BODIES, Analysis, TextValue
from kg.extraction.context import PLAIN, Context
from kg.extraction.phrases import Phrase
from kg.model import Kind, Modality, RelationMention

NAME = "kg.extraction.roles"


@dataclass(frozen=True, slots=True)
class Holding:
    """A person and a role as one construction joins them."""

    holder: Phrase
    role: Phrase
    context: Context
    former: bool
    words: tuple[int, ...]
    confidence: float


def extract(analysis: Analysis) -> Iterator[RelationMention]:
    """All holdings of the document, and the bodies of the roles."""
    told: set[int] = set()
    for holding in find_holdings(analysis):
        yield from _tell(analysis, holding, told)
    for person, role, country, word in _counterparts(analysis):
        yield from _same_office(analysis, person, role, country, word)
    for person, role, context, verb in _successions(analysis):
        if context == PLAIN:
            yield analysis.relation(person, "kg:heldRole", role, context, extractor=NAME, confidence=0.8, words=[verb])
    for phrase in analysis.phrases.items:
        if phrase.type == "Role" and phrase.index not in told and analysis.named(phrase) is not phrase:
            yield from _body_fact(analysis, phrase, told)


def find_holdings(analysis: Analysis) -> list[Holding]:
    """Who holds what, from every construction; duplicates of one role phrase are left out."""
    found: list[Holding] = []
    seen: set[tuple[int, int]] = set()
    for maker in (_titles, _appositions, _copulas, _appointments, _as_phrases, _successors, _plural_appositions):
        for holding in maker(analysis):
            key = (holding.holder.index, holding.role.index)
            if key not in seen and holding.holder.index != holding.role.index:
                seen.add(key)
                found.append(holding)
    return found


def body_of(analysis: Analysis, role: Phrase) -> Phrase | None:
    """What the office belongs to: a country or organization inside the phrase, its possessor or its complement."""
    syntax, phrases = analysis.syntax, analysis.phrases
    inside = range(min(role.first, role.core[0]), role.core[1] + 1)
    before, complements = [], []
    for child in syntax.children[role.head]:
        dep = syntax.dep[child]
        if dep in ("amod", "compound", "nmod:poss", "nmod:desc"):
            before.append(child)
        elif dep == "nmod" and syntax.case(child) in analysis.lexicon.features["body_preposition"]:
            complements.append(child)
    for token in (*before, *complements, *inside):
        phrase = phrases.of(token)
        if phrase is None or phrase.index == role.index or not analysis.resolved(phrase):
            continue
        if analysis.types(phrase) & BODIES and not _is_nationality(analysis, role, phrase):
            return phrase
    return None


def _is_nationality(analysis: Analysis, role: Phrase, word: Phrase) -> bool:
    """Whether an adjective of a country before a profession tells the person's nationality ('Brazilian striker')."""
    adjective = word.name is not None and word.name.demonym
    return adjective and analysis.syntax.lower[role.head] in analysis.lexicon.features["profession"]


# ---------------------------------------------------------------------------------------------- constructions


def _titles(analysis: Analysis) -> Iterator[Holding]:
    for role in analysis.phrases.items:
        if role.title_of is not None and _is_role(analysis, role):
            holder = analysis.phrases.by_head.get(role.title_of)
            if holder is not None:
                yield Holding(
                    holder, role, analysis.contexts.of_nominal(role.head), _is_former(analysis, role), (), 0.97
                )


def _appositions(analysis: Analysis) -> Iterator[Holding]:
    syntax, phrases = analysis.syntax, analysis.phrases
    for token in range(len(syntax)):
        if syntax.dep[token] != "appos":
            continue
        heads = [syntax.head[token]]
        for part in syntax.conjuncts(token):
            for head in heads:
                left, right = phrases.of(head), phrases.of(part)
                if left is None or right is None:
                    continue
                role, holder = (right, left) if _is_role(analysis, right) else (left, right)
                if (
                    not _is_role(analysis, role)
                    or role.title_of is not None
                    or not _is_person(analysis, holder, named=True)
                ):
                    continue
                yield Holding(
                    holder, role, analysis.contexts.of_nominal(role.head), _is_former(analysis, role), (), 0.94
                )


def _copulas(analysis: Analysis) -> Iterator[Holding]:
    syntax, lexicon = analysis.syntax, analysis.lexicon
    for clause in analysis.clauses.values():
        predicate = clause.predicate
        if clause.part == "noun":
            complements = syntax.conjuncts(predicate)
            copula = syntax.child(predicate, "cop")
            words: tuple[int, ...] = (copula,) if copula is not None else ()
        elif clause.lemma in lexicon.features["copula"]:
            complements = [t for c in syntax.dependents(predicate, "xcomp", "obj") for t in syntax.conjuncts(c)]
            words = (predicate,)
        else:
            continue
        context = analysis.contexts.of_predicate(predicate)
        for complement in complements:
            role = analysis.phrases.by_head.get(complement)
            if role is None or not _is_role(analysis, role):
                continue
            past = bool(words) and syntax.tag[words[0]] == "VBD" and clause.part == "noun"
            past = past or (syntax.dep[predicate] == "xcomp" and syntax.lemma[syntax.head[predicate]] == "use")
            for holder in analysis.phrases_in(clause, "subj"):
                if _is_person(analysis, holder, named=False):
                    yield Holding(holder, role, context, past or _is_former(analysis, role), words, 0.9)


def _appointments(analysis: Analysis) -> Iterator[Holding]:
    syntax, lexicon = analysis.syntax, analysis.lexicon
    for clause in analysis.clauses.values():
        if clause.lemma not in lexicon.features["appoint_verb"]:
            continue
        context = analysis.contexts.of_predicate(clause.predicate)
        complements = (
            syntax.dependents(clause.predicate, "xcomp") + clause.slots.get("as", []) + clause.slots.get("obj2", [])
        )
        for complement in complements:
            role = analysis.phrases.by_head.get(complement)
            if role is None or not _is_role(analysis, role):
                continue
            for holder in analysis.phrases_in(clause, "obj"):
                if _is_person(analysis, holder, named=False):
                    yield Holding(holder, role, context, False, (clause.predicate,), 0.88)


def _as_phrases(analysis: Analysis) -> Iterator[Holding]:
    """'served as', 'works as', 'resigned as', 'stepped down as'."""
    lexicon = analysis.lexicon
    for clause in analysis.clauses.values():
        for complement in clause.slots.get("as", ()):
            role = analysis.phrases.by_head.get(complement)
            current = clause.lemma in lexicon.features["role_verb"]
            leaving = clause.lemma in lexicon.features["leave_verb"]
            if role is None or not _is_role(analysis, role) or not (current or leaving):
                continue
            past = leaving or analysis.syntax.tag[clause.predicate] in ("VBD", "VBN")
            for holder in analysis.phrases_in(clause, "subj"):
                if _is_person(analysis, holder, named=False):
                    context = analysis.contexts.of_predicate(clause.predicate)
                    yield Holding(holder, role, context, past, (clause.predicate,), 0.88)


def _plural_appositions(analysis: Analysis) -> Iterator[Holding]:
    """'X and Y, then researchers at Z': one role noun in the plural for several people."""
    syntax, phrases = analysis.syntax, analysis.phrases
    for role in phrases.items:
        singular = syntax.lemma[role.head].lower()
        if (
            not role.plural
            or role.type != "Group"
            or singular not in analysis.lexicon.roles
            or syntax.dep[role.head] != "appos"
        ):
            continue
        holders = [phrases.of(token) for token in _all_conjuncts(analysis, syntax.head[role.head])]
        named = [holder for holder in holders if holder is not None and _is_person(analysis, holder, named=True)]
        if len(named) >= 2:
            role.types = ("Role",)
            for holder in named:
                yield Holding(
                    holder, role, analysis.contexts.of_nominal(role.head), _is_former(analysis, role), (), 0.85
                )


def _all_conjuncts(analysis: Analysis, token: int) -> list[int]:
    while analysis.syntax.dep[token] == "conj":
        token = analysis.syntax.head[token]
    return analysis.syntax.conjuncts(token)


def _successions(analysis: Analysis) -> Iterator[tuple[Phrase, Phrase, Context, int]]:
    """'X, who succeeded Y', 'X was appointed minister, replacing Y': Y held the role that X holds."""
    roles: dict[int, Phrase] = {}
    for holding in find_holdings(analysis):
        if not holding.former:
            roles[analysis.cluster(holding.holder)] = holding.role
    for clause in analysis.clauses.values():
        if clause.lemma not in analysis.lexicon.features["succession"]:
            continue
        for new in analysis.phrases_in(clause, "subj"):
            role = roles.get(analysis.cluster(new))
            for old in analysis.phrases_in(clause, "obj"):
                if role is not None and _is_person(analysis, old, named=True):
                    yield old, role, analysis.contexts.of_predicate(clause.predicate), clause.predicate


def _successors(analysis: Analysis) -> Iterator[Holding]:
    """'X succeeded Y as director', 'X replaces Y as captain': X holds the role."""
    for clause in analysis.clauses.values():
        if clause.lemma not in analysis.lexicon.features["succession"]:
            continue
        for complement in clause.slots.get("as", ()):
            role = analysis.phrases.by_head.get(complement)
            if role is None or not _is_role(analysis, role):
                continue
            for holder in analysis.phrases_in(clause, "subj"):
                if _is_person(analysis, holder, named=False):
                    context = analysis.contexts.of_predicate(clause.predicate)
                    yield Holding(holder, role, context, False, (clause.predicate,), 0.88)


def _counterparts(analysis: Analysis) -> Iterator[tuple[Phrase, Phrase, Phrase | None, Phrase]]:
    """'her Estonian counterpart, X', 'his successor, Y': (person, the other's role, the person's country, the word)."""
    syntax, phrases, features = analysis.syntax, analysis.phrases, analysis.lexicon.features
    roles: dict[int, Phrase] = {}
    for holding in find_holdings(analysis):
        roles.setdefault(analysis.cluster(holding.holder), holding.role)
    for word in phrases.items:
        if syntax.lower[word.head] not in features["counterpart"] or word.kind != Kind.NOMINAL:
            continue
        owner = syntax.child(word.head, "nmod:poss", "nmod")
        possessor = phrases.of(owner) if owner is not None else None
        person = _person_beside(analysis, word)
        if possessor is None or person is None:
            continue
        role = roles.get(analysis.cluster(possessor))
        if role is not None:
            yield person, role, body_of(analysis, word), word


def _person_beside(analysis: Analysis, word: Phrase) -> Phrase | None:
    """The name apposed to a noun, or that the noun is a title of."""
    syntax, phrases = analysis.syntax, analysis.phrases
    candidates = [
        child for child in syntax.dependents(word.head, "appos") if syntax.text[child - 1] in (",", "(", "—", "–", "-")
    ]
    candidates += [syntax.head[word.head]] if syntax.dep[word.head] in ("appos", "nmod:desc") else []
    if word.title_of is not None:
        candidates.append(word.title_of)
    for token in candidates:
        phrase = phrases.of(token)
        if phrase is not None and phrase.type == "Person" and phrase.kind == Kind.NAME:
            return phrase
    return None


# ---------------------------------------------------------------------------------------------- statements


def _tell(analysis: Analysis, holding: Holding, told: set[int]) -> Iterator[RelationMention]:
    role, holder, context = holding.role, holding.holder, holding.context
    future = _has_status(analysis, role, "future")
    if future and context == PLAIN:
        context = Context(modality=Modality.PLANNED)
    clause_date = None
    bounds: list[TextValue] = []
    if holding.words:
        clause = next((c for c in analysis.clauses.values() if c.predicate in holding.words
                       or analysis.syntax.head[holding.words[0]] == c.predicate), None)  # fmt: skip
        if clause is not None:
            clause_date, bounds = analysis.time_of([t for tokens in clause.slots.values() for t in tokens])
    yield analysis.relation(
        holder, "kg:heldRole" if holding.former else "kg:holdsRole", role, context, extractor=NAME,
        confidence=holding.confidence, words=holding.words, time=clause_date, bounds=bounds,
    )  # fmt: skip
    yield from _body_fact(analysis, role, told)
    for token in range(min(role.first, role.core[0]), role.head):
        country = analysis.phrases.of(token)
        if country is not None and _is_nationality(analysis, role, country):
            nominal = analysis.contexts.of_nominal(role.head)
            yield analysis.relation(holder, "kg:citizenOf", country, nominal, extractor=NAME, confidence=0.85)
    if holding.former or context.modality != Modality.ACTUAL:
        return
    body = body_of(analysis, role)
    head = analysis.syntax.lower[role.head]
    implied = analysis.lexicon.features["office"].get(head)
    if body is None:
        return
    types = analysis.types(body)
    if implied is None and "Organization" in types:
        implied = "memberOf" if head in analysis.lexicon.features["service"] else "worksFor"
    if (
        implied in ("worksFor", "memberOf")
        or implied == "represents"
        or (implied == "leads" and "Country" not in types)
    ):
        yield analysis.relation(
            holder, f"kg:{implied}", body, context, extractor=NAME, confidence=0.8, words=holding.words
        )  # fmt: skip


def _same_office(
    analysis: Analysis, person: Phrase, role: Phrase, country: Phrase | None, word: Phrase
) -> Iterator[RelationMention]:
    """A counterpart holds the same office elsewhere, a successor the same, a predecessor held it."""
    relation = analysis.lexicon.features["counterpart"][analysis.syntax.lower[word.head]]
    context = analysis.contexts.of_nominal(word.head)
    if relation == "same":
        yield analysis.relation(
            person, "kg:holdsRole", word, context, extractor=NAME, confidence=0.85, words=[word.head]
        )
        if country is not None:
            yield analysis.relation(
                word, "kg:roleIn", country, context, extractor=NAME, confidence=0.85, words=[word.head]
            )
            yield analysis.relation(person, "kg:represents", country, context, extractor=NAME, confidence=0.75)
        return
    predicate = "kg:heldRole" if relation == "before" else "kg:holdsRole"
    if relation == "after":  # whoever holds the office now is named beside
        context = replace(context, modality=Modality.PLANNED)
    yield analysis.relation(person, predicate, role, context, extractor=NAME, confidence=0.85, words=[word.head])


def _body_fact(analysis: Analysis, role: Phrase, told: set[int]) -> Iterator[RelationMention]:
    if role.index in told:
        return
    told.add(role.index)
    body = body_of(analysis, role)
    if body is not None:
        yield analysis.relation(role, "kg:roleIn", body, analysis.contexts.of_nominal(role.head), extractor=NAME,
                                confidence=0.93)  # fmt: skip


# ---------------------------------------------------------------------------------------------- conditions


def _is_role(analysis: Analysis, phrase: Phrase) -> bool:
    """A role noun; counterparts and successors only point to one."""
    return phrase.type == "Role" and analysis.syntax.lower[phrase.head] not in analysis.lexicon.features["counterpart"]


def _is_person(analysis: Analysis, phrase: Phrase, *, named: bool) -> bool:
    best = analysis.named(phrase)
    return best.type == "Person" and (best.kind == Kind.NAME or not named)


def _has_status(analysis: Analysis, role: Phrase, status: str) -> bool:
    features = analysis.lexicon.features["status_role"]
    syntax = analysis.syntax
    start = max(syntax.sentences[syntax.sentence_of[role.head]][0], role.core[0] - 3)
    for token in range(role.core[0] - 1, start - 1, -1):
        if syntax.text[token] in (",", ".", ";") or syntax.pos[token] == "VERB":
            return False
        if features.get(syntax.lower[token]) == status:
            return True
    return any(features.get(syntax.lower[token]) == status for token in range(role.core[0], role.core[1] + 1))


def _is_former(analysis: Analysis, role: Phrase) -> bool:
    """'former' and the like before the role, or a date or 'last week' under 'until' after it."""
    syntax = analysis.syntax
    until = analysis.lexicon.features["until"]
    bounded = any(syntax.case(child) in until for child in syntax.children[role.head]
                  if syntax.dep[child] in ("nmod", "obl", "nmod:unmarked"))  # fmt: skip
    after = role.core[1] + 1
    bounded = bounded or (after < len(syntax) and syntax.lower[after] in until)
    return bounded or _has_status(analysis, role, "former")
