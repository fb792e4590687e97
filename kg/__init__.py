"""`kg`: text in, a knowledge graph you can trust out.

    import kg

    report = kg.build(["seeds"], "output")
    rows = kg.query("SELECT ?who ?office { ?who kg:holdsRole ?office }")
    print(kg.explain("ent:PeteHegseth"))
    kg.view(about="Peru").show("peru.html")
    kg.export("graph.graphml")

The functions are those of the command line; everything else is in the rooms (`kg.reading`, `kg.annotation` ...).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyvis.network import Network

    from kg.flow import BuildReport
    from kg.publishing import Explanation

__version__ = "0.1.0"
__all__ = ["build", "explain", "export", "query", "view"]

_STORE = "output/store"


def build(paths: Iterable[str | Path], output: str | Path = "output", **settings: Any) -> BuildReport:
    """Builds a graph of documents; settings as in `kg.flow.build`."""
    from kg import flow

    return flow.build(paths, output, **settings)


def query(
    text: str, store: str | Path = _STORE, *, timeout_seconds: float | None = None
) -> list[dict[str, str | None]]:
    """The rows of a SPARQL query over a store's folder or an RDF file: column → value, None where unbound.

    IRIs come with their prefix where one fits (`ent:Peru`). Raises `QueryError`, `StoreError`.
    """
    from kg.graph import query as run
    from kg.graph.turtle import TurtleWriter
    from kg.publishing.naming import short_name

    answer = run(Path(store), text, timeout_seconds=timeout_seconds)
    names = TurtleWriter(answer.prefixes)
    return [
        {column: short_name(term, names) for column, term in zip(answer.variables, row, strict=True)} for row in answer
    ]


def explain(what: str, store: str | Path = _STORE) -> Explanation:
    """Every statement behind an entity or a triple, printable; raises `QueryError` when it is not in the graph."""
    from kg.graph import open_graph
    from kg.publishing import explain as run

    return run(open_graph(Path(store)), what)


def view(store: str | Path = _STORE, *, about: str | None = None, hops: int = 1, max_nodes: int = 500) -> Network:
    """The network as a pyvis `Network`: `show("graph.html")` displays it in a notebook cell."""
    from kg.graph import open_graph
    from kg.publishing.network import as_network, network_data

    return as_network(network_data(open_graph(Path(store)), about=about, hops=hops, max_nodes=max_nodes))


def export(
    path: str | Path, store: str | Path = _STORE, *, format: str | None = None, facts_only: bool = False
) -> None:
    """Writes the graph to a file, in the format of its ending."""
    from kg.graph import open_graph
    from kg.publishing import export as run

    run(open_graph(Path(store)), Path(path), format, facts_only=facts_only)
