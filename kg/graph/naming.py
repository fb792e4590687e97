"""What people call things → IRIs of the graph: full IRIs, prefixed names, labels."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import cached_property

import pyoxigraph as ox

from kg.errors import QueryError
from kg.graph.ontology import minter_of
from kg.graph.quads import relation_label
from kg.graph.turtle import TurtleWriter
from kg.vocabulary import DCTERMS, KG, ONTOLOGY_IRI, RDF, RDFS, RELATIONS, SKOS

_PREFIXED = re.compile(r"([^\W\d][\w-]*):(\S+)")
_TOKEN = re.compile(r"""<[^>\s]*>|"[^"]*"|\S+""")
_LONGEST_PROPERTY = 4


class Names:
    """The names of one graph, both ways: `entity` and `triple` find IRIs, `short` and `label` make them readable."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._minter = minter_of(store)
        self._writer = TurtleWriter(self._minter.prefixes)

    def short(self, iri: str) -> str:
        """A prefixed name, or the IRI in angle brackets where none fits."""
        return self._writer.name(iri) or f"<{iri}>"

    def label(self, iri: str) -> str:
        """The label of an entity or property, or its short name."""
        node = ox.NamedNode(iri)
        for graph in (ox.DefaultGraph(), None):
            found = [quad.object for quad in self._store.quads_for_pattern(node, ox.NamedNode(RDFS.label), None, graph)]
            if found:
                return min(label.value for label in found if isinstance(label, ox.Literal))
        return self.short(iri)

    def entity(self, text: str) -> str:
        """The IRI of the entity that `text` names. Raises `QueryError` for none and for several of one name."""
        candidates = self.entities(text)
        if len(candidates) > 1:
            listed = ", ".join(self.short(candidate) for candidate in candidates[:5])
            raise QueryError(f"{text}: {len(candidates)} entities have this name; say which: {listed}")
        return candidates[0]

    def entities(self, text: str) -> list[str]:
        """The IRIs of all entities that `text` names. Raises `QueryError` when there is none."""
        text = text.strip()
        iri = self._iri(text)
        if iri is not None:
            if not self._occurs(iri):
                raise QueryError(f"{text}: no such entity in the graph")
            return [iri]
        name = text.strip('"')
        candidates = self._named(name)
        if not candidates:
            close = difflib.get_close_matches(name, self._by_name.keys(), n=3)
            hint = f"did you mean {' or '.join(close)}?" if close else "try a full IRI or ent:Name"
            raise QueryError(f"{text}: nothing in the graph has this name; {hint}")
        return candidates

    def property(self, text: str) -> str:
        """The IRI of the property that `text` names. Raises `QueryError` when there is none."""
        for iri in self._properties(text.strip()):
            if self._occurs(iri):
                return iri
        raise QueryError(f"{text}: no such property in the graph; try kg:name, rel:name or a full IRI")

    def document(self, text: str) -> str:
        """The IRI of the document with this IRI, path or URL. Raises `QueryError` when there is none."""
        text = text.strip()
        iri = self._iri(text)
        if iri is not None and self._occurs(iri):
            return iri
        sources = self._store.quads_for_pattern(None, ox.NamedNode(DCTERMS.source), ox.Literal(text), None)
        for quad in sources:
            if isinstance(quad.subject, ox.NamedNode):
                return quad.subject.value
        raise QueryError(f"{text}: no such document in the graph; give its path as 'kg stats' shows it, or its IRI")

    def triple(self, text: str) -> tuple[str, str, str | ox.Literal] | None:
        """Subject, property and object of 'S P O', each an IRI, a prefixed name or a label; None when it is none."""
        tokens = [match[0] for match in _TOKEN.finditer(text)]
        for begin in range(1, len(tokens) - 1):
            for end in range(begin + 1, min(begin + _LONGEST_PROPERTY, len(tokens))):
                for property_ in self._properties(" ".join(tokens[begin:end])):
                    try:
                        subject = self.entity(" ".join(tokens[:begin]))
                        value = self._object(" ".join(tokens[end:]), property_)
                    except QueryError:
                        continue
                    return subject, property_, value
        return None

    def _iri(self, text: str) -> str | None:
        if text.startswith("<") and text.endswith(">"):
            return text[1:-1]
        if "://" in text:
            return text
        match = _PREFIXED.fullmatch(text)
        return self._minter.prefixes[match[1]] + match[2] if match and match[1] in self._minter.prefixes else None

    def _occurs(self, iri: str) -> bool:
        try:
            node = ox.NamedNode(iri)
        except ValueError as error:
            raise QueryError(f"{iri}: no IRI ({error})") from error
        patterns = (
            self._store.quads_for_pattern(node, None, None, None),
            self._store.quads_for_pattern(None, None, node, None),
        )
        return any(next(pattern, None) is not None for pattern in patterns)

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        names: dict[str, set[str]] = {}
        for property_ in (RDFS.label, SKOS.altLabel):
            for quad in self._store.quads_for_pattern(None, ox.NamedNode(property_), None, ox.DefaultGraph()):
                if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                    names.setdefault(quad.object.value, set()).add(quad.subject.value)
        return {name: sorted(iris) for name, iris in sorted(names.items())}

    def _named(self, name: str) -> list[str]:
        for property_ in (RDFS.label, SKOS.altLabel):
            quads = self._store.quads_for_pattern(None, ox.NamedNode(property_), ox.Literal(name), ox.DefaultGraph())
            found = sorted(quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode))
            if found:
                return found
        folded = name.casefold()
        return sorted({iri for known, iris in self._by_name.items() if known.casefold() == folded for iri in iris})

    def _properties(self, text: str) -> Iterator[str]:
        iri = self._iri(text)
        if iri is not None:
            yield iri
        if text in RELATIONS:
            yield KG[text]
        for name in RELATIONS:
            if relation_label(name) == text.casefold():
                yield ONTOLOGY_IRI + name
        for iri in self._named(text):
            if iri.startswith(self._minter.relation):
                yield iri
        if text.isalnum():
            yield self._minter.relation + text

    def _object(self, text: str, property_: str) -> str | ox.Literal:
        if self._iri(text) is None:
            plain = text.strip('"')
            stated = self._store.quads_for_pattern(None, ox.NamedNode(RDF.predicate), ox.NamedNode(property_), None)
            for statement in stated:
                pattern = (statement.subject, ox.NamedNode(RDF.object), None, statement.graph_name)
                for quad in self._store.quads_for_pattern(*pattern):
                    if isinstance(quad.object, ox.Literal) and quad.object.value == plain:
                        return quad.object
        return self.entity(text)
