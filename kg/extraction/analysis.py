"""Annotated document → `Analysis`: everything extractors read, computed once a document.

    syntax → names → phrases → clauses → contexts → clusters

and the makers of mentions and relation mentions, so that an extractor says only what it has found.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace

from kg.annotation import AnnotatedDocument
from kg.annotation.countries import country_of_capital
from kg.annotation.semantics import StatementAnnotation
from kg.extraction.clauses import Clause, find_clauses
from kg.extraction.context import Context, Contexts
from kg.extraction.coreference import Clusters, resolve_coreference
from kg.extraction.extents import extent
from kg.extraction.lexicon import Lexicon, english
from kg.extraction.mentions import find_names, inner_mentions, match_mentions, match_values, phrase_chains, take_types
from kg.extraction.phrases import Phrase, Phrases, find_phrases
from kg.extraction.repairs import hang_conjuncts_on_obliques, hang_nouns_on_names
from kg.extraction.syntax import Syntax, read_syntax
from kg.model import Argument, Attribution, Document, Kind, Literal, Mention, RelationMention, Span, Status
from kg.vocabulary import XSD

SUPERTYPES = {
    "Person": ("Agent",),
    "Organization": ("Agent",),
    "GovernmentOrganization": ("Organization", "Agent"),
    "Group": ("Agent",),
    "Country": ("Place", "Agent"),
    "City": ("Place",),
    "Region": ("Place",),
    "Facility": ("Place",),
}
BODIES = frozenset({"Organization", "GovernmentOrganization", "Country", "City", "Region", "Facility"})


@dataclass(frozen=True, slots=True)
class TextValue:
    """A date, amount or number in the text: tokens `first..last`, normalised value."""

    first: int
    last: int
    value: str
    kind: str  # date | money | number | percent | quantity | duration | age
    relation: str | None = None  # since | until | from | to

    @property
    def datatype(self) -> str:
        """XSD datatype that fits the value."""
        if self.kind == "date":
            return {10: XSD.date, 7: XSD.gYearMonth, 4: XSD.gYear}.get(len(self.value), XSD.string)
        return XSD.integer if self.kind == "age" else XSD.string


@dataclass(slots=True)
class Analysis:
    """One document, analysed. Tokens are indices into `syntax`."""

    document: Document
    syntax: Syntax
    lexicon: Lexicon
    values: list[TextValue]
    phrases: Phrases
    clauses: dict[int, Clause]
    contexts: Contexts
    clusters: Clusters
    value_at: dict[int, TextValue] = field(default_factory=dict)
    aliases: dict[int, int] = field(
        default_factory=dict
    )  # cluster → cluster it stands for ('we' → the speaker's country)

    statements: tuple[StatementAnnotation, ...] = ()
    mentioned: frozenset[int] = frozenset()  # heads of phrases where the model sees a mention
    phrase_of_mention: dict[int, Phrase] = field(default_factory=dict)  # the model's mention → phrase of the same head
    value_of_mention: dict[int, TextValue] = field(default_factory=dict)
    title_at: dict[int, Phrase] = field(default_factory=dict)  # token of a title before a name → the title
    pronouns: bool = False  # whether a pronoun without antecedent stands for a thing of its own

    # ------------------------------------------------------------------ reference
    def tokens_within(self, begin: int, end: int) -> range:
        """Tokens that begin within the characters begin..end."""
        return range(bisect_left(self.syntax.begin, begin), bisect_left(self.syntax.begin, end))

    def cluster(self, phrase: Phrase) -> int:
        """Number of the thing a phrase refers to."""
        found = self.clusters.find(phrase.index)
        return self.aliases.get(found, found)

    def named(self, phrase: Phrase) -> Phrase:
        """The best phrase of the same thing: a name if there is one, else the first nominal."""
        members = self.members.get(self.cluster(phrase), [phrase])
        for kind in (Kind.NAME, Kind.NOMINAL):
            for member in members:
                if member.kind == kind and member.title_of is None:
                    return member
        return members[0]

    @property
    def members(self) -> dict[int, list[Phrase]]:
        """Phrases of each thing, in text order."""
        return self._members

    _members: dict[int, list[Phrase]] = field(default_factory=dict)

    def types(self, phrase: Phrase) -> frozenset[str]:
        """Classes of the thing a phrase refers to, superclasses included."""
        best = self.named(phrase)
        result = set(best.types)
        for name in best.types:
            result.update(SUPERTYPES.get(name, ()))
        return frozenset(result)

    def resolved(self, phrase: Phrase | None) -> bool:
        """Whether the phrase refers to something that has a name or a noun.

        Unresolved pronouns do not, unless they are things of their own here, nor adjectives of a country that is not
        known ('Korean').
        """
        if phrase is None:
            return False
        best = self.named(phrase)
        adjective = best.name is not None and best.name.demonym and not best.name.wikidata
        if best.kind == Kind.PRONOUN:
            return self.pronouns and best.feature in self.lexicon.features["own_pronoun"]
        return not adjective

    # ------------------------------------------------------------------ making
    def mention(self, phrase: Phrase) -> Mention:
        """The phrase as a mention of its entity; of a relative pronoun, the noun phrase that it stands for."""
        syntax, shown = self.syntax, self._antecedent(phrase) if phrase.feature == "relative" else phrase
        first, last = shown.core if shown.kind == Kind.NAME else (shown.head, shown.head)
        return Mention(
            span=syntax.span(*extent(syntax, shown)),
            head=syntax.span(first, last),
            entity=f"e{self.cluster(phrase)}",
            kind=shown.kind,
        )

    def _antecedent(self, pronoun: Phrase) -> Phrase:
        before = [p for p in self.members.get(self.cluster(pronoun), ()) if p.head < pronoun.head and not p.feature]
        return max(before, key=lambda phrase: phrase.head, default=pronoun)

    def literal(self, value: TextValue) -> Literal:
        """The value as a literal with its place in the text."""
        return Literal(value=value.value, datatype=value.datatype, span=self.syntax.span(value.first, value.last))

    def attribution(self, context: Context) -> Attribution | None:
        """Source, cue and content of a claimed context."""
        if context.status != Status.CLAIMED:
            return None
        source = self.phrases.of(context.source) if context.source is not None else None
        content: tuple[Span, ...] = ()
        if context.content is not None:
            tokens = self.syntax.subtree(context.content)
            content = (self.syntax.span(tokens[0], tokens[-1]),)
        cue = self.syntax.span(context.cue, context.cue) if context.cue is not None else None
        mention = self.mention(self.bearer(source)) if source is not None and self.resolved(source) else None
        return Attribution(source=mention, cue=cue, content=content)

    def relation(
        self,
        subject: Phrase,
        predicate: str,
        object: Phrase | TextValue,
        context: Context,
        *,
        extractor: str,
        confidence: float,
        words: Iterable[int] = (),
        time: TextValue | None = None,
        bounds: Iterable[TextValue] = (),
        place: Phrase | None = None,
        arguments: Iterable[Argument] = (),
    ) -> RelationMention:
        """A relation mention in the sentence of the words that carry it (else of its subject)."""
        said = sorted(set(words))
        tokens = [token for token in said if self.syntax.tag[token] != "POS" and not self._inside(token, object)]
        anchor = said[0] if said else max(subject.head, object.head if isinstance(object, Phrase) else object.first)
        limits = {value.relation: self.literal(value) for value in bounds}
        return RelationMention(
            subject=self.mention(subject),
            predicate=predicate,
            object=self.mention(object) if isinstance(object, Phrase) else self.literal(object),
            sentence=self.syntax.sentence_span(self.syntax.sentence_of[anchor]),
            predicate_spans=self.spans(tokens),
            arguments=tuple(arguments),
            status=context.status,
            attribution=self.attribution(context),
            modality=context.modality,
            polarity=context.polarity,
            time=self.literal(time) if time is not None and not limits else None,
            start=limits.get("since") or limits.get("from"),
            end=limits.get("until") or limits.get("to"),
            place=self.mention(place) if place is not None and self.resolved(place) else None,
            confidence=round(confidence, 2),
            extractor=extractor,
        )

    def _inside(self, token: int, object: Phrase | TextValue) -> bool:
        """Whether a token belongs to the object, so that it words no relation."""
        first, last = extent(self.syntax, object) if isinstance(object, Phrase) else (object.first, object.last)
        return first <= token <= last

    def spans(self, tokens: list[int]) -> tuple[Span, ...]:
        """Neighbouring tokens joined into spans."""
        spans: list[Span] = []
        previous = -2
        for token in tokens:
            span = self.syntax.span(token, token)
            if token == previous + 1:
                spans[-1] = Span(spans[-1].begin, span.end)
            else:
                spans.append(span)
            previous = token
        return tuple(spans)

    # ------------------------------------------------------------------ frequent questions
    def bearer(self, phrase: Phrase) -> Phrase:
        """Of an office beside a person's name ('her counterpart, Marek Zielinski'), the person; else the phrase."""
        if phrase.type != "Role":
            return phrase
        beside = [phrase.title_of] if phrase.title_of is not None else self.syntax.dependents(phrase.head, "appos")
        persons = [found for token in beside if (found := self.phrases.of(token)) is not None]
        return next((p for p in persons if p.type == "Person" and p.kind == Kind.NAME), phrase)

    def phrases_in(self, clause: Clause, slot: str) -> list[Phrase]:
        """Resolved phrases in a slot; 'the two', 'both' and plural pronouns stand for their members where known."""
        result: list[Phrase] = []
        for token in clause.slots.get(slot, ()):
            phrase = self.phrases.of(token)
            if phrase is None:
                continue
            members = self.clusters.sets.get(phrase.index)
            if members:
                result.extend(self.phrases.items[member] for member in members)
            elif self.resolved(phrase):
                result.append(self.bearer(phrase))
        return result

    def time_of(self, tokens: Iterable[int]) -> tuple[TextValue | None, list[TextValue]]:
        """The date among argument tokens, and the bounds (since, until, from, to)."""
        date: TextValue | None = None
        bounds: list[TextValue] = []
        for token in tokens:
            value = self.value_at.get(token)
            if value is not None and value.kind == "date":
                if value.relation:
                    bounds.append(value)
                elif date is None:
                    date = value
        return date, bounds

    def is_former(self, phrase: Phrase) -> bool:
        """Whether a modifier says that a phrase was once what its noun says ('former members')."""
        status = self.lexicon.features["status_role"]
        modifiers = self.syntax.dependents(phrase.head, "amod", "advmod")
        return any(status.get(self.syntax.lower[word]) == "former" for word in modifiers)

    def is_place(self, phrase: Phrase) -> bool:
        """Whether a phrase names or describes a place."""
        return "Place" in self.types(phrase) or self.named(phrase).type == "Place"


def analyse(annotated: AnnotatedDocument, *, pronouns: bool = False) -> Analysis:
    """All structures of one document; depends on it alone. `pronouns` as in `Analysis`."""
    syntax, lexicon = read_syntax(annotated.doc), english()
    values = _values(annotated, syntax)
    value_at = {token: value for value in values for token in range(value.first, value.last + 1)}
    names = [name for name in find_names(annotated, syntax, lexicon.nouns) if name.first not in value_at]
    hang_nouns_on_names(syntax, names, lexicon)
    hang_conjuncts_on_obliques(syntax)
    phrases = find_phrases(syntax, names, frozenset(value_at), lexicon, inner_mentions(annotated, syntax, value_at))
    matched = match_mentions(annotated, syntax, phrases)
    take_types(annotated, phrases, matched)
    clauses = find_clauses(syntax, lexicon)
    contexts = Contexts(syntax, clauses, lexicon)
    _reattach(syntax, phrases, clauses, lexicon.features["clause_preposition"])
    _metonymy(syntax, phrases, clauses, lexicon.features["address_verb"])
    chains = phrase_chains(annotated, matched)
    clusters = resolve_coreference(syntax, phrases, lexicon, clauses, contexts.speaker_of_token(), chains)
    analysis = Analysis(annotated.document, syntax, lexicon, values, phrases, clauses, contexts, clusters, value_at)
    analysis.pronouns = pronouns
    for phrase in reversed(phrases.items):
        if phrase.title_of is not None:
            analysis.title_at.update(dict.fromkeys(range(phrase.first, phrase.last + 1), phrase))
    analysis.statements = annotated.semantics.statements
    analysis.phrase_of_mention = matched
    analysis.mentioned = frozenset(phrase.head for phrase in matched.values())
    analysis.value_of_mention = match_values(annotated, syntax, value_at)
    index_members(analysis)
    return analysis


def alias(analysis: Analysis, source: int, target: int) -> None:
    """Lets cluster `source` stand for cluster `target` ('we' for the country the speaker represents)."""
    analysis.aliases[source] = target
    index_members(analysis)


def index_members(analysis: Analysis) -> None:
    """Brings `analysis.members` up to date after clusters were joined or given aliases."""
    members: dict[int, list[Phrase]] = {}
    for phrase in analysis.phrases.items:
        members.setdefault(analysis.cluster(phrase), []).append(phrase)
    analysis._members = members


def _values(annotated: AnnotatedDocument, syntax: Syntax) -> list[TextValue]:
    result = []
    starts = sorted((begin, index) for index, begin in enumerate(syntax.begin))
    position = 0
    for value in sorted(annotated.values, key=lambda v: v.begin):
        while position < len(starts) and syntax.end[starts[position][1]] <= value.begin:
            position += 1
        first = last = position
        while last + 1 < len(starts) and syntax.begin[last + 1] < value.end:
            last += 1
        if first < len(starts):
            result.append(TextValue(first, last, value.value, value.kind, value.relation))
    return result


def _reattach(syntax: Syntax, phrases: Phrases, clauses: dict[int, Clause], prepositions: Container[str]) -> None:
    """Gives clauses what a parser hangs on a person's name ('welcoming X and Y to the Pentagon') or makes an adverbial.

    Such an adverbial is a name without preposition after a verb that has no object.
    """
    for clause in clauses.values():
        if clause.part != "verb":
            continue
        if not clause.passive and "obj" not in clause.slots:  # 'attend the Vienna Forum' read as an adverbial
            for token in clause.slots.get("unmarked", ()):
                phrase = phrases.by_head.get(token)
                if phrase is not None and phrase.name is not None and token > clause.predicate:
                    clause.add("obj", token)
        for slot in ("obj", "subj", "with", "for"):
            for token in tuple(clause.slots.get(slot, ())):
                phrase = phrases.by_head.get(token)
                if phrase is None or phrase.type != "Person" or token < clause.predicate:
                    continue
                for child in syntax.dependents(token, "nmod"):
                    case = syntax.case(child)
                    if case in prepositions and phrase.name is not None and child > phrase.name.last:
                        for part in syntax.conjuncts(child):
                            clause.add(case, part)
                            clause.markers[part] = [c for c in syntax.children[child] if syntax.dep[c] == "case"]


def _metonymy(syntax: Syntax, phrases: Phrases, clauses: dict[int, Clause], address: Container[str]) -> None:
    """A capital that acts ('Beijing is investing', 'accused Moscow') stands for its country."""
    acting: set[int] = set()
    for clause in clauses.values():
        if clause.part != "verb":
            continue
        acting.update(clause.slots.get("subj", ()))
        if clause.lemma in address:
            acting.update(clause.slots.get("obj", ()))
    for phrase in phrases.items:
        if phrase.name is None or phrase.name.demonym or phrase.name.wikidata:
            continue
        read_so = phrase.type == "Country"  # by the model: 'has not yet replied to Tokyo'
        if read_so or phrase.head in acting:
            country = country_of_capital(phrase.label)
            if country is not None and (read_so or syntax.case(phrase.head) == ""):
                phrase.types = ("Country",)
                phrase.name = replace(phrase.name, types=("Country",), wikidata=country.wikidata,
                                      canonical=country.name, demonym=True)  # fmt: skip
