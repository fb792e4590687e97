"""SPARQL text → whether a keyword stands in it as a keyword, not within a string, a comment, an IRI or a name.

SPARQL cannot be cut into tokens without its grammar: `<` begins an IRI in one place and compares in another, so
`?a <'>' ) …` reads in two ways, and in the wrong one a keyword hides inside a string. So every reading is followed:
from each place that some reading reaches, all tokens that may begin there. A keyword that is seen by any of them
counts, and a text that only looks dangerous is refused rather than one that is let through.
"""

from __future__ import annotations

import re

_SPACE = re.compile(r"(?:\s+|#[^\r\n]*)+")
_IRI = re.compile(r"<(?:[^\x00-\x20<>\"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>")
_LONG = {
    quote: re.compile(rf"{quote * 3}(?:{quote}{{0,2}}(?:[^{quote}\\]|\\.))*{quote * 3}", re.DOTALL) for quote in "'\""
}
_SHORT = {quote: re.compile(rf"{quote}(?:[^{quote}\\\r\n]|\\.)*{quote}") for quote in "'\""}
_ADDRESS = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_LANGUAGE = re.compile(r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*")
_VARIABLE = re.compile(r"[?$]\w+")
_LOCAL = r"(?:[\w:.·‿⁀-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])*"
_BLANK = re.compile(rf"_:{_LOCAL}")
_NAME = re.compile(rf"(?P<prefix>(?:[^\W\d_](?:[\w.·‿⁀-]*[\w·‿⁀-])?)?):{_LOCAL}")
_WORD = re.compile(r"[^\W\d_]\w*")
_TARGET = re.compile(r"[<?$:]|[^\W\d_]")
_FROM = re.compile(r"(?<![\w:?$@.-])FROM\b(?!:)", re.IGNORECASE)
_AFTER_LOAD = re.compile(r"\Z|;|INTO\b", re.IGNORECASE)


def uses_service(text: str) -> bool:
    """Whether a query or update has a `SERVICE` clause."""
    return _Readings(text, "SERVICE").found()


def uses_load(text: str) -> bool:
    """Whether an update has a `LOAD` operation."""
    return _Readings(text, "LOAD").found()


def dataset_files(text: str) -> bool:
    """Whether a query with `FROM` names a file, be it by a prefix: `FROM <file:…>`. Nothing would read it anyway."""
    if "file:" not in text.lower():
        return False
    code, iris = _parts(text)
    return bool(_FROM.search(code)) and any(iri[1:].lstrip().lower().startswith("file:") for iri in iris)


def _parts(text: str) -> tuple[str, list[str]]:
    """The text without its comments, strings and IRIs, each of them a blank; and the IRIs."""
    code: list[str] = []
    iris: list[str] = []
    position = 0
    while position < len(text):
        quote = text[position]
        patterns = (_SPACE, _IRI, _LONG[quote], _SHORT[quote]) if quote in _LONG else (_SPACE, _IRI)
        match = next(filter(None, (pattern.match(text, position) for pattern in patterns)), None)
        if match is None:
            code.append(text[position])
            position += 1
            continue
        if match[0].startswith("<"):
            iris.append(match[0])
        code.append(" ")
        position = match.end()
    return "".join(code), iris


class _Readings:
    """All readings of a text, at once: a set of places where a token may begin."""

    def __init__(self, text: str, keyword: str) -> None:
        self._text = text
        self._keyword = keyword

    def found(self) -> bool:
        """Whether some reading sees the keyword. Linear but for strings that several readings enter."""
        if self._keyword not in self._text.upper():
            return False
        waiting, reached = [0], {0}
        while waiting:
            position = self._code(waiting.pop())
            if position >= len(self._text):
                continue
            if self._is_keyword(position):
                return True
            for end in self._ends(position):
                if end not in reached:
                    reached.add(end)
                    waiting.append(end)
        return False

    def _code(self, position: int) -> int:
        space = _SPACE.match(self._text, position)
        return space.end() if space else position

    def _ends(self, position: int) -> list[int]:
        text, first = self._text, self._text[position]
        if first == "<":
            iri = _IRI.match(text, position)
            if iri is None:
                return [position + 1]
            # No comparison goes on with `scheme://`: one of the two strokes would divide by nothing.
            return [iri.end()] if _ADDRESS.match(iri[0]) else [position + 1, iri.end()]
        if first in "'\"":
            matches = (_LONG[first].match(text, position), _SHORT[first].match(text, position))
            return [match.end() for match in matches if match]  # of a string without end there is no reading
        for pattern in (_VARIABLE, _LANGUAGE, _BLANK, _NAME, _WORD):
            if match := pattern.match(text, position):
                return [match.end()]
        return [position + 1]

    def _is_keyword(self, position: int) -> bool:
        """Whether the keyword begins in the token here: keywords need no space before or after them."""
        if match := _NAME.match(self._text, position):
            return self._keyword in match["prefix"].upper() and self._ends_clause(match.end())
        match = _WORD.match(self._text, position)
        if match is None or self._keyword not in match[0].upper():
            return False
        following = self._code(match.end())
        return match[0].upper().rpartition(self._keyword)[2] != "" or bool(_TARGET.match(self._text, following))

    def _ends_clause(self, position: int) -> bool:
        """Whether what follows a name shows that it is the target of a clause glued to its keyword."""
        following = self._code(position)
        if self._keyword == "LOAD":
            return bool(_AFTER_LOAD.match(self._text, following))
        return self._text[following : following + 1] == "{"
