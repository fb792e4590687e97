"""SPARQL text → refused when evaluating it could end its process: the evaluator descends on the stack, unbounded.

Measured with pyoxigraph 0.5 on a stack of 8 MB: sub-selects, `IF` and `EXISTS` in each other from 500 to 2,000 deep,
and 2,000 to 10,000 groups or operators in a row, end the process without an error that could be caught.
"""

from __future__ import annotations

import re

from kg.errors import QueryError
from kg.graph.terms import text_fault

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 100
"""Brackets within brackets."""
MAX_BRANCHES = 1_000
"""Operators and groups in all; rows of VALUES and members of lists are none."""

_HIDDEN = re.compile(
    r"""\#[^\n\r]* | (?<![\w.-])[\w.-]{0,100}+:[\w:.-]* | <[^<>"{}|^`\\\x00-\x20]*>
      | '''.*?''' | \"\"\".*?\"\"\" | '(?:[^'\\\n\r]|\\.)*' | "(?:[^"\\\n\r]|\\.)*" """,
    re.VERBOSE | re.DOTALL,
)
_STEP = re.compile(
    r"""(?P<open>[({\[]) | (?P<close>[)}\]])
      | (?P<branch>[!|&+*/^=<>-] | \b(?:UNION|OPTIONAL|FILTER|MINUS|BIND|EXISTS|GRAPH)\b)""",
    re.VERBOSE | re.IGNORECASE,
)


def refuse_endless(text: str) -> None:
    """Raises `QueryError` for a query or update that is too long, too deep or too branched, or that is no Unicode."""
    if fault := text_fault(text):
        raise QueryError(f"query: {fault}; write it in UTF-8")
    if len(text) > MAX_CHARACTERS:
        raise QueryError(f"query: longer than {MAX_CHARACTERS:,} characters; ask in parts")
    depth = branches = 0
    for step in _STEP.finditer(_HIDDEN.sub(" ", text)):
        match step.lastgroup:
            case "open":
                depth += 1
            case "close":
                depth -= 1
            case _:
                branches += 1
        if depth > MAX_DEPTH:
            raise QueryError(f"query: brackets more than {MAX_DEPTH} deep; ask in parts")
        if branches > MAX_BRANCHES:
            raise QueryError(f"query: more than {MAX_BRANCHES:,} operators and groups; ask in parts or use VALUES")
