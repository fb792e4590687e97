"""A SPARQL 1.1 server at a URL: query it, and read and write its graphs.

Speaks the SPARQL Protocol, and for writing the Graph Store Protocol or, where a server has none, SPARQL Update. Terms
cross as N-Triples text. A server without a default graph of its own (Virtuoso) holds the facts in `<…/graph/facts>`,
which is given to its queries as default graph.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit, urlunsplit

from kg.errors import QueryError, QueryTimeout, StoreError
from kg.graph.terms import literal_term
from kg.vocabulary import KG, ONTOLOGY_IRI, OWL, RDF, Minter

if TYPE_CHECKING:
    import httpx

Form = Literal["solutions", "boolean", "triples"]

USER, PASSWORD = "KG_STORE_USER", "KG_STORE_PASSWORD"
"""Environment variables with the credentials of a server that asks for them (basic or digest authentication)."""

CHUNK_CHARACTERS = 1 << 20
"""What one request writes; a graph with blank nodes goes in one."""
UPDATE_LINES = 200
"""Triples of one SPARQL Update: some servers compile each update as one program of limited length."""
_PAGE_ROWS = 2_000
_TIMEOUT_SECONDS = 300.0
_RESULTS = "application/sparql-results+json"
_TRIPLES = "application/n-triples"
_URL = re.compile(r"(https?):/+(.*)", re.DOTALL)
_PROLOGUE = re.compile(r"(?:\s|\#[^\r\n]*|BASE\s*<[^>]*>|PREFIX\s*[^\s:]*:\s*<[^>]*>)*", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+")
_DECLARED = re.compile(r"PREFIX\s*([^\s:]*):", re.IGNORECASE)
_FORMS: dict[str, Form] = {"SELECT": "solutions", "ASK": "boolean", "CONSTRUCT": "triples", "DESCRIBE": "triples"}


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a server answers: queries, updates, and the Graph Store Protocol (None: it has none).

    `named_facts` says that it has no default graph of its own.
    """

    query: str
    update: str
    graphs: str | None
    named_facts: bool = False


_LAYOUTS = (  # paths below the given URL: query, update, graph store
    ("sparql", "update", "store"),  # kg serve
    ("query", "update", "store"),  # Oxigraph
    ("sparql", "update", "data"),  # Fuseki
    ("", "statements", "rdf-graphs/service"),  # RDF4J, GraphDB
    ("", "", None),  # one URL for everything
)
_VIRTUOSO = ("sparql", "sparql-auth", "sparql-graph-crud-auth")


def remote_url(store: object) -> str | None:
    """The URL of a store that is a server; None of a folder. A `Path` folds the slashes of a URL: they are put back.

    >>> remote_url("http:/localhost:8890")
    'http://localhost:8890'
    """
    match = _URL.fullmatch(str(store))
    return f"{match[1]}://{match[2]}" if match else None


class Remote:
    """A connection to a server; close it, or use it in a `with`. Raises `StoreError` when it is no SPARQL server."""

    def __init__(self, url: str, endpoints: Endpoints | None = None) -> None:
        import httpx

        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise StoreError(f"{url}: no URL ({error})") from error
        user = parts.username or os.environ.get(USER)
        password = parts.password or os.environ.get(PASSWORD, "")
        self.url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])).rstrip("/")
        self._credentials = (user, password) if user else None
        self._client = httpx.Client(timeout=_TIMEOUT_SECONDS, trust_env=False)
        try:
            self.endpoints = endpoints or self._found()
        except BaseException:
            self._client.close()
            raise

    def __enter__(self) -> Remote:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection."""
        self._client.close()

    # ------------------------------------------------------------------------------------------ reading

    def answer(
        self,
        text: str,
        *,
        prefixes: Mapping[str, str] | None = None,
        values: Mapping[str, str] | None = None,
        minter: Minter | None = None,
        timeout_seconds: float | None = None,
    ) -> tuple[Form, bytes]:
        """The form and content of an answer: SPARQL JSON, or sorted N-Triples. `values`: variable → N-Triples term.

        `minter` names the graph of the facts, on a server that needs it. Raises `QueryError`, `QueryTimeout`.
        """
        start = _PROLOGUE.match(text)
        prologue = start[0] if start else ""
        word = _WORD.match(text, len(prologue))
        form = _FORMS.get(word[0].upper()) if word else None
        if form is None:
            raise QueryError("query: no SELECT, ASK, CONSTRUCT or DESCRIBE in it; see the SPARQL 1.1 grammar")
        declared = set(_DECLARED.findall(prologue))
        header = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in (prefixes or {}).items() if name not in declared)
        footer = ""
        if values:
            footer = f"\nVALUES ({' '.join(f'?{name}' for name in values)}) {{ ({' '.join(values.values())}) }}"
        parameters: dict[str, str] = {}
        if self.endpoints.named_facts:
            parameters["default-graph-uri"] = f"{(minter or self.minter()).graph}facts"
        response = self._sent(
            "POST",
            self.endpoints.query,
            data={"query": header + text + footer, **parameters},
            headers={"Accept": _TRIPLES if form == "triples" else _RESULTS},
            timeout_seconds=timeout_seconds,
        )
        if response.status_code != 200:
            raise QueryError(f"query: {self.url} refuses it ({_reason(response)}); see the SPARQL 1.1 grammar")
        if form == "triples":
            return form, b"".join(sorted(set(response.content.splitlines(keepends=True))))
        return form, _standard(response.content)

    def minter(self) -> Minter:
        """The base that the server's graph was built under: its ontology graph tells; the default base without one."""
        mark = f"<{ONTOLOGY_IRI.rstrip('#')}> <{RDF.type}> <{OWL.Ontology}>"
        for graph in self.column(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ {mark} }} }}"):
            if graph.endswith("graph/ontology"):
                return Minter(graph.removesuffix("graph/ontology"))
        return Minter()

    def graphs(self, minter: Minter) -> list[str]:
        """The named graphs that a build under this base made, in order: documents', ontology, inferred, identity."""
        others = [f"{minter.graph}{name}" for name in ("identity", "inferred", "ontology")]
        there = [name for name in others if self.column(f"SELECT ?s {{ GRAPH <{name}> {{ ?s ?p ?o }} }} LIMIT 1", "s")]
        found, last = there, ""
        while True:  # servers cut long results off, so the next ones begin after the last one seen
            page = self.column(
                f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?g a <{KG.Document}> }} FILTER (STR(?g) > {literal_term(last)} "
                f"&& STRSTARTS(STR(?g), {literal_term(minter.document)})) }} ORDER BY STR(?g) LIMIT {_PAGE_ROWS}"
            )
            found += page
            if len(page) < _PAGE_ROWS:
                return sorted(found)
            last = page[-1]

    def triples(self, graph: str | None, minter: Minter) -> bytes:
        """The triples of a graph (None: the facts) as N-Triples, in any order."""
        name = self._graph_name(graph, minter)
        if self.endpoints.graphs is None:
            where = f"GRAPH <{name}> {{ ?s ?p ?o }}" if name else "?s ?p ?o"
            return self.answer(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}", minter=minter)[1]
        response = self._sent("GET", self.endpoints.graphs, params=_graph(name), headers={"Accept": _TRIPLES})
        if response.status_code == 404:
            return b""
        return self._good(response).content

    # ------------------------------------------------------------------------------------------ writing

    def replace(self, graph: str | None, lines: Iterable[str], minter: Minter) -> None:
        """Puts lines of N-Triples in the place of a graph (None: the facts)."""
        name, first = self._graph_name(graph, minter), True
        for piece in _pieces(lines):
            if self.endpoints.graphs is None:
                if first:
                    self._update(f"DROP SILENT {_target(name)}")
                self._insert(name, piece)
            else:
                self._write("PUT" if first else "POST", name, piece)
            first = False
        if first:
            self.drop(graph, minter)

    def drop(self, graph: str | None, minter: Minter) -> None:
        """Removes a graph (None: the facts), if it is there."""
        name = self._graph_name(graph, minter)
        if self.endpoints.graphs is None or name is None:
            self._update(f"DROP SILENT {_target(name)}")
            return
        response = self._sent("DELETE", self.endpoints.graphs, params=_graph(name))
        if response.status_code != 404:
            self._good(response)

    def change(self, removed: Iterable[str], added: Iterable[str], minter: Minter) -> None:
        """Takes lines of N-Quads out and puts others in; a graph that is empty then is dropped."""
        taken, put = _by_graph(removed), _by_graph(added)
        for graph, lines in taken.items():
            name = self._graph_name(graph, minter)
            for number in range(0, len(lines), UPDATE_LINES):
                data = "".join(lines[number : number + UPDATE_LINES])
                self._update(f"DELETE DATA {{ {_within(name, data)} }}")
        for graph, lines in put.items():
            name = self._graph_name(graph, minter)
            for piece in _pieces(lines):
                if self.endpoints.graphs is None:
                    self._insert(name, piece)
                else:
                    self._write("POST", name, piece)
        for graph in taken.keys() - put.keys():
            if graph is not None and not self.column(f"SELECT ?s {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} LIMIT 1", "s"):
                self._update(f"DROP SILENT GRAPH <{graph}>")

    # ------------------------------------------------------------------------------------------ requests

    def _found(self) -> Endpoints:
        """Asks the server where it answers."""
        for query, update, graphs in _LAYOUTS:
            response = self._sent("POST", self._at(query), data={"query": "ASK {}"}, headers={"Accept": _RESULTS})
            if response.status_code != 200 or b"boolean" not in response.content:
                continue
            if "virtuoso" in response.headers.get("Server", "").lower():
                query, update, store = (self._at(path) for path in _VIRTUOSO)
                return Endpoints(query, update, store, named_facts=True)
            if graphs is None:
                return Endpoints(self._at(query), self._at(update), None)
            there = self._sent("GET", self._at(graphs), params={"default": ""}, headers={"Accept": _TRIPLES})
            if there.status_code in (200, 204):
                return Endpoints(self._at(query), self._at(update), self._at(graphs))
        raise StoreError(f"{self.url}: no SPARQL 1.1 server answers here; give its base, such as http://127.0.0.1:8890")

    def _at(self, path: str) -> str:
        return f"{self.url}/{path}" if path else self.url

    def _sent(self, method: str, url: str, *, timeout_seconds: float | None = None, **more: object) -> httpx.Response:
        import httpx

        timeout = timeout_seconds if timeout_seconds is not None else _TIMEOUT_SECONDS
        try:
            response = self._client.request(method, url, timeout=timeout, **more)  # type: ignore[arg-type]
            if response.status_code == 401 and self._credentials is not None:
                asked = response.headers.get("WWW-Authenticate", "").lower()
                kind = httpx.DigestAuth if asked.startswith("digest") else httpx.BasicAuth
                self._client.auth = kind(*self._credentials)
                response = self._client.request(method, url, timeout=timeout, **more)  # type: ignore[arg-type]
        except httpx.TimeoutException as error:
            if timeout_seconds is not None:
                raise QueryTimeout(f"query: no answer after {timeout_seconds:g} s; narrow it or allow more") from error
            raise StoreError(f"{self.url}: no answer after {timeout:g} s; try again") from error
        except httpx.HTTPError as error:
            raise StoreError(f"{self.url}: not reached ({_words(error)}); start the server or check the URL") from error
        except httpx.InvalidURL as error:
            raise StoreError(f"{self.url}: no URL ({_words(error)})") from error
        if response.status_code in (401, 403):
            raise StoreError(f"{self.url}: not allowed ({response.status_code}); set {USER} and {PASSWORD}")
        return response

    def _good(self, response: httpx.Response) -> httpx.Response:
        if not response.is_success:
            raise StoreError(f"{self.url}: refused ({_reason(response)}); see the server's log")
        return response

    def _update(self, text: str) -> None:
        headers = {"Content-Type": "application/sparql-update"}
        self._good(self._sent("POST", self.endpoints.update, content=text.encode(), headers=headers))

    def _insert(self, graph: str | None, piece: str) -> None:
        lines = piece.splitlines(keepends=True) if "_:" not in piece else [piece]
        for number in range(0, len(lines), UPDATE_LINES):
            self._update(f"INSERT DATA {{ {_within(graph, ''.join(lines[number : number + UPDATE_LINES]))} }}")

    def _write(self, method: str, graph: str | None, piece: str) -> None:
        if self.endpoints.graphs is None:
            raise StoreError(f"{self.url}: no graph store")
        headers = {"Content-Type": "text/turtle; charset=utf-8"}  # N-Triples is Turtle, which every server knows
        self._good(
            self._sent(method, self.endpoints.graphs, params=_graph(graph), content=piece.encode(), headers=headers)
        )

    def _graph_name(self, graph: str | None, minter: Minter) -> str | None:
        return f"{minter.graph}facts" if graph is None and self.endpoints.named_facts else graph

    def column(self, text: str, name: str = "g") -> list[str]:
        response = self._sent("POST", self.endpoints.query, data={"query": text}, headers={"Accept": _RESULTS})
        rows = json.loads(self._good(response).content)["results"]["bindings"]
        return [row[name]["value"] for row in rows]


def _graph(name: str | None) -> dict[str, str]:
    return {"default": ""} if name is None else {"graph": name}


def _target(name: str | None) -> str:
    return "DEFAULT" if name is None else f"GRAPH <{name}>"


def _within(name: str | None, data: str) -> str:
    return data if name is None else f"GRAPH <{name}> {{ {data} }}"


def _pieces(lines: Iterable[str]) -> Iterator[str]:
    """Lines in pieces of some size; from the first blank node on in one, as its name holds within one request."""
    piece: list[str] = []
    size, whole = 0, False
    for line in lines:
        piece.append(line)
        size += len(line)
        whole = whole or line.startswith("_:") or " _:" in line[:500]
        if size > CHUNK_CHARACTERS and not whole:
            yield "".join(piece)
            piece, size = [], 0
    if piece:
        yield "".join(piece)


_NODE = r"(?:<[^>]*>|_:\S+)"
_TRIPLE = re.compile(rf"{_NODE} <[^>]*> (?:{_NODE}|\"(?:[^\"\\]|\\.)*\"(?:\^\^<[^>]*>|@[\w-]+)?)", re.DOTALL)


def _by_graph(lines: Iterable[str]) -> dict[str | None, list[str]]:
    """Lines of N-Quads by their graph (None: the default graph), as lines of N-Triples."""
    graphs: dict[str | None, list[str]] = {}
    for line in lines:
        match = _TRIPLE.match(line)
        if match is None:
            raise StoreError(f"no line of N-Quads: {line.strip()[:80]}")
        rest = line[match.end() :].strip().removesuffix(".").strip()
        graphs.setdefault(rest[1:-1] if rest else None, []).append(f"{match[0]} .\n")
    return graphs


def _standard(content: bytes) -> bytes:
    """Results in the JSON of SPARQL 1.1: `typed-literal` is a word of an earlier draft."""
    if b"typed-literal" not in content:
        return content
    results = json.loads(content)
    for row in results.get("results", {}).get("bindings", ()):
        for term in row.values():
            if term["type"] == "typed-literal":
                term["type"] = "literal"
    return json.dumps(results, ensure_ascii=False).encode()


def _reason(response: httpx.Response) -> str:
    first = next(filter(str.strip, response.text.splitlines()), "")
    return f"{response.status_code} {' '.join(first.split())[:200]}".strip()


def _words(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
