"""What holds of the extraction of any text whatever."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from spacy import Language

from kg.annotation import annotate, load
from kg.extraction import EXTRACTORS, extract
from kg.model import Document, Extraction, Mention, Modality, Polarity, RelationMention, Span, Status

pytestmark = pytest.mark.model

WORDS = """Ana Ruiz Peru Norway Lima NATO minister Prime former mayor of the her his who it they We said denied that
hosts met killed was by in on to will not if according 12 45 million euros 2025 Monday May , , . . " “ ” ? ( ) ' - — : /
Photo By counterpart talks visit two reportedly"""
NEWS = st.lists(st.sampled_from([*WORDS.split(), "\n\n"]), max_size=30).map(" ".join)
ANYTHING = st.text(max_size=60)
TEXTS = st.one_of(NEWS, NEWS, ANYTHING)
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def pipeline() -> Language:
    return load()


def extraction_of(text: str, path: str = "a.txt") -> Extraction:
    return extract(annotate(Document(path=path, text=text, source=path, date="2025-05-06"), pipeline()))


def mentions_of(relation: RelationMention) -> Iterator[Mention]:
    values = [relation.subject, relation.object, relation.place, *(argument.value for argument in relation.arguments)]
    if relation.attribution is not None:
        values.append(relation.attribution.source)
    yield from (value for value in values if isinstance(value, Mention))


def spans_of(extraction: Extraction) -> Iterator[Span]:
    yield from extraction.sentences
    for mention in extraction.mentions:
        yield from (mention.span, mention.head)
    for relation in extraction.relations:
        yield relation.sentence
        yield from relation.predicate_spans
        for mention in mentions_of(relation):
            yield from (mention.span, mention.head)
        if relation.attribution is not None:
            yield from relation.attribution.content


@few
@given(TEXTS)
@example("")
@example(" \n\n\t")
@example("\ufeff\u200b")
@example('""" ” “ "')
@example("Minister minister Minister Ana Ruiz, who who who")
@example("İstanbul 👩‍👩‍👧 met İzmir. She said “she said “she said.")
def test_any_text_gives_an_extraction_whose_spans_lie_in_it(text: str) -> None:
    extraction = extraction_of(text)
    for span in spans_of(extraction):
        assert extraction.document.quote(span)


@few
@given(NEWS)
@example("Ana Ruiz met Pedro Sosa in Lima. The two visited Quito.")
def test_everything_spoken_of_is_an_entity_of_the_document(text: str) -> None:
    extraction = extraction_of(text)
    keys = [entity.key for entity in extraction.entities]
    assert len(keys) == len(set(keys))
    used = {mention.entity for relation in extraction.relations for mention in mentions_of(relation)}
    used |= {mention.entity for mention in extraction.mentions}
    used |= {entity.body for entity in extraction.entities if entity.body is not None}
    assert used <= set(keys)
    for entity in extraction.entities:
        assert entity.label.strip()
        assert entity.types
        assert entity.label == entity.names[0]


@few
@given(NEWS)
@example("Peru hosts the talks, Ana Ruiz said. Peru attacked Chile.")
@example("Peru Peru met")
def test_a_relation_stands_in_one_sentence_and_between_two_things(text: str) -> None:
    extraction = extraction_of(text)
    for relation in extraction.relations:
        assert relation.sentence in extraction.sentences
        assert all(span in relation.sentence for span in relation.predicate_spans)
        assert 0 <= relation.confidence <= 1
        assert relation.extractor in {*EXTRACTORS, "kg.extraction.open", "kg.extraction.learned"}
        if isinstance(relation.object, Mention):
            assert relation.object.entity != relation.subject.entity
        assert (relation.attribution is not None) == (relation.status == Status.CLAIMED)
        assert relation.plain == (
            (relation.status, relation.modality, relation.polarity)
            == (Status.ASSERTED, Modality.ACTUAL, Polarity.POSITIVE)
        )


@few
@given(TEXTS, TEXTS)
def test_a_document_depends_on_itself_alone(text: str, other: str) -> None:
    alone = extraction_of(text)
    extraction_of(other, "b.txt")
    assert extraction_of(text) == alone


@pytest.mark.parametrize("name", EXTRACTORS)
def test_each_extractor_runs_by_itself(name: str) -> None:
    text = "Peruvian Defense Minister Ana Ruiz, 45, met Li Wei in Lima on Monday. Peru will host the talks, she said."
    document = Document(path="a.txt", text=text, source="a.txt", date="2025-05-06")
    annotated = annotate(document, pipeline())
    alone = extract(annotated, [name]).relations
    assert {relation.extractor for relation in alone} <= {name, "kg.extraction.open"}
    every = {(r.sentence, r.subject, r.predicate, r.object) for r in extract(annotated).relations}
    assert {(r.sentence, r.subject, r.predicate, r.object) for r in alone} <= every
