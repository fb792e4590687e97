"""`kg`: text in, a knowledge graph you can trust out.

    import kg

    report = kg.build(["seeds"], "output")
    rows = kg.query("SELECT ?who ?office { ?who kg:holdsRole ?office }", labels=True)
    print(kg.explain("ent:PeteHegseth"))
    kg.view(about="Peru").show("peru.html")
    kg.export("graph.graphml")

The functions are those of the command line, and what notebooks need beside: `statements` and `network` give the data
to pandas and networkx, `draw` and `bars` give still pictures. `store` is always the folder of a store, or an RDF
file such as `graph.trig`. Everything else is in the rooms (`kg.reading`, `kg.annotation` ...).
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import KGError

if TYPE_CHECKING:
    import networkx as nx
    from pyvis.network import Network

    from kg.evaluation.scores import Scores
    from kg.flow import BuildReport, Withdrawal
    from kg.graph import Report
    from kg.graph.comparing import Comparison
    from kg.publishing import Explanation, Statistics
    from kg.publishing.picture import Picture
    from kg.publishing.rows import Rows
    from kg.reading import ReadFailure

__version__ = "0.1.0"
__all__ = [
    "KGError",
    "annotate",
    "ask",
    "bars",
    "build",
    "diff",
    "draw",
    "evaluate",
    "explain",
    "export",
    "extract",
    "network",
    "query",
    "questions",
    "statements",
    "stats",
    "ties",
    "validate",
    "view",
    "withdraw",
]

_STORE = "output/store"


def build(paths: Iterable[str | Path], output: str | Path = "output", **settings: Any) -> BuildReport:
    """Brings a graph up to date with documents: takes up what is new or changed, withdraws what is gone.

    Settings as in `kg.flow.build`.
    """
    from kg import flow

    return flow.build(paths, output, **settings)


def withdraw(documents: Iterable[str], output: str | Path = "output", **settings: Any) -> Withdrawal:
    """Takes documents (paths or IRIs) out of the graph, with all that only they support; settings as in
    `kg.flow.withdraw`. Raises `StoreError` for a document that is not in the graph, and then withdraws none."""
    from kg import flow

    return flow.withdraw(documents, output, **settings)


def diff(other: str | Path, store: str | Path = _STORE) -> Comparison:
    """The facts and claims that a graph has gained and lost since another one, printable with `to_text`."""
    from kg.graph import open_graph
    from kg.graph.comparing import compare

    return compare(open_graph(Path(store)), open_graph(Path(other)))


def annotate(paths: Iterable[str | Path], *, date: str | None = None) -> list[dict[str, Any]]:
    """What the language model sees: one dictionary a document, as `kg annotate` prints it.

    `.conllu` files keep their sentences and tokens. Raises `ReadError` for the first document that cannot be read.
    """
    from kg.annotation import to_json
    from kg.flow import annotate_documents

    return [to_json(document) for document in annotate_documents(paths, date=date, failed=_refuse)]


def extract(paths: Iterable[str | Path], *, date: str | None = None) -> list[dict[str, Any]]:
    """What is read out of documents, without a store: one dictionary a statement, as `kg extract` prints it.

    `date` is the day (`YYYY-MM-DD`) of documents that tell none. Raises `ReadError` for the first document that cannot
    be read.
    """
    from kg.flow import extract_documents, read_documents
    from kg.publishing.extraction_json import extraction_rows
    from kg.resolution import resolve

    documents = read_documents(paths, date=date, failed=_refuse)
    return [
        row
        for extraction in extract_documents(documents, workers=1, pronouns=True, failed=_refuse)
        for row in extraction_rows(extraction, resolve([extraction]))
    ]


def query(text: str, store: str | Path = _STORE, *, labels: bool = False, timeout_seconds: float | None = None) -> Rows:
    """The rows of a SPARQL query over a store's folder or an RDF file: column → value, None where unbound.

    IRIs come with their prefix where one fits (`ent:Peru`), or, with `labels`, as the names of the things they stand
    for (`Peru`). Raises `QueryError`, `StoreError`.
    """
    from kg.graph import open_graph
    from kg.graph import query as run
    from kg.publishing.rows import answer_rows

    answer = run(Path(store), text, timeout_seconds=timeout_seconds)
    return answer_rows(answer, open_graph(Path(store)) if labels else None)


def questions() -> dict[str, str]:
    """The shipped questions that `ask` answers: name → what it asks."""
    from kg.graph import questions as shipped

    return {name: question.question for name, question in shipped().items()}


def ask(
    question: str,
    store: str | Path = _STORE,
    *,
    labels: bool = True,
    timeout_seconds: float | None = None,
    **parameters: str,
) -> Rows:
    """Answers a shipped question by its name; its parameters are names, IRIs or days (`YYYY-MM-DD`).

        kg.ask("said-about", speaker="Pete Hegseth", about="China")

    A parameter whose name Python reserves is written with `_` at its end (`from_="Peru"`). Raises `QueryError`, also
    for an unknown question, parameter or entity.
    """
    from kg.graph import ask as run
    from kg.graph import open_graph
    from kg.publishing.rows import answer_rows

    given = {name.removesuffix("_"): value for name, value in parameters.items()}
    answer = run(Path(store), question, given, timeout_seconds=timeout_seconds)
    return answer_rows(answer, open_graph(Path(store)) if labels else None)


def statements(store: str | Path = _STORE, *, facts_only: bool = False) -> Rows:
    """Every statement with its names, sentence and document: the rows of `kg export -o graph.csv`.

    `fact` is "true" where the row itself makes its triple a fact. With `facts_only` the other rows are left out.
    """
    import csv

    from kg.graph import open_graph
    from kg.publishing.rows import Rows
    from kg.publishing.table import COLUMNS, table

    lines = table(open_graph(Path(store)), facts_only=facts_only)
    reader = csv.reader("".join(lines).splitlines(keepends=True))
    next(reader)
    return Rows(
        ({name: cell or None for name, cell in zip(COLUMNS, row, strict=True)} for row in reader), columns=COLUMNS
    )


def network(store: str | Path = _STORE, *, facts_only: bool = True) -> nx.MultiDiGraph:
    """The facts between entities as a networkx graph (with `facts_only=False`, the claims, too).

    Nodes are named as in a query (`ent:Peru`) and have `label` and `type`; edges have `property`, `label`, `fact`,
    `dates`, `documents`, `sentences` and more, see `kg.publishing.entity_network`.
    """
    from kg.graph import open_graph
    from kg.publishing.entity_network import entity_network

    return entity_network(open_graph(Path(store)), facts_only=facts_only)


def ties(network: nx.MultiDiGraph, *, types: Collection[str] | None = None) -> nx.Graph:
    """A `network` with one undirected edge for each pair, as most measures want it; see `kg.publishing.entity_network`.

    With `types`, only entities of these (`["Person", "Country"]`) are kept.
    """
    from kg.publishing.entity_network import ties as run

    return run(network, types=types)


def draw(
    graph: nx.Graph,
    *,
    title: str = "",
    sizes: Mapping[Any, float] | None = None,
    groups: Mapping[Any, object] | None = None,
    named: Collection[Any] | None = None,
    path: Sequence[Any] = (),
    edge_labels: bool = False,
    positions: Mapping[Hashable, tuple[float, float]] | None = None,
) -> Picture:
    """A still picture (SVG) of a networkx graph, for notebooks and reports; see `kg.publishing.picture.draw`.

    `sizes` sets the area of nodes, `groups` their colour, `named` which get a label; `path` stands out; claims are
    dashed.
    """
    from kg.publishing.picture import draw as run

    return run(
        graph,
        title=title,
        sizes=sizes,
        groups=groups,
        named=named,
        path=path,
        edge_labels=edge_labels,
        positions=positions,
    )


def bars(values: Mapping[str, float] | Iterable[tuple[str, float]], *, title: str = "") -> Picture:
    """A still picture (SVG) of numbers ≥ 0 as horizontal bars, in the order given."""
    from kg.publishing.picture import bars as run

    return run(values, title=title)


def explain(what: str, store: str | Path = _STORE) -> Explanation:
    """Every statement behind an entity or a triple, printable; raises `QueryError` when it is not in the graph."""
    from kg.graph import open_graph
    from kg.publishing import explain as run

    return run(open_graph(Path(store)), what)


def stats(store: str | Path = _STORE, *, top: int = 10) -> Statistics:
    """Counts of the graph and its most central entities, printable with `to_text`; `top` is the length of rankings."""
    from kg.graph import open_graph
    from kg.publishing import stats as run

    return run(open_graph(Path(store)), top=top)


def validate(store: str | Path = _STORE, shapes: str | Path | None = None) -> Report:
    """Checks the graph with SHACL, the shipped shapes or those of a file; `conforms` tells whether all holds."""
    from kg.graph import open_graph
    from kg.graph import validate as run

    return run(open_graph(Path(store)), Path(shapes) if shapes is not None else None)


def evaluate(gold: str | Path, store: str | Path = _STORE) -> Scores:
    """Scores of a build against a folder of gold files; raises `GoldError`, `StoreError`."""
    from kg.evaluation.scores import evaluate as run

    return run(Path(gold), Path(store))


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


def _refuse(failure: ReadFailure) -> None:
    from kg.errors import ReadError

    raise ReadError(str(failure))
