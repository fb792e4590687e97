"""The command as a user meets it: exit codes, one line for each fault, formats."""

from __future__ import annotations

import csv
import io
import json
import logging
import os
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg.cli
from kg.graph import reserved

COMMANDS = (
    "build",
    "withdraw",
    "diff",
    "query",
    "export",
    "view",
    "validate",
    "explain",
    "stats",
    "serve",
    "annotate",
    "extract",
    "evaluate",
)
HOSTS = "SELECT ?who ?event { ?who kg:hosts ?event }"


@dataclass(frozen=True)
class Done:
    """What a run left: exit code, standard output, lines of standard error."""

    code: int
    out: str
    errors: list[str]


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Iterator[Run]:
    """Runs `kg` in this process."""
    level = logging.getLogger("kg").level

    def call(*arguments: object, stdin: bytes = b"", terminal: bool = False) -> Done:
        monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
        with warnings.catch_warnings(), pytest.raises(SystemExit) as end:
            kg.cli.main()
        captured = capfdbinary.readouterr()
        return Done(int(end.value.code or 0), captured.out.decode(), captured.err.decode().splitlines())

    yield call
    logging.getLogger("kg").setLevel(level)


def assert_refused(done: Done, *parts: str) -> None:
    """Exit 2, nothing on standard output, one line that holds all `parts`."""
    assert (done.code, done.out, len(done.errors)) == (2, "", 1), done
    assert done.errors[0].startswith("kg")
    for part in parts:
        assert part in done.errors[0]


# ---------------------------------------------------------------------------------------------- help and wrong use


def test_help_lists_the_commands(run: Run) -> None:
    done = run("--help")
    assert done.code == 0
    assert tuple(re.findall(r"^  (\w+)  ", done.out.partition("Commands:")[2], re.MULTILINE)) == COMMANDS
    assert "..." not in done.out.partition("Commands:")[2], "a summary is cut off"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_an_example_and_a_help_for_each_option(run: Run, command: str) -> None:
    for flag in ("--help", "-h"):
        done = run(command, flag)
        assert (done.code, done.errors) == (0, [])
        assert f"Example:\n    kg {command}" in done.out
        assert not re.search(r"^  (--?[\w-]+, )?--[\w-]+( [A-Z|-]+)?\n  -", done.out, re.MULTILINE), "no help text"


def test_version(run: Run) -> None:
    assert run("--version") == Done(0, f"kg {kg.__version__}\n", [])


def test_help_is_there_at_once() -> None:
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "kg.cli", "--help"], check=True, capture_output=True)
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 0.5


def test_no_command_shows_the_help_and_is_wrong_use(run: Run) -> None:
    done = run()
    assert (done.code, done.out) == (2, "")
    assert done.errors[0].startswith("Usage: kg")


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["bild"], ["no such command 'bild'", "Did you mean 'build'?", "kg --help"]),
        (["build"], ["kg build: missing argument 'PATH...'", "see 'kg build --help'"]),
        (["build", "x", "--nonsense"], ["no such option: --nonsense"]),
        (["build", "x", "--workers", "0"], ["--workers", "1"]),
        (["build", "x", "--workers", "many"], ["--workers", "integer"]),
        (["build", "x", "--min-confidence", "2"], ["--min-confidence"]),
        (["build", "x", "--date", "5 May"], ["'5 May'", "YYYY-MM-DD"]),
        (["build", "x", "--base", "news"], ["base news", "https://"]),
        (["build", "x", "--extractor", "rolls"], ["extractor rolls: unknown", "kg.extraction.roles"]),
        (["build", "missing.txt"], ["missing.txt: no such file or folder; check the path"]),
        (["build", "https://example.org/a.html"], ["https://example.org/a.html", "save the page"]),
        (["extract", "missing.txt"], ["missing.txt: no such file or folder"]),
        (["extract", "x", "--extractor", "rolls"], ["extractor rolls: unknown"]),
        (["extract", "x", "--format", "xml"], ["--format xml: unknown; choose from jsonl"]),
        (["annotate", "missing.txt"], ["missing.txt: no such file or folder"]),
        (["annotate", "missing.conllu"], ["missing.conllu: no such file"]),
        (["annotate", "x", "--format", "xml"], ["--format xml: unknown; choose from json, conllu"]),
        (["query", HOSTS], ["output/store: no graph store here; make one with 'kg build'"]),
        (["query", "missing.rq"], ["missing.rq: no such file"]),
        (["query", HOSTS, "--format", "xls"], ["--format xls: unknown; choose from table, json"]),
        (["query", HOSTS, "--graph", "missing.trig"], ["missing.trig: no such file"]),
        (["query", HOSTS, "--timeout", "0"], ["--timeout"]),
        (["export", "-o", "graph.docx"], ["graph.docx: no format has this ending", ".ttl"]),
        (["export", "--format", "docx"], ["--format docx: unknown; choose from turtle"]),
        (["view", "--hops", "0"], ["--hops"]),
        (["view", "--store", "nowhere"], ["nowhere: no graph store here"]),
        (["validate", "--shapes", "missing.ttl"], ["missing.ttl"]),
        (["explain", "Peru"], ["output/store: no graph store here"]),
        (["stats", "--format", "xml"], ["--format xml: unknown; choose from text, json"]),
        (["evaluate", "missing"], ["missing: no such folder"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], parts: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_refused(run(*arguments), *parts)
    assert list(tmp_path.iterdir()) == []


def test_a_name_with_control_characters_stays_one_line(run: Run) -> None:
    done = run("build", "a\nb\x1b[31m\u202e.txt")
    assert_refused(done, "no such file")
    assert "\x1b" not in done.errors[0]
    assert "\u202e" not in done.errors[0]


def test_debug_shows_where_an_error_comes_from() -> None:
    command = [sys.executable, "-m", "kg.cli", "stats", "--store", "nowhere"]
    plain = subprocess.run(command, capture_output=True, text=True, check=False)
    debug = subprocess.run([*command, "--debug"], capture_output=True, text=True, check=False)
    assert "Traceback" not in plain.stderr
    assert "Traceback" in debug.stderr
    assert "StoreError" in debug.stderr


def test_what_nobody_foresaw_is_one_line_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("kg.flow.build", fail)
    assert_refused(run("build", "x"), "RuntimeError: two lines", "--debug")


# ---------------------------------------------------------------------------------------------- build


STORY = "LIMA, May 5, 2025 — Peru hosted the Andean Summit in Lima. China threatens Peru, Ana Ruiz said.\n"


@pytest.mark.model
def test_build_says_what_it_did(run: Run, tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(STORY, encoding="utf-8")
    done = run("build", tmp_path / "story.txt", "-o", tmp_path / "output")
    assert (done.code, done.out) == (0, "")
    assert done.errors[0] == "documents: 1 read, 0 unchanged, 0 withdrawn, 0 failed"
    assert re.fullmatch(r"entities: \d+, facts: \d+, claims: 1, \d+\.\d s, \d+ words/s", done.errors[1])
    assert len(done.errors) == 2
    visible = {path.name for path in (tmp_path / "output").iterdir() if not path.name.startswith(".")}
    assert visible == {"store", "graph.ttl", "graph.trig", "graph.html"}


@pytest.mark.model
def test_bad_documents_are_named_and_the_rest_is_built(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "good.txt").write_text(STORY, encoding="utf-8")
    (folder / "empty.txt").touch()
    (folder / "cut.pdf").write_bytes(b"%PDF-1.4\n1 0 obj")
    (folder / "lines.jsonl").write_text('{"id": "x", "text": "Kenya hosted the talks."}\n{"id": \n')
    done = run("build", folder, "-o", tmp_path / "output", "--no-publish", "--store", tmp_path / "elsewhere")
    assert done.code == 1
    assert [line.partition(": ")[0] for line in done.errors[:-2]] == ["failed"] * 3
    for line, name in zip(done.errors, ("cut.pdf", "empty.txt", "lines.jsonl:2"), strict=False):
        assert name in line
    assert done.errors[-2] == "documents: 2 read, 0 unchanged, 0 withdrawn, 3 failed"
    assert (tmp_path / "elsewhere").is_dir()
    assert not (tmp_path / "output").exists()


@pytest.mark.model
def test_build_reads_standard_input(run: Run, tmp_path: Path) -> None:
    done = run("build", "-", "-o", tmp_path, stdin=STORY.encode())
    assert done.code == 0
    assert "doc:stdin" in (tmp_path / "graph.ttl").read_text("utf-8")


def test_a_locked_store_is_refused_at_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(STORY, encoding="utf-8")
    with reserved(tmp_path / "output" / "store"):
        assert_refused(run("build", tmp_path / "story.txt", "-o", tmp_path / "output"), "another build is writing")


# ---------------------------------------------------------------------------------------------- query and export


@pytest.fixture
def query(run: Run, story_dir: Path) -> Run:
    """Runs `kg query` over the story's store."""
    return lambda *arguments, **more: run("query", *arguments, "--store", story_dir, **more)


def test_a_table_on_a_terminal(query: Run) -> None:
    done = query(HOSTS, terminal=True)
    assert done.out.splitlines()[0].split() == ["who", "event"]
    assert done.out.splitlines()[2].split() == ["ent:Peru", "ent:ConferenceOfDefenseMinisters"]
    assert done.out.splitlines()[-1] == "(1 row)"


def test_machine_formats_otherwise(query: Run) -> None:
    ent = "https://kg.example.org/entity/"
    assert query(HOSTS).out == f"?who\t?event\n<{ent}Peru>\t<{ent}ConferenceOfDefenseMinisters>\n"
    assert query("ASK { ?who kg:hosts ?event }").out.strip() == "true"
    triples = query("CONSTRUCT WHERE { ?who kg:hosts ?event }")
    assert "ent:Peru kg:hosts ent:ConferenceOfDefenseMinisters ." in triples.out


def test_each_format_can_be_read(query: Run) -> None:
    rows = json.loads(query(HOSTS, "--format", "json").out)["results"]["bindings"]
    assert rows[0]["who"] == {"type": "uri", "value": "https://kg.example.org/entity/Peru"}
    assert next(csv.DictReader(io.StringIO(query(HOSTS, "--format", "csv").out)))["who"] == rows[0]["who"]["value"]
    results = ox.parse_query_results(query(HOSTS, "--format", "xml").out, format=ox.QueryResultsFormat.XML)
    assert len(list(results)) == 1
    assert len(query("DESCRIBE ent:Peru", "--format", "ntriples").out.splitlines()) >= 3


def test_a_query_in_a_file_and_a_graph_in_a_file(run: Run, story_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "hosts.rq").write_text(HOSTS, encoding="utf-8-sig")
    run("export", "--store", story_dir, "-o", tmp_path / "graph.trig")
    done = run("query", tmp_path / "hosts.rq", "--graph", tmp_path / "graph.trig", "--format", "csv")
    assert done.code == 0
    assert len(done.out.splitlines()) == 2


def test_statements_are_under_their_documents(query: Run) -> None:
    text = "SELECT (COUNT(*) AS ?n) { GRAPH ?document { ?s kg:status kg:Claimed } }"
    assert query(text, "--format", "csv").out.split() == ["n", "2"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("SELECT ?x {", ["query: error at 1:12", "SPARQL 1.1"]),
        ("", ["query:"]),
        ("INSERT DATA { ent:A kg:hosts ent:B }", ["INSERT would change the graph"]),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", ["SERVICE would reach the network"]),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", ["would read a file"]),
        ("SELECT ?x { ?x nope:is 1 }", ["query:"]),
    ],
)
def test_queries_that_are_refused(query: Run, text: str, parts: list[str]) -> None:
    assert_refused(query(text), *parts)


def test_a_format_that_does_not_fit(query: Run) -> None:
    assert_refused(query(HOSTS, "--format", "turtle"), "turtle does not fit", "CONSTRUCT")


def test_a_query_that_takes_too_long_is_exit_1(query: Run) -> None:
    cross = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
    done = query(cross, "--timeout", "1")
    assert (done.code, len(done.errors)) == (1, 1)
    assert "stopped after 1 s" in done.errors[0]


@pytest.mark.parametrize("command", [["query", "SELECT * { GRAPH ?g { ?s ?p ?o } }"], ["export", "--format", "trig"]])
def test_a_reader_that_has_seen_enough_is_no_error(story_dir: Path, command: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    arguments = [sys.executable, "-m", "kg.cli", *command, "--store", str(story_dir)]
    done = subprocess.run(arguments, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("command", [["query", HOSTS], ["export"]])
def test_a_full_disk_is_one_line(story_dir: Path, command: list[str]) -> None:
    arguments = [sys.executable, "-m", "kg.cli", *command, "--store", str(story_dir)]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(arguments, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "no space left" in done.stderr


def test_export_to_standard_output_and_by_ending(run: Run, story_dir: Path, tmp_path: Path) -> None:
    turtle = run("export", "--store", story_dir)
    assert run("export", "--store", story_dir, "-o", tmp_path / "graph.ttl") == Done(0, "", [])
    assert turtle.out == (tmp_path / "graph.ttl").read_text("utf-8")
    facts = run("export", "--store", story_dir, "--format", "nquads", "--facts-only").out
    assert "document/" not in "".join(line for line in facts.splitlines() if "mentionedIn" not in line)


# ---------------------------------------------------------------------------------------------- the rest


def test_view(run: Run, story_dir: Path, tmp_path: Path) -> None:
    done = run("view", "--store", story_dir, "-o", tmp_path / "peru.html", "--about", "Peru", "--hops", "2")
    assert done.code == 0
    assert re.search(r"peru\.html: \d+ entities, \d+ relations", done.errors[0])
    assert (tmp_path / "peru.html").stat().st_size > 100_000
    assert_refused(run("view", "--store", story_dir, "-o", tmp_path / "x.html", "--about", "Peruu"), "Peruu")


def test_validate(run: Run, story_dir: Path, tmp_path: Path) -> None:
    assert run("validate", "--store", story_dir).code == 0
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix kg: <https://kg.example.org/ontology#> .\n"
        "<urn:shape> a sh:NodeShape ; sh:targetClass kg:Person ; sh:property [ sh:path kg:bornOn ; sh:minCount 1 ] .\n"
    )
    done = run("validate", "--store", story_dir, "--shapes", shapes)
    assert done.code == 1
    assert done.out
    shapes.write_text("nonsense")
    assert_refused(run("validate", "--store", story_dir, "--shapes", shapes), "shapes.ttl: no valid RDF")


def test_explain(run: Run, story_dir: Path) -> None:
    done = run("explain", "ent:China kg:threatens ent:Peace", "--store", story_dir)
    assert done.code == 0
    assert "China threatens peace, Ruiz said." in done.out
    assert "no fact" in done.out
    answer = json.loads(run("explain", "Peru", "--format", "json", "--store", story_dir).out)
    assert {triple["fact"] for triple in answer["triples"]} == {True, False}
    assert_refused(run("explain", "Perru", "--store", story_dir), "did you mean Peru?")


def test_stats(run: Run, story_dir: Path) -> None:
    assert "documents" in run("stats", "--store", story_dir).out
    assert json.loads(run("stats", "--format", "json", "--store", story_dir).out)["documents"] == 2


@pytest.mark.model
def test_extract_gives_one_object_a_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(STORY, encoding="utf-8")
    done = run("extract", tmp_path / "story.txt", tmp_path / "missing.txt")
    assert done.code == 1
    assert len(done.errors) == 1
    assert done.errors[0].endswith("missing.txt: no such file or folder; check the path")
    rows = [json.loads(line) for line in done.out.splitlines()]
    hosts = next(row for row in rows if row["predicate"]["property"] == "kg:hosts")
    assert STORY[slice(*hosts["sentence"])] == "Peru hosted the Andean Summit in Lima."
    for part in (hosts["subject"], hosts["object"]):
        assert STORY[part["begin"] : part["end"]] == part["text"]
    assert hosts["object"]["label"] == "Andean Summit"
    claim = next(row for row in rows if row["predicate"]["property"] == "kg:threatens")
    assert claim["status"] == "Claimed"
    assert claim["attribution"]["source"]["label"] == "Ana Ruiz"


@pytest.mark.model
def test_annotate_gives_what_it_was_given(run: Run, tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(STORY, encoding="utf-8")
    done = run("annotate", tmp_path / "story.txt")
    (document,) = [json.loads(line) for line in done.out.splitlines()]
    assert document["text"] == STORY
    for sentence in document["sentences"]:
        for token in sentence["tokens"]:
            assert STORY[token["begin"] : token["end"]] == token["text"]
    first = run("annotate", tmp_path / "story.txt", "--format", "conllu").out
    (tmp_path / "story.conllu").write_text(first, encoding="utf-8")
    again = run("annotate", tmp_path / "story.conllu", "--format", "conllu").out
    assert [line.split("\t")[:2] for line in again.splitlines()] == [
        line.split("\t")[:2] for line in first.splitlines()
    ]


def test_evaluate_scores_a_graph(run: Run, story_dir: Path, tmp_path: Path) -> None:
    gold = Path(__file__).resolve().parents[1] / "quality" / "stories" / "gold"
    done = run("evaluate", gold, "--store", story_dir, "--format", "json", "--missed", tmp_path / "missed.txt")
    assert (done.code, done.errors) == (0, [])
    assert json.loads(done.out)
    assert (tmp_path / "missed.txt").read_text("utf-8")
