"""`Accept` header → the format of an answer."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from kg.serving.problems import Problem

RESULT_TYPES = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
}
"""Formats of SELECT and ASK, the one of first choice first."""

GRAPH_TYPES = {
    "turtle": "text/turtle; charset=utf-8",
    "ntriples": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "nquads": "application/n-quads",
}
"""Formats of triples, the one of first choice first."""

RDF_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
}
DATASET_TYPES = {name: GRAPH_TYPES[name] for name in ("trig", "nquads", "jsonld")}
"""Formats that name their graphs."""

_ALIASES = {
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/plain": "ntriples",
    "text/n3": "turtle",
    "application/x-turtle": "turtle",
    "application/x-trig": "trig",
    "text/x-nquads": "nquads",
    "text/nquads": "nquads",
}


@dataclass(frozen=True, slots=True)
class _Range:
    kind: str
    quality: float


def choose(accept: str | None, offered: dict[str, str]) -> str | None:
    """The name of the offered format (name → media type) that an `Accept` header prefers; None when none is wanted.

    Without a header it is the first. Of two that are wanted alike it is the one offered first.

    >>> choose("text/csv, application/json;q=0.9", RESULT_TYPES)
    'csv'
    >>> choose("image/png", RESULT_TYPES) is None
    True
    """
    if not accept or not accept.strip():
        return next(iter(offered))
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    best, best_quality = None, 0.0
    for name, media_type in offered.items():
        quality = _quality(name, media_type.partition(";")[0], ranges)
        if quality > best_quality:
            best, best_quality = name, quality
    return best


def content_format(content_type: str | None, offered: dict[str, str]) -> str:
    """The name of the format that a request's body is in. Raises `Problem`."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    for name, media_type in offered.items():
        if kind == media_type.partition(";")[0] or _ALIASES.get(kind) == name:
            return name
    listed = ", ".join(media_type.partition(";")[0] for media_type in offered.values())
    raise Problem(415, f"Content-Type {kind or 'is missing'}: send one of {listed}")


def not_acceptable(offered: dict[str, str]) -> Problem:
    """What a client is told that wants something else."""
    return Problem(406, f"Accept: this answer comes as one of {', '.join(offered.values())}")


def _range(text: str) -> _Range:
    kind, *parameters = (part.strip() for part in text.split(";"))
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                quality = min(max(float(value), 0.0), 1.0)
            except ValueError:
                quality = 0.0
    return _Range(kind.lower(), quality)


def _quality(name: str, media_type: str, ranges: list[_Range]) -> float:
    exact = [r.quality for r in ranges if r.kind == media_type or _ALIASES.get(r.kind) == name]
    if exact:
        return max(exact)
    main = media_type.partition("/")[0]
    for wildcard in (f"{main}/*", "*/*"):
        found = [r.quality for r in ranges if r.kind == wildcard]
        if found:
            return max(found)
    return 0.0
