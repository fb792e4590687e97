"""Which facts of the gold count as found, and how."""

from typing import Any

import pytest
from tiny_gold import ENTITIES, Bench, St, but, entity, fact, gold, gold_fact


def ids(missed: Any) -> list[str]:
    return [row.id for row in missed.missed]


def test_perfect_graph_has_everything(bench: Bench) -> None:
    micro, document = bench.one(but())
    recall = ["core_triple", "core_strict", "all_triple", "all_strict", "entity_recall", "named_recall"]
    shares = ["type_exact", "type_lenient", "precision_lower", "precision_judged", "sameas_right", "time_right"]
    for measure in [*recall, *shares, "evidence_ok", "text_equal"]:
        assert micro[measure] == 1, measure
    assert micro["fragmentation"] == micro["conflation"] == micro["must_not_violations"] == 0
    assert micro["unjustified_plain"] == micro["asserted_not_plain"] == micro["incomplete_statements"] == 0
    assert micro["facts"] == micro["plain"] == 4
    assert micro["unsupported_facts"] == micro["misplaced_facts"] == micro["statements_in_default_graph"] == 0
    assert not document.missed
    assert not document.spurious


def test_missing_facts_are_named_with_their_sentence(bench: Bench) -> None:
    micro, document = bench.one(but("f3 f2"))
    assert micro["core_triple"] == micro["core_strict"] == 0.8333
    assert micro["all_triple"] == 0.7143
    assert [(row.id, row.fact, row.evidence) for row in document.missed] == [
        ("f2", "Ana Ruiz | citizenOf | Spain", "x"),
        ("f3", "China | threatens | peace  [Claimed by Bo Li, Actual, Positive]", "x"),
    ]


@pytest.mark.parametrize(
    ("id", "change"),
    [
        ("f3", {"by": "ent:AnaRuiz"}),
        ("f3", {"status": "Asserted", "by": None}),
        ("f3", {"plain": True}),
        ("f4", {"modality": "Actual"}),
        ("f4", {"modality": "Planned"}),
        ("f5", {"polarity": "Positive"}),
        ("f6", {"plain": False}),
    ],
)
def test_another_setting_is_triple_only(bench: Bench, id: str, change: dict[str, Any]) -> None:
    micro, document = bench.one(but(**{id: change}))
    assert micro["core_triple"] == 1
    assert micro["core_strict"] == 0.8333
    assert ids(document) == [id]


def test_other_settings_that_the_gold_accepts(bench: Bench) -> None:
    of = gold()
    gold_fact(of, "f4")["alt"] = [{"modality": "Planned"}]
    assert bench.one(but(f4={"modality": "Planned"}), of)[0]["core_strict"] == 1


def test_wish_is_narrated_or_claimed_by_its_own_subject(bench: Bench) -> None:
    claimed = but(f4={"status": "Claimed", "by": "ent:AnaRuiz"})
    assert bench.one(claimed)[0]["core_strict"] == 1
    of = gold()
    gold_fact(of, "f4").update(status="Claimed", by="ruiz")
    assert bench.one(but(), of)[0]["core_strict"] == 1
    gold_fact(of, "f4")["by"] = "li"
    assert ids(bench.one(but(), of)[1]) == ["f4"], "the claim of another is not the narrator's"
    gold_fact(of, "f4").update(by="ruiz", modality="Actual")
    assert ids(bench.one(but(f4={"modality": "Actual", "plain": True}), of)[1]) == ["f4"], "what is claimed as a fact"


def test_direction_counts_unless_symmetric(bench: Bench) -> None:
    micro, document = bench.one(but(f3={"s": "ent:Peace", "o": "ent:China"}))
    assert micro["core_triple"] == 0.8333
    assert document.missed[0].near == ["peace | threatens | China"]
    assert bench.one(but(f1={"s": "ent:AnaRuiz", "o": "ent:BoLi"}))[0]["core_strict"] == 1


def test_symmetric_triple_may_stand_either_way(bench: Bench) -> None:
    micro, _ = bench.one(but(f1={"plain": False}), extra="ent:AnaRuiz kg:meetsWith ent:BoLi .")
    assert micro["core_strict"] == micro["precision_lower"] == 1
    assert micro["unsupported_facts"] == micro["asserted_not_plain"] == micro["unjustified_plain"] == 0
    asserted = but(f3={"status": "Asserted", "by": None})
    micro, _ = bench.one(asserted, extra="ent:Peace kg:threatens ent:China .")
    assert micro["unsupported_facts"] == micro["asserted_not_plain"] == 1, "but only a symmetric one"


def test_inverse_and_open_properties(bench: Bench) -> None:
    of = gold()
    gold_fact(of, "f2").update(inv=["countryOf"], p=["comeFrom"])
    inverse = but(f2={"s": "ent:Spain", "p": "rel:isCountryOf", "o": "ent:AnaRuiz"})
    assert bench.one(inverse, of)[0]["all_strict"] == 1
    assert bench.one(but(f2={"p": "rel:comesFrom"}), of)[0]["all_strict"] == 1
    micro, _ = bench.one(but(f2={"p": "kg:comesFrom"}), of)
    assert micro["all_strict"] == 1
    assert micro["predicted"] == 3, "an extension of the core is no part of precision"


def test_literals(bench: Bench) -> None:
    assert bench.one(but(f7={"o": '"2025"^^xsd:gYear'}))[0]["core_triple"] == 0.8333
    assert bench.one(but(f6={"o": '"41 years old"'}))[0]["core_strict"] == 1
    assert bench.one(but(f6={"o": "42"}))[0]["core_triple"] == 0.8333


def met(place: str) -> St:
    return St(s="ent:Meeting", p="kg:occursIn", o=place)


INSIDE = [
    St(s="ent:Club", p="kg:locatedIn", o="ent:Rome", modality="Possible", plain=False),
    St(s="ent:Rome", p="kg:partOf", o="ent:Spain", modality="Possible", plain=False),
]
PLACES = (
    ENTITIES
    + """ent:Rome a kg:City ; rdfs:label "Rome" . ent:Madrid a kg:City ; rdfs:label "Madrid" .
ent:Club a kg:Facility ; rdfs:label "club" ."""
)


def gold_with_places() -> dict[str, Any]:
    of = gold()
    of["entities"] += [entity("rome", ["Rome"], "City"), entity("madrid", ["Madrid"], "City")]
    of["facts"].append(fact("f8", "meeting", ["occursIn"], "spain"))
    return of


def test_more_precise_place_is_right(bench: Bench) -> None:
    of = gold_with_places()
    micro, document = bench.one([*but(), met("ent:Club"), *INSIDE], of, entities=PLACES)
    assert not document.missed
    assert not document.spurious
    assert micro["precision_lower"] == 1


@pytest.mark.parametrize(
    "statements",
    [
        [met("ent:Club")],
        [met("ent:Club"), INSIDE[0]],
        [met("ent:Madrid"), *INSIDE],
        [
            met("ent:Club"),
            St(s="ent:Club", p="kg:locatedIn", o="ent:Rome", polarity="Negative", plain=False),
            INSIDE[1],
        ],
    ],
    ids=["nothing says so", "only half way", "another place", "said not to lie there"],
)
def test_place_elsewhere_is_wrong(bench: Bench, statements: list[St]) -> None:
    assert ids(bench.one([*but(), *statements], gold_with_places(), entities=PLACES)[1]) == ["f8"]


def test_wider_place_is_wrong(bench: Bench) -> None:
    of = gold_with_places()
    gold_fact(of, "f8")["o"] = "rome"
    assert ids(bench.one([*but(), met("ent:Spain"), *INSIDE], of, entities=PLACES)[1]) == ["f8"]


def test_gold_may_say_where_a_place_lies(bench: Bench) -> None:
    of = gold_with_places()
    of["facts"].append(fact("f9", "rome", ["locatedIn"], "spain", core=False))
    assert ids(bench.one([*but(), met("ent:Rome")], of, entities=PLACES)[1]) == ["f9"]


def test_precise_place_excuses_nothing_forbidden_or_negative(bench: Bench) -> None:
    of = gold_with_places()
    of["must_not"].append({"s": "meeting", "p": ["occursIn"], "o": "rome", "why": "elsewhere"})
    micro, document = bench.one([*but(), met("ent:Rome"), INSIDE[1]], of, entities=PLACES)
    assert micro["must_not_violations"] == 1
    assert micro["precision_lower"] < 1
    assert ids(document) == ["f8"]
    of = gold_with_places()
    gold_fact(of, "f8")["polarity"] = "Negative"
    not_there = St(s="ent:Meeting", p="kg:occursIn", o="ent:Club", polarity="Negative", plain=False)
    assert ids(bench.one([*but(), not_there, *INSIDE], of, entities=PLACES)[1]) == ["f8"]


def test_by_line_matches_the_document_node(bench: Bench) -> None:
    of = gold()
    of["entities"].append(entity("@doc", ["Tiny"], "Product"))
    of["facts"].append(fact("f8", "ruiz", ["wrote"], "@doc"))
    by_line = St(s="ent:AnaRuiz", p="kg:wrote", o="<https://kg.example.org/document/tiny>")
    micro, _ = bench.one([*but(), by_line], of)
    assert micro["all_strict"] == micro["entity_recall"] == micro["precision_lower"] == 1
