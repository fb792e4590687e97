"""HTTP request → what it asks for: parameters, body, format, time limit, token; and a reply → HTTP response."""

from __future__ import annotations

import asyncio
import hmac
import math
from collections.abc import Awaitable, Iterator
from typing import IO, TypeVar
from urllib.parse import parse_qsl

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kg.serving.frames import Reply
from kg.serving.negotiation import choose
from kg.serving.problems import Problem
from kg.serving.settings import Settings

FORM = "application/x-www-form-urlencoded"
_PIECE = 1 << 16
_MOST_PARAMETERS = 1000

T = TypeVar("T")
Parameters = dict[str, list[str]]


def parameters(query: bytes) -> Parameters:
    """The parameters of a URL or a form: name → values. Raises `Problem` when they are no UTF-8, or too many."""
    try:
        pairs = parse_qsl(
            query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except ValueError as error:
        raise Problem(400, f"parameters: {error}; send at most {_MOST_PARAMETERS}, in UTF-8, percent-encoded") from None
    found: Parameters = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def url_parameters(request: Request) -> Parameters:
    """The parameters of the request's URL."""
    return parameters(request.scope["query_string"])


def single(found: Parameters, name: str) -> str | None:
    """The one value of a parameter, None without one. Raises `Problem` for several."""
    values = found.get(name, [])
    if len(values) > 1:
        raise Problem(400, f"{name}: given {len(values)} times; give it once")
    return values[0] if values else None


def media_type(request: Request) -> str:
    """The media type of the body, without its parameters. Raises `Problem` for another encoding than UTF-8."""
    kind, *rest = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    for part in rest:
        if part.startswith("charset=") and part[8:].strip('"') not in ("utf-8", "utf8", "us-ascii"):
            raise Problem(415, f"Content-Type: {part} is not read; send UTF-8")
    return kind


async def text_body(request: Request) -> str:
    """The body as text. Raises `Problem` when it is no UTF-8."""
    body = await request.body()
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Problem(400, f"body: not in UTF-8 (byte {error.start}); encode it so") from None


def seconds(found: Parameters, settings: Settings) -> float:
    """The time limit that is asked for, up to the server's. Raises `Problem`."""
    text = single(found, "timeout")
    if text is None:
        return settings.timeout_seconds
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not value > 0:
        raise Problem(400, f"timeout={text}: give seconds, more than 0")
    return min(value, settings.timeout_seconds)


def wanted(request: Request, found: Parameters, offered: dict[str, str]) -> str | None:
    """The format that `format=NAME` or the `Accept` header asks for; None for none of those offered."""
    name = single(found, "format")
    if name is not None:
        return name if name in offered else None
    return choose(request.headers.get("accept"), offered)


def authorized(request: Request, settings: Settings) -> None:
    """Raises `Problem` unless the store is writable and the request brings its token."""
    if settings.token is None:
        raise Problem(403, "this server only reads; start it with --writable to change the graph")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    given = token.strip().encode("latin-1", "replace")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given, settings.token.encode()):
        raise Problem(
            401,
            "Authorization: send 'Bearer TOKEN' with the token that the server was started with",
            headers={"WWW-Authenticate": 'Bearer realm="kg"'},
        )


def address(request: Request) -> str:
    """This server's address as the client knows it, ending with `/`."""
    return f"{request.url.scheme}://{request.headers['host']}/"


async def unless_gone(request: Request, work: Awaitable[T]) -> T:
    """The result of `work`, which is cancelled when the client has gone away."""
    await request.body()  # what comes after the body tells that the client has gone
    working = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Problem(400, "the client has gone")
        return working.result()
    finally:
        for task in (working, watching):
            task.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


def response(reply: Reply, *, status: int = 200) -> Response:
    """A reader's answer as a response; a large one is sent in pieces."""
    headers = {"cache-control": "no-cache"}
    if reply.file is None:
        return Response(reply.content, status, headers, reply.header["type"])
    headers["content-length"] = str(reply.header["bytes"])
    closing = BackgroundTask(reply.file.close)
    return StreamingResponse(_pieces(reply.file), status, headers, reply.header["type"], closing)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
