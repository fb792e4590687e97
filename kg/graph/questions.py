"""The questions every graph answers, each one SPARQL query of the folder `queries`.

A query begins with two comments: what it asks, and its parameters, each `name`, `name!` (must be given) or
`name:kind`. A kind is `entity` (what a parameter without a kind is), `property`, `document` or `date`. A parameter is
a variable of the answer, or one that the query leaves open with `VALUES ?name { UNDEF }`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kg.errors import QueryError
from kg.graph.naming import Names
from kg.graph.query import Answer, Value, query
from kg.graph.store import open_graph
from kg.graph.terms import iri_fault, literal_term
from kg.model import LiteralValue
from kg.vocabulary import XSD

_HEADER = re.compile(r"^# (question|parameters): (.+)$", re.MULTILINE)
_PARAMETER = re.compile(r"(?P<name>\w+)(?P<required>!?)(?::(?P<kind>entity|property|document|date))?")
_MOST_OF_ONE_NAME = 100


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable that can be fixed. `kind` is `entity`, `property`, `document` or `date`."""

    name: str
    kind: str
    required: bool

    @property
    def expects(self) -> str:
        """What a value has to be, for people."""
        return {
            "entity": "a name, ent:Name or IRI",
            "property": "a property's name, kg:name or IRI",
            "document": "a document's path or IRI",
            "date": "YYYY-MM-DD",
        }[self.kind]


@dataclass(frozen=True, slots=True)
class Question:
    """A shipped query: what it asks, and the variables that can be fixed."""

    name: str
    question: str
    parameters: tuple[Parameter, ...]
    text: str


@dataclass(frozen=True, slots=True)
class PreparedQuestion:
    """A query ready to be evaluated: its text and the values of its variables."""

    text: str
    bindings: Mapping[str, Value]


@cache
def questions() -> dict[str, Question]:
    """Name → question, in the order of their names."""
    found = {}
    for file in sorted(Path(__file__).with_name("queries").glob("*.rq")):
        text = file.read_text(encoding="utf-8")
        header = dict(_HEADER.findall(text))
        found[file.stem] = Question(file.stem, header["question"], tuple(_parameters(header["parameters"])), text)
    return found


def prepare(names: Names, name: str, given: Mapping[str, str]) -> PreparedQuestion:
    """A shipped question with its parameters found in a graph.

    Where several entities have the name that was given, the question is asked of all of them. Raises `QueryError` for
    an unknown question or parameter, a parameter that is missing, and a value that names nothing.
    """
    question = questions().get(name)
    if question is None:
        raise QueryError(f"{name}: no such question; choose one of {', '.join(questions())}")
    known = {parameter.name: parameter for parameter in question.parameters}
    if unknown := given.keys() - known.keys():
        raise QueryError(f"{name}: no parameter {min(unknown)}; it takes {', '.join(known)}")
    for parameter in question.parameters:
        if parameter.required and parameter.name not in given:
            raise QueryError(f"{name}: give {parameter.name}=VALUE ({parameter.expects})")
    text = question.text
    bindings: dict[str, Value] = {}
    for key, value in given.items():
        values = _values(names, known[key], value)
        written = f"VALUES ?{key} {{ {' '.join(map(_written, values))} }}"
        unset = f"VALUES ?{key} {{ UNDEF }}"
        if unset in text:
            text = text.replace(unset, written)
        elif len(values) == 1 and known[key].kind == "entity":
            text = _fixed(text, key, _written(values[0]))
        elif len(values) == 1:
            bindings[key] = values[0]
        else:
            text += f"{written}\n"
    return PreparedQuestion(text, bindings)


def ask(
    source: ox.Store | Path,
    name: str,
    parameters: Mapping[str, str] | None = None,
    *,
    timeout_seconds: float | None = None,
) -> Answer:
    """Answers a shipped question; `parameters` are names, IRIs or days, as `Parameter.expects` says.

    Raises `QueryError` as `prepare` and `query` do, also for an unknown name.
    """
    store = source if isinstance(source, ox.Store) else open_graph(source)
    prepared = prepare(Names(store), name, parameters or {})
    return query(
        store if timeout_seconds is None else source,
        prepared.text,
        bindings=prepared.bindings,
        timeout_seconds=timeout_seconds,
    )


def _parameters(header: str) -> Iterator[Parameter]:
    for word in header.split():
        match = _PARAMETER.fullmatch(word)
        if match is None:
            raise QueryError(f"{word}: no parameter of a question; write name, name! or name:kind")
        yield Parameter(match["name"], match["kind"] or "entity", bool(match["required"]))


def _values(names: Names, parameter: Parameter, text: str) -> list[Value]:
    match parameter.kind:
        case "date":
            return [LiteralValue(value=_day(parameter.name, text), datatype=XSD.date)]
        case "property":
            return [names.property(text)]
        case "document":
            return [names.document(text)]
    found = names.entities(text)
    if len(found) > _MOST_OF_ONE_NAME:
        raise QueryError(f"{text}: {len(found)} entities have this name; give an IRI")
    for iri in found:
        if fault := iri_fault(iri):
            raise QueryError(f"{parameter.name}={text}: {fault}; give a full IRI")
    return list(found)


def _fixed(text: str, name: str, term: str) -> str:
    """A query with a variable of its patterns fixed. Only a term makes the evaluator begin with it: a value that is
    joined, or substituted, leaves it reading all statements (a thousand times slower at half a million quads)."""
    begin, end = text.index("WHERE {") + len("WHERE {"), text.rindex("}")
    patterns = re.sub(rf"\?{name}\b", lambda _: term, text[begin:end])
    return f"{text[:begin]}{patterns}  BIND({term} AS ?{name})\n{text[end:]}"


def _written(value: Value) -> str:
    return f"<{value}>" if isinstance(value, str) else literal_term(value.value, value.datatype)


def _day(name: str, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise QueryError(f"{name}={text}: no day; write YYYY-MM-DD") from error
