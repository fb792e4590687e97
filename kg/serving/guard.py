"""What every request passes on its way in and out: names of this host, origins, size, headers of safety, counters.

A page of somebody else's must not read or change the graph of the person who has it open. So names that are not this
server's are refused (DNS rebinding), and so are origins that nobody has allowed.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from kg.errors import KGError
from kg.serving.metrics import Metrics
from kg.serving.problems import MEDIA_TYPE, Problem
from kg.serving.settings import Settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_log = logging.getLogger(__name__)
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[^:\[\]/@\s]+)(?::\d{1,5})?")
_SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
_METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
_SAFETY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
"""Of answers that are no pages; a page brings its own."""


class Guard:
    """ASGI middleware around the whole application; `endpoints` are the paths that are counted by name."""

    def __init__(self, app: App, *, settings: Settings, metrics: Metrics, endpoints: Iterable[str]) -> None:
        self._app, self._settings, self._metrics = app, settings, metrics
        self._endpoints = frozenset(endpoints)
        self._names = {"localhost", settings.host.lower(), *(host.lower() for host in settings.hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        headers = [(name.lower(), value.decode("latin-1")) for name, value in scope["headers"]]
        origin = next((value for name, value in headers if name == b"origin"), None)
        answer = _Answer(send, self._headers_out(headers, origin))
        try:
            self._check(scope, headers, origin)
            if scope["method"] == "OPTIONS":
                await answer.empty(204)
            else:
                await self._app(scope, _limited(receive, self._settings.max_body_bytes), answer)
        except Problem as problem:
            await answer.problem(problem)
        except KGError as error:
            await answer.problem(Problem(400, str(error)))
        except Exception:  # noqa: BLE001 - a client is told something, whatever happens
            _log.exception("%s %s failed", scope["method"], scope["path"])
            await answer.problem(Problem(500, "something went wrong that nobody has foreseen; the log says what"))
        finally:
            path = scope["path"]
            endpoint = next((known for known in self._endpoints if _within(path, known)), "other")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.answered(endpoint, method, answer.status, time.perf_counter() - begun)

    def _check(self, scope: Scope, headers: list[tuple[bytes, str]], origin: str | None) -> None:
        hosts = [value for name, value in headers if name == b"host"]
        if len(hosts) != 1 or not self._is_ours(hosts[0]):
            named = ", ".join(hosts) or "none"
            raise Problem(421, f"Host: {named} is no name of this server; start it with --allow-host NAME to add one")
        if origin is not None and not self._is_allowed(origin, hosts[0]) and scope["method"] not in _SAFE_METHODS:
            raise Problem(403, f"Origin: pages of {origin} may not ask here; start with --allow-origin to let them")
        for name, value in headers:
            if name == b"content-length" and (not value.isdigit() or int(value) > self._settings.max_body_bytes):
                raise _too_large(self._settings.max_body_bytes)
            if name == b"content-encoding" and value.lower() != "identity":
                raise Problem(415, f"Content-Encoding: {value} is not read; send the body as it is")

    def _is_ours(self, host: str) -> bool:
        """An address is never the name that an attacker's DNS gives to this machine."""
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        name = match["name"].strip("[]").lower().rstrip(".")
        if name in self._names or name.endswith(".localhost"):
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def _is_allowed(self, origin: str, host: str | None) -> bool:
        if origin in self._settings.origins or "*" in self._settings.origins:
            return True
        return host is not None and origin in (f"http://{host}", f"https://{host}")

    def _headers_out(self, headers: list[tuple[bytes, str]], origin: str | None) -> dict[str, str]:
        found = dict(_SAFETY)
        if self._settings.origins:
            found["vary"] = "Accept, Origin"
        if origin is None or not self._is_allowed(origin, None):
            return {**found, "cross-origin-resource-policy": "same-origin"}
        found["access-control-allow-origin"] = "*" if "*" in self._settings.origins else origin
        found["access-control-expose-headers"] = "Location, Retry-After"
        found["cross-origin-resource-policy"] = "cross-origin"
        if any(name == b"access-control-request-method" for name, _ in headers):
            found["access-control-allow-methods"] = _METHODS
            found["access-control-allow-headers"] = "Accept, Authorization, Content-Type"
            found["access-control-max-age"] = "600"
        return found


class _Answer:
    """Sends an answer with further headers, and knows whether it has begun."""

    def __init__(self, send: Send, headers: dict[str, str]) -> None:
        self._send, self._headers = send, headers
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            given = {name.lower() for name, _ in message["headers"]}
            added = {"content-security-policy": _POLICY, "vary": "Accept", **self._headers}
            more = [(k.encode(), v.encode("latin-1")) for k, v in added.items() if k.encode() not in given]
            message = {**message, "headers": [*message["headers"], *more]}
        await self._send(message)

    async def empty(self, status: int) -> None:
        """An answer without content."""
        headers = [(b"allow", _METHODS.encode())]
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self({"type": "http.response.body", "body": b""})

    async def problem(self, problem: Problem) -> None:
        """Tells of a problem, unless an answer has begun."""
        if self.status:
            return
        body = problem.body()
        headers = {"content-type": MEDIA_TYPE, "content-length": str(len(body)), "cache-control": "no-store"}
        pairs = [(k.lower().encode(), v.encode("latin-1")) for k, v in {**headers, **problem.headers}.items()]
        await self({"type": "http.response.start", "status": problem.status, "headers": pairs})
        await self({"type": "http.response.body", "body": body})


def _within(path: str, endpoint: str) -> bool:
    return path == endpoint or (endpoint != "/" and path.startswith(f"{endpoint}/"))


def _limited(receive: Receive, max_bytes: int) -> Receive:
    left = max_bytes

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise _too_large(max_bytes)
        return message

    return counted


def _too_large(max_bytes: int) -> Problem:
    return Problem(413, f"body: larger than {max_bytes:,} bytes; send it in parts", headers={"Connection": "close"})
