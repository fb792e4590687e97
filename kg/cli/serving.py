"""The command that serves the store over HTTP: serve."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.application import STORE, StoreOption, app
from kg.console import say
from kg.errors import KGError


@app.command()
def serve(
    store: StoreOption = STORE,
    host: Annotated[str, typer.Option(help="Address to listen on.", metavar="ADDRESS")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535, metavar="N")] = 7878,
    writable: Annotated[
        bool, typer.Option("--writable", help="Let those change the graph who send the token (KG_TOKEN, else made).")
    ] = False,
    timeout: Annotated[
        float, typer.Option(help="Seconds after which a query is stopped.", min=0.1, metavar="SECONDS")
    ] = 30.0,
    max_rows: Annotated[int, typer.Option(help="Rows of one answer.", min=1, metavar="N")] = 1_000_000,
    max_megabytes: Annotated[int, typer.Option(help="Size of one answer.", min=1, metavar="N")] = 256,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A further name of this server (repeatable).", metavar="NAME")
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(help="Let pages of this origin ask, e.g. https://example.org, or * (repeatable).", metavar="URL"),
    ] = None,
) -> None:
    """Serve SPARQL, the explorer and a query editor.

    /sparql and /update (SPARQL 1.1 Protocol), /store (Graph Store Protocol), / (explorer), /query (editor), /ask/NAME
    (the questions of kg query --canned), /search, /openapi.json, /health, /metrics.

    \b
    Example:
      kg serve --port 7878
    """
    from kg.serving import Settings
    from kg.serving import serve as run

    token = (os.environ.get("KG_TOKEN") or secrets.token_urlsafe(24)) if writable else None
    settings = Settings(
        store=Path(store),
        host=host,
        port=port,
        token=_checked(token),
        hosts=tuple(allow_host or ()),
        origins=tuple(allow_origin or ()),
        timeout_seconds=timeout,
        max_rows=max_rows,
        max_bytes=max_megabytes << 20,
    )
    say(f"serving {store} on http://{f'[{host}]' if ':' in host else host}:{port}/ (Ctrl+C stops)")
    if writable and "KG_TOKEN" not in os.environ:
        say(f"token for changes: {token}")
    run(settings)


def _checked(token: str | None) -> str | None:
    if token is not None and (len(token) < 16 or not token.isascii() or not token.isprintable() or " " in token):
        raise KGError("KG_TOKEN: too weak; take at least 16 printable ASCII characters without blanks")
    return token
