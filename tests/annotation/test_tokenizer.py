"""Tokens: nothing of the text is lost, and words are cut as Universal Dependencies English cuts them."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import example, given
from hypothesis import strategies as st

from kg.annotation.tokenizer import NewsTokenizer, is_blank

TOKENIZER = NewsTokenizer(spacy.blank("en").vocab)

MESSY = st.text(alphabet=st.sampled_from("aB1.,-'’\"“”()$€%/:;!? \n\t\u200b\ufeffÉ中😀U.S@#&<>[]_"), max_size=60)


def cut(text: str) -> list[str]:
    return [token.text for token in TOKENIZER(text) if not is_blank(token.text)]


@given(st.one_of(st.text(max_size=200), MESSY))
@example("")
@example("Inc..")
@example("etc...\n\n\n  x")
@example("\u200b\u2028 a\u00a0b\r\n")
def test_words_and_spaces_give_the_text_back(text: str) -> None:
    doc = TOKENIZER(text)
    assert doc.text == text
    assert all(text[token.idx : token.idx + len(token)] == token.text for token in doc)


@given(st.one_of(st.text(max_size=80), MESSY))
def test_a_word_is_blank_throughout_or_not_at_all(text: str) -> None:
    for token in TOKENIZER(text):
        assert len({is_blank(char) for char in token.text}) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the U.S. and the U.N.", "the U.S. and the U.N."),
        ("Maj. Gen. Roe met Sen. Poe (D-R.I.).", "Maj. Gen. Roe met Sen. Poe ( D - R.I. ) ."),
        ("on Jan. 5, 2025", "on Jan. 5 , 2025"),
        ("Bashar al-Assad's US-led foes", "Bashar al - Assad 's US - led foes"),
        ("a co-founder re-elected", "a co-founder re-elected"),
        ("We can't, won't, cannot; they're", "We ca n't , wo n't , can not ; they 're"),
        ("Peru’s ministers’ cars", "Peru ’s ministers ’ cars"),
        ("$3.1 million, €2bn, £9.4m and 60%", "$ 3.1 million , € 2 bn , £ 9.4 m and 60 %"),
        ("at 10:30, 5pm on 9/11", "at 10:30 , 5 pm on 9/11"),
        ('"Yes," he said. "No."', '" Yes , " he said . " No . "'),
        ("“Yes”—‘no’", "“ Yes ” — ‘ no ’"),
        ("see https://x.org/a-b?c=1, or a@b.org.", "see https://x.org/a-b?c=1 , or a@b.org ."),
        ("AT&T's R&D", "AT&T 's R&D"),
        ("• one\n- two", "• one - two"),
        ("John F. Kennedy", "John F. Kennedy"),
        ("So did I. Then", "So did I . Then"),
        ("No. 5 said no.", "No. 5 said no ."),
        ("No. He left.", "No . He left ."),
        ("Acme Inc.", "Acme Inc."),
        ("and so on...", "and so on ..."),
        ("the 1990s and 2nd", "the 1990s and 2nd"),
        ("a 64-year-old", "a 64 - year - old"),
        ("either/or", "either / or"),
        ("&amp; <b>bold</b>", "&amp; <b> bold </b>"),
    ],
)
def test_conventions(text: str, words: str) -> None:
    assert cut(text) == words.split()


def test_paragraph_breaks_are_words_of_their_own() -> None:
    assert [token.text for token in TOKENIZER("One.\n\nTwo.")] == ["One", ".", "\n\n", "Two", "."]


def test_long_rubbish_is_cut_in_pieces() -> None:
    text = "x" * 10_000 + " " + "=-" * 5_000
    doc = TOKENIZER(text)
    assert doc.text == text
    assert max(len(token) for token in doc) <= 1_000
