"""The lasting index: whatever is added, changed and removed, it ends as if all had been resolved at once."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from extractions import entity, extraction, relation
from hypothesis import given, settings
from hypothesis import strategies as st
from test_resolution import extractions

from kg.model import Extraction, LocalEntity
from kg.resolution import resolve
from kg.resolution.index import TABLES, Changes, Index, filled, replaced
from kg.resolution.local import local_view
from kg.vocabulary import Minter, content_hash

MINTER = Minter()


class Kept:
    """An index on disk and the documents in it."""

    def __init__(self, folder: str | Path) -> None:
        self._file = Path(folder) / "index"
        self.connection = sqlite3.connect(self._file, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = OFF")
        self.documents: dict[str, Extraction] = {}
        filled(self.connection, [], MINTER)

    def replace(self, gone: set[str], new: list[Extraction]) -> Changes:
        snapshot = sqlite3.connect(self._file, isolation_level=None)
        snapshot.execute("BEGIN")
        snapshot.execute("SELECT 1 FROM member").fetchall()
        self.connection.execute("BEGIN")
        gone = (gone | {item.document.path for item in new}) & self.documents.keys()
        changes = replaced(
            Index(snapshot, MINTER),
            Index(self.connection, MINTER),
            [local_view(self.documents[path], MINTER) for path in sorted(gone)],
            [local_view(item, MINTER) for item in new],
        )
        self.connection.execute("COMMIT")
        snapshot.close()
        for path in gone:
            del self.documents[path]
        self.documents.update((item.document.path, item) for item in new)
        return changes

    def iris(self) -> dict[tuple[str, str], str]:
        index = Index(self.connection, MINTER)
        documents = map(MINTER.document_iri, self.documents)
        return {(document, key): iri for document in documents for key, iri in index.iris(document).items()}


def content(connection: sqlite3.Connection) -> dict[str, set[tuple[str, ...]]]:
    return {
        table: set(connection.execute(f"SELECT * FROM {table}"))  # noqa: S608
        for table in TABLES
    }


def expected(documents: dict[str, Extraction]) -> dict[str, set[tuple[str, ...]]]:
    connection = sqlite3.connect(":memory:")
    filled(connection, [local_view(item, MINTER) for item in documents.values()], MINTER)
    return content(connection)


@settings(max_examples=120)
@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from([f"{n}.txt" for n in range(5)]), max_size=3), extractions()),
        min_size=1,
        max_size=5,
    )
)
def test_any_sequence_of_changes_ends_in_what_resolving_at_once_gives(
    steps: list[tuple[set[str], list[Extraction]]],
) -> None:
    with TemporaryDirectory() as folder:
        kept = Kept(folder)
        for gone, new in steps:
            before = kept.iris()
            changes = kept.replace(gone, new)
            assert content(kept.connection) == expected(kept.documents)
            resolution = resolve(kept.documents.values())
            after = kept.iris()
            itself = {(iri, "document"): iri for iri in map(MINTER.document_iri, kept.documents)}
            assert {**after, **itself} == resolution.iris
            given = gone | {item.document.path for item in new}
            renamed = {key[0] for key in before.keys() & after.keys() if before[key] != after[key]}
            assert changes.documents >= renamed - set(map(MINTER.document_iri, given))
            assert changes.documents <= set(map(MINTER.document_iri, kept.documents.keys() - given))
        kept.connection.close()


def test_hashes_that_meet_give_the_same_iris_whatever_came_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.vocabulary.content_hash", lambda *parts: content_hash(*parts)[:2] + "0000")
    kept, chance = Kept(tmp_path), random.Random(7)
    paths = [f"{number}.txt" for number in range(120)]
    for _ in range(40):
        gone = set(chance.sample(paths, 6))
        new = [extraction(path, event(chance)) for path in chance.sample(paths, 8)]
        kept.replace(gone, new)
        assert content(kept.connection) == expected(kept.documents)


def event(chance: random.Random) -> LocalEntity:
    """One of many talks, of which some are known, and some have a name that is no name."""
    label = chance.choice(("talks", "Talks", "talks", "...", "Unnamed", "long " * 30))
    wikidata = chance.choice((None, None, None, None, "Q1", "Q2"))
    return entity("e", "Event", label, named=False, wikidata=wikidata)


def test_a_second_person_of_a_surname_costs_the_first_what_only_his_surname_tells(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    kept.replace(set(), [extraction(f"{n}.txt", entity("p", "Person", "Nadine Heredia")) for n in range(20)])
    kept.replace(set(), [extraction("short.txt", entity("p", "Person", "Heredia"))])
    changes = kept.replace(set(), [extraction("new.txt", entity("p", "Person", "Luis Heredia"))])
    assert changes.documents == {MINTER.document + "short.txt"}
    back = kept.replace({"new.txt"}, [])
    assert back.documents == {MINTER.document + "short.txt"}


def test_a_document_more_of_a_thing_changes_no_other_document(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    peru = entity("c", "Country", "Peru", wikidata="Q419")
    kept.replace(set(), [extraction(f"{n}.txt", peru, relations=()) for n in range(20)])
    changes = kept.replace({"3.txt"}, [extraction("new.txt", peru, relations=(relation("c", "kg:hosts", "c"),))])
    assert changes == Changes(frozenset(), ())
