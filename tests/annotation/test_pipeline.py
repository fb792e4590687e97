"""The pipeline with its weights: deterministic, alone as in a batch, fit for spaCy's own tools."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy import Language, displacy

from kg.annotation import annotate, annotate_many, load, read_conllu, to_conllu, to_json
from kg.errors import AnnotationError
from kg.model import Document

pytestmark = pytest.mark.model

TEXTS = (
    "Norway's Defense Minister Tore Sandvik met U.S. Defense Secretary Pete Hegseth at the Pentagon on Monday.",
    "LIMA, Peru — The minister said the talks, which Chile is hosting, won't be delayed.\n\nHe denied it.",
    "No.",
    "",
    " \n\n ",
    '"We are ready," she said. "Nobody doubts it."',
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load()


def documents() -> list[Document]:
    return [Document(path=f"{number}.txt", text=text, source="x") for number, text in enumerate(TEXTS)]


def test_a_document_alone_and_among_others_is_annotated_alike(nlp: Language) -> None:
    alone = [to_json(annotate(document, nlp)) for document in documents()]
    together = [to_json(found) for found in annotate_many(reversed(documents()), nlp)]
    assert alone == together[::-1]
    assert [doc.to_json() for doc in nlp.pipe(TEXTS, batch_size=3)] == [nlp(text).to_json() for text in TEXTS]


def test_words_have_all_annotations(nlp: Language) -> None:
    doc = nlp(TEXTS[0])
    assert [token.text for token in doc if token.dep_ == "root"] == ["met"]
    by_text = {token.text: token for token in doc}
    assert (by_text["met"].lemma_, by_text["met"].tag_, by_text["met"].pos_) == ("meet", "VBD", "VERB")
    assert by_text["met"].morph.get("Tense") == ["Past"]
    assert {entity.text: entity.label_ for entity in doc.ents}["Pete Hegseth"] == "Person"
    assert next(entity.kb_id_ for entity in doc.ents if entity.text == "Norway") == "Q20"


def test_every_sentence_is_one_tree_and_paragraphs_end_sentences(nlp: Language) -> None:
    doc = nlp(TEXTS[1] + "\n\n" + TEXTS[5] + " \n x")
    for sentence in doc.sents:
        assert [token.i for token in sentence if token.head.i == token.i] == [sentence.root.i]
    assert [sentence.text.strip() for sentence in nlp("One two\n\nthree four").sents] == ["One two", "three four"]


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet="aB. \n\t'\"-\u200b😀,5$", max_size=80))
def test_any_text_is_annotated(text: str) -> None:
    nlp = load()
    doc = nlp(text)
    assert doc.text == text
    found = to_json(annotate(Document(path="x", text=text, source="x"), nlp))
    for sentence in found["sentences"]:  # type: ignore[attr-defined]
        for token in sentence["tokens"]:
            assert text[token["begin"] : token["end"]] == token["text"]
            assert -1 <= token["head"] < len(sentence["tokens"])


def test_given_words_and_sentences_are_kept(nlp: Language) -> None:
    rows = ["Gov", ".", "Roe", "left", "."]
    content = "".join(f"{number}\t{word}" + "\t_" * 8 + "\n" for number, word in enumerate(rows, start=1))
    ((document, doc),) = read_conllu(content + "\n" + "1\tThen" + "\t_" * 8 + "\n", "x.conllu", nlp.vocab)
    doc = nlp(doc)
    assert [token.text for token in doc] == [*rows, "Then"]
    assert [len(sentence) for sentence in doc.sents] == [5, 1]
    assert doc.text == document.text


def test_conllu_of_the_model_is_read_back_to_the_same(nlp: Language) -> None:
    annotated = annotate(documents()[1], nlp)
    written = to_conllu(annotated)
    ((document, doc),) = read_conllu(written, "x", nlp.vocab)
    assert document.text == TEXTS[1]
    assert [token.text for token in doc] == [token.text for token in annotated.doc]


def test_spacy_tools(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "en")
    again = spacy.load(tmp_path / "en")
    assert again(TEXTS[0]).to_json() == nlp(TEXTS[0]).to_json()
    assert "nsubj" in displacy.render(nlp(TEXTS[0]), style="dep", jupyter=False)
    assert "Person" in displacy.render(nlp(TEXTS[0]), style="ent", jupyter=False)


def test_a_sentence_longer_than_any_window_is_annotated_in_parts(nlp: Language) -> None:
    text = "and the minister of the interior went on " * 200
    doc = nlp(text)
    assert doc.text == text
    assert max(len(list(sentence)) for sentence in doc.sents) <= 250


def test_a_name_over_two_blanks_stays_one(nlp: Language) -> None:
    doc = nlp("Norway's minister met Pete  Hegseth in Oslo.")
    assert "Pete  Hegseth" in [entity.text for entity in doc.ents]


def test_other_languages_are_refused() -> None:
    with pytest.raises(AnnotationError, match="'xx'"):
        load("xx")
