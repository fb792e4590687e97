"""Wordings → keys that compare: names, properties, numbers, dates.

Applied to gold and graph alike, so that only differences that matter remain; crude where both are cut the same way.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import unquote

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})
_POINT_WITHIN = re.compile(r"(?<=[a-z0-9])\.(?=[a-z0-9]\b)|(?<=\d)[.,](?=\d)")
_NUMBER = re.compile(
    r"(?<![\w.])[-−]?\d[\d,]*(?:\.\d+)?(?:\s?(?:thousand|million|billion|trillion|k|m|mn|bn)\b)?", re.IGNORECASE
)
_DATE = re.compile(r"-?\d{4}(-\d\d(-\d\d)?)?")


@dataclass(frozen=True, slots=True)
class _Wording:
    """The word lists of `data/wording.toml`."""

    determiners: frozenset[str]
    honorifics: frozenset[str]
    ranks: frozenset[str]
    articles: frozenset[str]
    forms_of_be: frozenset[str]
    forms_of_have: frozenset[str]
    number_words: dict[str, int]
    magnitudes: dict[str, float]
    irregular_verbs: dict[str, str]


@cache
def _wording() -> _Wording:
    raw = tomllib.loads((files("kg.evaluation") / "data" / "wording.toml").read_text(encoding="utf-8"))
    return _Wording(
        determiners=frozenset(raw["determiners"]),
        honorifics=frozenset(raw["honorifics"]),
        ranks=frozenset(raw["ranks"]),
        articles=frozenset(raw["articles"]),
        forms_of_be=frozenset(raw["forms_of_be"]),
        forms_of_have=frozenset(raw["forms_of_have"]),
        number_words={word: value for value, word in enumerate(raw["number_words"])},
        magnitudes=raw["magnitudes"],
        irregular_verbs=raw["irregular_verbs"],
    )


# ------------------------------------------------------------------------------------------------ names


@cache
def name_key(name: str) -> str:
    """Casefolded words without accents, punctuation, possessive 's, leading determiners and honorifics.

    >>> name_key("the U.S."), name_key("Tomaž Kranjc’s"), name_key("Mr. Key")
    ('us', 'tomaz kranjc', 'key')
    """
    words = _wording()
    text = name.replace("’", "'").replace("‘", "'").replace("&", " and ")
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    text = text.translate(_LETTERS)
    text = re.sub(r"'s\b", "", text)
    text = _POINT_WITHIN.sub(_keep_decimal_point, text)
    text = re.sub(r"(?<=\b[a-z])\.", "", text)
    parts = re.findall(r"[\w]+(?:\.\d+)?", text.replace("'", "").replace("_", " "))
    while len(parts) > 1 and (parts[0] in words.determiners or parts[0] in words.honorifics):
        parts = parts[1:]
    return " ".join(parts)


def _keep_decimal_point(match: re.Match[str]) -> str:
    """'U.S' loses its point, '1,426' its comma; '3.4' keeps it."""
    following = match.string[match.end() : match.end() + 1]
    return "." if match[0] == "." and following.isdigit() else ""


def singular(key: str) -> str:
    """A name key whose last word has lost its plural -s.

    >>> singular("armed forces"), singular("allies"), singular("us")
    ('armed force', 'ally', 'us')
    """
    if re.search(r"[a-z]{2}ies$", key):
        return key[:-3] + "y"
    if re.search(r"(sh|ch|x|ss)es$", key):
        return key[:-2]
    return key[:-1] if re.search(r"[a-z]{2}[^sui]s$", key) else key


def unranked(key: str) -> str:
    """A name key without leading ranks and offices ('general eirik strand' → 'eirik strand')."""
    parts = key.split()
    while len(parts) > 1 and parts[0] in _wording().ranks:
        parts = parts[1:]
    return " ".join(parts)


def graph_name_keys(names: Iterable[str]) -> set[str]:
    """Every key by which an entity of the graph can be recognised."""
    keys = {name_key(name) for name in names}
    keys |= {unranked(key) for key in keys}
    return (keys | {singular(key) for key in keys}) - {""}


def local_name(iri: str) -> str:
    """What follows the last `/` or `#`, decoded."""
    return unquote(re.split(r"[#/]", iri.rstrip("/#"))[-1])


def spelled_out(iri: str) -> str:
    """The local name of an IRI as words, without a numeric suffix.

    >>> spelled_out("https://example.org/ConferenceOfMinisters"), spelled_out("https://example.org/USNavy_2")
    ('Conference Of Ministers', 'US Navy')
    """
    name = re.sub(r"[_-]\d+$", "", local_name(iri)).replace("_", " ")
    boundary = r"(?<=[^\W\d_])(?=\d)|(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])"
    return re.sub(boundary, " ", name)


# ------------------------------------------------------------------------------------------------ properties


def _lemmas(word: str) -> set[str]:
    """Candidate lemmas of a verb form; comparing candidate sets forgives -s, -ed, -ing and common irregular forms."""
    found = {word}
    irregular = _wording().irregular_verbs
    if word in irregular:
        found.add(irregular[word])
    if word.endswith("ies") and len(word) > 4:
        found.add(word[:-3] + "y")
    elif word.endswith("es") and len(word) > 3:
        found |= {word[:-1], word[:-2]}
    elif word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        found.add(word[:-1])
    for suffix in ("ed", "ing"):
        if word.endswith(suffix) and len(word) > len(suffix) + 2:
            base = word[: -len(suffix)]
            found |= {base, base + "e"}
            if suffix == "ed" and base.endswith("i"):
                found.add(base[:-1] + "y")
            if len(base) > 2 and base[-1] == base[-2]:
                found.add(base[:-1])
    return found | {form[:-3] + "ize" for form in found if form.endswith("ise") and len(form) > 5}


@cache
def property_keys(name: str) -> frozenset[str]:
    """Normalised forms of a property's local name; two properties are the same when these sets meet.

    >>> bool(property_keys("threatens") & property_keys("threaten"))
    True
    >>> bool(property_keys("bornIn") & property_keys("bornOn"))
    False
    """
    lists = _wording()
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+", name)
    words = [part.casefold() for part in parts] or [name.casefold()]
    words = [word for i, word in enumerate(words) if i == 0 or word not in lists.articles]
    while len(words) > 1 and (
        words[0] in lists.forms_of_be or (words[0] in lists.forms_of_have and words[1] in lists.forms_of_be)
    ):
        words = words[1:]
    return frozenset("".join([lemma, *words[1:]]) for lemma in _lemmas(words[0]))


def same_property(name: str, others: Iterable[str]) -> bool:
    """Whether a property's local name means one of the others."""
    keys = property_keys(name)
    return any(property_keys(other) & keys for other in others)


# ------------------------------------------------------------------------------------------------ literals


@cache
def number(text: str) -> float | None:
    """The first number in a string with its magnitude word, or None.

    >>> number("over 345 people"), number("1.2 million euros"), number("five"), number("none")
    (345.0, 1200000.0, 5, None)
    """
    lists = _wording()
    joined = re.sub(r"(?<=\d)\s+(?=\d{3}\b)", "", re.sub(r"[$€£¥]", " ", text))
    if match := _NUMBER.search(joined):
        found = match[0].strip()
        digits = re.match(r"[-−]?[\d,.]+", found)
        plain = digits[0] if digits else ""
        value = float(plain.replace(",", "").replace("−", "-").rstrip(".") or "nan")
        return value * lists.magnitudes.get(found[len(plain) :].strip().casefold(), 1)
    folded = text.casefold()
    for word in re.findall(r"[a-z]+", folded):
        if word in lists.number_words:
            scale = re.search(word + r"\s+(thousand|million|billion)", folded)
            return lists.number_words[word] * (lists.magnitudes[scale[1]] if scale else 1)
    return None


def same_literal(value: str, accepted: Iterable[str]) -> bool:
    """Whether a lexical form says one of the accepted: same date as written, same words, or same first number."""
    said = value.strip()
    if re.match(r"\d{4}-\d\d-\d\dT", said):
        said = said[:10]
    said = re.sub(r"(?<=\d)(Z|[+-]\d\d:\d\d)$", "", said)
    for wanted in accepted:
        if said == wanted or name_key(said) == name_key(wanted):
            return True
        if _is_partial_date(said) or _is_partial_date(wanted):
            continue  # a date with month is equal only as written
        if number(said) is not None and number(said) == number(wanted):
            return True
    return False


def _is_partial_date(text: str) -> bool:
    return bool(_DATE.fullmatch(text)) and "-" in text[1:]
