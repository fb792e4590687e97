"""Large graphs as streams: order, completeness, memory that does not grow, shards."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as some

from kg.errors import StoreError
from kg.graph.remote_copy import state_mark
from kg.graph.turtle import named_graphs, triple_lines
from kg.publishing import export, sorting, write_shards
from kg.vocabulary import Minter

QUADS = some.lists(
    some.builds(
        ox.Quad,
        some.integers(0, 9).map(lambda number: ox.NamedNode(f"https://e.org/{number}")),
        some.just(ox.NamedNode("https://e.org/p")),
        some.text(some.characters(exclude_categories=["Cs"]), max_size=20).map(ox.Literal),
        some.integers(0, 4).map(lambda n: ox.NamedNode(f"https://e.org/g{n}") if n else ox.DefaultGraph()),
    ),
    max_size=60,
)
SCRIPT = """
import sys
from pathlib import Path
import pyoxigraph as ox
from kg.publishing import export
store = ox.Store.read_only(sys.argv[1])
def highest():  # not getrusage: its maximum is inherited from the process that started this one
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
before = highest()
if sys.argv[2] == "read":
    for quad in store:
        pass
else:
    with open("/dev/null", "wb") as nothing:
        export(store, nothing, sys.argv[2])
print(highest() - before)
"""


def stored(quads: list[ox.Quad]) -> ox.Store:
    store = ox.Store()
    store.extend(quads)
    return store


@given(quads=QUADS, run_bytes=some.sampled_from([1, 100, 1 << 20]))
def test_lines_are_sorted_whatever_the_size_of_a_run(quads: list[ox.Quad], run_bytes: int) -> None:
    store = stored(quads)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorting, "RUN_BYTES", run_bytes)
        for graph in (None, *named_graphs(store)):
            assert [line[:-1] for line in sorting.sorted_lines(store, graph)] == triple_lines(store, graph)
        assert list(sorting.sorted_graphs(store)) == named_graphs(store)


@given(quads=QUADS, count=some.integers(1, 5), named=some.booleans())
def test_shards_hold_each_quad_once(
    tmp_path_factory: pytest.TempPathFactory, quads: list[ox.Quad], count: int, named: bool
) -> None:
    store, folder = stored(quads), tmp_path_factory.mktemp("shards")
    paths = write_shards(store, folder / "new", count, named_facts=named)
    assert sorted(paths) == sorted((folder / "new").iterdir())
    assert len(paths) == count
    parts = [list(ox.parse(path=path, format=ox.RdfFormat.N_QUADS)) for path in paths]
    found = [quad for part in parts for quad in part]
    facts = ox.NamedNode(Minter().graph + "facts") if named else ox.DefaultGraph()
    wanted = {quad if quad.graph_name in named_graphs(store) else ox.Quad(*quad.triple, facts) for quad in store}
    assert len(found) == len(set(found)) == len(store)
    assert set(found) == wanted
    for graph in named_graphs(store):
        assert sum(any(quad.graph_name == graph for quad in part) for part in parts) == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_shards_are_the_same_bytes_again_and_another_library_reads_them(story_store, tmp_path: Path) -> None:
    first, again = (write_shards(story_store, tmp_path / name, 3, named_facts=True) for name in "ab")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    assert [path.name for path in first] == [f"graph-00{n}-of-003.nq" for n in (1, 2, 3)]
    dataset = rdflib.Dataset()
    for path in first:
        assert path.stat().st_mode & 0o444 == 0o444
        dataset.parse(data=path.read_bytes(), format="nquads")
    assert sum(1 for _ in dataset.quads()) == len(story_store)
    assert len(dataset.graph(Minter().graph + "facts")) == len(triple_lines(story_store))


def test_shards_carry_the_state_that_later_builds_go_on_from(story_store, tmp_path: Path) -> None:
    server = ox.Store()
    for path in write_shards(story_store, tmp_path, 2, state="first"):
        server.bulk_load(path=path, format=ox.RdfFormat.N_QUADS)
    graph, line = state_mark(Minter(), "first")
    assert triple_lines(server, ox.NamedNode(graph)) == [line[:-1]]
    assert len(server) == len(story_store) + 1


@pytest.mark.parametrize("count", [0, 1001])
def test_a_wrong_number_of_shards(story_store, tmp_path: Path, count: int) -> None:
    with pytest.raises(StoreError, match="1 to 1000"):
        write_shards(story_store, tmp_path / "x", count)
    assert not (tmp_path / "x").exists()


def test_shards_that_cannot_be_written(story_store, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be written"):
        write_shards(story_store, tmp_path / "file", 2)


def test_shards_leave_nothing_when_they_end_early(story_store, tmp_path: Path, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kg.publishing.shards.sorted_graphs", broken)
    with pytest.raises(StoreError, match="No space left"):
        write_shards(story_store, tmp_path / "x", 2)
    assert list((tmp_path / "x").iterdir()) == []


def large_store(path: Path, quads: int) -> None:
    """Facts and documents in equal parts; a document has a hundred quads."""
    pieces = []
    for number in range(quads // 2):
        pieces.append(f'<https://e.org/{number}> <https://e.org/p> "fact {number} {"x" * 100}" .\n')
        graph = f"<https://e.org/g/{number // 100}>"
        pieces.append(f'<https://e.org/{number}> <https://e.org/p> "statement {number} {"x" * 100}" {graph} .\n')
    store = ox.Store(path)
    store.bulk_load("".join(pieces).encode(), ox.RdfFormat.N_QUADS)
    store.flush()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_graph(tmp_path: Path) -> None:
    grown = {}
    large_store(tmp_path / "store", 240_000)  # 40 MB of text
    for doing in ("read", "nquads"):
        command = [sys.executable, "-c", SCRIPT, str(tmp_path / "store"), doing]
        grown[doing] = int(subprocess.run(command, capture_output=True, check=True).stdout) / 1024
    assert grown["nquads"] < grown["read"] + 25, grown  # MiB; the store maps its files, all lines at once are 60 more


def test_a_stream_is_a_file(story_store) -> None:
    stream = io.BytesIO()
    export(story_store, stream, "nquads")
    assert set(ox.parse(stream.getvalue(), format=ox.RdfFormat.N_QUADS)) == set(story_store)
