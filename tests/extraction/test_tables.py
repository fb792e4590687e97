"""The word tables: well formed, without repetitions, of known values, and each read by some code."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg.extraction
from kg.extraction.lexical_entries import SLOT, SYNSEM, read_entries
from kg.extraction.lexicon import DATA, english, read_table
from kg.model import Modality
from kg.ontology_files import ontology_path, parse_file
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
        ("label_words", ("class", "word")),
        ("type_confusions", ("type", "other")),
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


def test_lexicon_is_told_once_and_in_slots_that_it_describes() -> None:
    quads = parse_file(ontology_path("lexicon-en.ttl"))
    entries = read_entries(quads)
    words = [(entry.lemma, entry.part) for entry in entries]
    assert sorted({word for word in words if words.count(word) > 1}) == []
    arguments = [quad.subject.value for quad in quads if quad.object.value == SYNSEM + "SyntacticArgument"]
    described = {iri.removeprefix(SLOT) for iri in arguments}
    used = {slot for entry in entries for sense in entry.senses for slot in (*sense.subject, *sense.object)}
    prepositions = {row["word"] for row in read_table(DATA / "label_words.tsv") if row["class"] == "preposition"}
    assert used <= described | prepositions


def test_classes_of_label_words_are_read_somewhere() -> None:
    classes = {row["class"] for row in read_table(DATA / "label_words.tsv")}
    assert [name for name in sorted(classes) if f'"{name}"' not in SOURCES] == []


def test_type_confusions_are_of_classes_and_never_sure() -> None:
    for row in read_table(DATA / "type_confusions.tsv"):
        assert {row["type"], row["other"]} <= set(CLASSES)
        assert row["type"] < row["other"]
        assert 0 < float(row["fit"]) < 1


def test_effects_are_modalities_or_known_words() -> None:
    assert set(english().governors.values()) <= {*Modality, "Negative"}
    assert set(english().reporting.values()) <= {"claim", "denial", "doubt", "suspicion", "wish"}


def test_nouns_have_classes() -> None:
    assert set(english().nouns.values()) <= set(CLASSES)


def test_classes_of_function_words_are_read_somewhere() -> None:
    assert [name for name in english().features if f'"{name}"' not in SOURCES] == []
