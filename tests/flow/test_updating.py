"""Whatever is added, changed and taken out, the graph ends as if it had been written at once from what is there."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_extractions import PATHS, made_extractions
from test_durability import story

from kg.errors import StoreError
from kg.flow.codec import SCHEMA, Decoder, encoded
from kg.flow.keeping import Kept, Place, kept_beside
from kg.flow.updating import Outcome, Target, embedded, update
from kg.graph import ontology_path, open_store, reserved, validate
from kg.graph.delta import Delta
from kg.graph.ontology import ontology_quads
from kg.graph.quads import QuadWriter
from kg.graph.store import Written, completed
from kg.graph.turtle import trig
from kg.model import DocumentStatements, Entity, Extraction
from kg.vocabulary import Minter

MINTER = Minter()
SETTINGS: dict[str, object] = {"base": MINTER.base, "min_confidence": 0.0}
Step = tuple[set[str], dict[str, Extraction]]


class Lines:
    """A graph as a set of lines, which takes no change that is none."""

    def __init__(self) -> None:
        self.lines: set[str] = set()

    def whole(
        self,
        entities: Iterable[Entity],
        documents: Iterable[DocumentStatements],
        *,
        minter: Minter,
        generation: str,
        complete: Callable[[Written], None],
    ) -> Written:
        writer = QuadWriter(entities, minter)
        text = "".join([*map(writer.document, documents), *writer.descriptions()])
        self.lines = set(text.split("\n"))
        written = Written(writer.tally, tuple(writer.refusals), writer.support)
        complete(written)
        return written

    def change(self, delta: Delta, *, generation: str, complete: Callable[[], None]) -> None:
        removed, added = ({line.removesuffix("\n") for line in lines} for lines in (delta.removed, delta.added))
        assert removed <= self.lines
        assert not added & self.lines
        self.lines = (self.lines - removed) | added
        complete()

    @property
    def target(self) -> Target:
        return Target(self.whole, self.change)


def take(kept: Kept, target: Target, step: Step, *, whole: bool | None = None) -> Outcome:
    gone, new = step
    for path, extraction in new.items():
        iri = MINTER.document_iri(path)
        kept.finish(Place(iri, path, path, extraction.document.sha256), extraction)
    stored = kept.places()
    return update(
        kept,
        target,
        gone=[iri for path in gone - new.keys() if (iri := MINTER.document_iri(path)) in stored],
        new=map(MINTER.document_iri, new),
        minter=MINTER,
        settings=SETTINGS,
        whole=whole,
    )


def from_scratch(documents: dict[str, Extraction]) -> tuple[set[str], Outcome]:
    graph = Lines()
    with TemporaryDirectory() as folder, kept_beside(Path(folder) / "store") as kept:
        outcome = take(kept, graph.target, (set(), documents))
    return graph.lines, outcome


def content(kept: Kept) -> dict[str, set[tuple[object, ...]]]:
    tables = ("member", "fuller", "holder", "thing", "support")
    return {table: set(kept.connection.execute(f"SELECT * FROM {table}")) for table in tables}  # noqa: S608


def steps() -> st.SearchStrategy[list[Step]]:
    gone = st.sets(st.sampled_from(PATHS), max_size=2)
    new = st.sets(st.sampled_from(PATHS), max_size=3).flatmap(
        lambda paths: st.fixed_dictionaries({path: made_extractions(path) for path in sorted(paths)})
    )
    return st.lists(st.tuples(gone, new), min_size=2, max_size=5)


@settings(max_examples=25)
@given(steps())
def test_any_sequence_of_changes_ends_in_the_graph_from_scratch(given_steps: list[Step]) -> None:
    graph = Lines()
    documents: dict[str, Extraction] = {}
    with TemporaryDirectory() as folder, kept_beside(Path(folder) / "store") as kept:
        for number, step in enumerate(given_steps):
            documents = {path: it for path, it in documents.items() if path not in step[0]} | step[1]
            outcome = take(kept, graph.target, step, whole=False)
            assert (outcome.change is None) == (number == 0)
            lines, expected = from_scratch(documents)
            assert graph.lines == lines
            assert outcome.tally == expected.tally
            assert set(outcome.refusals) <= set(expected.refusals)


@settings(max_examples=3)
@given(steps())
def test_any_sequence_of_changes_ends_in_the_same_bytes(given_steps: list[Step]) -> None:
    documents: dict[str, Extraction] = {}
    with TemporaryDirectory() as folder:
        for step in given_steps:
            documents = {path: it for path, it in documents.items() if path not in step[0]} | step[1]
            taken(Path(folder) / "store", step, whole=False)
        taken(Path(folder) / "new", (set(), documents))
        assert published(Path(folder) / "store") == published(Path(folder) / "new")


def taken(store_dir: Path, step: Step, *, whole: bool | None = None) -> None:
    with reserved(store_dir), kept_beside(store_dir) as kept:
        take(kept, embedded(store_dir), step, whole=whole)
        assert completed(store_dir, str(kept.get("generation")))


def published(store_dir: Path) -> str:
    store = open_store(store_dir, read_only=True)
    return "".join(trig(store, MINTER.prefixes))


@pytest.mark.filterwarnings("ignore::DeprecationWarning:pyshacl", "ignore::DeprecationWarning:rdflib")
@settings(max_examples=10)
@given(made_extractions("a.txt"), made_extractions("b.txt"))
def test_whatever_is_extracted_the_graph_keeps_its_promises(first: Extraction, second: Extraction) -> None:
    lines, _ = from_scratch({"a.txt": first, "b.txt": second})
    store = ox.Store()
    store.load("\n".join(sorted(lines)), format=ox.RdfFormat.N_QUADS)
    store.load(ontology_quads([ontology_path("core.ttl")], MINTER), format=ox.RdfFormat.N_QUADS)
    report = validate(store)
    assert report.conforms, report.to_text()


@settings(max_examples=50)
@given(made_extractions("é.txt"))
def test_an_extraction_comes_back_as_it_was_kept(extraction: Extraction) -> None:
    assert Decoder().extraction(encoded(extraction)) == extraction
    older = {name: [*names] for name, names in SCHEMA.items()}
    assert Decoder(older).extraction(encoded(extraction)) == extraction


@settings(max_examples=20)
@given(made_extractions("a.txt"))
def test_the_last_document_takes_everything_with_it(extraction: Extraction) -> None:
    graph = Lines()
    with TemporaryDirectory() as folder, kept_beside(Path(folder) / "store") as kept:
        facts = take(kept, graph.target, (set(), {"a.txt": extraction})).tally.facts
        outcome = take(kept, graph.target, ({"a.txt"}, {}), whole=False)
        assert graph.lines == {""}
        assert outcome.change is not None
        assert len(outcome.change.lost) == facts
        assert not any(getattr(outcome.tally, field.name) for field in fields(outcome.tally))
        assert not any(content(kept).values())


def test_what_was_kept_before_a_field_came_is_read_without_it() -> None:
    class_fields = {name: [*names] for name, names in SCHEMA.items()}
    class_fields["Document"].remove("dateline_place_span")
    number = [*SCHEMA].index("Document") + 1
    extraction = story("a.txt")
    plain = json.loads(zlib.decompress(encoded(extraction)))
    assert plain[1][0] == number
    del plain[1][1 + SCHEMA["Document"].index("dateline_place_span")]
    content = zlib.compress(json.dumps(plain).encode())
    assert Decoder(class_fields).extraction(content) == extraction
    with pytest.raises(StoreError, match="build anew"):
        Decoder().extraction(content)
    class_fields["Document"].remove("text")
    with pytest.raises(StoreError, match=r"no Document\.text"):
        Decoder(class_fields)
