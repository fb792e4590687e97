"""Queries: what is answered, in which formats, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as some

from kg.errors import QueryError, QueryTimeout, StoreError
from kg.graph import FORMATS, query
from kg.graph.query import refuse
from kg.vocabulary import Minter

HOSTS = "SELECT ?who ?what { ?who kg:hosts ?what }"
FOREVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o . ?p ?q ?r }"


def test_prefixes_are_declared_and_a_querys_own_stand(story_store):
    assert len(list(query(story_store, HOSTS))) == 1
    assert len(list(query(story_store, "PREFIX kg: <urn:other:> " + HOSTS))) == 0


def test_prefixes_follow_the_base_of_the_graph(tmp_path, new_story):
    from kg.graph import write_build

    story = new_story("https://example.net/")
    write_build(tmp_path / "store", story.entities, story.documents(), minter=story.minter)
    answer = query(tmp_path / "store", "ASK { ent:Peru kg:hosts ent:ConferenceOfDefenseMinisters }")
    assert bool(answer) is True


def test_table(story_store):
    text = query(story_store, HOSTS).render("table").decode()
    assert text.splitlines() == [
        "who       what",
        "--------  --------------------------------",
        "ent:Peru  ent:ConferenceOfDefenseMinisters",
        "(1 row)",
    ]


def test_a_table_shows_no_control_characters():
    store = ox.Store()
    name = ox.NamedNode("urn:a")
    store.add(ox.Quad(name, name, ox.Literal("a\u202eb\x1b[31m\nc")))
    text = query(store, "SELECT ?o { ?s ?p ?o }").render("table").decode()
    assert "a\\u202eb\\u001b[31m c" in text


def test_result_formats(story_store):
    answer = query(story_store, HOSTS)
    peru = Minter().entity_iri("Peru")
    assert json.loads(answer.render("json"))["results"]["bindings"][0]["who"]["value"] == peru
    assert next(csv.DictReader(io.StringIO(answer.render("csv").decode())))["who"] == peru
    assert answer.render("tsv").decode().splitlines()[1].startswith(f"<{peru}>\t")
    rows = rdflib.query.Result.parse(io.BytesIO(answer.render("xml")), format="xml")
    assert [str(row[0]) for row in rows] == [peru]


def test_boolean_answers(story_store):
    yes, no = (query(story_store, f"ASK {{ ent:{name} kg:hosts ?x }}") for name in ("Peru", "China"))
    assert (bool(yes), bool(no)) == (True, False)
    assert json.loads(yes.render("json"))["boolean"] is True
    assert "true" in yes.render("table").decode()


def test_graph_answers_are_sorted_and_each_triple_stands_once(story_store):
    answer = query(story_store, "CONSTRUCT { ?d a kg:Document } { GRAPH ?d { ?s a kg:Statement } }")
    assert len(answer.render("ntriples").splitlines()) == 2
    turtle = answer.render("turtle").decode()
    assert turtle.index("china.txt") < turtle.index("peru.txt")
    assert len(rdflib.Graph().parse(data=turtle, format="turtle")) == 2
    assert "(2 rows)" in answer.render("table").decode()
    assert answer.variables == ("subject", "predicate", "object")


@pytest.mark.parametrize(("text", "format"), [(HOSTS, "turtle"), ("DESCRIBE ent:Peru", "csv"), (HOSTS, "yaml")])
def test_formats_that_do_not_fit(story_store, text, format):
    with pytest.raises(QueryError, match=r"does not fit") as refused:
        query(story_store, text).render(format)
    assert format in str(refused.value)


def test_every_format_is_written(story_store):
    select, construct = query(story_store, HOSTS), query(story_store, "CONSTRUCT WHERE { ?s kg:hosts ?o }")
    for format in FORMATS:
        assert (construct if format in ("turtle", "ntriples") else select).render(format).endswith(b"\n")


def test_unbound_is_none_and_shows_as_nothing(story_store):
    answer = query(story_store, "SELECT ?who ?nothing { ?who kg:hosts ?what }")
    assert next(iter(answer))[1] is None
    assert answer.render("table").decode().splitlines()[2] == "ent:Peru"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT ?x WHERE { ?x", "query: error at 1:"),
        ("", "query: "),
        ("SELECT ?x { ?x nope:y ?z }", "query: error"),
        ("INSERT DATA { ent:A kg:hosts ent:B }", "INSERT would change the graph"),
        ("# SELECT\nPREFIX select: <urn:x> DELETE WHERE { ?s ?p ?o }", "DELETE would change"),
        ("drop all", "DROP would change"),
        ("LOAD <https://example.net/x>", "LOAD would change"),
        ("SELECT * { SERVICE <https://example.net/sparql> { ?s ?p ?o } }", "SERVICE would reach the network"),
        ("SELECT * { service silent ?x { ?s ?p ?o } }", "SERVICE"),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", "would read a file"),
        ("PREFIX f: <FILE:///etc/> SELECT * FROM NAMED f:passwd { ?s ?p ?o }", "would read a file"),
    ],
)
def test_refusals(story_store, text, reason):
    before = len(story_store)
    with pytest.raises(QueryError) as refused:
        query(story_store, text)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(story_store) == before


@pytest.mark.parametrize(
    "text",
    [
        'SELECT ?service { ?service rdfs:label "SERVICE <x>" }',
        "SELECT * { ?s rdfs:label '''DROP ALL' SERVICE''' } # INSERT SERVICE",
        "SELECT * { <urn:SERVICE> ?p kg:SERVICE . ?s ?p 'it\\'s SERVICE' }",
        "SELECT * { ?load ?insert ?with }",
        "PREFIX service: <urn:x:> SELECT * { ?s service:SERVICE ?o FILTER(1<2 && ?s > ?o) }",
    ],
)
def test_words_within_names_texts_and_comments_are_no_keywords(story_store, text):
    query(story_store, text)


@given(some.text())
def test_any_text_is_refused_or_let_through_without_a_crash(text):
    try:
        refuse(text)
    except QueryError as error:
        assert "\n" not in str(error)


def test_bindings_fix_variables_and_must_be_iris(story_store):
    iri = Minter().entity_iri("Peru")
    assert len(list(query(story_store, "SELECT ?s ?p { ?s ?p ?o }", bindings={"s": iri}))) == len(
        list(query(story_store, "SELECT ?p { ent:Peru ?p ?o }"))
    )
    with pytest.raises(QueryError, match=r"value of \?s"):
        query(story_store, HOSTS, bindings={"s": "> } DROP ALL #"})


def test_a_time_limit_ends_the_work(story_dir):
    started = time.monotonic()
    with pytest.raises(QueryTimeout, match="stopped after 1 s"):
        query(story_dir, FOREVER, timeout_seconds=1)
    assert time.monotonic() - started < 5


def test_within_its_time_a_query_answers_as_without(story_dir, story_store, tmp_path):
    assert query(story_dir, HOSTS, timeout_seconds=30) == query(story_store, HOSTS)
    story_store.dump(tmp_path / "g.trig", format=ox.RdfFormat.TRIG)
    iri = Minter().entity_iri("Peru")
    limited = query(tmp_path / "g.trig", HOSTS, timeout_seconds=30, bindings={"who": iri})
    assert len(list(limited)) == 1


def test_errors_of_a_limited_query_keep_their_kind(story_dir):
    with pytest.raises(QueryError, match="error at"):
        query(story_dir, "SELECT", timeout_seconds=30)
    with pytest.raises(StoreError, match="no graph store here"):
        query(Path("nowhere"), HOSTS, timeout_seconds=30)


def test_a_time_limit_needs_a_path(story_store):
    with pytest.raises(QueryError, match="needs the path"):
        query(story_store, HOSTS, timeout_seconds=1)
