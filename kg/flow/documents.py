"""Paths → documents → extractions, each document on its own: in this process or in several."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from kg.errors import AnnotationError, KGError, ReadError
from kg.model import Document, Extraction
from kg.reading import ReadFailure, Source, discover, read, read_paths, unique
from kg.vocabulary import Minter

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from kg.annotation import AnnotatedDocument
    from kg.extraction.ontology import Guide

CHARACTERS_A_WORKER = 40_000
"""Characters of text that pay for the start of one more process (about one second)."""

Progress = Callable[[str, int], None]
"""Called with the name of a step and the number of things done since the last call."""
Failed = Callable[[ReadFailure], None]
"""Called with each document that could not be read or understood."""

T = TypeVar("T")

_SHOWN_FAILURES = 3


def read_documents(
    paths: Iterable[str | Path],
    *,
    date: str | None = None,
    stdin: BinaryIO | None = None,
    failed: Failed,
    progress: Progress | None = None,
    origins: dict[str, str] | None = None,
) -> Iterator[Document]:
    """The documents of `paths`, the first of which is read at once; what cannot be read goes to `failed`.

    `origins` receives, for the path of each document, that of the file it came from, which is another one for a line
    of JSON. Raises `ReadError` when nothing at all can be read, or when `date` is no day.
    """
    tell = progress or untold
    noted = origins if origins is not None else {}

    def read_and_noted(source: Source) -> Iterator[Document | ReadFailure]:
        for item in read(source, stdin=stdin, default_date=date):
            if isinstance(item, Document):
                noted.setdefault(item.path, source.document_path)
            yield item

    items = unique(item for source in discover(paths) for item in read_and_noted(source))
    documents = _without_failures(items, failed)

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
        raise ReadError(nothing_readable(early))
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
    ontology: Sequence[str | Path] = (),
    open: bool = False,
    pronouns: bool = False,
    failed: Failed | None = None,
    progress: Progress | None = None,
) -> Iterator[Extraction]:
    """The extraction of each document, in order; in several processes where that pays or `workers` says so.

    `ontology` names files of classes and properties to extract to; `open` adds our own properties and open relations.
    With `pronouns`, one without antecedent in its document is a thing of its own; a graph has no place for those.
    Raises `OntologyError` for files that cannot be used.

    A document that cannot be understood goes to `failed`; without that, its `KGError` is raised.
    """
    from kg.processes import Process, extract_in_processes

    tell = progress or untold
    stream = iter(documents)
    if workers is None:
        workers, stream = _paying_workers(stream)
    guide = checked_guide(ontology, open=open)
    outcomes: Iterator[Extraction | ReadFailure]
    if workers > 1:
        outcomes = extract_in_processes(stream, workers, extractors, guide, pronouns=pronouns)
    else:
        outcomes = map(Process(extractors, guide, pronouns=pronouns).extract, stream)
    for outcome in outcomes:
        tell("extract", 1)
        if isinstance(outcome, Extraction):
            yield outcome
        elif failed is not None:
            failed(outcome)
        else:
            raise KGError(str(outcome))


def checked_minter(base: str | None) -> Minter:
    """The minter of a base IRI, the default one for None; raises `KGError` when it is no absolute IRI ending in `/`."""
    if base is None:
        return Minter()
    from kg.graph.terms import iri_fault

    if iri_fault(base) or "://" not in base or not base.endswith("/") or "#" in base or "?" in base:
        raise KGError(f"base {base}: no base IRI; give one like https://example.org/, with / at its end")
    return Minter(base)


def within_shapes(
    extractions: Iterable[Extraction], ontology: Sequence[str | Path], refused: Callable[[str], None]
) -> Iterator[Extraction]:
    """The extractions without what SHACL shapes in the files of `ontology` refuse, each of which goes to `refused`.

    Raises `OntologyError` at once for shapes that cannot be used.
    """
    from kg.graph.refusing import read_shapes

    shapes = read_shapes(ontology) if ontology else None

    def kept() -> Iterator[Extraction]:
        for extraction in extractions:
            if shapes is not None:
                extraction, lines = shapes.keep(extraction)
                for line in lines:
                    refused(line)
            yield extraction

    return kept()


def checked_guide(ontology: Sequence[str | Path], *, open: bool = False) -> Guide | None:
    """The guide to files of ontologies, None for none; raises `OntologyError` when they cannot be used."""
    if not ontology:
        if open:
            raise KGError("open: our own properties are taken anyway; it needs an ontology to stand beside")
        return None
    from kg.extraction.ontology import Guide, read_ontology

    guide = Guide(tuple(os.fspath(file) for file in ontology), open)
    read_ontology(guide.files)
    return guide


def check_extractors(names: Iterable[str] | None) -> None:
    """Raises `KGError` for a name that no extractor has."""
    if names:
        from kg.extraction import NAMES

        for name in names:
            if name not in NAMES:
                raise KGError(f"extractor {name}: unknown; choose from {', '.join(NAMES)}")


def _paying_workers(documents: Iterator[Document]) -> tuple[int, Iterator[Document]]:
    """How many processes pay for what there is to do, and all the documents; reads on only as far as needed."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    first: list[Document] = []
    size = 0
    while size < processors * CHARACTERS_A_WORKER and (document := next(documents, None)) is not None:
        first.append(document)
        size += len(document.text)
    return max(1, min(processors, len(first), size // CHARACTERS_A_WORKER)), chain(first, documents)


def nothing_readable(failures: Sequence[ReadFailure]) -> str:
    """Why there is nothing to build, in one line."""
    if not failures:
        return "nothing readable in what was given; name files or folders with documents"
    more = f"; and {len(failures) - _SHOWN_FAILURES} more" if len(failures) > _SHOWN_FAILURES else ""
    return "; ".join(map(str, failures[:_SHOWN_FAILURES])) + more


def untold(step: str, count: int) -> None:
    """Progress that nobody looks at."""
    del step, count
