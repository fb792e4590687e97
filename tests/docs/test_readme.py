"""README is true: its commands run in the order of the page, and what it shows is what they print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
COMMAND = re.compile(r"^kg .*?(?=\n(?:kg|pip|make)\b|\Z)", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"\s{2,}#.*$")

pytestmark = [pytest.mark.model, pytest.mark.slow]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A `kg` command line of README, run by the shell in a folder that holds `output/`."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    line = command.replace("kg ", f"{sys.executable} -m kg.cli ", 1)
    return subprocess.run(line, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S602


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with the seeds built, as `make run` leaves it."""
    place = tmp_path_factory.mktemp("readme")
    (place / "seeds").symlink_to(ROOT / "seeds")
    (place / "tests").symlink_to(ROOT / "tests")
    built = run("kg build seeds -o output", place)
    assert built.returncode == 0, built.stderr
    return place


def shown() -> list[tuple[str, str]]:
    """Commands of README whose output it shows: the last command of a block, and the text block that follows it."""
    pairs = []
    for (language, command), (following, output) in pairwise(BLOCKS):
        if language == "sh" and following == "text":
            pairs.append((COMMAND.findall(command)[-1].strip(), output))
    return pairs


def test_names_every_command() -> None:
    done = run("kg --help", ROOT)
    commands = re.findall(r"^  (\w+)  ", done.stdout.partition("Commands:")[2], re.MULTILINE)
    assert len(commands) >= 10
    assert [command for command in commands if f"| `kg {command}" not in README] == []


def test_shows_outputs() -> None:
    assert len(shown()) >= 2


@pytest.mark.parametrize(("command", "output"), shown(), ids=[command[:24] for command, _ in shown()])
def test_output_is_what_the_command_prints(folder: Path, command: str, output: str) -> None:
    table = " --format table" if command.startswith("kg query") else ""
    printed = run(command + table, folder)
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout.strip() == output.strip()


def test_the_turtle_is_in_the_graph(folder: Path) -> None:
    graph = (folder / "output" / "graph.ttl").read_text(encoding="utf-8")
    block = next(content for language, content in BLOCKS if language == "turtle")
    lines = [line.rstrip(" .;") for line in block.splitlines() if line.strip()]
    assert len(lines) >= 8
    assert [line for line in lines if line not in graph] == []


def test_the_other_commands_run(folder: Path) -> None:
    commands = [line for language, content in BLOCKS if language == "sh" for line in COMMAND.findall(content)]
    for command in commands:
        if "FILE" in command or "..." in command or command.startswith("kg serve"):
            continue
        done = run(COMMENT.sub("", command.strip()), folder)
        assert done.returncode == 0, f"{command}: {done.stderr}"


def test_the_python_example_runs(folder: Path) -> None:
    code = next(content for language, content in BLOCKS if language == "python")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
