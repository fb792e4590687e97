"""Builds whose graph goes to a server: whole, by changes, after accidents; and commands that read it there."""

from __future__ import annotations

import os
from pathlib import Path

import pyoxigraph as ox
import pytest
from sparql_server import SparqlServer, serving

from kg.errors import StoreError
from kg.flow import build, withdraw
from kg.graph import open_graph, open_store

pytestmark = pytest.mark.model

STORIES = {
    "a": "Peruvian President Ana Ruiz hosted the Andean Summit in Lima on Monday. Ruiz met Li Wei.",
    "b": "China threatens peace, Ana Ruiz said. Li Wei denied that China threatens peace.",
    "c": "The talks took place in Oslo. Kenya plans to attend the Andean Summit.",
    "d": "Li Wei visited Kenya. He thanked President Ruiz.",
    "e": "Norwegian Defence Minister Kari Lunde arrived in Lima.",
}


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    """A folder with five documents."""
    folder = tmp_path / "stories"
    folder.mkdir()
    for name, text in STORIES.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def same(server: SparqlServer, output: Path) -> bool:
    """Whether the server holds the graph of the folder, beside the mark of its state and what is not ours."""
    local = {str(quad) for quad in open_store(output / "store", read_only=True) if "_:" not in str(quad)}
    there = {str(quad) for quad in server.store if "_:" not in str(quad) and "graph/state" not in str(quad)}
    return local == there


def written(server: SparqlServer, since: int) -> list[str]:
    return [what for _, what in server.requests[since:] if what not in ("/sparql", "GET /store")]


def test_a_build_goes_to_a_server_whole_and_then_by_changes(stories: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    with serving() as server:
        first = build([stories], output, store=server.url, publish=False, workers=1)
        assert first.read == 5
        assert same(server, output)
        since = len(server.requests)
        again = build([stories], output, store=Path(server.url), publish=False, workers=1)
        assert (again.read, again.unchanged) == (0, 5)
        assert written(server, since) == []
        (stories / "d.txt").write_text("Kenya hosted the talks.")
        build([stories], output, store=server.url, publish=False, workers=1)
        assert same(server, output)
        assert written(server, since).count("PUT /store") == 1  # the mark of the state alone
        (stories / "e.txt").unlink()
        assert build([stories], output, store=server.url, publish=False, workers=1).withdrawn == 1
        assert same(server, output)
        withdraw(["stories/a.txt"], output, store=server.url, publish=False)
        assert same(server, output)
        assert len(open_graph(Path(server.url))) == len(open_store(output / "store", read_only=True))


def test_a_server_that_was_emptied_or_interrupted_gets_the_whole_graph(stories: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    with serving() as server:
        server.failing_after = 8
        with pytest.raises(StoreError, match="refused"):
            build([stories], output, store=server.url, publish=False, workers=1)
        server.failing_after = None
        build([stories], output, store=server.url, publish=False, workers=1)
        assert same(server, output)
        server.store.clear()
        build([stories], output, store=server.url, publish=False, workers=1)
        assert same(server, output)


def test_a_server_that_is_not_there_is_told_before_the_work(stories: Path, tmp_path: Path) -> None:
    told: list[str] = []
    with pytest.raises(StoreError, match="not reached"):
        build([stories], tmp_path / "output", store="http://127.0.0.1:1", progress=lambda step, _: told.append(step))
    assert "extract" not in told
    assert not (tmp_path / "output").exists()


@pytest.mark.skipif("KG_TEST_SPARQL_SERVER" not in os.environ, reason="names no server")
def test_a_build_goes_to_a_real_server(stories: Path, tmp_path: Path) -> None:
    url, output = os.environ["KG_TEST_SPARQL_SERVER"], tmp_path / "output"
    for text in ("Kenya hosted the talks.", "Li Wei praised Kenya."):
        (stories / "d.txt").write_text(text)
        build([stories], output, store=url, publish=False, workers=1)
        here, there = open_store(output / "store", read_only=True), open_graph(Path(url))
        assert len(here) == len(there)
        assert named(here) == named(there)


def named(store: ox.Store) -> set[str]:
    """Triples between IRIs, with their graph."""
    return {
        str(quad) for quad in store if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
    }
