"""JSON Lines → documents: one object a line with `id` and `text`, optional `title`, `date` and `source`.

A line that cannot be used is a failure of its own, `FILE.jsonl:LINE`; the lines around it are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from kg.errors import ReadError
from kg.model import Document
from kg.reading.dates import iso_day
from kg.reading.encoding import surrogate_offset
from kg.reading.layout import recognise
from kg.reading.values import ReadFailure

MAX_LINE_BYTES = 64 * 1024**2


def read_json_lines(
    lines: Iterable[bytes], *, document_path: str, shown: str, default_date: str | None
) -> Iterator[Document | ReadFailure]:
    """The documents of a file, in its order; `document_path` is the file's, named in the source of its documents."""
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
            if line.strip() in (b"{", b"[", b"[{"):
                yield ReadFailure(shown, "one JSON value over many lines; put one object on each line (jq -c does it)")
                return
        if not line.strip():
            continue
        where = f"{shown}:{number}"
        try:
            document = _document(_object(line), document_path, default_date)
            if document.path in seen:
                raise ReadError(
                    f"id {document.path!r} repeats line {seen[document.path]}; give each line an id of its own"
                )
        except ReadError as error:
            yield ReadFailure(where, str(error))
            continue
        seen[document.path] = number
        yield document


def lines_of(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream; of one longer than `MAX_LINE_BYTES` only so much that it is seen to be too long."""
    while line := stream.readline(MAX_LINE_BYTES + 1):
        rest = line
        while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_LINE_BYTES + 1)
        yield line


def _object(line: bytes) -> dict[str, Any]:
    if len(line) > MAX_LINE_BYTES:
        raise ReadError(f"longer than {MAX_LINE_BYTES // 1024**2} MiB; split the document")
    try:
        text = line.decode("utf-8").rstrip("\r\n")
        value = json.loads(text)
    except UnicodeDecodeError as error:
        raise ReadError(f"broken UTF-8 at byte {error.start} of the line; save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        raise ReadError(f"broken JSON at column {error.colno} ({error.msg}); mend the line") from error
    except (RecursionError, ValueError) as error:
        raise ReadError("JSON nested too deeply or with a number too long; mend the line") from error
    if not isinstance(value, dict):
        raise ReadError('no JSON object; write {"id": …, "text": …} on each line')
    return value


def _document(fields: dict[str, Any], file: str, default_date: str | None) -> Document:
    path, text = _required(fields, "id"), _required(fields, "text")
    title, date, source = (_optional(fields, name) for name in ("title", "date", "source"))
    layout = recognise(text, title=title, date=iso_day(date) if date else None, likely_date=default_date)
    return Document(
        path=path,
        text=text,
        source=source or f"{file}#{path}",
        title=layout.title,
        date=layout.date,
        title_span=layout.title_span,
        dateline_span=layout.dateline_span,
        dateline_place_span=layout.dateline_place_span,
    )


def _required(fields: dict[str, Any], name: str) -> str:
    if name not in fields:
        raise ReadError(f"no {name!r}; each line needs 'id' and 'text'")
    value = _string(fields, name)
    if not value.strip():
        raise ReadError(f"empty {name!r}; nothing to read")
    return value


def _optional(fields: dict[str, Any], name: str) -> str | None:
    return (_string(fields, name) or None) if fields.get(name) is not None else None


def _string(fields: dict[str, Any], name: str) -> str:
    value = fields[name]
    if name == "id" and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise ReadError(f"{name!r} is no string; put it in quotes")
    at = surrogate_offset(value)
    if at is not None:
        raise ReadError(f"{name!r} has half a surrogate pair at character {at}; mend the escape")
    return value
