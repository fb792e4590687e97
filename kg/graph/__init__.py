"""Entities and statements → a graph on disk that can be queried: ontology, quads, store, SPARQL."""

from kg.graph.ontology import minter_of, ontology_path
from kg.graph.quads import Refusal, Tally
from kg.graph.query import FORMATS, Answer, query
from kg.graph.store import Written, load_graph, open_graph, open_store, write_build

__all__ = [
    "FORMATS",
    "Answer",
    "Refusal",
    "Tally",
    "Written",
    "load_graph",
    "minter_of",
    "ontology_path",
    "open_graph",
    "open_store",
    "query",
    "write_build",
]
