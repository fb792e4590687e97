"""What is found in what the user names, in which order, and under which path."""

from __future__ import annotations

import io
import json
import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ReadError
from kg.model import Document
from kg.reading import ReadFailure, Source, discover, read, read_paths


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name} hosts.", "utf-8")


def found(paths: list[str | Path]) -> list[str]:
    return [source.document_path for source in discover(paths) if source.fault is None]


def faults(paths: list[str | Path]) -> list[str]:
    return [f"{source.shown}: {source.fault}" for source in discover(paths) if source.fault]


def test_paths_are_relative_to_the_parent_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "seeds/peru.txt", "seeds/b/a.md", "seeds/a.html", "single.TXT")
    assert found([tmp_path / "seeds", tmp_path / "single.TXT"]) == [
        "seeds/a.html",
        "seeds/b/a.md",
        "seeds/peru.txt",
        "single.TXT",
    ]
    monkeypatch.chdir(tmp_path / "seeds")
    assert found(["."]) == found(["../seeds/"]) == found(["b/.."]) == ["seeds/a.html", "seeds/b/a.md", "seeds/peru.txt"]
    assert found(["peru.txt"]) == ["peru.txt"]


def test_what_is_passed_over_in_folders(tmp_path: Path) -> None:
    write(tmp_path, "s/a.txt", "s/.hidden.txt", "s/.git/x.txt", "s/README.md", "s/x.png", "s/~$a.docx", "s/LICENSE.txt")
    assert found([tmp_path / "s"]) == ["s/a.txt"]
    assert faults([tmp_path / "s"]) == []
    assert found([tmp_path / "s" / "README.md"]) == ["README.md"]


def test_a_file_reached_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, "s/a.txt", "s/b/c.txt")
    (tmp_path / "s" / "b" / "up").symlink_to(tmp_path / "s")
    assert found([tmp_path / "s", tmp_path / "s", tmp_path / "s" / "a.txt", tmp_path / "s" / "b"]) == [
        "s/a.txt",
        "s/b/c.txt",
    ]
    assert faults([tmp_path / "s", tmp_path / "s" / "b"]) == []


def test_faults_name_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    write(tmp_path, "x/news/a.txt", "y/news/b.txt", "x/one.txt", "y/one.txt", "odd.xyz", "noending")
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    assert faults([tmp_path / "x" / "news", tmp_path / "y" / "news"]) == [
        f"{tmp_path}/y/news: another given folder is named 'news'; rename one, or build them apart"
    ]
    assert found([tmp_path / "x" / "news", tmp_path / "y" / "news"]) == ["news/a.txt"]
    (one,) = faults([tmp_path / "x" / "one.txt", tmp_path / "y" / "one.txt"])
    assert "same document name as" in one and "y/one.txt: " in one
    for name, reason in {
        "missing.txt": "no such file or folder; check the path",
        "odd.xyz": "unknown format; give one of .txt",
        "noending": "unknown format; give one of .txt",
        "empty": "no document in this folder",
        "pipe.txt": "no regular file",
        "a\0b.txt": "no such file or folder",
        "odd.xyz/a.txt": "no such file or folder",
    }.items():
        (fault,) = faults([f"{tmp_path}/{name}"])
        assert reason in fault
    assert "save the page" in faults(["https://example.org/a.html"])[0]
    assert faults([""]) == ["'': no such file or folder; check the path"]


def test_a_bad_document_does_not_stop_the_others(tmp_path: Path) -> None:
    write(tmp_path, "s/a.txt", "s/c.txt")
    (tmp_path / "s" / "b.txt").write_bytes(b"")
    kinds = [(type(item).__name__, item.path) for item in read_paths([tmp_path / "no", tmp_path / "s"])]
    assert kinds == [
        ("ReadFailure", f"{tmp_path}/no"),
        ("Document", "s/a.txt"),
        ("ReadFailure", f"{tmp_path}/s/b.txt"),
        ("Document", "s/c.txt"),
    ]


@pytest.mark.parametrize(
    "name", ["\"<b>&'.txt", "a\u202eb.txt", "a b%20.txt", "?q#f.txt", "} DELETE {.txt", "a\nb.txt"]
)
def test_odd_names_are_paths_like_others(tmp_path: Path, name: str) -> None:
    write(tmp_path / "s", name)
    (item,) = read_paths([tmp_path / "s"])
    assert isinstance(item, Document)
    assert item.path == item.source == f"s/{name}"
    (failure,) = read_paths([tmp_path / f"{name}.xyz"])
    assert str(failure).isprintable()


def test_names_that_are_no_utf8_become_text(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    with open(os.fsencode(tmp_path / "s") + b"/caf\xe9.txt", "w") as file:  # noqa: PTH123  # a name of bytes
        file.write("Peru hosts.")
    (item,) = read_paths([tmp_path / "s"])
    assert item.path == "s/caf\\xe9.txt"


def test_sources_survive_the_way_to_another_process(tmp_path: Path) -> None:
    write(tmp_path, "s/a.txt")
    sources = discover([tmp_path / "s"])
    assert pickle.loads(pickle.dumps(sources)) == sources  # noqa: S301  # our own bytes
    (item,) = read(sources[0])
    assert isinstance(item, Document) and item.text == "s/a.txt hosts."
    assert all(isinstance(source, Source) for source in sources)


def test_a_file_that_goes_away_is_a_failure(tmp_path: Path) -> None:
    write(tmp_path, "s/a.txt")
    (source,) = discover([tmp_path / "s"])
    (tmp_path / "s" / "a.txt").unlink()
    (item,) = read(source)
    assert isinstance(item, ReadFailure) and "no such file" in str(item)


def test_default_date_is_checked_and_used_last(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Peru hosts.\n")
    (tmp_path / "b.txt").write_text("OSLO, May 5, 2025 – Peru hosts.\n")
    dates = [item.date for item in read_paths([tmp_path / "a.txt", tmp_path / "b.txt"], default_date="2024-01-01")]  # type: ignore[union-attr]
    assert dates == ["2024-01-01", "2025-05-05"]
    with pytest.raises(ReadError, match="YYYY-MM-DD"):
        list(read_paths([tmp_path / "a.txt"], default_date="1 May"))


# ------------------------------------------------------------------------------ JSON Lines and standard input


def lines(tmp_path: Path, *values: object, name: str = "feed.jsonl") -> list[Document | ReadFailure]:
    text = "\n".join(value if isinstance(value, str) else json.dumps(value) for value in values)
    (tmp_path / name).write_text(text, "utf-8")
    return list(read_paths([tmp_path / name]))


any_string = st.text(st.characters(exclude_categories=("Cs",)))
solid = any_string.filter(str.strip)


@given(
    st.dictionaries(solid, st.tuples(solid, any_string, st.dates().map(str), any_string), max_size=5),
    st.booleans(),
)
def test_any_json_line_round_trips(
    tmp_path_factory: pytest.TempPathFactory, given_documents: dict[str, tuple[str, str, str, str]], ascii_only: bool
) -> None:
    path = tmp_path_factory.mktemp("lines") / "x.jsonl"
    rows = [
        {"id": key, "text": text, "title": title, "date": date, "source": source}
        for key, (text, title, date, source) in given_documents.items()
    ]
    path.write_bytes(b"".join(json.dumps(row, ensure_ascii=ascii_only).encode() + b"\r\n" for row in rows))
    read_back = [item for item in read_paths([path]) if isinstance(item, Document)]
    assert [(d.path, d.text, d.date, d.source) for d in read_back] == [
        (key, text, date, source or f"x.jsonl#{key}") for key, (text, _, date, source) in given_documents.items()
    ]
    assert all(
        d.title == title for d, (_, title, _, _) in zip(read_back, given_documents.values(), strict=True) if title
    )


def test_title_is_metadata_and_source_defaults(tmp_path: Path) -> None:
    first, second = lines(
        tmp_path,
        {"id": "a/1", "text": "OSLO, May 5 – He left .", "title": "T", "date": "2025-05-06"},
        {"id": 7, "text": "Title\n\nHe left.", "title": None, "source": "https://example.org/7"},
    )
    assert isinstance(first, Document) and isinstance(second, Document)
    assert (first.path, first.source, first.title, first.title_span) == ("a/1", "feed.jsonl#a/1", "T", None)
    assert (first.date, first.dateline_place_span is not None) == ("2025-05-06", True)
    assert (second.path, second.source, second.title) == ("7", "https://example.org/7", "Title")


def test_broken_lines_fail_by_line_and_the_others_are_read(tmp_path: Path) -> None:
    items = lines(
        tmp_path,
        {"id": "a", "text": "One."},
        '{"id": "b", "text": ',
        "",
        {"id": "a", "text": "Again."},
        {"text": "No id."},
        {"id": "c"},
        {"id": "d", "text": " "},
        {"id": "e", "text": 5},
        {"id": "f", "text": "x", "date": "5 May"},
        [1],
        {"id": "g", "text": "half \ud800 pair"},
        {"id": "h", "text": "\ud83d\ude00 right\u200f \0 left"},
        "[" * 100_000,
    )
    told = [(str(item).rpartition("/")[2] if isinstance(item, ReadFailure) else item.path) for item in items]
    assert told == [
        "a",
        "feed.jsonl:2: broken JSON at column 21 (Expecting value); mend the line",
        "feed.jsonl:4: id 'a' repeats line 1; give each line an id of its own",
        "feed.jsonl:5: no 'id'; each line needs 'id' and 'text'",
        "feed.jsonl:6: no 'text'; each line needs 'id' and 'text'",
        "feed.jsonl:7: empty 'text'; nothing to read",
        "feed.jsonl:8: 'text' is no string; put it in quotes",
        "feed.jsonl:9: date '5 May' is not a day; write it as YYYY-MM-DD",
        'feed.jsonl:10: no JSON object; write {"id": …, "text": …} on each line',
        "feed.jsonl:11: 'text' has half a surrogate pair at character 5; mend the escape",
        "h",
        "feed.jsonl:13: JSON nested too deeply or with a number too long; mend the line",
    ]
    assert isinstance(items[10], Document) and items[10].text == "\U0001f600 right\u200f \0 left"


def test_json_that_is_no_json_lines_is_one_failure(tmp_path: Path) -> None:
    (only,) = lines(tmp_path, "[", '{"id": "a", "text": "x"}', "]")
    assert "one JSON value over many lines" in str(only)


def test_json_lines_in_other_encodings(tmp_path: Path) -> None:
    line = '{"id": "é", "text": "Perú hosts."}\n'
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        (tmp_path / "a.jsonl").write_bytes(line.encode(encoding))
        (item,) = read_paths([tmp_path / "a.jsonl"])
        assert isinstance(item, Document) and (item.path, item.text) == ("é", "Perú hosts.")
    (tmp_path / "a.jsonl").write_bytes(line.encode("latin-1") + line.encode())
    broken, item = read_paths([tmp_path / "a.jsonl"])
    assert "a.jsonl:1: broken UTF-8 at byte 8" in str(broken) and isinstance(item, Document)


def test_ids_repeated_between_files_fail_by_name(tmp_path: Path) -> None:
    write(tmp_path, "peru.txt")
    (tmp_path / "a.jsonl").write_text('{"id": "peru.txt", "text": "x"}')
    first, second = read_paths([tmp_path / "peru.txt", tmp_path / "a.jsonl"])
    assert isinstance(first, Document)
    assert str(second) == "peru.txt: repeated id or path (source a.jsonl#peru.txt); give each document its own"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("Perú hosts.".encode(), [("stdin", "Perú hosts.")]),
        (b'{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}', [("a", "One."), ("b", "Two.")]),
        (b"<!DOCTYPE html><html><body><p>Peru hosts.</p></body></html>", [("stdin", "Peru hosts.")]),
        ("Peru hosts.\n".encode("utf-16"), [("stdin", "Peru hosts.\n")]),
    ],
)
def test_standard_input(data: bytes, expected: list[tuple[str, str]]) -> None:
    items = read_paths(["-", "-"], stdin=io.BytesIO(data))
    assert [(item.path, item.text) for item in items if isinstance(item, Document)] == expected


def test_empty_standard_input_has_failed() -> None:
    (item,) = read_paths(["-"], stdin=io.BytesIO(b""))
    assert str(item) == "stdin: empty; nothing to read"
