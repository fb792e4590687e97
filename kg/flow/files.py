"""A store → the files that people open: `graph.ttl`, `graph.trig`, `graph.html`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE

from kg.errors import StoreError
from kg.flow.documents import Progress, untold

WORDS_FOR_A_PAGE_APART = 10_000
"""Words of a graph from which a process for the page pays for its start."""


def publish_files(
    store_dir: Path, target: Path, progress: Progress | None = None, *, apart: bool = False
) -> tuple[Path, ...]:
    """Writes `graph.ttl`, `graph.trig` and `graph.html` of a store into the folder `target`.

    With `apart`, the page is written in a process of its own meanwhile.
    """
    from kg.graph import open_store
    from kg.publishing import export

    tell = progress or untold
    turtle, trig, page = (target / name for name in ("graph.ttl", "graph.trig", "graph.html"))
    with _page_written(store_dir, page, apart=apart):
        store = open_store(store_dir, read_only=True)
        for file in (turtle, trig):
            export(store, file)
            tell("publish", 1)
    tell("publish", 1)
    return turtle, trig, page


@contextmanager
def _page_written(store_dir: Path, page: Path, *, apart: bool) -> Iterator[None]:
    from kg.graph import minter_of, open_store
    from kg.processes import python
    from kg.publishing.network import write_view

    if not apart:
        yield
        store = open_store(store_dir, read_only=True)
        write_view(store, page, base=minter_of(store).base)
        return
    with python("-m", "kg.cli", "view", "-o", str(page), "--store", str(store_dir), stderr=PIPE) as process:
        yield
        _, message = process.communicate()
    if process.returncode:
        raise StoreError(message.decode(errors="replace").strip().removeprefix("kg: ") or f"{page}: not written")
