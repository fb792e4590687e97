"""Bytes come back as the text that was written, or are refused in one line."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.errors import ReadError
from kg.reading.encoding import decode

well_formed = st.text(st.characters(exclude_categories=("Cs",)), min_size=1)
printable_text = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)
SIGNATURES = (b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"{\\rtf")


@given(printable_text)
def test_any_printable_utf8_reads_back_verbatim(text: str) -> None:
    data = text.encode("utf-8")
    assume(not text.startswith("\ufeff") and not data.startswith(SIGNATURES))
    assert decode(data) == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@given(text=well_formed)
def test_any_text_with_a_byte_order_mark_reads_back_verbatim(encoding: str, text: str) -> None:
    assume(not text.startswith("\0"))  # the mark of UTF-16, then a zero character, is the mark of UTF-32
    assert decode(text.encode(encoding)) == text


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=2))
def test_utf16_without_a_mark_is_told_by_its_zeros(text: str) -> None:
    assert decode(text.encode("utf-16-le")) == text
    assert decode(text.encode("utf-16-be")) == text


@given(st.binary())
def test_any_bytes_are_text_or_refused_in_one_line(data: bytes) -> None:
    try:
        decode(data).encode("utf-8")
    except ReadError as error:
        assert "\n" not in str(error)
        assert ";" in str(error), "no remedy"


def test_line_ends_controls_and_marks_of_direction_stay() -> None:
    text = "a\r\nb\rc\n\x0b\u2028 \u200f\u202ehidden\u202c \ufeff inside, zero: \0. " + "x" * 40
    assert decode(text.encode()) == text


POLISH = (
    "Premier Donald Tusk powiedział w czwartek, że rząd będzie wspierać Ukrainę. Łódź i Gdańsk są ważnymi miastami."
)
RUSSIAN = "Президент заявил в четверг, что переговоры продолжатся в Москве и в Женеве на будущей неделе."
JAPANESE = "日本の首相は木曜日に東京で記者会見を開き、新しい政策を発表した。経済の成長が続いている。"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "“It’s a deal” – worth €5 million, said André Piñón."),
        ("latin-1", "Le président, à Québec: «c'est déjà fini»."),
        ("cp1250", POLISH),
        ("cp1251", RUSSIAN),
        ("koi8_r", RUSSIAN),
        ("shift_jis", JAPANESE),
    ],
)
def test_older_encodings_are_detected(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Peru \xc3\x28 hosts \xff", "encoding not recognised"),
        ("café, naïve".encode() + b" \xff and more", "broken UTF-8 at byte 14"),
        ("talks’".encode()[:-1], "broken UTF-8 at byte 5"),
        (b"\xff\xfea", "broken UTF-16 at byte 2"),
        (bytes(range(256)), "binary data"),
        (b"%PDF-1.4 ...", "a PDF"),
        (b"PK\x03\x04....", "zip archive"),
        (b"\x1f\x8b\x08....", "gzip"),
    ],
)
def test_what_is_no_text_is_refused_by_what_it_is(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        decode(data)
