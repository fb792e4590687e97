"""The scoring of `benchmarks/model.py`, on words and names written down by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from benchmarks.model import (
    Tally,
    Word,
    coarse_names,
    found_sentences,
    gold_sentences,
    held_out,
    percent,
    right_words,
    spans,
    uner_documents,
)

NAMES = st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from(["PER", "LOC"])))
TREES = (
    "# text = Ships don't sail.",
    "1\tShips\tship\tNOUN\tNNS\t_\t4\tnsubj\t_\t_",
    "2-3\tdon't\t_\t_\t_\t_\t_\t_\t_\t_",
    "2\tdo\tdo\tAUX\tVBP\t_\t4\taux\t_\t_",
    "3\tn't\tnot\tPART\tRB\t_\t4\tadvmod\t_\t_",
    "4\tsail\tsail\tVERB\tVB\t_\t0\troot\t_\t_",
    "4.1\tfar\tfar\tADV\tRB\t_\t_\t_\t_\t_",
    "",
    "1\tStopped\tstop\tVERB\tVBD\t_\t0\troot\t_\t_",
)


def test_f1_of_spans() -> None:
    tally = Tally()
    tally.add({(0, 5), (7, 9), (11, 12)}, {(0, 5), (7, 10)})
    assert (tally.hits, tally.found, tally.gold) == (1, 2, 3)
    assert tally.f1 == pytest.approx(100 * 2 * (1 / 2) * (1 / 3) / (1 / 2 + 1 / 3))
    tally.add({(7, 10)}, {(7, 10)})  # another document: equal offsets are not the same span
    assert tally.f1 == pytest.approx(100 * 2 * 2 / (3 + 4))


@given(NAMES, NAMES)
def test_f1_is_symmetric_and_full_only_when_equal(
    left: set[tuple[int, int, str]], right: set[tuple[int, int, str]]
) -> None:
    one, other = Tally(), Tally()
    one.add(left, right)
    other.add(right, left)
    assert one.f1 == other.f1
    assert 0 <= one.f1 <= 100
    assert (one.f1 == 100) == (left == right and bool(left))


def test_words_of_a_tree_are_counted_one_by_one() -> None:
    gold = [word for sentence in gold_sentences("\n".join(TREES)) for word in sentence]
    assert [word.form for word in gold] == ["Ships", "do", "n't", "sail", "Stopped"]
    sentence = gold[:4]
    found = [
        replace(sentence[0], head=2, lemma="Ships"),
        replace(sentence[1], deprel="aux:pass", xpos="VB"),
        replace(sentence[2], upos="ADV"),
        sentence[3],
    ]
    counts = right_words(sentence, found)
    assert [counts[key] for key in ("words", "upos", "xpos", "lemma", "uas", "las")] == [4, 3, 3, 3, 3, 2]
    assert counts["inflected_verbs"] == 0
    verb = right_words(gold[4:], [replace(gold[4], lemma="stopp")])
    assert (verb["inflected_verbs"], verb["verb_lemma"], verb["las"]) == (1, 0, 1)


def test_a_right_label_on_a_wrong_head_is_wrong() -> None:
    word = Word("sail", "sail", "VERB", "VB", 2, "xcomp")
    counts = right_words([word], [replace(word, head=3)])
    assert (counts["uas"], counts["las"]) == (0, 0)


def test_other_words_are_refused() -> None:
    word = Word("sail", "sail", "VERB", "VB", 0, "root")
    with pytest.raises(ValueError, match="words differ"):
        right_words([word], [replace(word, form="sails")])


def test_a_treebank_without_trees_is_refused() -> None:
    with pytest.raises(ValueError, match="no head"):
        list(gold_sentences("1\tsail\tsail\tVERB\tVB\t_\t_\t_\t_\t_"))


def test_blank_words_count_neither_as_words_nor_in_trees() -> None:
    doc = Doc(
        spacy.blank("en").vocab,
        words=["Ships", "\n", "sail", "Stop"],
        spaces=[False, False, True, False],
        heads=[2, 0, 2, 3],
        deps=["nsubj", "dep", "root", "root"],
        pos=["NOUN", "SPACE", "VERB", "VERB"],
        tags=["NNS", "_SP", "VB", "VB"],
        lemmas=["ship", "\n", "sail", "stop"],
        sent_starts=[True, False, False, True],
    )
    assert spans(doc) == ({(0, 5), (6, 10), (11, 15)}, {(0, 10), (11, 15)})
    assert [[(w.form, w.head) for w in words] for words in found_sentences(doc)] == [
        [("Ships", 2), ("sail", 0)],
        [("Stop", 0)],
    ]


def test_names_are_mapped_and_adjectives_are_no_places() -> None:
    words = ["Peruvian", "ships", "left", "Lima", "for", "the", "Navy", "Cup"]
    entities = ["B-Country", "O", "O", "B-City", "O", "O", "B-GovernmentOrganization", "B-Event"]
    doc = Doc(spacy.blank("en").vocab, words=words, pos=["ADJ", *["PROPN"] * 7], ents=entities)
    assert coarse_names(doc) == {(3, 4, "LOC"), (6, 7, "ORG")}


def test_names_count_words_through_the_document() -> None:
    rows = [
        {"doc": "a", "tokens": ["Lima", "."], "tok_off": [[0, 4], [4, 5]], "entities": []},
        {
            "doc": "a",
            "tokens": ["Ana", "Ruiz", "left"],
            "tok_off": [[0, 3], [4, 8], [9, 13]],
            "entities": [{"tstart": 0, "tend": 2, "label": "PER"}],
        },
        {"doc": "b", "tokens": ["Oslo"], "tok_off": [[0, 4]], "entities": [{"tstart": 0, "tend": 1, "label": "LOC"}]},
    ]
    found = [(doc.text, len(list(doc.sents)), gold) for doc, gold in uner_documents(rows, spacy.blank("en"))]
    assert found == [("Lima. Ana Ruiz left ", 2, {(2, 4, "PER")}), ("Oslo ", 1, {(0, 1, "LOC")})]


def test_real_documents_are_never_held_out() -> None:
    assert {held_out(f"a-{number:03}") for number in range(40)} == {True, False}
    assert not any(held_out(f"a-real-{number:03}") for number in range(40))


def test_share_of_nothing() -> None:
    assert percent(0, 0) == 0
    assert percent(1, 8) == 12.5
