"""Document → annotated document: tokens, tags, lemmas, trees, names, values.

nlp = load()
annotated = annotate(document, nlp)
"""

from kg.annotation.conllu import read_conllu
from kg.annotation.document import (
    AnnotatedDocument,
    AttributionAnnotation,
    EntityAnnotation,
    annotate,
    annotate_many,
    assemble,
)
from kg.annotation.formats import to_conllu, to_json
from kg.annotation.pipeline import load
from kg.annotation.values import Value, find_values

__all__ = [
    "AnnotatedDocument",
    "AttributionAnnotation",
    "EntityAnnotation",
    "Value",
    "annotate",
    "annotate_many",
    "assemble",
    "find_values",
    "load",
    "read_conllu",
    "to_conllu",
    "to_json",
]
