"""Pages and their parts: the explorer at `/`, the query editor at `/query`, their scripts and styles."""

from __future__ import annotations

import secrets
from functools import cache
from html import escape
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from kg.serving.problems import Problem
from kg.serving.requests import response, unless_gone
from kg.serving.service import Service

_KINDS = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
_ASSETS = {
    "query.js": ("assets", "query.js"),
    "query.css": ("assets", "query.css"),
    "editor.js": ("bundled", "editor.js"),
}
_EXPLORER_POLICY = "frame-ancestors 'none'; object-src 'none'; base-uri 'none'"
"""The page itself states the rest, with the hashes of its scripts."""


async def explorer(service: Service, request: Request) -> Response:
    """The explorer, made once for each state of the store."""
    reply = await unless_gone(request, service.read_once("explorer", {"operation": "page"}))
    headers = {"content-security-policy": _EXPLORER_POLICY, "cache-control": "no-cache"}
    if reply.file is None:
        return Response(reply.content, headers=headers, media_type=reply.header["type"])
    reply.file.seek(0)
    return Response(reply.file.read(), headers=headers, media_type=reply.header["type"])


async def editor(service: Service, request: Request) -> Response:
    """The query editor: CodeMirror where the package brings it, else a plain text area."""
    nonce = secrets.token_urlsafe(16)
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; "
        "connect-src 'self'; "
        "img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
    bundle = '<script src="/assets/editor.js" defer></script>' if _asset("editor.js") is not None else ""
    html = _text("assets", "query.html").replace("<!-- editor -->", bundle).replace("NONCE", escape(nonce))
    return Response(html, headers={"content-security-policy": policy, "cache-control": "no-store"}, media_type=_HTML)


_HTML = "text/html; charset=utf-8"


async def asset(service: Service, request: Request) -> Response:
    """A script or a style sheet of ours."""
    name = request.path_params["name"]
    content = _asset(name) if name in _ASSETS else None
    if content is None:
        raise Problem(404, f"assets/{name}: there is none of this name")
    kind = _KINDS[name.rpartition(".")[2]]
    return Response(content, headers={"cache-control": "max-age=600"}, media_type=kind)


async def terms(service: Service, request: Request) -> Response:
    """Prefixes, classes and properties, for completion."""
    return response(await unless_gone(request, service.read({"operation": "terms"})))


async def health(service: Service, request: Request) -> Response:
    """Whether queries can be answered."""
    readers = service.pool.size
    content = {
        "status": "ok" if readers else "no readers",
        "readers": readers,
        "busy": service.pool.busy,
        "generation": service.snapshots.generation,
        "writable": service.settings.writable,
    }
    return JSONResponse(content, 200 if readers else 503, headers={"cache-control": "no-store"})


async def metrics(service: Service, request: Request) -> Response:
    """Counters, for Prometheus."""
    text = service.metrics.text(service.pool, service.snapshots.generation)
    return PlainTextResponse(text, headers={"cache-control": "no-store"}, media_type="text/plain; version=0.0.4")


@cache
def _asset(name: str) -> bytes | None:
    resource = files(__package__).joinpath(*_ASSETS[name])
    return resource.read_bytes() if resource.is_file() else None


@cache
def _text(*path: str) -> str:
    return files(__package__).joinpath(*path).read_text(encoding="utf-8")
