"""How `kg extract` words relations: mentions, predicates, arguments as the text has them; names of open relations.

The sentences are real work for the shipped model, so a tree that it reads differently fails here first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kg.flow import extract_documents
from kg.model import Document
from kg.publishing.extraction_json import extraction_rows
from kg.resolution import resolve

pytestmark = pytest.mark.model

STORIES = Path(__file__).parents[1] / "quality" / "stories" / "docs.jsonl"
Row = dict[str, Any]

ONE_RELATION = [  # sentence, subject, property, wording, object
    ("The company is scheduled to meet with Peruvian officials.", "The company", "kg:meetsWith",
     "is scheduled to meet with", "Peruvian officials"),
    ("Tom was not born in Paris.", "Tom", "kg:bornIn", "was not born in", "Paris"),
    ("The factory was destroyed by fire.", "fire", "kg:affects", "was destroyed by", "The factory"),
    ("The arrest of Bo Li by the police surprised reporters.", "the police", "kg:arrests", "The arrest of", "Bo Li"),
    ("Farmers complained about prices.", "Farmers", "rel:complainAbout", "complained about", "prices"),
    ("Almost 300 soldiers guarded the hotel.", "Almost 300 soldiers", "rel:guard", "guarded", "the hotel"),
    ("The committee carried out a review of tariffs and quotas.", "The committee", "rel:carryOut", "carried out",
     "a review of tariffs and quotas"),
    ("The team was knocked out of the cup.", "The team", "rel:knockOutOf", "was knocked out of", "the cup"),
    ("The bridge was called a disgrace.", "The bridge", "rel:callAs", "was called", "a disgrace"),
    ("The crossing became a bottleneck for lorries.", "The crossing", "rel:become", "became",
     "a bottleneck for lorries"),
    ("The town is famous for its cheese.", "The town", "rel:beFamousFor", "is famous for", "its cheese"),
    ("The council opened a library, which houses rare maps.", "a library", "rel:house", "houses", "rare maps"),
    ("The fund borrowed 8 million euros.", "The fund", "rel:borrow", "borrowed", "8 million euros"),
    ("The chapel was rebuilt in 1925.", "The chapel", "rel:rebuildIn", "was rebuilt in", "1925"),
]  # fmt: skip


@cache
def rows(text: str) -> tuple[Row, ...]:
    """What `kg extract` prints of a text."""
    document = Document(path="x", text=text, source="x")
    return tuple(
        row
        for extraction in extract_documents([document], workers=1)
        for row in extraction_rows(extraction, resolve([extraction]))
    )


@pytest.mark.parametrize(("text", "subject", "property", "wording", "object"), ONE_RELATION)
def test_relation_is_worded_as_the_text_has_it(
    text: str, subject: str, property: str, wording: str, object: str
) -> None:
    found = [(r["subject"]["text"], r["predicate"]["property"], r["predicate"]["text"], r["object"]["text"])
             for r in rows(text)]  # fmt: skip
    assert (subject, property, wording, object) in found


@pytest.mark.parametrize(
    "text",
    ["He has it.", "It is what they were.", "There are two.", "She said so.", "They did that for them.",
     "For example, it works."],
)  # fmt: skip
def test_fragments_are_no_relations(text: str) -> None:
    assert not [row for row in rows(text) if row["predicate"]["property"].startswith("rel:")]


@pytest.mark.parametrize(
    "text",
    ["Peru hosts the talks in Lima.", "Ana Ruiz met Bo Li in Lima on Friday.", "The band was led by Ana Ruiz.",
     "The council holds a meeting in Lima."],
)  # fmt: skip
def test_core_facts_are_not_told_again(text: str) -> None:
    core = [{r["subject"]["entity"], r["object"].get("entity")} for r in rows(text)
            if r["predicate"]["property"].startswith("kg:")]  # fmt: skip
    assert core
    for row in rows(text):
        if row["predicate"]["property"].startswith("rel:"):
            assert {row["subject"]["entity"], row["object"].get("entity")} not in core


def test_receiver_and_thing_share_the_verb() -> None:
    found = {row["predicate"]["property"]: row for row in rows("Ana Ruiz gave the minister a letter on Friday.")}
    thing, receiver = found["rel:give"], found["rel:giveTo"]
    assert thing["predicate"]["spans"] == receiver["predicate"]["spans"]
    assert ("object", "", "a letter") in {(a["role"], a["marker"], a["text"]) for a in receiver["arguments"]}


def test_arguments_stand_behind_their_markers_and_dates_are_times() -> None:
    row = next(r for r in rows("The firm sold the mill to Bo Li in Lima on 5 May 2020.")
               if r["object"]["text"] == "the mill")  # fmt: skip
    told = {(a["role"], a["marker"], a["text"]) for a in row["arguments"]}
    assert {("to", "to", "Bo Li"), ("time", "on", "5 May 2020")} <= told
    assert row["time"] == "2020-05-05"


def test_plans_of_somebody_are_not_the_plans_own() -> None:
    assert "Plans" not in {row["subject"]["text"] for row in rows("Plans to oxygenate lakes were proposed by Bo Li.")
                           if row["predicate"]["property"] == "rel:oxygenate"}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "polarities"),
    [("Tom was not born in Paris but in Rome.", {"Paris": ("Negative", "was not born in"),
                                                 "Rome": ("Positive", "was born in")}),
     ("The firm did not sell the mill but the farm.", {"the mill": ("Negative", "did not sell"),
                                                       "the farm": ("Positive", "did sell")}),
     ("The council bought the farm and not the mill.", {"the farm": ("Positive", "bought"),
                                                        "the mill": ("Negative", "bought")}),
     ("The firm did not sell the mill or the farm.", {"the mill": ("Negative", "did not sell"),
                                                      "the farm": ("Negative", "did not sell")})],
)  # fmt: skip
def test_contrast_denies_one_and_states_the_other(text: str, polarities: dict[str, tuple[str, str]]) -> None:
    assert {r["object"]["text"]: (r["polarity"], r["predicate"]["text"]) for r in rows(text)} == polarities


@cache
def story_rows() -> tuple[tuple[str, Row], ...]:
    """Rows of the quality stories, each with its document's text."""
    stories = [json.loads(line) for line in STORIES.read_text(encoding="utf-8").splitlines()[:4]]
    documents = [Document(path=s["id"], text=s["text"], source=s["id"], date=s["date"]) for s in stories]
    return tuple(
        (extraction.document.text, row)
        for extraction in extract_documents(documents, workers=1)
        for row in extraction_rows(extraction, resolve([extraction]))
    )


def test_wordings_are_their_spans() -> None:
    for text, row in story_rows():
        spans = row["predicate"]["spans"]
        assert row["predicate"]["text"] == " ".join(text[begin:end] for begin, end in spans)
        assert spans == sorted(spans)


def test_mentions_are_slices_and_hold_their_heads() -> None:
    for text, row in story_rows():
        for part in _mentions(row):
            assert part["text"] == text[part["begin"] : part["end"]]
            if "head" in part:
                assert part["begin"] <= part["head"][0] < part["head"][1] <= part["end"]


def test_no_word_of_the_object_words_the_relation() -> None:
    for _, row in story_rows():
        object = row["object"]
        if object["begin"] is None or "kg:Document" in object.get("types", ()) or row["extractor"].endswith("captions"):
            continue
        for begin, end in row["predicate"]["spans"]:
            assert not (begin < object["end"] and object["begin"] < end), row


def test_one_thing_has_one_label() -> None:
    labels: dict[str, set[str]] = {}
    for _, row in story_rows():
        for part in _mentions(row):
            if "entity" in part:
                labels.setdefault(part["entity"], set()).add(part["label"])
    assert {entity: found for entity, found in labels.items() if len(found) > 1} == {}


def _mentions(row: Row) -> Iterator[Row]:
    yield row["subject"]
    yield from (part for part in (row["object"], row["place"], *row["arguments"]) if part and part["begin"] is not None)
