"""Tiny documents to the facts a person opens first. `make golden` rewrites what is expected; review it as code."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.flow import build
from kg.graph import open_store
from kg.publishing import export

CASES = sorted(path.parent for path in (Path(__file__).parent / "data").glob("*/input.txt"))


def test_there_are_cases() -> None:
    assert len(CASES) >= 4
    assert all((case / "README.md").is_file() for case in CASES)


@pytest.mark.model
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_document_gives_its_graph(case: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    build([case / "input.txt"], tmp_path, workers=1, publish=False)
    export(open_store(tmp_path / "store", read_only=True), tmp_path / "graph.ttl")
    expected = case / "graph.ttl"
    if pytestconfig.getoption("update_golden"):
        expected.write_bytes((tmp_path / "graph.ttl").read_bytes())
    assert (tmp_path / "graph.ttl").read_text("utf-8") == expected.read_text("utf-8")
