"""The store on disk: built whole or not at all, one writer, clear refusals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import KGError, ReadError, StoreError
from kg.graph import load_graph, minter_of, open_graph, open_store, reserved, write_build
from kg.graph.snapshots import OPENED_AT_ONCE
from kg.graph.store import _beside, _Readable
from kg.vocabulary import KG, Minter

BUILD_AND_HANG = """
import sys, time
from pathlib import Path
from kg.graph import write_build
def documents():
    print("writing", flush=True)
    time.sleep(60)
    yield
write_build(Path(sys.argv[1]), [], documents())
"""


def size(path: Path) -> int:
    return len(open_store(path, read_only=True))


@pytest.fixture
def built(tmp_path, new_story) -> Path:
    story = new_story()
    write_build(tmp_path / "store", story.entities, story.documents())
    return tmp_path / "store"


def test_a_build_replaces_the_one_before_and_leaves_nothing_beside(built, new_story):
    story = new_story()
    written = write_build(built, story.entities, story.documents()[:1])
    assert written.tally.documents == 1
    assert len({quad.graph_name for quad in open_store(built, read_only=True)}) == 3
    assert sorted(path.name for path in built.parent.iterdir()) == [".store.lock", "store"]


def test_the_same_documents_in_any_order_make_the_same_graph(tmp_path, built, new_story):
    story = new_story()
    write_build(tmp_path / "other", story.entities[::-1], story.documents()[::-1])
    assert set(open_store(tmp_path / "other")) == set(open_store(built))


def test_a_store_remembers_its_base(tmp_path, new_story):
    story = new_story("https://example.net/news/")
    write_build(tmp_path / "store", story.entities, story.documents(), minter=story.minter)
    store = open_store(tmp_path / "store", read_only=True)
    assert minter_of(store) == Minter("https://example.net/news/")
    assert not any("kg.example.org/entity" in str(quad) for quad in store)
    assert minter_of(ox.Store()) == Minter()


def test_an_error_among_the_documents_leaves_the_old_store(built, new_story):
    before = size(built)

    def documents():
        yield new_story().documents()[0]
        raise ReadError("broken.pdf: no text layer; run OCR first")

    with pytest.raises(ReadError, match=r"broken\.pdf"):
        write_build(built, new_story().entities, documents())
    assert size(built) == before


def test_a_killed_build_leaves_the_old_store_and_no_lock(built, new_story):
    before = size(built)
    process = subprocess.Popen([sys.executable, "-c", BUILD_AND_HANG, built], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    with pytest.raises(StoreError, match="another build is writing here"):
        write_build(built, [], [])
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert size(built) == before
    write_build(built, [], new_story().documents()[:0])
    assert size(built) < before
    assert not _beside(built, "new").exists()


def test_a_build_killed_between_its_renames_is_ended_by_the_next_reader(built):
    before = size(built)
    built.rename(_beside(built, "previous"))
    assert size(built) == before
    assert not _beside(built, "previous").exists()


def test_a_second_writer_is_refused_at_once_in_one_line(built):
    writer = open_store(built)
    started = time.monotonic()
    for attempt in (lambda: open_store(built), lambda: write_build(built, [], [])):
        with pytest.raises(StoreError, match="locked by another process") as refused:
            attempt()
        assert "\n" not in str(refused.value)
    assert time.monotonic() - started < 2
    del writer


def test_a_reserved_store_is_refused_to_others_until_it_is_built(built, new_story):
    story = new_story()
    with reserved(built):
        with pytest.raises(StoreError, match="another build is writing here"), reserved(built):
            pass
        write_build(built, story.entities, story.documents(), held=True)
    with reserved(built):
        pass


def test_readers_keep_the_state_they_opened(built):
    reader = open_store(built, read_only=True)
    before = len(reader)
    write_build(built, [], [])
    assert len(list(reader)) == before


def test_what_is_no_store_is_told_with_a_remedy(tmp_path):
    with pytest.raises(StoreError, match="no graph store here; make one with 'kg build'"):
        open_store(tmp_path / "nowhere")
    (tmp_path / "CURRENT").write_text("rubbish")
    with pytest.raises(StoreError, match=r"cannot be opened .*; build it anew"):
        open_store(tmp_path)


def test_a_damaged_store_is_built_anew(built, new_story):
    (built / "CURRENT").write_text("rubbish")
    story = new_story()
    write_build(built, story.entities, story.documents())
    assert size(built) > 100


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_one_may_not_write_to(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="cannot be written"):
        write_build(tmp_path / "in" / "store", [], [])
    tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.ttl", "this is no turtle", "no valid RDF"),
        ("a.xyz", "", "unknown ending"),
        ("missing.ttl", None, "cannot be read"),
        ("a.trig", b"\xff\xfe", "no valid RDF"),
    ],
)
def test_files_that_are_no_graph(tmp_path, name, content, reason):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(KGError, match=reason) as refused:
        load_graph(path)
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_graph_file_opens_like_a_store(tmp_path, story_store, story_dir):
    story_store.dump(tmp_path / "graph.nq", format=ox.RdfFormat.N_QUADS)
    assert len(open_graph(tmp_path / "graph.nq")) == len(open_graph(story_dir)) == len(story_store)


def test_the_ontology_can_be_queried(story_store):
    graph = ox.NamedNode(Minter().graph + "ontology")
    assert list(story_store.quads_for_pattern(ox.NamedNode(KG.hosts), None, None, graph))


def test_chunks_are_joined_without_loss():
    chunks = [b"ab", b"", b"cdefg", b"h"]
    reader = _Readable(chunks)
    parts = list(iter(lambda: reader.read(2), b""))
    assert b"".join(parts) == b"abcdefgh"
    assert all(len(part) <= 2 for part in parts)


@pytest.fixture
def of_many_tables(built) -> Path:
    """A store of more tables than the database opens at once."""
    store = open_store(built)
    for number in range(8):
        graph = ox.NamedNode(f"https://a.example/{number}")
        quads = (
            ox.Quad(ox.NamedNode(f"https://a.example/{number}/{n}"), graph, ox.Literal(f"{n}"), graph)
            for n in range(300)
        )
        store.bulk_extend(quads)
    store.flush()
    del store
    assert len(list(built.glob("*.sst"))) > OPENED_AT_ONCE
    return built


def test_readers_of_a_large_store_keep_the_state_they_opened(of_many_tables):
    reader = open_store(of_many_tables, read_only=True)
    before = size(of_many_tables)
    write_build(of_many_tables, [], [])
    assert len(list(reader)) == before
    assert size(of_many_tables) < before


def test_copies_for_readers_go_with_them(of_many_tables):
    readers = of_many_tables.with_name(".store.readers")
    code = "import sys; from pathlib import Path; from kg.graph import open_store\n"
    code += "store = open_store(Path(sys.argv[1]), read_only=True); print(len(store)); sys.stdin.read()"
    command = [sys.executable, "-c", code, of_many_tables]
    reader = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert reader.stdout is not None
    assert int(reader.stdout.readline()) > 300
    (copy,) = readers.iterdir()
    write_build(of_many_tables, [], [])
    assert copy.exists()
    reader.kill()
    reader.communicate()
    write_build(of_many_tables, [], [])
    assert not readers.exists()


def test_a_writer_is_seen_by_new_readers(of_many_tables):
    before = size(of_many_tables)
    writer = open_store(of_many_tables)
    writer.add(ox.Quad(ox.NamedNode("https://a.example/x"), ox.NamedNode("https://a.example/p"), ox.Literal("x")))
    writer.flush()
    del writer
    assert size(of_many_tables) == before + 1
