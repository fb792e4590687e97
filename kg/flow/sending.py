"""A graph in its folder → the server at a URL, which is given in place of a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.flow.updating import Outcome


def placed(store: Path | str | None, output: Path | str) -> tuple[Path, str | None]:
    """The folder of the store, and the URL of the server that it is sent to (None: nowhere).

    Of a URL the folder is `store` in `output`, as without. Raises `StoreError` when no SPARQL server answers there.
    """
    from kg.graph.remote import Remote, remote_url

    server = remote_url(store) if store is not None else None
    if server is not None:
        Remote(server).close()  # known before the work begins
    folder = Path(store) if store is not None and server is None else Path(output) / "store"
    return folder, server


def send(server: str | None, store_dir: Path, outcome: Outcome) -> None:
    """Brings a server to what the store is after an update; None is no server."""
    if server is None:
        return
    from kg.graph import open_store
    from kg.graph.remote_copy import bring

    bring(
        server,
        open_store(store_dir, read_only=True),
        state=outcome.generation,
        before=outcome.before,
        delta=outcome.change.delta if outcome.change is not None else None,
    )
