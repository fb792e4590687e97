"""The ontology's files, wherever the package lives, as quads of the ontology graph."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg.errors import OntologyError
from kg.vocabulary import ONTOLOGY_IRI, OWL, RDF, Minter

ONTOLOGY = ONTOLOGY_IRI.rstrip("#")
"""The IRI of the core ontology itself."""


def ontology_path(name: str) -> Path:
    """Path of a shipped ontology file (`core.ttl`, `shapes.ttl`), in a checkout or in an installed package.

    Raises `OntologyError` when there is none of that name.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "ontologies", package.parent / "ontologies"):
        if (folder / name).is_file():
            return folder / name
    raise OntologyError(f"{name}: no such ontology file in this installation; install kg again")


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


def parse_file(file: Path) -> list[ox.Quad]:
    """The quads of an RDF file; its blank nodes do not meet those of another file."""
    format_ = ox.RdfFormat.from_extension(file.suffix.lstrip(".").lower())
    if format_ is None:
        raise OntologyError(f"{file}: unknown ending; give a .ttl, .trig, .nt, .nq, .rdf or .jsonld file")
    try:
        return list(ox.parse(path=file, format=format_, base_iri=file.resolve().as_uri(), rename_blank_nodes=True))
    except OSError as error:
        raise OntologyError(f"{file}: cannot be read ({error.strerror or error})") from error
    except (SyntaxError, ValueError) as error:
        raise OntologyError(f"{file}: no valid RDF ({error})") from error


def minter_of(store: ox.Store) -> Minter:
    """The base that a graph was built under: its ontology graph tells; the default base where it has none."""
    marks = store.quads_for_pattern(ox.NamedNode(ONTOLOGY), ox.NamedNode(RDF.type), ox.NamedNode(OWL.Ontology), None)
    for mark in marks:
        graph = mark.graph_name
        if isinstance(graph, ox.NamedNode) and graph.value.endswith("graph/ontology"):
            return Minter(graph.value.removesuffix("graph/ontology"))
    return Minter()
