"""The network view: a store in, one self-contained HTML page out that opens offline.

>>> from kg.publishing.network import write_view                      # doctest: +SKIP
>>> write_view(store, Path("graph.html"), about="ent:Peru", hops=2)   # doctest: +SKIP
"""

from typing import TYPE_CHECKING

from kg.publishing.network.data import network_data
from kg.publishing.network.page import Served, page, write_view
from kg.publishing.network.serving import answer, served_page, triples_answer
from kg.publishing.network.values import (
    Evidence,
    Mark,
    NetworkCommunity,
    NetworkData,
    NetworkDocument,
    NetworkEdge,
    NetworkNode,
)

if TYPE_CHECKING:
    from pyvis.network import Network

__all__ = [
    "Evidence",
    "Mark",
    "NetworkCommunity",
    "NetworkData",
    "NetworkDocument",
    "NetworkEdge",
    "NetworkNode",
    "Served",
    "answer",
    "as_network",
    "network_data",
    "page",
    "served_page",
    "triples_answer",
    "write_view",
]


def as_network(data: NetworkData, *, title: str | None = None) -> "Network":
    """A pyvis network of `data` for notebooks: `show("graph.html")` displays the page in the cell."""
    # Late: pyvis brings IPython, half a second that building a graph does not need.
    from kg.publishing.network.pyvis_network import Explorer

    return Explorer(data, title=title)
