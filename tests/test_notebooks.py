"""Every notebook runs from top to bottom, offline, and what it shows is what is committed.

`pytest tests/test_notebooks.py --update-golden` writes the outputs anew; review them as you would review code.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LARGEST = 600_000
"""Characters of a committed notebook, at most: pages with a whole explorer stay out."""
CONTRACT = {
    "bring-your-own-documents",
    "network-analysis",
    "quickstart",
    "sparql-cookbook",
    "who-said-what",
}
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
@every_notebook
def test_shows_what_it_computes(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # the notebook's own folders go with the test
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))))
    committed = nbformat.read(path, as_version=4)
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    notebook.metadata["language_info"] = {"name": "python"}  # without the version of this machine
    if request.config.getoption("--update-golden"):
        nbformat.write(notebook, path)
        return
    for before, after in zip(committed.cells, notebook.cells, strict=True):
        if after.cell_type == "code":
            assert list(map(_shown, after.outputs)) == list(map(_shown, before.outputs)), after.source


def test_all_five_are_there() -> None:
    assert {path.stem for path in NOTEBOOKS} >= CONTRACT


@every_notebook
def test_is_committed_with_its_outputs(path: Path) -> None:
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1)), "run with --update-golden"
    assert any(cell.outputs for cell in cells)
    text = path.read_text(encoding="utf-8")
    assert len(text) < LARGEST
    for trace in ("<script", "/tmp/", "/home/", "/root/", "Traceback", '"output_type": "error"'):
        assert trace not in text, f"{path.name} shows {trace}"


@every_notebook
def test_teaches_in_small_steps(path: Path) -> None:
    """Prose before code, cells that fit on a screen, a title and links that lead somewhere."""
    cells = nbformat.read(path, as_version=4).cells
    assert cells[0].cell_type == "markdown" and cells[0].source.startswith("# ")
    prose = sum(len(cell.source.split()) for cell in cells if cell.cell_type == "markdown")
    assert prose >= 300
    assert max(cell.source.count("\n") for cell in cells if cell.cell_type == "code") <= 60
    for target in re.findall(r"\]\(([\w-]+\.ipynb)\)", "\n".join(cell.source for cell in cells)):
        assert (path.parent / target).is_file(), target


@every_notebook
def test_calls_nothing_private(path: Path) -> None:
    code = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")
    assert "import kg" in code
    assert "from kg." not in code
    assert not re.search(r"\bkg\.(_|flow|graph|publishing|reading|annotation|extraction|resolution)\b", code)


def test_the_cookbook_asks_twenty_six_questions() -> None:
    cells = nbformat.read(ROOT / "notebooks" / "sparql-cookbook.ipynb", as_version=4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert [int(number) for number in re.findall(r"^## (\d+)\. ", prose, re.MULTILINE)] == list(range(1, 27))


def _shown(output: Any) -> str:
    """What a reader sees, of a picture only what it says it shows: its coordinates may differ between processors."""
    if output.output_type == "stream":
        return str(output.text)
    data = output.data
    if "image/svg+xml" in data:
        return str(re.findall(r'aria-label="([^"]*)"', data["image/svg+xml"]))
    return str(data.get("text/html") or data["text/plain"])
