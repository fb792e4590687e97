"""Text → whether it is in English, told by its letters and its function words; no guess is made about short texts.

Half of the words of running English are a hundred function words, and no other language has many of them. A text is
foreign when most of its letters are not Latin, when it holds more function words of another language, or when it is
long and holds next to none of English.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from functools import cache
from importlib import resources

FEWEST_WORDS = 20
"""Words below which nothing is said about a text in Latin letters."""

ENGLISH = "English"

_PIECE_CHARACTERS = 3_000
_PIECES = 3
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_WEB = re.compile(r"(?:https?://|www\.)\S+|[@#]\w+")
_LEAST_LATIN_SHARE = 0.5
_SURE_ENGLISH = 0.2  # share of function words; running English has 0.35 to 0.55
_LEAD = 0.06  # by which another language's share must exceed that of English
_FEWEST_DIFFERENT = 4  # function words of the other language; an address may repeat one
_NO_ENGLISH = 0.05
_WORDS_FOR_NO_ENGLISH = 60


def foreign_language(text: str) -> str | None:
    """What `text` is written in when it is not English (`German`, `Cyrillic script`, `a language other than English`).

    None for English, for what has no letters, and where too little tells: less than `FEWEST_WORDS` words in Latin
    letters. Looks at the beginning, the middle and the end alone, so its time does not depend on the length.

    >>> foreign_language("Перу принимает конференцию.")
    'Cyrillic script'
    >>> foreign_language("Peru hosts the conference.")
    """
    sample = unicodedata.normalize("NFKC", _sample(text))
    if (script := _foreign_script(sample)) is not None:
        return script
    words = _WORD.findall(_WEB.sub(" ", sample))
    small = [word for word in words if word[0].islower()]
    words = [word.replace("’", "'").casefold() for word in (small if len(small) >= FEWEST_WORDS else words)]
    if len(words) < FEWEST_WORDS:
        return None
    shares = _shares(words)
    english = shares[ENGLISH]
    if english >= _SURE_ENGLISH:
        return None
    other = max(shares, key=lambda language: shares[language])
    if shares[other] >= english + _LEAD and len(_function_words()[other].intersection(words)) >= _FEWEST_DIFFERENT:
        return other
    if english < _NO_ENGLISH and len(words) >= _WORDS_FOR_NO_ENGLISH and small:
        return "a language other than English"
    return None


def _sample(text: str) -> str:
    if len(text) <= _PIECES * _PIECE_CHARACTERS:
        return text
    step = (len(text) - _PIECE_CHARACTERS) // (_PIECES - 1)
    begins = (step * number for number in range(_PIECES))
    return "\n".join(text[begin : begin + _PIECE_CHARACTERS] for begin in begins)


def _foreign_script(text: str) -> str | None:
    letters = Counter(filter(str.isalpha, text))
    scripts: Counter[str] = Counter()
    for letter, count in letters.items():
        scripts[_script(letter)] += count
    if scripts["Latin"] >= _LEAST_LATIN_SHARE * letters.total():
        return None
    script = max(sorted(scripts), key=lambda name: (name != "Latin", scripts[name]))
    return f"{script} script"


def _script(letter: str) -> str:
    """The first word of a letter's name, which is its script: `Latin`, `Cyrillic`, `Arabic`, `CJK`."""
    name = unicodedata.name(letter, "unknown").partition(" ")[0]
    return name if name == "CJK" else name.capitalize()


def _shares(words: list[str]) -> dict[str, float]:
    counted = Counter(words)
    return {
        language: sum(counted[word] for word in known) / len(words) for language, known in _function_words().items()
    }


@cache
def _function_words() -> dict[str, frozenset[str]]:
    lists: dict[str, str] = json.loads(
        resources.files("kg.reading").joinpath("data", "languages.json").read_text("utf-8")
    )
    return {language: frozenset(words.split()) for language, words in lists.items()}
