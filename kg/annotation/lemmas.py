"""Word, part of speech and the network's lemma script → lemma.

In this order: the lexicon of forms that the training treebanks attest and no rule gives, irregular verbs and nouns,
regular inflection for inflected verbs, plurals and degrees, and the network's script for all else
(names, misspellings).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
_VOWELS = frozenset("aeiou")
_CONSONANTS = frozenset("bcdfghjklmnpqrstvwxz")
_PREFIXES = ("re", "un", "dis", "mis", "over", "under", "out", "de", "pre", "co", "fore", "inter", "up")
_INFLECTED = frozenset({"VBD", "VBG", "VBN", "VBZ"})
_SIBILANTS = ("s", "x", "z", "ch", "sh")


def apply_script(word: str, script: str) -> str:
    """The lemma that a script `cut|ending|case` makes of `word`: cut so many letters, append the ending.

    >>> apply_script("Ministries", "3|y|L")
    'ministry'
    """
    cut, ending, case = script.split("|")
    base = word if case == "U" else word.lower()
    length = int(cut)
    if length > len(base):
        return base
    return base[: len(base) - length] + ending


class Lemmatizer:
    """Lemmas of English words. `folder` holds the model's `lemmas.tsv`: `form, upos, lemma` and `*, VERB, lemma` for
    verbs that are known as such.
    """

    def __init__(self, folder: Path) -> None:
        self._attested: dict[tuple[str, str], str] = {}
        self._verbs: set[str] = set(irregular_forms("irregular_verbs.tsv").values())
        for form, upos, lemma in _rows(folder / "lemmas.tsv"):
            if form == "*":
                self._verbs.add(lemma)
            else:
                self._attested[form, upos] = lemma
        self._cache: dict[tuple[str, str, str, str], str] = {}

    @property
    def verbs(self) -> frozenset[str]:
        """Infinitives of the verbs that are known as such."""
        return frozenset(self._verbs)

    def lemma(self, word: str, upos: str, xpos: str, script: str) -> str:
        """The lemma of `word`; names keep their case, all else is lower-cased."""
        key = (word, upos, xpos, script)
        known = self._cache.get(key)
        if known is None:
            known = self._find(word, upos, xpos, script) or word
            if len(self._cache) > 200_000:
                self._cache.clear()
            self._cache[key] = known
        return known

    def _find(self, word: str, upos: str, xpos: str, script: str) -> str:
        lower = word.lower().replace("’", "'")
        scripted = apply_script(word, script)
        if xpos in ("NNP", "NNPS") and upos != "PROPN":  # a plain word within a name: 'United', 'Digital'
            return self.verb(lower, "VBN").capitalize() if upos == "VERB" else scripted if upos == "NOUN" else word
        attested = self._attested.get((lower, upos))
        if attested is not None:
            return attested
        head, hyphen, last = lower.rpartition("-")
        if hyphen and head and last.isalpha() and upos in ("VERB", "NOUN"):
            return f"{head}-{self._find(last, upos, xpos, script)}"
        inflected = upos in ("NOUN", "ADJ") and xpos in _INFLECTED and scripted != lower  # a verb to two of three
        if (upos in ("VERB", "AUX") or inflected) and lower.isalpha():
            return self.verb(lower, xpos, scripted)
        if upos == "NOUN" and xpos == "NNS" and lower.isalpha():
            return plural_stem(lower)
        if upos in ("ADJ", "ADV") and xpos in ("JJR", "JJS", "RBR", "RBS") and lower.isalpha():
            return degree_stem(lower, xpos)
        if upos in ("ADJ", "ADV", "NOUN"):
            return word if scripted[:1].isupper() else lower
        return lower if xpos == "POS" else scripted

    def verb(self, form: str, xpos: str, scripted: str = "") -> str:
        """The infinitive of a lower-case verb form tagged `xpos`; `scripted` is taken where it is a known verb."""
        if xpos in ("VB", "VBP", "MD") and not self._is_inflected(form):
            irregular = irregular_forms("irregular_verbs.tsv").get(form)
            return irregular if irregular == "be" or (irregular and form not in self._verbs) else form
        irregular = irregular_forms("irregular_verbs.tsv").get(form)
        if irregular and not (xpos == "VBZ" and form in ("lies", "dies")):
            return irregular
        prefixed = self._irregular_behind_prefix(form)
        if prefixed and not form.endswith("ed"):
            return prefixed
        candidates = verb_stems(form, xpos)
        known = [stem for stem in candidates if stem in self._verbs]
        if scripted in known:
            return scripted
        if known:
            return known[0]
        derived = [stem for stem in candidates if any(rest in self._verbs for _, rest in _without_prefix(stem))]
        return derived[0] if derived else candidates[0]

    def _is_inflected(self, form: str) -> bool:
        """Whether a form that is tagged as an infinitive is none: 'abolishing'."""
        regular = form.endswith(("ing", "ed")) and form not in self._verbs
        return regular and any(stem in self._verbs for stem in verb_stems(form, "VBG" if form[-1] == "g" else "VBD"))

    def _irregular_behind_prefix(self, form: str) -> str | None:
        """'outshone' → 'outshine'."""
        table = irregular_forms("irregular_verbs.tsv")
        return next((prefix + table[rest] for prefix, rest in _without_prefix(form) if rest in table), None)


def _without_prefix(word: str) -> Iterator[tuple[str, str]]:
    """Each prefix that `word` may begin with, and the rest."""
    for prefix in _PREFIXES:
        if word.startswith(prefix):
            yield prefix, word[len(prefix) :]


def verb_stems(form: str, xpos: str) -> list[str]:
    """Possible infinitives of a regular form, likeliest first; never empty.

    >>> verb_stems("killed", "VBD")[0], verb_stems("denied", "VBD")[0], verb_stems("approving", "VBG")[0]
    ('kill', 'deny', 'approve')
    """
    if xpos == "VBZ" and form.endswith("s"):
        return _third_person_stems(form)
    if xpos == "VBG" and form.endswith("ing") and len(form) > 4:
        return _stems(form[:-3])
    if form.endswith("ied") and len(form) > 4:
        return [form[:-3] + "y", form[:-1]]
    if form.endswith("ed") and len(form) > 3:
        return _stems(form[:-2])
    if form.endswith("ing") and len(form) > 5:
        return [form, *_stems(form[:-3])]
    return [form]


def _third_person_stems(form: str) -> list[str]:
    if form.endswith("ies") and len(form) > 4:
        return [form[:-3] + "y", form[:-1]]
    if form.endswith("es") and (form[:-2].endswith(_SIBILANTS) or form.endswith("oes")):
        bare, silent = form[:-2], form[:-1]
        return (
            [silent, bare] if form.endswith(("ses", "zes")) and not form.endswith(("sses", "zzes")) else [bare, silent]
        )
    return [form[:-1]]


def _stems(base: str) -> list[str]:
    """Infinitives that may have lost a silent e or doubled a consonant before '-ed' and '-ing'."""
    doubled = len(base) > 3 and base[-1] == base[-2] and base[-1] not in _VOWELS
    if doubled:
        single = base[:-1]
        return [base, single] if base[-1] in "lszf" and not _one_short_vowel(single) else [single, base]
    if base.endswith("ck"):
        added = base.endswith("ick") and sum(char in _VOWELS for char in base) > 1  # 'mimicked', not 'kicked'
        return [base[:-1], base] if added else [base, base[:-1]]
    if _loses_e(base):
        return [base + "e", base]
    return [base, base + "e"]


def _one_short_vowel(stem: str) -> bool:
    return stem[-1] == "l" and len(stem) > 4 and stem[-2] in _VOWELS and stem[-3] not in _VOWELS


def _loses_e(base: str) -> bool:
    """Whether a base that is no known verb probably lost an e: 'approv', 'caus', 'announc', 'believ'."""
    if not any(char in "aeiouy" for char in base):
        return False
    if base.endswith(("at", "iz", "is", "v", "c", "dg", "rg", "ng", "u", "ut", "ul", "uc", "ur", "ibl", "abl")):
        return not base.endswith(("eat", "oat", "ring", "ying", "hang", "long", "bang", "out", "our", "eur"))
    if len(base) > 1 and (
        (base[-1] == "g" and base[-2] in _VOWELS) or (base.endswith("il") and base[-3:-2] in _CONSONANTS)
    ):
        return True  # 'manag', 'profil'
    if base.endswith(("s", "z")):
        return not base.endswith(("ss", "us", "zz"))
    if base[-1] in "lr" and len(base) > 2 and base[-2] not in "aeioulrw" and base[-2].isalpha():
        return True  # 'handl', 'acr'
    short = len(base) > 2 and base[-1] not in "aeiouwxyh" and base[-2] in _VOWELS and base[-3] not in _VOWELS
    return short and sum(char in "aeiou" for char in base) == 1  # 'nam', 'hop': a doubled letter would show a short one


def plural_stem(form: str) -> str:
    """The singular of a lower-case plural noun.

    >>> [plural_stem(word) for word in ("ministries", "boxes", "allies", "men", "causes", "troops")]
    ['ministry', 'box', 'ally', 'man', 'cause', 'troop']
    """
    irregular = irregular_forms("irregular_nouns.tsv").get(form)
    if irregular:
        return irregular
    if form.endswith("men") and len(form) > 4:
        return form[:-2] + "an"
    if form.endswith("ies") and len(form) > 4:
        return form[:-3] + "y"
    if form.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return form[:-1] if form.endswith(("aches", "axes")) and form in ("aches", "headaches", "axes") else form[:-2]
    if form.endswith("ss") or not form.endswith("s") or len(form) < 3:
        return form
    return form[:-1]


def degree_stem(form: str, xpos: str) -> str:
    """The positive of a comparative or superlative; forms without a regular ending stay."""
    ending = "er" if xpos.endswith("R") else "est"
    if not form.endswith(ending) or len(form) <= len(ending) + 1:
        return form
    base = form[: -len(ending)]
    if base.endswith("i"):
        return base[:-1] + "y"
    if len(base) > 2 and base[-1] == base[-2] and base[-1] not in "aeiouls":
        return base[:-1]
    if base.endswith(("g", "c", "v", "s", "u")) and not base.endswith(("ng", "ss", "us")):
        return base + "e"
    if base.endswith(
        ("at", "id", "ut", "ar", "bl", "pl", "tl", "mpl", "fin", "saf", "pur", "sur", "rud", "rip", "tru")
    ):
        return base + "e" if base not in ("great", "neat", "sweet", "dear", "clear", "near", "cheap") else base
    return base


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(reader)
        return [row for row in reader if row]


@cache
def irregular_forms(name: str) -> dict[str, str]:
    """Form → lemma of a table in `data`; the first line of a form has it."""
    table: dict[str, str] = {}
    for lemma, forms in _rows(DATA / name):
        for form in forms.split():
            table.setdefault(form, lemma)
    return table


@cache
def english_lemmas() -> Lemmatizer:
    """The lemmatizer of the shipped model, without its network."""
    return Lemmatizer(Path(__file__).with_name("model_en"))
