"""Lists of spurious triples that people have judged → verdicts that outlive a rebuild."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.errors import GoldError
from kg.evaluation.quads import Term
from kg.evaluation.wording import name_key

Judgement = tuple[str, str, str, str]
"""Document id, subject (name key or IRI), property, object."""


def read_judgements(paths: Iterable[Path]) -> dict[Judgement, bool]:
    """Verdicts of JSON Lines files as `Scores.spurious` lists them; lines without verdict or document are passed over.

    Raises `GoldError` for a file that is missing or a line that is no such object.
    """
    found: dict[Judgement, bool] = {}
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise GoldError(f"{path}: cannot be read ({error}); name a list of judged triples") from error
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                verdict, document = row["correct"], row["doc"]
                subject, name, object_ = row["s"], row["p"].split(":")[-1], row["o"]
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise GoldError(
                    f"{path}, line {number}: no judged triple; keep the keys doc, s, p, o, correct"
                ) from error
            if isinstance(verdict, bool) and document:
                for s in {name_key(subject), subject}:
                    for o in {name_key(object_), object_}:
                        found[document, s, name, o] = verdict
    return found


def keys_of(document: str, name: str, subject: tuple[str, Term], object_: tuple[str, Term]) -> Iterator[Judgement]:
    """Under which keys a verdict on a triple may stand; subject and object are label and term."""
    for s in (name_key(subject[0]), subject[1]):
        for o in (name_key(object_[0]), object_[1]):
            if isinstance(s, str) and isinstance(o, str):
                yield document, s, name, o
