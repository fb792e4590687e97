"""The store on disk: opened, and built anew beside the old one, which it replaces in one step.

A build is written into `.NAME.new` beside the store and renamed when it is complete, so a build killed at any moment
leaves the last complete state. One build at a time holds the lock file `.NAME.lock`; the lock goes with the process.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.ontology import ontology_path, ontology_quads
from kg.graph.quads import QuadWriter, Refusal, Tally
from kg.model import DocumentStatements, Entity
from kg.vocabulary import Minter

_CHUNK = 1 << 16
_TRIES, _PAUSE_SECONDS = 40, 0.05


@dataclass(frozen=True, slots=True)
class Written:
    """What a build wrote, and what it refused to write."""

    tally: Tally
    refusals: tuple[Refusal, ...]


def open_store(path: Path, *, read_only: bool = False) -> ox.Store:
    """The store in the folder `path`. Any number of readers or one writer; readers see the state they opened.

    Raises `StoreError` when there is none, when a writer has it, or when it is damaged.
    """
    path = Path(path)
    _recover(path)
    if not (path / "CURRENT").is_file():
        raise StoreError(f"{path}: no graph store here; make one with 'kg build' or name another with --store")
    try:
        return ox.Store.read_only(str(path)) if read_only else ox.Store(path)
    except (OSError, RuntimeError, ValueError) as error:
        raise _store_error(path, error) from error


def load_graph(file: Path) -> ox.Store:
    """An RDF file (.ttl, .trig, .nt, .nq, .rdf, .jsonld) as a store in memory; raises `StoreError`."""
    file = Path(file)
    format_ = ox.RdfFormat.from_extension(file.suffix.lstrip(".").lower())
    if format_ is None:
        raise StoreError(f"{file}: unknown ending; give a .ttl, .trig, .nt, .nq, .rdf or .jsonld file")
    store = ox.Store()
    try:
        store.bulk_load(path=file, format=format_, base_iri=file.resolve().as_uri())
    except OSError as error:
        raise StoreError(f"{file}: cannot be read ({error.strerror or error})") from error
    except (SyntaxError, ValueError) as error:
        raise StoreError(f"{file}: no valid RDF ({' '.join(str(error).split())})") from error
    return store


def open_graph(source: Path) -> ox.Store:
    """A store folder (read only) or an RDF file, whichever `source` is."""
    return load_graph(source) if Path(source).is_file() else open_store(source, read_only=True)


def write_build(
    store_dir: Path,
    entities: Iterable[Entity],
    documents: Iterable[DocumentStatements],
    *,
    minter: Minter | None = None,
    held: bool = False,
) -> Written:
    """Builds the store anew from entities and documents (read once, one at a time) and puts it in the old one's place.

    `held` says that the caller is inside `reserved` for this store. Raises `StoreError` when another build or another
    writer has the store, or when it cannot be written; the old store then stands as it was.
    """
    store_dir = Path(store_dir)
    minter = minter or Minter()
    with nullcontext() if held else reserved(store_dir):
        new = _beside(store_dir, "new")
        shutil.rmtree(new, ignore_errors=True)
        writer = QuadWriter(entities, minter)
        parts = chain(
            (ontology_quads([ontology_path("core.ttl")], minter),),
            (text.encode() for text in map(writer.document, documents)),
            (text.encode() for text in writer.descriptions()),
        )
        try:
            store = ox.Store(new)
            store.bulk_load(_Readable(parts), format=ox.RdfFormat.N_QUADS)  # type: ignore[arg-type]
            store.flush()
            del store
            _swap(store_dir, new)
        except StoreError:
            raise
        except OSError as error:
            raise StoreError(
                f"{store_dir}: cannot be written ({error.strerror or error}); make room or check its rights"
            ) from error
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return Written(writer.tally, tuple(writer.refusals))


@contextmanager
def reserved(store_dir: Path) -> Iterator[None]:
    """Holds a store for one build; raises `StoreError` at once when another build or another writer has it."""
    store_dir = Path(store_dir)
    with _writing(store_dir):
        _recover_locked(store_dir)
        _refuse_locked(store_dir)
        yield


class _Readable:
    """Joins chunks of bytes into what `bulk_load` reads; nothing is held but the chunk at hand."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def read(self, size: int = _CHUNK) -> bytes:
        if not self._rest:
            self._rest = memoryview(next(filter(None, self._chunks), b""))
        part, self._rest = self._rest[:size], self._rest[size:]
        return bytes(part)


def _beside(store_dir: Path, suffix: str) -> Path:
    return store_dir.with_name(f".{store_dir.name}.{suffix}")


@contextmanager
def _writing(store_dir: Path) -> Iterator[None]:
    """Holds the lock of a store's folder; raises `StoreError` at once when another process has it."""
    try:
        store_dir.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(_beside(store_dir, "lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"{store_dir}: cannot be written ({error.strerror})") from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(
                f"{store_dir}: another build is writing here; wait for it or use another folder"
            ) from error
        yield
    finally:
        os.close(lock)


def _refuse_locked(store_dir: Path) -> None:
    if not (store_dir / "CURRENT").is_file():
        return
    try:
        ox.Store(store_dir)
    except (OSError, RuntimeError) as error:
        if "lock" in str(error).lower():
            raise _store_error(store_dir, error) from error  # a damaged store is replaced, a locked one is not


def _swap(store_dir: Path, new: Path) -> None:
    previous = _beside(store_dir, "previous")
    shutil.rmtree(previous, ignore_errors=True)
    if store_dir.exists():
        store_dir.rename(previous)
    new.rename(store_dir)
    shutil.rmtree(previous, ignore_errors=True)


def _recover(store_dir: Path) -> None:
    """Ends the swap of a build that was killed between its two renames; waits for one that is in the middle of it."""
    for _ in range(_TRIES):
        if store_dir.exists() or not _beside(store_dir, "previous").exists():
            return
        with suppress(StoreError), _writing(store_dir):
            _recover_locked(store_dir)
            return
        time.sleep(_PAUSE_SECONDS)


def _recover_locked(store_dir: Path) -> None:
    previous = _beside(store_dir, "previous")
    if not store_dir.exists() and previous.exists():
        previous.rename(store_dir)


def _store_error(path: Path, error: Exception) -> StoreError:
    text = " ".join(str(error).split())
    if "lock" in text.lower():
        return StoreError(f"{path}: the store is locked by another process; wait for it or stop it")
    return StoreError(f"{path}: the store cannot be opened ({text}); build it anew")
