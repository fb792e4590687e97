"""Each format gives its text, its title and its day; each broken file one line."""

from __future__ import annotations

import io
import logging
import zipfile
from pathlib import Path

import pytest
from sample_files import pdf_bytes, word_bytes, zip_bytes

from kg.model import Document
from kg.reading import ReadFailure, documents, read_paths, word

LEAD = "OSLO, March 11, 2025 – The minister of defence of Norway received her guest from Estonia on Tuesday morning."


def read_one(path: Path, data: bytes) -> Document | ReadFailure:
    path.write_bytes(data)
    (item,) = read_paths([path])
    return item


def document(path: Path, data: bytes) -> Document:
    item = read_one(path, data)
    assert isinstance(item, Document), str(item)
    return item


def reason(path: Path, data: bytes) -> str:
    item = read_one(path, data)
    assert isinstance(item, ReadFailure)
    assert str(item).startswith(str(path))
    assert "\n" not in str(item)
    return item.reason


def test_text_is_verbatim(tmp_path: Path) -> None:
    text = f"Talks end\r\n\r\n{LEAD}  \t\r\n\u200fעברית \U0001f600 e\u0301\r\n\r\n\r\n"
    read = document(tmp_path / "a.txt", text.encode())
    assert read == Document(
        path="a.txt",
        text=text,
        source="a.txt",
        title="Talks end",
        date="2025-03-11",
        title_span=read.title_span,
        dateline_span=read.dateline_span,
        dateline_place_span=read.dateline_place_span,
    )
    assert read.dateline_span and read.quote(read.dateline_span) == "OSLO, March 11, 2025 –"


def test_markdown_heading_and_front_matter(tmp_path: Path) -> None:
    body = f"# Talks end ##\n\n{LEAD} [More](x.md), *much* more.\n"
    read = document(tmp_path / "a.md", body.encode())
    assert (read.text, read.title) == (body, "Talks end")
    assert read.title_span and read.quote(read.title_span) == "Talks end"
    underlined = document(tmp_path / "c.md", f"Talks end\n=========\n\n{LEAD}".encode())
    assert underlined.title_span and underlined.quote(underlined.title_span) == "Talks end"
    front = document(tmp_path / "b.md", f"---\ntitle: 'Of talks'\ndate: 2025-03-12T10:00:00Z\n---\n{body}".encode())
    assert (front.text, front.title, front.date) == (body, "Of talks", "2025-03-12")


PAGE = f"""<?xml version="1.0" encoding="{{charset}}"?><!DOCTYPE html><html><head><meta charset="{{charset}}">
<title>Talks end | Example News</title><meta property="og:title" content="Talks end">
<meta property="article:published_time" content="2025-03-12T10:00:00Z"></head><body>
<nav><a href="/">Home page</a></nav><article><h1>Talks end</h1>
<p>{LEAD}</p><p>“We will not <b>wait</b>,” she told <a href="x">André</a> &amp; others on the way to the car.</p>
<ul><li>First: ten radars for Norway</li><li>Second: six for Estonia</li></ul></article>
<footer>Copyright</footer><script>alert("no text")</script></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_html_gives_the_article(tmp_path: Path, charset: str) -> None:
    read = document(tmp_path / "a.html", PAGE.replace("{charset}", charset).encode(charset))
    assert read.text.split("\n\n") == [
        "Talks end",
        LEAD,
        "“We will not wait,” she told André & others on the way to the car.",
        "First: ten radars for Norway",
        "Second: six for Estonia",
    ]
    assert (read.title, read.date) == ("Talks end", "2025-03-11")
    assert read.title_span and read.quote(read.title_span) == "Talks end"


def test_html_date_of_the_page_stands_in(tmp_path: Path) -> None:
    page = PAGE.replace("OSLO, March 11, 2025 – ", "")
    assert document(tmp_path / "a.html", page.encode()).date == "2025-03-12"


def test_html_without_an_article_gives_its_visible_text(tmp_path: Path) -> None:
    page = b"<p>Peru hosts the conference.<script>no()</script><p>Chile attends.<table><tr><td>a<td>b</table>"
    assert document(tmp_path / "a.htm", page).text.startswith("Peru hosts the conference.\n\nChile attends.")
    assert "no text" in reason(tmp_path / "b.html", b"<html><head><title>x</title></head><body> </body></html>")
    assert "not text but a PDF" in reason(tmp_path / "c.html", pdf_bytes(["x"]))


PARAGRAPH = [
    "Norwegian Defence Minister Ingrid Solheim received her Estonian counter-",
    "part at the ministry on Tuesday, and the two signed a memorandum on a",
    "counter-terrorism exercise, in which the armies of both states will coop-",
    "erate until the end of the decade (or longer).",
]


def test_pdf_lines_become_paragraphs(tmp_path: Path) -> None:
    first = ["Example News 1", "Talks end", "OSLO, March 11, 2025 -", *PARAGRAPH, "Second paragraph.", "Page 1 of 3"]
    second = ["Example News 2", "This sentence, which is quite long enough for a line, runs over", "Page 2 of 3"]
    third = ["Example News 3", "the edge of the page.", "Page 3 of 3"]
    read = document(tmp_path / "a.pdf", pdf_bytes(first, second, third))
    assert read.text.split("\n\n") == [
        "Talks end",
        "OSLO, March 11, 2025 -",
        "Norwegian Defence Minister Ingrid Solheim received her Estonian counterpart at the ministry on Tuesday, and "
        "the two signed a memorandum on a counter-terrorism exercise, in which the armies of both states will "
        "cooperate until the end of the decade (or longer).",
        "Second paragraph.",
        "This sentence, which is quite long enough for a line, runs over the edge of the page.",
    ]
    assert (read.title, read.date) == ("Talks end", "2025-03-11")


def test_pdf_with_an_owner_password_alone_is_read(tmp_path: Path) -> None:
    assert document(tmp_path / "a.pdf", pdf_bytes(["Peru hosts."], encrypt="")).text == "Peru hosts."


def test_broken_pdfs(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    whole = pdf_bytes(PARAGRAPH)
    assert reason(tmp_path / "a.pdf", whole[: len(whole) // 2]) == (
        "truncated PDF, its end is missing; get the whole file"
    )
    assert "encrypted" in reason(tmp_path / "b.pdf", pdf_bytes(PARAGRAPH, encrypt="secret"))
    assert reason(tmp_path / "c.pdf", pdf_bytes([])) == "no text layer; run OCR first"
    assert "not a PDF" in reason(tmp_path / "d.pdf", b"Peru hosts.")
    assert "damaged PDF" in reason(tmp_path / "e.pdf", b"%PDF-1.4\n" + b"rubbish " * 50 + b"\n%%EOF")
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_word_paragraphs_and_tables(tmp_path: Path) -> None:
    data = word_bytes([LEAD, "", "She left."], [["Norway", "10"], ["Estonia", "6"]], title="Talks end.")
    read = document(tmp_path / "a.docx", data)
    assert read.text == f"Talks end.\n\n{LEAD}\n\nShe left.\n\nNorway\t10\n\nEstonia\t6"
    assert (read.title, read.date) == ("Talks end.", "2025-03-11")


def test_word_insertions_count_and_deletions_do_not(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(word_bytes(["Peru-MARK."]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    inserted = b"<w:ins><w:r><w:t>hosts</w:t></w:r></w:ins>"
    deleted = b"<w:del><w:r><w:delText>left</w:delText></w:r></w:del>"
    body = parts["word/document.xml"]
    parts["word/document.xml"] = body.replace(b"-MARK", b"-</w:t></w:r>" + inserted + deleted + b"<w:r><w:t>")
    assert document(tmp_path / "a.docx", zip_bytes(parts)).text == "Peru-hosts."


def test_broken_word_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = word_bytes([LEAD])
    assert "truncated" in reason(tmp_path / "a.docx", whole[: len(whole) // 2])
    assert "password" in reason(tmp_path / "b.docx", b"\xd0\xcf\x11\xe0" + bytes(600))
    assert "no Word document" in reason(tmp_path / "c.docx", zip_bytes({"a.txt": b"Peru hosts."}))
    assert "damaged" in reason(tmp_path / "d.docx", zip_bytes({"[Content_Types].xml": b"<x"}))
    assert "no text" in reason(tmp_path / "e.docx", word_bytes([]))
    bomb = zip_bytes({"[Content_Types].xml": b"<x/>", "word/document.xml": bytes(9 * 1024**2)})
    assert len(bomb) < 20_000
    assert "zip bomb?" in reason(tmp_path / "f.docx", bomb)
    monkeypatch.setattr(word, "MAX_PARTS", 3)
    assert "zip bomb?" in reason(tmp_path / "g.docx", whole)


def test_size_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_TEXT_CHARACTERS", 5)
    assert "longer than 5 characters; split it" in reason(tmp_path / "a.txt", b"Peru hosts.")
    monkeypatch.setattr(documents, "MAX_FILE_BYTES", 5)
    assert "larger than 0 MiB; split it" in reason(tmp_path / "b.txt", b"Peru hosts.")


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
@pytest.mark.parametrize("ending", ["txt", "md", "html", "jsonl"])
def test_empty_files_have_failed(tmp_path: Path, ending: str, data: bytes) -> None:
    assert reason(tmp_path / f"a.{ending}", data).startswith("empty")


def test_a_surprise_in_a_parser_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def surprise(data: bytes) -> None:
        raise KeyError("/Root\nsecond line")

    monkeypatch.setitem(documents.READERS, "pdf", surprise)
    assert reason(tmp_path / "a.pdf", b"x") == "not readable (KeyError); save it anew or as .txt"
