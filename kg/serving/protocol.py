"""SPARQL 1.1 Protocol: `/sparql` answers queries, `/update` carries out updates.

https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kg.serving.negotiation import GRAPH_TYPES, RESULT_TYPES, not_acceptable
from kg.serving.problems import Problem
from kg.serving.requests import (
    FORM,
    Parameters,
    address,
    authorized,
    media_type,
    parameters,
    response,
    seconds,
    single,
    text_body,
    unless_gone,
    url_parameters,
    wanted,
)
from kg.serving.service import Service

QUERY_TYPE, UPDATE_TYPE = "application/sparql-query", "application/sparql-update"


async def sparql(service: Service, request: Request) -> Response:
    """A query: GET, POST of a form, or POST of the query itself. Without a query, the service description."""
    found = url_parameters(request)
    if request.method == "POST":
        kind = media_type(request)
        if kind == FORM:
            found = {**found, **parameters(await request.body())}
            if "update" in found:
                raise Problem(400, "update: send it to /update")
        elif kind == QUERY_TYPE:
            found = {**found, "query": [*found.get("query", []), await text_body(request)]}
        else:
            raise Problem(415, f"Content-Type: {kind or 'none'}; send {FORM} or {QUERY_TYPE}")
    query = single(found, "query")
    if query is None:
        if request.method == "POST":
            raise Problem(400, "query: missing; give one")
        return await _describe(service, request, found)
    results, graph = wanted(request, found, RESULT_TYPES), wanted(request, found, GRAPH_TYPES)
    if results is None and graph is None:
        raise not_acceptable({**RESULT_TYPES, **GRAPH_TYPES})
    asked = {
        "operation": "query",
        "query": query,
        "results": results,
        "graph": graph,
        "default_graphs": found.get("default-graph-uri", []),
        "named_graphs": found.get("named-graph-uri", []),
    }
    limit = seconds(found, service.settings)
    return response(await unless_gone(request, service.read(asked, timeout_seconds=limit)))


async def update(service: Service, request: Request) -> Response:
    """An update: POST of a form, or POST of the update itself."""
    authorized(request, service.settings)
    found = url_parameters(request)
    kind = media_type(request)
    if kind == FORM:
        found = {**found, **parameters(await request.body())}
    elif kind == UPDATE_TYPE:
        found = {**found, "update": [*found.get("update", []), await text_body(request)]}
    else:
        raise Problem(415, f"Content-Type: {kind or 'none'}; send {FORM} or {UPDATE_TYPE}")
    text = single(found, "update")
    if text is None:
        raise Problem(400, "update: missing; give one")
    for name in ("using-graph-uri", "using-named-graph-uri"):
        if name in found:
            raise Problem(400, f"{name}: not read; write USING in the update itself")
    limit = seconds(found, service.settings)
    await service.write({"operation": "update"}, text.encode(), timeout_seconds=limit)
    return Response(status_code=204)


async def void(service: Service, request: Request) -> Response:
    """The graph in numbers."""
    return await _description(service, request, url_parameters(request), void=True)


async def _describe(service: Service, request: Request, found: Parameters) -> Response:
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/query", 303)
    return await _description(service, request, found, void=False)


async def _description(service: Service, request: Request, found: Parameters, *, void: bool) -> Response:
    format_ = wanted(request, found, GRAPH_TYPES)
    if format_ is None:
        raise not_acceptable(GRAPH_TYPES)
    asked = {
        "operation": "description",
        "void": void,
        "format": format_,
        "address": address(request),
        "writable": service.settings.writable,
    }
    return response(await unless_gone(request, service.read(asked)))
