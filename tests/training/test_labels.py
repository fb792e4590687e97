"""Label maps: every type they name exists, and partial schemes stay partial."""

import pytest

from kg.annotation.coreference import head_of
from training import labels
from training.corpora import held_out
from training.tokenization import word_spans


def test_maps_name_known_tags() -> None:
    tags = set(labels.NER_TAGS)
    for corpus, mapping in labels.NER_MAPS.items():
        for types in [*mapping.values(), labels.NER_OUTSIDE[corpus]]:
            for name in types.split():
                assert set(labels.tags_of(name, "BI")) <= tags, (corpus, name)


def test_gum_and_litbank_types_are_mention_types() -> None:
    for types in [*labels.GUM_TYPES.values(), *labels.LITBANK_TYPES.values()]:
        assert set(types.split()) <= set(labels.MENTION_TYPES)


def test_universal_ner_does_not_teach_dates_as_absent() -> None:
    outside = labels.NER_OUTSIDE["uner_ewt"].split()
    assert "Date" in outside
    assert "Person" not in outside


@pytest.mark.parametrize(
    ("word", "lemma", "script"),
    [
        ("killed", "kill", "2||L"),
        ("Ministries", "ministry", "3|y|L"),
        ("U.S.", "U.S.", "0||U"),
        ("went", "go", "4|go|L"),
    ],
)
def test_lemma_script(word: str, lemma: str, script: str) -> None:
    assert labels.lemma_script(word, lemma) == script


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Russia's troops don't stop.", ["Russia", "'s", "troops", "do", "n't", "stop", "."]),
        ("the U.S. and they’re here", ["the", "U.S.", "and", "they", "’re", "here"]),
        ("Sen. J. Reed (D-R.I.)", ["Sen.", "J.", "Reed", "(", "D", "-", "R.I.", ")"]),
        ("$1,200.50 on Jan. 5", ["$", "1,200.50", "on", "Jan.", "5"]),
        ("", []),
    ],
)
def test_word_spans(text: str, words: list[str]) -> None:
    assert [text[begin:end] for begin, end in word_spans(text)] == words


def test_head_stands_before_the_first_modifier() -> None:
    assert head_of(["the", "minister", "of", "defense"], 0, 4) == 1
    assert head_of(["officials"], 0, 1) == 0


def test_held_out_documents_are_fixed() -> None:
    assert not held_out("a-real-001")
    assert [ident for n in range(1, 40) if held_out(ident := f"a-{n:03d}")][:3] == ["a-003", "a-004", "a-005"]
    share = sum(held_out(f"x-{number}") for number in range(2000)) / 2000
    assert abs(share - 3 / 16) < 0.03
