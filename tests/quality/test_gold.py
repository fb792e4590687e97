"""The quality sets are whole: texts and gold agree, and a perfect graph of them scores 100 %."""

import json
from pathlib import Path

import pytest
from perfect_graph import perfect_graph

from kg.evaluation import evaluate
from kg.evaluation.gold import read_gold

HERE = Path(__file__).parent
SETS = ("stories", "kgnews")
RECALL = ("core_triple", "core_strict", "all_triple", "all_strict", "entity_recall")
WHOLE = (*RECALL, "type_exact", "precision_lower", "evidence_ok", "text_equal")
AMBIGUOUS = 0.005
"""Share of entities that other things of the same document share all names with ('the minister')."""


@pytest.mark.parametrize("name", SETS)
def test_every_document_has_text_gold_and_input(name: str) -> None:
    documents = list(read_gold(HERE / name / "gold"))
    lines = (HERE / name / "docs.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {row["id"]: row["text"] for row in map(json.loads, lines)}
    assert texts == {document.id: document.text for document in documents}
    assert {path.stem for path in (HERE / name / "texts").iterdir()} == texts.keys()


@pytest.mark.parametrize("name", SETS)
def test_evidence_stands_in_the_text(name: str) -> None:
    for document in read_gold(HERE / name / "gold"):
        assert document.text is not None
        assert not [fact.id for fact in document.facts if not fact.evidence or fact.evidence not in document.text]


@pytest.mark.parametrize("name", SETS)
def test_perfect_graph_scores_everything(name: str, tmp_path: Path) -> None:
    graph = tmp_path / "perfect.trig"
    graph.write_text(perfect_graph(HERE / name), encoding="utf-8")
    micro = evaluate(HERE / name / "gold", graph).micro
    assert {measure: micro[measure] for measure in WHOLE} == dict.fromkeys(WHOLE, 1)
    for fault in ("must_not_violations", "unjustified_plain", "unsupported_facts", "asserted_not_plain"):
        assert micro[fault] == 0, fault
    for share in ("fragmentation", "conflation"):
        assert (micro[share] or 0) < AMBIGUOUS, share


def test_claims_taken_for_facts_are_punished(tmp_path: Path) -> None:
    graph = tmp_path / "gullible.trig"
    graph.write_text(perfect_graph(HERE / "stories", claims_as_facts=True), encoding="utf-8")
    micro = evaluate(HERE / "stories" / "gold", graph).micro
    assert micro["core_triple"] == 1
    assert (micro["core_strict"] or 0) < 0.85
    assert (micro["precision_lower"] or 0) < 0.9
    assert (micro["must_not_violations"] or 0) > 20
