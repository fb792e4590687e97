"""W3C's SPARQL 1.1 query tests through `kg serve`, against pyoxigraph itself on the same data.

    python benchmarks/w3c_queries.py SUITE

SUITE is a local copy of the folder `sparql/sparql11` of github.com/w3c/rdf-tests. Every test's data go to a server's
Graph Store endpoint and its query to `/sparql`; pyoxigraph answers the same query in this process. A test agrees when
both give the same answer, or both refuse. Entailment, updates, the protocol and federated queries are not of this kind.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pyoxigraph as ox
from rdflib import RDF, Graph, Namespace, URIRef

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
KINDS = {MF.QueryEvaluationTest, MF.CSVResultFormatTest, MF.PositiveSyntaxTest11, MF.NegativeSyntaxTest11}
LEFT_OUT = frozenset({"entailment", "service", "syntax-fed", "service-description", "protocol", "http-rdf-update"})
BASE = "https://w3c.github.io/rdf-tests/sparql/sparql11/"
READY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Case:
    """A query, with the files of its default graph and of its named graphs."""

    name: str
    query: Path
    data: tuple[Path, ...] = ()
    named: tuple[Path, ...] = ()
    text: str = field(default="", compare=False)


def cases(suite: Path) -> Iterator[Case]:
    """The query tests of the suite, in the order of folders and manifests."""
    for manifest in sorted(suite.glob("*/manifest.ttl")):
        if manifest.parent.name in LEFT_OUT:
            continue
        graph = Graph().parse(manifest, publicID=manifest.as_uri())
        for test in sorted(set(graph.subjects(MF.action))):
            if not KINDS & set(graph.objects(test, RDF.type)):
                continue
            action = graph.value(test, MF.action)
            query = graph.value(action, QT.query) or action
            path = local(query)
            base = f"BASE <{BASE}{manifest.parent.name}/{path.name}>\n"
            yield Case(
                f"{manifest.parent.name}/{str(test).rsplit('#', 1)[-1]}",
                path,
                tuple(sorted(map(local, graph.objects(action, QT.data)))),
                tuple(sorted(map(local, graph.objects(action, QT.graphData)))),
                base + path.read_text(encoding="utf-8"),
            )


def local(node: object) -> Path:
    """The file that a manifest names."""
    return Path(str(URIRef(str(node))).removeprefix("file://"))


def iri(path: Path) -> str:
    """What a file is called where the suite is published."""
    return f"{BASE}{path.parent.name}/{path.name}"


def own(case: Case) -> object:
    """pyoxigraph's answer, comparable; None where it refuses."""
    store = ox.Store()
    for path, name in [*((p, None) for p in case.data), *((p, ox.NamedNode(iri(p))) for p in case.named)]:
        store.load(path=str(path), base_iri=iri(path), to_graph=name)
    try:
        found = store.query(case.text)
        kind = ox.RdfFormat.N_TRIPLES if isinstance(found, ox.QueryTriples) else ox.QueryResultsFormat.JSON
        return comparable(found.serialize(format=kind))
    except (SyntaxError, ValueError, OSError, RuntimeError):
        return None


def served(case: Case, client: httpx.Client) -> object:
    """The server's answer, comparable; None where it refuses."""
    update, triples = {"Content-Type": "application/sparql-update"}, {"Content-Type": "application/n-triples"}
    client.post("/update", content="CLEAR ALL", headers=update).raise_for_status()
    for path, name in [*((p, None) for p in case.data), *((p, iri(p)) for p in case.named)]:
        store = ox.Store()
        store.load(path=str(path), base_iri=iri(path))
        body = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        where = {"graph": name} if name else {"default": ""}
        client.post("/store", params=where, content=body, headers=triples).raise_for_status()
    accept = "application/sparql-results+json, application/n-triples;q=0.9"
    answer = client.post("/sparql", data={"query": case.text}, headers={"Accept": accept})
    return comparable(answer.content) if answer.status_code == httpx.codes.OK else None


def comparable(content: bytes) -> object:
    """Rows or triples as a bag; blank nodes are alike."""
    text = content.decode()
    if not text.lstrip().startswith("{"):
        lines = [line.split(" ") for line in text.splitlines()]
        return Counter(" ".join("_:" if word.startswith("_:") else word for word in words) for words in lines)
    found = json.loads(text)
    if "boolean" in found:
        return found["boolean"]
    rows = []
    for row in found["results"]["bindings"]:
        cells = {name: {**cell, "value": "_:"} if cell["type"] == "bnode" else cell for name, cell in row.items()}
        rows.append(json.dumps(cells, sort_keys=True))
    return Counter(rows)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=Path, help="local copy of sparql/sparql11 of w3c/rdf-tests")
    parser.add_argument("--port", type=int, default=7899)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder, "story.txt")
        text.write_text("Peru hosts the talks.\n", encoding="utf-8")
        store = Path(folder, "store")
        kg = [sys.executable, "-m", "kg.cli"]
        subprocess.run([*kg, "build", str(text), "-o", folder, "--no-publish"], check=True, capture_output=True)
        command = [*kg, "serve", "--store", str(store), "--port", str(options.port), "--writable"]
        token = secrets.token_urlsafe(24)
        with subprocess.Popen(command, env={**os.environ, "KG_TOKEN": token}, stderr=subprocess.DEVNULL) as server:
            address, headers = f"http://127.0.0.1:{options.port}", {"Authorization": f"Bearer {token}"}
            try:
                with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
                    ready(client)
                    report(list(cases(options.suite)), client)
            finally:
                server.terminate()


def ready(client: httpx.Client) -> None:
    """Waits until the server answers."""
    for _ in range(READY_SECONDS * 10):
        try:
            if client.get("/health").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def report(tests: list[Case], client: httpx.Client) -> None:
    """Agreement, and the names of those that differ."""
    differing, refused = [], 0
    for case in tests:
        wanted = own(case)
        refused += wanted is None
        if wanted != served(case, client):
            differing.append(case.name)
    print(f"{refused} of the queries are refused by pyoxigraph")
    print(f"{len(tests) - len(differing)} of {len(tests)} queries are answered, or refused, as pyoxigraph does")
    for name in differing:
        print("differs:", name)


if __name__ == "__main__":
    main()
