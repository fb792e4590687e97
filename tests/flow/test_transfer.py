"""What workers send is what they found."""

from __future__ import annotations

import gc

import pytest

from kg.errors import AnnotationError
from kg.model import (
    Argument,
    Attribution,
    Document,
    Extraction,
    Kind,
    Literal,
    LocalEntity,
    Mention,
    Modality,
    RelationMention,
    Span,
)
from kg.processes import packed, unpacked
from kg.reading import ReadFailure
from kg.vocabulary import XSD


def everything() -> Extraction:
    mention = Mention(span=Span(0, 4), head=Span(0, 4), entity="e0", kind=Kind.NAME)
    day = Literal(value="2025-05-05", datatype=XSD.date, span=Span(5, 8))
    relation = RelationMention(
        subject=mention,
        predicate="kg:hosts",
        object=mention,
        sentence=Span(0, 9),
        predicate_spans=(Span(4, 5),),
        arguments=(Argument(role="time", marker="on", value=day), Argument(role="with", marker="with", value=mention)),
        attribution=Attribution(source=mention, cue=None, content=(Span(0, 4),)),
        modality=Modality.PLANNED,
        time=day,
        confidence=0.5,
        extractor="kg.extraction.test",
    )
    return Extraction(
        document=Document(path="a", text="Perú ho 5", source="a", title="T", title_span=Span(0, 4)),
        sentences=(Span(0, 9),),
        entities=(LocalEntity(key="e0", label="Perú", types=("Country",), named=True, names=("Perú",)),),
        mentions=(mention,),
        relations=(relation,),
    )


def test_extractions_and_failures_come_back_equal() -> None:
    outcomes = [everything(), ReadFailure("b", "empty")]
    found = unpacked(packed(outcomes))
    assert found == outcomes
    assert repr(found) == repr(outcomes)
    assert gc.isenabled()


def test_an_error_comes_back_raised() -> None:
    with pytest.raises(AnnotationError, match="weights are missing"):
        unpacked(packed(AnnotationError("weights are missing")))
    assert gc.isenabled()
