"""Statements as CSV: one row each, with labels, sentence and source, ready for a spreadsheet or a data frame."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from kg.graph.evidence import Evidence, all_evidence, labels
from kg.graph.ontology import minter_of
from kg.graph.turtle import TurtleWriter

COLUMNS = (
    "statement",
    "subject",
    "subject_label",
    "property",
    "property_label",
    "object",
    "object_label",
    "datatype",
    "fact",
    "status",
    "attributed_to",
    "attributed_to_label",
    "modality",
    "polarity",
    "time",
    "start_time",
    "end_time",
    "place",
    "place_label",
    "confidence",
    "extractor",
    "sentence",
    "begin",
    "end",
    "document",
    "source",
    "title",
    "issued",
)
"""The columns, in order. `fact` is true where this row itself makes the triple a fact; an empty cell says nothing."""


def table(store: ox.Store, *, facts_only: bool) -> Iterator[str]:
    """A header and one row a statement, as RFC 4180 has it, in the order of documents and texts."""
    names = labels(store)
    writer = TurtleWriter(minter_of(store).prefixes)
    yield _line(COLUMNS)
    for evidence in all_evidence(store):
        if evidence.plain or not facts_only:
            yield _line(_row(evidence, names, writer))


def _row(evidence: Evidence, names: Mapping[str, str], writer: TurtleWriter) -> tuple[object, ...]:
    value = evidence.object
    if isinstance(value, str):
        target = (value, names.get(value, ""), "")
    else:
        target = ("", value.value, writer.name(value.datatype) or value.datatype)
    return (
        evidence.statement,
        evidence.subject,
        names.get(evidence.subject, ""),
        writer.name(evidence.predicate) or evidence.predicate,
        names.get(evidence.predicate, ""),
        *target,
        str(evidence.plain).lower(),
        evidence.status,
        evidence.attributed_to,
        names.get(evidence.attributed_to or "", ""),
        evidence.modality,
        evidence.polarity,
        evidence.time,
        evidence.start_time,
        evidence.end_time,
        evidence.place,
        names.get(evidence.place or "", ""),
        f"{evidence.confidence:.2f}",
        evidence.extractor,
        evidence.sentence,
        evidence.begin,
        evidence.end,
        evidence.document,
        evidence.source,
        evidence.title,
        evidence.issued,
    )


def _line(cells: tuple[object, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()
