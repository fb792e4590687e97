"""SPARQL 1.1 Graph Store HTTP Protocol: `/store?default`, `/store?graph=IRI`; without either, all graphs.

https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kg.graph.terms import iri_fault
from kg.serving.frames import Json
from kg.serving.negotiation import DATASET_TYPES, GRAPH_TYPES, content_format, not_acceptable
from kg.serving.problems import Problem
from kg.serving.requests import (
    Parameters,
    address,
    authorized,
    media_type,
    response,
    seconds,
    single,
    unless_gone,
    url_parameters,
    wanted,
)
from kg.serving.service import Service


async def store(service: Service, request: Request) -> Response:
    """Reads, replaces, extends or removes a graph."""
    if request.method in ("GET", "HEAD"):
        return await _read(service, request)
    authorized(request, service.settings)
    found = url_parameters(request)
    named, graph = _graph(found)
    if not named and request.method != "POST":
        raise Problem(400, "graph: missing; give ?graph=IRI or ?default")
    asked: Json = {"operation": request.method.lower(), "named": named, "graph": graph}
    body = await request.body()
    if request.method != "DELETE":
        media_type(request)
        asked["format"] = content_format(request.headers.get("content-type"), GRAPH_TYPES)
        asked["base"] = graph or f"{address(request)}store"
    done = await service.write(asked, body, timeout_seconds=seconds(found, service.settings))
    headers = {"location": f"{address(request)}store?graph={done['location']}"} if "location" in done else {}
    return Response(status_code=done["status"], headers=headers)


async def _read(service: Service, request: Request) -> Response:
    found = url_parameters(request)
    named, graph = _graph(found)
    offered = GRAPH_TYPES if named else DATASET_TYPES
    format_ = wanted(request, found, offered)
    if format_ is None:
        raise not_acceptable(offered)
    operation = "graph" if request.method == "GET" else "exists"
    asked = {"operation": operation, "graph": graph, "whole": not named, "format": format_}
    limit = seconds(found, service.settings)
    return response(await unless_gone(request, service.read(asked, timeout_seconds=limit)))


def _graph(found: Parameters) -> tuple[bool, str | None]:
    """Whether a graph is named, and the IRI of it, None for the default graph. Raises `Problem`."""
    iri, default = single(found, "graph"), "default" in found
    if iri is not None and default:
        raise Problem(400, "graph and default: give one of them")
    if iri is not None and (fault := iri_fault(iri)):
        raise Problem(400, f"graph: {fault}; give a full IRI")
    return iri is not None or default, iri
