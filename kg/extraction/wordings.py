"""A property's name → `Wording`s: the verbs and nouns by which a text may state it, and where its two ends stand.

    'employed by' → employ (verb): subject in the slot `obj`, object in the slot `subj`
    'birthPlace'  → bear (verb):   subject in `obj`, object in `LOC`
    'director'    → director (noun): subject under 'of', as possessor or before it, object the noun itself

Slots are those of `lexicon.Frame`; a noun's `gov` is whoever has it, `NUMBER` a number or amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from kg.annotation.lemmas import Lemmatizer, english_lemmas, irregular_forms, plural_stem
from kg.extraction.lexicon import DATA, english, read_table

OWNERS = ("of", "poss", "compound")
"""Slots in which a noun has what it belongs to."""
UNDERGOING = ("obj", "subj")
"""Slots of what is born, founded, released ...: the object, of verbs without one the subject."""
DERIVED = 0.95
"""Strength of a verb made from a noun, or the other way round."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[\s_\-/.,()]+")
_PARTICIPLE = re.compile(r"(ed|en)$")


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to state a property. `modifiers` are lemmas that must stand with the word; `strength` in (0, 1]."""

    lemma: str
    part: str
    subject: tuple[str, ...]
    object: tuple[str, ...]
    modifiers: frozenset[str] = frozenset()
    strength: float = 1.0

    def inverted(self) -> Wording:
        """The same words with the ends exchanged."""
        return replace(self, subject=self.object, object=self.subject)

    @property
    def key(self) -> tuple[str, str, frozenset[str]]:
        """What two names of one property have in common, but for the direction."""
        return self.lemma, self.part, self.modifiers


@dataclass(frozen=True, slots=True)
class LabelWords:
    """What is known of the words in names of properties."""

    leading: frozenset[str]
    prepositions: frozenset[str]
    questions: dict[str, str]  # place, date, year ... → slot
    counts: frozenset[str]
    deverbal: dict[str, tuple[str, ...]]  # noun → verbs
    seats: dict[str, tuple[str, ...]]  # noun for a place → verbs
    kinds: dict[str, str]  # noun in the name of a class → core class
    offices: frozenset[str]  # what no profession is
    modifiers: frozenset[str]  # plurals that stand before a noun
    verbs: frozenset[str]
    lemmatizer: Lemmatizer

    def verb(self, word: str) -> str | None:
        """The infinitive of an inflected or plain verb form, where it is one of a known verb."""
        irregular = irregular_forms("irregular_verbs.tsv").get(word)
        if irregular:
            return irregular
        for tag in ("VBN", "VBZ", "VBG"):
            lemma = self.lemmatizer.verb(word, tag)
            if lemma in self.verbs and (lemma != word or tag == "VBG"):
                return lemma
        return word if word in self.verbs else None

    def participle(self, word: str) -> str | None:
        """The infinitive of a past participle."""
        irregular = irregular_forms("irregular_verbs.tsv").get(word)
        if irregular and irregular != word:
            return irregular
        lemma = self.lemmatizer.verb(word, "VBN")
        return lemma if _PARTICIPLE.search(word) and lemma != word else None

    def agent_verb(self, noun: str) -> str | None:
        """'director' → 'direct', 'employer' → 'employ'."""
        for ending, additions in (("er", ("", "e")), ("or", ("", "e")), ("ator", ("ate",)), ("eur", ("",))):
            stem = noun.removesuffix(ending)
            if stem != noun and len(stem) > 2:
                for candidate in (stem + addition for addition in additions):
                    if candidate in self.verbs:
                        return candidate
        return None

    def agent_nouns(self, verb: str) -> Iterator[str]:
        """'direct' → 'director', where the noun is known."""
        lexicon = english()
        for noun in (verb + "er", verb + "or", verb.removesuffix("e") + "or", verb.removesuffix("e") + "er"):
            if noun in lexicon.roles or (noun, "noun") in lexicon.frames:
                yield noun


@cache
def label_words() -> LabelWords:
    """The tables; read once a process, and only where an ontology is given."""
    tables: dict[str, dict[str, str]] = {}
    for row in read_table(DATA / "label_words.tsv"):
        tables.setdefault(row["class"], {})[row["word"]] = row["feature"]
    lemmatizer = english_lemmas()
    framed = {lemma for lemma, part in english().frames if part == "verb" and " " not in lemma}
    return LabelWords(
        leading=frozenset(tables["leading"]),
        prepositions=frozenset(tables["preposition"]),
        questions=tables["question"],
        counts=frozenset(tables["count"]),
        deverbal={noun: tuple(verbs.split("|")) for noun, verbs in tables["deverbal"].items()},
        seats={noun: tuple(verbs.split("|")) for noun, verbs in tables["seat"].items()},
        offices=frozenset(tables["office"]),
        modifiers=frozenset(tables["modifier"]),
        kinds=tables["kind"],
        verbs=lemmatizer.verbs | framed,
        lemmatizer=lemmatizer,
    )


def split_name(name: str) -> list[str]:
    """Lower-case words of a label or local name.

    >>> split_name("birthPlace"), split_name("is_employed_by"), split_name("date of birth")
    (['birth', 'place'], ['is', 'employed', 'by'], ['date', 'of', 'birth'])
    """
    return [word.lower() for word in _CAMEL.split(name) if word and not word.startswith(("'", "’"))]


def wordings(name: str, *, literal: str = "") -> list[Wording]:
    """Wordings of a property called `name`; `literal` is `DATE`, `NUMBER` or `TEXT` where its objects are values."""
    known = label_words()
    words = split_name(name)
    while len(words) > 1 and words[0] in known.leading:
        words = words[1:]
    if not words or len(words) > 7:
        return []
    found = list(_reading(words, known, literal))
    if literal in ("DATE", "NUMBER"):
        found = [_measured(wording, literal) for wording in found]
    return list(dict.fromkeys(found))


def _reading(words: list[str], known: LabelWords, literal: str) -> Iterator[Wording]:
    first, last = words[0], words[-1]
    if len(words) == 1:
        yield from _single(first, known, literal)
    elif last == "by":
        yield from _passive(words[:-1], known)
    elif last in known.prepositions:
        yield from _prepositional(words[:-1], last, known)
    elif (cut := _preposition_within(words, known)) is not None:
        yield from _reading(words[: cut + 1], known, literal)
    elif first in known.counts and words[1] == "of":
        yield Wording(plural_stem(last), "noun", ("gov",), ("NUMBER",), _lemmas(words[2:-1]))
    elif first in known.questions and len(words) > 2 and words[1] == "of":
        yield from _asked(words[2:], known.questions[first], known)
    elif last in known.questions and (asked := list(_asked(words[:-1], known.questions[last], known))):
        yield from asked
    elif "of" in words:
        place = words.index("of")
        yield Wording(plural_stem(words[place - 1]), "noun", OWNERS, ("self",),
                      _lemmas([*words[: place - 1], *words[place + 1 :]]))  # fmt: skip
    elif known.participle(last) is not None and known.participle(first) is None:  # 'award received'
        yield Wording(known.participle(last) or last, "verb", ("subj",), ("obj",))
    elif _verb_first(first, known):  # 'plays instrument'
        yield Wording(known.verb(first) or first, "verb", ("subj",), ("obj",))
    else:
        yield from _noun(plural_stem(last), _lemmas(words[:-1]), known)


def _verb_first(word: str, known: LabelWords) -> bool:
    """Whether a verb form opens a name, and no plural that stands before a noun ('sports team')."""
    if word in known.modifiers or known.verb(word) is None:
        return False
    return word not in known.verbs or known.participle(word) is not None


def _preposition_within(words: list[str], known: LabelWords) -> int | None:
    """Place of a preposition other than 'of' right after a verb: 'located in the administrative entity'."""
    verbal = known.participle(words[0]) is not None or (known.verb(words[0]) or words[0]) != words[0]
    return 1 if verbal and len(words) > 2 and words[1] in known.prepositions - {"of"} else None


def _single(word: str, known: LabelWords, literal: str) -> Iterator[Wording]:
    if word in known.deverbal and literal == "DATE":
        yield from _asked([word], "DATE", known)
        return
    noun = plural_stem(word)
    verb = known.verb(word)
    nominal = noun in english().roles or english().noun_type(word, noun) is not None
    inflected = verb is not None and verb != word
    verbal = (word, "verb") in english().frames or word in irregular_forms("irregular_verbs.tsv").values()
    if verb is not None and (inflected or (verbal and not nominal)):
        yield Wording(verb, "verb", ("subj",), ("obj",))
    if verb is None or not inflected or noun != word:  # 'supplies' is both
        yield from _noun(noun, frozenset(), known)


def _passive(words: list[str], known: LabelWords) -> Iterator[Wording]:
    verb = known.participle(words[-1])
    if verb is None:
        yield Wording(plural_stem(words[-1]), "noun", OWNERS, ("by",), _lemmas(words[:-1]))
        return
    yield Wording(verb, "verb", ("obj",), ("subj",))
    for noun in known.agent_nouns(verb):
        yield Wording(noun, "noun", OWNERS, ("self",), strength=DERIVED)


def _prepositional(words: list[str], preposition: str, known: LabelWords) -> Iterator[Wording]:
    last = words[-1]
    participle = known.participle(last)
    if participle is not None:
        yield Wording(participle, "verb", ("obj",), (preposition,))
        yield Wording(participle, "verb", ("subj",), (preposition,), strength=DERIVED)
        return
    if preposition == "of":
        noun = plural_stem(last)
        yield Wording(noun, "noun", ("self",), OWNERS, _lemmas(words[:-1]))
        agent = known.agent_verb(noun)
        if agent is not None and len(words) == 1:
            yield Wording(agent, "verb", ("subj",), ("obj",), strength=DERIVED)
        return
    verb = known.verb(words[0])
    if verb is not None and len(words) == 1:
        yield Wording(verb, "verb", ("subj",), (preposition,))
    elif verb is not None and len(words) == 2:  # 'takes part in'
        yield Wording(f"{verb} {last}", "verb", ("subj",), (preposition,))
    else:
        yield Wording(plural_stem(last), "noun", ("self",), (preposition,), _lemmas(words[:-1]))
        yield Wording(last, "adjective", ("subj",), (preposition,))


def _asked(words: list[str], slot: str, known: LabelWords) -> Iterator[Wording]:
    """Place, date or year of what a noun or participle says: 'birth place', 'founding date', 'date of publication'."""
    last = words[-1]
    verbs = known.deverbal.get(last) or known.deverbal.get(plural_stem(last))
    if verbs is None:
        verb = known.participle(last) or known.verb(last)
        verbs = (verb,) if verb is not None else ()
    for index, verb in enumerate(verbs):
        yield Wording(verb, "verb", UNDERGOING, (slot,), strength=1.0 if index == 0 else DERIVED)


def _noun(noun: str, modifiers: frozenset[str], known: LabelWords) -> Iterator[Wording]:
    yield Wording(noun, "noun", OWNERS, ("self",), modifiers)
    if modifiers:
        return
    agent = known.agent_verb(noun)
    if agent is not None:
        yield Wording(agent, "verb", ("obj",), ("subj",), strength=DERIVED)
    for verb in known.seats.get(noun, ()):
        yield Wording(verb, "verb", UNDERGOING, ("LOC",), strength=DERIVED)
    if noun.endswith("ee") and noun[:-2] in known.verbs:  # 'employee'
        yield Wording(noun[:-2], "verb", ("subj",), ("obj",), strength=DERIVED)


def _measured(wording: Wording, literal: str) -> Wording:
    """The wording with its object a value."""
    if set(wording.object) & {"DATE", "NUMBER"}:
        return wording
    if wording.part == "verb":
        subject = UNDERGOING if literal == "DATE" else wording.subject
        return replace(wording, subject=subject, object=(literal,))
    return replace(wording, subject=(*OWNERS, "gov"), object=(literal,))


def _lemmas(words: list[str]) -> frozenset[str]:
    """Content words that must stand with a noun."""
    known = label_words()
    return frozenset(plural_stem(word) for word in words if word not in known.prepositions | known.leading)
