"""Trees of a committee: a tree to each sentence, those of its models where they agree, and their place in training."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kg.annotation
from kg.annotation.decode import is_tree
from kg.annotation.windows import decode_sentence
from training.corpora import Text
from training.silver import Committee, join, read

MODEL = Path(kg.annotation.__file__).parent / "model_en"
SENTENCES = ["Anna Berg leads the Trade Office .", "She visited Bern on Monday , she said ."]


@pytest.fixture(scope="module")
def committee() -> Committee:
    return Committee([MODEL, MODEL])


def text(corpus: str = "wikigold") -> Text:
    words = " ".join(SENTENCES).split()
    return Text(corpus, "t1", words, [(0, 7), (7, len(words))])


def test_models_that_agree_are_followed(committee: Committee) -> None:
    given = text()
    columns = committee.layers(given)
    scores = committee.networks[0].run(given.words)
    for begin, end in given.sentences:
        alone = decode_sentence(committee.networks[0], scores, 0, begin, end)
        heads = [head - 1 for head in columns["head"][begin:end]]
        assert is_tree(heads)
        assert heads == list(alone.heads)
        assert columns["up"][begin:end] == list(alone.upos)
        assert [name for name in columns["rel"][begin:end] if name == "root"] == ["root"]


def test_a_sentence_too_long_for_a_window_is_left_unknown(committee: Committee) -> None:
    words = ["antidisestablishmentarianism"] * 300
    columns = committee.layers(Text("wikigold", "long", words, [(0, 300)]))
    assert set(columns["head"]) == {None}


def test_trees_join_texts_of_the_same_words_and_the_rest_is_a_corpus_of_its_own(tmp_path: Path) -> None:
    given, words = text(), ["Bern", "."]
    tree = {name: ["x"] * len(given.words) for name in ("up", "xp", "mf", "lem", "rel")} | {"head": [0] * 16}
    rows = [
        {"corpus": "wikigold", "id": "t1", "words": given.words, "sentences": given.sentences, "tree": tree},
        {"corpus": "wikigold", "id": "t2", "words": ["Other"], "sentences": [[0, 1]], "tree": {}},
        {"corpus": "gap", "id": "g1", "words": words, "sentences": [[0, 2]], "tree": {}},
    ]
    path = tmp_path / "silver.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert set(read(path)) == {("wikigold", "t1"), ("wikigold", "t2"), ("gap", "g1")}
    train = {"wikigold": [given, Text("wikigold", "t2", ["Changed"], [(0, 1)])]}
    join(train, path)
    assert [member.tree for member in train["wikigold"]] == [tree, None]
    assert [member.words for member in train["silver"]] == [words]
