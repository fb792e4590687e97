"""Everything that can go wrong, as one small tree.

A message says what is wrong, where, and what to do next, in one line::

    letter.pdf: no text layer; run OCR first
"""


class KGError(Exception):
    """Base of every error that `kg` raises on purpose; its text is fit for a user."""


class ReadError(KGError, ValueError):
    """A document could not be read: missing, empty, broken, encrypted, of an unknown format."""


class SpanError(KGError, ValueError):
    """Offsets do not lie within their text, or a quoted text does not stand there."""


class AnnotationError(KGError, RuntimeError):
    """The language model or its files are missing or do not fit together."""


class OntologyError(KGError, ValueError):
    """A file of classes, properties or shapes cannot be used."""


class ResolutionError(KGError, ValueError):
    """Extractions that cannot be brought together."""


class StoreError(KGError, OSError):
    """The graph store is missing, locked, damaged or of another version."""


class QueryError(KGError, ValueError):
    """A SPARQL query is malformed, not allowed, or took too long."""


class QueryTimeout(QueryError, TimeoutError):
    """A query was stopped because its time was up."""


class GoldError(KGError, ValueError):
    """A gold file does not follow its format."""
