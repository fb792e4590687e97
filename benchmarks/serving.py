"""What asking over HTTP costs, beside the same queries in pyoxigraph itself in the same run.

    python benchmarks/serving.py [--quads 1000000] [--seconds 60] [--clients 16] [--store DIR] [--json FILE]

The graph is generated (names drawn by Zipf's law); the server is a process of its own, started by `kg serve`, and the
clients run on the same machine. Three questions, each with what is aimed at:

- a provenance query (the facts of a person with their sentences) through HTTP: less than twice the same query in
  process, and 3 ms;
- many clients for a while: no error, 99 of 100 answers within 200 ms, memory that does not grow;
- a simple query while another runs away: less than 100 ms more.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import pyoxigraph as ox

from kg.graph import open_store, write_build
from kg.model import Document, DocumentStatements, Entity, Span, Statement, Status
from kg.vocabulary import KG, Minter

MINTER = Minter()
QUADS_A_DOCUMENT = 107
SENTENCES = 6
PEOPLE, BODIES = 20_000, 5_000
PROPERTIES = ("kg:meetsWith", "kg:criticizes", "kg:visits", "kg:supports", "rel:complainAbout", "kg:memberOf")
WORDS = ("the", "talks", "on", "trade", "and", "security", "went", "in", "capital", "after", "weeks", "of", "protest")
PROVENANCE = """SELECT ?property ?object ?name ?sentence ?source {{
  GRAPH ?document {{
    ?statement rdf:subject <{person}> ; rdf:predicate ?property ; rdf:object ?object ;
      kg:status kg:Asserted ; kg:modality kg:Actual ; kg:polarity kg:Positive ;
      prov:wasDerivedFrom/nif:anchorOf ?sentence .
    ?document dcterms:source ?source .
  }}
  FILTER EXISTS {{ <{person}> ?property ?object }}
  OPTIONAL {{ ?object rdfs:label ?name }}
}}"""
SIMPLE = "SELECT ?label {{ <{person}> rdfs:label ?label }}"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def drawn(chance: random.Random, count: int) -> int:
    """A number below `count`; small ones are much more frequent."""
    return min(count - 1, int(count ** chance.random()) - 1)


def person(number: int) -> str:
    """A person's IRI."""
    return MINTER.entity_iri(f"Given{number} Family{number}")


def body(number: int) -> str:
    """An organization's IRI."""
    return MINTER.entity_iri(f"Body Number{number}")


def asked_about(chance: random.Random) -> str:
    """Somebody whom stories do not all speak of: what is known of the most frequent people is no quick question."""
    number = drawn(chance, PEOPLE)
    while number < 100:
        number = drawn(chance, PEOPLE)
    return person(number)


def entities() -> Iterator[Entity]:
    """Everybody."""
    for number in range(PEOPLE):
        yield Entity(iri=person(number), label=f"Given{number} Family{number}", types=(KG.Person,))
    for number in range(BODIES):
        yield Entity(iri=body(number), label=f"Body Number{number}", types=(KG.Organization,))


def document(number: int) -> DocumentStatements:
    """A generated document of six sentences, each with two statements."""
    chance = random.Random(number)  # noqa: S311
    sentences = [" ".join(chance.choices(WORDS, k=14)).capitalize() + "." for _ in range(SENTENCES)]
    path, begin, statements = f"news/{number:06}.txt", 0, []
    for index, sentence in enumerate(sentences):
        subject = person(drawn(chance, PEOPLE))
        for other in (person(drawn(chance, PEOPLE)), body(drawn(chance, BODIES))):
            claimed = index % 3 == 2
            statements.append(
                Statement(
                    subject=subject,
                    predicate=MINTER.relation_iri(chance.choice(PROPERTIES)),
                    object=other,
                    document=MINTER.document_iri(path),
                    evidence=Span(begin, begin + len(sentence)),
                    status=Status.CLAIMED if claimed else Status.ASSERTED,
                    attributed_to=subject if claimed else None,
                    confidence=0.9,
                    extractor="kg.extraction.roles",
                )
            )
        begin += len(sentence) + 1
    text = Document(path=path, text=" ".join(sentences), source=path)
    return DocumentStatements(document=text, iri=MINTER.document_iri(path), statements=tuple(statements))


@contextmanager
def server(store: Path) -> Iterator[tuple[int, psutil.Process]]:
    """A server on a free port, ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "kg.cli", "serve", "--store", str(store), "--port", str(port)])
    try:
        for _ in range(300):
            try:
                Client(port).get("/health")
                break
            except OSError:
                time.sleep(0.1)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


class Client:
    """One connection that is kept."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and content."""
        self._connection.request("GET", path, headers={"Accept": "application/sparql-results+json, */*;q=0.1"})
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def ask(self, query: str) -> tuple[int, bytes]:
        """Status and content of the answer to a query."""
        return self.get(f"/sparql?query={quote(query)}")


def measure_provenance(store: Path, port: int, count: int) -> dict[str, Any]:
    """The same queries in process and through HTTP, by turns."""
    opened = open_store(store, read_only=True)
    client = Client(port)
    chance = random.Random(0)  # noqa: S311
    inside, outside, rows = [], [], []
    for number in range(count + 10):
        query = PROVENANCE.format(person=asked_about(chance))
        begun = time.perf_counter()
        result = opened.query(query, prefixes=MINTER.prefixes)
        assert isinstance(result, ox.QuerySolutions)
        content = result.serialize(format=ox.QueryResultsFormat.JSON) or b""
        middle = time.perf_counter()
        status, answer = client.ask(query)
        ended = time.perf_counter()
        assert status == 200
        assert len(json.loads(answer)["results"]["bindings"]) == len(json.loads(content)["results"]["bindings"])
        if number >= 10:
            inside.append((middle - begun) * 1000)
            outside.append((ended - middle) * 1000)
            rows.append(len(json.loads(content)["results"]["bindings"]))
    # Of each pair, how far HTTP stays below the bound; a median over pairs does not mix light and heavy queries.
    room = statistics.median(2 * a + 3 - b for a, b in zip(inside, outside, strict=True))
    return {
        "rows": statistics.median(rows),
        "in process ms": statistics.median(inside),
        "http ms": statistics.median(outside),
        "http p95 ms": statistics.quantiles(outside, n=20)[-1],
        "bound ms": 2 * statistics.median(inside) + 3,
        "room ms": room,
    }


def measure_load(port: int, process: psutil.Process, clients: int, seconds: float) -> dict[str, Any]:
    """Many clients that ask without a pause."""
    ends = time.monotonic() + seconds
    times: list[float] = []
    errors: list[int] = []

    def work(number: int) -> None:
        client, chance = Client(port), random.Random(number)  # noqa: S311
        while time.monotonic() < ends:
            someone = asked_about(chance)
            path = chance.choice(
                [
                    f"/sparql?query={quote(PROVENANCE.format(person=someone))}",
                    f"/sparql?query={quote(SIMPLE.format(person=someone))}",
                    f"/ask/sources-of?of={quote(someone)}",
                ]
            )
            begun = time.perf_counter()
            status, _ = client.get(path)
            times.append((time.perf_counter() - begun) * 1000)
            if status not in (200, 400):  # 400: nobody speaks of this one
                errors.append(status)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    memory = []
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.5)
        memory.append(_memory(process))
    settled = memory[len(memory) // 4 :] or memory
    return {
        "clients": clients,
        "seconds": seconds,
        "requests": len(times),
        "requests a second": len(times) / seconds,
        "errors": len(errors),
        "median ms": statistics.median(times),
        "p99 ms": statistics.quantiles(times, n=100)[-1],
        "longest ms": max(times),
        "memory after a quarter MB": settled[0],
        "memory at the end MB": settled[-1],
    }


def measure_runaways(port: int, count: int, runaways: int) -> dict[str, Any]:
    """A simple query alone, then beside some that run away."""
    client = Client(port)

    def simple() -> float:
        begun = time.perf_counter()
        status, _ = client.ask(SIMPLE.format(person=person(1000)))
        assert status == 200
        return (time.perf_counter() - begun) * 1000

    alone = [simple() for _ in range(count)]
    threads = [
        threading.Thread(target=lambda: Client(port).get(f"/sparql?timeout=15&query={quote(RUNAWAY)}"))
        for _ in range(runaways)
    ]
    for thread in threads:
        thread.start()
    beside = []
    while any(thread.is_alive() for thread in threads):
        beside.append(simple())
        time.sleep(0.02)
    return {
        "runaways": runaways,
        "alone ms": statistics.median(alone),
        "beside ms": statistics.median(beside),
        "beside p99 ms": statistics.quantiles(beside, n=100)[-1],
        "longest beside ms": max(beside),
    }


def _memory(process: psutil.Process) -> float:
    found = [process, *process.children(recursive=True)]
    total = 0
    for one in found:
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / 1e6


def main() -> None:
    """Builds the graph, starts the server, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quads", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--store", type=Path, help="keep the generated store here, or use the one that is there")
    parser.add_argument("--json", type=Path, help="write all figures here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = options.store or Path(folder) / "store"
        if not store.exists():
            documents = range(max(1, options.quads // QUADS_A_DOCUMENT))
            write_build(store, entities(), map(document, documents))
        figures: dict[str, Any] = {"quads": len(open_store(store, read_only=True)), "cores": os.cpu_count()}
        with server(store) as (port, process):
            figures["provenance"] = measure_provenance(store, port, options.queries)
            figures["one runaway"] = measure_runaways(port, options.queries, 1)
            figures["six runaways"] = measure_runaways(port, options.queries, 6)
            figures["load"] = measure_load(port, process, options.clients, options.seconds)
    for name, value in figures.items():
        print(name, *([f"{k}: {v:.2f}" for k, v in value.items()] if isinstance(value, dict) else [value]), sep="\n  ")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
