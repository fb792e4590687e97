"""All extractions → one thing in the world, one entity: clusters over documents, IRIs, statements.

Local entities are joined by what identifies them (Wikidata id, full name and type, office and body); unnamed events and
things stay things of their own document. Depends on the set of extractions, not on their order.
"""

from kg.resolution.clusters import Resolution, resolve

__all__ = ["Resolution", "resolve"]
