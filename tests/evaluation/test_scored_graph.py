"""How the graph is read: documents, plain triples, contract, evidence, precision, calibration."""

import json
from pathlib import Path

import pytest
from tiny_gold import ENTITIES, TINY, Bench, St, but, gold, gold_claimed, trig

from kg.errors import GoldError, StoreError
from kg.evaluation import evaluate, missed_lines, spurious_lines, to_markdown, to_text
from kg.evaluation.command import run

BORN = St(s="ent:AnaRuiz", p="kg:bornIn", o="ent:Oslo")
CLAIMED = {"status": "Claimed", "by": "ent:BoLi", "plain": False}


def test_claim_taken_for_a_fact_is_a_violation(bench: Bench) -> None:
    micro, document = bench.one(but(f3={"plain": True}))
    assert micro["must_not_violations"] == micro["unjustified_plain"] == 1
    assert micro["precision_lower"] == micro["precision_judged"] == 0.8
    assert document.spurious[0].reason == "must_not"
    assert document.violations[0].predicted == ["China | threatens | peace"]


def test_judged_triples(bench: Bench, tmp_path: Path) -> None:
    extra = [
        BORN,
        St(s="ent:AnaRuiz", p="kg:supports", o="ent:Peace"),
        St(s="ent:AnaRuiz", p="kg:says", o='"hello"'),
        St(s="ent:AnaRuiz", p="rel:like", o="ent:Oslo"),
    ]
    micro, document = bench.one(but() + extra)
    assert (micro["predicted"], micro["unjudged"]) == (6, 2), "neither quotations nor open relations"
    assert (micro["precision_lower"], micro["precision_judged"]) == (0.6667, 1)
    assert {(row.predicate, row.reason, row.correct) for row in document.spurious} == {
        ("bornIn", "unmatched", None),
        ("supports", "unmatched", None),
    }
    assert document.spurious[0].evidence == ["Ruiz"]
    judged = tmp_path / "judged.jsonl"
    rows = [{**row.to_json(), "correct": row.predicate == "supports"} for row in document.spurious]
    judged.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    micro, _ = bench.one(but() + extra, judged=[judged])
    assert (micro["unjudged"], micro["precision_judged"], micro["precision_lower"]) == (0, 0.8333, 0.6667)


def test_symmetric_pair_counts_once(bench: Bench) -> None:
    micro, _ = bench.one([*but(), St(s="ent:AnaRuiz", p="kg:meetsWith", o="ent:BoLi")])
    assert micro["predicted"] == 4
    assert micro["precision_lower"] == 1


def test_evidence_must_stand_in_the_text(bench: Bench) -> None:
    micro, document = bench.one(but(f6={"evidence": "not in text"}))
    assert micro["evidence_ok"] == 0.8571
    assert document.evidence_errors == {"not in the text": 1}
    shifted = trig(but()).replace("nif:beginIndex 0 ", "nif:beginIndex 1 ")
    assert bench.score(shifted).documents[0].evidence_errors == {"offsets": 1}
    micro, _ = bench.one(but(), text="X" + "Ruiz, 41")
    assert micro["text_equal"] == 0


@pytest.mark.parametrize(
    ("graph", "known"),
    [
        ({"source": "", "doc": "<https://kg.example.org/document/news/tiny>"}, True),
        ({"source": "", "doc": "<https://kg.example.org/document/x.jsonl/Tiny>"}, True),
        ({"graph": "<https://kg.example.org/graph/7>"}, True),
        ({"source": "", "doc": "<https://kg.example.org/document/else>"}, False),
    ],
)
def test_document_is_found_by_source_or_name(bench: Bench, graph: dict[str, str], known: bool) -> None:
    bench.put("tiny", gold())
    scores = bench.score(trig(but(), **graph))
    assert scores.micro["core_strict"] == (1 if known else 0)
    assert scores.missing_documents == ([] if known else ["tiny"])


def test_fact_of_two_documents_stands_once(bench: Bench) -> None:
    scores, _, _ = bench.two(but(), but())
    micro = scores.micro
    assert micro["all_strict"] == micro["precision_lower"] == micro["evidence_ok"] == 1
    assert micro["fragmentation"] == micro["conflation"] == 0
    assert (micro["facts"], micro["plain"], micro["predicted"]) == (4, 8, 8)


def test_what_one_document_claims_another_may_assert(bench: Bench) -> None:
    scores, tiny, other = bench.two(but(f2=CLAIMED), but(), of_tiny=gold_claimed("f2"))
    micro = scores.micro
    assert micro["all_strict"] == micro["precision_lower"] == 1
    assert micro["must_not_violations"] == micro["unjustified_plain"] == 0
    assert (tiny.rates["plain"], other.rates["plain"]) == (3, 4)
    assert micro["asserted_sourced"] == 0, "one statement IRI in two documents is two statements"


def test_plain_triple_of_another_document_is_no_credit(bench: Bench) -> None:
    _, tiny, other = bench.two(but(f2=CLAIMED), but())
    assert tiny.rates["all_triple"] == 1
    assert [row.id for row in tiny.missed] == ["f2"]
    assert not other.missed
    _, tiny, _ = bench.two(but("f2"), but())
    assert tiny.rates["all_triple"] == 0.8571


def test_wrong_assertion_counts_where_it_was_made(bench: Bench) -> None:
    of = gold_claimed("f2")
    _, tiny, other = bench.two(but(), but(f2=CLAIMED), of_tiny=of, of_other=of)
    assert [row.id for row in tiny.missed] == ["f2"]
    assert len(tiny.violations) == 1
    assert tiny.rates["precision_lower"] < 1
    assert not other.missed
    assert not other.violations
    assert other.rates["precision_lower"] == 1


def test_unjustified_triple_counts_against_all_that_speak_of_it(bench: Bench) -> None:
    of = gold_claimed("f2")
    bare = "ent:AnaRuiz kg:citizenOf ent:Spain ."
    _, *documents = bench.two(but(f2=CLAIMED), but(f2=CLAIMED), of_tiny=of, of_other=of, extra=bare)
    for document in documents:
        rates = document.rates
        assert rates["unjustified_plain"] == rates["must_not_violations"] == 1
        assert (rates["precision_lower"], rates["all_triple"]) == (0.75, 1)
        assert [row.id for row in document.missed] == ["f2"]


def test_facts_without_any_statement(bench: Bench) -> None:
    extra = f'ent:AnaRuiz kg:owns ent:Oslo ; rel:like ent:Oslo ; kg:shortName "Ruiz" ; kg:mentionedIn {TINY} .'
    extra += ' rel:like a kg:OpenRelation ; rdfs:label "like" .'
    bench.put("tiny", gold())
    scores = bench.score(trig(but(), extra=extra))
    micro = scores.micro
    assert (micro["unsupported_facts"], micro["facts"]) == (2, 6), "an annotation such as kg:shortName is none"
    assert (micro["plain"], micro["all_strict"], micro["precision_lower"]) == (4, 1, 1)
    assert {(row.document, row.reason, row.predicate) for row in scores.spurious} == {
        (None, "unsupported", "owns"),
        (None, "unsupported", "like"),
    }


def test_derived_and_identity_graphs_are_not_read(bench: Bench) -> None:
    lies = 'ent:China kg:threatens ent:Peace ; a kg:Person ; rdfs:label "Bo Li" . ent:AnaRuiz kg:signs ent:Pact .'
    extra = "\n".join(f"<https://kg.example.org/graph/{name}> {{ {lies} }}" for name in ("inferred", "identity"))
    micro, _ = bench.one(but(), extra=extra)
    assert micro["all_strict"] == micro["type_exact"] == micro["precision_lower"] == 1
    assert micro["conflation"] == micro["misplaced_facts"] == micro["must_not_violations"] == 0


def test_plain_triple_in_a_document_graph_is_no_fact(bench: Bench) -> None:
    extra = f"{TINY} {{ ent:AnaRuiz kg:age 41 . ent:Spain kg:borders ent:China . }}"
    micro, document = bench.one(but(f6={"plain": False}), extra=extra)
    assert (micro["misplaced_facts"], micro["asserted_not_plain"]) == (2, 1)
    assert [row.id for row in document.missed] == ["f6"]


def test_calibration(bench: Bench) -> None:
    values = dict(f1=0.9, f2=1.0, f3=0.9, f4=0.9, f5=0.9, f6=0.5, f7=0.9)
    statements = but(**{id: {"confidence": value} for id, value in values.items()})
    bench.put("tiny", gold())
    scores = bench.score(trig([*statements, St(s=BORN.s, p=BORN.p, o=BORN.o, confidence=0.3)]))
    found = scores.calibration
    assert found is not None
    assert found.count == 5
    assert found.brier == pytest.approx((0.01 + 0 + 0.25 + 0.01 + 0.09) / 5)
    assert [(row.count, row.right) for row in found.bins] == [(0, None), (1, 0), (1, 1), (0, None), (3, 1)]
    assert bench.score(trig(but())).calibration is None


def test_reports(bench: Bench, tmp_path: Path) -> None:
    bench.put("tiny", gold())
    scores = bench.score(trig([*but("f2", f3={"plain": True}), BORN]))
    text = to_text(scores)
    assert "MICRO" in text
    assert "must_not VIOLATED  tiny: China | threatens | peace  (claim)" in text
    missed = list(missed_lines(scores))
    assert missed[0].startswith("MISSED      tiny f2   Ana Ruiz | citizenOf | Spain")
    assert any(line.startswith("STATUS core tiny f3") for line in missed)
    assert "ENTITY missed tiny: Spain" in missed
    assert [json.loads(line)["p"] for line in spurious_lines(scores)] == ["bornIn", "threatens"]
    assert "| forbidden triples stated as facts | 1 of 2 |" in to_markdown(scores)
    graph, lists = tmp_path / "graph.trig", (tmp_path / "new" / "missed.txt", tmp_path / "spurious.jsonl")
    printed = run(tmp_path / "gold", graph, "json", missed=lists[0], spurious=lists[1])
    assert json.loads(printed) == json.loads(json.dumps(scores.to_json()))
    assert lists[0].read_text(encoding="utf-8").splitlines() == missed
    assert len(lists[1].read_text(encoding="utf-8").splitlines()) == 2


def test_scores_are_the_same_from_a_file_and_from_a_store(bench: Bench, tmp_path: Path) -> None:
    from kg.graph import load_graph

    bench.put("tiny", gold())
    scores = bench.score(trig(but("f3"), ENTITIES))
    assert evaluate(tmp_path / "gold", load_graph(tmp_path / "graph.trig")).to_json() == scores.to_json()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "not readable as JSON"),
        ("[]", "expected one JSON object"),
        ('{"doc": "x", "facts": []}', "key 'entities' is missing"),
        ('{"doc": "x", "entities": [{"id": "e", "names": [], "type": []}], "facts": []}', "has no name"),
        ('{"doc": "x", "entities": 3, "facts": []}', "wrong kind"),
        ("{}", "no gold"),
    ],
)
def test_broken_gold_is_told_in_one_line(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "x.json").write_text(content, encoding="utf-8")
    with pytest.raises(GoldError, match=told) as raised:
        evaluate(tmp_path, tmp_path / "none.trig")
    assert "\n" not in str(raised.value)


def test_fact_about_an_undeclared_entity_is_told(tmp_path: Path) -> None:
    of = gold()
    of["facts"][0]["s"] = "nobody"
    (tmp_path / "tiny.json").write_text(json.dumps(of), encoding="utf-8")
    with pytest.raises(GoldError, match="f1 names entity nobody"):
        evaluate(tmp_path, tmp_path / "none.trig")


def test_missing_graph_and_folder_are_told(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="no such folder"):
        evaluate(tmp_path / "nowhere", tmp_path)
    bench.put("tiny", gold())
    with pytest.raises(StoreError):
        evaluate(tmp_path / "gold", tmp_path / "none.trig")
    with pytest.raises(GoldError, match="cannot be read"):
        evaluate(tmp_path / "gold", tmp_path, judged=[tmp_path / "none.jsonl"])
