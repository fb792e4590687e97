"""Rules and the model's scorer → one confidence; what the scorer alone may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trees import annotated, lines

from kg.annotation.semantics import MentionAnnotation, Semantics, StatementAnnotation
from kg.extraction import confidence, extract, learned
from kg.extraction.analysis import analyse
from kg.extraction.lexicon import DATA, read_table

BOUGHT = "Peru bought ships built by Korea."
MET = "Ana Ruiz met Pedro Sosa in Lima. The two visited Quito."


def _mention(text: str, words: str, type: str, kind: str = "name") -> MentionAnnotation:
    begin = text.index(words)
    return MentionAnnotation(begin=begin, end=begin + len(words), type=type, kind=kind, certainty=0.9)


def _statement(subject: int, property: str, object: int, score: float, **given: object) -> StatementAnnotation:
    plain = StatementAnnotation(
        subject=subject, object=object, property=property, confidence=score, claimed=0.0, modality="Actual",
        modality_certainty=0.9, negative=0.0, source=None, time=None, place=None, wording=(),
    )  # fmt: skip
    return replace(plain, **given)  # type: ignore[arg-type]


def _told(text: str, mentions: tuple[MentionAnnotation, ...], *statements: StatementAnnotation) -> list[str]:
    document = replace(annotated(text), semantics=Semantics(mentions=mentions, statements=statements))
    return lines(extract(document))


MENTIONS = (_mention(BOUGHT, "Peru", "Country"), _mention(BOUGHT, "Korea", "Country"))


@pytest.fixture
def weights(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """A table of weights that a test fills; the score alone counts."""
    table = {"score": 1.0}

    def given() -> Mapping[str, float]:
        return table

    monkeypatch.setattr(confidence, "weights", given)
    return table


def test_the_scorer_adds_what_no_rule_reads(weights: dict[str, float]) -> None:
    assert "Peru | kg:partnersWith | South Korea" in _told(BOUGHT, MENTIONS, _statement(0, "partnersWith", 1, 0.9))


def test_what_is_unlikely_is_left_out(weights: dict[str, float]) -> None:
    told = _told(BOUGHT, MENTIONS, _statement(0, "partnersWith", 1, 0.9), _statement(1, "opposes", 0, 0.1))
    assert not [line for line in told if "opposes" in line]


def test_a_rule_that_nothing_supports_is_left_out(weights: dict[str, float]) -> None:
    weights["by:events"] = -9.0
    mentions = (_mention(MET, "Ana Ruiz", "Person"), _mention(MET, "Pedro Sosa", "Person"))
    other = _statement(1, "siblingOf", 0, 0.9)
    assert "Ana Ruiz | kg:meetsWith | Pedro Sosa" not in _told(MET, mentions, other)
    weights["by:events"] = 3.0
    assert "Ana Ruiz | kg:meetsWith | Pedro Sosa" in _told(MET, mentions, other)


def test_status_comes_from_the_scorer_where_the_context_is_plain(weights: dict[str, float]) -> None:
    denied = _statement(0, "partnersWith", 1, 0.9, negative=0.9)
    assert "Peru | kg:partnersWith | South Korea | Negative" in _told(BOUGHT, MENTIONS, denied)


@pytest.mark.parametrize(
    ("property", "object"), [("holdsRole", "Korea"), ("partOf", "Pedro Sosa"), ("memberOf", "Pedro Sosa")]
)
def test_only_offices_are_held_and_nothing_is_part_of_a_person(
    weights: dict[str, float], property: str, object: str
) -> None:
    text = BOUGHT if object == "Korea" else MET
    first = "Peru" if text == BOUGHT else "Ana Ruiz"
    mentions = (_mention(text, first, "Person"), _mention(text, object, "Person"))
    assert not [line for line in _told(text, mentions, _statement(0, property, 1, 0.99)) if property in line]


def test_a_country_in_anothers_title_is_not_ones_own(weights: dict[str, float]) -> None:
    text = "Peruvian Defense Minister Ana Ruiz met Pedro Sosa. Ruiz thanked him."
    mentions = (_mention(text, "Pedro Sosa", "Person"), _mention(text, "Peruvian", "Country"))
    told = _told(text, mentions, _statement(0, "represents", 1, 0.99), _statement(0, "citizenOf", 1, 0.99))
    assert not [line for line in told if line.startswith("Pedro Sosa")]


def test_without_a_scorer_rules_stand_as_they_are() -> None:
    analysis = analyse(annotated(MET))
    relations = list(extract(annotated(MET)).relations)
    assert list(learned.judged(analysis, relations)) == relations


def test_table_is_sorted_and_numeric() -> None:
    rows = read_table(DATA / "confidence.tsv")
    names = [row["feature"] for row in rows]
    assert len(set(names)) == len(names)
    assert {"bias", "score", "by:learned"} <= set(names)
    assert all(abs(float(row["weight"])) < 20 for row in rows)


@given(st.dictionaries(st.sampled_from(["bias", "score", "rule", "by:learned", "no such feature"]), st.floats(-50, 50)))
def test_probability_is_one(features: dict[str, float]) -> None:
    assert 0.0 < confidence.probability(features) < 1.0
