"""Names → clusters: which names of a document are of one thing.

A name has one sense in a document (Gale, Church and Yarowsky 1992): where the annotation types its mentions
differently, they take the commonest type, except that a surname keeps apart from the place of the same name. Then names
are matched by their words: exact, surname, initials, an acronym introduced in brackets, a part that only one longer
name has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from kg.annotation.countries import country_named, country_of_demonym
from kg.extraction.lexicon import Lexicon
from kg.extraction.phrases import Phrase, Phrases
from kg.extraction.syntax import Syntax
from kg.model import Kind

if TYPE_CHECKING:
    from kg.extraction.coreference import Clusters

BODIES = ("Organization", "GovernmentOrganization")
INITIALLED = (*BODIES, "Facility", "Event", "Law", "Product")
"""Types of names that are shortened to initials."""
PLACES = ("City", "Region", "Place")
PARTLY_NAMED = (*BODIES, "Facility", "Event", "Law")
"""Types of names of which a part serves as a name."""
_NO_SURNAME = frozenset({"City", "Region", "Place", "Facility", "Product", "Law", "Event", "Group", "Topic"})
"""Types that the look of a surname is mistaken for; firms do bear the names of persons."""
_SEPARATORS = frozenset({"'s", "’s", ",", "'", "’"})


def join_names(syntax: Syntax, phrases: Phrases, lexicon: Lexicon, clusters: Clusters) -> None:
    """Joins the clusters of names of one thing."""
    named = [phrase for phrase in phrases.items if phrase.kind == Kind.NAME]
    _Names(syntax, phrases, lexicon, clusters, named).join()


def initials(words: Sequence[str]) -> str:
    """First letters of the words that begin with a capital or a digit."""
    return "".join(word[0] for word in words if word[:1].isupper() or word[:1].isdigit())


class _Names:
    def __init__(
        self, syntax: Syntax, phrases: Phrases, lexicon: Lexicon, clusters: Clusters, named: list[Phrase]
    ) -> None:
        self.syntax, self.phrases, self.lexicon, self.clusters, self.named = syntax, phrases, lexicon, clusters, named
        self.words = {phrase.index: self._words(phrase) for phrase in named}
        self.keys = {index: tuple(word.lower() for word in words) for index, words in self.words.items()}

    def join(self) -> None:
        acronyms = self._acronyms()
        for long, short in acronyms:
            kept, other = (long, short) if long.type in INITIALLED else (short, long)
            self._retype([other], kept.types, None)
        self._one_sense()
        exact: dict[tuple[str, ...], Phrase] = {}
        seen: dict[tuple[str, ...], Phrase] = {}  # the last mention of each name, in text order
        for phrase in self.named:
            wikidata = phrase.name.wikidata if phrase.name else None
            key = ("wikidata", wikidata) if wikidata else (_family(phrase), *self.keys[phrase.index])
            if key in exact:
                self.clusters.join(exact[key].index, phrase.index)
            else:
                exact[key] = phrase
                match = self._match(phrase, seen) if not wikidata else None
                if match is not None:
                    self.clusters.join(match.index, phrase.index)
            seen.pop(key, None)
            seen[key] = phrase
        for long, short in acronyms:
            self.clusters.join(long.index, short.index)
        self._adjectives()
        self._parts([phrase for key, phrase in exact.items() if key[0] != "wikidata"])

    # ------------------------------------------------------------------ types
    def _one_sense(self) -> None:
        spelled: dict[tuple[str, ...], list[Phrase]] = {}
        for phrase in self.named:
            if phrase.name is None or not phrase.name.demonym:
                spelled.setdefault(self.keys[phrase.index], []).append(phrase)
        surnames = {
            self.keys[phrase.index][-1]
            for phrase in self.named
            if phrase.type == "Person" and len(self.keys[phrase.index]) > 1
        }
        for key, group in spelled.items():
            self._surname(key, group, surnames)
            if len({phrase.type for phrase in group}) < 2 or (len(key) == 1 and key[0] in surnames):
                continue
            linked = [phrase for phrase in group if phrase.name is not None and phrase.name.wikidata]
            counts = Counter(phrase.type for phrase in linked or group)
            best = max(counts, key=lambda name: counts[name])
            model = next(phrase for phrase in linked or group if phrase.type == best)
            wikidata = model.name.wikidata if model.name is not None else None
            self._retype([phrase for phrase in group if phrase.type != best], model.types, wikidata)

    def _surname(self, key: tuple[str, ...], group: list[Phrase], surnames: set[str]) -> None:
        """'Quiroga' beside 'Andrés Quiroga' is no town, unless the tables know the town."""
        known = any(phrase.name is not None and phrase.name.wikidata for phrase in group)
        if len(key) == 1 and key[0] in surnames and not known:
            self._retype([phrase for phrase in group if phrase.type in _NO_SURNAME], ("Person",), None)

    def _retype(self, group: list[Phrase], types: tuple[str, ...], wikidata: str | None) -> None:
        for phrase in group:
            phrase.types = types
            if phrase.name is not None:
                phrase.name = replace(phrase.name, types=types, wikidata=phrase.name.wikidata or wikidata)

    # ------------------------------------------------------------------ acronyms
    def _acronyms(self) -> list[tuple[Phrase, Phrase]]:
        """(name, acronym) of every 'Indonesian Red Cross (PMI)'; letters need not be the name's initials."""
        text, found = self.syntax.text, []
        by_last = {phrase.core[1]: phrase for phrase in self.named}
        for short in self.named:
            first, last = short.core
            if first != last or first < 2 or last + 1 >= len(text) or text[first - 1] != "(" or text[last + 1] != ")":
                continue
            long = by_last.get(first - 2)
            if long is None or not _is_acronym(text[first]):
                continue
            plain = short.name is None or not (short.name.wikidata or short.name.demonym)
            spelled = len(text[first]) > 2 and text[first] == initials(self.words[long.index])
            if spelled or (plain and long.type in INITIALLED):
                found.append((long, short))
        by_first = {phrase.core[0]: phrase for phrase in self.named}
        for short in self.named:  # 'CEI (Italian Episcopal Conference)'
            first, last = short.core
            long = by_first.get(last + 2)
            if first != last or long is None or text[last + 1] != "(" or not _is_acronym(text[first]):
                continue
            after = long.core[1] + 1
            closed = after < len(text) and text[after] == ")"
            if closed and sorted(initials(self.words[long.index])) == sorted(text[first]):
                found.append((long, short))
        return found

    # ------------------------------------------------------------------ words
    def _words(self, phrase: Phrase) -> list[str]:
        """Words of the name without honorifics, and of a place without the noun that says what it is."""
        first, last = phrase.core
        words = [word for word in self.syntax.text[first : last + 1] if word not in _SEPARATORS]
        while len(words) > 1 and (words[0] in self.lexicon.honorifics or words[0].lower() == "the"):
            words = words[1:]
        if phrase.type in PLACES:
            kind = self.lexicon.nouns.get
            if len(words) > 2 and words[1].lower() == "of" and kind(words[0].lower()) in PLACES:
                words = words[2:]
            elif len(words) > 1 and kind(words[-1].lower()) == "Region":
                words = words[:-1]
        return words or self.syntax.text[first : last + 1]

    def _match(self, phrase: Phrase, seen: dict[tuple[str, ...], Phrase]) -> Phrase | None:
        words, lowered = self.words[phrase.index], self.keys[phrase.index]
        for other in reversed(seen.values()):
            if _family(other) != _family(phrase):
                continue
            other_words, others = self.words[other.index], self.keys[other.index]
            if phrase.type == "Person":
                if len(words) == 1 and lowered[0] in (others[-1], others[0]) and len(others) > 1:
                    return other
                if len(words) < len(others) and lowered in (others[-len(words) :], others[: len(words)]):
                    return other
                if len(others) == 1 and len(words) > 1 and others[0] == lowered[-1]:
                    return other
            elif phrase.type in INITIALLED:
                if len(words) == 1 and words[0].isupper() and words[0] == initials(other_words):
                    return other
                if len(other_words) == 1 and other_words[0].isupper() and other_words[0] == initials(words):
                    return other
                if len(words) < len(others) and others[: len(words)] == lowered and phrase.type == "Organization":
                    return other
                if len(words) == 1 and len(others) > 1 and others[-1] == lowered[0] and phrase.type in ("Event", "Law"):
                    return other
        return None

    def _adjectives(self) -> None:
        """'Korean', 'Catalan' of the only place of the document that its name may come from."""
        for adjective in self.named:
            name = adjective.name
            if name is None or not name.demonym or name.wikidata:
                continue
            word = self.syntax.lower[name.first]
            places = [
                place
                for place in self.named
                if place.name is not None and not place.name.demonym and place.type in ("Country", *PLACES)
                and _shared(word, " ".join(self.keys[place.index])) >= max(4, len(word) - 3)
            ]  # fmt: skip
            if len({self.clusters.find(place.index) for place in places}) == 1:
                self.clusters.join(places[0].index, adjective.index)

    def _parts(self, names: list[Phrase]) -> None:
        """'Ministry of Defence' beside one 'Norwegian Ministry of Defence', 'Supreme Court' beside '… of Cassation'."""
        self._short_countries()
        names = [name for name in names if name.type in PARTLY_NAMED]
        for short in names:
            part = self.keys[short.index]
            if len(part) < 2:
                continue
            longer = [name for name in names if _family(name) == _family(short) and self._extends(name, part)]
            if len({self.clusters.find(name.index) for name in longer}) == 1:
                self.clusters.join(longer[0].index, short.index)

    def _short_countries(self) -> None:
        """'Korea' in a document that names one Korea in full."""
        countries = [name for name in self.named if name.type == "Country" and name.name is not None]
        for short in countries:
            key = self.keys[short.index]
            if short.name is not None and not short.name.wikidata and not short.name.demonym and len(key) == 1:
                full = [
                    name for name in countries if len(self.keys[name.index]) > 1 and self.keys[name.index][-1:] == key
                ]
                if len({self.clusters.find(name.index) for name in full}) == 1:
                    self.clusters.join(full[0].index, short.index)

    def _extends(self, name: Phrase, part: tuple[str, ...]) -> bool:
        """Whether a name is `part` with a nationality or owner before it, or with 'of …', 'for …' after it."""
        key, words, size = self.keys[name.index], self.words[name.index], len(part)
        if len(key) <= size:
            return False
        if key[:size] == part and key[size] in ("of", "for"):
            return True
        whose = country_of_demonym(words[0]) or country_named(words[0])
        owned = self.syntax.text[min(name.core[0] + 1, name.core[1])] in ("'s", "’s")
        if whose is None and not owned:
            return False
        rest = key[1:]
        return rest == part or (rest[:size] == part and rest[size] in ("of", "for"))


def _family(phrase: Phrase) -> str:
    if phrase.type in BODIES:
        return "organization"
    return "place" if phrase.type in PLACES else phrase.type.lower()


def _shared(left: str, right: str) -> int:
    """Number of letters that two words begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))


def _is_acronym(word: str) -> bool:
    letters = [char for char in word if char.isalpha()]
    return 2 <= len(word) <= 10 and len(letters) > 1 and sum(char.isupper() for char in letters) > len(letters) / 2
