"""A graph on a server: the same answers and the same quads as in the folder, on every kind of server at hand.

`KG_TEST_SPARQL_SERVER` names a real server, such as Virtuoso, to run on as well; `KG_STORE_USER` and
`KG_STORE_PASSWORD` are its credentials.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from sparql_server import serving

from kg.errors import QueryError, QueryTimeout, StoreError
from kg.graph import open_graph, open_store, query
from kg.graph.delta import Delta
from kg.graph.remote import Endpoints, Remote, remote_url
from kg.graph.remote_copy import bring, fetch_graph, fetched, remote_state, send_delta, send_graph
from kg.graph.turtle import named_graphs, triple_lines
from kg.vocabulary import KG, RDF, RDFS, Minter

MINTER = Minter()
SERVERS = ["graph store", "update alone"]
if "KG_TEST_SPARQL_SERVER" in os.environ:
    SERVERS.append(os.environ["KG_TEST_SPARQL_SERVER"])


@pytest.fixture(params=SERVERS)
def remote(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Remote]:
    """A connection to a server that holds somebody else's graph."""
    if request.param.startswith("http"):
        with Remote(request.param) as connection:
            for graph in connection.graphs(MINTER):
                connection.drop(graph, MINTER)
            connection.drop(f"{MINTER.graph}state", MINTER)
            connection.drop(None, MINTER)
            connection.replace("urn:other", ['<urn:a> <urn:b> "c" .\n'], MINTER)
            yield connection
        return
    monkeypatch.delenv("KG_STORE_USER", raising=False)
    with serving(graph_store=request.param == "graph store") as server:
        server.store.add(ox.Quad(*(ox.NamedNode("urn:a"),) * 3, ox.NamedNode("urn:other")))
        endpoints = None if server.graph_store else Endpoints(f"{server.url}/sparql", f"{server.url}/update", None)
        with Remote(server.url, endpoints) as connection:
            yield connection


def values(store: ox.Store) -> set[str]:
    """The quads without blank nodes, numbers by their value."""
    found = set()
    for quad in store:
        if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
            continue
        text = str(quad.object)
        if isinstance(quad.object, ox.Literal) and quad.object.datatype.value.endswith("decimal"):
            text = str(float(quad.object.value))
        found.add(f"{quad.subject} {quad.predicate} {text} {quad.graph_name}")
    return found


def test_a_graph_goes_there_and_comes_back(remote: Remote, story_store: ox.Store) -> None:
    assert send_graph(remote, story_store, "first") == len(named_graphs(story_store)) + 1
    assert remote_state(remote, MINTER) == "first"
    assert remote.minter() == MINTER
    back = fetch_graph(remote)
    assert values(back) == values(story_store)
    assert len(back) == len(story_store)
    assert remote.column("SELECT DISTINCT ?g { GRAPH <urn:other> { ?g ?p ?o } }") == ["urn:a"]


def test_a_second_sending_replaces_the_first(remote: Remote, story_store: ox.Store) -> None:
    old = f"{MINTER.document}gone.txt"
    remote.replace(old, [f"<{old}> <{RDF.type}> <{KG.Document}> .\n"], MINTER)
    for state in ("first", "second"):
        send_graph(remote, story_store, state)
    assert values(fetch_graph(remote)) == values(story_store)
    assert remote_state(remote, MINTER) == "second"


QUERIES = [
    "SELECT ?who ?event { ?who kg:hosts ?event }",
    "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s ORDER BY ?s",
    "SELECT ?who ?said ?text { GRAPH ?d { ?st kg:attributedTo ?who ; rdf:object ?said ; prov:wasDerivedFrom ?span ."
    " ?span nif:anchorOf ?text } } ORDER BY ?who",
    "SELECT ?day { ?event kg:occursOn ?day }",
    "# a comment\nPREFIX e: <https://kg.example.org/entity/>\nASK { e:Peru kg:hosts ?x }",
    "ASK { ent:China kg:threatens ?x }",
    "CONSTRUCT { ?a kg:meetsWith ?b } WHERE { ?a kg:meetsWith ?b }",
    "CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s a kg:Person ; rdfs:label ?l }",
]


@pytest.mark.parametrize("text", QUERIES)
def test_queries_answer_as_in_the_folder(remote: Remote, story_store: ox.Store, text: str) -> None:
    send_graph(remote, story_store, "x")
    here = query(story_store, text)
    form, content = remote.answer(text, prefixes=MINTER.prefixes)
    assert form == here.form
    there = type(here)(form, content, MINTER.prefixes)
    assert there.variables == here.variables
    assert [list(map(_value, row)) for row in there] == [list(map(_value, row)) for row in here]


def _value(term: object) -> str:
    return term.value if isinstance(term, ox.Literal) else str(term)


def test_values_are_fixed(remote: Remote, story_store: ox.Store) -> None:
    send_graph(remote, story_store, "x")
    peru = {"who": f"<{MINTER.entity_iri('Peru')}>"}
    text = "SELECT ?who ?event { ?who kg:hosts ?event }"
    assert len(remote.answer(text, prefixes=MINTER.prefixes, values=peru)[1]) > 150
    lima = {"who": f"<{MINTER.entity_iri('Lima')}>"}
    assert b'"bindings":[]' in remote.answer(text, prefixes=MINTER.prefixes, values=lima)[1].replace(b" ", b"").replace(
        b"\n", b""
    )


def quad_lines(store: ox.Store) -> set[str]:
    lines = {f"{line}\n" for line in triple_lines(store)}
    for graph in named_graphs(store):
        lines |= {f"{line[:-1]}{graph} .\n" for line in triple_lines(store, graph)}
    return lines


def test_a_delta_changes_what_it_names(remote: Remote, story_store: ox.Store) -> None:
    send_graph(remote, story_store, "first")
    gone = f"<{MINTER.document_iri('seeds/china.txt')}>"
    removed = {line for line in quad_lines(story_store) if line.endswith(f" {gone} .\n")}
    new = MINTER.document_iri("seeds/new.txt")
    described = f"<{new}> <{RDF.type}> <{KG.Document}> <{new}> .\n"
    odd = 'quoted \\" back\\\\slash > \\n <urn:x> . é 🦙'
    added = [described, f'<{new}> <{RDFS.label}> "{odd}" <{new}> .\n', f'<urn:x> <{RDFS.label}> "fact" .\n']
    delta = Delta(tuple(sorted(removed)), tuple(added))
    assert not send_delta(remote, delta, MINTER, before="another", state="second")
    assert remote_state(remote, MINTER) == "first"
    assert send_delta(remote, delta, MINTER, before="first", state="second")
    expected = ox.Store()
    expected.load("".join((quad_lines(story_store) - removed) | set(added)), ox.RdfFormat.N_QUADS)
    back = fetch_graph(remote)
    assert values(back) == values(expected)
    assert gone not in map(str, named_graphs(back))
    assert remote_state(remote, MINTER) == "second"


# ------------------------------------------------------------------------------------------------ what goes wrong


def test_an_interrupted_sending_leaves_no_mark(story_store: ox.Store) -> None:
    with serving() as server, Remote(server.url) as remote:
        send_graph(remote, story_store, "first")
        server.failing_after = len(server.requests) + 4
        with pytest.raises(StoreError, match=r"refused \(500 out of space\)"):
            send_graph(remote, story_store, "second")
        server.failing_after = None
        assert remote_state(remote, MINTER) is None
        send_graph(remote, story_store, "third")
        assert values(fetch_graph(remote)) == values(story_store)


def test_credentials_are_given_when_asked_for(story_store: ox.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KG_STORE_USER", raising=False)
    with serving(credentials=("ana", "secret")) as server:
        endpoints = Endpoints(f"{server.url}/sparql", f"{server.url}/update", f"{server.url}/store")
        with (
            Remote(server.url, endpoints) as remote,
            pytest.raises(StoreError, match=r"\(401\); set KG_STORE_USER"),
        ):
            send_graph(remote, story_store, "x")
        with Remote(server.url.replace("//", "//ana:wrong@"), endpoints) as remote:
            assert "wrong" not in remote.url
            with pytest.raises(StoreError, match="not allowed") as refused:
                send_graph(remote, story_store, "x")
            assert "wrong" not in str(refused.value)
        monkeypatch.setenv("KG_STORE_USER", "ana")
        monkeypatch.setenv("KG_STORE_PASSWORD", "secret")
        with Remote(server.url, endpoints) as remote:
            send_graph(remote, story_store, "x")
        assert len(server.store) == len(story_store) + 1


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:1/", "not reached"),
        ("http://", "not reached|no URL"),
        ("http://[", "no URL|not reached"),
        ("http://127.0.0.1:99999/", "no URL|not reached"),
    ],
)
def test_a_server_that_is_not_there(url: str, reason: str) -> None:
    with pytest.raises(StoreError, match=reason) as refused:
        Remote(url)
    assert "\n" not in str(refused.value)


def test_a_server_that_speaks_no_sparql() -> None:
    with serving() as server, pytest.raises(StoreError, match=r"no SPARQL 1\.1 server answers here"):
        Remote(f"{server.url}/elsewhere")


def test_a_server_without_a_graph_of_ours() -> None:
    with serving() as server, Remote(server.url) as remote, pytest.raises(StoreError, match="fill it with 'kg build"):
        fetch_graph(remote)


def test_queries_that_are_refused(story_store: ox.Store) -> None:
    with serving() as server, Remote(server.url) as remote:
        with pytest.raises(QueryError, match="refuses it"):
            remote.answer("SELECT ?x {")
        for text in ("", "DROP ALL", "#"):
            with pytest.raises(QueryError, match="no SELECT"):
                remote.answer(text)


def test_a_query_without_an_answer_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    with serving() as server, Remote(server.url) as remote:
        monkeypatch.setattr(server.RequestHandlerClass, "_query", lambda *_: time.sleep(1))
        with pytest.raises(QueryTimeout, match=r"no answer after 0\.2 s"):
            remote.answer("ASK {}", timeout_seconds=0.2)


def test_the_layout_of_a_server_is_found() -> None:
    with serving() as server, Remote(f"{server.url}/") as remote:
        assert remote.endpoints == Endpoints(f"{server.url}/sparql", f"{server.url}/update", f"{server.url}/store")


def test_urls_and_folders(tmp_path: Path) -> None:
    for url in ("https://example.org/x", "http://localhost:8890", "http://ana:x@127.0.0.1/sparql"):
        assert remote_url(url) == remote_url(Path(url)) == url
    assert remote_url(tmp_path) is None
    assert remote_url("output/store") is None


def test_a_server_is_brought_to_a_state_once(story_store: ox.Store) -> None:
    with serving() as server:
        bring(server.url, story_store, state="first")
        sent = len(server.requests)
        bring(server.url, story_store, state="first")
        assert [what for method, what in server.requests[sent:] if what != "/sparql" and "GET" not in what] == []
        delta = Delta((), (f'<urn:x> <{RDFS.label}> "fact" .\n',))
        bring(server.url, story_store, state="second", before="first", delta=delta)
        assert len(server.store) == len(story_store) + 2
        bring(server.url, story_store, state="third", before="unknown", delta=delta)
        assert values(fetched(server.url)) == values(story_store)


def test_the_functions_of_a_folder_take_a_server(story_store: ox.Store) -> None:
    with serving() as server:
        bring(server.url, story_store, state="first")
        place = Path(server.url)
        answer = query(
            place, "SELECT ?who ?event { ?who kg:hosts ?event }", bindings={"who": MINTER.entity_iri("Peru")}
        )
        assert len(list(answer)) == 1
        assert query(place, "ASK { ent:Peru kg:hosts ?event }", timeout_seconds=20)
        assert values(open_graph(place)) == values(open_store(place, read_only=True)) == values(story_store)
        with pytest.raises(QueryError, match="SERVICE"):
            query(place, "ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")
        with pytest.raises(StoreError, match="cannot be opened for writing"):
            open_store(place)


def test_all_documents_are_listed_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.graph.remote._PAGE_ROWS", 3)
    names = sorted(MINTER.document_iri(f"{name}.txt") for name in ("é", "a b", "z", "Z", "🦙", "a", "0", "x/y"))
    with serving() as server, Remote(server.url) as remote:
        for name in names:
            remote.replace(name, [f"<{name}> <{RDF.type}> <{KG.Document}> .\n"], MINTER)
        assert remote.graphs(MINTER) == names
        for name in names[:-2]:
            remote.drop(name, MINTER)
        assert remote.graphs(MINTER) == names[-2:]


def test_large_graphs_go_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.graph.remote.CHUNK_CHARACTERS", 2_000)
    lines = [f'<urn:{number}> <{RDFS.label}> "number {number}" .\n' for number in range(500)]
    blank = [f'_:b{number} <{RDFS.label}> "number {number}" .\n' for number in range(500)]
    with serving() as server, Remote(server.url) as remote:
        remote.replace("urn:g", lines, MINTER)
        assert len(server.store) == 500
        assert len([what for what in server.requests if what[1] == "POST /store"]) > 10
        remote.replace("urn:b", blank, MINTER)
        assert (
            len({quad.subject for quad in server.store.quads_for_pattern(None, None, None, ox.NamedNode("urn:b"))})
            == 500
        )
