"""A store in a folder ↔ a server: the server is brought to the store's state, or its graph is fetched.

The server carries a mark with the name of the state it is in. A change is sent as a delta to a server in the state that
the change began from, and to any other the whole graph; an interrupted one has no mark, so the next gets it whole.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.delta import Delta
from kg.graph.ontology import minter_of
from kg.graph.remote import Remote
from kg.vocabulary import DCTERMS, Minter


def remote_state(remote: Remote, minter: Minter) -> str | None:
    """The name of the state that the server's graph is in; None when it has none, or was interrupted."""
    mark = f"{minter.graph}state"
    text = f"SELECT ?g {{ GRAPH <{mark}> {{ <{mark}> <{DCTERMS.identifier}> ?g }} }}"
    return next(iter(remote.column(text)), None)


def send_graph(remote: Remote, store: ox.Store, state: str) -> int:
    """Makes the server's graph that of the store, graph by graph; gives the number of graphs sent.

    What else the server holds stays. Raises `StoreError`; the server is then without mark.
    """
    minter = minter_of(store)
    names = {graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode)}
    mark = f"{minter.graph}state"
    remote.drop(mark, minter)
    for name in remote.graphs(minter):
        if name not in names:
            remote.drop(name, minter)
    for name in sorted(names):
        remote.replace(name, _lines(store, ox.NamedNode(name)), minter)
    remote.replace(None, _lines(store, ox.DefaultGraph()), minter)
    _mark(remote, state, minter)
    return len(names) + 1


def send_delta(remote: Remote, delta: Delta, minter: Minter, *, before: str, state: str) -> bool:
    """Applies a change to a server that is in the state `before`; False, and nothing done, when it is in another."""
    if remote_state(remote, minter) != before:
        return False
    remote.drop(f"{minter.graph}state", minter)
    remote.change(delta.removed, delta.added, minter)
    _mark(remote, state, minter)
    return True


def fetch_graph(remote: Remote) -> ox.Store:
    """The server's graph as a store in memory: facts in the default graph, and the named graphs of our builds.

    Raises `StoreError` when there is none.
    """
    minter = remote.minter()
    store = ox.Store()
    for name in remote.graphs(minter):
        graph = ox.NamedNode(name)
        store.bulk_load(remote.triples(name, minter), ox.RdfFormat.N_TRIPLES, to_graph=graph)
    if not len(store):
        raise StoreError(f"{remote.url}: no graph of ours here; fill it with 'kg build --store {remote.url}'")
    store.bulk_load(remote.triples(None, minter), ox.RdfFormat.N_TRIPLES)
    return store


def fetched(url: str) -> ox.Store:
    """`fetch_graph` of the server at a URL."""
    with Remote(url) as remote:
        return fetch_graph(remote)


def bring(url: str, store: ox.Store, *, state: str, before: str | None = None, delta: Delta | None = None) -> None:
    """Brings the server at a URL to the `state` that a store is in: by the change from `before`, or whole.

    Nothing is sent to a server that is in that state. Raises `StoreError`.
    """
    minter = minter_of(store)
    with Remote(url) as remote:
        if remote_state(remote, minter) == state:
            return
        if delta is None or before is None or not send_delta(remote, delta, minter, before=before, state=state):
            send_graph(remote, store, state)


def state_mark(minter: Minter, state: str) -> tuple[str, str]:
    """The graph of a server that names its state, and the one line of N-Triples in it."""
    mark = f"{minter.graph}state"
    return mark, f'<{mark}> <{DCTERMS.identifier}> "{state}" .\n'


def _mark(remote: Remote, state: str, minter: Minter) -> None:
    name, line = state_mark(minter, state)
    remote.replace(name, [line], minter)


def _lines(store: ox.Store, graph: ox.NamedNode | ox.DefaultGraph) -> Iterator[str]:
    dump = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b""
    return (line.decode() for line in dump.splitlines(keepends=True))
