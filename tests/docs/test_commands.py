"""The commands of tutorial and recipes run, one after the other, in a folder like the reader's."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs" / name for name in ("index.md", "tutorial.md", "howto.md")]
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^kg .*?(?=\n(?:kg|pip)\b|\Z)", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"\s{2,}#.*$", re.MULTILINE)
ELSEWHERE = ("my-folder", "my-output", "GOLD_DIR", "offices.rq", "kg build notes")
"""What the reader has and this test has not."""

pytestmark = [pytest.mark.model, pytest.mark.slow]


def commands(page: Path) -> list[str]:
    """The `kg` commands of a page and its Python, in order."""
    found = []
    for language, content in BLOCK.findall(page.read_text(encoding="utf-8")):
        lines = [content] if language == "python" else COMMAND.findall(COMMENT.sub("", content).strip())
        found += [line.strip() for line in lines if not any(word in line for word in ELSEWHERE)]
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the seeds beside, as after the reader's first build."""
    place = tmp_path_factory.mktemp("reader")
    (place / "seeds").symlink_to(ROOT / "seeds")
    assert run("kg build seeds", place).returncode == 0
    return place


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A `kg` command line, or Python code, run in a folder."""
    line = ["-m", "kg.cli", *shlex.split(command)[1:]] if command.startswith("kg ") else ["-c", command]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, *line], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_every_command_runs(page: Path, folder: Path) -> None:
    todo = commands(page)
    assert todo
    for command in todo:
        done = run(command, folder)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        if command.startswith("kg withdraw"):  # each recipe stands by itself
            assert run("kg build seeds", folder).returncode == 0
