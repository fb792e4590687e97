"""What a command says and writes: results to standard output, everything else to standard error, in one line each."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KGError, StoreError

if TYPE_CHECKING:
    from kg.reading import ReadFailure


class Failures:
    """Tells of documents that failed as they come, and remembers that there were some."""

    def __init__(self) -> None:
        self.exit_code = 0

    def tell(self, failure: ReadFailure) -> None:
        say(f"failed: {failure}")
        self.exit_code = 1


def one_of(option: str, value: str, known: tuple[str, ...]) -> None:
    """Raises `KGError` when an option has none of its values."""
    if value not in known:
        raise KGError(f"{option} {value}: unknown; choose from {', '.join(known)}")


def existing(file: Path | None) -> Path | None:
    """The file, if one is given; raises `StoreError` when it does not exist."""
    if file is not None and not file.is_file():
        raise StoreError(f"{file}: no such file; check the path")
    return file


def say(message: str) -> None:
    """One line on standard error, whatever is in the message."""
    line = " ".join(message.split())
    print("".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in line), file=sys.stderr)  # noqa: T201


def write(content: str | bytes) -> None:
    """Writes a result to standard output, in UTF-8."""
    with standard_output():
        sys.stdout.buffer.write(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)


@contextmanager
def standard_output() -> Iterator[None]:
    """Writes through to standard output; a reader that has seen enough ends the command without a word."""
    try:
        yield
        sys.stdout.buffer.flush()
    except KGError:
        raise
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left in the buffer goes nowhere
        if isinstance(error, BrokenPipeError):
            raise SystemExit(0) from None
        raise KGError(
            f"standard output: {(error.strerror or str(error)).lower()}; free space or redirect it"
        ) from error


@contextmanager
def shown_progress() -> Iterator[Callable[[str, int], None] | None]:
    """A line of counts on standard error while work goes on; nothing when that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    steps = {"read": "read", "extract": "extracted", "resolve": "resolved", "store": "stored", "publish": "published"}
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {step: bar.add_task(name, total=None) for step, name in steps.items()}
        yield lambda step, count: bar.advance(tasks[step], count)


def unforeseen(error: Exception) -> str:
    """What a user can be told of an error that nobody meant to raise."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'input or output'}: {error.strerror.lower()}; check path, rights and space"
    return f"{type(error).__name__}: {error}; run again with --debug and report it"
