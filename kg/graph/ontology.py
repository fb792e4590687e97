"""The ontology's files, wherever the package lives, as quads of the ontology graph."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg.ontology_files import ontology_path, parse_file
from kg.vocabulary import ONTOLOGY_IRI, OWL, RDF, Minter

__all__ = ["ONTOLOGY", "minter_of", "ontology_graph", "ontology_path", "ontology_quads", "parse_file"]

ONTOLOGY = ONTOLOGY_IRI.rstrip("#")
"""The IRI of the core ontology itself."""


def ontology_graph(minter: Minter) -> str:
    """IRI of the graph that holds the core ontology and the ontologies given."""
    return f"{minter.graph}ontology"


def ontology_quads(files: Iterable[Path], minter: Minter) -> bytes:
    """The files as N-Quads in the ontology graph; blank nodes get the same names for the same content.

    Raises `OntologyError` for a file that is missing or is no RDF.
    """
    graph = ox.NamedNode(ontology_graph(minter))
    dataset = ox.Dataset(
        ox.Quad(quad.subject, quad.predicate, quad.object, graph) for file in files for quad in parse_file(file)
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    text = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b""
    return b"".join(sorted(text.splitlines(keepends=True)))


def minter_of(store: ox.Store) -> Minter:
    """The base that a graph was built under: its ontology graph tells; the default base where it has none."""
    marks = store.quads_for_pattern(ox.NamedNode(ONTOLOGY), ox.NamedNode(RDF.type), ox.NamedNode(OWL.Ontology), None)
    for mark in marks:
        graph = mark.graph_name
        if isinstance(graph, ox.NamedNode) and graph.value.endswith("graph/ontology"):
            return Minter(graph.value.removesuffix("graph/ontology"))
    return Minter()
