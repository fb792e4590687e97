"""Bytes → text: which encoding a file is in, or one clear reason why it is none.

A byte order mark decides; then UTF-8; then UTF-16 without a mark; then Windows-1252, if what it gives looks like words;
then what charset-normalizer finds, if it is sure. A mark is a signature of the file and no part of the text; every
other character is kept as it stands, line ends included.
"""

from __future__ import annotations

import codecs
import re

from kg.errors import ReadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_SIGNATURES = (
    (b"%PDF-", "a PDF", "rename it to .pdf"),
    (b"PK\x03\x04", "a zip archive or Office file", "rename a Word document to .docx, unpack an archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office file", "save it as .docx"),
    (b"\x1f\x8b", "compressed with gzip", "unpack it first"),
    (b"BZh", "compressed with bzip2", "unpack it first"),
    (b"\xfd7zXZ", "compressed with xz", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it first"),
    (b"{\\rtf", "a rich text file", "save it as .docx or .txt"),
)

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\x0b\x0c\r\x1b")) + b"\x7f"
_MAX_CONTROL_SHARE = 0.05
_SAMPLE_BYTES = 64 * 1024
_LEGACY = ["cp1250", "cp1251", "cp1253", "cp1255", "cp1256", "koi8_r", "iso8859_2", "iso8859_5", "iso8859_7",
           "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"]  # fmt: skip
_MIN_HIGH_BYTES = 12
_MAX_CHAOS = 0.15

_REMEDY = "save it as UTF-8"
_WESTERN_LETTER = "[A-Za-zÀ-ÖØ-öø-ÿŠšŽžŸŒœ]"
_ODD_IN_CP1252 = re.compile(
    rf"(?<!{_WESTERN_LETTER})[À-ÖØ-öø-ÿŠšŽžŸŒœ]+(?!{_WESTERN_LETTER})"  # a word of accented letters alone
    rf"|(?<={_WESTERN_LETTER})[¡-©¬-±³-¹»-¿÷×](?={_WESTERN_LETTER})"  # a sign inside one
    rf"|(?<=[a-z]{{3}})[¡-¨¬-¯±³-¹¼-¿](?!{_WESTERN_LETTER})"  # at the end of one
    r"|(?<=\s)[£¥¿¡¹³](?=[a-zß-ÿ])"  # or before one
)
_ONE_LETTER_WORDS = frozenset("àÀéÉèÈóÓôÔåÅöÖøØ")


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of `data`, verbatim; `declared` is the encoding that the file itself names, tried after UTF-8.

    Raises `ReadError` (reason only, without the file's name) for binary data and broken encodings.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding, byte_offset=len(mark))
    for signature, what, remedy in _SIGNATURES:
        if data.startswith(signature):
            raise ReadError(f"not text but {what}; {remedy}")
    wide = _wide_encoding(data)
    if wide:
        return _strict(data, wide, byte_offset=0)
    if _control_share(data) > _MAX_CONTROL_SHARE:
        raise ReadError("binary data, not text; give a text, PDF or Word document")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        cut_off = error.end == len(data) and error.end - error.start > 1
        if cut_off or _mostly_utf8(data):
            raise ReadError(f"broken UTF-8 at byte {error.start}; {_REMEDY}") from error
    return _declared(data, declared) or _western(data) or _detected(data)


def utf16_mark(data: bytes) -> bool:
    """Whether `data` begins with a mark of UTF-16 or UTF-32."""
    return any(data.startswith(mark) for mark, _ in _MARKS[1:])


def surrogate_offset(text: str) -> int | None:
    """Offset of the first lone surrogate, which no encoding, store or model can carry; None in well-formed text."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return error.start
    return None


def _strict(data: bytes, encoding: str, byte_offset: int) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        at = error.start + byte_offset
        raise ReadError(f"broken {encoding[:6].upper().rstrip('-')} at byte {at}; {_REMEDY}") from error


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a mark, told by the zero bytes that Latin letters have on one side."""
    sample = data[:_SAMPLE_BYTES]
    if len(data) < 4 or len(data) % 2 or b"\0" not in sample:
        return None
    pairs = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.7 * pairs and even < 0.05 * pairs:
        return "utf-16-le"
    if even > 0.7 * pairs and odd < 0.05 * pairs:
        return "utf-16-be"
    return None


def _control_share(data: bytes) -> float:
    sample = data[:_SAMPLE_BYTES]
    return (len(sample) - len(sample.translate(None, _CONTROLS))) / max(len(sample), 1)


def _mostly_utf8(data: bytes) -> bool:
    """Whether there are more whole multi-byte characters than broken ones."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    whole = sum(c > "\x7f" for c in text) - broken
    return whole >= broken


def _declared(data: bytes, encoding: str | None) -> str | None:
    if encoding is None:
        return None
    try:
        return data.decode("cp1252" if encoding.lower() in ("iso-8859-1", "latin-1", "latin1") else encoding)
    except (LookupError, UnicodeDecodeError):
        return None


def _western(data: bytes) -> str | None:
    """`data` as Windows-1252, if most of its high bytes then stand in words or are marks that writers use."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    marked = [c for c in text if c > "\x7f"]
    foreign = sum(map(str.isalpha, marked))
    if foreign > 2 + 0.25 * sum(c.isalpha() for c in text if c <= "\x7f"):
        return None
    odd = sum(match.group() not in _ONE_LETTER_WORDS for match in _ODD_IN_CP1252.finditer(text))
    return text if odd <= 0.07 * len(marked) else None


def _detected(data: bytes) -> str:
    from charset_normalizer import from_bytes  # slow to import, rarely needed

    high = sum(byte > 0x7F for byte in data)
    best = from_bytes(data, cp_isolation=_LEGACY).best() if high >= _MIN_HIGH_BYTES else None
    text = data.decode(best.encoding) if best is not None and best.chaos <= _MAX_CHAOS else ""
    letters = sum(c.isalpha() for c in text if c > "\x7f")
    if letters < 0.5 * sum(c > "\x7f" for c in text) or not text:
        raise ReadError(f"encoding not recognised; {_REMEDY}")
    return text
