"""Results stop where their limits are: a stream that counts rows and bytes as they are written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


class LimitReached(OSError):
    """A result is larger than it may be."""


class Output(Protocol):
    """Where data goes."""

    def write(self, data: bytes) -> int: ...

    def flush(self) -> None: ...


class LimitedOutput:
    """Passes on what is written. Raises `LimitReached` past `max_bytes`, and past `max_rows` of a result format."""

    def __init__(self, output: Output, *, max_rows: int, max_bytes: int, format: str | None = None) -> None:
        self._output = output
        self._rows_left, self._bytes_left = max_rows, max_bytes
        self._max_rows, self._max_bytes = max_rows, max_bytes
        self._count = ROW_COUNTERS[format]() if format is not None else None
        self.reached: LimitReached | None = None

    def write(self, data: bytes) -> int:
        """Passes on `data`."""
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            self._stop(f"larger than {self._max_bytes:,} bytes")
        if self._count is not None:
            self._rows_left -= self._count(data)
            if self._rows_left < 0:
                self._stop(f"more than {self._max_rows:,} rows")
        return self._output.write(data)

    def row(self) -> None:
        """Counts one row that is written in another way."""
        self._rows_left -= 1
        if self._rows_left < 0:
            self._stop(f"more than {self._max_rows:,} rows")

    def flush(self) -> None:
        """Passes on what waits."""
        self._output.flush()

    def _stop(self, reason: str) -> None:
        # Kept: the serializer may raise an error of its own in the place of this one.
        self.reached = LimitReached(f"the result is {reason}; narrow the query or add LIMIT")
        raise self.reached


def _lines_of_json() -> Callable[[bytes], int]:
    """Rows are objects of an array: outside of strings, `},{` stands between two of them and nowhere else."""
    string, last = b"", b""
    begun = False

    def count(data: bytes) -> int:
        nonlocal string, last, begun
        structure, quote, string = _STRING.sub(b"", string + data).partition(b'"')
        string = quote + string
        joined = last + structure
        last = joined[-2:]
        first = not begun and b"[{" in joined
        begun = begun or first
        return joined.count(b"},{") + first

    return count


def _lines_of_csv() -> Callable[[bytes], int]:
    """Rows are lines, but for line ends within quotes; the first is the header."""
    quoted, header = False, True

    def count(data: bytes) -> int:
        nonlocal quoted, header
        parts = data.split(b'"')
        lines = sum(part.count(b"\n") for part in parts[quoted::2])
        quoted ^= len(parts) % 2 == 0
        if header and lines:
            header = False
            lines -= 1
        return lines

    return count


def _lines_of_tsv() -> Callable[[bytes], int]:
    """Rows are lines; line ends within values are escaped. The first is the header."""
    header = True

    def count(data: bytes) -> int:
        nonlocal header
        lines = data.count(b"\n")
        if header and lines:
            header = False
            lines -= 1
        return lines

    return count


def _elements_of_xml() -> Callable[[bytes], int]:
    """Rows are elements; `<` within values is escaped."""
    last = b""

    def count(data: bytes) -> int:
        nonlocal last
        joined = last + data
        last = joined[-7:]
        return joined.count(b"<result>")

    return count


ROW_COUNTERS: dict[str, Callable[[], Callable[[bytes], int]]] = {
    "json": _lines_of_json,
    "csv": _lines_of_csv,
    "tsv": _lines_of_tsv,
    "xml": _elements_of_xml,
}
"""Format of results → a counter of the rows in what is written, piece by piece."""
