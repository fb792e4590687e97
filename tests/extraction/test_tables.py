"""The word tables: well formed, without repetitions, of known values, and each read by some code."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg.extraction
from kg.extraction.lexicon import DATA, english, read_table
from kg.model import Modality
from kg.vocabulary import CLASSES, RELATIONS

TABLES = sorted(DATA.glob("*.tsv"))
SOURCES = "\n".join(path.read_text("utf-8") for path in Path(kg.extraction.__file__).parent.glob("*.py"))
PREDICATE_PARTS = {"verb", "noun", "adjective"}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_rows_have_all_columns_and_stand_once(table: Path) -> None:
    header, *rows = table.read_text("utf-8").splitlines()
    width = header.count("\t")
    assert [row for row in rows if row.count("\t") != width] == []
    assert sorted({row for row in rows if rows.count(row) > 1}) == []


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("function_words", ("class", "word")),
        ("governors", ("lemma", "part")),
        ("reporting", ("lemma", "part")),
        ("nouns", ("noun",)),
        ("roles", ("noun",)),
        ("titles", ("abbreviation",)),
        ("honorifics", ("honorific",)),
        ("first_names", ("name",)),
    ],
)
def test_no_key_is_given_twice(name: str, columns: tuple[str, ...]) -> None:
    keys = [tuple(row[column] for column in columns) for row in read_table(DATA / f"{name}.tsv")]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_frames_name_properties_and_classes_that_exist() -> None:
    for (lemma, part), frames in english().frames.items():
        assert lemma == lemma.lower(), lemma
        assert part in PREDICATE_PARTS, lemma
        for frame in frames:
            assert frame.property in RELATIONS, lemma
            assert frame.object_types <= {*CLASSES, "Literal"}, lemma


def test_effects_are_modalities_or_known_words() -> None:
    assert set(english().governors.values()) <= {*Modality, "Negative"}
    assert set(english().reporting.values()) <= {"claim", "denial", "doubt", "wish"}


def test_nouns_have_classes() -> None:
    assert set(english().nouns.values()) <= set(CLASSES)


def test_classes_of_function_words_are_read_somewhere() -> None:
    assert [name for name in english().features if f'"{name}"' not in SOURCES] == []
