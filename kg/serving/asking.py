"""Plain answers: shipped questions with parameters, text search, what the explorer asks for, OpenAPI."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg import __version__
from kg.graph.query import RESULT_FORMATS
from kg.graph.questions import Question, questions
from kg.serving.frames import Json
from kg.serving.negotiation import RESULT_TYPES, not_acceptable
from kg.serving.problems import Problem
from kg.serving.requests import response, seconds, single, unless_gone, url_parameters, wanted
from kg.serving.searching import MAX_RESULTS
from kg.serving.service import Service

_PLAIN_TYPES = {"plain": "application/json", "csv": RESULT_TYPES["csv"], "tsv": RESULT_TYPES["tsv"]}
_SPARQL_TYPES = {"json": RESULT_TYPES["json"], "xml": RESULT_TYPES["xml"]}
_RESERVED = frozenset(("format", "timeout"))
_DEFAULT_RESULTS = 20


async def ask(service: Service, request: Request) -> Response:
    """A shipped question; its parameters are the URL's."""
    found = url_parameters(request)
    name = request.path_params["name"]
    if name not in questions():
        raise Problem(404, f"{name}: no such question; ask one of {', '.join(questions())}")
    if single(found, "format") == "json":
        found = {**found, "format": ["plain"]}
    offered = {**_PLAIN_TYPES, **_SPARQL_TYPES}
    results = wanted(request, found, offered)
    if results is None:
        raise not_acceptable(offered)
    given = {key: single(found, key) or "" for key in found if key not in _RESERVED}
    asked = {"operation": "question", "name": name, "parameters": given, "results": results, "graph": None}
    limit = seconds(found, service.settings)
    return response(await unless_gone(request, service.read(asked, timeout_seconds=limit)))


async def list_questions(service: Service, request: Request) -> Response:
    """All shipped questions."""
    return JSONResponse([_listed(question) for question in questions().values()])


async def search(service: Service, request: Request) -> Response:
    """Entities and sentences that hold all words of `q`."""
    found = url_parameters(request)
    limit = single(found, "limit") or str(_DEFAULT_RESULTS)
    if not limit.isascii() or not limit.isdigit() or len(limit) > 6:
        raise Problem(400, f"limit={limit}: give a number from 1 to {MAX_RESULTS}")
    asked = {"operation": "search", "text": single(found, "q") or "", "limit": int(limit)}
    return response(await unless_gone(request, service.read(asked, timeout_seconds=seconds(found, service.settings))))


async def explore(service: Service, request: Request) -> Response:
    """What the explorer's page asks for."""
    found = url_parameters(request)
    given = {key: single(found, key) or "" for key in found}
    asked = {"operation": "explorer", "name": request.path_params["name"], "parameters": given}
    return response(await unless_gone(request, service.read(asked)))


async def openapi(service: Service, request: Request) -> Response:
    """This server's plain interface, as OpenAPI 3.1."""
    return JSONResponse(description(), headers={"cache-control": "no-cache"})


def description() -> Json:
    """The document at `/openapi.json`."""
    paths = {f"/ask/{question.name}": {"get": _question_operation(question)} for question in questions().values()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "kg", "version": __version__, "summary": "A knowledge graph with its evidence."},
        "paths": {
            **paths,
            "/ask": {"get": _operation("The questions that can be asked.", [], "application/json")},
            "/search": {
                "get": _operation(
                    "Entities and sentences that hold all words.",
                    [
                        _parameter("q", "Words; case and accents do not matter.", required=True),
                        _parameter("limit", f"How many of each, 1 to {MAX_RESULTS}.", kind="integer"),
                    ],
                    "application/json",
                )
            },
            "/sparql": {
                "get": _operation(
                    "SPARQL 1.1 query; without one, the service description.",
                    [
                        _parameter("query", "SELECT, ASK, CONSTRUCT or DESCRIBE."),
                        _parameter("default-graph-uri", "Graphs that make the default graph (repeatable)."),
                        _parameter("named-graph-uri", "Graphs that can be named (repeatable)."),
                        _parameter("timeout", "Seconds, up to the server's limit.", kind="number"),
                    ],
                    *(media.partition(";")[0] for media in RESULT_TYPES.values()),
                )
            },
            "/store": {
                "get": _operation(
                    "A graph, or all of them.",
                    [_parameter("graph", "Its IRI."), _parameter("default", "The default graph.")],
                    "text/turtle",
                    "application/trig",
                )
            },
            "/health": {"get": _operation("Whether the server can answer.", [], "application/json")},
            "/metrics": {"get": _operation("Counters, for Prometheus.", [], "text/plain")},
        },
    }


def _question_operation(question: Question) -> Json:
    given = [_parameter(p.name, f"{p.expects}.", required=p.required) for p in question.parameters]
    given.append(_parameter("format", f"plain JSON, or one of {', '.join(RESULT_FORMATS)}."))
    return _operation(question.question, given, "application/json", "text/csv")


def _operation(summary: str, given: list[Json], *media_types: str) -> Json:
    problem = {"description": "What is wrong, in `detail`.", "content": {"application/problem+json": {}}}
    return {
        "summary": summary,
        "parameters": given,
        "responses": {
            "200": {"description": "The answer.", "content": {media: {} for media in media_types}},
            "default": problem,
        },
    }


def _parameter(name: str, explanation: str, *, required: bool = False, kind: str = "string") -> Json:
    text = explanation[:1].upper() + explanation[1:]
    return {"name": name, "in": "query", "required": required, "description": text, "schema": {"type": kind}}


def _listed(question: Question) -> Json:
    return {
        "name": question.name,
        "question": question.question,
        "address": f"/ask/{question.name}",
        "parameters": [{"name": p.name, "expects": p.expects, "required": p.required} for p in question.parameters],
        "sparql": question.text,
    }
