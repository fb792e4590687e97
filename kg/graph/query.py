"""SPARQL text and a graph → an answer that can be printed, written in any standard format, or walked.

Reading only: updates, `SERVICE` and `FROM <file:...>` are refused before anything is evaluated, so a query touches
neither the graph nor the network nor a file.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal as OneOf

import pyoxigraph as ox

from kg.errors import QueryError, QueryTimeout, StoreError
from kg.graph.ontology import minter_of
from kg.graph.query_keywords import dataset_files, uses_load, uses_service
from kg.graph.query_limits import refuse_endless
from kg.graph.remote import Remote, remote_url
from kg.graph.store import open_graph
from kg.graph.terms import iri_fault
from kg.graph.turtle import TurtleWriter
from kg.model import LiteralValue
from kg.vocabulary import Minter

Form = OneOf["solutions", "boolean", "triples"]
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Value = str | LiteralValue
"""What a variable is fixed to: an IRI or a literal."""

RESULT_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}
GRAPH_FORMATS = ("turtle", "ntriples")
FORMATS = ("table", *RESULT_FORMATS, *GRAPH_FORMATS)
"""What `Answer.render` writes: results of SELECT and ASK in the first five, of CONSTRUCT and DESCRIBE in the last two
and as a table."""

_FIRST = re.compile(r"(?:\s|\#[^\r\n]*|BASE\s*<[^>]*>|PREFIX\s*[^\s:]*:\s*<[^>]*>)*(?P<word>[^\W\d_]+)", re.IGNORECASE)
_UPDATES = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"))
_WIDEST_CELL = 100
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a query, complete. `content` is SPARQL JSON, or sorted N-Triples of CONSTRUCT and DESCRIBE."""

    form: Form
    content: bytes
    prefixes: Mapping[str, str] = field(default_factory=lambda: Minter().prefixes)

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the columns, without `?`; subject, predicate and object of triples."""
        if self.form == "solutions":
            return tuple(variable.value for variable in self._solutions().variables)
        return ("subject", "predicate", "object") if self.form == "triples" else ("answer",)

    def __iter__(self) -> Iterator[tuple[Term | None, ...]]:
        """The rows, in the order of the query; None where a variable is not bound."""
        if self.form == "solutions":
            for solution in self._solutions():
                yield tuple(solution)
        elif self.form == "triples":
            for quad in ox.parse(self.content, format=ox.RdfFormat.N_TRIPLES):
                yield quad.subject, quad.predicate, quad.object
        else:
            yield (ox.Literal(bool(self)),)

    def __bool__(self) -> bool:
        """The answer of ASK; of the other forms, whether there is any row."""
        if self.form == "boolean":
            return bool(ox.parse_query_results(self.content, format=ox.QueryResultsFormat.JSON))
        return next(iter(self), None) is not None

    def render(self, format: str = "table") -> bytes:
        """The answer in one of `FORMATS`, in UTF-8; raises `QueryError` where the format does not fit the form."""
        if format == "table":
            return self._table().encode()
        if self.form == "triples":
            return self._graph(format)
        if format not in RESULT_FORMATS:
            wanted = "CONSTRUCT or DESCRIBE" if format in GRAPH_FORMATS else f"one of {', '.join(FORMATS)}"
            raise QueryError(f"format {format} does not fit this query: it needs {wanted}")
        results = ox.parse_query_results(self.content, format=ox.QueryResultsFormat.JSON)
        content = results.serialize(format=RESULT_FORMATS[format]) or b""
        return content if content.endswith(b"\n") else content + b"\n"

    def _graph(self, format: str) -> bytes:
        if format == "ntriples":
            return self.content
        if format == "turtle":
            writer = TurtleWriter(self.prefixes)
            lines = self.content.decode().split("\n")[:-1]
            return "".join([writer.header(), "\n", *writer.triples(lines)]).encode()
        raise QueryError(f"format {format} does not fit CONSTRUCT and DESCRIBE; use turtle, ntriples or table")

    def _table(self) -> str:
        names = TurtleWriter(self.prefixes)
        rows = [[_cell(term, names) for term in row] for row in self]
        widths = [max(len(cell) for cell in column) for column in zip(self.variables, *rows, strict=True)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in (self.variables, ["-" * width for width in widths], *rows)
        ]
        return "\n".join([*lines, f"({len(rows)} {'row' if len(rows) == 1 else 'rows'})", ""])

    def _solutions(self) -> ox.QuerySolutions:
        results = ox.parse_query_results(self.content, format=ox.QueryResultsFormat.JSON)
        if not isinstance(results, ox.QuerySolutions):
            raise QueryError("the query gave no table")
        return results


def query(
    source: ox.Store | Path,
    text: str,
    *,
    timeout_seconds: float | None = None,
    prefixes: Mapping[str, str] | None = None,
    bindings: Mapping[str, Value] | None = None,
) -> Answer:
    """Answers a SPARQL 1.1 query over an open store, a store's folder, an RDF file, or the server at a URL.

    `prefixes` (those of the graph, unless given) need no declaration; what the query declares itself stands.
    `bindings` fix variables: name without `?` → IRI or literal. With `timeout_seconds` the query runs in a process of
    its own, which is killed at that time; `source` is then a path.

    Raises `QueryError` for a query that is malformed or not allowed, `QueryTimeout`, and `StoreError`.
    """
    refuse(text)
    bindings = bindings or {}
    for name, value in bindings.items():
        if isinstance(value, str) and (fault := iri_fault(value)):
            raise QueryError(f"value of ?{name}: {fault}; give a full IRI")
    if not isinstance(source, ox.Store) and (url := remote_url(source)) is not None:
        return _at_server(url, text, timeout_seconds, prefixes, bindings)
    if timeout_seconds is not None:
        if isinstance(source, ox.Store):
            raise QueryError("a time limit needs the path of a store or file, not an open store")
        return _in_process(source, text, timeout_seconds, prefixes, bindings)
    store = source if isinstance(source, ox.Store) else open_graph(source)
    known = dict(prefixes) if prefixes is not None else minter_of(store).prefixes
    form, content = evaluate(store, text, known, bindings)
    return Answer(form, content, known)


def _at_server(
    url: str,
    text: str,
    timeout_seconds: float | None,
    prefixes: Mapping[str, str] | None,
    bindings: Mapping[str, Value],
) -> Answer:
    with Remote(url) as remote:
        minter = remote.minter()
        known = dict(prefixes) if prefixes is not None else minter.prefixes
        values = {name: str(_term(value)) for name, value in bindings.items()}
        form, content = remote.answer(
            text, prefixes=known, values=values, minter=minter, timeout_seconds=timeout_seconds
        )
    return Answer(form, content, known)


def evaluate(
    store: ox.Store, text: str, prefixes: Mapping[str, str], bindings: Mapping[str, Value]
) -> tuple[Form, bytes]:
    """The form and the content of an `Answer`; raises `QueryError`."""
    values: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
        ox.Variable(name): _term(value) for name, value in bindings.items()
    }
    try:
        result = store.query(text, prefixes=dict(prefixes), substitutions=values)
        if isinstance(result, ox.QueryTriples):
            dump = result.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
            return "triples", b"".join(sorted(set(dump.splitlines(keepends=True))))
        form: Form = "boolean" if isinstance(result, ox.QueryBoolean) else "solutions"
        return form, result.serialize(format=ox.QueryResultsFormat.JSON) or b""
    except SyntaxError as error:
        raise QueryError(f"query: {' '.join(str(error).split())}; see the SPARQL 1.1 grammar") from error
    except (ValueError, RuntimeError, OSError) as error:
        raise QueryError(f"query: it cannot be evaluated ({' '.join(str(error).split())})") from error


def refuse(text: str) -> None:
    """Raises `QueryError` for an update, `SERVICE` or `FROM <file:...>`, wherever they stand outside of names.

    Also for what is too long or too deep to be evaluated safely.
    """
    refuse_endless(text)
    first = _FIRST.match(text)
    if first and first["word"].upper() in _UPDATES:
        word = first["word"].upper()
        raise QueryError(f"query: {word} would change the graph; only SELECT, ASK, CONSTRUCT and DESCRIBE are allowed")
    if uses_service(text):
        raise QueryError("query: SERVICE would reach the network; query the graph itself")
    if dataset_files(text):
        raise QueryError("query: FROM <file:...> would read a file; give the file with --graph")


def refuse_update(text: str) -> None:
    """Raises `QueryError` for an update that would read from the network or from files: `LOAD` and `SERVICE`."""
    refuse_endless(text)
    if uses_load(text):
        raise QueryError("update: LOAD would fetch a document; send its content to the graph store instead")
    if uses_service(text):
        raise QueryError("update: SERVICE would reach the network; use the graph itself")


def _in_process(
    source: Path, text: str, timeout_seconds: float, prefixes: Mapping[str, str] | None, bindings: Mapping[str, Value]
) -> Answer:
    request = {
        "source": str(source),
        "text": text,
        "prefixes": dict(prefixes) if prefixes is not None else None,
        "bindings": {
            name: value if isinstance(value, str) else [value.value, value.datatype] for name, value in bindings.items()
        },
    }
    package_parent = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (package_parent, os.environ.get("PYTHONPATH"))))
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "kg.graph.query_process"],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=timeout_seconds,
            env={**os.environ, "PYTHONPATH": path},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise QueryTimeout(
            f"query: stopped after {timeout_seconds:g} s; narrow it, add LIMIT or allow more with --timeout"
        ) from error
    header, _, content = done.stdout.partition(b"\n")
    if done.returncode != 0 or not header:
        raise QueryError(f"query: its process ended with code {done.returncode}; it may have run out of memory")
    outcome = json.loads(header)
    if outcome["form"] == "error":
        raise {"StoreError": StoreError}.get(outcome["type"], QueryError)(outcome["message"])
    return Answer(outcome["form"], content, outcome["prefixes"])


def _term(value: Value) -> ox.NamedNode | ox.Literal:
    if isinstance(value, str):
        return ox.NamedNode(value)
    return ox.Literal(value.value, datatype=ox.NamedNode(value.datatype))


def _cell(term: Term | None, names: TurtleWriter) -> str:
    match term:
        case None:
            return ""
        case ox.NamedNode():
            text = names.term(str(term))
        case ox.Literal():
            text = term.value
        case _:
            text = str(term)
    text = _INVISIBLE.sub(lambda match: " " if match[0] in "\t\n\r" else f"\\u{ord(match[0]):04x}", text)
    return text if len(text) <= _WIDEST_CELL else text[: _WIDEST_CELL - 1] + "…"
