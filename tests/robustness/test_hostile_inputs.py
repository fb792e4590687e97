"""More than two hundred hostile inputs: nothing is lost, nothing is executed, nothing is contacted."""

from __future__ import annotations

import csv
import io
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
from hostile_files import HOSTILE_FILES, NAMED, READ, Lure
from hostile_inputs import IRIS, NAMES, PATHS, file_bytes, file_cases, queries, rows, table

from kg.errors import KGError, QueryError
from kg.flow import build, checked_minter, publish_files
from kg.graph import open_store, query, write_build
from kg.graph.quads import QuadWriter
from kg.model import Document, DocumentStatements, Entity, LiteralValue, Span, Statement
from kg.publishing import export
from kg.reading import ReadFailure, read_paths
from kg.vocabulary import KG, NIF, XSD, Minter

ROOT = Path(__file__).resolve().parents[2]
SECRET = "the content of a file that nobody may open"  # noqa: S105
GOOD = "Peru hosts the talks."

# ------------------------------------------------------------------------------------------------ the watch

_FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "subprocess.Popen",
              "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.startfile", "pty.spawn", "urllib.Request",
              "webbrowser.open", "ftplib.connect", "smtplib.connect")  # fmt: skip
_watched: list[tuple[str, str]] | None = None


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _watched is None:
        return
    if event in _FORBIDDEN or (event == "open" and "lure-" in str(arguments[0])):
        _watched.append((event, repr(arguments)[:200]))


@contextmanager
def watched() -> Iterator[None]:
    """Fails when code within connects, starts a process or opens the lure."""
    global _watched  # audit hooks cannot be taken away again
    _watched = seen = []
    try:
        yield
    finally:
        _watched = None
    assert seen == []


@pytest.fixture(scope="module")
def lure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lure]:
    """A server of our own that counts its visitors, of whatever library; and a file with a secret."""
    visits: list[str] = []

    class Visited(BaseHTTPRequestHandler):
        def handle(self) -> None:
            visits.append(str(self.client_address))

    sys.addaudithook(_watch)
    server = HTTPServer(("127.0.0.1", 0), Visited)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    file = tmp_path_factory.mktemp("lure") / "lure-file"
    file.write_text(SECRET)
    yield Lure(f"http://127.0.0.1:{server.server_port}/", str(file))
    server.shutdown()
    thread.join()
    server.server_close()
    assert visits == []
    assert [path.name for path in file.parent.iterdir()] == ["lure-file"]


# ------------------------------------------------------------------------------------------------ files


def case_name(case: tuple[int, int]) -> str:
    return f"{HOSTILE_FILES[case[0]].what}-{case[1]}"


@pytest.mark.parametrize("case", list(file_cases()), ids=case_name)
def test_a_hostile_file_is_read_or_named_and_takes_no_other_along(
    tmp_path: Path, lure: Lure, case: tuple[int, int]
) -> None:
    kind, data = HOSTILE_FILES[case[0]], file_bytes(*case, lure)
    folder = tmp_path / "given"
    folder.mkdir()
    bad = folder / f"b-hostile{kind.ending}"
    bad.write_bytes(data)
    for name in ("a.txt", "z.txt"):
        (folder / name).write_text(GOOD)
    with watched():
        first, *items, last = read_paths([folder])
    for good, name in ((first, "given/a.txt"), (last, "given/z.txt")):
        assert isinstance(good, Document)
        assert (good.path, good.text) == (name, GOOD)
    assert bad.read_bytes() == data
    assert len(items) == 5 if kind.count == 20 else len(items) >= 1
    for item in items:
        if isinstance(item, ReadFailure):
            assert kind.outcome != READ
            assert str(item).isprintable()
            assert len(item.reason) < 300
        else:
            assert kind.outcome != NAMED
            assert SECRET not in item.text
            assert item.text.strip()
            item.text.encode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["given"]


@pytest.mark.model
def test_all_of_them_are_built_together(tmp_path: Path, lure: Lure) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    for number, variant in file_cases():
        if variant == 0 and HOSTILE_FILES[number].family != "encodings":
            name = f"{number:02}-{variant}{HOSTILE_FILES[number].ending}"
            (folder / name).write_bytes(file_bytes(number, variant, lure))
    (folder / "good.txt").write_text(GOOD)
    expected = list(read_paths([folder]))
    with watched():
        report = build([folder], tmp_path / "output", workers=1)
    assert report.read + len(report.failures) == len(expected)
    store = open_store(tmp_path / "output" / "store", read_only=True)
    for item in expected:
        if isinstance(item, Document):
            node = ox.NamedNode(Minter().document_iri(item.path))
            kept = store.quads_for_pattern(node, ox.NamedNode(NIF.isString), None, node)
            assert [quad.object.value for quad in kept] == [item.text]  # type: ignore[union-attr]
    assert query(store, "ASK { ent:Peru kg:hosts ?talks }")


# ------------------------------------------------------------------------------------------------ names


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, lure: Lure) -> Path:
    """A graph in which every hostile name is a thing, a document, a source, a quotation; in all formats."""
    folder, minter = tmp_path_factory.mktemp("names"), Minter()
    entities, documents = [], []
    for number, name in enumerate(NAMES):
        document = Document(path=f"{number}/{name}", text=f"{name} hosts.", source=name, title=name)
        iri, thing = minter.document_iri(document.path), minter.entity_iri(name, str(number))
        entities.append(Entity(iri=thing, label=name, alt_labels=(f"{name}'s",), types=(KG.Person,)))
        common = {"subject": thing, "document": iri, "evidence": Span(0, len(document.text)), "confidence": 1.0}
        said = LiteralValue(value=name, datatype=XSD.string)
        statements = [
            Statement(predicate=KG.says, object=said, extractor="kg.extraction.test", **common),  # type: ignore[arg-type]
            Statement(predicate=KG.supports, object=thing, extractor=name, **common),  # type: ignore[arg-type]
        ]
        named = minter.relation_iri(f"rel:{name}x")
        statements.append(Statement(predicate=named, object=said, extractor="x", **common))  # type: ignore[arg-type]
        documents.append(DocumentStatements(document=document, iri=iri, statements=tuple(statements)))
    with watched():
        written = write_build(folder / "store", entities, documents)
        publish_files(folder / "store", folder)
        store = open_store(folder / "store", read_only=True)
        for format in ("nquads", "jsonld", "ntriples", "rdfxml", "graphml", "gexf", "csv", "cypher"):
            export(store, folder / f"graph.{format}", format)
    assert written.refusals == ()
    return folder


def test_hostile_names_are_kept_in_every_rdf_format(published: Path) -> None:
    wanted = {str(quad) for quad in open_store(published / "store", read_only=True)}
    for name, format in {
        "trig": ox.RdfFormat.TRIG,
        "nquads": ox.RdfFormat.N_QUADS,
        "jsonld": ox.RdfFormat.JSON_LD,
    }.items():
        assert {str(quad) for quad in ox.parse(path=published / f"graph.{name}", format=format)} == wanted
    literals = [quad.object.value for quad in ox.parse(path=published / "graph.ttl", format=ox.RdfFormat.TURTLE)
                if isinstance(quad.object, ox.Literal)]  # fmt: skip
    assert set(NAMES) <= set(literals)


def test_hostile_names_are_kept_for_tables_and_networks(published: Path) -> None:
    rows_ = list(csv.DictReader(io.StringIO((published / "graph.csv").read_bytes().decode(), newline="")))
    assert {row["title"] for row in rows_} == set(NAMES) == {row["source"] for row in rows_}
    sound = {re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", name) for name in NAMES}
    for graph in (nx.read_graphml(published / "graph.graphml"), nx.read_gexf(published / "graph.gexf")):
        labels = {label.replace("\r\n", "\n").replace("\r", "\n") for _, label in graph.nodes(data="label")}
        assert {name.replace("\r\n", "\n").replace("\r", "\n") for name in sound} <= labels
    cypher = (published / "graph.cypher").read_text("utf-8")
    assert len(re.findall(r"^(?:CREATE|MERGE|MATCH) [^\n]*;$", cypher, re.MULTILINE)) == cypher.count("\n")


def test_no_iri_holds_what_could_end_or_hide_it(published: Path) -> None:
    for quad in open_store(published / "store", read_only=True):
        for term in quad:
            if isinstance(term, ox.NamedNode):
                assert not re.search(r'[\x00-\x20<>"{}|^`\\\u200e\u200f\u202a-\u202e\u2066-\u2069]', term.value)


@pytest.mark.parametrize("name", [name for name in NAMES if "<" in name])
def test_no_name_is_markup_in_the_page(published: Path, name: str) -> None:
    page = (published / "graph.html").read_text("utf-8")
    assert name not in page
    assert "alert(1)</script>" not in page


# ------------------------------------------------------------------------------------------------ IRIs


@pytest.mark.parametrize("iri", IRIS, ids=ascii)
def test_a_hostile_iri_is_refused_or_kept(iri: str) -> None:
    minter = Minter()
    things = [
        Entity(iri=iri, label="a", types=(KG.Person,)),
        Entity(iri="urn:b", label="b", types=(iri,)),
        Entity(iri="urn:c", label="c", types=(KG.Person,), same_as=iri),
        Entity(iri="urn:d", label="d", types=(KG.Person,)),
    ]
    document = Document(path="x.txt", text=GOOD, source="x.txt")
    where = minter.document_iri("x.txt")
    statement = Statement(
        subject="urn:d", predicate=iri, object="urn:d", document=where, evidence=Span(0, 4), confidence=1, extractor="x"
    )
    writer = QuadWriter(things, minter)
    mentioned = tuple(thing.iri for thing in things)
    given = DocumentStatements(document=document, iri=where, statements=(statement,), entities=mentioned)
    text = writer.document(given) + "".join(writer.descriptions())
    quads = list(ox.parse(text, format=ox.RdfFormat.N_QUADS))
    used = sum(
        iri in (term.value for term in (quad.subject, quad.predicate, quad.object) if isinstance(term, ox.NamedNode))
        for quad in quads
    )
    assert writer.refusals or used >= 4
    assert all("\n" not in str(refusal) for refusal in writer.refusals)
    assert [quad.object.value for quad in quads if quad.predicate.value.endswith("isString")] == [GOOD]


@pytest.mark.parametrize("base", IRIS, ids=ascii)
def test_a_hostile_base_is_refused_or_usable(base: str) -> None:
    try:
        minter = checked_minter(base)
    except KGError as error:
        assert "give one like" in str(error)
        return
    ox.NamedNode(minter.entity_iri("Peru"))


# ------------------------------------------------------------------------------------------------ queries


@pytest.mark.parametrize("number", range(len(queries(Lure("", "")))))
def test_a_hostile_query_is_refused_or_answered_from_the_graph(story_store, lure: Lure, number: int) -> None:
    before = len(story_store)
    with watched():
        try:
            answer = query(story_store, queries(lure)[number])
        except QueryError as error:
            assert "\n" not in str(error)
            assert len(str(error)) < 400
        else:
            assert SECRET.encode() not in answer.content
    assert len(story_store) == before


# ------------------------------------------------------------------------------------------------ paths


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ascii(path[:30]))
def test_a_hostile_path_is_a_failure(tmp_path: Path, lure: Lure, path: str) -> None:
    (tmp_path / "device.txt").symlink_to("/dev/zero")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    given = path.format(folder=tmp_path, lure=lure.file, url=lure.url)
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "a.txt").write_text(GOOD)
    with watched():
        failure, good = read_paths([given, tmp_path / "given"])
    assert isinstance(failure, ReadFailure)
    assert str(failure).isprintable()
    assert isinstance(good, Document)


# ------------------------------------------------------------------------------------------------ the table


def test_there_are_more_than_two_hundred() -> None:
    assert sum(count for _, _, count, _ in rows()) >= 200


def test_each_variant_is_the_same_on_each_run(lure: Lure) -> None:
    seen = [file_bytes(*case, lure) for case in file_cases() if HOSTILE_FILES[case[0]].ending not in (".docx",)]
    again = [file_bytes(*case, lure) for case in file_cases() if HOSTILE_FILES[case[0]].ending not in (".docx",)]
    assert seen == again
    assert len(set(seen)) > 100


def test_the_table_of_the_manual_is_this_list(pytestconfig: pytest.Config) -> None:
    file = ROOT / "docs" / "security.md"
    begin, end = "<!-- table of hostile inputs -->\n", "<!-- end of the table -->\n"
    before, _, rest = file.read_text("utf-8").partition(begin)
    shown, _, after = rest.partition(end)
    if pytestconfig.getoption("--update-golden"):
        file.write_text(before + begin + table() + end + after, "utf-8")
    else:
        assert shown == table(), "run pytest with --update-golden"


@pytest.mark.parametrize(
    "act",
    [
        lambda lure: Path(lure.file).read_text(),
        lambda lure: socket.getaddrinfo("localhost", 80),
        lambda lure: subprocess.run(["true"], check=True),
    ],
)
def test_the_watch_sees_what_it_should(lure: Lure, act: Callable[[Lure], object]) -> None:
    with pytest.raises(AssertionError), watched():
        act(lure)
