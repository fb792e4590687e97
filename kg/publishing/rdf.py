"""The graph in the formats of RDF. All of them are ordered, so the same graph gives the same bytes.

Turtle holds the default graph: the facts. N-Triples and RDF/XML, which have no named graphs either, hold the statements
and documents beside it, as their nodes lead to their document anyway. TriG, N-Quads and JSON-LD hold everything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, groupby
from operator import itemgetter
from typing import Any
from xml.sax.saxutils import escape

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.ontology import minter_of, ontology_graph
from kg.graph.terms import split_literal
from kg.graph.turtle import TurtleWriter, named_graphs, split_line, triple_lines
from kg.graph.turtle import trig as trig_pieces
from kg.graph.turtle import turtle as turtle_pieces
from kg.publishing.sorting import sorted_graphs, sorted_lines
from kg.vocabulary import RDF, XSD

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XML_LETTER = (  # of XML 1.0 in all its editions; parsers disagree about other letters
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e\u0180-\u01c3\u01cd-\u01f0"
    "\u01f4-\u01f5\u01fa-\u0217\u0250-\u02a8\u0388-\u038a\u038e-\u03a1\u03a3-\u03ce\u0401-\u040c\u040e-\u044f\u0451-\u045c"
    "\u045e-\u0481\u05d0-\u05ea\u0621-\u063a\u0641-\u064a\u0905-\u0939\u1e00-\u1e9b\u1ea0-\u1ef9\u3041-\u3094\u30a1-\u30fa"
    "\u4e00-\u9fa5\uac00-\ud7a3"
)
_XML_NAME = re.compile(rf"[{_XML_LETTER}][{_XML_LETTER}0-9.-]*\Z")
_REPLACEMENT = "\ufffd"
_RETURN = {"\r": "&#13;"}


def turtle(store: ox.Store, *, facts_only: bool) -> Iterator[str]:
    """The default graph; `facts_only` changes nothing."""
    del facts_only
    return turtle_pieces(store, minter_of(store).prefixes)


def trig(store: ox.Store, *, facts_only: bool) -> Iterator[str]:
    """Every graph, the default graph first."""
    return (turtle_pieces if facts_only else trig_pieces)(store, minter_of(store).prefixes)


def ntriples(store: ox.Store, *, facts_only: bool) -> Iterator[str]:
    """The default graph, then what the documents' graphs hold, graph by graph, in bounded memory; not the ontology."""
    for lines in _graphs(store, facts_only=facts_only):
        yield from lines


def nquads(store: ox.Store, *, facts_only: bool) -> Iterator[str]:
    """Every graph, the default graph first, in bounded memory."""
    yield from sorted_lines(store)
    for graph in () if facts_only else sorted_graphs(store):
        name = str(graph)
        yield from (f"{line[:-2]}{name} .\n" for line in sorted_lines(store, graph))


def jsonld(store: ox.Store, *, facts_only: bool) -> Iterator[str]:
    """Every graph as JSON-LD 1.1 with our prefixes as context; one subject a line."""
    prefixes = minter_of(store).prefixes
    writer = TurtleWriter(prefixes)
    yield '{"@context": ' + _json(prefixes) + ',\n"@graph": [\n'
    parts: Iterator[str] = (_json(node) for node in _nodes(triple_lines(store), writer))
    if not facts_only:
        parts = chain(parts, (_named_graph(store, graph, writer) for graph in named_graphs(store)))
    for i, part in enumerate(parts):
        yield (",\n" if i else "") + part
    yield "\n]}\n"


def rdfxml(store: ox.Store, *, facts_only: bool) -> Iterator[str]:
    """As `ntriples`. Characters that XML cannot hold become U+FFFD; raises `StoreError` for a nameless property."""
    spaces = {iri: prefix for prefix, iri in minter_of(store).prefixes.items()}
    declared = "".join(f'\n  xmlns:{prefix}="{_attribute(iri)}"' for iri, prefix in spaces.items())
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n'
    for lines in _graphs(store, facts_only=facts_only):
        for subject, pairs in groupby((split_line(line[:-1]) for line in lines), key=itemgetter(0)):
            yield f"<rdf:Description {_node_attribute(subject, 'about')}>\n"
            yield from (f"  {_property_element(predicate, value, spaces)}\n" for _, predicate, value in pairs)
            yield "</rdf:Description>\n"
    yield "</rdf:RDF>\n"


def _graphs(store: ox.Store, *, facts_only: bool) -> Iterator[Iterator[str]]:
    yield sorted_lines(store)
    if facts_only:
        return
    ontology = ontology_graph(minter_of(store))
    for graph in sorted_graphs(store):
        if graph.value != ontology:
            yield sorted_lines(store, graph)


def _named_graph(store: ox.Store, graph: ox.NamedNode, writer: TurtleWriter) -> str:
    nodes = ",\n".join(_json(node) for node in _nodes(triple_lines(store, graph), writer))
    return f'{{"@id": {_json(_node_id(str(graph), writer))}, "@graph": [\n{nodes}]}}'


def _nodes(lines: Iterable[str], writer: TurtleWriter) -> Iterator[dict[str, Any]]:
    subjects: dict[str, dict[str, Any]] = {}
    for line in lines:
        subject, predicate, value = split_line(line)
        node = subjects.setdefault(subject, {"@id": _node_id(subject, writer)})
        if predicate == f"<{RDF.type}>":
            node.setdefault("@type", []).append(_node_id(value, writer))
        else:
            node.setdefault(writer.name(predicate[1:-1]) or predicate[1:-1], []).append(_value(value, writer))
    return iter(subjects.values())


def _node_id(term: str, writer: TurtleWriter) -> str:
    if not term.startswith("<"):
        return term
    return writer.name(term[1:-1]) or term[1:-1]


def _value(term: str, writer: TurtleWriter) -> Any:
    if not term.startswith('"'):
        return {"@id": _node_id(term, writer)}
    value, datatype, language = split_literal(term)
    if language:
        return {"@value": value, "@language": language}
    if datatype == XSD.string:
        return {"@value": value}
    return {"@value": value, "@type": writer.name(datatype) or datatype}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _property_element(predicate: str, value: str, spaces: Mapping[str, str]) -> str:
    match = _XML_NAME.search(predicate[1:-1])
    if match is None:
        raise StoreError(f"{predicate}: RDF/XML has no way to write this property; export Turtle or N-Triples instead")
    space = predicate[1:-1][: match.start()]
    known = spaces.get(space)
    name = f"{known or 'p'}:{match[0]}"
    head = name if known else f'{name} xmlns:p="{_attribute(space)}"'
    if not value.startswith('"'):
        return f"<{head} {_node_attribute(value, 'resource')}/>"
    text, datatype, language = split_literal(value)
    if language:
        head += f' xml:lang="{language}"'
    elif datatype != XSD.string:
        head += f' rdf:datatype="{_attribute(datatype)}"'
    return f"<{head}>{escape(_NOT_XML.sub(_REPLACEMENT, text), _RETURN)}</{name}>"


def _node_attribute(term: str, attribute: str) -> str:
    return f'rdf:nodeID="{term[2:]}"' if term.startswith("_:") else f'rdf:{attribute}="{_attribute(term[1:-1])}"'


def _attribute(iri: str) -> str:
    return escape(_NOT_XML.sub(_REPLACEMENT, iri), {'"': "&quot;"})
