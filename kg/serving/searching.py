"""Words → entities whose names hold them all, best first, and sentences that hold them all."""

from __future__ import annotations

from kg.errors import QueryError
from kg.serving.frames import Json
from kg.serving.opened import Opened, folded

MAX_RESULTS = 200


def search(opened: Opened, text: str, limit: int) -> Json:
    """At most `limit` entities and as many sentences. Raises `QueryError` when `text` has no word."""
    words = folded(text).split()
    if not words:
        raise QueryError("search: nothing to look for; give q=WORDS")
    if not 1 <= limit <= MAX_RESULTS:
        raise QueryError(f"search: limit={limit}; give 1 to {MAX_RESULTS}")
    entities = _entities(opened, words)
    sentences = [item for item in opened.sentences if all(word in item[0] for word in words)]
    return {
        "query": text,
        "entities": [_entity(opened, iri, name) for name, iri in entities[:limit]],
        "sentences": [
            {"sentence": sentence, "span": span, "document": document, "source": opened.source(document)}
            for _, sentence, span, document in sentences[:limit]
        ],
        "found": {"entities": len(entities), "sentences": len(sentences)},
    }


def _entities(opened: Opened, words: list[str]) -> list[tuple[str, str]]:
    whole = " ".join(words)
    ranked: dict[str, tuple[int, int, str]] = {}
    for name, written, iri in opened.known_names:
        if all(word in name for word in words):
            parts = name.split()
            rank = 0 if name == whole else 1 if name.startswith(whole) else 2 if set(words) <= set(parts) else 3
            ranked[iri] = min(ranked.get(iri, (9, 0, "")), (rank, len(name), written))
    in_order = sorted(ranked.items(), key=lambda item: (item[1], item[0]))
    return [(written, iri) for iri, (_, _, written) in in_order]


def _entity(opened: Opened, iri: str, name: str) -> Json:
    return {
        "iri": iri,
        "label": opened.names.label(iri),
        "name": name,
        "types": opened.types(iri),
        "documents": opened.mentions(iri),
    }
