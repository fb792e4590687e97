"""Scores by extractor, property and kind; two builds compared; the plot of confidence."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_gold import Bench, St, but, gold, trig

from kg.errors import GoldError
from kg.evaluation import compare, comparison_text, reliability_svg, to_markdown, to_text
from kg.evaluation.command import run
from kg.evaluation.outcomes import OPEN, by_extractor, by_kind, by_property
from kg.evaluation.scores import calibrate

BORN = St(s="ent:AnaRuiz", p="kg:bornIn", o="ent:Oslo", extractor="roles")


def test_extractors_answer_for_what_they_state(bench: Bench) -> None:
    named = {"f1": {"extractor": "events"}, "f2": {"extractor": "roles"}, "f6": {"extractor": "roles"}}
    _, document = bench.one([*but("f7", **named), BORN])
    found = by_extractor(document.facts, document.triples)
    assert list(found) == ["events", "roles"]
    roles = found["roles"]
    assert (roles.facts, roles.found, roles.strict) == (2, 2, 2)
    assert (roles.triples, roles.matched, roles.right, roles.wrong) == (3, 2, 2, 0)


def test_properties_know_what_is_missing_and_what_is_too_much(bench: Bench) -> None:
    _, document = bench.one([*but("f6"), BORN])
    found = by_property(document.facts, document.triples)
    assert (found["age"].facts, found["age"].found, found["age"].triples) == (1, 0, 0)
    assert (found["bornIn"].facts, found["bornIn"].triples, found["bornIn"].matched) == (0, 1, 0)


def test_open_relations_are_one_row(bench: Bench) -> None:
    changed = gold()
    changed["facts"][1]["p"] = ["admire"]
    _, document = bench.one([*but("f2"), St(s="ent:AnaRuiz", p="rel:admire", o="ent:Spain")], changed)
    found = by_property(document.facts, document.triples)
    assert "admire" not in found
    assert (found[OPEN].facts, found[OPEN].strict, found[OPEN].triples, found[OPEN].matched) == (1, 1, 1, 1)


def test_kinds_tell_claims_that_were_taken_for_something_else(bench: Bench) -> None:
    _, document = bench.one(but(f3={"status": "Asserted", "by": None, "modality": "Possible"}))
    found = by_kind(document.facts, document.statements)
    tally, stated, rightly = found["claimed"]
    assert (tally.facts, tally.found, tally.strict, stated) == (1, 1, 0, 0)
    assert found["non-actual"][1:] == (2, 1)
    assert found["plain"][1:] == (4, 4)
    assert rightly == 0


def test_two_builds_are_compared_fact_by_fact(bench: Bench) -> None:
    bench.put("tiny", gold())
    old = bench.score(trig([*but("f1 f2"), BORN]))
    new = bench.score(trig([*but("f2", f6={"plain": False}), St(s="ent:AnaRuiz", p="kg:supports", o="ent:Peace")]))
    found = compare(old, new)
    assert [(before.id, after.strict) for before, after in found.better] == [("f1", True)]
    assert [(before.id, after.triple, after.strict) for before, after in found.worse] == [("f6", True, False)]
    assert [triple.triple[1] for triple in found.gone] == ["bornIn"]
    assert [triple.triple[1] for triple in found.new] == ["supports"]
    assert found.measures["all_strict"] == (old.micro["all_strict"], new.micro["all_strict"])
    text = comparison_text(found)
    assert "core tiny f1: Ana Ruiz | meetsWith | Bo Li  missed -> found  <- x" in text
    assert "tiny: Ana Ruiz | supports | peace  <- Ruiz" in text


def test_a_build_differs_in_nothing_from_itself(bench: Bench) -> None:
    bench.put("tiny", gold())
    scores = bench.score(trig([*but("f1"), BORN]))
    found = compare(scores, scores)
    assert not (found.better or found.worse or found.gone or found.new)


def test_builds_of_different_gold_are_not_compared(bench: Bench) -> None:
    bench.put("tiny", gold())
    old = bench.score(trig(but()))
    bench.put("other", gold())
    with pytest.raises(GoldError, match="same folder"):
        compare(old, bench.score(trig(but())))


def test_reports_hold_the_tables(bench: Bench) -> None:
    bench.put("tiny", gold())
    scores = bench.score(trig(but(f1={"extractor": "events", "confidence": 0.9})))
    assert "events " in to_text(scores)
    assert "| events | 1 | 100.0 | 100.0 | 1 | 100.0 | 100.0 |" in to_markdown(scores)
    assert "| claimed | 1 | 100.0 % | 100.0 % | 1 | 100.0 % |" in to_markdown(scores)


def test_command_compares_and_draws(bench: Bench, tmp_path: Path) -> None:
    bench.put("tiny", gold())
    graph, old, plot = tmp_path / "new.trig", tmp_path / "old.trig", tmp_path / "plots" / "plot.svg"
    graph.write_text(trig(but(f1={"confidence": 0.9}, f2={"confidence": 0.6})), encoding="utf-8")
    old.write_text(trig(but("f1")), encoding="utf-8")
    told = run(tmp_path / "gold", graph, "json", against=old, reliability=plot)
    assert [row["id"] for row in json.loads(told)["better"]] == ["f1"]
    assert "facts better: 1 (1 core)" in run(tmp_path / "gold", graph, against=old)
    assert len(ET.parse(plot).findall(".//{*}circle")) == 2  # noqa: S314
    with pytest.raises(GoldError, match="nothing can be drawn"):
        run(tmp_path / "gold", old, reliability=plot)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30), st.text(max_size=20))
def test_plot_is_well_formed_and_within_its_frame(pairs: list[tuple[float, bool]], title: str) -> None:
    calibration = calibrate(pairs, bins=10)
    assert calibration is not None
    printable = "".join(c for c in title if c.isprintable())
    root = ET.fromstring(reliability_svg(calibration, printable))  # noqa: S314
    assert root.findtext("{*}title") == printable
    for circle in root.iter("{http://www.w3.org/2000/svg}circle"):
        assert 0 < float(circle.get("cx", "")) < float(root.get("width", ""))
        assert 0 < float(circle.get("cy", "")) < float(root.get("height", ""))
