"""Requests and answers between the server and its processes, over pipes.

A request is a JSON object and a body. An answer is a JSON object, then data in pieces, then an end; or, at any point, a
problem in place of the rest. All numbers are 32 bits, big end first.
"""

from __future__ import annotations

import asyncio
import json
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, BinaryIO

HEADER, DATA, END, PROBLEM = b"H", b"D", b"E", b"X"
_LENGTHS = struct.Struct("!II")
_FRAME = struct.Struct("!cI")
_IN_MEMORY = 1 << 20
_PIECE = 1 << 16

Json = dict[str, Any]


class Broken(Exception):
    """The other side ended before its answer did."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer; `file` holds it where it is too large for `content`. A `problem` is (status, detail)."""

    header: Json
    content: bytes = b""
    file: IO[bytes] | None = None
    problem: tuple[int, str] | None = None


def request_frame(request: Json, body: bytes = b"") -> bytes:
    """A request as bytes."""
    head = json.dumps(request).encode()
    return _LENGTHS.pack(len(head), len(body)) + head + body


def requests(stream: BinaryIO) -> Iterator[tuple[Json, bytes]]:
    """The requests that come in, until the server closes the pipe."""
    while lengths := stream.read(_LENGTHS.size):
        head, body = _LENGTHS.unpack(lengths)
        yield json.loads(stream.read(head)), stream.read(body)


class AnswerWriter:
    """Writes one answer after the other; a file object for those that write data."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._waiting = bytearray()

    def header(self, header: Json) -> None:
        """Begins an answer."""
        self._frame(HEADER, json.dumps(header).encode())

    def write(self, data: bytes) -> int:
        """Adds data; small pieces go together."""
        self._waiting += data
        if len(self._waiting) >= _PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Sends what is waiting."""
        if self._waiting:
            self._frame(DATA, bytes(self._waiting))
            self._waiting.clear()

    def end(self) -> None:
        """Ends an answer."""
        self.flush()
        self._frame(END, b"")
        self._stream.flush()

    def problem(self, status: int, detail: str) -> None:
        """Ends an answer that has failed, also one that has begun."""
        self._waiting.clear()
        self._frame(PROBLEM, json.dumps([status, detail]).encode())
        self._stream.flush()

    def _frame(self, kind: bytes, content: bytes) -> None:
        self._stream.write(_FRAME.pack(kind, len(content)) + content)


async def reply(stream: asyncio.StreamReader) -> Reply:
    """Reads one answer; what does not fit into memory goes to a temporary file. Raises `Broken`."""
    header: Json = {}
    pieces: list[bytes] = []
    size = 0
    file: IO[bytes] | None = None
    try:
        while True:
            kind, length = _FRAME.unpack(await stream.readexactly(_FRAME.size))
            content = await stream.readexactly(length)
            if kind == HEADER:
                header = json.loads(content)
            elif kind == DATA:
                size += length
                if file is None and size > _IN_MEMORY:
                    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the answer
                    file.writelines(pieces)
                    pieces.clear()
                if file is None:
                    pieces.append(content)
                else:
                    file.write(content)
            elif kind == PROBLEM:
                status, detail = json.loads(content)
                return Reply(header, problem=(status, detail))
            else:
                break
    except asyncio.IncompleteReadError as error:
        raise Broken from error
    if file is not None:
        file.seek(0)
    return Reply({**header, "bytes": size}, b"".join(pieces), file)
