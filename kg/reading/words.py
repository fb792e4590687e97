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


class PageElements(TypedDict):
    """Elements of HTML by their part in a page's text: those without any, and those that break its lines."""

    skipped: list[str]
    blocks: list[str]


@cache
def page_elements() -> PageElements:
    """The lists, as they stand in the file."""
    elements: PageElements = json.loads(_data("html.json"))
    return elements


def _data(name: str) -> str:
    return resources.files("kg.reading").joinpath("data", name).read_text("utf-8")
