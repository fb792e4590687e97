"""The measures of open extraction on tiny made-up cases, and the files that go in and out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.open_extraction import read_benchie, read_carb, to_develop, triples, tuples
from benchmarks.open_extraction_scores import (
    Tuple,
    fact_scores,
    may_word,
    sentence_key,
    word_match,
    word_scores,
    wordings,
)
from kg.errors import GoldError

ROOT = Path(__file__).parents[2]
FACTS = {"1": [[["Ana", "became", "[the] mayor [of Lima]"], ["Ana", "became [the] mayor of", "Lima"]],
               [["Ana", "left", "Lima"]]]}  # fmt: skip
BENCHIE = (
    "sent_id:1\tAna became the mayor of Lima .\n1--> Cluster 1:\nAna --> became --> [the] mayor [of Lima]\n"
    "Ana --> became [the] mayor of --> Lima\n\nsent_id:2\tIt rained .\n"
)
words = st.lists(st.sampled_from(["the", "a", "of", "Lima", "Ana", "mayor"]), min_size=1, max_size=4).map(" ".join)
extractions = st.lists(
    st.builds(Tuple, words, st.lists(words, min_size=1, max_size=3).map(tuple), st.sampled_from([0.2, 0.5, 0.9])),
    max_size=4,
)


@pytest.mark.parametrize("text", ["mayor", "the mayor", "mayor of Lima", "the mayor of Lima"])
def test_optional_words_may_be_there_or_not(text: str) -> None:
    assert text in wordings("[the] mayor [of Lima]")
    assert may_word("[the] mayor [of Lima]").fullmatch(text + " ")


@pytest.mark.parametrize("text", ["the", "mayor of", "Mayor", "mayor Lima", ""])
def test_other_words_may_not(text: str) -> None:
    assert text not in wordings("[the] mayor [of Lima]")
    assert not may_word("[the] mayor [of Lima]").fullmatch(text + " ")


def test_fact_is_said_by_any_of_its_triples_once() -> None:
    twice = [Tuple("became", ("Ana", "the mayor")), Tuple("became mayor of", ("Ana", "Lima"))]
    score = fact_scores(FACTS, {"1": twice})
    assert (score.precision, score.recall) == (1, 0.5)


def test_a_slot_with_other_words_says_nothing() -> None:
    score = fact_scores(FACTS, {"1": [Tuple("left", ("Ana", "Lima")), Tuple("became", ("Ana", "a mayor"))]})
    assert (score.precision, score.recall) == (0.5, 0.5)
    assert score.f1 == 0.5


def test_nothing_found_scores_nothing() -> None:
    assert fact_scores(FACTS, {}).f1 == 0
    assert word_scores({"": [Tuple("left", ("Ana", "Lima"))]}, {}).f1 == 0


def test_words_are_compared_slot_by_slot() -> None:
    gold = Tuple("became", ("Ana", "the mayor of Lima", "in May"))
    assert word_match(gold, Tuple("became", ("Ana", "mayor of Lima in May"))) == (1, 7 / 8)
    assert word_match(gold, Tuple("became", ("the mayor of Lima", "Ana"))) == (1 / 6, 1 / 8)
    assert word_match(gold, Tuple("was", ("Ana", "the mayor of Lima"))) == (0, 0)
    assert word_match(gold, Tuple("became", ("Ana",))) == (0, 0)


def test_be_stands_for_its_forms_and_saying_has_either_order() -> None:
    assert word_match(Tuple("is", ("Ana", "mayor")), Tuple("be", ("Ana", "mayor"))) == (1, 1)
    assert word_match(Tuple("said", ("Ana", "it rained")), Tuple("said", ("it rained", "Ana"))) == (1, 1)


def test_one_extraction_is_right_once_but_may_cover_several() -> None:
    gold = {"": [Tuple("left", ("Ana", "Lima")), Tuple("left", ("Ana", "Lima", "in May"))]}
    score = word_scores(gold, {"": [Tuple("left", ("Ana", "Lima", "in May"))]})
    assert (score.precision, score.recall) == (1, 1)
    assert score.area == 1


def test_best_threshold_leaves_out_what_is_wrong() -> None:
    gold = {"": [Tuple("left", ("Ana", "Lima"))]}
    found = {"": [Tuple("left", ("Ana", "Lima"), 0.9), Tuple("rained", ("It", "May"), 0.2)]}
    score = word_scores(gold, found)
    assert (score.precision, score.recall, score.area) == (1, 1, 1)


@given(extractions, extractions)
def test_measures_lie_between_nothing_and_all(gold: list[Tuple], found: list[Tuple]) -> None:
    score = word_scores({"": gold}, {"": found})
    assert 0 <= score.precision <= 1
    assert 0 <= score.recall <= 1
    assert score.area is not None
    assert 0 <= score.area <= 1 + 1e-9


@given(extractions.filter(bool))
def test_gold_itself_scores_everything(gold: list[Tuple]) -> None:
    sure = [Tuple(t.predicate, t.arguments) for t in gold]
    assert word_scores({"": sure}, {"": sure}).f1 == pytest.approx(1)


def test_sentence_is_known_however_it_is_written() -> None:
    assert sentence_key("Ana -LRB- 42 -RRB- left , too .") == sentence_key("Ana (42) left, too.")


def test_gold_files_are_read(tmp_path: Path) -> None:
    benchie, carb = tmp_path / "benchie.txt", tmp_path / "carb.tsv"
    benchie.write_text(BENCHIE, encoding="utf-8")
    carb.write_text("Ana left Lima .\tleft\tAna\tLima\tC: why\tin May\t\n", encoding="utf-8")
    assert read_benchie(benchie) == {"1": ("Ana became the mayor of Lima .", FACTS["1"][:1]), "2": ("It rained .", [])}
    assert read_carb(carb) == {"AnaleftLima": ("Ana left Lima .", [Tuple("left", ("Ana", "Lima", "in May"))])}


@pytest.mark.parametrize("text", ["", "Ana left Lima.\n", "sent_id:1\tAna left.\n1--> Cluster 1:\nAna --> left\n"])
def test_broken_gold_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "gold.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GoldError, match=r"gold\.txt"):
        read_benchie(path)


SENTENCE = "In May the mayor was met with joy by Ana in Lima ."


def part(text: str, marker: str | None = None) -> dict[str, object]:
    """A mention of `SENTENCE`, or an argument of it."""
    begin = SENTENCE.index(text)
    return {"text": text, "begin": begin, "end": begin + len(text)} | ({} if marker is None else {"marker": marker})


def row(spans: list[str], subject: str, object: str, *arguments: dict[str, object]) -> dict[str, object]:
    """A row of `kg extract` on `SENTENCE`."""
    places = [[SENTENCE.index(text), SENTENCE.index(text) + len(text)] for text in spans]
    return {
        "subject": part(subject),
        "object": {**part(object), "entity": object},
        "predicate": {"text": " ".join(spans), "spans": places},
        "arguments": list(arguments),
        "confidence": 0.8,
    }


def test_passives_read_from_the_patient_and_arguments_make_triples() -> None:
    passive = row(["was met", "by"], "Ana", "the mayor", part("Lima", "in"), part("May", "in"), part("joy", "with"))
    silent = row([], "Ana", "the mayor")
    assert triples(SENTENCE, [passive, passive, silent]) == [
        Tuple("was met by", ("the mayor", "Ana"), 0.8),
        Tuple("was met by Ana in", ("the mayor", "Lima"), 0.8),
        Tuple("was met by Ana In", ("the mayor", "May"), 0.8),
    ]
    assert tuples(SENTENCE, [passive, silent]) == [
        Tuple("was met by", ("the mayor", "Ana", "in Lima", "In May", "with joy"), 0.8)
    ]


def test_object_between_verb_and_preposition_belongs_to_the_predicate() -> None:
    assert triples(SENTENCE, [row(["was met", "in"], "the mayor", "Lima", part("joy", ""))]) == [
        Tuple("was met joy in", ("the mayor", "Lima"), 0.8)
    ]


def test_preposition_before_the_clause_comes_last() -> None:
    assert triples(SENTENCE, [row(["In", "was met"], "the mayor", "May")])[0].predicate == "was met In"


def test_statements_inside_one_phrase_are_left_out() -> None:
    assert triples(SENTENCE, [row(["mayor"], "the mayor", "mayor")]) == []


def test_halves_are_fixed() -> None:
    assert [to_develop(text) for text in ("Ana left Lima .", "It rained .", "He left .")] == [False, True, True]


@pytest.mark.model
def test_benchmark_runs_from_the_command_line(tmp_path: Path) -> None:
    gold, written = tmp_path / "gold.tsv", tmp_path / "found.tsv"
    gold.write_text("Ana Ruiz visited Lima in May .\tvisited\tAna Ruiz\tLima\tin May\n", encoding="utf-8")
    command = [sys.executable, "-m", "benchmarks.open_extraction", "carb", gold, "--write", written]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert json.loads(run.stdout)["f1"] > 0.9
    assert written.read_text(encoding="utf-8").startswith("Ana Ruiz visited Lima in May .\t")
    missing = subprocess.run([*command[:4], tmp_path / "none"], capture_output=True, text=True, cwd=ROOT)
    assert missing.returncode == 2
    assert "Traceback" not in missing.stderr
