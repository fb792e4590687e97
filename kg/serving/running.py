"""The server process: uvicorn around the application, until it is interrupted."""

from __future__ import annotations

import socket

import uvicorn

from kg.errors import KGError
from kg.graph.store import open_store
from kg.serving.application import serving
from kg.serving.service import Service
from kg.serving.settings import Settings


def run(settings: Settings) -> None:
    """Serves on the address of the settings. Raises `StoreError` and `KGError` before it begins."""
    open_store(settings.store, read_only=True)
    listening = _listen(settings)
    service = Service(settings)
    try:
        config = uvicorn.Config(
            serving(service),
            log_config=None,
            lifespan="on",
            server_header=False,
            date_header=True,
            proxy_headers=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=3,
            limit_concurrency=500,
            access_log=False,
        )
        try:
            uvicorn.Server(config).run(sockets=[listening])
        except SystemExit:  # what uvicorn makes of a lifespan that does not begin
            if service.failure is None:
                raise
        if service.failure is not None:
            raise service.failure
    finally:
        listening.close()


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The protocol is named so that asyncio turns off the delay of small packets (40 ms an answer).
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except (OSError, UnicodeError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or error
        raise KGError(
            f"--host {settings.host} --port {settings.port}: cannot be listened on ({reason}); choose another"
        ) from error
    return listening
