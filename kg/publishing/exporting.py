"""Every export format in one table, and the one way to write a file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import pyoxigraph as ox

from kg.errors import StoreError
from kg.publishing import property_graph, rdf
from kg.publishing.table import table


class WritePieces(Protocol):
    """A store in; the text of a file in pieces out. `facts_only` leaves statements, documents and ontology away."""

    def __call__(self, store: ox.Store, *, facts_only: bool) -> Iterator[str]: ...


@dataclass(frozen=True, slots=True)
class Exporter:
    """One format: its endings, the best first, and its writer."""

    suffixes: tuple[str, ...]
    pieces: WritePieces


EXPORTERS: dict[str, Exporter] = {
    "turtle": Exporter((".ttl",), rdf.turtle),
    "trig": Exporter((".trig",), rdf.trig),
    "ntriples": Exporter((".nt",), rdf.ntriples),
    "nquads": Exporter((".nq",), rdf.nquads),
    "jsonld": Exporter((".jsonld",), rdf.jsonld),
    "rdfxml": Exporter((".rdf", ".xml"), rdf.rdfxml),
    "graphml": Exporter((".graphml",), property_graph.graphml),
    "gexf": Exporter((".gexf",), property_graph.gexf),
    "csv": Exporter((".csv",), table),
    "cypher": Exporter((".cypher", ".cql"), property_graph.cypher),
}
"""Name of a format → how it is written. One line adds a format."""


def format_of(path: Path) -> str:
    """The format that a file's ending stands for; raises `StoreError` for an ending that none has."""
    for name, exporter in EXPORTERS.items():
        if path.suffix.lower() in exporter.suffixes:
            return name
    endings = ", ".join(exporter.suffixes[0] for exporter in EXPORTERS.values())
    raise StoreError(f"{path}: no format has this ending; use one of {endings} or name it with --format")


def export(store: ox.Store, target: Path | BinaryIO, format: str | None = None, *, facts_only: bool = False) -> None:
    """Writes the graph in UTF-8 to a file, which appears complete or not at all, or to an open binary stream.

    `format` is a name in `EXPORTERS`; of a path it may be left to the ending. Raises `StoreError`.
    """
    if format is None:
        if not isinstance(target, Path):
            raise StoreError(f"name a format for the stream: {', '.join(EXPORTERS)}")
        format = format_of(target)
    if format not in EXPORTERS:
        raise StoreError(f"{format}: unknown format; choose one of {', '.join(EXPORTERS)}")
    pieces = EXPORTERS[format].pieces(store, facts_only=facts_only)
    if isinstance(target, Path):
        write_file(target, lambda stream: _write(stream, pieces))
    else:
        _write(target, pieces)


def write_file(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Writes a file under another name and renames it when it is complete; raises `StoreError` when it cannot."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb", buffering=1 << 20) as stream:
                write(stream)
            umask = os.umask(0)
            os.umask(umask)
            Path(name).chmod(0o666 & ~umask)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        if isinstance(error, StoreError):
            raise
        raise StoreError(f"{path}: cannot be written ({error.strerror or error})") from error


def _write(stream: BinaryIO, pieces: Iterator[str]) -> None:
    for piece in pieces:
        stream.write(piece.encode())
