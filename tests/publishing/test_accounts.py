"""Explanations and statistics of the story."""

from __future__ import annotations

import json

import networkx as nx
import pyoxigraph as ox
import pytest

from kg.errors import QueryError
from kg.graph.naming import Names
from kg.publishing import explain, stats
from kg.publishing.statistics import fact_graph, pagerank
from kg.vocabulary import KG, RDFS, Minter

MINTER = Minter()


@pytest.mark.parametrize(
    "asked", ["Peru", "peru", "ent:Peru", MINTER.entity_iri("Peru"), f"<{MINTER.entity_iri('Peru')}>"]
)
def test_an_entity_by_any_of_its_names(story_store, asked):
    explanation = explain(story_store, asked)
    assert explanation.about == "Peru (ent:Peru)"
    assert [triple.plain for triple in explanation.triples] == [True, True, False]
    assert len(explanation.triples[1].evidence) == 2


def test_another_name(story_store):
    assert explain(story_store, "People's Republic of China").about == "China (ent:China)"


@pytest.mark.parametrize(
    "asked",
    [
        "ent:Peru kg:hosts ent:ConferenceOfDefenseMinisters",
        "Peru hosts Conference of Defense Ministers",
        'Peru hosts "Conference of Defense Ministers"',
        "Ana Ruiz holds role defense minister",
        "farmers complain about prices",
        "farmers rel:complainAbout prices",
        "Li Wei meetsWith Ana Ruiz",
        "Conference of Defense Ministers occurs on 2025-05-07",
    ],
)
def test_a_triple_by_any_of_its_names(story_store, asked):
    (triple,) = explain(story_store, asked).triples
    assert triple.plain
    assert triple.evidence


def test_a_claim_says_why_it_is_no_fact(story_store):
    (triple,) = explain(story_store, "China threatens peace").triples
    assert triple.why_no_fact == ("claimed by Li Wei, denied", "claimed by Ana Ruiz")
    (plan,) = explain(story_store, "Peru signs pact").triples
    assert plan.why_no_fact == ("planned",)


def test_the_text_shows_sentence_source_time_and_place(story_store):
    text = str(explain(story_store, "Li Wei"))
    assert text.startswith("Li Wei (ent:LiWei): 1 facts, 1 other triples\n")
    assert "fact: ent:AnaRuiz kg:meetsWith ent:LiWei\n" in text
    assert '  "Ana Ruiz met Li Wei in Lima on 5 May 2025."\n    seeds/china.txt 92-134, on 2025-05-05, at Lima' in text
    assert "confidence 0.90, kg.extraction.test" in text


def test_json(story_store):
    explanation = json.loads(explain(story_store, "China threatens peace").to_json())
    (triple,) = explanation["triples"]
    assert triple["fact"] is False
    assert {evidence["polarity"] for evidence in triple["evidence"]} == {"Positive", "Negative"}
    assert triple["evidence"][0]["confidence"] == 0.9


def test_a_triple_that_nobody_states(story_store):
    explanation = explain(story_store, "Peru kg:visits China")
    assert explanation.triples == ()
    assert "nobody says so" in str(explanation)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("Per", "did you mean Peru"),
        ("Atlantis", "nothing in the graph has this name"),
        ("ent:Atlantis", "no such entity"),
        ("<a b>", "no IRI"),
        ("", "nothing in the graph"),
        ("Atlantis kg:hosts Peru", "nothing in the graph"),
    ],
)
def test_what_is_not_there(story_store, asked, reason):
    with pytest.raises(QueryError, match=reason) as refused:
        explain(story_store, asked)
    assert "\n" not in str(refused.value)


def test_several_of_one_name_are_listed():
    store = ox.Store()
    for name in ("Springfield-1", "Springfield-2"):
        store.add(ox.Quad(ox.NamedNode(MINTER.entity + name), ox.NamedNode(RDFS.label), ox.Literal("Springfield")))
    with pytest.raises(QueryError, match="2 entities have this name; say which: ent:Springfield-1, ent:Springfield-2"):
        Names(store).entity("Springfield")


def test_counts(story_store):
    counted = stats(story_store)
    assert (counted.documents, counted.entities, counted.statements) == (2, 11, 12)
    assert (counted.facts, counted.claims) == (9, 2)
    assert counted.types[KG.Country] == 2
    assert KG.OpenRelation not in counted.types
    assert counted.facts_by_property[KG.meetsWith] == 2
    assert counted.claims_by_property == {KG.threatens: 2}
    assert counted.claims_by_source == {MINTER.entity_iri("Ana Ruiz"): 1, MINTER.entity_iri("Li Wei"): 1}
    assert counted.open_relations == {MINTER.relation + "complainAbout": 1}
    assert counted.degree[0] == (MINTER.entity_iri("Ana Ruiz"), 4)
    assert counted.betweenness[0][0] == MINTER.entity_iri("Ana Ruiz")


def test_statistics_as_text_and_json(story_store):
    counted = stats(story_store)
    text = counted.to_text()
    assert text.splitlines()[:2] == ["documents           2", "entities           11"]
    assert "facts by property" in text
    assert "PageRank" in text
    assert json.loads(counted.to_json())["facts"] == 9


def test_an_empty_graph_counts_nothing():
    counted = stats(ox.Store())
    assert (counted.documents, counted.facts, counted.degree) == (0, 0, ())
    assert "documents" in counted.to_text()


def test_pagerank_sums_to_one_and_favours_the_linked(story_store):
    graph = fact_graph(story_store)
    ranks = pagerank(graph)
    assert sum(ranks.values()) == pytest.approx(1)
    star = nx.MultiDiGraph([("a", "hub"), ("b", "hub"), ("c", "hub"), ("hub", "a")])
    assert max(pagerank(star), key=pagerank(star).__getitem__) == "hub"
    assert pagerank(nx.MultiDiGraph([("a", "b"), ("b", "a")])) == pytest.approx({"a": 0.5, "b": 0.5})
