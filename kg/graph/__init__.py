"""Entities and statements → a graph on disk that can be queried: ontology, quads, store, SPARQL."""

from kg.graph.evidence import Evidence, all_evidence, labels
from kg.graph.naming import Names
from kg.graph.ontology import minter_of, ontology_path
from kg.graph.quads import Refusal, Tally
from kg.graph.query import FORMATS, Answer, query
from kg.graph.questions import Question, ask, questions
from kg.graph.store import Written, load_graph, open_graph, open_store, reserved, write_build
from kg.graph.validation import Finding, Report, validate

__all__ = [
    "FORMATS",
    "Answer",
    "Evidence",
    "Finding",
    "Names",
    "Question",
    "Refusal",
    "Report",
    "Tally",
    "Written",
    "all_evidence",
    "ask",
    "labels",
    "load_graph",
    "minter_of",
    "ontology_path",
    "open_graph",
    "open_store",
    "query",
    "questions",
    "reserved",
    "validate",
    "write_build",
]
