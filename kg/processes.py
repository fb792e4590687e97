"""Documents → extractions, in processes of their own: what a worker keeps, and how its results come back.

A worker is a Python of its own, fed through its standard input and ending with it: none outlives its parent, and a
script that calls `kg.build` needs no `if __name__ == "__main__"`. Values of `kg.model` are sent slot by slot: pickling
frozen dataclasses as they come took four times as long.
"""

from __future__ import annotations

import copyreg
import gc
import io
import logging
import os
import pickle
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import fields
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kg.errors import KGError
from kg.model import (
    Argument,
    Attribution,
    Document,
    Extraction,
    Literal,
    LocalEntity,
    Mention,
    RelationMention,
    Span,
)
from kg.reading import ReadFailure, foreign_language
from kg.reading.values import printable

if TYPE_CHECKING:
    from kg.extraction.ontology import Guide

BATCH = 4
"""Documents a worker takes at a time."""
AHEAD = 4
"""Batches that wait for each worker: enough to keep it busy, few enough to bound memory."""

_LENGTH = struct.Struct(">Q")

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Process:
    """What a process keeps for its documents: the pipeline, loaded with the first of them."""

    def __init__(
        self, extractors: Sequence[str] | None = None, guide: Guide | None = None, *, pronouns: bool = False
    ) -> None:
        self._extractors, self._guide, self._pronouns = extractors, guide, pronouns
        self._nlp: Any = None

    def extract(self, document: Document) -> Extraction | ReadFailure:
        """What was read out of one document, or why that failed; nothing of one that is not in English."""
        if foreign(document):
            return Extraction(document=document, sentences=(), entities=(), mentions=(), relations=())
        from kg.annotation import annotate, load
        from kg.extraction import extract

        if self._nlp is None:
            self._nlp = load()
        return understood(
            document,
            lambda: extract(annotate(document, self._nlp), self._extractors, self._guide, pronouns=self._pronouns),
        )


def foreign(document: Document) -> bool:
    """Whether a document is in another language than English, which is then said."""
    language = foreign_language(document.text)
    if language is not None:
        _log.warning(
            "%s: written in %s, so no statements are read from it; translate it to have some",
            printable(document.path),
            language,
        )
    return language is not None


def understood(document: Document, work: Callable[[], T]) -> T | ReadFailure:
    """What `work` makes of a document, or why it failed: one document must not end a build."""
    try:
        return work()
    except KGError:
        raise  # the model's or the settings' fault, not this document's
    except Exception as error:  # noqa: BLE001
        _log.debug("%s", document.source, exc_info=True)
        reason = " ".join(str(error).split())
        return ReadFailure(document.path, f"not understood ({type(error).__name__}: {reason}); report it")


def extract_in_processes(
    documents: Iterable[Document],
    workers: int,
    extractors: Sequence[str] | None = None,
    guide: Guide | None = None,
    *,
    pronouns: bool = False,
) -> Iterator[Extraction | ReadFailure]:
    """The outcome of each document, in order. Raises `KGError` when a process dies, or for what it raises."""
    stream = iter(documents)
    team = _Team(extractors, guide, pronouns=pronouns)
    pending: deque[Future[bytes]] = deque()
    pool = ThreadPoolExecutor(workers)
    try:
        while batch := list(islice(stream, BATCH)):
            pending.append(pool.submit(team.extract, batch))
            if len(pending) >= workers * AHEAD:
                yield from unpacked(pending.popleft().result())
        while pending:
            yield from unpacked(pending.popleft().result())
    finally:
        team.dismiss()
        pool.shutdown(cancel_futures=True)
        team.close()


class _Team:
    """Worker processes, one for each thread that asks."""

    def __init__(self, extractors: Sequence[str] | None, guide: Guide | None, *, pronouns: bool) -> None:
        self._settings = pickle.dumps((tuple(extractors) if extractors is not None else None, guide, pronouns))
        self._own = threading.local()
        self._hiring = threading.Lock()
        self._all: list[subprocess.Popen[bytes]] = []
        self._dismissed = False

    def extract(self, documents: Sequence[Document]) -> bytes:
        """Packed outcomes of `documents`, from this thread's process. Raises `KGError` when it has died."""
        try:
            worker = self._worker()
            requests, answers = worker.stdin, worker.stdout
            if requests is None or answers is None:
                raise KGError("a worker process has no pipes")
            requests.write(pickle.dumps(documents))
            requests.flush()
            header = answers.read(_LENGTH.size)
            content = answers.read(_LENGTH.unpack(header)[0]) if len(header) == _LENGTH.size else b""
        except BrokenPipeError:
            content = b""
        if not content:
            raise KGError("a worker process died, perhaps for want of memory; use fewer workers")
        return content

    def _worker(self) -> subprocess.Popen[bytes]:
        if not hasattr(self._own, "worker"):
            with self._hiring:
                if self._dismissed:
                    raise KGError("the build has ended")
                self._own.worker = _started(self._settings)
                self._all.append(self._own.worker)
        worker: subprocess.Popen[bytes] = self._own.worker
        return worker

    def dismiss(self) -> None:
        """Ends all processes, whatever they are doing."""
        with self._hiring:
            self._dismissed = True
            for worker in self._all:
                worker.kill()
                worker.wait()

    def close(self) -> None:
        """Closes the pipes; no thread may be using them."""
        for worker in self._all:
            for pipe in filter(None, (worker.stdin, worker.stdout)):
                with suppress(BrokenPipeError):
                    pipe.close()


def _started(settings: bytes) -> subprocess.Popen[bytes]:
    """A worker that has its settings."""
    worker = python("-c", "from kg.processes import main; main()", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if worker.stdin is not None:
        worker.stdin.write(settings)
        worker.stdin.flush()
    return worker


def python(*arguments: str, **pipes: int) -> subprocess.Popen[bytes]:
    """Another Python with this package, whatever the working directory; Ctrl-C stays the parent's business."""
    package_parent = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join(filter(None, (package_parent, os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(  # noqa: S603  # our own interpreter, our own arguments
        [sys.executable, "-P", *arguments],
        stdin=pipes.get("stdin", subprocess.DEVNULL),
        stdout=pipes.get("stdout"),
        stderr=pipes.get("stderr"),
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": path},
    )


def main() -> None:
    """A worker's life: settings, then lists of documents on standard input; packed outcomes on standard output."""
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the answers
    extractors, guide, pronouns = pickle.load(requests)  # noqa: S301  # from our own parent
    process = Process(extractors, guide, pronouns=pronouns)
    while True:
        try:
            documents: list[Document] = pickle.load(requests)  # noqa: S301
        except (EOFError, pickle.UnpicklingError):  # the parent has ended, perhaps in the middle of a list
            return
        try:
            content = packed([process.extract(document) for document in documents])
        except KGError as error:
            content = packed(error)
        try:
            answers.write(_LENGTH.pack(len(content)) + content)
            answers.flush()
        except BrokenPipeError:  # the parent was killed
            os._exit(1)


# ---------------------------------------------------------------------------------------------- between processes

_VALUES = (Argument, Attribution, Document, Extraction, Literal, LocalEntity, Mention, RelationMention, Span)
_SETTERS: dict[type, tuple[Callable[[object, object], None], ...]] = {
    value: tuple(value.__dict__[field.name].__set__ for field in fields(value)) for value in _VALUES
}


def packed(outcomes: Sequence[Extraction | ReadFailure] | KGError) -> bytes:
    """Outcomes, or the error that ended them, as bytes for `unpacked`."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = {**copyreg.dispatch_table, **_REDUCERS}
    pickler.dump(outcomes)
    return buffer.getvalue()


def unpacked(content: bytes) -> list[Extraction | ReadFailure]:
    """The outcomes that a worker packed; raises the error that it packed instead.

    The collector rests meanwhile: there is nothing to collect, and looking through all earlier values took four times
    as long as the work.
    """
    resting = gc.isenabled()
    gc.disable()
    try:
        outcomes: list[Extraction | ReadFailure] | KGError = pickle.loads(content)  # noqa: S301  # from our own worker
    finally:
        if resting:
            gc.enable()
    if isinstance(outcomes, KGError):
        raise outcomes
    return outcomes


def _restored(kind: type, *values: object) -> object:
    new: object = object.__new__(kind)
    for set_slot, value in zip(_SETTERS[kind], values, strict=True):
        set_slot(new, value)
    return new


def _reducer(kind: type) -> Callable[[Any], tuple[Callable[..., object], tuple[object, ...]]]:
    slots = attrgetter(*(field.name for field in fields(kind)))
    return lambda value: (_restored, (kind, *slots(value)))


_REDUCERS: dict[type, Callable[[Any], Any]] = {kind: _reducer(kind) for kind in _VALUES}
