"""The explorer on a live store: its page, and the answers to what the page asks for.

A server hands out `served_page` at `/`, `answer` at `/explore/NAME?…` and, for `/explore/query?query=…`,
`triples_answer` of what the CONSTRUCT query yields (run with the same care as any stranger's query). All answers are
JSON objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from kg.errors import QueryError
from kg.publishing.network.data import document_of, find_entities, neighbours, network_data, of_triples
from kg.publishing.network.page import Served, page
from kg.publishing.network.payload import payload
from kg.vocabulary import DEFAULT_BASE

ANSWERS = ("neighbours", "search", "document")
"""What `answer` gives: by `entity`, by `text`, by `document`."""


def served_page(
    store: ox.Store,
    *,
    title: str | None = None,
    max_nodes: int = 400,
    base: str = DEFAULT_BASE,
    served: Served | None = None,
) -> str:
    """The explorer's page with the `max_nodes` most central entities of `store`; the rest comes as it is asked for.

    Reads the whole graph (some seconds a million triples), so a server keeps it until the store changes.
    """
    data = network_data(store, max_nodes=max_nodes, base=base)
    return page(data, title=title, served=served or Served())


def answer(store: ox.Store, name: str, parameters: Mapping[str, str], *, base: str = DEFAULT_BASE) -> dict[str, object]:
    """What the page asks for under one of `ANSWERS`.

    `neighbours?entity=IRI` gives rows as in the page, `search?text=…` gives `entities` (iri, label, type), and
    `document?document=IRI` gives `text`. Raises `QueryError` when the name, a parameter or the thing is unknown.
    """
    if name == "neighbours":
        return payload(neighbours(store, _given(parameters, "entity"), base=base), texts=False)
    if name == "search":
        found = find_entities(store, _given(parameters, "text"), base=base)
        return {"entities": [{"iri": iri, "label": label, "type": kind} for iri, label, kind in found]}
    if name == "document":
        return {"text": document_of(store, _given(parameters, "document")).text}
    raise QueryError(f"explore: no answer is called {name!r}; known: {', '.join(ANSWERS)}")


def triples_answer(
    store: ox.Store, triples: Iterable[ox.Triple], *, limit: int = 5000, base: str = DEFAULT_BASE
) -> dict[str, object]:
    """The result of a CONSTRUCT query, to be put on the canvas; raises `QueryError` past `limit` triples."""
    found = list(triples)
    if len(found) > limit:
        raise QueryError(f"explore: {len(found):,} triples are too many for the canvas; add LIMIT {limit} to the query")
    return payload(of_triples(store, found, base=base), texts=False)


def _given(parameters: Mapping[str, str], name: str) -> str:
    value = parameters.get(name, "").strip()
    if not value:
        raise QueryError(f"explore: parameter {name!r} is missing; give one")
    return value
