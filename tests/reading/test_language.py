"""English is let through, whatever its form; other languages are named."""

from __future__ import annotations

import json
import logging
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Document
from kg.processes import Process
from kg.reading import foreign_language, read_paths

ROOT = Path(__file__).resolve().parents[2]

TEXTS = json.loads(Path(__file__).with_name("languages.json").read_text("utf-8"))
"""Texts of our own: `named` by the name each must get, `not_english` that may get any, `english` that must pass."""
FOREIGN = TEXTS["named"]


@pytest.mark.parametrize("language", FOREIGN)
def test_other_languages_are_named(language: str) -> None:
    assert foreign_language(FOREIGN[language]) == language


@pytest.mark.parametrize("language", TEXTS["not_english"])
def test_languages_that_are_alike_or_unknown_are_not_english(language: str) -> None:
    assert foreign_language(TEXTS["not_english"][language]) is not None


@pytest.mark.parametrize("text", TEXTS["english"])
def test_english_of_any_form_and_what_tells_nothing_pass(text: str) -> None:
    assert foreign_language(text) is None


def test_no_text_of_ours_is_taken_for_another_language() -> None:
    texts = [item.text for item in read_paths([ROOT / "seeds"]) if isinstance(item, Document)]
    texts += [path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.txt")]
    for file in (ROOT / "tests").rglob("*.jsonl"):
        rows = (json.loads(line) for line in file.read_text("utf-8").splitlines())
        texts += [row["text"] for row in rows if isinstance(row.get("text"), str)]
    assert len(texts) > 50
    assert [text for text in texts if foreign_language(text)] == []
    paragraphs = [paragraph for text in texts for paragraph in text.split("\n")]
    assert [text for text in paragraphs if foreign_language(text)] == []


@given(st.text(st.characters(max_codepoint=0x24F)), st.integers(0, 18))
def test_nothing_is_said_of_few_words_in_latin_letters(text: str, count: int) -> None:
    words = [word for word in text.split() if word.isascii()]
    assert foreign_language(" ".join([*words, *FOREIGN["German"].split()][:count])) is None


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert foreign_language(text) in (None, "a language other than English") or text


def test_the_time_does_not_depend_on_the_length() -> None:
    started = time.perf_counter()
    assert foreign_language(FOREIGN["German"] * 50_000) == "German"
    assert time.perf_counter() - started < 0.5


def test_an_english_text_may_quote_another_language_at_length() -> None:
    story = "The minister spoke to the press in Lima on Monday, and she said that the talks had been of use. " * 7
    assert foreign_language(story + FOREIGN["Spanish"] + story) is None


def test_it_is_said_once_and_the_document_stays(caplog: pytest.LogCaptureFixture) -> None:
    document = Document(path="a\u202eb.txt", text=FOREIGN["German"], source="b.txt")
    with caplog.at_level(logging.WARNING, "kg"):
        outcome = Process().extract(document)
    assert outcome.document is document  # type: ignore[union-attr]
    assert outcome.relations == () == outcome.entities  # type: ignore[union-attr]
    (said,) = caplog.messages
    assert said == "a\\u202eb.txt: written in German, so no statements are read from it; translate it to have some"
