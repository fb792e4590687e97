"""The lines of a graph in order, however many there are: sorted in runs on disk and merged, so memory is bounded."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import IO

import pyoxigraph as ox

RUN_BYTES = 8 * 1024**2
"""Bytes of lines that are sorted at a time; what is smaller never touches the disk."""


def sorted_lines(store: ox.Store, graph: ox.NamedNode | None = None) -> Iterator[str]:
    """The triples of one graph of a store (None: the default graph) as N-Triples, a line each, in order."""
    with SpooledTemporaryFile(max_size=RUN_BYTES) as dumped:
        store.dump(dumped, format=ox.RdfFormat.N_TRIPLES, from_graph=graph or ox.DefaultGraph())
        dumped.seek(0)
        yield from (line.decode() for line in _sorted(dumped))


def sorted_graphs(store: ox.Store) -> Iterator[ox.NamedNode]:
    """The named graphs of a store, in the order of their IRIs."""
    with SpooledTemporaryFile(max_size=RUN_BYTES) as names:
        for graph in store.named_graphs():
            if isinstance(graph, ox.NamedNode):
                names.write(f"{graph.value}\n".encode())
        names.seek(0)
        yield from (ox.NamedNode(line[:-1].decode()) for line in _sorted(names))


def _sorted(stream: IO[bytes]) -> Iterator[bytes]:
    """Its lines in order; UTF-8 sorts as its code points do."""
    run = sorted(stream.readlines(RUN_BYTES))
    with ExitStack() as files:
        runs: list[IO[bytes]] = []
        while following := stream.readlines(RUN_BYTES):
            runs.append(_kept(run, files))
            run = sorted(following)
        yield from heapq.merge(*runs, run)


def _kept(run: list[bytes], files: ExitStack) -> IO[bytes]:
    file = files.enter_context(TemporaryFile())  # noqa: SIM115  # closed by the stack
    file.writelines(run)
    file.seek(0)
    return file
