"""Source → documents: the per-document loop, in which one bad document becomes a `ReadFailure` and no more."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from kg.errors import ReadError
from kg.model import Document
from kg.reading.dates import iso_day
from kg.reading.encoding import decode, surrogate_offset, utf16_mark
from kg.reading.jsonlines import lines_of, read_json_lines
from kg.reading.layout import recognise
from kg.reading.pdf import read_pdf
from kg.reading.plain import read_markdown, read_text
from kg.reading.sources import discover
from kg.reading.values import Content, ReadFailure, Source
from kg.reading.webpage import read_html
from kg.reading.word import read_word

MAX_FILE_BYTES = 64 * 1024**2
MAX_TEXT_CHARACTERS = 10_000_000

READERS: dict[str, Callable[[bytes], Content]] = {
    "text": read_text,
    "markdown": read_markdown,
    "html": read_html,
    "pdf": read_pdf,
    "word": read_word,
}
"""Format of a file that holds one document → its reader, which raises `ReadError` with a reason."""

_log = logging.getLogger(__name__)


def read_paths(
    paths: Iterable[str | Path], *, stdin: BinaryIO | None = None, default_date: str | None = None
) -> Iterator[Document | ReadFailure]:
    """The documents of files, folders and standard input (`-`), one after the other, in the order of `discover`.

    `default_date` (`YYYY-MM-DD`) is the day of documents that tell none. Raises `ReadError` if it is no day; all that
    is wrong with a document is a `ReadFailure` in its place. No two documents have one path.
    """
    sources = discover(paths)
    return unique(item for source in sources for item in read(source, stdin=stdin, default_date=_checked(default_date)))


def read(
    source: Source, *, stdin: BinaryIO | None = None, default_date: str | None = None
) -> Iterator[Document | ReadFailure]:
    """The documents of one source; a file of JSON Lines is streamed. Never raises for a bad document."""
    day = _checked(default_date)
    try:
        yield from _read(source, stdin, day)
    except ReadError as error:
        yield ReadFailure(source.shown, str(error))
    except OSError as error:
        yield ReadFailure(source.shown, f"{(error.strerror or str(error)).lower()}; check the file")
    except MemoryError:
        yield ReadFailure(source.shown, "too large for this machine's memory; split it")
    except Exception as error:  # noqa: BLE001  # the per-document loop: a parser's surprise must not end the build
        _log.debug("%s", source.shown, exc_info=True)
        yield ReadFailure(source.shown, f"not readable ({type(error).__name__}); save it anew or as .txt")


def unique(items: Iterable[Document | ReadFailure]) -> Iterator[Document | ReadFailure]:
    """`items`, in which the second document of one path is a failure: two documents cannot share an IRI."""
    seen: set[str] = set()
    for item in items:
        if isinstance(item, Document):
            if item.path in seen:
                yield ReadFailure(item.path, f"repeated id or path (source {item.source}); give each document its own")
                continue
            seen.add(item.path)
        yield item


def _checked(day: str | None) -> str | None:
    return iso_day(day) if day is not None else None


def _read(source: Source, stdin: BinaryIO | None, default_date: str | None) -> Iterator[Document | ReadFailure]:
    if source.fault is not None:
        raise ReadError(source.fault)
    if source.path is None:
        yield from _read_stream(source, stdin or sys.stdin.buffer, default_date)
        return
    with source.path.open("rb") as stream:
        if source.format == "jsonlines":
            yield from _json_lines(source, stream, default_date)
        else:
            yield _document(source, READERS[source.format](_limited(stream)), default_date)


def _read_stream(source: Source, stream: BinaryIO, default_date: str | None) -> Iterator[Document | ReadFailure]:
    """Standard input, whose format its first bytes tell: JSON Lines, PDF, Word, HTML, else plain text."""
    first = stream.readline(MAX_FILE_BYTES + 1)
    if first.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        yield from _json_lines(source, stream, default_date, first)
        return
    data = _limited(stream, first)
    start = data[:1024].lstrip().lower()
    if data.startswith(b"%PDF-"):
        name = "pdf"
    elif data.startswith(b"PK\x03\x04"):
        name = "word"
    elif start.startswith((b"<!doctype html", b"<html")):
        name = "html"
    else:
        name = "text"
    yield _document(source, READERS[name](data), default_date)


def _json_lines(
    source: Source, stream: BinaryIO, default_date: str | None, first: bytes = b""
) -> Iterator[Document | ReadFailure]:
    begun = first or stream.readline(MAX_FILE_BYTES + 1)
    if utf16_mark(begun):
        text = decode(_limited(stream, begun))
        begun, stream = b"", io.BytesIO(text.encode("utf-8"))

    def lines() -> Iterator[bytes]:
        if begun:
            yield begun
        yield from lines_of(stream)

    empty = True
    for item in read_json_lines(
        lines(), document_path=source.document_path, shown=source.shown, default_date=default_date
    ):
        empty = False
        yield item
    if empty:
        raise ReadError("empty; nothing to read")


def _limited(stream: BinaryIO, first: bytes = b"") -> bytes:
    data = first + stream.read(MAX_FILE_BYTES + 1 - len(first))
    if len(data) > MAX_FILE_BYTES:
        raise ReadError(f"larger than {MAX_FILE_BYTES // 1024**2} MiB; split it")
    if not data:
        raise ReadError("empty; nothing to read")
    return data


def _document(source: Source, content: Content, default_date: str | None) -> Document:
    text = content.text
    if surrogate_offset(text) is not None:  # from the fonts of a PDF or the entities of a page; never from plain text
        text = text.encode("utf-8", "replace").decode("utf-8")
    if not text.strip():
        raise ReadError("empty, no text in it; nothing to read")
    if len(text) > MAX_TEXT_CHARACTERS:
        raise ReadError(f"text longer than {MAX_TEXT_CHARACTERS:,} characters; split it")
    layout = recognise(
        text,
        title=content.title,
        date=content.date,
        likely_date=content.likely_date or default_date,
        heading=content.heading,
    )
    return Document(
        path=source.document_path,
        text=text,
        source=source.document_path,
        title=layout.title,
        date=layout.date,
        title_span=layout.title_span,
        dateline_span=layout.dateline_span,
        dateline_place_span=layout.dateline_place_span,
    )
