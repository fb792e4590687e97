"""The questions every graph answers, each one SPARQL query of the folder `queries`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kg.errors import QueryError
from kg.graph.query import Answer, query

_HEADER = re.compile(r"^# (question|parameters): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Question:
    """A shipped query: what it asks, the variables that can be fixed, and those that must be."""

    name: str
    question: str
    parameters: tuple[str, ...]
    required: tuple[str, ...]
    text: str


@cache
def questions() -> dict[str, Question]:
    """Name → question, in the order of their names."""
    found = {}
    for file in sorted(Path(__file__).with_name("queries").glob("*.rq")):
        text = file.read_text(encoding="utf-8")
        header = dict(_HEADER.findall(text))
        names = header["parameters"].split()
        found[file.stem] = Question(
            name=file.stem,
            question=header["question"],
            parameters=tuple(name.rstrip("!") for name in names),
            required=tuple(name[:-1] for name in names if name.endswith("!")),
            text=text,
        )
    return found


def ask(
    source: ox.Store | Path,
    name: str,
    parameters: Mapping[str, str] | None = None,
    *,
    timeout_seconds: float | None = None,
) -> Answer:
    """Answers a shipped question; `parameters` are IRIs by name. Raises `QueryError`, also for an unknown name."""
    question = questions().get(name)
    if question is None:
        raise QueryError(f"{name}: no such question; choose one of {', '.join(questions())}")
    given = dict(parameters or {})
    if unknown := given.keys() - set(question.parameters):
        raise QueryError(f"{name}: no parameter {min(unknown)}; it takes {', '.join(question.parameters)}")
    if missing := set(question.required) - given.keys():
        raise QueryError(f"{name}: give {min(missing)}=IRI")
    return query(source, question.text, bindings=given, timeout_seconds=timeout_seconds)
