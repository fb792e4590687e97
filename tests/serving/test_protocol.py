"""SPARQL 1.1 Protocol: our own cases after the recommendation's, sections 2.1 to 2.3."""

from __future__ import annotations

import csv
import io
import json

import pyoxigraph as ox
import pytest
import rdflib

from kg.vocabulary import Minter

HOSTS = "SELECT ?who ?what { ?who kg:hosts ?what }"
PERU = Minter().entity_iri("Peru")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def ask(client, query, accept=None, **parameters):
    headers = {} if accept is None else {"Accept": accept}
    return client.get("/sparql", params={"query": query, **parameters}, headers=headers)


def detail(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert "\n" not in problem["detail"]
    return problem["detail"]


@pytest.mark.parametrize(
    "send",
    [
        lambda client: client.get("/sparql", params={"query": HOSTS}),
        lambda client: client.post("/sparql", data={"query": HOSTS}),
        lambda client: client.post("/sparql", content=HOSTS, headers={"Content-Type": "application/sparql-query"}),
        lambda client: client.post(
            "/sparql", content=HOSTS, headers={"Content-Type": "application/sparql-query; charset=UTF-8"}
        ),
    ],
    ids=["get", "form", "direct", "direct with charset"],
)
def test_three_ways_to_ask(client, send):
    answer = send(client)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/sparql-results+json"
    assert [row["who"]["value"] for row in answer.json()["results"]["bindings"]] == [PERU]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/xml, text/csv;q=0.5", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/*", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("*/*", "application/sparql-results+json"),
        ("image/png, */*;q=0.1", "application/sparql-results+json"),
    ],
)
def test_results_in_every_format(client, accept, media_type):
    answer = ask(client, HOSTS, accept)
    assert answer.headers["content-type"] == media_type
    assert "Accept" in answer.headers["vary"]
    if "json" in media_type or "xml" in media_type:
        kind = media_type.rpartition("+")[2]
        assert [str(row[0]) for row in rdflib.query.Result.parse(io.BytesIO(answer.content), format=kind)] == [PERU]
    elif "csv" in media_type:
        assert next(csv.DictReader(io.StringIO(answer.text)))["who"] == PERU
    else:
        assert answer.text.splitlines()[1].startswith(f"<{PERU}>\t")


@pytest.mark.parametrize(
    ("accept", "media_type", "format"),
    [
        (None, "text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
        ("text/turtle", "text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
        ("application/n-triples", "application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", "application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/trig", "application/trig", ox.RdfFormat.TRIG),
        ("application/n-quads", "application/n-quads", ox.RdfFormat.N_QUADS),
    ],
)
def test_graphs_in_every_format(client, accept, media_type, format):
    answer = ask(client, "CONSTRUCT { ?d a kg:Document } { GRAPH ?d { ?s a kg:Statement } }", accept)
    assert answer.headers["content-type"] == media_type
    assert len(list(ox.parse(answer.content, format=format))) == 2


def test_ask_and_describe(client):
    assert ask(client, "ASK { ent:Peru kg:hosts ?x }").json()["boolean"] is True
    assert ask(client, "ASK { ent:China kg:hosts ?x }", "text/csv").text.strip() == "false"
    assert "Peru" in ask(client, "DESCRIBE ent:Peru", "text/turtle").text


def test_formats_can_be_asked_for_by_name(client):
    assert ask(client, HOSTS, format="csv").text.startswith("who,what")
    assert "does" not in detail(ask(client, HOSTS, format="yaml"), 406)


@pytest.mark.parametrize(
    ("query", "accept"), [(HOSTS, "text/turtle"), (HOSTS, "image/png"), ("DESCRIBE ent:Peru", "text/csv")]
)
def test_what_nobody_offers_is_not_acceptable(client, query, accept):
    assert "as one of" in detail(ask(client, query, accept), 406)


@pytest.mark.parametrize(
    ("send", "status", "reason"),
    [
        (lambda c: c.get("/sparql?query=SELECT"), 400, "SPARQL 1.1 grammar"),
        (lambda c: c.get("/sparql", params={"query": ""}), 400, "grammar"),
        (lambda c: c.get("/sparql", params=[("query", HOSTS), ("query", HOSTS)]), 400, "2 times"),
        (lambda c: c.post("/sparql", data={}, headers=FORM), 400, "query: missing"),
        (lambda c: c.post("/sparql", data={"update": "CLEAR ALL"}), 400, "send it to /update"),
        (lambda c: c.post("/sparql", content=HOSTS, headers={"Content-Type": "text/plain"}), 415, "text/plain"),
        (lambda c: c.post("/sparql", content=HOSTS), 415, "none"),
        (
            lambda c: c.post(
                "/sparql", content=HOSTS.encode("utf-16"), headers={"Content-Type": "application/sparql-query"}
            ),
            400,
            "not in UTF-8",
        ),
        (
            lambda c: c.post(
                "/sparql", content=HOSTS, headers={"Content-Type": "application/sparql-query; charset=utf-16"}
            ),
            415,
            "send UTF-8",
        ),
        (lambda c: c.put("/sparql", content=HOSTS), 405, "PUT"),
        (lambda c: c.get("/sparql?query=%ff"), 400, "UTF-8"),
        (lambda c: c.get("/update"), 405, "GET"),
        (lambda c: c.post("/update", data={"update": "CLEAR ALL"}), 403, "--writable"),
        (lambda c: ask(c, "CLEAR ALL"), 400, "CLEAR would change the graph"),
        (lambda c: ask(c, "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"), 400, "SERVICE"),
        (lambda c: ask(c, "CONSTRUCT { ?s ?p ?o } { SERVICE <urn:x> { ?s ?p ?o } }"), 400, "SERVICE"),
        (lambda c: ask(c, "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"), 400, "would read a file"),
        (lambda c: ask(c, HOSTS, **{"default-graph-uri": "file:///etc/passwd"}), 400, "no file is read"),
        (lambda c: ask(c, HOSTS, **{"default-graph-uri": "not an iri"}), 400, "no IRI"),
        (lambda c: ask(c, HOSTS, timeout="soon"), 400, "give seconds"),
        (lambda c: ask(c, HOSTS, timeout="-1"), 400, "give seconds"),
        (lambda c: ask(c, HOSTS, timeout="nan"), 400, "give seconds"),
    ],
)
def test_refused_with_a_reason(client, send, status, reason):
    assert reason in detail(send(client), status)


def test_the_dataset_of_a_query(client):
    document = Minter().document_iri("seeds/peru.txt")
    count = "SELECT (COUNT(*) AS ?n) { ?s a kg:Statement }"
    in_graphs = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s a kg:Statement } }"

    def number(query, **dataset):
        return int(ask(client, query, **dataset).json()["results"]["bindings"][0]["n"]["value"])

    assert (number(count), number(in_graphs)) == (0, 2)
    assert number(count, **{"default-graph-uri": document}) == 7
    assert number(in_graphs, **{"default-graph-uri": document}) == 0
    assert number(in_graphs, **{"named-graph-uri": document}) == 1
    assert number(count, **{"named-graph-uri": document}) == 0
    posted = client.post("/sparql", data={"query": count, "default-graph-uri": document})
    assert posted.json()["results"]["bindings"][0]["n"]["value"] == "7"
    direct = client.post(
        "/sparql",
        params={"default-graph-uri": document},
        content=count,
        headers={"Content-Type": "application/sparql-query"},
    )
    assert direct.json()["results"]["bindings"][0]["n"]["value"] == "7"


def test_the_service_describes_itself(client):
    graph = rdflib.Graph().parse(data=client.get("/sparql").text, format="turtle")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    service = rdflib.URIRef("http://localhost:7878/sparql")
    assert set(graph.objects(service, sd.supportedLanguage)) == {sd.SPARQL11Query}
    assert len(list(graph.objects(service, sd.resultFormat))) == 10
    data = rdflib.Graph().parse(
        data=client.get("/.well-known/void", headers={"Accept": "application/rdf+xml"}).text, format="xml"
    )
    (triples,) = data.objects(rdflib.URIRef("http://localhost:7878/.well-known/void"), void.triples)
    counted = ask(client, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json()["results"]["bindings"][0]["n"]["value"]
    assert str(triples) == counted
    assert client.get("/sparql", headers={"Accept": "text/html"}, follow_redirects=False).status_code == 303


def test_head_answers_without_a_body(client):
    answer = client.head("/sparql", params={"query": HOSTS})
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("direct", [True, False])
def test_updates(writable, direct):
    name = f"ent:Update{direct}"
    insert = f"INSERT DATA {{ {name} kg:hosts ent:Fair }}"

    def send(text):
        if direct:
            return writable.post("/update", content=text, headers={"Content-Type": "application/sparql-update"})
        return writable.post("/update", data={"update": text})

    assert send(insert).status_code == 204
    assert ask(writable, f"ASK {{ {name} kg:hosts ent:Fair }}").json()["boolean"] is True
    assert send(f"DELETE WHERE {{ {name} ?p ?o }} ; INSERT DATA {{ {name} kg:visits ent:Fair }}").status_code == 204
    assert ask(writable, f"SELECT ?p {{ {name} ?p ?o }}", "text/csv").text.split()[1:] == [
        "https://kg.example.org/ontology#visits"
    ]


@pytest.mark.parametrize(
    ("send", "status", "reason"),
    [
        (lambda c: c.post("/update", data={"update": "INSERT DATA { ent:A"}), 400, "grammar"),
        (lambda c: c.post("/update", data={"update": "SELECT * { ?s ?p ?o }"}), 400, "grammar"),
        (lambda c: c.post("/update", data={"query": "CLEAR ALL"}), 400, "update: missing"),
        (lambda c: c.post("/update", content="CLEAR ALL", headers={"Content-Type": "text/plain"}), 415, "text/plain"),
        (lambda c: c.post("/update", data={"update": "LOAD <http://127.0.0.1/x>"}), 400, "LOAD would fetch"),
        (lambda c: c.post("/update", data={"update": "LOAD SILENT <file:///etc/passwd>"}), 400, "LOAD would fetch"),
        (
            lambda c: c.post("/update", data={"update": "INSERT { ?s ?p ?o } WHERE { SERVICE <urn:x> { ?s ?p ?o } }"}),
            400,
            "SERVICE would reach",
        ),
        (
            lambda c: c.post("/update", data={"update": "CLEAR ALL", "using-graph-uri": "urn:x"}),
            400,
            "write USING in the update",
        ),
        (
            lambda c: c.post("/update", data={"update": "CLEAR ALL"}, headers={"Authorization": "Bearer wrong"}),
            401,
            "Bearer TOKEN",
        ),
        (
            lambda c: c.post("/update", data={"update": "CLEAR ALL"}, headers={"Authorization": "Basic YTpi"}),
            401,
            "Bearer TOKEN",
        ),
    ],
)
def test_updates_refused_with_a_reason(writable, send, status, reason):
    before = ask(writable, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").text
    assert reason in detail(send(writable), status)
    assert ask(writable, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").text == before


def test_a_problem_is_json(client):
    answer = client.get("/sparql", params={"query": "SELECT"})
    assert set(json.loads(answer.content)) == {"title", "status", "detail"}
