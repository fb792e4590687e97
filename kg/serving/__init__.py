"""A store served over HTTP: SPARQL 1.1 Protocol, Graph Store Protocol, explorer, query editor, plain questions.

>>> from kg.serving import Settings, serve                # doctest: +SKIP
>>> serve(Settings(store=Path("output/store")))           # doctest: +SKIP

Whatever a client asks is worked on in processes of their own (`kg.serving.reader`, `kg.serving.writer`) that can be
ended at any moment; the server itself never opens the store for longer than a snapshot takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.serving.settings import Settings

if TYPE_CHECKING:
    from kg.serving.guard import Guard

__all__ = ["Settings", "create_app", "serve"]


def create_app(settings: Settings) -> Guard:
    """The ASGI application; it starts its processes with its lifespan, and raises `StoreError` there."""
    # Late, as is the other: the processes that answer import this package and need no web framework.
    from kg.serving.application import application

    return application(settings)


def serve(settings: Settings) -> None:
    """Serves until it is interrupted. Raises `StoreError` when there is no store or no room for the address."""
    from kg.serving.running import run

    run(settings)
