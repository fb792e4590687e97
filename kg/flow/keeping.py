"""What is kept beside a store, in one SQLite file: extractions, the index of identity, and who supports what.

A store `NAME` has its file `.NAME.kept`. It may be deleted: the next build then reads the text again. Whatever changes
with the graph changes in one transaction, which ends when the new state of the store is complete on disk; the name of
that state, the generation, stands on both sides.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from kg.errors import StoreError
from kg.flow.codec import SCHEMA, Decoder, encoded
from kg.graph.quads import Tally
from kg.model import Extraction
from kg.resolution.index import made

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS document (
  iri TEXT PRIMARY KEY, path TEXT NOT NULL, origin TEXT NOT NULL, fingerprint TEXT NOT NULL, words INTEGER NOT NULL,
  extraction BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS finished (
  iri TEXT PRIMARY KEY, path TEXT NOT NULL, origin TEXT NOT NULL, fingerprint TEXT NOT NULL, words INTEGER NOT NULL,
  extraction BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS support (hash INTEGER PRIMARY KEY, count INTEGER NOT NULL);
"""
_FORMAT = 1
_IN_MEMORY = 4_000
"""Extractions of the running build that are not read back from disk."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """A document of the graph: its IRI, its path, the file it was read from (a path like its own) and the fingerprint
    of its content and of what read it."""

    iri: str
    path: str
    origin: str
    fingerprint: str


class Kept:
    """The file beside a store, opened by its one writer."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)  # one at a time
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = NORMAL")
        self.connection.execute("PRAGMA temp_store = MEMORY")
        ((version,),) = self.connection.execute("PRAGMA user_version")
        if version not in (0, _FORMAT):
            raise sqlite3.DatabaseError(f"format {version}")
        if version == 0:
            self.connection.execute("BEGIN")
            for statement in _TABLES.split(";")[:-1]:
                self.connection.execute(statement)
            made(self.connection)
            self.put("schema", SCHEMA)
            self.connection.execute(f"PRAGMA user_version = {_FORMAT}")
            self.connection.execute("COMMIT")
        self._fresh: dict[str, Extraction] = {}
        schema = self.get("schema")
        if not isinstance(schema, dict):
            raise sqlite3.DatabaseError("no schema")
        self._current = json.dumps(schema) == json.dumps(SCHEMA)
        self._decoder = Decoder(schema)

    def close(self) -> None:
        """Leaves the file as the last transaction left it."""
        self.connection.close()

    # ------------------------------------------------------------------------------------------ settings of the graph

    def get(self, name: str) -> object | None:
        """A value that was put under a name; None for none."""
        row = self.connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row is not None else None

    def put(self, name: str, value: object) -> None:
        """Keeps a value of JSON under a name."""
        text = json.dumps(value)
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, text))

    @property
    def generation(self) -> str | None:
        """The name of the state of the store that all this belongs to; None when there is none."""
        name = self.get("generation")
        return str(name) if name is not None else None

    @property
    def tally(self) -> Tally:
        """The counts of the whole graph."""
        counts = self.get("tally")
        return Tally(**counts) if isinstance(counts, dict) else Tally()

    # ------------------------------------------------------------------------------------------------------ documents

    def places(self) -> dict[str, Place]:
        """The documents of the graph by their IRIs."""
        rows = self.connection.execute("SELECT iri, path, origin, fingerprint FROM document ORDER BY iri")
        return {row[0]: Place(*row) for row in rows}

    def place(self, iri: str) -> Place | None:
        """The document of the graph of that IRI; None for none."""
        row = self.connection.execute(
            "SELECT iri, path, origin, fingerprint FROM document WHERE iri = ?", (iri,)
        ).fetchone()
        return Place(*row) if row is not None else None

    def count(self) -> int:
        """The number of documents of the graph."""
        return int(self.connection.execute("SELECT COUNT(*) FROM document").fetchone()[0])

    def words(self) -> int:
        """Words of all documents of the graph."""
        return int(self.connection.execute("SELECT COALESCE(SUM(words), 0) FROM document").fetchone()[0])

    def finished(self, iri: str) -> str | None:
        """Fingerprint of a document whose extraction is at hand, but not in the graph; None for none."""
        row = self.connection.execute("SELECT fingerprint FROM finished WHERE iri = ?", (iri,)).fetchone()
        return str(row[0]) if row is not None else None

    def finish(self, place: Place, extraction: Extraction) -> None:
        """Keeps an extraction for the graph that the running build will write; a killed build leaves it to the next."""
        words = len(extraction.document.text.split())
        if not self._current:
            self._converted()
        if len(self._fresh) < _IN_MEMORY:
            self._fresh[place.iri] = extraction
        self.connection.execute(
            "INSERT OR REPLACE INTO finished VALUES (?, ?, ?, ?, ?, ?)",
            (place.iri, place.path, place.origin, place.fingerprint, words, encoded(extraction)),
        )

    def finished_words(self, iris: Iterable[str]) -> int:
        """Words of documents that are finished."""
        query = "SELECT words FROM finished WHERE iri = ?"
        return sum(self.connection.execute(query, (iri,)).fetchone()[0] for iri in iris)

    def extraction(self, iri: str, *, finished: bool = False, min_confidence: float = 0.0) -> Extraction:
        """What was read out of a document of the graph, or of a finished one, as sure as asked for."""
        found = self._fresh.get(iri) if finished else None
        if found is None:
            table = "finished" if finished else "document"
            row = self.connection.execute(f"SELECT extraction FROM {table} WHERE iri = ?", (iri,)).fetchone()  # noqa: S608
            found = self._decoder.extraction(row[0])
        return confident(found, min_confidence)

    def extractions(self, *, min_confidence: float = 0.0) -> Iterator[Extraction]:
        """All extractions of the graph, in the order of their documents' IRIs."""
        iris = [iri for (iri,) in self.connection.execute("SELECT iri FROM document ORDER BY iri")]
        for iri in iris:
            fresh = self._fresh.get(iri)
            yield confident(fresh, min_confidence) if fresh else self.extraction(iri, min_confidence=min_confidence)

    def take_out(self, iris: Iterable[str]) -> None:
        """Takes documents out of the graph's."""
        self.connection.executemany("DELETE FROM document WHERE iri = ?", ((iri,) for iri in iris))

    def take_in(self, iris: Iterable[str]) -> None:
        """Makes finished documents the graph's, in place of those they follow; forgets other finished ones."""
        self.connection.executemany(
            "INSERT OR REPLACE INTO document SELECT * FROM finished WHERE iri = ?", ((iri,) for iri in iris)
        )
        self.connection.execute("DELETE FROM finished")

    def set_aside(self) -> None:
        """Says that the graph is lost; its extractions stay at hand."""
        with self.transaction():
            self.connection.execute("INSERT OR REPLACE INTO finished SELECT * FROM document")
            self.connection.execute("DELETE FROM document")
            self.connection.execute("DELETE FROM meta WHERE name IN ('generation', 'settings', 'tally')")
            self.connection.execute("DELETE FROM support")
            made(self.connection)

    # -------------------------------------------------------------------------------------------------------- support

    def supported(self, item: str) -> int:
        """How many documents have a fact or an open relation."""
        row = self.connection.execute("SELECT count FROM support WHERE hash = ?", (_hash(item),)).fetchone()
        return row[0] if row is not None else 0

    def support_all(self, support: Mapping[str, int]) -> None:
        """Replaces all counts."""
        self.connection.execute("DELETE FROM support")
        self.connection.executemany(
            "INSERT INTO support VALUES (?, ?)", sorted((_hash(item), count) for item, count in support.items())
        )

    def support_more(self, support: Mapping[str, int]) -> None:
        """Adds to the counts, or takes from them."""
        for item, count in support.items():
            key = _hash(item)
            query = "INSERT INTO support VALUES (?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count"
            self.connection.execute(query, (key, count))
            self.connection.execute("DELETE FROM support WHERE hash = ? AND count = 0", (key,))

    # --------------------------------------------------------------------------------------------------- transactions

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is done within is kept together; `commit` may end it earlier. An error undoes what is not kept."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            if self.connection.in_transaction:
                self.connection.execute("COMMIT")
        finally:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")

    def commit(self) -> None:
        """Keeps what the transaction has done so far, and ends it."""
        self.connection.execute("COMMIT")

    @contextmanager
    def as_it_was(self) -> Iterator[sqlite3.Connection]:
        """A second look at the file, which sees nothing of the open transaction."""
        snapshot = sqlite3.connect(self._file, isolation_level=None)
        try:
            snapshot.execute("BEGIN")
            snapshot.execute("SELECT 1 FROM meta").fetchall()
            yield snapshot
        finally:
            snapshot.close()

    def _converted(self) -> None:
        """Writes all that an older version kept as this one would, before anything is added."""
        for table in ("document", "finished"):
            iris = [iri for (iri,) in self.connection.execute(f"SELECT iri FROM {table}")]  # noqa: S608
            for iri in iris:
                content = encoded(self.extraction(iri, finished=table == "finished"))
                self.connection.execute(f"UPDATE {table} SET extraction = ? WHERE iri = ?", (content, iri))  # noqa: S608
        self.put("schema", SCHEMA)
        self._decoder = Decoder()
        self._current = True


@contextmanager
def kept_beside(store_dir: Path) -> Iterator[Kept]:
    """The file beside a store, made when there is none or when it is damaged. Raises `StoreError` when it cannot be."""
    store_dir = Path(store_dir)
    file = store_dir.with_name(f".{store_dir.name}.kept")
    try:
        try:
            kept = Kept(file)
        except (sqlite3.DatabaseError, StoreError) as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            _log.warning("%s: cannot be used (%s); text is read again", file, error)
            for suffix in ("", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    file.with_name(file.name + suffix).unlink()
            kept = Kept(file)
        try:
            yield kept
        finally:
            kept.close()
    except sqlite3.Error as error:
        raise StoreError(f"{file}: cannot be written ({error}); make room or check its rights") from error


def confident(extraction: Extraction, minimum: float) -> Extraction:
    """An extraction without the relations of less confidence than `minimum`."""
    if minimum <= 0:
        return extraction
    return replace(extraction, relations=tuple(r for r in extraction.relations if r.confidence >= minimum))


def _hash(item: str) -> int:
    return int.from_bytes(blake2b(item.encode(), digest_size=8).digest(), "big", signed=True)
