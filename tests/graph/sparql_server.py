"""A SPARQL 1.1 server over pyoxigraph, in this process: protocol, update, graph store, credentials."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox


class SparqlServer(ThreadingHTTPServer):
    """Answers below `url`; `graph_store` and `credentials` say what it has, `requests` what it was asked."""

    daemon_threads = True

    def __init__(self, *, graph_store: bool = True, credentials: tuple[str, str] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.store = ox.Store()
        self.graph_store = graph_store
        self.credentials = credentials
        self.requests: list[tuple[str, str]] = []
        self.failing_after: int | None = None
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: SparqlServer

    def do_GET(self) -> None:
        self._graphs("GET")

    def do_PUT(self) -> None:
        self._graphs("PUT")

    def do_DELETE(self) -> None:
        self._graphs("DELETE")

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        if path == "/store":
            self._graphs("POST")
            return
        body = self._body().decode()
        if not self._allowed(path):
            return
        try:
            if path == "/update":
                self.server.store.update(body)
                self._reply(204)
            elif path == "/sparql":
                self._query(parse_qs(body)["query"][0])
            else:
                self._reply(404)
        except (SyntaxError, ValueError, OSError, RuntimeError) as error:
            self._reply(400, str(error).encode())

    def _query(self, text: str) -> None:
        result = self.server.store.query(text)
        if isinstance(result, ox.QueryTriples):
            self._reply(200, result.serialize(format=ox.RdfFormat.N_TRIPLES))
        else:
            self._reply(200, result.serialize(format=ox.QueryResultsFormat.JSON))

    def _graphs(self, method: str) -> None:
        parts = urlsplit(self.path)
        body = self._body()
        if parts.path != "/store" or not self.server.graph_store:
            self._reply(404)
            return
        if not self._allowed(f"{method} /store"):
            return
        store, given = self.server.store, parse_qs(parts.query, keep_blank_values=True)
        graph = ox.NamedNode(given["graph"][0]) if "graph" in given else ox.DefaultGraph()
        if method == "GET":
            self._reply(200, store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph))
            return
        if method in ("PUT", "DELETE"):
            store.clear_graph(graph)
        if method == "DELETE":
            store.remove_graph(graph)
        else:
            store.load(body, ox.RdfFormat.TURTLE, to_graph=graph)
        self._reply(204)

    def _allowed(self, what: str) -> bool:
        self.server.requests.append((self.command, what))
        if self.server.failing_after is not None and len(self.server.requests) > self.server.failing_after:
            self._reply(500, b"out of space")
            return False
        if self.server.credentials is None or what == "/sparql":
            return True
        wanted = base64.b64encode(":".join(self.server.credentials).encode()).decode()
        if self.headers.get("Authorization") == f"Basic {wanted}":
            return True
        self._reply(401, challenge='Basic realm="test"')
        return False

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _reply(self, status: int, content: bytes | None = b"", challenge: str | None = None) -> None:
        self.send_response(status)
        if challenge:
            self.send_header("WWW-Authenticate", challenge)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(**settings: object) -> Iterator[SparqlServer]:
    """A running server."""
    server = SparqlServer(**settings)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
