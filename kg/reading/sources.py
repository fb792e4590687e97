"""What the user names → sources, cheaply and in a fixed order: files, folders, `-` for standard input."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.reading.values import Source
from kg.reading.words import layout_words

FORMATS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "word",
    ".jsonl": "jsonlines",
    ".ndjson": "jsonlines",
}
"""Ending of a file's name, in small letters → format."""

STANDARD_INPUT = "-"
_LISTED = ".txt .md .html .pdf .docx .jsonl"

_log = logging.getLogger(__name__)


def discover(paths: Iterable[str | Path]) -> tuple[Source, ...]:
    """One source for each file, in the order given, those of a folder sorted by path; none is opened.

    In folders, hidden files, files of unknown formats and notes about the folder (README and the like) are passed
    over; links are followed. A file reached twice is read once. What cannot be read is a source with a fault: a missing
    path, an unknown format given by name, a folder without documents, a second folder or file of one name.
    """
    found = _Found()
    for path in paths:
        found.add(path)
    return tuple(found.sources)


def folder_names(paths: Iterable[str | Path]) -> tuple[str, ...]:
    """What the documents of the folders among `paths` begin their paths with, as `discover` names them."""
    return tuple(_own_name(os.fspath(path)) for path in paths if os.fspath(path) and Path(path).is_dir())


class _Found:
    """The sources so far, and the names and files they have taken."""

    def __init__(self) -> None:
        self.sources: list[Source] = []
        self._given: dict[str, str] = {}  # document path of a given folder, or of any file → as the user gave it
        self._files: set[tuple[int, int]] = set()  # device and inode
        self._folders: dict[str, tuple[int, int]] = {}

    def add(self, path: str | Path) -> None:
        """Takes up one path of the command line."""
        shown = os.fspath(path)
        if shown == STANDARD_INPUT:
            if STANDARD_INPUT not in self._given:
                self._given[STANDARD_INPUT] = shown
                self.sources.append(Source(path=None, document_path="stdin", shown="stdin", format="stdin"))
            return
        if "://" in shown and not Path(shown).exists():
            self._fault(shown, "addresses are not read; save the page and give the file")
            return
        try:
            status = os.stat(shown)  # noqa: PTH116  # Path("") would be the working directory
        except (OSError, ValueError) as error:
            self._fault(shown, _os_reason(error))
            return
        if stat.S_ISDIR(status.st_mode):
            self._add_folder(shown, (status.st_dev, status.st_ino))
        elif not stat.S_ISREG(status.st_mode):
            self._fault(shown, "no regular file; send it through standard input (-)")
        elif Path(shown).suffix.lower() not in FORMATS:
            self._fault(shown, f"unknown format; give one of {_LISTED}")
        else:
            self._add_file(Path(shown), _own_name(shown), shown, status)

    def _add_folder(self, shown: str, identity: tuple[int, int]) -> None:
        name = _own_name(shown)
        if self._folders.setdefault(name, identity) != identity:
            reason = f"another given folder is named {name!r}; rename one, or build them apart"
            self.sources.append(_faulty(name, shown, reason))
            return
        readable = skipped = 0
        walk = sorted(_walk(Path(shown), name, {identity}), key=lambda entry: entry[1])
        for path, document_path, fault in walk:
            if fault is not None:
                self.sources.append(_faulty(document_path, os.fspath(path), fault))
            elif path.suffix.lower() not in FORMATS or path.stem.lower() in layout_words()["notes"]:
                skipped += 1
            else:
                readable += 1
                try:
                    self._add_file(path, document_path, os.fspath(path), path.stat())
                except OSError as error:
                    self.sources.append(_faulty(document_path, os.fspath(path), _os_reason(error)))
        _log.info("%s: %d documents or collections, %d other files passed over", shown, readable, skipped)
        if not readable:
            self._fault(shown, f"no document in this folder; {_LISTED} are read")

    def _add_file(self, path: Path, document_path: str, shown: str, status: os.stat_result) -> None:
        identity = (status.st_dev, status.st_ino)
        if identity in self._files:
            return
        if document_path in self._given:
            reason = f"same document name as {self._given[document_path]}; rename one, or give the folder above them"
            self.sources.append(_faulty(document_path, shown, reason))
            return
        self._files.add(identity)
        self._given[document_path] = shown
        self.sources.append(
            Source(path=path, document_path=document_path, shown=shown, format=FORMATS[path.suffix.lower()])
        )

    def _fault(self, shown: str, reason: str) -> None:
        self.sources.append(_faulty(shown, shown, reason))


def _faulty(document_path: str, shown: str, reason: str) -> Source:
    return Source(path=None, document_path=document_path, shown=shown or "''", format="", fault=reason)


def _walk(folder: Path, document_path: str, above: set[tuple[int, int]]) -> Iterator[tuple[Path, str, str | None]]:
    """Files below a folder with their document paths, in no order; a folder that is not readable comes with its fault.

    `above` identifies the folders on the way here, so that a link back up does not lead in circles.
    """
    try:
        with os.scandir(folder) as entries:
            listed = list(entries)
    except OSError as error:
        yield folder, document_path, _os_reason(error)
        return
    for entry in listed:
        if entry.name.startswith((".", "~$", "__MACOSX")):
            continue
        path = folder / entry.name
        below = f"{document_path}/{_decoded(entry.name)}" if document_path else _decoded(entry.name)
        if entry.is_dir():
            status = path.stat()
            identity = (status.st_dev, status.st_ino)
            if identity not in above:
                yield from _walk(path, below, above | {identity})
        elif entry.is_file():
            yield path, below, None


def _own_name(shown: str) -> str:
    """The name of a given path, also of `.` and `..`; links keep theirs."""
    return _decoded(Path(os.path.abspath(shown)).name)  # noqa: PTH100  # resolve() would follow links


def _decoded(name: str) -> str:
    """A file's name as well-formed text: bytes that are no UTF-8 become `\\xNN`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _os_reason(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):
        return "no such file or folder; check the path"
    if isinstance(error, PermissionError):
        return "no permission to read it; change its mode or owner"
    return f"{(error.strerror or str(error)).lower()}; check the path"
