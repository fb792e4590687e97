"""Builds that are killed, that find no room, that meet another one: the store holds whole states only."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.flow.keeping import Kept, Place, kept_beside
from kg.flow.updating import embedded, update
from kg.graph import open_store, reserved
from kg.graph.store import completed
from kg.graph.turtle import trig
from kg.model import Document, Extraction, Kind, LocalEntity, Mention, RelationMention, Span
from kg.vocabulary import Minter

MINTER = Minter()
SETTINGS: dict[str, object] = {"base": MINTER.base, "min_confidence": 0.0}

UPDATE_AND_DIE = """
import json, os, signal, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_durability import change
import kg.flow.keeping, kg.flow.updating, kg.graph.store
module, name, when = {point!r}.split()
owner = {{"store": kg.graph.store, "kept": kg.flow.keeping.Kept, "rename": Path}}[module]
sound = getattr(owner, name)
def dying(*arguments, **more):
    if when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = sound(*arguments, **more)
    os.kill(os.getpid(), signal.SIGKILL)
    return result
setattr(owner, name, dying)
change(Path({store!r}), json.loads({gone!r}), json.loads({new!r}))
"""

POINTS = (
    "kept take_in before",
    "store _mark before",
    "store _mark after",
    "kept commit before",
    "kept commit after",
    "rename rename after",
    "store _swap after",
)


def story(path: str) -> Extraction:
    """A document in which somebody of its own meets somebody of all."""
    text = "Ana Ruiz met him there."
    mentions = [Mention(span=Span(0, 8), head=Span(0, 8), entity=key, kind=Kind.NAME) for key in ("a", "b")]
    names = ("Ana Ruiz", f"Person {path}")
    return Extraction(
        document=Document(path=path, text=text, source=path),
        sentences=(Span(0, len(text)),),
        entities=tuple(
            LocalEntity(key=mention.entity, label=name, types=("Person",), named=True, names=(name,))
            for mention, name in zip(mentions, names, strict=True)
        ),
        mentions=tuple(mentions),
        relations=(
            RelationMention(
                subject=mentions[0],
                predicate="kg:meetsWith",
                object=mentions[1],
                sentence=Span(0, len(text)),
                confidence=0.9,
                extractor="kg.extraction.test",
            ),
        ),
    )


def change(store_dir: Path, gone: list[str], new: list[str]) -> None:
    """Takes documents out of a store and puts others in, as a build does."""
    with reserved(store_dir), kept_beside(store_dir) as kept:
        if kept.generation is not None and not completed(store_dir, kept.generation):
            kept.set_aside()
        for path in new:
            kept.finish(Place(MINTER.document_iri(path), path, path, path), story(path))
        iris = [MINTER.document_iri(path) for path in gone]
        update(
            kept,
            embedded(store_dir),
            gone=[iri for iri in iris if kept.place(iri) is not None],
            new=map(MINTER.document_iri, new),
            minter=MINTER,
            settings=SETTINGS,
        )


def content(store_dir: Path) -> str:
    return "".join(trig(open_store(store_dir, read_only=True), MINTER.prefixes))


def killed(store_dir: Path, gone: list[str], new: list[str], point: str) -> None:
    """The same in a process that kills itself at a point."""
    code = UPDATE_AND_DIE.format(
        tests=str(Path(__file__).parent),
        store=str(store_dir),
        gone=json.dumps(gone),
        new=json.dumps(new),
        point=point,
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("many", [False, True], ids=["changed", "written whole"])
def test_killed_anywhere_a_build_leaves_one_state_or_the_other(tmp_path: Path, point: str, many: bool) -> None:
    first = [f"{number}.txt" for number in range(9)]
    gone, new = (first[:6], ["a.txt", "b.txt", "c.txt"]) if many else (["4.txt"], ["a.txt"])
    change(tmp_path / "store", [], first)
    change(tmp_path / "after", [], sorted({*first} - {*gone} | {*new}))
    before, after = content(tmp_path / "store"), content(tmp_path / "after")
    killed(tmp_path / "store", gone, new, point)
    assert content(tmp_path / "store") in (before, after)
    change(tmp_path / "store", gone, new)
    assert content(tmp_path / "store") == after
    left = {path.name for path in tmp_path.iterdir() if path.name.startswith(".store")}
    assert left - {".store.readers"} == {".store.kept", ".store.lock"}


def test_finished_extractions_of_a_killed_build_are_at_hand(tmp_path: Path) -> None:
    killed(tmp_path / "store", [], ["a.txt", "b.txt"], "store _mark before")
    with kept_beside(tmp_path / "store") as kept:
        for path in ("a.txt", "b.txt"):
            assert kept.finished(MINTER.document_iri(path)) == path
            assert kept.extraction(MINTER.document_iri(path), finished=True) == story(path)


@pytest.mark.parametrize("limit", [1 << 12, 1 << 16, 1 << 18])
def test_a_full_disk_is_one_line_and_leaves_the_store(tmp_path: Path, limit: int) -> None:
    first = [f"{number}.txt" for number in range(20)]
    change(tmp_path / "store", [], first)
    before = content(tmp_path / "store")
    code = (
        f"import sys, signal; sys.path.insert(0, {str(Path(__file__).parent)!r}); from pathlib import Path\n"
        "from test_durability import change\nfrom kg.errors import KGError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"try: change(Path({str(tmp_path / 'store')!r}), [], [f'n{{n}}.txt' for n in range(900)])\n"
        "except KGError as error: print(error)\n"
    )

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, preexec_fn=small_files
    )
    assert done.returncode == 0, done.stderr
    assert "cannot be written" in done.stdout
    assert done.stdout.count("\n") == 1
    assert content(tmp_path / "store") == before
    change(tmp_path / "store", [], ["new.txt"])
    assert "Person new.txt" in content(tmp_path / "store")


def test_two_writers(tmp_path: Path) -> None:
    with reserved(tmp_path / "store"), pytest.raises(StoreError, match="another build is writing here"):
        change(tmp_path / "store", [], ["a.txt"])


def test_readers_see_the_last_state_while_a_build_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store_dir = tmp_path / "store"
    change(store_dir, [], ["a.txt", "b.txt", "c.txt", "d.txt"])
    before = content(store_dir)
    early = open_store(store_dir, read_only=True)
    seen: list[str] = []
    sound = Kept.commit

    def looked_at(kept: Kept) -> None:
        seen.append(content(store_dir))
        sound(kept)

    monkeypatch.setattr("kg.flow.keeping.Kept.commit", looked_at)
    change(store_dir, ["a.txt"], [])
    assert seen == [before]
    assert "".join(trig(early, MINTER.prefixes)) == before
    assert content(store_dir) != before


def test_a_record_that_is_damaged_or_lost_costs_reading_and_nothing_else(tmp_path: Path) -> None:
    store_dir = tmp_path / "store"
    change(store_dir, [], ["a.txt", "b.txt"])
    for damage in (b"rubbish" * 1000, None):
        record = tmp_path / ".store.kept"
        record.unlink()
        if damage is not None:
            record.write_bytes(damage)
        change(store_dir, [], ["a.txt", "b.txt"])
        change(tmp_path / "other", [], ["a.txt", "b.txt"])
        assert content(store_dir) == content(tmp_path / "other")


def test_a_store_that_is_not_the_recorded_one_is_built_anew(tmp_path: Path) -> None:
    change(tmp_path / "store", [], ["a.txt", "b.txt"])
    change(tmp_path / "other", [], ["c.txt"])
    os.rename(tmp_path / "store", tmp_path / "elsewhere")  # noqa: PTH104
    os.rename(tmp_path / "other", tmp_path / "store")  # noqa: PTH104
    change(tmp_path / "store", [], ["c.txt"])
    change(tmp_path / "new", [], ["c.txt"])
    assert content(tmp_path / "store") == content(tmp_path / "new")
