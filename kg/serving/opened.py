"""The store that a process has open, with what it has found out about it."""

from __future__ import annotations

import unicodedata
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kg.graph.naming import Names
from kg.graph.ontology import minter_of
from kg.graph.store import open_store
from kg.vocabulary import DCTERMS, KG, NIF, RDF, RDFS, SKOS, Minter


class Opened:
    """A snapshot, open for reading. What is read in full is kept until another snapshot is opened."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.store = open_store(Path(path), read_only=True)

    @cached_property
    def minter(self) -> Minter:
        """Its namespaces."""
        return minter_of(self.store)

    @cached_property
    def names(self) -> Names:
        """Its names."""
        return Names(self.store)

    @cached_property
    def known_names(self) -> list[tuple[str, str, str]]:
        """(folded name, name, IRI) of every entity's labels, once for each name."""
        found = set()
        for property_ in (RDFS.label, SKOS.altLabel):
            for quad in self.store.quads_for_pattern(None, ox.NamedNode(property_), None, ox.DefaultGraph()):
                if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                    name = quad.object.value
                    found.add((folded(name), name, quad.subject.value))
        return sorted(found)

    @cached_property
    def sentences(self) -> list[tuple[str, str, str, str]]:
        """(folded sentence, sentence, its IRI, its document's IRI) of every sentence that a statement rests on."""
        found = []
        for quad in self.store.quads_for_pattern(None, ox.NamedNode(NIF.anchorOf), None, None):
            if isinstance(quad.object, ox.Literal) and isinstance(quad.graph_name, ox.NamedNode):
                text = quad.object.value
                found.append((folded(text), text, getattr(quad.subject, "value", ""), quad.graph_name.value))
        return sorted(found, key=lambda sentence: (sentence[3], sentence[2]))

    def types(self, iri: str) -> list[str]:
        """The classes of an entity, as prefixed names."""
        quads = self.store.quads_for_pattern(ox.NamedNode(iri), _TYPE, None, ox.DefaultGraph())
        return sorted(self.names.short(quad.object.value) for quad in quads if isinstance(quad.object, ox.NamedNode))

    def source(self, document: str) -> str:
        """The path or address of a document; its IRI where it states none."""
        node = ox.NamedNode(document)
        quads = self.store.quads_for_pattern(node, ox.NamedNode(DCTERMS.source), None, node)
        return next((quad.object.value for quad in quads if isinstance(quad.object, ox.Literal)), document)

    def mentions(self, iri: str) -> int:
        """In how many documents an entity is mentioned."""
        pattern = (ox.NamedNode(iri), ox.NamedNode(KG.mentionedIn), None, ox.DefaultGraph())
        return sum(1 for _ in self.store.quads_for_pattern(*pattern))


_TYPE = ox.NamedNode(RDF.type)


def folded(text: str) -> str:
    """Text without case and diacritics, for comparison.

    >>> folded("São  Paulo")
    'sao paulo'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
