"""`kg build` a second time, `kg withdraw`, `kg diff`: what they say, and what they answer to wrong use."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.graph import reserved


def kg(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kg.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.model
def test_a_graph_is_kept_up_to_date(tmp_path: Path) -> None:
    news, out = tmp_path / "news", tmp_path / "output"
    news.mkdir()
    (news / "a.txt").write_text("Peru hosted the Andean Summit on Monday. Ana Ruiz criticized Li Wei.")
    (news / "b.txt").write_text("China threatens peace, Ana Ruiz said. Ana Ruiz visited Kenya.")
    first = kg("build", news, "-o", out, "--no-publish")
    assert first.stderr.splitlines()[-2] == "documents: 2 read, 0 unchanged, 0 withdrawn, 0 failed"
    shutil.copytree(out, tmp_path / "before")

    (news / "a.txt").unlink()
    second = kg("build", news, "-o", out)
    assert second.returncode == 0
    assert second.stderr.splitlines()[-2] == "documents: 0 read, 1 unchanged, 1 withdrawn, 0 failed"
    lost = kg("diff", tmp_path / "before" / "store", "--store", out / "store")
    assert "- ent:Peru kg:hosts ent:AndeanSummit" in lost.stdout.splitlines()
    assert not [line for line in lost.stdout.splitlines() if line.startswith("+")]
    gained = kg("diff", out / "graph.trig", "--store", tmp_path / "before" / "store", "--format", "json")
    facts = json.loads(gained.stdout)["facts"]
    assert facts["lost"] == []
    assert {"Peru", "AnaRuiz"} <= {fact["subject"].rpartition("/")[2] for fact in facts["gained"]}

    withdrawn = kg("withdraw", "news/b.txt", "--store", out / "store")
    assert withdrawn.returncode == 0
    assert "ent:AnaRuiz kg:visits ent:Kenya" in withdrawn.stdout.splitlines()
    assert withdrawn.stderr.startswith("documents: 1 withdrawn; facts: ")
    assert "AnaRuiz" not in (out / "graph.trig").read_text("utf-8")
    claims = kg("diff", tmp_path / "before" / "store", "--store", out / "store").stdout
    assert "(Claimed by ent:AnaRuiz)" in claims


def test_the_same_graph_differs_in_nothing(story_dir: Path) -> None:
    done = kg("diff", story_dir, "--store", story_dir)
    assert (done.returncode, done.stdout) == (0, "facts: 0 gained, 0 lost; claims: 0 gained, 0 lost\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("withdraw", "a.txt", "--store", "{empty}/store"), "no graph store here"),
        (("withdraw", "a.txt", "--store", "{store}"), "not made by a build whose extractions are kept"),
        (("withdraw",), "missing argument"),
        (("diff", "{empty}/graph.trig", "--store", "{store}"), "no graph store here"),
        (("diff", "{store}", "--store", "{empty}"), "no graph store here"),
        (("diff", "{store}", "--store", "{store}", "--format", "xml"), "choose from text, json"),
    ],
)
def test_wrong_use_is_one_line(story_dir: Path, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    store = tmp_path / "copy"
    shutil.copytree(story_dir, store)
    done = kg(*(argument.format(store=store, empty=tmp_path) for argument in arguments))
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_two_writers(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Peru hosts the talks.")
    with reserved(tmp_path / "output" / "store"):
        done = kg("build", tmp_path / "a.txt", "-o", tmp_path / "output")
    assert done.returncode == 2
    assert "another build is writing here; wait for it" in done.stderr
    assert done.stderr.count("\n") == 1
