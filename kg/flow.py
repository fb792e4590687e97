"""The flow, on one page: documents → extractions → resolution → store → files.

    report = build(["seeds"], Path("output"))

Each document is read, annotated and extracted on its own (in this process or in several); resolution is the one step
that needs them all; one writer fills the store.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from subprocess import PIPE
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from kg.errors import AnnotationError, KGError, ReadError, StoreError
from kg.model import Document, Extraction
from kg.reading import ReadFailure, read_paths
from kg.vocabulary import Minter

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from kg.annotation import AnnotatedDocument

CHARACTERS_A_WORKER = 40_000
"""Characters of text that pay for the start of one more process (about one second)."""

Progress = Callable[[str, int], None]
"""Called with the name of a step and the number of things done since the last call."""
Failed = Callable[[ReadFailure], None]
"""Called with each document that could not be read or understood."""

T = TypeVar("T")

WORDS_FOR_A_PAGE_APART = 10_000
"""Words of a build from which a process for the page pays for its start."""

_SHOWN_FAILURES = 3
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did. `seconds` are wall clock, model start-up included; `words` are blank-separated.

    `facts` are plain triples, a symmetric one in both directions; `claims` are statements that somebody is quoted with.
    """

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
    store: Path | str | None = None,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Builds the graph of the documents in `paths` anew: `store/`, `graph.ttl`, `graph.trig`, `graph.html` in `output`.

    `base` is the IRI that entities and documents are minted under; `date` the day (`YYYY-MM-DD`) of documents that tell
    none; `workers` the number of processes (None: as many as pay). The result does not depend on it. Documents that
    cannot be read are in the report's `failures`. Raises `KGError` when nothing at all can be read, on wrong settings,
    and at once when another process writes into the same store.
    """
    minter = checked_minter(base)
    check_extractors(extractors)
    started = time.perf_counter()
    tell = progress or _untold
    failures: list[ReadFailure] = []
    documents = read_documents(paths, date=date, stdin=stdin, failed=failures.append, progress=progress)

    from kg.graph import reserved  # late: without a document no store is touched

    target = Path(output)
    store_dir = Path(store) if store is not None else target / "store"
    with reserved(store_dir):
        extractions = [
            _confident(extraction, min_confidence)
            for extraction in extract_documents(
                documents, workers=workers, extractors=extractors, failed=failures.append, progress=progress
            )
        ]
        if not extractions:
            raise ReadError(_nothing_readable(failures))
        report = _write(extractions, failures, minter, store_dir, tell)
        large = report.words >= WORDS_FOR_A_PAGE_APART
        files = publish_files(store_dir, target, tell, apart=large) if publish else ()
    return replace(report, seconds=time.perf_counter() - started, files=(store_dir, *files))


def read_documents(
    paths: Iterable[str | Path],
    *,
    date: str | None = None,
    stdin: BinaryIO | None = None,
    failed: Failed,
    progress: Progress | None = None,
) -> Iterator[Document]:
    """The documents of `paths`, the first of which is read at once; what cannot be read goes to `failed`.

    Raises `ReadError` when nothing at all can be read, or when `date` is no day.
    """
    tell = progress or _untold
    documents = _without_failures(read_paths(paths, stdin=stdin, default_date=date), failed)

    def told() -> Iterator[Document]:
        for document in documents:
            yield document
            tell("read", 1)

    return told()


def annotate_documents(
    paths: Iterable[str | Path], *, date: str | None = None, stdin: BinaryIO | None = None, failed: Failed
) -> Iterator[AnnotatedDocument]:
    """What the language model sees in the documents of `paths`; `.conllu` files come first and keep their tokens.

    What cannot be read goes to `failed`. Raises `ReadError` when nothing at all can be read, or when `date` is no day.
    """
    given = [Path(path) for path in paths if str(path).endswith(".conllu")]
    others = [path for path in paths if not str(path).endswith(".conllu")]
    return _without_failures(_annotated(given, read_paths(others, stdin=stdin, default_date=date)), failed)


def _annotated(
    given: Iterable[Path], documents: Iterable[Document | ReadFailure]
) -> Iterator[AnnotatedDocument | ReadFailure]:
    from spacy.tokens import Doc

    from kg.annotation import AnnotatedDocument, annotate, load, read_conllu
    from kg.processes import foreign, understood

    nlp = load()
    for path in given:
        try:
            for document, doc in read_conllu(path.read_text(encoding="utf-8-sig"), path.name, nlp.vocab):
                yield understood(document, partial(_assembled, nlp, document, doc))
        except UnicodeDecodeError as error:
            yield ReadFailure(str(path), f"not in UTF-8 (byte {error.start}); save it anew")
        except OSError as error:
            yield ReadFailure(str(path), f"{(error.strerror or str(error)).lower()}; check the path")
        except AnnotationError as error:
            yield ReadFailure(str(path), str(error).removeprefix(path.name).lstrip(":, "))
    for item in documents:
        if isinstance(item, Document) and foreign(item):
            yield AnnotatedDocument(document=item, doc=Doc(nlp.vocab))  # its text alone
        elif isinstance(item, Document):
            yield understood(item, partial(annotate, item, nlp))
        else:
            yield item


def _assembled(nlp: Language, document: Document, doc: Doc) -> AnnotatedDocument:
    from kg.annotation import assemble

    for _, component in nlp.pipeline:
        doc = component(doc)
    return assemble(document, doc)


def _without_failures(items: Iterator[T | ReadFailure], failed: Failed) -> Iterator[T]:
    """The good ones, of which the first is taken at once; raises `ReadError` when there is none."""
    early: list[ReadFailure] = []
    for first in items:
        if not isinstance(first, ReadFailure):
            break
        early.append(first)
    else:
        raise ReadError(_nothing_readable(early))
    for failure in early:
        failed(failure)

    def good() -> Iterator[T]:
        for item in chain([first], items):
            if isinstance(item, ReadFailure):
                failed(item)
            else:
                yield item

    return good()


def extract_documents(
    documents: Iterable[Document],
    *,
    workers: int | None = None,
    extractors: Sequence[str] | None = None,
    failed: Failed | None = None,
    progress: Progress | None = None,
) -> Iterator[Extraction]:
    """The extraction of each document, in order; in several processes where that pays or `workers` says so.

    A document that cannot be understood goes to `failed`; without that, its `KGError` is raised.
    """
    from kg.processes import Process, extract_in_processes

    tell = progress or _untold
    stream = iter(documents)
    if workers is None:
        workers, stream = _paying_workers(stream)
    outcomes: Iterator[Extraction | ReadFailure]
    if workers > 1:
        outcomes = extract_in_processes(stream, workers, extractors)
    else:
        outcomes = map(Process(extractors).extract, stream)
    for outcome in outcomes:
        tell("extract", 1)
        if isinstance(outcome, Extraction):
            yield outcome
        elif failed is not None:
            failed(outcome)
        else:
            raise KGError(str(outcome))


def publish_files(
    store_dir: Path, target: Path, progress: Progress | None = None, *, apart: bool = False
) -> tuple[Path, ...]:
    """Writes `graph.ttl`, `graph.trig` and `graph.html` of a store into the folder `target`.

    With `apart`, the page is written in a process of its own meanwhile.
    """
    from kg.graph import open_store
    from kg.publishing import export

    tell = progress or _untold
    turtle, trig, page = (target / name for name in ("graph.ttl", "graph.trig", "graph.html"))
    with _page_written(store_dir, page, apart=apart):
        store = open_store(store_dir, read_only=True)
        for file in (turtle, trig):
            export(store, file)
            tell("publish", 1)
    tell("publish", 1)
    return turtle, trig, page


@contextmanager
def _page_written(store_dir: Path, page: Path, *, apart: bool) -> Iterator[None]:
    from kg.graph import minter_of, open_store
    from kg.processes import python
    from kg.publishing.network import write_view

    if not apart:
        yield
        store = open_store(store_dir, read_only=True)
        write_view(store, page, base=minter_of(store).base)
        return
    with python("-m", "kg.cli", "view", "-o", str(page), "--store", str(store_dir), stderr=PIPE) as process:
        yield
        _, message = process.communicate()
    if process.returncode:
        raise StoreError(message.decode(errors="replace").strip().removeprefix("kg: ") or f"{page}: not written")


def checked_minter(base: str | None) -> Minter:
    """The minter of a base IRI, the default one for None; raises `KGError` when it is no absolute IRI ending in `/`."""
    if base is None:
        return Minter()
    from kg.graph.terms import iri_fault

    if iri_fault(base) or "://" not in base or not base.endswith("/") or "#" in base or "?" in base:
        raise KGError(f"base {base}: no base IRI; give one like https://example.org/, with / at its end")
    return Minter(base)


def check_extractors(names: Iterable[str] | None) -> None:
    """Raises `KGError` for a name that no extractor has."""
    if names:
        from kg.extraction import NAMES

        for name in names:
            if name not in NAMES:
                raise KGError(f"extractor {name}: unknown; choose from {', '.join(NAMES)}")


def _write(
    extractions: list[Extraction], failures: list[ReadFailure], minter: Minter, store_dir: Path, tell: Progress
) -> BuildReport:
    from kg.graph import write_build
    from kg.resolution import resolve

    resolution = resolve(extractions, minter)
    tell("resolve", len(extractions))
    contributions = map(resolution.statements, extractions)
    written = write_build(store_dir, resolution.entities.values(), contributions, minter=minter, held=True)
    tell("store", len(extractions))
    tally = written.tally
    return BuildReport(
        read=len(extractions),
        failures=tuple(failures),
        refused=tuple(str(refusal) for refusal in written.refusals),
        entities=tally.entities,
        facts=tally.facts,
        claims=tally.claims,
        words=sum(len(extraction.document.text.split()) for extraction in extractions),
        seconds=0.0,
        files=(store_dir,),
    )


def _paying_workers(documents: Iterator[Document]) -> tuple[int, Iterator[Document]]:
    """How many processes pay for what there is to do, and all the documents; reads on only as far as needed."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    first: list[Document] = []
    size = 0
    while size < processors * CHARACTERS_A_WORKER and (document := next(documents, None)) is not None:
        first.append(document)
        size += len(document.text)
    return max(1, min(processors, len(first), size // CHARACTERS_A_WORKER)), chain(first, documents)


def _nothing_readable(failures: Sequence[ReadFailure]) -> str:
    if not failures:
        return "nothing readable in what was given; name files or folders with documents"
    more = f"; and {len(failures) - _SHOWN_FAILURES} more" if len(failures) > _SHOWN_FAILURES else ""
    return "; ".join(map(str, failures[:_SHOWN_FAILURES])) + more


def _confident(extraction: Extraction, minimum: float) -> Extraction:
    if minimum <= 0:
        return extraction
    return replace(extraction, relations=tuple(r for r in extraction.relations if r.confidence >= minimum))


def _untold(step: str, count: int) -> None:
    del step, count
