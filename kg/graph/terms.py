"""RDF terms as text: IRIs and literals in, N-Triples syntax out, and back.

The graph is written as N-Quads text, which costs a tenth of building term objects. What a parser would refuse is
refused here first, by name, so that one bad term never stops a build.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from pyoxigraph import NamedNode

from kg.model import LiteralValue
from kg.vocabulary import RDF, XSD

_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
_NEEDS_ESCAPE = re.compile(r'[\\"\n\r]')
_UNESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")

_ZONE = r"(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?"
_LEXICAL_FORMS = {
    XSD.date: re.compile(rf"(\d{{4}})-(\d\d)-(\d\d){_ZONE}"),
    XSD.gYearMonth: re.compile(rf"\d{{4}}-(?:0[1-9]|1[0-2]){_ZONE}"),
    XSD.gYear: re.compile(rf"-?\d{{4,}}{_ZONE}"),
    XSD.dateTime: re.compile(rf"(\d{{4}})-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?{_ZONE}"),
    XSD.integer: re.compile(r"[+-]?\d+"),
    XSD.nonNegativeInteger: re.compile(r"\+?\d+"),
    XSD.decimal: re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)"),
    XSD.boolean: re.compile(r"true|false|1|0"),
    XSD.duration: re.compile(
        r"-?P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
    ),
}
_NOT_PLAIN = (RDF.langString, RDF.dirLangString)


def iri_term(iri: str) -> str:
    """`<iri>`; the IRI must have passed `iri_fault`."""
    return f"<{iri}>"


def literal_term(value: str, datatype: str = XSD.string) -> str:
    """A literal as N-Triples writes it."""
    if _NEEDS_ESCAPE.search(value):
        value = _NEEDS_ESCAPE.sub(lambda match: _ESCAPED[match[0]], value)
    return f'"{value}"' if datatype == XSD.string else f'"{value}"^^<{datatype}>'


@lru_cache(maxsize=1 << 17)
def iri_fault(iri: str) -> str | None:
    """Why `iri` cannot stand in a graph, or None when it can."""
    try:
        NamedNode(iri)
    except UnicodeEncodeError:
        return f"{iri!r} holds half a surrogate pair"
    except ValueError as error:
        return f"{iri!r} is no IRI ({error})"
    return None


def text_fault(text: str) -> str | None:
    """Why `text` cannot be a literal, or None when it can: only lone surrogates have no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"character {error.start} is half a surrogate pair"
    return None


def literal_fault(literal: LiteralValue) -> str | None:
    """Why `literal` cannot be stored, or None when it can: its text must be of its datatype."""
    if fault := text_fault(literal.value) or iri_fault(literal.datatype):
        return fault
    if literal.datatype in _NOT_PLAIN:
        return f"{literal.value!r} has a datatype that needs a language tag"
    form = _LEXICAL_FORMS.get(literal.datatype)
    if form is None:
        return None
    match = form.fullmatch(literal.value)
    if match is None or not literal.value.isascii() or not _is_day(literal.datatype, match):
        return f"{literal.value!r} is no xsd:{literal.datatype.rpartition('#')[2]}"
    return None


def _is_day(datatype: str, match: re.Match[str]) -> bool:
    if datatype not in (XSD.date, XSD.dateTime):
        return True
    year, month, day = (int(part) for part in match.groups()[:3])
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def split_literal(term: str) -> tuple[str, str, str]:
    """Text, datatype IRI and language tag ("" for none) of a literal in N-Triples syntax."""
    close = term.rindex('"')
    value, rest = term[1:close], term[close + 1 :]
    if "\\" in value:
        value = _ESCAPE.sub(_unescape, value)
    if rest.startswith("^^<"):
        return value, rest[3:-1], ""
    if rest.startswith("@"):
        return value, RDF.langString, rest[1:]
    return value, XSD.string, ""


def _unescape(match: re.Match[str]) -> str:
    short, long, letter = match.groups()
    return _UNESCAPED[letter] if letter else chr(int(short or long, 16))
