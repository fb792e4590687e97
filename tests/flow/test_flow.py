"""The flow from documents to files: the same again whatever the circumstances, and what goes wrong on the way."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import kg.annotation
from kg.errors import KGError, ReadError, StoreError
from kg.flow import annotate_documents, build, checked_minter, extract_documents, publish_files, read_documents
from kg.graph import reserved
from kg.model import Document
from kg.reading import ReadFailure

STORIES = {
    "a": "LIMA, May 5, 2025 — Peruvian President Ana Ruiz hosted the Andean Summit in Lima on Monday. Ruiz met Li Wei.",
    "b": "China threatens peace, Ana Ruiz said. Li Wei denied that China threatens peace. Farmers complained about it.",
    "c": "The talks took place in Oslo. Kenya plans to attend the Andean Summit. The talks ended on 3 May 2025.",
    "d": "Norwegian Defence Minister Kari Lunde arrived in Lima. The minister leads the Green Party.",
    "e": "Li Wei visited Kenya. He thanked President Ruiz.",
}
NAMES = ("graph.ttl", "graph.trig", "graph.html")


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    """A folder with five documents."""
    folder = tmp_path / "stories"
    folder.mkdir()
    for name, text in STORIES.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in NAMES}


@pytest.mark.model
def test_same_files_whatever_the_workers_the_hash_seed_and_the_time(stories: Path, tmp_path: Path) -> None:
    report = build([stories], tmp_path / "here", workers=1)
    assert report.read == 5
    assert report.facts
    assert report.claims
    expected = files(tmp_path / "here")
    for seed, workers in (("1", "1"), ("2", "2")):
        folder = tmp_path / f"seed{seed}"
        subprocess.run(
            [sys.executable, "-m", "kg.cli", "build", str(stories), "-o", str(folder), "--workers", workers],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Auckland"},
            check=True,
            capture_output=True,
        )
        assert files(folder) == expected


@pytest.mark.model
def test_same_files_a_second_time_in_the_same_folder(stories: Path, tmp_path: Path) -> None:
    build([stories], tmp_path / "output", workers=1)
    first = files(tmp_path / "output")
    build([stories], tmp_path / "output", workers=1)
    assert files(tmp_path / "output") == first


@pytest.mark.model
def test_same_files_whatever_the_order_of_the_paths(stories: Path, tmp_path: Path) -> None:
    paths = sorted(stories.iterdir())
    build(paths, tmp_path / "forward", workers=1)
    build(reversed(paths), tmp_path / "back", workers=1)
    assert files(tmp_path / "forward") == files(tmp_path / "back")


@pytest.mark.model
def test_processes_give_what_one_process_gives() -> None:
    documents = [Document(path=name, text=text, source=name) for name, text in STORIES.items()] * 3
    assert list(extract_documents(documents, workers=2)) == list(extract_documents(documents, workers=1))


@pytest.mark.model
def test_confidence_and_extractors_leave_statements_out(stories: Path, tmp_path: Path) -> None:
    everything = build([stories], tmp_path / "a", workers=1, publish=False)
    sure = build([stories], tmp_path / "b", workers=1, publish=False, min_confidence=0.999)
    one = build([stories], tmp_path / "c", workers=1, publish=False, extractors=["kg.extraction.roles"])
    assert sure.facts < one.facts < everything.facts
    assert not (tmp_path / "a" / "graph.ttl").exists()


@pytest.mark.model
def test_base_and_date_reach_the_graph(tmp_path: Path) -> None:
    stdin = io.BytesIO(b"Kenya hosted the Andean Summit on Friday.")
    build(["-"], tmp_path, base="https://news.example/", date="2025-05-10", stdin=stdin, workers=1)
    turtle = (tmp_path / "graph.ttl").read_text("utf-8")
    assert "<https://news.example/entity/>" in turtle
    assert '"2025-05-09"^^xsd:date' in turtle


def test_a_page_written_apart_is_the_same(story_dir: Path, tmp_path: Path) -> None:
    assert publish_files(story_dir, tmp_path / "a", apart=False) == tuple(tmp_path / "a" / name for name in NAMES)
    publish_files(story_dir, tmp_path / "b", apart=True)
    assert files(tmp_path / "a") == files(tmp_path / "b")


# ---------------------------------------------------------------------------------------------- what goes wrong


def test_a_page_that_cannot_be_written_apart_is_one_line(story_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "graph.html").mkdir()
    with pytest.raises(StoreError, match=r"graph\.html") as error:
        publish_files(story_dir, tmp_path, apart=True)
    assert "\n" not in str(error.value)


def test_nothing_readable_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    with pytest.raises(ReadError, match=r"empty\.txt: empty; nothing to read"):
        build([tmp_path / "empty.txt"], tmp_path / "output")
    assert not (tmp_path / "output").exists()


def test_many_failures_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"a\.txt: no such file.*; c\.txt: .*; and 2 more") as error:
        read_documents([f"{name}.txt" for name in "abcde"], failed=lambda _: None)
    assert "\n" not in str(error.value)


def test_nothing_given() -> None:
    with pytest.raises(ReadError, match="nothing readable"):
        read_documents([], failed=lambda _: None)


def test_failures_before_and_after_the_first_document_are_told(tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text("Peru hosts the talks.")
    failures: list[ReadFailure] = []
    documents = read_documents([tmp_path / "x.txt", good, tmp_path / "y.txt"], failed=failures.append)
    assert [document.path for document in documents] == ["good.txt"]
    assert [failure.reason for failure in failures] == ["no such file or folder; check the path"] * 2


@pytest.mark.parametrize("base", ["", "news", "https://a.b", "https://a.b/#", "https://a b/", "<https://a.b/>", "a:/"])
def test_base_that_is_none(base: str) -> None:
    with pytest.raises(KGError, match="give one like"):
        checked_minter(base)


def test_wrong_settings_stop_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(KGError, match="extractor nonsense: unknown; choose from kg"):
        build([tmp_path], tmp_path / "output", extractors=["nonsense"])
    with pytest.raises(ReadError, match="2025-02-30"):
        build([tmp_path], tmp_path / "output", date="2025-02-30")


def test_a_locked_store_is_refused_before_the_work(stories: Path, tmp_path: Path) -> None:
    extracted: list[str] = []
    with reserved(tmp_path / "output" / "store"), pytest.raises(StoreError, match="another build is writing"):
        build([stories], tmp_path / "output", progress=lambda step, _: extracted.append(step))
    assert "extract" not in extracted


def test_a_folder_that_cannot_be_written(stories: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be written"):
        build([stories], tmp_path / "file")


@pytest.mark.model
def test_one_document_that_breaks_an_extractor_does_not_end_the_build(
    stories: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = kg.annotation.annotate

    def annotate(document: Document, nlp: object) -> object:
        if document.path.endswith("b.txt"):
            raise IndexError("list index\nout of range")
        return sound(document, nlp)

    monkeypatch.setattr(kg.annotation, "annotate", annotate)
    report = build([stories], tmp_path / "output", workers=1, publish=False)
    assert report.read == 4
    assert [str(failure) for failure in report.failures] == [
        "stories/b.txt: not understood (IndexError: list index out of range); report it"
    ]
    with pytest.raises(KGError, match="not understood"):
        list(extract_documents([Document(path="b.txt", text="x", source="b.txt")], workers=1))


def workers_of(process: psutil.Process) -> list[psutil.Process]:
    return [child for child in process.children(recursive=True) if "kg.processes" in " ".join(child.cmdline())]


def documents_that_wait(killed: list[psutil.Process]) -> Iterator[Document]:
    """Documents; after the first ones, a worker is killed."""
    for number in range(60):
        if number == 40:
            victim = workers_of(psutil.Process())[0]
            victim.kill()
            killed.append(victim)
        yield Document(path=f"{number}", text="Peru hosts the talks.", source=f"{number}")


@pytest.mark.model
def test_a_worker_that_dies_is_one_clear_error_and_takes_the_others_along() -> None:
    killed: list[psutil.Process] = []
    with pytest.raises(KGError, match=r"a worker process died.*use fewer workers"):
        list(extract_documents(documents_that_wait(killed), workers=2))
    assert killed
    assert not workers_of(psutil.Process())


@pytest.mark.model
def test_workers_end_when_nobody_wants_more() -> None:
    documents = (Document(path=f"{n}", text="Peru hosts the talks.", source=f"{n}") for n in range(100))
    stream = extract_documents(documents, workers=2)
    next(stream)
    assert workers_of(psutil.Process())
    stream.close()  # type: ignore[attr-defined]
    assert not workers_of(psutil.Process())


@pytest.mark.model
@pytest.mark.slow
def test_workers_end_with_a_killed_parent(tmp_path: Path) -> None:
    lines = (json.dumps({"id": str(n), "text": " ".join(STORIES.values())}) for n in range(2000))
    (tmp_path / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "kg.cli", "build", str(tmp_path / "many.jsonl"), "--workers", "2"]
    said = (tmp_path / "said").open("wb")
    parent = subprocess.Popen([*command, "-o", str(tmp_path / "output")], stderr=said)
    said.close()
    workers: list[psutil.Process] = []
    deadline = time.monotonic() + 60
    while len(workers) < 2 and time.monotonic() < deadline:
        time.sleep(0.2)
        workers = workers_of(psutil.Process(parent.pid))
    parent.kill()
    parent.wait()
    assert len(workers) == 2
    _, alive = psutil.wait_procs(workers, timeout=60)
    assert not alive
    assert (tmp_path / "said").read_bytes() == b""
    assert not (tmp_path / "output" / "graph.ttl").exists()


@pytest.mark.model
def test_a_script_without_a_main_guard_may_build_in_processes(stories: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(f"import kg\nprint(kg.build([{str(stories)!r}], {str(tmp_path / 'o')!r}, workers=2).read)\n")
    (tmp_path / "kg.py").write_text("raise SystemExit('a file of the working directory was run')\n")
    environment = {**os.environ, "PYTHONPATH": str(Path(kg.annotation.__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-P", str(script)], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "5\n", "")


# ---------------------------------------------------------------------------------------------- annotation


@pytest.mark.model
def test_conllu_keeps_its_tokens_beside_other_documents(tmp_path: Path) -> None:
    words = ["1\tU.S.A", "2\thosts", "3\ttalks."]
    (tmp_path / "given.conllu").write_text("".join(line + "\t_" * 8 + "\n" for line in words) + "\n")
    (tmp_path / "broken.conllu").write_text("1\ttoo\tfew\n\n")
    (tmp_path / "latin.conllu").write_bytes(b"1\tcaf\xe9\n")
    (tmp_path / "plain.txt").write_text("Peru hosts the talks.")
    paths = [tmp_path / name for name in ("plain.txt", "given.conllu", "broken.conllu", "latin.conllu", "no.conllu")]
    failures: list[ReadFailure] = []
    given, plain = annotate_documents(paths, failed=failures.append)
    assert [token.text for token in given.doc] == ["U.S.A", "hosts", "talks."]
    assert plain.document.path == "plain.txt"
    assert [Path(failure.path).name for failure in failures] == ["broken.conllu", "latin.conllu", "no.conllu"]
    assert "columns" in failures[0].reason
