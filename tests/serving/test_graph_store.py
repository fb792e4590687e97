"""SPARQL 1.1 Graph Store HTTP Protocol: our own cases after the recommendation's, section 5."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.vocabulary import Minter

TURTLE = {"Content-Type": "text/turtle"}
DOCUMENT = Minter().document_iri("seeds/peru.txt")


def triples(answer, format=ox.RdfFormat.N_TRIPLES):
    assert answer.status_code == 200, answer.text
    return {(str(t.subject), str(t.predicate), str(t.object)) for t in ox.parse(answer.content, format=format)}


def read(client, iri):
    return client.get("/store", params={"graph": iri}, headers={"Accept": "application/n-triples"})


def test_a_graph_is_read_in_every_format(client):
    expected = triples(read(client, DOCUMENT))
    assert len(expected) > 50
    for media_type, format in {
        "text/turtle": ox.RdfFormat.TURTLE,
        "application/rdf+xml": ox.RdfFormat.RDF_XML,
        "application/ld+json": ox.RdfFormat.JSON_LD,
    }.items():
        answer = client.get("/store", params={"graph": DOCUMENT}, headers={"Accept": media_type})
        assert answer.headers["content-type"].startswith(media_type)
        assert triples(answer, format) == expected


def test_the_default_graph_and_all_graphs(client):
    default = triples(client.get("/store?default", headers={"Accept": "application/n-triples"}))
    whole = client.get("/store", headers={"Accept": "application/n-quads"})
    quads = list(ox.parse(whole.content, format=ox.RdfFormat.N_QUADS))
    assert sum(isinstance(quad.graph_name, ox.DefaultGraph) for quad in quads) == len(default)
    assert {str(quad.graph_name) for quad in quads} >= {f"<{DOCUMENT}>"}
    assert len(list(ox.parse(client.get("/store").content, format=ox.RdfFormat.TRIG))) == len(quads)


def test_head_tells_whether_a_graph_is_there(client):
    found = client.head("/store", params={"graph": DOCUMENT})
    assert (found.status_code, found.content) == (200, b"")
    assert found.headers["content-type"].startswith("text/turtle")
    assert client.head("/store?graph=urn:none").status_code == 404


def test_put_replaces_and_post_adds(writable):
    address = "/store?graph=urn:g"
    assert writable.put(address, content="<urn:a> <urn:b> <urn:c>, 'x' .", headers=TURTLE).status_code == 201
    assert writable.put(address, content="<urn:a> <urn:b> 'y' .", headers=TURTLE).status_code == 204
    assert writable.post(address, content="<urn:a> <urn:b> 'z'@en .", headers=TURTLE).status_code == 204
    assert {value for _, _, value in triples(read(writable, "urn:g"))} == {'"y"', '"z"@en'}
    assert writable.delete(address).status_code == 204
    assert read(writable, "urn:g").status_code == 404
    assert writable.delete(address).status_code == 404


def test_relative_references_are_relative_to_the_graph(writable):
    writable.put("/store?graph=http://example.org/g/", content="<a> <b> _:c .", headers=TURTLE)
    ((subject, _, value),) = triples(read(writable, "http://example.org/g/"))
    assert subject == "<http://example.org/g/a>"
    assert value.startswith("_:")


def test_an_empty_graph_is_there(writable):
    assert writable.put("/store?graph=urn:empty", content="", headers=TURTLE).status_code == 201
    assert triples(read(writable, "urn:empty")) == set()


def test_the_default_graph_is_extended(writable):
    added = writable.post("/store?default", content="<urn:added> <urn:b> 'c' .", headers=TURTLE)
    assert added.status_code == 204
    found = writable.get("/sparql", params={"query": "ASK { <urn:added> ?p ?o . ent:Peru kg:hosts ?x }"})
    assert found.json()["boolean"] is True


def test_a_post_without_a_name_makes_a_graph(writable):
    made = writable.post("/store", content="<urn:n> <urn:b> 'c' .", headers=TURTLE)
    assert made.status_code == 201
    location = made.headers["location"]
    assert triples(writable.get(location, headers={"Accept": "application/n-triples"})) == {
        ("<urn:n>", "<urn:b>", '"c"')
    }


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("application/n-triples", '<urn:a> <urn:b> "\\u00fc" .'),
        (
            "application/rdf+xml",
            "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='urn:'>"
            "<r:Description r:about='urn:a'><b>ü</b></r:Description></r:RDF>",
        ),
        ("application/ld+json", '{"@id": "urn:a", "urn:b": "ü"}'),
        ("text/turtle; charset=utf-8", "<urn:a> <urn:b> 'ü' ."),
    ],
)
def test_every_format_is_taken(writable, media_type, content):
    answer = writable.put("/store?graph=urn:f", content=content.encode(), headers={"Content-Type": media_type})
    assert answer.status_code in (201, 204), answer.text
    assert triples(read(writable, "urn:f")) == {("<urn:a>", "<urn:b>", '"ü"')}


@pytest.mark.parametrize(
    ("send", "status", "reason"),
    [
        (lambda c: c.get("/store?graph=urn:none"), 404, "none of this name"),
        (lambda c: c.get("/store?graph=relative"), 400, "no IRI"),
        (lambda c: c.get("/store?graph=urn:a&graph=urn:b"), 400, "2 times"),
        (lambda c: c.get("/store?graph=urn:a&default"), 400, "one of them"),
        (lambda c: c.get("/store?default", headers={"Accept": "text/csv"}), 406, "as one of"),
        (lambda c: c.get("/store", headers={"Accept": "text/turtle"}), 406, "as one of"),
        (lambda c: c.put("/store", content="", headers=TURTLE), 400, "graph: missing"),
        (lambda c: c.delete("/store"), 400, "graph: missing"),
        (lambda c: c.put("/store?graph=urn:x", content="<urn:a> <urn:b>", headers=TURTLE), 400, "no valid turtle"),
        (lambda c: c.put("/store?graph=urn:x", content=b"<urn:a> <urn:b> '\xff' .", headers=TURTLE), 400, "no valid"),
        (lambda c: c.put("/store?graph=urn:x", content="a,b", headers={"Content-Type": "text/csv"}), 415, "text/csv"),
        (
            lambda c: c.put("/store?graph=urn:x", content="", headers={"Content-Type": "application/trig"}),
            415,
            "without graph names",
        ),
        (lambda c: c.patch("/store?graph=urn:x", content=""), 405, "PATCH"),
        (
            lambda c: c.put("/store?graph=urn:x", content="", headers={**TURTLE, "Authorization": ""}),
            401,
            "Bearer TOKEN",
        ),
    ],
)
def test_refused_with_a_reason(writable, send, status, reason):
    answer = send(writable)
    assert (answer.status_code, reason in answer.json()["detail"]) == (status, True), answer.text
    assert writable.head("/store?graph=urn:x").status_code == 404


def test_nothing_is_written_without_leave(client):
    assert client.put("/store?graph=urn:x", content="", headers=TURTLE).status_code == 403
    assert client.delete("/store?default").status_code == 403
