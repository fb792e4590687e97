"""Names of widely known places and bodies → their type and Wikidata id.

From `data/places.tsv` and `data/organizations.tsv`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Known:
    """A thing of the tables: its full name, the local name of its `kg:` class, its Wikidata id or ''."""

    name: str
    type: str
    wikidata: str


def known_place(name: str) -> Known | None:
    """The place of that name or alias, 'the' or not."""
    return _lookup(_table("places.tsv"), name)


def known_body(name: str) -> Known | None:
    """The organization of that name or alias, 'the' or not.

    >>> known_body("NATO").wikidata
    'Q7184'
    """
    return _lookup(_table("organizations.tsv"), name)


def _lookup(table: dict[str, Known], name: str) -> Known | None:
    key = " ".join(name.replace("’", "'").split())
    return table.get(key) or table.get(key[4:] if key[:4].lower() == "the " else key)


@cache
def _table(file: str) -> dict[str, Known]:
    with (_DATA / file).open(encoding="utf-8", newline="") as lines:
        table: dict[str, Known] = {}
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            known = Known(row["name"], row["type"], row["qid"])
            for name in (row["name"], *filter(None, row["aliases"].split("|"))):
                table.setdefault(name, known)
    return table
