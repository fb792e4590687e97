"""The six questions of docs/graph-model.md, each answered on the story."""

from __future__ import annotations

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


def test_every_question_says_what_it_asks_and_takes():
    assert len(questions()) == 6
    for question in questions().values():
        assert question.question.endswith(("?", "."))
        assert all(f"?{name}" in question.text for name in question.parameters)


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("who", {}, "no such question; choose one of between"),
        ("between", {}, "give from=IRI"),
        ("events-of", {"when": "x"}, "no parameter when"),
        ("events-of", {"event": "x y"}, "is no IRI"),
    ],
)
def test_wrong_use(story_store, name, given, reason):
    with pytest.raises(QueryError, match=reason):
        ask(story_store, name, given)
