"""Lemmas by rule: regular inflection, irregular forms, names as they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg.annotation
from kg.annotation.lemmas import Lemmatizer, apply_script, degree_stem, plural_stem

LEMMATIZER = Lemmatizer(Path(kg.annotation.__file__).parent / "model_en")


@pytest.mark.parametrize(
    ("form", "tag", "lemma"),
    [
        ("killed", "VBD", "kill"),
        ("denied", "VBD", "deny"),
        ("approving", "VBG", "approve"),
        ("planned", "VBN", "plan"),
        ("controlled", "VBD", "control"),
        ("visited", "VBD", "visit"),
        ("hosting", "VBG", "host"),
        ("announces", "VBZ", "announce"),
        ("accuses", "VBZ", "accuse"),
        ("passes", "VBZ", "pass"),
        ("tries", "VBZ", "try"),
        ("dies", "VBZ", "die"),
        ("dying", "VBG", "die"),
        ("met", "VBD", "meet"),
        ("undertook", "VBD", "undertake"),
        ("sworn", "VBN", "swear"),
        ("mimicked", "VBD", "mimic"),
        ("outgunned", "VBD", "outgun"),
        ("redeployed", "VBN", "redeploy"),
        ("re-emerged", "VBD", "re-emerge"),
        ("Found", "VBD", "find"),
        ("founded", "VBD", "found"),
        ("meet", "VB", "meet"),
        ("WON", "VBD", "win"),
    ],
)
def test_verbs(form: str, tag: str, lemma: str) -> None:
    assert LEMMATIZER.lemma(form, "VERB", tag, "0||L") == lemma


def test_auxiliaries() -> None:
    assert LEMMATIZER.lemma("’re", "AUX", "VBP", "0||L") == "be"
    assert LEMMATIZER.lemma("Is", "AUX", "VBZ", "0||L") == "be"
    assert LEMMATIZER.lemma("n’t", "PART", "RB", "0||L") == "not"


@pytest.mark.parametrize(
    ("form", "lemma"),
    [("countries", "country"), ("boxes", "box"), ("women", "woman"), ("crises", "crisis"), ("troops", "troops")],
)
def test_plurals(form: str, lemma: str) -> None:
    assert plural_stem(form) == lemma


@pytest.mark.parametrize(
    ("form", "tag", "lemma"),
    [("larger", "JJR", "large"), ("biggest", "JJS", "big"), ("earlier", "RBR", "early"), ("more", "JJR", "more")],
)
def test_degrees(form: str, tag: str, lemma: str) -> None:
    assert degree_stem(form, tag) == lemma


def test_names_keep_their_spelling() -> None:
    assert LEMMATIZER.lemma("Hegseth", "PROPN", "NNP", "0||U") == "Hegseth"


def test_a_script_longer_than_the_word_leaves_it() -> None:
    assert apply_script("a", "3|y|L") == "a"
