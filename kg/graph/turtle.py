"""Triples in N-Triples syntax → Turtle that a person can read and a machine can compare byte for byte.

Subjects stand in the order of their IRIs, each once, with its types and names first. The same triples give the same
bytes, whatever their order. A line of N-Triples is split, not parsed: the literals of its syntax are Turtle's as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import pyoxigraph as ox

from kg.vocabulary import KG, OWL, RDF, RDFS, SKOS, XSD

_LETTER = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_INNER = rf"[{_LETTER}0-9_\u00b7\u0300-\u036f\u203f\u2040-]|%[0-9A-Fa-f]{{2}}"
_LOCAL_NAME = re.compile(rf"(?:[{_LETTER}0-9_]|%[0-9A-Fa-f]{{2}})(?:(?:{_INNER}|\.)*(?:{_INNER}))?")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?[0-9]*\.[0-9]+")
_SPLIT_IRI = re.compile(r"(.*[/#:])(.*)", re.DOTALL)

_TYPE = f"<{RDF.type}>"
_RANK = {
    f"<{iri}>": rank
    for rank, iri in {
        0: RDF.type,
        1: RDFS.label,
        2: SKOS.altLabel,
        3: RDFS.comment,
        4: RDF.subject,
        5: RDF.predicate,
        6: RDF.object,
        8: OWL.sameAs,
        9: KG.mentionedIn,
    }.items()
}
_BETWEEN = 7


def triple_lines(store: ox.Store, graph: ox.NamedNode | None = None) -> list[str]:
    """The triples of one graph of a store (None: the default graph) as sorted lines of N-Triples."""
    dump = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph or ox.DefaultGraph()) or b""
    return sorted(dump.decode().split("\n")[:-1])


def named_graphs(store: ox.Store) -> list[ox.NamedNode]:
    """The named graphs of a store, in the order of their IRIs."""
    graphs = (graph for graph in store.named_graphs() if isinstance(graph, ox.NamedNode))
    return sorted(graphs, key=lambda graph: graph.value)


def split_line(line: str) -> tuple[str, str, str]:
    """Subject, predicate and object of a line of N-Triples, as they stand there."""
    subject, predicate, rest = line.split(" ", 2)
    return subject, predicate, rest[:-2]


class TurtleWriter:
    """Writes Turtle and TriG with one set of prefixes; terms are remembered, so a writer gets faster as it goes."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = dict(prefixes)
        self._names = {iri: f"{prefix}:" for prefix, iri in reversed(self._prefixes.items())}
        self.term = lru_cache(maxsize=1 << 17)(self._term)

    def header(self) -> str:
        """The declarations of all prefixes."""
        return "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in self._prefixes.items())

    def triples(self, lines: Iterable[str], *, indent: str = "") -> Iterator[str]:
        """One block for each subject; `lines` are N-Triples without repetition, in any order."""
        subjects: dict[str, list[tuple[str, str]]] = {}
        for line in lines:
            subject, predicate, value = split_line(line)
            subjects.setdefault(subject, []).append((predicate, value))
        for subject in sorted(subjects, key=lambda term: term.strip("<>")):
            yield self._block(subject, subjects[subject], indent)

    def graph(self, name: str, lines: Iterable[str]) -> Iterator[str]:
        """A named graph of TriG."""
        yield f"{self.term(f'<{name}>')} {{\n"
        yield from self.triples(lines, indent="    ")
        yield "}\n\n"

    def _block(self, subject: str, pairs: list[tuple[str, str]], indent: str) -> str:
        properties: dict[str, list[str]] = {}
        for predicate, value in sorted(pairs, key=_order):
            properties.setdefault(predicate, []).append(self.term(value))
        join = f" ;\n{indent}    "
        body = join.join(
            f"{'a' if predicate == _TYPE else self.term(predicate)} {', '.join(values)}"
            for predicate, values in properties.items()
        )
        return f"{indent}{self.term(subject)} {body} .\n\n"

    def _term(self, term: str) -> str:
        if term[0] == "<" and term[1] != "<":
            return self.name(term[1:-1]) or term
        if term[0] != '"' or term[-1] != ">":
            return term
        value, _, datatype = term.rpartition("^^")
        if datatype == f"<{XSD.integer}>" and _INTEGER.fullmatch(value[1:-1]):
            return value[1:-1]
        if datatype == f"<{XSD.decimal}>" and _DECIMAL.fullmatch(value[1:-1]):
            return value[1:-1]
        return f"{value}^^{self.name(datatype[1:-1]) or datatype}"

    def name(self, iri: str) -> str | None:
        """The prefixed name of an IRI, or None where no prefix fits or the name would need escapes."""
        match = _SPLIT_IRI.fullmatch(iri)
        if match is None or match[1] not in self._names:
            return None
        return self._names[match[1]] + match[2] if not match[2] or _LOCAL_NAME.fullmatch(match[2]) else None


def _order(pair: tuple[str, str]) -> tuple[int, str, str]:
    predicate, value = pair
    return _RANK.get(predicate, _BETWEEN), predicate, value


def turtle(store: ox.Store, prefixes: Mapping[str, str]) -> Iterator[str]:
    """The default graph as Turtle, in pieces."""
    writer = TurtleWriter(prefixes)
    yield writer.header() + "\n"
    yield from writer.triples(triple_lines(store))


def trig(store: ox.Store, prefixes: Mapping[str, str]) -> Iterator[str]:
    """Every graph as TriG, in pieces: the default graph first, then the named ones by their IRIs."""
    writer = TurtleWriter(prefixes)
    yield writer.header() + "\n"
    yield from writer.triples(triple_lines(store))
    for graph in named_graphs(store):
        yield from writer.graph(graph.value, triple_lines(store, graph))
