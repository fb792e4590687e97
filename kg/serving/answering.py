"""What a reader process does with a request: each operation takes the open store and writes one answer.

A request's `limits` are `rows` and `bytes`. Operations raise `KGError` for what the client has asked wrongly, and
`Problem` where the status is another than 400.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import IO, cast

import pyoxigraph as ox

from kg.errors import QueryError
from kg.graph.query import RESULT_FORMATS, refuse
from kg.graph.questions import prepare
from kg.graph.terms import iri_fault
from kg.model import LiteralValue
from kg.serving import description
from kg.serving.frames import AnswerWriter, Json
from kg.serving.limits import LimitedOutput, LimitReached, Output
from kg.serving.negotiation import DATASET_TYPES, GRAPH_TYPES, RDF_FORMATS, RESULT_TYPES
from kg.serving.opened import Opened
from kg.serving.problems import Problem
from kg.serving.searching import search
from kg.vocabulary import OWL, RDF, RDFS

Substitutions = dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]
Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


def answer_query(opened: Opened, request: Json, out: AnswerWriter) -> None:
    """A SPARQL query; `results` and `graph` are the formats of the two kinds of answers, None where refused."""
    refuse(request["query"])
    _write_result(opened, request["query"], {}, request, out)


def answer_question(opened: Opened, request: Json, out: AnswerWriter) -> None:
    """A shipped question with its parameters."""
    prepared = prepare(opened.names, request["name"], request["parameters"])
    values: Substitutions = {
        ox.Variable(name): ox.Literal(value.value, datatype=ox.NamedNode(value.datatype))
        if isinstance(value, LiteralValue)
        else ox.NamedNode(value)
        for name, value in prepared.bindings.items()
    }
    if request["results"] == "plain":
        _write_plain(_evaluate(opened, prepared.text, values, request), request, out)
    else:
        _write_result(opened, prepared.text, values, request, out)


def answer_graph(opened: Opened, request: Json, out: AnswerWriter) -> None:
    """A graph, the default graph (`graph` null) or the whole dataset (`whole`), in `format`."""
    graph = _graph(opened, request)
    format_ = request["format"]
    limited = _limited(request, out)
    out.header({"type": GRAPH_TYPES[format_]})
    with _Limits(limited):
        prefixes = opened.minter.prefixes if format_ in ("turtle", "trig", "rdfxml") else None
        if request["whole"]:
            opened.store.dump(_stream(limited), format=RDF_FORMATS[format_], prefixes=prefixes)
        else:
            opened.store.dump(_stream(limited), format=RDF_FORMATS[format_], from_graph=graph, prefixes=prefixes)


def answer_exists(opened: Opened, request: Json, out: AnswerWriter) -> None:
    """Nothing, but a problem where there is no such graph."""
    _graph(opened, request)
    out.header({"type": GRAPH_TYPES[request["format"]]})


def answer_search(opened: Opened, request: Json, out: AnswerWriter) -> None:
    """Entities and sentences that hold all words of `text`."""
    _write_json(search(opened, request["text"], request["limit"]), out)


def answer_explorer(opened: Opened, request: Json, out: AnswerWriter) -> None:
    """What the explorer's page asks for: its own answers, or the triples of a CONSTRUCT query."""
    # Late: only the explorer needs its layouts, which take half a second to import.
    from kg.publishing.network import answer, triples_answer

    base = opened.minter.base
    if request["name"] != "query":
        _write_json(answer(opened.store, request["name"], request["parameters"], base=base), out)
        return
    text = request["parameters"].get("query", "")
    refuse(text)
    result = _evaluate(opened, text, {}, request)
    if not isinstance(result, ox.QueryTriples):
        raise QueryError("explore: not a CONSTRUCT or DESCRIBE query; a network is made of triples")
    _write_json(triples_answer(opened.store, result, base=base), out)


def answer_page(opened: Opened, _: Json, out: AnswerWriter) -> None:
    """The explorer's page."""
    from kg.publishing.network import served_page

    out.header({"type": "text/html; charset=utf-8"})
    out.write(served_page(opened.store, base=opened.minter.base).encode())


def answer_description(opened: Opened, request: Json, out: AnswerWriter) -> None:
    """The service description, or VoID alone."""
    address = request["address"]
    triples = (
        description.void(opened, address)
        if request["void"]
        else description.service_description(opened, address, writable=request["writable"])
    )
    format_ = request["format"]
    out.header({"type": GRAPH_TYPES[format_]})
    prefixes = {**opened.minter.prefixes, **description.PREFIXES}
    ox.serialize(triples, _stream(out), format=RDF_FORMATS[format_], prefixes=prefixes)


def answer_terms(opened: Opened, _: Json, out: AnswerWriter) -> None:
    """Prefixes, classes and properties, for the editor's completion."""
    terms: dict[str, Json] = {}
    kinds = {
        f"{RDFS.iri}Class": "class",
        OWL.Class: "class",
        RDF.Property: "property",
        OWL.ObjectProperty: "property",
        OWL.DatatypeProperty: "property",
        OWL.AnnotationProperty: "property",
    }
    for class_, kind in kinds.items():
        for quad in opened.store.quads_for_pattern(None, ox.NamedNode(RDF.type), ox.NamedNode(class_), None):
            if isinstance(quad.subject, ox.NamedNode):
                iri = quad.subject.value
                name = opened.names.short(iri)
                terms[name] = {"name": name, "kind": kind, "label": opened.names.label(iri)}
    _write_json({"prefixes": opened.minter.prefixes, "terms": [terms[name] for name in sorted(terms)]}, out)


def answer_ready(opened: Opened, _: Json, out: AnswerWriter) -> None:
    """Nothing: the store is open, and its prefixes are known."""
    out.header({"base": opened.minter.base})


OPERATIONS: dict[str, Callable[[Opened, Json, AnswerWriter], None]] = {
    "query": answer_query,
    "question": answer_question,
    "graph": answer_graph,
    "exists": answer_exists,
    "search": answer_search,
    "explorer": answer_explorer,
    "page": answer_page,
    "description": answer_description,
    "terms": answer_terms,
    "ready": answer_ready,
}
"""Name of an operation → what carries it out."""


class _Limits:
    """Turns the end of a result that is too large into a problem, whatever error the serializer makes of it."""

    def __init__(self, limited: LimitedOutput) -> None:
        self._limited = limited

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if self._limited.reached is not None:
            raise Problem(422, f"query: {self._limited.reached}") from error


def _stream(output: Output) -> IO[bytes]:
    """What pyoxigraph writes to; it needs no more of a file than `Output` has."""
    return cast(IO[bytes], output)


def _limited(request: Json, out: AnswerWriter, format: str | None = None) -> LimitedOutput:
    limits = request["limits"]
    return LimitedOutput(out, max_rows=limits["rows"], max_bytes=limits["bytes"], format=format)


def _write_result(opened: Opened, text: str, substitutions: Substitutions, request: Json, out: AnswerWriter) -> None:
    result = _evaluate(opened, text, substitutions, request)
    if isinstance(result, ox.QueryTriples):
        if request["graph"] is None:
            raise Problem(406, f"Accept: triples come as one of {', '.join(GRAPH_TYPES)}")
        _write_triples(opened, result, request, out)
        return
    format_ = request["results"]
    if format_ is None:
        raise Problem(406, f"Accept: results come as one of {', '.join(RESULT_TYPES.values())}")
    limited = _limited(request, out, None if isinstance(result, ox.QueryBoolean) else format_)
    out.header({"type": RESULT_TYPES[format_]})
    with _Limits(limited), _Faults():
        result.serialize(_stream(limited), format=RESULT_FORMATS[format_])


def _write_triples(opened: Opened, triples: ox.QueryTriples, request: Json, out: AnswerWriter) -> None:
    format_ = request["graph"]
    limited = _limited(request, out)

    def each_once() -> Iterator[ox.Triple]:
        seen = set()
        for triple in triples:
            if triple not in seen:
                seen.add(triple)
                limited.row()
                yield triple

    out.header({"type": GRAPH_TYPES[format_]})
    with _Limits(limited), _Faults():
        ox.serialize(each_once(), _stream(limited), format=RDF_FORMATS[format_], prefixes=opened.minter.prefixes)


def _write_plain(result: Result, request: Json, out: AnswerWriter) -> None:
    """Rows as JSON objects of plain strings; what is not bound is null."""
    if not isinstance(result, ox.QuerySolutions):
        raise QueryError("question: it gives no rows")
    limited = _limited(request, out)
    columns = [variable.value for variable in result.variables]
    out.header({"type": "application/json"})
    with _Limits(limited), _Faults():
        limited.write(f'{{"columns": {json.dumps(columns)}, "rows": ['.encode())
        for number, solution in enumerate(result):
            limited.row()
            row = {name: getattr(term, "value", None) for name, term in zip(columns, solution, strict=True)}
            limited.write((",\n" if number else "\n").encode() + json.dumps(row, ensure_ascii=False).encode())
        limited.write(b"\n]}\n")


class _Faults:
    """Turns errors of the evaluation into what a client is told."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, SyntaxError):
            raise QueryError(f"query: {' '.join(str(error).split())}; see the SPARQL 1.1 grammar") from error
        if isinstance(error, ValueError | RuntimeError | OSError) and not isinstance(error, QueryError | LimitReached):
            raise QueryError(f"query: it cannot be evaluated ({' '.join(str(error).split())})") from error


def _evaluate(opened: Opened, text: str, substitutions: Substitutions, request: Json) -> Result:
    default, named = request.get("default_graphs", []), request.get("named_graphs", [])
    with _Faults():
        if not default and not named:
            return opened.store.query(text, prefixes=opened.minter.prefixes, substitutions=substitutions)
        return opened.store.query(
            text,
            prefixes=opened.minter.prefixes,
            default_graph=[*_nodes(default)],
            named_graphs=[*_nodes(named)],
            substitutions=substitutions,
        )


def _nodes(iris: Iterable[str]) -> list[ox.NamedNode]:
    for iri in iris:
        if fault := iri_fault(iri):
            raise QueryError(f"graph {iri}: {fault}; give a full IRI")
        if iri.lower().startswith("file:"):
            raise QueryError(f"graph {iri}: no file is read; name a graph of the store")
    return [ox.NamedNode(iri) for iri in iris]


def _graph(opened: Opened, request: Json) -> ox.NamedNode | ox.DefaultGraph:
    iri = request["graph"]
    if iri is None:
        if request["whole"] and request["format"] not in DATASET_TYPES:
            raise Problem(406, f"Accept: all graphs come as one of {', '.join(DATASET_TYPES)}; or name a graph")
        return ox.DefaultGraph()
    (node,) = _nodes([iri])
    if not opened.store.contains_named_graph(node):
        raise Problem(404, f"graph {iri}: there is none of this name")
    return node


def _write_json(content: object, out: AnswerWriter) -> None:
    out.header({"type": "application/json"})
    out.write(json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
