"""Bad input ends in one clear line and the exit code of the manual's table."""

from __future__ import annotations

import io
import logging
import shlex
import sys
import warnings
from pathlib import Path

import pytest
from bad_inputs import BAD_INPUTS, BadInput, table

import kg.cli
from kg.graph import reserved

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "bad-input.md"
BEGIN, END = "<!-- table of bad input -->\n", "<!-- end of the table -->\n"


def run(monkeypatch: pytest.MonkeyPatch, arguments: list[str], stdin: bytes = b"") -> int:
    """The exit code of a command that runs in this process."""
    monkeypatch.setattr(sys, "argv", ["kg", *arguments])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
    level = logging.getLogger("kg").level
    try:
        with warnings.catch_warnings(), pytest.raises(SystemExit) as end:
            kg.cli.main()
    finally:
        logging.getLogger("kg").setLevel(level)
    return int(end.value.code or 0)


@pytest.mark.model
@pytest.mark.parametrize("row", BAD_INPUTS, ids=lambda row: f"{row.command.split()[0]}: {row.given}")
def test_bad_input_is_one_line_and_its_code(
    row: BadInput,
    story_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.chdir(tmp_path)
    row.make(tmp_path)
    code = run(monkeypatch, shlex.split(row.command.replace("{store}", str(story_dir))), row.stdin)
    captured = capfdbinary.readouterr()
    errors = captured.err.decode().splitlines()
    told = [line for line in errors if not line.startswith(("documents: ", "entities: "))] + caplog.messages
    assert code == row.code, errors
    if row.said:
        assert any(row.said in line for line in told), told
        assert len(set(told)) == 1
    else:
        assert captured.out.strip()
    assert "Traceback" not in captured.err.decode()
    if code == 2:
        assert captured.out == b""
        assert not (tmp_path / "output" / "store").exists()
    if row.built:
        assert (tmp_path / "output" / "graph.ttl").stat().st_size > 0
        assert any(line.startswith("documents: ") and not line.startswith("documents: 0") for line in errors)


def test_a_store_that_another_build_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "a.txt").write_text("Peru hosts the talks.")
    with reserved(tmp_path / "o" / "store"):
        assert run(monkeypatch, ["build", str(tmp_path / "a.txt"), "-o", str(tmp_path / "o")]) == 2
    assert b"another build is writing here; wait for it or use another folder" in capfdbinary.readouterr().err


def test_the_table_of_the_manual_is_this_list(pytestconfig: pytest.Config) -> None:
    before, _, rest = MANUAL.read_text("utf-8").partition(BEGIN)
    shown, _, after = rest.partition(END)
    if pytestconfig.getoption("--update-golden"):
        MANUAL.write_text(before + BEGIN + table() + END + after, "utf-8")
    else:
        assert shown == table(), "run pytest with --update-golden"
