"""Document → annotated document: tokens, tags, lemmas, trees, names, values."""

from kg.annotation.pipeline import load

__all__ = ["load"]
