"""RDF terms → short names for people: `ent:Peru` for an IRI with a known prefix, the value of a literal."""

from __future__ import annotations

import pyoxigraph as ox

from kg.graph.turtle import TurtleWriter


def short_name(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None, names: TurtleWriter) -> str | None:
    """The term as a person would write it; None stays None."""
    match term:
        case None:
            return None
        case ox.NamedNode():
            return names.name(term.value) or term.value
        case ox.Triple():
            return str(term)
        case _:
            return str(term.value)
