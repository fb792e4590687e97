"""One phenomenon a folder: sentences, the statements that must come of them, those (`!`) that must not.

A line of `expected.tsv` holds subject, property, object, status, source, modality, polarity; things by any of their
names. A forbidden line may be shorter. `# date` gives the day of the document.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from spacy import Language
from trees import lines

from kg.annotation import annotate, load
from kg.extraction import extract
from kg.model import Document, Extraction, Literal, Mention, RelationMention
from kg.reading import read_paths

pytestmark = pytest.mark.model

CASES = sorted((Path(__file__).parents[1] / "data" / "cases").iterdir())


@dataclass(frozen=True, slots=True)
class Expected:
    """What `expected.tsv` says: the day, statements that must and that must not be found."""

    date: str | None
    wanted: list[list[str]]
    forbidden: list[list[str]]


def read_expected(path: Path) -> Expected:
    rows = path.read_text(encoding="utf-8").splitlines()
    date = next((row.removeprefix("# date ") for row in rows if row.startswith("# date ")), None)
    statements = [row for row in rows if row and not row.startswith("#")]
    return Expected(
        date,
        [row.split("\t") for row in statements if not row.startswith("!")],
        [row[1:].split("\t") for row in statements if row.startswith("!")],
    )


@cache
def pipeline() -> Language:
    return load()


def extraction_of(case: Path, date: str | None) -> Extraction:
    document = next(iter(read_paths([case / "input.txt"], default_date=date)))
    assert isinstance(document, Document)
    return extract(annotate(document, pipeline()))


def agrees(extraction: Extraction, relation: RelationMention, cells: list[str]) -> bool:
    """Whether a relation is what the cells say, as far as they go."""
    source = relation.attribution.source if relation.attribution else None
    values: list[set[str]] = [
        names(extraction, relation.subject),
        {relation.predicate},
        names(extraction, relation.object),
        {relation.status},
        names(extraction, source) if source else {""},
        {relation.modality},
        {relation.polarity},
    ]
    return all(cell in value for cell, value in zip(cells, values, strict=False))


def names(extraction: Extraction, value: Mention | Literal) -> set[str]:
    if isinstance(value, Literal):
        return {value.value}
    entity = extraction.entity(value.entity)
    return {entity.label, *entity.names}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_sentences_give_their_statements(case: Path) -> None:
    expected = read_expected(case / "expected.tsv")
    extraction = extraction_of(case, expected.date)
    found = extraction.relations
    missed = [cells for cells in expected.wanted if not any(agrees(extraction, r, cells) for r in found)]
    wrong = [cells for cells in expected.forbidden if any(agrees(extraction, r, cells) for r in found)]
    assert (missed, wrong) == ([], []), "found:\n" + "\n".join(lines(extraction))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_complete(case: Path) -> None:
    assert (case / "README.md").is_file()
    expected = read_expected(case / "expected.tsv")
    assert expected.wanted
    assert all(len(cells) == 7 for cells in expected.wanted)
