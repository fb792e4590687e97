"""Rules of the code itself: where imports point, what starting costs, how large a file may grow."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kg.vocabulary import KG, Minter

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "kg").rglob("*.py"))
HEAVY = ("spacy", "rdflib", "onnxruntime", "pyoxigraph", "numpy", "networkx", "pyvis", "rich")


def test_imports_follow_the_data_flow() -> None:
    lint = pytest.importorskip("importlinter.cli", reason="import-linter is a tool of the extra 'dev'")
    assert lint.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize(
    "code", ["import kg", "import kg.cli", "import sys; from kg.cli import main; sys.argv = ['kg', '--help']; main()"]
)
def test_starting_loads_no_large_library(code: str) -> None:
    report = f"import atexit, sys\natexit.register(lambda: print('loaded', *sorted(sys.modules)))\n{code}"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert loaded.isdisjoint(HEAVY), sorted(loaded.intersection(HEAVY))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_can_be_read_at_one_sitting(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= 500
    assert ast.get_docstring(ast.parse(text)), "a module opens with what it does"


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "engine"}
    assert not drawers.intersection(part for path in SOURCES for part in path.relative_to(ROOT).with_suffix("").parts)


def test_vocabulary_is_closed() -> None:
    with pytest.raises(AttributeError, match="declares no term 'host'"):
        _ = KG.host
    with pytest.raises(KeyError):
        Minter().relation_iri("kg:host")


def test_every_term_in_the_code_is_declared() -> None:
    used = {
        (path.name, name)
        for path in SOURCES
        for name in re.findall(r"""["']kg:(\w+)["']""", path.read_text("utf-8"))
        if name not in KG
    }
    assert not used
