"""Syntax and names → `Phrase`: every noun phrase that may refer to something, with its kind and types.

Names come from the annotation; titles before names, role nouns, nominals and pronouns from the trees. Nothing here says
what a phrase refers to: that is `coreference`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.extraction.lexicon import Lexicon
from kg.extraction.syntax import Syntax
from kg.model import Kind

NOT_IN_SPAN = frozenset(
    {"acl:relcl", "acl", "appos", "conj", "cc", "parataxis", "punct", "advcl", "cop", "nsubj", "aux", "mark", "case",
     "advcl:relcl", "nsubj:outer", "dep", "list", "ccomp", "advmod", "discourse", "obl", "csubj"}
)  # fmt: skip
TITLE_POS = frozenset({"PROPN", "NOUN", "ADJ", "NUM"})
BODY_TYPES = frozenset({"Country", "City", "Region", "Organization", "GovernmentOrganization"})
TITLE_JOINERS = frozenset({"of", "for", "and", "&", "the"})


@dataclass(frozen=True, slots=True)
class Name:
    """A named entity as annotated: token range (last inclusive), class names best first, Wikidata id if certain.

    `demonym` marks an adjective or noun of nationality, which names its country.
    """

    first: int
    last: int
    types: tuple[str, ...]
    wikidata: str | None = None
    canonical: str | None = None
    demonym: bool = False


@dataclass(slots=True)
class Phrase:
    """A noun phrase: token indices, `last` inclusive; `first..last` is the phrase with its modifiers."""

    index: int
    head: int
    first: int
    last: int
    kind: Kind
    types: tuple[str, ...]
    label: str
    core: tuple[int, int]  # tokens of the name, or of the head with what is left of it
    name: Name | None = None
    feature: str = ""  # of pronouns: male, female, thing, plural, speaker, speakers, relative
    title_of: int | None = None  # index of the phrase whose title this is
    plural: bool = False
    definite: bool = False

    @property
    def type(self) -> str:
        """The best class name."""
        return self.types[0]


@dataclass(slots=True)
class Phrases:
    """All phrases of a document in text order, and the phrase headed by each token."""

    items: list[Phrase] = field(default_factory=list)
    by_head: dict[int, Phrase] = field(default_factory=dict)
    covering: dict[int, Phrase] = field(default_factory=dict)  # token inside a name or title → its phrase
    inner: dict[int, Phrase] = field(default_factory=dict)  # by head: mentions inside another phrase

    def of(self, token: int) -> Phrase | None:
        """The phrase that `token` heads, or whose name it belongs to."""
        return self.by_head.get(token) or self.covering.get(token)


def find_phrases(
    syntax: Syntax,
    names: Iterable[Name],
    values: frozenset[int],
    lexicon: Lexicon,
    inner: Iterable[tuple[Name, Kind]] = (),
) -> Phrases:
    """All noun phrases, in text order. `values` are the tokens of dates, amounts and numbers, which are none.

    `inner` are names within names ('Bristol' in 'Bristol Crown Court') and nouns that modify ('army' in 'army chief')
    where the model sees a mention.
    """
    finder = _Finder(syntax, lexicon, values)
    titles: list[tuple[int, int]] = []
    kept = sorted(names, key=lambda name: (name.first, -name.last))
    persons = [name for name in kept if name.types[0] == "Person"]
    for person in persons:
        title = finder.title_before(person.first)
        if title:
            titles.append(title)
    for name in kept:
        within_title = any(first <= name.first and name.last <= last for first, last in titles)
        swallowed = within_title and not name.demonym and name.types[0] not in BODY_TYPES
        if not swallowed:
            finder.add_name(name, within_title=within_title)
    title_list = iter(titles)
    person_of_title = {title: person for person, title in zip(
        [p for p in persons if finder.title_before(p.first)], titles, strict=True)}  # fmt: skip
    for title in title_list:
        if person_of_title[title].first in finder.taken:
            finder.add_title(title, person_of_title[title])
    for token in range(len(syntax)):
        finder.add_common(token)
    for name, kind in inner:
        finder.add_inner(name, kind)
    return finder.finish()


class _Finder:
    def __init__(self, syntax: Syntax, lexicon: Lexicon, values: frozenset[int]) -> None:
        self.syntax, self.lexicon, self.values = syntax, lexicon, values
        self.found: list[Phrase] = []
        self.taken: dict[int, Phrase] = {}  # token → phrase whose name or title covers it
        self.heads: dict[int, Phrase] = {}
        self.inner: dict[int, Phrase] = {}  # heads of mentions within other phrases

    # ------------------------------------------------------------------ names
    def add_name(self, name: Name, *, within_title: bool) -> None:
        head = self._head_of(name.first, name.last)
        if name.first in self.taken:
            return
        syntax = self.syntax
        first, last = (name.first, name.last) if within_title or name.demonym else self._noun_phrase(head)
        label = name.canonical or " ".join(syntax.text[name.first : name.last + 1])
        phrase = Phrase(
            index=0, head=head, first=min(first, name.first), last=max(last, name.last), kind=Kind.NAME,
            types=name.types, label=_join(syntax, name.first, name.last) if not name.canonical else label,
            core=(name.first, name.last), name=name,
        )  # fmt: skip
        self._keep(phrase, range(name.first, name.last + 1))

    def add_inner(self, name: Name, kind: Kind) -> None:
        """A mention inside another phrase, unless its head has a phrase already."""
        head = self._head_of(name.first, name.last)
        around = self.taken.get(head)
        if head in self.heads or (around is not None and around.core == (name.first, name.last)):
            return
        label = name.canonical or _join(self.syntax, name.first, name.last)
        self.found.append(Phrase(
            index=0, head=head, first=name.first, last=name.last, kind=kind, types=name.types,
            label=label if kind == Kind.NAME else label.lower(), core=(name.first, name.last),
            name=name if kind == Kind.NAME else None,
        ))  # fmt: skip
        self.inner[head] = self.found[-1]

    def title_before(self, first: int) -> tuple[int, int] | None:
        """Token range of the title that stands directly before a person's name, if one does."""
        syntax, lexicon = self.syntax, self.lexicon
        start = syntax.sentences[syntax.sentence_of[first]][0]
        if first > start and syntax.lower[first - 1] in TITLE_JOINERS:
            return None
        token, left, has_role = first - 1, first, False
        while token >= start and (syntax.pos[token] in TITLE_POS or syntax.lower[token] in TITLE_JOINERS
                                  or syntax.text[token] in lexicon.titles or syntax.tag[token] == "HYPH"
                                  or (syntax.tag[token] == "POS" and token > start)):  # fmt: skip
            word = syntax.lower[token]
            if syntax.tag[token] == "POS" or word in lexicon.features["determiner"]:
                break
            if syntax.text[token] in lexicon.honorifics and token == first - 1:
                token -= 1
                left = token + 1 if not has_role else left
                first = token + 1
                continue
            if word in lexicon.features["status_role"]:
                break
            is_role = word in lexicon.roles or syntax.text[token] in lexicon.titles
            if is_role:
                has_role, left = True, token
            elif has_role and syntax.pos[token] in TITLE_POS:
                left = token
            elif word in TITLE_JOINERS and has_role and token > start:
                break
            token -= 1
        if not has_role or left >= first:
            return None
        while syntax.lower[left] in TITLE_JOINERS:
            left += 1
        return (left, first - 1) if left < first else None

    def add_title(self, title: tuple[int, int], person: Name) -> None:
        syntax = self.syntax
        first, last = title
        head = next((t for t in range(last, first - 1, -1) if syntax.lower[t] in self.lexicon.roles
                     or syntax.text[t] in self.lexicon.titles), last)  # fmt: skip
        inside = [phrase for phrase in self.found if first <= phrase.core[0] and phrase.core[1] <= last]
        for token in range(first, last + 1):
            if token in self.taken and self.taken[token] not in inside:
                return
        core = first
        for body in inside:
            if body.core[0] == core and "Organization" in body.types[0] and body.core[1] < head:
                core = body.core[1] + 1
                core += syntax.tag[core] == "POS"
        phrase = Phrase(
            index=0, head=head, first=first, last=last, kind=Kind.NOMINAL, types=("Role",),
            label=_join(syntax, core, last), core=(core, last), title_of=self.taken[person.first].head,
        )  # fmt: skip
        self._keep(phrase, [t for t in range(first, last + 1) if t not in self.taken])

    # ------------------------------------------------------------------ common nouns and pronouns
    def add_common(self, token: int) -> None:
        syntax, lexicon = self.syntax, self.lexicon
        pos, lower = syntax.pos[token], syntax.lower[token]
        pair = lower in lexicon.features["pair"] and syntax.dep[token] in ("nsubj", "nsubj:pass", "obj", "obl", "nmod")
        if token in self.taken or token in self.heads or (token in self.values and not pair):
            return
        if pos == "PRON" or syntax.tag[token] in ("PRP$", "WP$"):
            feature = lexicon.features["pronoun"].get(lower, "")
            if syntax.tag[token] in ("WP", "WP$", "WDT") and lower in lexicon.features["relative"]:
                feature = "relative"
            if feature:
                types = ("Person",) if feature in ("male", "female") else ("Agent",)
                self._keep(Phrase(index=0, head=token, first=token, last=token, kind=Kind.PRONOUN, types=types,
                                  label=syntax.text[token], core=(token, token), feature=feature,
                                  plural=feature in ("plural", "speakers")), [token])  # fmt: skip
            return
        if pos not in ("NOUN", "PROPN") and not pair:
            return
        descriptor = syntax.dep[token] == "compound" and syntax.head[token] in self.taken and token < syntax.head[token]
        if syntax.dep[token] in ("compound", "flat", "goeswith", "fixed", "compound:prt", "amod") and not descriptor:
            return
        if syntax.dep[token] in ("compound", "flat") and pos == "PROPN":
            return
        self._add_nominal(token)

    def _add_nominal(self, token: int) -> None:
        syntax, lexicon = self.syntax, self.lexicon
        first, last = self._noun_phrase(token)
        while first < token and (first in self.values or syntax.pos[first] in ("PUNCT", "CCONJ")):
            first += 1
        core_first = self._core_first(token, first)
        lower, lemma = syntax.lower[token], syntax.lemma[token].lower()
        proper = syntax.pos[token] == "PROPN"
        role = (lower in lexicon.roles or lemma in lexicon.roles) and not proper
        role = role or (proper and (lower in lexicon.roles or syntax.text[token] in lexicon.titles))
        types: tuple[str, ...]
        if role and lower in lexicon.roles:
            types = ("Role",)
        else:
            types = (lexicon.noun_type(lower, lemma) or ("Role" if role else "Topic"),)
        plural = syntax.tag[token] in ("NNS", "NNPS")
        if plural and types[0] in ("Role", "Person", "Organization"):
            types = ("Group",)
        core_last = token
        complement = self._of_complement(token)
        if complement is not None and (types == ("Role",) or proper or core_first == token):
            core_last = complement
        label = _join(syntax, core_first, core_last)
        if not proper and types != ("Role",):
            label = label.lower() if not any(t in self.taken for t in range(core_first, core_last + 1)) else label
        determiner = syntax.child(token, "det", "nmod:poss")
        definite = determiner is not None and syntax.lower[determiner] in lexicon.features["definite"]
        named = proper and types != ("Role",) and syntax.text[token][:1].isupper()
        phrase = Phrase(
            index=0, head=token, first=first, last=last, kind=Kind.NAME if named else Kind.NOMINAL, types=types,
            label=label, core=(core_first, core_last), plural=plural, definite=definite,
        )  # fmt: skip
        self._keep(phrase, [])

    def _core_first(self, token: int, first: int) -> int:
        """Leftmost modifier of the head that belongs to its label."""
        syntax, lexicon = self.syntax, self.lexicon
        core = token
        for child in reversed([c for c in syntax.children[token] if c < token]):
            if syntax.dep[child] == "nummod" and child in self.values:
                core = min(core, min(syntax.subtree(child, without=frozenset({"advmod"}))))
                break
            skip = (
                any(t in self.values for t in syntax.subtree(child))
                or syntax.lower[child] in lexicon.features["vague_adjective"]
            )
            skip = skip or syntax.lower[child] in lexicon.features["status_role"]
            if skip and child not in self.taken:
                continue
            if syntax.dep[child] in ("compound", "amod", "flat", "nmod:desc", "nmod"):
                left = min(syntax.subtree(child))
                if left >= first:
                    core = min(core, left)
            elif syntax.dep[child] in ("punct",) and syntax.tag[child] == "HYPH":
                continue
            else:
                break
        while core < token and (
            syntax.pos[core] in ("DET", "PUNCT") or syntax.lower[core] in lexicon.features["determiner"]
        ):
            core += 1
        return core

    def _of_complement(self, token: int) -> int | None:
        """Last token of an 'of' (or of a title's 'for') complement without clauses, or None."""
        syntax = self.syntax
        for child in syntax.children[token]:
            if child > token and syntax.dep[child] == "nmod" and syntax.case(child) in ("of", "for"):
                if child in self.values:
                    return None
                tokens = syntax.subtree(child, without=NOT_IN_SPAN - {"case"})
                return max(tokens)
        return None

    # ------------------------------------------------------------------ shared
    def _noun_phrase(self, head: int) -> tuple[int, int]:
        """First and last token of the phrase of `head`, without relative clauses and coordinated parts."""
        syntax = self.syntax
        left = right = head
        for child in syntax.children[head]:
            if syntax.dep[child] in NOT_IN_SPAN:
                continue
            tokens = syntax.subtree(child, without=NOT_IN_SPAN - {"case"})
            left, right = min(left, tokens[0]), max(right, tokens[-1])
        case = syntax.child(head, "case")
        if case is not None and case < head:
            left = max(left, case + 1)
        return left, right

    def _head_of(self, first: int, last: int) -> int:
        for token in range(first, last + 1):
            governor = self.syntax.head[token]
            if governor == token or not first <= governor <= last:
                return token
        return last

    def _keep(self, phrase: Phrase, covered: Iterable[int]) -> None:
        self.found.append(phrase)
        self.heads.setdefault(phrase.head, phrase)
        for token in covered:
            self.taken[token] = phrase

    def finish(self) -> Phrases:
        self.found.sort(key=lambda phrase: (phrase.core[0], -phrase.core[1], phrase.head))
        for index, phrase in enumerate(self.found):
            phrase.index = index
        return Phrases(self.found, self.heads, self.taken, self.inner)


def _join(syntax: Syntax, first: int, last: int) -> str:
    """Text of a token range, blanks as written but single."""
    parts = [syntax.text[first]]
    for token in range(first + 1, last + 1):
        if syntax.begin[token] > syntax.end[token - 1]:
            parts.append(" ")
        parts.append(syntax.text[token])
    return "".join(parts)
