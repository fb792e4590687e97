"""The six questions of docs/graph-model.md, each answered on the story."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.errors import QueryError
from kg.graph import ask, questions
from kg.vocabulary import Minter

MINTER = Minter()


def rows(store, name, **parameters):
    fixed = {key.rstrip("_"): MINTER.entity_iri(value) for key, value in parameters.items()}
    answer = ask(store, name, fixed)
    return [
        {
            column: getattr(term, "value", term).rpartition("/")[2].rpartition("#")[2] if term is not None else None
            for column, term in zip(answer.variables, row, strict=True)
        }
        for row in answer
    ]


def test_who_holds_which_office(story_store):
    (row,) = rows(story_store, "who-holds-role")
    assert (row["name"], row["office"], row["bodyName"]) == ("Ana Ruiz", "defense minister", "Peru")
    assert row["sentence"] == "Defense minister Ana Ruiz attends it."
    assert rows(story_store, "who-holds-role", person="Li Wei") == []


def test_who_claims_what_and_who_denies_it(story_store):
    (row,) = rows(story_store, "said-about", speaker="Ana Ruiz", about="China")
    assert (row["property"], row["object"], row["polarity"]) == ("threatens", "Peace", "Positive")
    assert row["denier"] == "LiWei"
    assert row["denial"] == "China does not threaten peace, Li Wei said."
    assert rows(story_store, "said-about", speaker="Ana Ruiz", about="Peru") == []


def test_events(story_store):
    (row,) = rows(story_store, "events-of")
    assert (row["when"], row["where"], row["hosts"], row["guests"]) == ("2025-05-07", "Lima", "Peru", "Ana Ruiz")


def test_facts_of_one_document(story_store):
    alone = rows(story_store, "single-source")
    assert len(alone) == 7
    assert not any(row["property"] == "hosts" for row in alone)
    answer = ask(story_store, "single-source", {"document": MINTER.document_iri("seeds/china.txt")})
    assert len(list(answer)) == 3


def test_what_is_not_the_case(story_store):
    found = {(row["property"], row["modality"], row["polarity"]) for row in rows(story_store, "not-facts")}
    assert found == {
        ("threatens", "Actual", "Positive"),
        ("threatens", "Actual", "Negative"),
        ("signs", "Planned", "Positive"),
    }
    assert {row["isFact"] for row in rows(story_store, "not-facts")} == {"false"}


def test_paths_between_two(story_store):
    paths = rows(story_store, "between", from_="Li Wei", to="Peru")
    assert [(row["via1"], row["via2"]) for row in paths] == [
        ("AnaRuiz", "ConferenceOfDefenseMinisters"),
        ("AnaRuiz", "DefenseMinister"),
    ]
    assert paths[0]["sentence1"] == "Ana Ruiz met Li Wei in Lima on 5 May 2025."
    (direct,) = (row for row in rows(story_store, "between", from_="Ana Ruiz", to="Li Wei"))
    assert (direct["property1"], direct["via1"]) == ("meetsWith", None)


def test_names_and_days_fix_a_question(story_store):
    (row,) = ask(story_store, "who-holds-role", {"role": "defense minister", "on": "2025-05-06"})
    assert row[1].value == "Ana Ruiz"
    assert len(list(ask(story_store, "events-of", {"of": "peru", "place": "Lima", "on": "2025-05-07"}))) == 1
    for given in ({"of": "China"}, {"place": "Peru"}, {"on": "2025-05-08"}):
        assert list(ask(story_store, "events-of", given)) == []
    assert len(list(ask(story_store, "single-source", {"document": "seeds/china.txt"}))) == 3


def test_sources_of_a_thing(story_store):
    found = rows(story_store, "sources-of", of="Peru")
    assert [(row["source"], row["statements"], row["stated"]) for row in found] == [
        ("peru.txt", "3", "3"),
        ("china.txt", "1", "1"),
    ]
    found = rows(story_store, "sources-of", of="China")
    assert [(row["stated"], row["claims"], row["denials"]) for row in found] == [("0", "1", "1"), ("0", "1", "0")]


def test_conflicts(story_store):
    (row,) = rows(story_store, "conflicts")
    assert (row["about"], row["property"], row["by"], row["otherBy"]) == ("China", "threatens", "AnaRuiz", "LiWei")
    assert rows(story_store, "conflicts", about="Peru") == []


def test_a_question_is_asked_of_all_that_have_the_name(tmp_path):
    store = ox.Store()
    query = "INSERT DATA {{ ent:{0} kg:holdsRole ent:R{0} ; rdfs:label '{0}' . ent:R{0} rdfs:label 'king' . }}"
    evidence = (
        "INSERT DATA {{ GRAPH doc:d {{ st:{0} rdf:subject ent:{0} ; rdf:predicate kg:holdsRole ; rdf:object ent:R{0} ;"
        " kg:status kg:Asserted ; kg:modality kg:Actual ; kg:polarity kg:Positive ; kg:startTime '{1}' ;"
        " prov:wasDerivedFrom <urn:s> . <urn:s> nif:anchorOf 'x' . doc:d dcterms:source 'd' }} }}"
    )
    for name, since in (("A", "1999"), ("B", "2001-05")):
        for text in (query, evidence):
            store.update(text.format(name, since), prefixes=MINTER.prefixes)
    assert len(rows(store, "who-holds-role")) == 2
    assert len(list(ask(store, "who-holds-role", {"role": "King"}))) == 2
    assert len(list(ask(store, "who-holds-role", {"role": "King", "on": "2000-01-01"}))) == 1
    assert len(list(ask(store, "who-holds-role", {"role": "King", "on": "2001-05-31"}))) == 2


def test_every_question_says_what_it_asks_and_takes():
    assert len(questions()) == 8
    for question in questions().values():
        assert question.question.endswith(("?", "."))
        assert all(f"?{parameter.name}" in question.text for parameter in question.parameters)


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("who", {}, "no such question; choose one of between"),
        ("between", {}, "give from=VALUE"),
        ("events-of", {"when": "x"}, "no parameter when"),
        ("events-of", {"event": "x y"}, "nothing in the graph has this name"),
        ("events-of", {"event": "https://kg.example.org/entity/Pe ru"}, "no IRI"),
        ("who-holds-role", {"on": "May 2025"}, "no day; write YYYY-MM-DD"),
        ("conflicts", {"about": "Peru", "property": "flies"}, "no such property"),
        ("single-source", {"document": "nowhere.txt"}, "no such document"),
    ],
)
def test_wrong_use(story_store, name, given, reason):
    with pytest.raises(QueryError, match=reason):
        ask(story_store, name, given)
