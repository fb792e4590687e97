"""Extraction and SHACL shapes → what of it the shapes do not refuse.

Each document is checked by itself: a shape that counts over several documents is for `kg validate`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import OntologyError
from kg.model import Extraction, Mention, RelationMention
from kg.ontology_files import parse_file
from kg.vocabulary import ONTOLOGY_IRI

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

_SH = "http://www.w3.org/ns/shacl#"
_SHAPE_TERMS = frozenset({_SH + "path", _SH + "targetClass", _SH + "targetSubjectsOf", _SH + "targetObjectsOf"})
_ROUNDS = 4
"""Times that what remains is checked again: a refusal may leave another shape broken."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """Shapes with the classes they speak of, as one rdflib graph."""

    graph: Graph

    def keep(self, extraction: Extraction) -> tuple[Extraction, tuple[str, ...]]:
        """The extraction without the relations that a shape refuses, and for each of those one line.

        Of too many values the least confident are refused. What is missing refuses nothing.
        """
        refused: list[str] = []
        for _ in range(_ROUNDS):
            bad = self._refused(extraction)
            if not bad:
                break
            refused += [_line(extraction, relation, why) for relation, why in bad]
            gone = {id(relation) for relation, _ in bad}
            kept = tuple(relation for relation in extraction.relations if id(relation) not in gone)
            extraction = replace(extraction, relations=kept)
        return extraction, tuple(refused)

    def _refused(self, extraction: Extraction) -> list[tuple[RelationMention, str]]:
        from rdflib import RDF as R
        from rdflib import Graph, URIRef

        own = [r for r in extraction.relations if not r.predicate.startswith(("kg:", "rel:"))]
        if not own:
            return []
        data = Graph()
        for entity in extraction.entities:
            for iri in (*(ONTOLOGY_IRI + name for name in entity.types), *entity.classes):
                data.add((_node(entity.key), R.type, URIRef(iri)))
        for relation in own:
            data.add((_node(relation.subject.entity), URIRef(relation.predicate), _object(relation)))
        report = _report(data, self.graph)
        found: dict[int, tuple[RelationMention, str]] = {}
        for result in report.subjects(R.type, URIRef(_SH + "ValidationResult")):
            for relation, why in _blamed(report, result, own):
                found.setdefault(id(relation), (relation, why))
        return list(found.values())


def read_shapes(files: Iterable[str | Path]) -> Shapes | None:
    """The SHACL shapes of the files; None where there are none. Raises `OntologyError`."""
    import pyoxigraph as ox
    from rdflib import RDF as R
    from rdflib import Graph, URIRef

    files = tuple(files)
    quads = [quad for file in files for quad in parse_file(Path(file))]
    if not any(quad.predicate.value in _SHAPE_TERMS for quad in quads):
        return None
    text = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
    graph = Graph()
    graph.parse(data=text, format="nt")
    names = ", ".join(map(str, files))
    probe = Graph()  # one thing of each class, so that every shape is read
    for target in graph.objects(None, URIRef(_SH + "targetClass")):
        probe.add((_node("probe"), R.type, target))
    try:
        report = _report(probe, graph)
    except Exception as error:  # the library raises its own kinds, and plain ones, for shapes that it cannot read
        raise OntologyError(f"{names}: these shapes cannot be used ({' '.join(str(error).split())})") from error
    if not hasattr(report, "subjects"):
        raise OntologyError(f"{names}: these shapes cannot be used ({' '.join(str(report).split())})")
    return Shapes(graph)


def _report(data: Graph, shapes: Graph) -> Any:
    """The graph of the validation report, or what went wrong."""
    import rdflib
    from pyshacl import validate

    normalize = rdflib.NORMALIZE_LITERALS
    try:
        return validate(data, shacl_graph=shapes, ont_graph=shapes, inference="none", advanced=False)[1]
    finally:
        rdflib.NORMALIZE_LITERALS = normalize  # pyshacl turns it off for the whole process


def _blamed(report: Any, result: Node, own: list[RelationMention]) -> Iterable[tuple[RelationMention, str]]:
    """The relations that a result speaks of: of its focus, path and value; of too many, the least confident."""
    from rdflib import URIRef

    def of(name: str) -> Any:
        return report.value(result, URIRef(_SH + name))

    if of("resultSeverity") != URIRef(_SH + "Violation"):
        return
    focus, path, value, why = of("focusNode"), of("resultPath"), of("value"), str(of("resultMessage") or "a shape")
    component = str(of("sourceConstraintComponent") or "").removeprefix(_SH)
    if component == "MinCountConstraintComponent":
        return
    matching = [r for r in own if _node(r.subject.entity) == focus and (path is None or URIRef(r.predicate) == path)]
    if component == "MaxCountConstraintComponent":
        best = max(matching, key=lambda r: r.confidence, default=None)
        matching = [r for r in matching if best is not None and _object(r) != _object(best)]
    elif value is not None and path is not None:
        matching = [r for r in matching if _object(r) == value]
    for relation in matching:
        yield relation, " ".join(why.split())


def _node(key: str) -> Any:
    from rdflib import URIRef

    return URIRef(f"urn:entity:{key}")


def _object(relation: RelationMention) -> Any:
    from rdflib import Literal, URIRef

    if isinstance(relation.object, Mention):
        return _node(relation.object.entity)
    return Literal(relation.object.value, datatype=URIRef(relation.object.datatype))


def _line(extraction: Extraction, relation: RelationMention, why: str) -> str:
    labels = {entity.key: entity.label for entity in extraction.entities}
    target = relation.object
    value = labels[target.entity] if isinstance(target, Mention) else target.value
    name = relation.predicate.rpartition("#")[2].rpartition("/")[2]
    said = f"{labels[relation.subject.entity]} {name} {value}"
    return f"{extraction.document.source}: {said}: {why}; left out"
