"""Every construction gives the same slots: `subj` does it, `obj` undergoes it."""

from __future__ import annotations

import pytest
from trees import clause_of, slots


@pytest.mark.parametrize("text", ["Peru hosts the talks.", "The talks were hosted by Peru."])
def test_active_and_passive_agree(text: str) -> None:
    predicate = "hosts" if "hosts" in text else "hosted"
    assert slots(text, predicate) == {"subj": ["Peru"], "obj": ["talks"]}


def test_the_pronoun_of_a_relative_clause_keeps_its_slot() -> None:
    assert slots("Ana Ruiz, who met the envoy, left.", "met") == {"subj": ["who"], "obj": ["envoy"]}
    assert slots("The ship that Chile sold sank.", "sold") == {"obj": ["that"], "subj": ["Chile"]}


def test_a_passive_participle_takes_its_noun_as_object() -> None:
    assert slots("Peru bought ships built by Korea.", "built") == {"subj": ["Korea"], "obj": ["ships"]}
    clause = clause_of("The bridge destroyed in the war reopened.", "destroyed")
    assert clause.passive
    assert set(clause.slots) == {"obj", "in"}


def test_an_infinitive_takes_the_subject_of_its_governor() -> None:
    assert slots("Ruiz wants to visit Lima.", "visit") == {"subj": ["Ruiz"], "obj": ["Lima"]}
    assert slots("Ruiz announced a plan to visit Quito.", "visit") == {"subj": ["Ruiz"], "obj": ["Quito"]}


def test_the_object_of_an_order_does_it() -> None:
    assert slots("Ruiz urged Chile to leave Lima.", "leave")["subj"] == ["Chile"]
    assert slots("Ruiz accused Chile of jamming radars.", "jamming")["subj"] == ["Chile"]


def test_who_promises_does_it() -> None:
    assert slots("Ruiz promised Chile to visit Lima.", "visit")["subj"] == ["Ruiz"]


def test_coordinated_predicates_share_their_subject() -> None:
    assert slots("Ruiz left Lima and visited Quito.", "visited") == {"subj": ["Ruiz"], "obj": ["Quito"]}


def test_what_follows_two_verbs_belongs_to_both() -> None:
    text = "Peru is building and selling ships."
    assert slots(text, "building") == slots(text, "selling") == {"subj": ["Peru"], "obj": ["ships"]}


def test_an_object_of_its_own_is_not_shared() -> None:
    assert slots("Ruiz left Lima and visited Quito.", "left")["obj"] == ["Lima"]


def test_coordinated_arguments_stand_each_for_itself() -> None:
    assert slots("Ruiz met Li and Park.", "met")["obj"] == ["Li", "Park"]


def test_prepositions_name_the_slots_of_obliques() -> None:
    assert slots("Farmers complained about prices.", "complained") == {"subj": ["Farmers"], "about": ["prices"]}
    assert slots("Ruiz gave Sosa a medal.", "gave") == {"subj": ["Ruiz"], "iobj": ["Sosa"], "obj": ["medal"]}


def test_particles_belong_to_the_lemma() -> None:
    assert clause_of("The army set up camps.", "set").lemma == "set up"


def test_a_copula_makes_its_noun_the_predicate() -> None:
    clause = clause_of("Ruiz is the mayor of Lima.", "mayor")
    assert (clause.part, clause.passive) == ("noun", False)
    assert slots("Ruiz is the mayor of Lima.", "mayor")["subj"] == ["Ruiz"]
