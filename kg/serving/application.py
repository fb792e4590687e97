"""Addresses → what answers them, as one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from kg.serving import asking, graph_store, pages, protocol
from kg.serving.guard import Guard
from kg.serving.problems import Problem
from kg.serving.service import Service
from kg.serving.settings import Settings

Endpoint = Callable[[Service, Request], Awaitable[Response]]

_READ = ("GET",)
ENDPOINTS: dict[str, tuple[Endpoint, tuple[str, ...]]] = {
    "/": (pages.explorer, _READ),
    "/query": (pages.editor, _READ),
    "/assets/{name}": (pages.asset, _READ),
    "/terms.json": (pages.terms, _READ),
    "/sparql": (protocol.sparql, ("GET", "POST")),
    "/update": (protocol.update, ("POST",)),
    "/store": (graph_store.store, ("GET", "PUT", "POST", "DELETE")),
    "/ask": (asking.list_questions, _READ),
    "/ask/{name}": (asking.ask, _READ),
    "/search": (asking.search, _READ),
    "/explore/{name}": (asking.explore, _READ),
    "/openapi.json": (asking.openapi, _READ),
    "/.well-known/void": (protocol.void, _READ),
    "/health": (pages.health, _READ),
    "/metrics": (pages.metrics, _READ),
}
"""Path → what answers it, and by which methods; HEAD comes with GET."""


def application(settings: Settings) -> Guard:
    """The application over one store, which it opens with its lifespan. Raises `StoreError` there."""
    return serving(Service(settings))


def serving(service: Service) -> Guard:
    """The application of a service."""

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        async with service.running():
            yield

    routes = [Route(path, _bound(service, endpoint, methods)) for path, (endpoint, methods) in ENDPOINTS.items()]
    for route in routes:
        route.methods = None  # _bound answers for the methods, with a problem instead of plain text
    router = Router(routes, redirect_slashes=False, default=_nowhere, lifespan=lifespan)
    counted = {path.partition("/{")[0] or "/" for path in ENDPOINTS}
    return Guard(router, settings=service.settings, metrics=service.metrics, endpoints=sorted(counted, reverse=True))


def _bound(service: Service, endpoint: Endpoint, methods: tuple[str, ...]) -> Callable[[Request], Awaitable[Response]]:
    allowed = (*methods, "HEAD", "OPTIONS") if "GET" in methods else (*methods, "OPTIONS")

    async def answer(request: Request) -> Response:
        if request.method not in allowed:
            listed = ", ".join(allowed)
            raise Problem(405, f"{request.method}: not here; use {listed}", headers={"Allow": listed})
        return await endpoint(service, request)

    return answer


async def _nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    known = ", ".join(path for path in ENDPOINTS if "{" not in path)
    raise Problem(404, f"{scope['path']}: nothing is here; try one of {known}")
