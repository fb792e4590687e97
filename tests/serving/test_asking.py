"""Plain questions, search, what the explorer asks for, and the description of it all."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import pytest

from kg.graph import ask, questions
from kg.vocabulary import Minter

PERU = Minter().entity_iri("Peru")


def test_a_question_as_plain_json_and_csv(client):
    answer = client.get("/ask/who-holds-role", params={"role": "defense minister", "on": "2025-05-06"})
    assert answer.headers["content-type"] == "application/json"
    content = answer.json()
    assert content["columns"][:2] == ["person", "name"]
    (row,) = content["rows"]
    assert (row["name"], row["bodyName"], row["from"]) == ("Ana Ruiz", "Peru", None)
    table = client.get("/ask/who-holds-role?format=csv").text
    assert [line["name"] for line in csv.DictReader(io.StringIO(table))] == ["Ana Ruiz"]
    sparql = client.get("/ask/who-holds-role", headers={"Accept": "application/sparql-results+json"}).json()
    assert sparql["results"]["bindings"][0]["name"]["value"] == "Ana Ruiz"
    assert client.get("/ask/who-holds-role", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("name", sorted(questions()))
def test_a_question_answers_as_on_the_command_line(client, story_store, name):
    given = {
        parameter.name: {"from": "Li Wei", "to": "Peru", "of": "China"}[parameter.name]
        for parameter in questions()[name].parameters
        if parameter.required
    }
    answer = client.get(f"/ask/{name}", params={**given, "format": "tsv"})
    assert answer.status_code == 200, answer.text
    assert answer.content == ask(story_store, name, given).render("tsv")


def test_unknown_questions_and_values(client):
    assert "ask one of between" in client.get("/ask/nothing").json()["detail"]
    assert "did you mean" in client.get("/ask/sources-of?of=Peruu").json()["detail"]
    assert client.get("/ask/sources-of").json()["detail"].startswith("sources-of: give of=VALUE")


def test_search_finds_names_and_sentences(client):
    found = client.get("/search", params={"q": "CONFERENCE ministers"}).json()
    (entity,) = found["entities"]
    assert (entity["label"], entity["types"]) == ("Conference of Defense Ministers", ["kg:Event"])
    assert {item["source"] for item in found["sentences"]} == {"seeds/peru.txt", "seeds/china.txt"}
    assert all("Conference" in item["sentence"] for item in found["sentences"])
    alias = client.get("/search?q=people's republic").json()["entities"]
    assert [(entity["label"], entity["name"]) for entity in alias] == [("China", "People's Republic of China")]
    assert client.get("/search?q=minister&limit=1").json()["found"]["entities"] == 2
    assert client.get("/search?q=zebra").json()["entities"] == []


def test_what_the_explorer_asks_for(client):
    near = client.get("/explore/neighbours", params={"entity": PERU})
    assert near.status_code == 200
    assert "Conference of Defense Ministers" in json.dumps(near.json())
    drawn = client.get("/explore/query", params={"query": "CONSTRUCT WHERE { ?s kg:hosts ?o }"})
    assert drawn.status_code == 200, drawn.text
    refused = client.get("/explore/query", params={"query": "CONSTRUCT { ?s ?p ?o } { SERVICE <urn:x> { ?s ?p ?o } }"})
    assert (refused.status_code, "SERVICE" in refused.text) == (400, True)
    assert client.get("/explore/query", params={"query": "ASK { }"}).status_code == 400
    assert client.get("/explore/nothing").status_code == 400


def test_openapi_tells_of_every_question(client):
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for name, question in questions().items():
        operation = document["paths"][f"/ask/{name}"]["get"]
        given = {parameter["name"]: parameter["required"] for parameter in operation["parameters"]}
        assert given == {**{p.name: p.required for p in question.parameters}, "format": False}
    listed = client.get("/ask").json()
    assert [item["name"] for item in listed] == list(questions())
    assert all(item["sparql"] == questions()[item["name"]].text for item in listed)


def test_terms_for_completion(client):
    content = client.get("/terms.json").json()
    assert content["prefixes"]["ent"] == "https://kg.example.org/entity/"
    terms = {term["name"]: term for term in content["terms"]}
    assert terms["kg:holdsRole"] == {"name": "kg:holdsRole", "kind": "property", "label": "holds role"}
    assert terms["kg:Person"]["kind"] == "class"
    assert terms["rel:complainAbout"]["label"] == "complain about"


def test_health_and_metrics(client):
    assert client.get("/health").json()["status"] == "ok"
    client.get("/ask")
    text = client.get("/metrics").text
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert int(lines['kg_requests_total{endpoint="/ask",method="GET",status="200"}']) >= 1
    assert (
        lines['kg_request_seconds_bucket{endpoint="/ask",le="+Inf"}']
        == lines['kg_request_seconds_count{endpoint="/ask"}']
    )
    assert 'kg_stopped_queries_total{reason="timeout"}' in lines
    helped = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(helped) == len(set(helped)) == 6


def test_the_command_line_asks_the_same_question(client, story_dir):
    words = ["--canned", "who-holds-role", "role=defense minister", "on=2025-05-06", "--format", "csv"]
    done = subprocess.run(
        [sys.executable, "-m", "kg.cli", "query", "--store", str(story_dir), *words], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    answer = client.get("/ask/who-holds-role", params={"role": "defense minister", "on": "2025-05-06", "format": "csv"})
    assert done.stdout.splitlines() == answer.text.splitlines()
