"""RDF terms → short names for people: `ent:Peru` for an IRI with a known prefix, the value of a literal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_LOCAL = re.compile(r"[\w-]*\Z")


def short_name(term: Any, prefixes: Mapping[str, str]) -> str | None:
    """The term as a person would write it; None stays None.

    Takes pyoxigraph's terms: an IRI gets its prefix where the rest is a plain name, a literal gives its value.
    """
    if term is None:
        return None
    value: str = term.value
    if type(term).__name__ != "NamedNode":
        return value
    for prefix, iri in prefixes.items():
        if value.startswith(iri) and _LOCAL.match(value[len(iri) :]):
            return f"{prefix}:{value[len(iri) :]}"
    return value
