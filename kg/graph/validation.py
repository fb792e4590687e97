"""Does a graph keep its promises? SHACL shapes for nodes, SPARQL checks for what goes across graphs → one report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import OntologyError, QueryError
from kg.graph.ontology import minter_of, ontology_graph, ontology_path
from kg.graph.terms import literal_term
from kg.graph.turtle import TurtleWriter, named_graphs, split_line, triple_lines
from kg.vocabulary import RDF

if TYPE_CHECKING:
    from rdflib import Graph

_SH = "http://www.w3.org/ns/shacl#"
_SEVERITIES = ("Violation", "Warning", "Info")
_HEADER = re.compile(r"^# (severity|message): (.+)$", re.MULTILINE)
_TRIPLES_AT_ONCE = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that does not hold. Terms are in N-Triples syntax; `check` names the shape or the query."""

    severity: str
    focus: str
    path: str | None
    value: str | None
    message: str
    check: str


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, violations first; warnings do not keep a graph from conforming."""

    findings: tuple[Finding, ...]
    prefixes: Mapping[str, str]

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return not any(finding.severity == "Violation" for finding in self.findings)

    def count(self, severity: str) -> int:
        """How many findings have that severity: `Violation`, `Warning` or `Info`."""
        return sum(finding.severity == severity for finding in self.findings)

    def to_text(self) -> str:
        """One line a finding, and a line that sums up."""
        names = TurtleWriter(self.prefixes)
        lines = [
            f"{finding.severity}: {' '.join(names.term(t) for t in (finding.focus, finding.path, finding.value) if t)}"
            f" - {finding.message}"
            for finding in self.findings
        ]
        verdict = "the graph conforms" if self.conforms else "the graph does not conform"
        lines.append(f"{verdict}: {self.count('Violation')} violations, {self.count('Warning')} warnings")
        return "\n".join(lines) + "\n"

    def to_turtle(self) -> str:
        """The report in the vocabulary of SHACL."""
        writer = TurtleWriter({**self.prefixes, "sh": _SH, "shape": "https://kg.example.org/shapes#"})
        return "".join([writer.header(), "\n", *writer.triples(self._lines())])

    def _lines(self) -> Iterator[str]:
        yield f"_:report <{RDF.type}> <{_SH}ValidationReport> ."
        conforms = literal_term(str(self.conforms).lower(), "http://www.w3.org/2001/XMLSchema#boolean")
        yield f"_:report <{_SH}conforms> {conforms} ."
        for number, finding in enumerate(self.findings, 1):
            node = f"_:result{number:06}"
            yield f"_:report <{_SH}result> {node} ."
            yield f"{node} <{RDF.type}> <{_SH}ValidationResult> ."
            yield f"{node} <{_SH}resultSeverity> <{_SH}{finding.severity}> ."
            yield f"{node} <{_SH}focusNode> {finding.focus} ."
            yield f"{node} <{_SH}resultMessage> {literal_term(finding.message)} ."
            yield f"{node} <{_SH}sourceShape> <{finding.check}> ."
            if finding.path:
                yield f"{node} <{_SH}resultPath> {finding.path} ."
            if finding.value:
                yield f"{node} <{_SH}value> {finding.value} ."


def validate(store: ox.Store, shapes: Path | None = None) -> Report:
    """Checks a graph against the shipped shapes and cross-graph queries, or against the shapes of a file alone.

    Raises `OntologyError` when the shapes cannot be used.
    """
    findings = set(_shape_findings(store, shapes or ontology_path("shapes.ttl")))
    if shapes is None:
        findings.update(_check_findings(store))
    order = sorted(
        findings,
        key=lambda finding: (
            _SEVERITIES.index(finding.severity),
            finding.check,
            finding.focus,
            finding.path or "",
            finding.value or "",
            finding.message,
        ),
    )
    return Report(tuple(order), minter_of(store).prefixes)


@cache
def checks() -> dict[str, str]:
    """Name → SPARQL text of every cross-graph check, in the order of their names."""
    folder = Path(__file__).with_name("checks")
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.rq"))}


def _check_findings(store: ox.Store) -> Iterator[Finding]:
    prefixes = minter_of(store).prefixes
    for name, text in checks().items():
        header = dict(_HEADER.findall(text))
        try:
            solutions = store.query(text, prefixes=prefixes)
        except (SyntaxError, ValueError, OSError) as error:
            raise QueryError(f"check {name}: {error}") from error
        if not isinstance(solutions, ox.QuerySolutions):
            raise QueryError(f"check {name}: it must be a SELECT")
        for solution in solutions:
            path, value = solution["path"], solution["value"]
            yield Finding(
                severity=header["severity"],
                focus=str(solution["focus"]),
                path=None if path is None else str(path),
                value=None if value is None else str(value),
                message=header["message"],
                check=f"https://kg.example.org/shapes#{name}",
            )


def _shape_findings(store: ox.Store, shapes: Path) -> Iterator[Finding]:
    import rdflib
    from rdflib import Graph

    shapes_graph = Graph()
    try:
        shapes_graph.parse(shapes, format=None if shapes.suffix else "turtle")
    except OSError as error:
        raise OntologyError(f"{shapes}: cannot be read ({error.strerror or error})") from error
    except Exception as error:
        raise OntologyError(f"{shapes}: no valid RDF ({' '.join(str(error).split())})") from error
    normalize = rdflib.NORMALIZE_LITERALS
    try:
        for own, around in _parts(store):
            data = Graph()
            data.parse(data="\n".join([*own, *around]), format="nt")
            focused = {split_line(line)[0] for line in own} if around else None
            for finding in _run_shacl(data, shapes_graph, shapes):
                if focused is None or finding.focus in focused:
                    yield finding
    finally:
        rdflib.NORMALIZE_LITERALS = normalize  # pyshacl turns it off for the whole process


def _parts(store: ox.Store) -> Iterator[tuple[list[str], list[str]]]:
    """Triples to check, and those around them that say of what class things are; all at once when they are few."""
    ontology = ontology_graph(minter_of(store))
    default = triple_lines(store)
    classes = triple_lines(store, ox.NamedNode(ontology))
    documents = [graph for graph in named_graphs(store) if graph.value != ontology]
    if len(store) <= _TRIPLES_AT_ONCE:
        yield (
            [line for lines in (default, classes, *(triple_lines(store, it) for it in documents)) for line in lines],
            [],
        )
        return
    yield default, classes
    around = classes + [line for line in default if f" <{RDF.type}> " in line]
    own: list[str] = []
    for graph in documents:
        own += triple_lines(store, graph)
        if len(own) > _TRIPLES_AT_ONCE:
            yield own, around
            own = []
    if own:
        yield own, around


def _run_shacl(data: Graph, shapes_graph: Graph, shapes: Path) -> Iterator[Finding]:
    import pyshacl
    from rdflib import SH
    from rdflib.namespace import RDF as RDF_TERMS

    try:
        _, results, text = pyshacl.validate(data, shacl_graph=shapes_graph, inplace=True, advanced=False)
    except Exception as error:
        raise OntologyError(f"{shapes}: these shapes cannot be used ({' '.join(str(error).split())})") from error
    if isinstance(results, Exception) or not hasattr(results, "subjects"):
        raise OntologyError(f"{shapes}: these shapes cannot be used ({' '.join(str(text).split())})")
    for result in results.subjects(RDF_TERMS.type, SH.ValidationResult):
        shape = results.value(result, SH.sourceShape)
        message = min((str(text) for text in results.objects(result, SH.resultMessage)), default="")
        yield Finding(
            severity=str(results.value(result, SH.resultSeverity)).rpartition("#")[2],
            focus=_n3(results.value(result, SH.focusNode)) or "",
            path=_n3(results.value(result, SH.resultPath)),
            value=_n3(results.value(result, SH.value)),
            message=" ".join(message.split()),
            check=str(shape) if shape is not None and shape.n3().startswith("<") else "https://kg.example.org/shapes#",
        )


def _n3(term: Any) -> str | None:
    """A term of rdflib in N-Triples syntax; None for none and for property paths, which are no single term."""
    import rdflib

    if isinstance(term, rdflib.URIRef):
        return f"<{term}>"
    if isinstance(term, rdflib.Literal):
        if term.language:
            return f"{literal_term(str(term))}@{term.language}"
        return literal_term(str(term), str(term.datatype)) if term.datatype else literal_term(str(term))
    return None if term is None else "_:path"
