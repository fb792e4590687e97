"""JSON and CoNLL-U of hand-built documents; CoNLL-U is read back to the same text and words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from kg.annotation import AnnotatedDocument, assemble, read_conllu, to_conllu, to_json
from kg.annotation.tokenizer import NewsTokenizer, is_blank
from kg.errors import AnnotationError
from kg.model import Document

VOCAB = spacy.blank("en").vocab
TOKENIZER = NewsTokenizer(VOCAB)


def peru() -> AnnotatedDocument:
    doc = Doc(
        VOCAB,
        words=["Peru", "hosts", "it", ".", "\n\n", "No", "."],
        spaces=[True, True, False, False, False, False, False],
        tags=["NNP", "VBZ", "PRP", ".", "_SP", "UH", "."],
        pos=["PROPN", "VERB", "PRON", "PUNCT", "SPACE", "INTJ", "PUNCT"],
        lemmas=["Peru", "host", "it", ".", "\n\n", "no", "."],
        heads=[1, 1, 1, 1, 3, 5, 5],
        deps=["nsubj", "root", "obj", "punct", "dep", "root", "punct"],
        ents=["B-Country", "O", "O", "O", "O", "O", "O"],
    )
    doc.ents[0].kb_id_ = "Q419"
    return assemble(Document(path="a b.txt", text=doc.text, source="a b.txt"), doc)


def test_json_has_words_without_blanks_and_heads_within_the_sentence() -> None:
    found = to_json(peru())
    assert found["document"] == "https://kg.example.org/document/a%20b.txt"
    first, second = found["sentences"]  # type: ignore[misc]
    assert (first["begin"], first["end"]) == (0, 14)
    assert [(token["text"], token["head"], token["deprel"]) for token in first["tokens"]] == [
        ("Peru", 1, "nsubj"),
        ("hosts", -1, "root"),
        ("it", 1, "obj"),
        (".", 1, "punct"),
    ]
    assert [token["text"] for token in second["tokens"]] == ["No", "."]
    assert found["entities"][0]["type"] == "Country"  # type: ignore[index]
    json.dumps(found)


def test_conllu_round_trip() -> None:
    written = to_conllu(peru())
    ((document, doc),) = read_conllu(written, "x.conllu", VOCAB)
    assert (document.path, document.text) == ("a b.txt", "Peru hosts it.\n\nNo.")
    assert [token.text for token in doc] == ["Peru", "hosts", "it", ".", "\n\n", "No", "."]
    assert [token.i for token in doc if token.is_sent_start] == [0, 5]
    assert "Entity=B-LOC" in written


@given(st.lists(st.text(alphabet="aB.-'\" \n\t|\\é😀", min_size=1, max_size=12), min_size=1, max_size=6).map(" ".join))
def test_any_text_survives_conllu(text: str) -> None:
    doc = TOKENIZER(text)
    words = [token for token in doc if not is_blank(token.text)]
    if not words:
        return
    for token in doc:
        token.is_sent_start = token.i == 0
    written = to_conllu(assemble(Document(path="x", text=text, source="x"), doc))
    ((document, again),) = read_conllu(written, "x", VOCAB)
    assert document.text == text
    assert [token.text for token in again if not is_blank(token.text)] == [token.text for token in words]


def test_multiword_tokens_stand_joined() -> None:
    rows = [("1-2", "cannot", "_"), ("1", "can", "_"), ("2", "not", "_"), ("3", "go", "SpaceAfter=No"), ("4", ".", "_")]
    content = "\n".join("\t".join([number, form, *["_"] * 7, misc]) for number, form, misc in rows) + "\n"
    ((document, doc),) = read_conllu(content, "x.conllu", VOCAB)
    assert document.text == "cannot go. "
    assert [token.text for token in doc] == ["can", "not", "go", "."]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no words"),
        ("1\tPeru\n", "line 1: 2 columns"),
        ("x" + "\tPeru" * 9 + "\n", "line 1: 'x' is no word number"),
        ("1-x" + "\tPeru" * 9 + "\n", "line 1: '1-x' is no range"),
    ],
)
def test_broken_conllu_is_named_with_its_line(content: str, message: str) -> None:
    with pytest.raises(AnnotationError, match=message):
        list(read_conllu(content, "x.conllu", VOCAB))


def test_several_documents_in_one_file(tmp_path: Path) -> None:
    row = "1\tPeru" + "\t_" * 8
    content = f"# newdoc id = a\n{row}\n\n# newdoc\n{row}\n"
    assert [document.path for document, _ in read_conllu(content, "x.conllu", VOCAB)] == ["a", "x.conllu-2"]
