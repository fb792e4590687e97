"""What reading hands around: where a document lies, what its file gave, and why one could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.model import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file (or standard input) to read documents from; cheap to make, safe to send to another process.

    `document_path` is what the document's IRI is minted from; a file of JSON Lines has one IRI for each line instead.
    `shown` is the path as the user knows it, for messages. A source with a `fault` reads as that failure.
    """

    path: Path | None  # None: standard input
    document_path: str
    shown: str
    format: str  # a key of `kg.reading.sources.FORMATS`, "stdin", or empty where there is a fault
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """One document that could not be read. `str()` is one line for a terminal: nothing in it breaks or reorders it."""

    path: str
    reason: str

    def __str__(self) -> str:
        return printable(f"{self.path}: {self.reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the file of one document gave, before its layout is looked at.

    `title` and `date` were stated as metadata; `likely_date` is the date that a page's markup suggests.
    `heading` is where markup says that the text has its title.
    """

    text: str
    title: str | None = None
    date: str | None = None
    likely_date: str | None = None
    heading: Span | None = None


def printable(text: str) -> str:
    """`text` with control, formatting and surrogate characters written as escapes.

    >>> printable("a\\nb")
    'a\\\\nb'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
