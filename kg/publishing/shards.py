"""The whole graph as N-Quads in several files: what the bulk loaders of other stores read side by side."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from itertools import cycle
from pathlib import Path
from zlib import crc32

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.ontology import minter_of
from kg.graph.remote_copy import state_mark
from kg.publishing.sorting import sorted_graphs, sorted_lines

MOST_SHARDS = 1000


def write_shards(
    store: ox.Store, folder: Path, count: int, *, named_facts: bool = False, state: str | None = None
) -> tuple[Path, ...]:
    """Writes `graph-001-of-004.nq` and so on into a folder, in bounded memory, and gives their paths.

    A document's graph stands whole in one file; the facts are spread by their subject. With `named_facts` they stand in
    `<…/graph/facts>`, for stores without a default graph of their own. A `state` is written as the mark by which later
    builds know what the server has. The same graph gives the same bytes. Raises `StoreError` when the folder cannot be
    written, and then leaves none of the files.
    """
    if not 1 <= count <= MOST_SHARDS:
        raise StoreError(f"shards {count}: write 1 to {MOST_SHARDS} files")
    folder = Path(folder)
    paths = tuple(folder / f"graph-{number:03}-of-{count:03}.nq" for number in range(1, count + 1))
    unfinished = [path.with_name(f".{path.name}.{os.getpid()}") for path in paths]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as files:
            streams = [files.enter_context(path.open("w", encoding="utf-8", newline="\n")) for path in unfinished]
            for shard, line in _placed(store, count, f" <{minter_of(store).graph}facts>" if named_facts else ""):
                streams[shard].write(line)
            if state is not None:
                graph, mark = state_mark(minter_of(store), state)
                streams[0].write(f"{mark[:-3]} <{graph}> .\n")
        for path, name in zip(unfinished, paths, strict=True):
            path.replace(name)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written ({error.strerror or error})") from error
    finally:
        for path in unfinished:
            with suppress(OSError):
                path.unlink()
    return paths


def _placed(store: ox.Store, count: int, facts_graph: str) -> Iterator[tuple[int, str]]:
    """Each quad as a line, and the number of the file that it goes to."""
    for line in sorted_lines(store):
        subject = line.partition(" ")[0]
        yield crc32(subject.encode()) % count, f"{line[:-3]}{facts_graph} .\n"
    for graph, shard in zip(sorted_graphs(store), cycle(range(count)), strict=False):
        name = str(graph)
        for line in sorted_lines(store, graph):
            yield shard, f"{line[:-2]}{name} .\n"
