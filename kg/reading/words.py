"""The word lists of this room, in `data/`, each read once."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TypedDict


class LayoutWords(TypedDict):
    """Words that mark the head of a news story. Months are numbered from 1; case counts in agencies and acronyms."""

    months: dict[str, int]
    weekdays: list[str]
    agencies: list[str]
    labels: list[str]
    acronyms: list[str]
    published: list[str]
    place_particles: list[str]
    notes: list[str]


@cache
def layout_words() -> LayoutWords:
    """The lists, as they stand in the file."""
    words: LayoutWords = json.loads(_data("layout.json"))
    return words


class Elements(TypedDict):
    """Elements by their part in a text: those without any, those that break its lines, and cells of a row."""

    skipped: list[str]
    blocks: list[str]
    cells: list[str]


@cache
def elements_of(kind: str) -> Elements:
    """The elements of HTML (`page`) or of what trafilatura makes of it (`article`)."""
    elements: dict[str, Elements] = json.loads(_data("html.json"))
    return elements[kind]


def _data(name: str) -> str:
    return resources.files("kg.reading").joinpath("data", name).read_text("utf-8")
