"""The store on disk: opened, and built anew beside the old one, which it replaces in one step.

A build, or a copy with what has changed, is written into `.NAME.new` beside the store and renamed when it is complete:
killed at any moment it leaves the last complete state. One build at a time holds the lock file `.NAME.lock`; the lock
goes with the process.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import struct
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread

import pyoxigraph as ox

from kg.errors import KGError, StoreError
from kg.graph.delta import Delta
from kg.graph.ontology import ontology_path, ontology_quads
from kg.graph.quads import QuadWriter, Refusal, Tally
from kg.graph.remote import remote_url
from kg.graph.remote_copy import fetched
from kg.graph.snapshots import forget_unread, readable
from kg.model import DocumentStatements, Entity
from kg.vocabulary import Minter

_CHUNK = 1 << 16
_AHEAD = 256
"""Parts (documents, descriptions) that wait to be loaded."""
_PORTION = 64 << 20
"""Bytes that are loaded at a time: a million quads in one go took 1.2 GB of memory, in portions half of that."""
_TRIES, _PAUSE_SECONDS = 40, 0.05
_LOCKED = "{}: the store is locked by another process; wait for it or stop it"
_FLOCK = "hhqqi4x"
"""The layout of `struct flock` where there are locks of open files."""
_GENERATION = "kg-generation"
"""File in a store's folder that names its state; the store itself does not know it."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a build wrote and refused to write; `support` tells how many documents have each fact and open relation."""

    tally: Tally
    refusals: tuple[Refusal, ...]
    support: Mapping[str, int]


def open_store(path: Path, *, read_only: bool = False) -> ox.Store:
    """The store in the folder `path`, or a copy in memory of the graph of the server at a URL, for reading.

    Any number of readers or one writer; readers see the state they opened.

    Raises `StoreError` when there is none, when a writer has it, or when it is damaged.
    """
    if (url := remote_url(path)) is not None:
        if not read_only:
            raise StoreError(f"{url}: cannot be opened for writing; give it to 'kg build --store'")
        return fetched(url)
    path = Path(path)
    _recover(path)
    if not (path / "CURRENT").is_file():
        raise StoreError(f"{path}: no graph store here; make one with 'kg build' or name another with --store")
    try:
        return ox.Store.read_only(str(readable(path))) if read_only else ox.Store(path)
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
    ontology: str = "",
    generation: str | None = None,
    complete: Callable[[Written], None] | None = None,
) -> Written:
    """Builds the store anew from entities and documents (read once, one at a time) and puts it in the old one's place.

    `held` says that the caller is inside `reserved` for this store. `ontology` are more quads of the ontology graph, as
    N-Quads (`ontology_quads`). `complete` is called when the new store is whole
    and marked as `generation`, but not yet in its place: what must change with it changes there. Raises `StoreError`
    when another build or another writer has the store, or when it cannot be written; the old store then stands as it
    was.
    """
    store_dir = Path(store_dir)
    minter = minter or Minter()
    with nullcontext() if held else reserved(store_dir), _renewed(store_dir, generation) as new:
        writer = QuadWriter(entities, minter)
        parts = chain(
            (ontology_quads([ontology_path("core.ttl")], minter), ontology.encode()),
            (text.encode() for text in map(writer.document, documents)),
            (text.encode() for text in writer.descriptions()),
        )
        store = ox.Store(new)
        for portion in _portions(_ahead(parts)):
            store.bulk_load(_Readable(portion), format=ox.RdfFormat.N_QUADS)  # type: ignore[arg-type]
        store.flush()
        del store
        written = Written(writer.tally, tuple(writer.refusals), writer.support)
        _mark(new, generation)
        if complete is not None:
            complete(written)
    return written


def apply_delta(store_dir: Path, delta: Delta, *, generation: str | None, complete: Callable[[], None]) -> None:
    """Takes quads out of a store and puts others in, on a copy that then takes the store's place; inside `reserved`.

    The copy shares all files that do not change, so it costs what changes; readers keep the state they opened.
    `generation`, `complete` and errors as in `write_build`.
    """
    store_dir = Path(store_dir)
    with _renewed(store_dir, generation) as new:
        _copy(store_dir, new)
        store = ox.Store(new)
        removed = list(ox.parse("".join(delta.removed), format=ox.RdfFormat.N_QUADS))
        for quad in removed:
            store.remove(quad)
        store.load("".join(delta.added), format=ox.RdfFormat.N_QUADS)
        for graph in {quad.graph_name for quad in removed}:
            if isinstance(graph, ox.NamedNode) and not any(store.quads_for_pattern(None, None, None, graph)):
                store.remove_graph(graph)
        store.flush()
        del store
        _mark(new, generation)
        complete()


@contextmanager
def _renewed(store_dir: Path, generation: str | None) -> Iterator[Path]:
    """The folder of a new store, which takes the place of the old one when all has gone well."""
    new = _beside(store_dir, "new")
    shutil.rmtree(new, ignore_errors=True)
    try:
        yield new
        _swap(store_dir, new)
    except KGError:
        raise
    except OSError as error:
        raise StoreError(
            f"{store_dir}: cannot be written ({error.strerror or error}); make room or check its rights"
        ) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _copy(store_dir: Path, new: Path) -> None:
    """A copy of a store that nobody writes into: its tables never change, so both may share them."""
    new.mkdir()
    for file in store_dir.iterdir():
        if file.suffix == ".sst":
            try:
                (new / file.name).hardlink_to(file)
            except OSError:  # a file system without links
                shutil.copy2(file, new / file.name)
        elif file.name not in ("LOCK", "LOG", _GENERATION) and not file.name.startswith("LOG.old"):
            shutil.copy2(file, new / file.name)


def _mark(new: Path, generation: str | None) -> None:
    if generation is not None:
        (new / _GENERATION).write_text(generation, encoding="ascii")


def generation_of(store_dir: Path) -> str | None:
    """What the build that wrote a store called it; None for none."""
    try:
        return (Path(store_dir) / _GENERATION).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None


def completed(store_dir: Path, generation: str) -> bool:
    """Whether the store is that generation, if need be after its build, killed when all but that was done, has put it
    in its place; inside `reserved`."""
    store_dir = Path(store_dir)
    new = _beside(store_dir, "new")
    if generation_of(store_dir) != generation and generation_of(new) == generation:
        _swap(store_dir, new)
    return generation_of(store_dir) == generation and (store_dir / "CURRENT").is_file()


@contextmanager
def reserved(store_dir: Path) -> Iterator[None]:
    """Holds a store for one build; raises `StoreError` at once when another build or another writer has it."""
    store_dir = Path(store_dir)
    with _writing(store_dir):
        _recover_locked(store_dir)
        _refuse_locked(store_dir)
        yield


def _ahead(parts: Iterator[bytes]) -> Iterator[bytes]:
    """`parts`, made in a thread of their own: the database loads what there is while the next are made."""
    made: Queue[bytes | BaseException | None] = Queue(_AHEAD)
    wanted = Event()
    wanted.set()

    def make() -> None:
        try:
            for part in parts:
                if not wanted.is_set():
                    return
                made.put(part)
            made.put(None)
        except BaseException as error:  # noqa: BLE001  # raised where the parts are wanted
            made.put(error)

    maker = Thread(target=make, daemon=True)
    maker.start()
    try:
        while (part := made.get()) is not None:
            if isinstance(part, BaseException):
                raise part
            yield part
    finally:
        wanted.clear()
        while maker.is_alive():
            with suppress(Empty):
                made.get(timeout=_PAUSE_SECONDS)
        maker.join()


def _portions(parts: Iterator[bytes]) -> Iterator[Iterator[bytes]]:
    """`parts` in portions; each must be used up before the next is asked for."""
    size = 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for part in parts:
            size += len(part)
            yield part
            if size >= _PORTION:
                return

    for first in parts:
        size = len(first)
        yield chain((first,), counted())


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
    """Raises `StoreError` when a writer has the store; a damaged store is replaced, a locked one is not."""
    if not (store_dir / "CURRENT").is_file():
        return
    if hasattr(fcntl, "F_OFD_GETLK"):
        if _locked_by_writer(store_dir / "LOCK"):
            raise StoreError(_LOCKED.format(store_dir))
        return
    try:
        ox.Store(store_dir)
    except (OSError, RuntimeError) as error:
        if "lock" in str(error).lower():
            raise _store_error(store_dir, error) from error


def _locked_by_writer(lock: Path) -> bool:
    """Whether a process, this one included, has the database open for writing; opening it to see costs 50 ms more."""
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    kind, _, _, _, process = struct.unpack(_FLOCK, fcntl.fcntl(descriptor, fcntl.F_OFD_GETLK, asked))
    if kind != fcntl.F_UNLCK and process == os.getpid():
        return True  # closing any descriptor of the file would end our own lock on it, so this one stays open
    os.close(descriptor)
    return bool(kind != fcntl.F_UNLCK)


def _swap(store_dir: Path, new: Path) -> None:
    previous = _beside(store_dir, "previous")
    shutil.rmtree(previous, ignore_errors=True)
    if store_dir.exists():
        store_dir.rename(previous)
    new.rename(store_dir)
    shutil.rmtree(previous, ignore_errors=True)
    forget_unread(store_dir)


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
        return StoreError(_LOCKED.format(path))
    return StoreError(f"{path}: the store cannot be opened ({text}); build it anew")
