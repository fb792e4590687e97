"""The process that writes: it alone has the store open for writing, and no build can begin while it has.

Run as `python -m kg.serving.writer STORE SNAPSHOTS`. Each request is one transaction: ended in the middle, it has not
been. After each, the store is copied (hard links) into a new folder under SNAPSHOTS, which the answer names, and
readers see the change there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pyoxigraph as ox

from kg.errors import KGError, QueryError, StoreError
from kg.graph.ontology import minter_of
from kg.graph.query import refuse_update
from kg.graph.store import open_store, reserved
from kg.graph.terms import iri_fault
from kg.serving.frames import AnswerWriter, Json, requests
from kg.serving.negotiation import DATASET_TYPES, RDF_FORMATS
from kg.serving.problems import Problem
from kg.serving.sandbox import die_with_parent
from kg.vocabulary import Minter, content_hash


class Writer:
    """The store, open for writing."""

    def __init__(self, store_dir: Path, snapshots: Path) -> None:
        self.store = open_store(store_dir)
        self.minter: Minter = minter_of(self.store)
        self._snapshots = snapshots
        self._numbers = count(1)

    def snapshot(self) -> str:
        """The state of the store, in a new folder."""
        self.store.flush()
        path = self._snapshots / f"{os.getpid()}-{next(self._numbers)}"
        self.store.backup(str(path))
        return str(path)

    def update(self, request: Json, body: bytes) -> Json:
        """A SPARQL update."""
        text = _decoded(body)
        refuse_update(text)
        try:
            self.store.update(text, prefixes=self.minter.prefixes)
        except SyntaxError as error:
            raise QueryError(f"update: {' '.join(str(error).split())}; see the SPARQL 1.1 grammar") from error
        except (ValueError, RuntimeError, OSError) as error:
            raise QueryError(f"update: it cannot be carried out ({' '.join(str(error).split())})") from error
        return {"status": 204}

    def put(self, request: Json, body: bytes) -> Json:
        """Puts a graph in the place of the one of that name."""
        return self._write(request, body, replace=True)

    def post(self, request: Json, body: bytes) -> Json:
        """Adds to a graph; without a name, to a new one, whose name comes from its content."""
        if not request["named"]:
            iri = f"{self.minter.graph}upload-{content_hash(body.decode('utf-8', 'replace'))[:16]}"
            return {**self._write({**request, "graph": iri}, body, replace=False), "status": 201, "location": iri}
        return self._write(request, body, replace=False)

    def delete(self, request: Json, body: bytes) -> Json:
        """Removes a graph, or empties the default graph."""
        graph = _node(request["graph"])
        if isinstance(graph, ox.NamedNode) and not self.store.contains_named_graph(graph):
            raise Problem(404, f"graph {graph.value}: there is none of this name")
        self.store.update("DROP DEFAULT" if isinstance(graph, ox.DefaultGraph) else f"DROP GRAPH {graph}")
        return {"status": 204}

    def ready(self, request: Json, body: bytes) -> Json:
        """Nothing; the answer's snapshot is what counts."""
        return {"status": 204}

    def _write(self, request: Json, body: bytes, *, replace: bool) -> Json:
        graph, format_ = _node(request["graph"]), request["format"]
        if format_ in DATASET_TYPES and format_ != "jsonld":
            raise Problem(415, "a graph is sent in a format without graph names: turtle, ntriples, rdfxml or jsonld")
        lines = []
        try:
            for quad in ox.parse(body, format=RDF_FORMATS[format_], base_iri=request["base"]):
                if not isinstance(quad.graph_name, ox.DefaultGraph):
                    raise Problem(400, f"body: it names the graph {quad.graph_name}; send that graph by itself")
                lines.append(f"{quad.subject} {quad.predicate} {quad.object} .\n")
        except (SyntaxError, ValueError) as error:
            raise Problem(400, f"body: no valid {format_} ({' '.join(str(error).split())})") from error
        new = isinstance(graph, ox.NamedNode) and not self.store.contains_named_graph(graph)
        triples = "".join(lines)
        if isinstance(graph, ox.DefaultGraph):
            steps = ["CLEAR DEFAULT"] if replace else []
            steps.append(f"INSERT DATA {{ {triples} }}")
        else:
            steps = [f"DROP SILENT GRAPH {graph}"] if replace else []
            steps += [f"CREATE SILENT GRAPH {graph}", f"INSERT DATA {{ GRAPH {graph} {{ {triples} }} }}"]
        self.store.update(" ;\n".join(steps))  # one transaction
        return {"status": 201 if new else 204}


def main() -> None:
    """Carries out requests until standard input is closed."""
    die_with_parent()
    out = AnswerWriter(os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)  # whatever prints does not get among the answers
    store_dir, snapshots = Path(sys.argv[1]), Path(sys.argv[2])
    try:
        with reserved(store_dir):
            writer = Writer(store_dir, snapshots)
            for request, body in requests(sys.stdin.buffer):
                _answer(writer, request, body, out)
    except StoreError as error:
        out.problem(503, str(error))


def _answer(writer: Writer, request: Json, body: bytes, out: AnswerWriter) -> None:
    operations: dict[str, Callable[[Json, bytes], Json]] = {
        "update": writer.update,
        "put": writer.put,
        "post": writer.post,
        "delete": writer.delete,
        "ready": writer.ready,
    }
    try:
        done = operations[request["operation"]](request, body)
        out.header({**done, "store": writer.snapshot()})
        out.end()
    except Problem as problem:
        out.problem(problem.status, problem.detail)
    except KGError as error:
        out.problem(400, str(error))
    except Exception as error:  # noqa: BLE001 - one request's failure is no reason to end the process
        out.problem(500, f"{type(error).__name__}: {error}")


def _node(iri: str | None) -> ox.NamedNode | ox.DefaultGraph:
    if iri is None:
        return ox.DefaultGraph()
    if fault := iri_fault(iri):
        raise QueryError(f"graph {iri}: {fault}; give a full IRI")
    return ox.NamedNode(iri)


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise QueryError(f"update: not in UTF-8 (byte {error.start}); encode it so") from error


if __name__ == "__main__":
    main()
