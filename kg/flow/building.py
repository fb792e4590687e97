"""The flow, on one page: documents → extractions → resolution → store → files.

    report = build(["seeds"], Path("output"))

Each document is read, annotated and extracted on its own; what was read out of it is kept, so that a second build reads
only what is new or changed. Resolution is the one step that needs them all; one writer changes the store.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from kg import __version__
from kg.errors import ReadError, StoreError
from kg.flow.documents import (
    Progress,
    check_extractors,
    checked_guide,
    checked_minter,
    extract_documents,
    nothing_readable,
    read_documents,
    untold,
    within_shapes,
)
from kg.flow.files import WORDS_FOR_A_PAGE_APART, publish_files
from kg.flow.sending import placed, send
from kg.model import Document, DocumentStatements, Extraction
from kg.reading import ReadFailure, discover, folder_names
from kg.vocabulary import Minter, content_hash

if TYPE_CHECKING:
    from kg.extraction.ontology import Guide
    from kg.flow.keeping import Kept, Place
    from kg.flow.updating import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did. `seconds` are wall clock, model start-up included; `words`, of what was read, blank-separated.

    Of the documents, `read` are new or changed, `unchanged` were given and are as they were, `withdrawn` were gone from
    where they had been. `entities`, `facts` and `claims` are those of the graph now: `facts` are plain triples, a
    symmetric one in both directions; `claims` are statements that somebody is quoted with.
    """

    read: int
    unchanged: int = 0
    withdrawn: int = 0
    failures: tuple[ReadFailure, ...]
    refused: tuple[str, ...]
    entities: int
    facts: int
    claims: int
    words: int
    seconds: float
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """What went with documents that were withdrawn: their paths, the facts that nothing else supports (triples in the
    syntax of N-Triples, without the final ` .`), and how many claims and entities went."""

    documents: tuple[str, ...]
    facts: tuple[str, ...]
    claims: int
    entities: int
    files: tuple[Path, ...]


def build(
    paths: Iterable[str | Path],
    output: Path | str = "output",
    *,
    base: str | None = None,
    date: str | None = None,
    workers: int | None = None,
    extractors: Sequence[str] | None = None,
    ontology: Sequence[str | Path] = (),
    open: bool = False,
    min_confidence: float = 0.0,
    keep: bool = False,
    publish: bool = True,
    store: Path | str | None = None,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Brings the graph up to date with the documents in `paths`: `store/`, `graph.ttl`, `graph.trig`, `graph.html`.

    Takes up what is new or changed, withdraws what is gone from the given folders and collections (`keep` keeps it),
    and leaves other documents alone; the graph is that of a build of all that is there then. `base` is the IRI that
    entities and documents are minted under; `date` the day (`YYYY-MM-DD`) of documents that tell none; `workers` the
    number of processes (None: as many as pay), which changes nothing in the result; `ontology` files of classes and
    properties to extract to, and of SHACL shapes that refuse (`open`: beside our own properties, not in place of
    them). `store` is a folder, or the URL of a SPARQL server that the graph in `output` is sent to. Documents that
    cannot be read are in the report's `failures`, and not in the graph. Raises `KGError` when nothing at all can be
    read, on wrong settings, and at once when another process writes into the same store.
    """
    minter = checked_minter(base)
    check_extractors(extractors)
    ontology = [ontology] if isinstance(ontology, str | Path) else list(ontology)
    guide = checked_guide(ontology, open=open)
    started = time.perf_counter()
    tell = progress or untold
    paths = list(paths)
    failures: list[ReadFailure] = []
    origins: dict[str, str] = {}
    documents = read_documents(
        paths, date=date, stdin=stdin, failed=failures.append, progress=progress, origins=origins
    )
    settings: dict[str, object] = {"base": minter.base, "min_confidence": min_confidence}
    if guide is not None:
        settings["ontology"] = ontology_text(ontology, minter)
    store_dir, server = placed(store, output)
    with _opened(store_dir) as kept:
        selection = _Selection(kept, minter, reader_digest(extractors, *guide_digest(guide)), origins)
        extractions = extract_documents(
            selection.to_extract(documents),
            workers=workers,
            extractors=extractors,
            ontology=ontology,
            open=open,
            failed=failures.append,
            progress=tell,
        )
        for extraction in within_shapes(extractions, ontology, selection.refused.append):
            selection.keep(extraction.document, extraction)
        if not selection.given:
            raise ReadError(nothing_readable(failures))
        gone = [] if keep else selection.gone(paths)
        words = kept.finished_words(selection.new)
        outcome = _updated(kept, store_dir, gone, selection.new, minter, settings)
        send(server, store_dir, outcome)
        tell("resolve", len(selection.new))
        tell("store", len(selection.new))
        large = kept.words() >= WORDS_FOR_A_PAGE_APART
        files = publish_files(store_dir, Path(output), tell, apart=large) if publish else ()
    return BuildReport(
        read=len(selection.new),
        unchanged=len(selection.given) - len(selection.new),
        withdrawn=len(gone),
        failures=tuple(failures),
        refused=(*selection.refused, *map(str, outcome.refusals)),
        entities=outcome.tally.entities,
        facts=outcome.tally.facts,
        claims=outcome.tally.claims,
        words=words,
        seconds=time.perf_counter() - started,
        files=(store_dir, *files),
    )


def withdraw(
    documents: Iterable[str],
    output: Path | str = "output",
    *,
    publish: bool = True,
    store: Path | str | None = None,
    progress: Progress | None = None,
) -> Withdrawal:
    """Takes documents (paths or IRIs) out of the graph, with all that only they support.

    Raises `StoreError` for a document that is not in the graph, and then withdraws none.
    """
    store_dir, server = placed(store, output)
    if not store_dir.exists():
        raise StoreError(f"{store_dir}: no graph store here; make one with 'kg build' or name another with --store")
    with _opened(store_dir) as kept:
        settings = kept.get("settings")
        if not isinstance(settings, dict):
            raise StoreError(f"{store_dir}: not made by a build whose extractions are kept; build it anew")
        minter = Minter(str(settings["base"]))
        places = [_named(name, kept, minter) for name in documents]
        gone = sorted({place.iri for place in places})
        _updated(
            kept, store_dir, [], [], minter, settings
        )  # after an update of this program, so that what goes is told
        before = kept.tally
        outcome = _updated(kept, store_dir, gone, [], minter, settings, whole=False)
        send(server, store_dir, outcome)
        large = kept.words() >= WORDS_FOR_A_PAGE_APART
        files = publish_files(store_dir, Path(output), progress, apart=large) if publish else ()
    return Withdrawal(
        documents=tuple(sorted({place.path for place in places})),
        facts=outcome.change.lost if outcome.change is not None else (),
        claims=before.claims - outcome.tally.claims,
        entities=before.entities - outcome.tally.entities,
        files=(store_dir, *files),
    )


def reader_digest(extractors: Sequence[str] | None, *more: str) -> str:
    """Of all that leads from a text to its extraction: version, code, tables, weights, and which extractors run.

    `more` are further settings that what is read out of a text depends on.
    """
    from kg.flow.updating import digest_of

    package = Path(__file__).resolve().parents[1]
    files = [package / "model.py", package / "processes.py"]
    for room in ("annotation", "extraction", "reading"):
        files += (file for file in (package / room).rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    for folder in (package / "ontologies", package.parent / "ontologies"):
        files += folder.glob("*.ttl")
    return content_hash(__version__, digest_of(files), *(extractors or ("",)), "", *more)


def guide_digest(guide: Guide | None) -> tuple[str, ...]:
    """Of the ontologies given, and whether they stand alone: what extraction depends on besides the package."""
    if guide is None:
        return ()
    from kg.extraction.ontology import ontology_digest

    return ontology_digest(guide.files), str(guide.open)


def ontology_text(files: Sequence[str | Path], minter: Minter) -> str:
    """The files as N-Quads of the ontology graph. Raises `OntologyError`."""
    from kg.graph.ontology import ontology_quads

    return ontology_quads(map(Path, files), minter).decode()


class _Selection:
    """What becomes of each given document: as it was, finished by a build before, or to be extracted."""

    def __init__(self, kept: Kept, minter: Minter, reader: str, origins: dict[str, str]) -> None:
        self._kept = kept
        self._minter = minter
        self._reader = reader
        self._origins = origins
        self.given: set[str] = set()
        self.new: list[str] = []
        self.refused: list[str] = []

    def to_extract(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Those of `documents` that must be read by the extractors."""
        from kg.graph.quads import Refusal, document_fault

        for document in documents:
            place = self._place(document)
            fault = document_fault(DocumentStatements(document=document, iri=place.iri, statements=()))
            if fault is not None:
                self.refused.append(str(Refusal(document.source, fault)))
            elif (stored := self._kept.place(place.iri)) and stored.fingerprint == place.fingerprint:
                self.given.add(place.iri)
            elif self._kept.finished(place.iri) == place.fingerprint:
                self.given.add(place.iri)
                self.new.append(place.iri)
            else:
                yield document

    def keep(self, document: Document, extraction: Extraction) -> None:
        """Takes up what was read out of a document."""
        place = self._place(document)
        self._kept.finish(place, extraction)
        self.given.add(place.iri)
        self.new.append(place.iri)

    def gone(self, paths: Sequence[str | Path]) -> list[str]:
        """The documents of the graph that were in the given folders and collections, and are there no more."""
        folders = tuple(f"{name}/" if name else "" for name in folder_names(paths))
        files = {source.document_path for source in discover(paths) if source.path is not None}
        return [
            iri
            for iri, place in self._kept.places().items()
            if iri not in self.given and (place.origin.startswith(folders) or place.origin in files)
        ]

    def _place(self, document: Document) -> Place:
        from kg.flow.keeping import Place

        described = [repr(getattr(document, field.name)) for field in fields(Document) if field.name != "text"]
        return Place(
            iri=self._minter.document_iri(document.path),
            path=document.path,
            origin=self._origins.get(document.path, document.path),
            fingerprint=content_hash(self._reader, document.sha256, *described),
        )


@contextmanager
def _opened(store_dir: Path) -> Iterator[Kept]:
    """What is kept beside a store that this process alone may write; it is as the store is, or set aside."""
    from kg.flow.keeping import kept_beside
    from kg.graph import reserved
    from kg.graph.store import completed

    with reserved(store_dir), kept_beside(store_dir) as kept:
        if kept.generation is not None and not completed(store_dir, kept.generation):
            kept.set_aside()
        yield kept


def _updated(
    kept: Kept,
    store_dir: Path,
    gone: Sequence[str],
    new: Sequence[str],
    minter: Minter,
    settings: dict[str, object],
    *,
    whole: bool | None = None,
) -> Outcome:
    from kg.flow.updating import Outcome, code_digest, embedded, update

    settings = {**settings, "code": code_digest()}
    if not gone and not new and kept.get("settings") == settings and kept.generation is not None:
        return Outcome(kept.tally, kept.generation, before=kept.generation)
    target = embedded(store_dir, str(settings.get("ontology", "")))
    return update(kept, target, gone=gone, new=new, minter=minter, settings=settings, whole=whole)


def _named(name: str, kept: Kept, minter: Minter) -> Place:
    """The document of the graph that a path, an IRI or a name with prefix stands for."""
    path = name.removeprefix("doc:")
    for iri in (name.strip("<>"), minter.document_iri(path), minter.document + path):
        if (place := kept.place(iri)) is not None:
            return place
    raise StoreError(f"{name}: no such document in the graph; give its path as 'kg build' named it, or its IRI")
