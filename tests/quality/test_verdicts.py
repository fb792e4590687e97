"""The verdicts on unmatched triples are about documents of the sets, are whole, and count."""

import json
from pathlib import Path

import pytest

from kg.evaluation.gold import read_gold
from kg.evaluation.judgements import read_judgements

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/judged*.jsonl"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_verdicts_are_of_documents_of_their_set(path: Path) -> None:
    texts = {document.id: document.text or "" for document in read_gold(path.parent / "gold")}
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        assert isinstance(row["correct"], bool)
        assert row["evidence"], "a verdict rests on a sentence"
        assert all(sentence in texts[row["doc"]] for sentence in row["evidence"])
    keys = [(row["doc"], row["s"], row["p"], row["o"]) for row in rows]
    assert keys == sorted(set(keys)), "one verdict for each triple, in order"
    assert len(read_judgements([path])) >= len(rows)


def test_there_are_verdicts() -> None:
    assert FILES
