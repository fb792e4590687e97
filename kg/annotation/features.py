"""Penn tag and form → Universal Dependencies features, from `data/features.tsv`."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "features.tsv"


def features(word: str, xpos: str, deprel: str) -> str:
    """The features of a word in UD's notation (`Number=Plur`), or nothing."""
    table = _features()
    found = table.get((xpos, word.lower()))
    if found is None:
        found = table.get((xpos, "*"), "")
    if xpos == "VBG" and deprel in ("csubj", "obj", "obl", "nsubj", "nmod"):
        return "VerbForm=Ger"
    return found


@cache
def _features() -> dict[tuple[str, str], str]:
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["xpos"], row["form"]): row["feats"] for row in rows}
