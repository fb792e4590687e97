"""All extractions → one thing in the world, one entity: identities over documents, IRIs, statements.

Local entities are joined by what identifies them (Wikidata id, full name and family, office and body); unnamed events
and groups stay things of their own document. Depends on the set of extractions, not on their order.
"""

from kg.resolution.clusters import Resolution, resolve

__all__ = ["Resolution", "resolve"]
