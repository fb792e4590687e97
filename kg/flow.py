"""The flow, on one page: documents → extractions → resolution → store → files.

    report = build(["seeds"], Path("output"))

Each document is read, annotated and extracted on its own (in this process or in several); resolution is the one step
that needs them all; one writer fills the store.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from kg.errors import KGError
from kg.model import Document, Extraction
from kg.reading import ReadFailure, read_paths
from kg.vocabulary import Minter

PARALLEL_FROM = 200_000
"""Characters of text from which several processes pay for their start."""
BATCH = 4
"""Documents a worker takes at a time."""

Progress = Callable[[str, int], None]
"""Called with the name of a step and the number of things done since the last call."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did. `seconds` are wall clock, model start-up included; `words` are blank-separated."""

    read: int
    failures: tuple[ReadFailure, ...]
    refused: tuple[str, ...]
    entities: int
    facts: int
    claims: int
    words: int
    seconds: float
    files: tuple[Path, ...]


def build(
    paths: Iterable[str | Path],
    output: Path | str = "output",
    *,
    base: str | None = None,
    date: str | None = None,
    workers: int | None = None,
    extractors: Sequence[str] | None = None,
    min_confidence: float = 0.0,
    publish: bool = True,
    store: Path | None = None,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Builds the graph of the documents in `paths` anew into `output` (`store/`, `graph.ttl`, `graph.trig`, `graph.html`).

    `base` is the IRI that entities and documents are minted under; `date` the day (`YYYY-MM-DD`) of documents that tell
    none; `workers` the number of processes (None: as many as pay). The result does not depend on it. Documents that
    cannot be read are in the report's `failures`. Raises `KGError` when nothing at all can be read, or on wrong settings.
    """
    from kg.graph import open_store, write_build  # late: rdflib and pyoxigraph are not needed to say what is wrong
    from kg.resolution import resolve

    started = time.perf_counter()
    tell = progress or (lambda step, count: None)
    minter = Minter(base) if base else Minter()
    failures: list[ReadFailure] = []
    documents = _documents(read_paths(paths, stdin=stdin, default_date=date), failures, tell)
    extractions = [
        _confident(extraction, min_confidence)
        for extraction in extract_documents(documents, workers=workers, extractors=extractors, progress=progress)
    ]
    if not extractions:
        reasons = "; ".join(str(failure) for failure in failures[:3]) or "no document found"
        raise KGError(f"nothing readable in what was given: {reasons}")
    resolution = resolve(extractions, minter)
    tell("resolve", len(extractions))
    target = Path(output)
    store_dir = store or target / "store"
    written = write_build(
        store_dir, resolution.entities.values(), map(resolution.statements, extractions), minter=minter
    )
    tell("store", len(extractions))
    files = _publish(open_store(store_dir, read_only=True), target, tell) if publish else ()
    tally = written.tally
    return BuildReport(
        read=len(extractions),
        failures=tuple(failures),
        refused=tuple(str(refusal) for refusal in written.refusals),
        entities=tally.entities,
        facts=tally.facts,
        claims=sum(not relation.plain for extraction in extractions for relation in extraction.relations),
        words=sum(len(extraction.document.text.split()) for extraction in extractions),
        seconds=time.perf_counter() - started,
        files=(store_dir, *files),
    )


def extract_documents(
    documents: Iterable[Document],
    *,
    workers: int | None = None,
    extractors: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Iterator[Extraction]:
    """The extraction of each document, in order; in several processes where that pays or `workers` says so."""
    tell = progress or (lambda step, count: None)
    stream = iter(documents)
    first: list[Document] = []
    if workers is None:
        size = 0
        for document in stream:
            first.append(document)
            size += len(document.text)
            if size >= PARALLEL_FROM:
                break
        workers = (os.cpu_count() or 1) if size >= PARALLEL_FROM else 1
    if workers <= 1:
        _start_worker(extractors)
        for document in _chain(first, stream):
            yield _extract_one(document)
            tell("extract", 1)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_start_worker, initargs=(extractors,)) as pool:
        pending = []
        for batch in _batches(_chain(first, stream), BATCH):
            pending.append(pool.submit(_extract_batch, batch))
            while len(pending) > workers * 4:
                yield from _tell_each(pending.pop(0).result(), tell)
        for future in pending:
            yield from _tell_each(future.result(), tell)


def _tell_each(extractions: list[Extraction], tell: Progress) -> Iterator[Extraction]:
    for extraction in extractions:
        yield extraction
        tell("extract", 1)


def _documents(
    items: Iterable[Document | ReadFailure], failures: list[ReadFailure], tell: Progress
) -> Iterator[Document]:
    for item in items:
        if isinstance(item, ReadFailure):
            failures.append(item)
        else:
            yield item
            tell("read", 1)


def _confident(extraction: Extraction, minimum: float) -> Extraction:
    if minimum <= 0:
        return extraction
    return replace(extraction, relations=tuple(r for r in extraction.relations if r.confidence >= minimum))


def _publish(store: object, target: Path, tell: Progress) -> tuple[Path, ...]:
    from kg.publishing import export
    from kg.publishing.network import write_view

    files = []
    for name in ("graph.ttl", "graph.trig"):
        export(store, target / name)  # type: ignore[arg-type]
        files.append(target / name)
        tell("publish", 1)
    write_view(store, target / "graph.html")  # type: ignore[arg-type]
    tell("publish", 1)
    return (*files, target / "graph.html")


# ---------------------------------------------------------------------------------------------- one process


class _Worker:
    """What a process keeps: the pipeline, loaded once."""

    nlp: object = None
    extractors: Sequence[str] | None = None


def _start_worker(extractors: Sequence[str] | None) -> None:
    from kg.annotation import load

    if _Worker.nlp is None:
        _Worker.nlp = load()
    _Worker.extractors = extractors


def _extract_one(document: Document) -> Extraction:
    from kg.annotation import annotate
    from kg.extraction import extract

    return extract(annotate(document, _Worker.nlp), _Worker.extractors)


def _extract_batch(documents: list[Document]) -> list[Extraction]:
    return [_extract_one(document) for document in documents]


def _batches(documents: Iterable[Document], size: int) -> Iterator[list[Document]]:
    stream = iter(documents)
    while batch := list(islice(stream, size)):
        yield batch


def _chain(first: list[Document], rest: Iterator[Document]) -> Iterator[Document]:
    yield from first
    yield from rest
