"""Reads the Cypher of an export by its grammar: tokens first, then the commands that make nodes and edges."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""(?P<string>'(?:[^'\\]|\\.)*')
      | (?P<name>`(?:[^`]|``)*`)
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<word>[^\W\d]\w*)
      | (?P<sign>->|[-(){}\[\]:,.=;])
      | (?P<blank>[ \t\n]+)""",
    re.VERBOSE | re.DOTALL,
)
_CONSTRAINT = "CREATE CONSTRAINT kg_node_iri IF NOT EXISTS FOR ( n : KgNode ) REQUIRE n . iri IS UNIQUE ;"
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "\\": "\\", "'": "'", '"': '"'}

Token = tuple[str, str]
Value = str | float | bool | list[str]


@dataclass
class CypherGraph:
    """Nodes by their `iri`: labels and properties. Edges by their `id`: tail, type, head and properties."""

    nodes: dict[str, tuple[set[str], dict[str, Value]]] = field(default_factory=dict)
    edges: dict[str, tuple[str, str, str, dict[str, Value]]] = field(default_factory=dict)


def unescaped(literal: str) -> str:
    """The text of a string literal; `KeyError` for an escape that the grammar does not have."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else _LETTERS[match[2]], literal[1:-1])


def tokens(text: str) -> list[Token]:
    """All tokens; a character that begins none is an error, so nothing can hide between them."""
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"no token at {text[at : at + 40]!r}")
        if match.lastgroup != "blank":
            found.append((match.lastgroup or "", match[0]))
        at = match.end()
    return found


def preprocessed(text: str) -> str:
    """What a parser makes of a file that first replaces every Unicode escape, wherever it stands."""
    return re.sub(r"\\u([0-9A-Fa-f]{4})", lambda match: chr(int(match[1], 16)), text)


def read_cypher(text: str) -> CypherGraph:
    """Runs the commands of an export; any other command, or one that was broken out of, is a `ValueError`."""
    graph = CypherGraph()
    reader = _Reader(tokens(text))
    reader.expect(*_CONSTRAINT.split())
    while reader.rest:
        if reader.take("MERGE"):
            reader.expect("(", "n", ":", "KgNode", "{", "iri", ":")
            labels, values = graph.nodes.setdefault(str(reader.value()), (set(), {}))
            reader.expect("}", ")", "SET")
            reader.settings("n", values, labels)
        else:
            reader.expect("MATCH", "(", "a", ":", "KgNode", "{", "iri", ":")
            tail = str(reader.value())
            reader.expect("}", ")", ",", "(", "b", ":", "KgNode", "{", "iri", ":")
            head = str(reader.value())
            reader.expect("}", ")", "MERGE", "(", "a", ")", "-", "[", "r", ":")
            kind = reader.name()
            reader.expect("{", "id", ":")
            key = str(reader.value())
            reader.expect("}", "]", "->", "(", "b", ")", "SET")
            values = {}
            reader.settings("r", values, set())
            if not {tail, head} <= graph.nodes.keys():
                raise ValueError("an edge between nodes that are not there")
            graph.edges[key] = (tail, kind, head, values)
    return graph


class _Reader:
    def __init__(self, found: list[Token]) -> None:
        self.rest = found[::-1]

    def take(self, text: str) -> bool:
        if self.rest and self.rest[-1][1] == text and self.rest[-1][0] in ("word", "sign"):
            self.rest.pop()
            return True
        return False

    def expect(self, *texts: str) -> None:
        for text in texts:
            if not self.take(text):
                raise ValueError(f"{text} expected before {self.rest[-5:][::-1]}")

    def name(self) -> str:
        kind, text = self.rest.pop()
        if kind != "name":
            raise ValueError(f"a quoted name expected, not {text}")
        return text[1:-1].replace("``", "`")

    def value(self) -> Value:
        if self.take("["):
            items: list[str] = []
            while not self.take("]"):
                items.append(str(self.value()))
                self.take(",")
            return items
        kind, text = self.rest.pop()
        if kind == "string":
            return unescaped(text)
        if kind == "number":
            return float(text)
        if text in ("true", "false"):
            return text == "true"
        raise ValueError(f"a value expected, not {text}")

    def settings(self, variable: str, values: dict[str, Value], labels: set[str]) -> None:
        while True:
            self.expect(variable)
            if self.take(":"):
                labels.add(self.name())
            else:
                self.expect(".")
                kind, key = self.rest.pop()
                if kind != "word":
                    raise ValueError(f"a property expected, not {key}")
                self.expect("=")
                values[key] = self.value()
            if self.take(";"):
                return
            self.expect(",")
