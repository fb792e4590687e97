"""The explorer on a live store: what a server answers, and the page that asks for it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pyoxigraph as ox
import pytest
from chromium import Opener
from playwright.sync_api import expect

from kg.errors import QueryError
from kg.publishing.network import answer, network_data, served_page, triples_answer

ENT = "https://kg.example.org/entity/"
DOC = "https://kg.example.org/document/"


def labels(found: dict[str, object]) -> set[str]:
    rows, columns = found["nodes"], found["nodeColumns"]
    assert isinstance(rows, list)
    assert isinstance(columns, tuple)
    return {row[columns.index("label")] for row in rows}


def test_neighbours_are_those_of_the_whole(small: ox.Store) -> None:
    data = network_data(small)
    for node in data.nodes:
        found = answer(small, "neighbours", {"entity": node.iri})
        near = {node.label}
        names = {other.iri: other.label for other in data.nodes}
        for edge in data.edges:
            if edge.target is not None and node.iri in (edge.source, edge.target):
                near |= {names[edge.source], names[edge.target]}
        assert labels(found) == near
        mine = [edge for edge in data.edges if node.iri in (edge.source, edge.target)]
        assert len(found["edges"]) == len(mine)  # type: ignore[arg-type]
        assert json.dumps(found)


def test_answers_carry_sentences_and_no_texts(small: ox.Store) -> None:
    found = answer(small, "neighbours", {"entity": ENT + "Mill"})
    text = json.dumps(found)
    assert "Haddad denies that Corvid Steel closed the mill." in text
    assert "met Omar Haddad" not in text


def test_names_are_found_the_closest_first(small: ox.Store) -> None:
    found = answer(small, "search", {"text": "BRAND"})
    assert found == {"entities": [{"iri": ENT + "LenaBrandt", "label": "Lena Brandt", "type": "Person"}]}
    entities = answer(small, "search", {"text": "m"})["entities"]
    assert isinstance(entities, list)
    assert [entity["label"] for entity in entities] == ["mill", "mayor", "Omar Haddad", "river forum"]


def test_a_document_gives_its_text(small: ox.Store) -> None:
    found = answer(small, "document", {"document": DOC + "two.txt"})
    assert str(found["text"]).startswith("Brandt plans to visit")


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("neighbours", {}, "parameter 'entity' is missing"),
        ("neighbours", {"entity": "no iri"}, "is no IRI"),
        ("neighbours", {"entity": ENT + "Nobody"}, "says nothing of"),
        ("document", {"document": ENT + "Mill"}, "no document"),
        ("document", {"document": "<>"}, "is no IRI"),
        ("search", {"text": " "}, "parameter 'text' is missing"),
        ("everything", {}, "known: neighbours, search, document"),
    ],
)
def test_what_cannot_be_answered_is_one_clear_line(
    small: ox.Store, name: str, parameters: dict[str, str], message: str
) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        answer(small, name, parameters)
    assert "\n" not in str(caught.value)


def constructed(store: ox.Store, query: str) -> ox.QueryTriples:
    result = store.query(query, prefixes={"kg": "https://kg.example.org/ontology#"})
    assert isinstance(result, ox.QueryTriples)
    return result


def test_triples_come_with_their_statements(small: ox.Store) -> None:
    query = "CONSTRUCT { ?a kg:hosts ?b . ?b a ?t . [] kg:hosts ?b } WHERE { ?a kg:hosts ?b . ?b a ?t }"
    found = triples_answer(small, constructed(small, query))
    assert labels(found) == {"Aldenburg", "river forum"}
    assert "Aldenburg hosts the river forum" in json.dumps(found["edges"])
    made_up = "CONSTRUCT { ?a <https://x.example/near> ?b } WHERE { ?a kg:hosts ?b }"
    assert len(triples_answer(small, constructed(small, made_up))["edges"]) == 1  # type: ignore[arg-type]
    with pytest.raises(QueryError, match=r"5 triples are too many for the canvas; add LIMIT 2"):
        triples_answer(small, list(constructed(small, "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 5")), limit=2)


def test_a_hub_is_cut_and_its_claims_are_kept(load: Callable[[str], ox.Store]) -> None:
    facts = "".join(f"ent:Hub kg:hosts ent:E{n} . ent:E{n} a kg:Event . " for n in range(900))
    found = answer(load(facts), "neighbours", {"entity": ENT + "Hub"})
    assert len(found["nodes"]) == 301  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def address(small: ox.Store) -> Iterator[str]:
    """A server on the loopback that answers as ours does, with only the most central entity in its page."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            parameters = dict(parse_qsl(parts.query))
            kind, code = "application/json", 200
            try:
                if parts.path == "/":
                    kind, body = "text/html", served_page(small, max_nodes=2, title="Live")
                elif parts.path == "/explore/query":
                    body = json.dumps(triples_answer(small, constructed(small, parameters["query"])))
                elif parts.path.startswith("/explore/"):
                    body = json.dumps(answer(small, parts.path.removeprefix("/explore/"), parameters))
                else:
                    code, body = 204, ""  # what a browser asks for by itself
            except QueryError as error:
                code, body = 400, json.dumps({"status": 400, "detail": str(error)})
            self.send_response(code)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.browser
def test_the_page_grows_by_asking(open_page: Opener, address: str) -> None:
    tab = open_page(address)
    assert tab.shown() == {"Aldenburg", "Lena Brandt"}
    tab.page.evaluate("location.hash = 'entity=LenaBrandt'")
    panel = tab.page.locator("#panel")
    expect(panel).to_contain_text("Corvid Steel")
    tab.page.get_by_role("button", name="more neighbours").click()
    assert {"Corvid Steel", "Omar Haddad", "mayor"} <= tab.shown()
    expect(tab.page.get_by_role("button", name="Organization 1")).to_be_visible()
    tab.page.get_by_role("combobox", name="Search").fill("mill")
    expect(tab.page.get_by_role("option").first).to_contain_text("mill")
    tab.page.keyboard.press("Enter")
    expect(panel.locator("h2")).to_have_text("mill")
    panel.get_by_role("button", name="First story").first.click()
    expect(tab.page.locator(".article")).to_contain_text("met Omar Haddad")
    expect(tab.page.get_by_role("link", name="Query")).to_have_attribute("href", "query")


@pytest.mark.browser
def test_a_link_may_name_what_the_page_has_not_got(open_page: Opener, address: str) -> None:
    tab = open_page(address, "#entity=Mill")
    expect(tab.page.locator("#panel h2")).to_have_text("mill")


@pytest.mark.browser
def test_the_result_of_a_query_is_put_on_the_canvas(open_page: Opener, address: str) -> None:
    query = "CONSTRUCT { ?a ?p ?b . ?c kg:holdsRole ?d } WHERE { ?a ?p ?b . ?b a kg:Event . ?c kg:holdsRole ?d }"
    tab = open_page(address, f"#query={query.replace(' ', '+')}".replace("?", "%3F"))
    expect(tab.page.locator("#panel h2")).to_have_text("Result of the query")
    expect(tab.page.locator("#panel .kicker")).to_have_text("4 entities, 2 relations")
    assert tab.shown() == {"Aldenburg", "river forum", "Lena Brandt", "mayor"}
    assert len(tab.page.evaluate("kgView.links()")) == 2, "that the mayor is one of Aldenburg was not asked for"


@pytest.mark.browser
def test_what_the_server_refuses_is_said(open_page: Opener, address: str) -> None:
    tab = open_page(address, "#entity=Nobody")
    expect(tab.page.get_by_role("alert")).to_contain_text("says nothing of https://kg.example.org/entity/Nobody")
    tab.complaints.clear()  # the browser itself notes the refused request
