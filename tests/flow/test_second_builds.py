"""A second build: what it reads, what it withdraws, and that nobody can tell it from a first one."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

import kg.annotation
from kg.errors import ReadError, StoreError
from kg.flow import BuildReport, build, withdraw
from kg.flow.keeping import kept_beside
from kg.graph import open_store

pytestmark = pytest.mark.model

TEXTS = {
    "a": "Peruvian President Ana Ruiz hosted the Andean Summit in Lima on Monday. Ruiz met Li Wei.",
    "b": "China threatens peace, Ana Ruiz said. Li Wei denied that China threatens peace.",
    "c": "Kenya plans to attend the Andean Summit. The talks took place in Oslo.",
    "d": "Li Wei visited Kenya. He thanked President Ruiz.",
}
NAMES = ("graph.ttl", "graph.trig", "graph.html")


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def counts(report: BuildReport) -> tuple[int, int, int, int]:
    return report.read, report.unchanged, report.withdrawn, len(report.failures)


def files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in NAMES}


def test_only_what_is_new_or_changed_is_read(news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    sound = kg.annotation.annotate

    def annotate(document: kg.annotation.document.Document, *more: object) -> object:
        read.append(document.path)
        return sound(document, *more)

    monkeypatch.setattr(kg.annotation, "annotate", annotate)
    out = tmp_path / "output"
    assert counts(build([news], out, workers=1)) == (4, 0, 0, 0)
    read.clear()
    assert counts(build([news], out, workers=1)) == (0, 4, 0, 0)
    assert read == []
    (news / "e.txt").write_text("Kenya welcomed Li Wei.")
    (news / "b.txt").write_text("Ana Ruiz left Oslo.")
    (news / "c.txt").unlink()
    (news / "f.txt").touch()
    report = build([news], out, workers=1)
    assert counts(report) == (2, 2, 1, 1)
    assert sorted(read) == ["news/b.txt", "news/e.txt"]
    fresh = build([news], tmp_path / "new", workers=1)
    assert files(out) == files(tmp_path / "new")
    assert (report.entities, report.facts, report.claims) == (fresh.entities, fresh.facts, fresh.claims)


def test_another_folder_leaves_the_first_alone_and_keep_keeps(news: Path, tmp_path: Path) -> None:
    out, more = tmp_path / "output", tmp_path / "more"
    more.mkdir()
    (more / "a.txt").write_text("Norway welcomed Li Wei.")
    build([news], out, workers=1, publish=False)
    assert counts(build([more], out, workers=1, publish=False)) == (1, 0, 0, 0)
    (news / "a.txt").unlink()
    assert counts(build([news], out, workers=1, publish=False, keep=True)) == (0, 3, 0, 0)
    assert counts(build([news, more], out, workers=1)) == (0, 4, 1, 0)
    build([more, news], tmp_path / "new", workers=1)
    assert files(out) == files(tmp_path / "new")


def test_lines_that_are_gone_from_a_collection_are_withdrawn(tmp_path: Path) -> None:
    collection, out = tmp_path / "news.jsonl", tmp_path / "output"
    lines = [json.dumps({"id": name, "text": text}) for name, text in TEXTS.items()]
    collection.write_text("\n".join(lines))
    assert counts(build([collection], out, workers=1, publish=False)) == (4, 0, 0, 0)
    collection.write_text("\n".join(lines[1:]))
    assert counts(build([collection], out, workers=1, publish=False)) == (0, 3, 1, 0)
    stdin = io.BytesIO(lines[0].encode())
    assert counts(build(["-"], out, workers=1, publish=False, stdin=stdin)) == (1, 0, 0, 0)


def test_settings_of_the_graph_apply_to_all_of_it(news: Path, tmp_path: Path) -> None:
    out = tmp_path / "output"
    build([news], out, workers=1, publish=False)
    (news / "e.txt").write_text("Kenya welcomed Li Wei.")
    settings = {"base": "https://news.example/", "min_confidence": 0.8}
    build([news], out, workers=1, **settings)  # type: ignore[arg-type]
    build([news], tmp_path / "new", workers=1, **settings)  # type: ignore[arg-type]
    assert files(out) == files(tmp_path / "new")


def test_nothing_readable_changes_nothing(news: Path, tmp_path: Path) -> None:
    out = tmp_path / "output"
    build([news], out, workers=1, publish=False)
    before = len(open_store(out / "store", read_only=True))
    for file in news.iterdir():
        file.write_text("")
    with pytest.raises(ReadError, match="empty"):
        build([news], out, workers=1, publish=False)
    assert len(open_store(out / "store", read_only=True)) == before


def test_documents_are_withdrawn_by_path_and_by_iri(news: Path, tmp_path: Path) -> None:
    out = tmp_path / "output"
    build([news], out, workers=1)
    report = withdraw(["news/a.txt", "https://kg.example.org/document/news/b.txt"], out)
    assert report.documents == ("news/a.txt", "news/b.txt")
    assert any("/ontology#hosts>" in fact for fact in report.facts)
    assert report.claims > 0
    with pytest.raises(StoreError, match=r"news/a\.txt: no such document in the graph"):
        withdraw(["news/c.txt", "news/a.txt"], out)
    for name in "ab":
        (news / f"{name}.txt").unlink()
    build([news], tmp_path / "new", workers=1)
    assert files(out) == files(tmp_path / "new")


def test_what_goes_is_told_after_an_update_of_the_program(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build([news], tmp_path / "output", workers=1, publish=False)
    monkeypatch.setattr("kg.flow.updating.code_digest", lambda: "another")
    assert withdraw(["news/a.txt"], tmp_path / "output", publish=False).facts


def test_a_deleted_store_is_built_without_reading_again(news: Path, tmp_path: Path) -> None:
    out = tmp_path / "output"
    build([news], out, workers=1)
    expected = files(out)
    (out / "store").rename(tmp_path / "elsewhere")
    with kept_beside(out / "store") as kept:
        assert kept.count() == 4
    report = build([news], out, workers=1)
    assert counts(report) == (4, 0, 0, 0)
    assert files(out) == expected
