"""Files of classes, properties, shapes and words → quads: those of the package, and those that a user gives."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from kg.errors import OntologyError


def ontology_path(name: str) -> Path:
    """Path of a shipped ontology file (`core.ttl`, `lexicon-en.ttl`), in a checkout or in an installed package.

    Raises `OntologyError` when there is none of that name.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "ontologies", package.parent / "ontologies"):
        if (folder / name).is_file():
            return folder / name
    raise OntologyError(f"{name}: no such ontology file in this installation; install kg again")


def parse_file(file: Path) -> list[ox.Quad]:
    """The quads of an RDF file; its blank nodes do not meet those of another file. Raises `OntologyError`."""
    format_ = ox.RdfFormat.from_extension(file.suffix.lstrip(".").lower())
    if format_ is None:
        raise OntologyError(f"{file}: unknown ending; give a .ttl, .trig, .nt, .nq, .rdf or .jsonld file")
    try:
        return list(ox.parse(path=file, format=format_, base_iri=file.resolve().as_uri(), rename_blank_nodes=True))
    except OSError as error:
        raise OntologyError(f"{file}: cannot be read ({error.strerror or error})") from error
    except (SyntaxError, ValueError) as error:
        raise OntologyError(f"{file}: no valid RDF ({' '.join(str(error).split())})") from error
