"""`Extraction` → JSON Lines of `kg extract`: one object a statement, offsets in code points, end exclusive."""

from __future__ import annotations

import json
from collections.abc import Iterator

from kg.model import Attribution, Extraction, Literal, LocalEntity, Mention, RelationMention, Span
from kg.resolution import Resolution


def extraction_rows(extraction: Extraction, resolution: Resolution) -> Iterator[dict[str, object]]:
    """One dictionary for each relation mention, in text order; `resolution` is that of this document alone."""
    writer = _Writer(extraction, resolution)
    for relation in extraction.relations:
        yield writer.row(relation)


def to_json_lines(extraction: Extraction, resolution: Resolution) -> Iterator[str]:
    """The rows as lines of JSON, without line ends."""
    for row in extraction_rows(extraction, resolution):
        yield json.dumps(row, ensure_ascii=False)


class _Writer:
    def __init__(self, extraction: Extraction, resolution: Resolution) -> None:
        self.extraction, self.resolution = extraction, resolution
        self.iri = resolution.minter.document_iri(extraction.document.path)
        self.entities: dict[str, LocalEntity] = {entity.key: entity for entity in extraction.entities}

    def row(self, relation: RelationMention) -> dict[str, object]:
        document = self.extraction.document
        return {
            "document": self.iri,
            "source": document.source,
            "sentence": _pair(relation.sentence),
            "subject": self.mention(relation.subject),
            "predicate": {
                "property": relation.predicate,
                "text": " ".join(document.quote(span) for span in relation.predicate_spans),
                "spans": [_pair(span) for span in relation.predicate_spans],
            },
            "object": self.value(relation.object),
            "arguments": [
                {"role": argument.role, "marker": argument.marker, **self.value(argument.value)}
                for argument in relation.arguments
            ],
            "status": relation.status.value,
            "modality": relation.modality.value,
            "polarity": relation.polarity.value,
            "attribution": self.attribution(relation.attribution),
            "time": relation.time.value if relation.time is not None else None,
            "place": self.mention(relation.place) if relation.place is not None else None,
            "confidence": relation.confidence,
            "extractor": relation.extractor,
        }

    def mention(self, mention: Mention) -> dict[str, object]:
        document, entity = self.extraction.document, self.entities[mention.entity]
        return {
            "text": document.quote(mention.span),
            "begin": mention.span.begin,
            "end": mention.span.end,
            "head": _pair(mention.head),
            "entity": self.resolution.iris[self.iri, mention.entity],
            "label": entity.label,
            "types": [*entity.classes, *(f"kg:{name}" for name in entity.types)],
        }

    def value(self, value: Mention | Literal) -> dict[str, object]:
        if isinstance(value, Mention):
            return self.mention(value)
        return {
            "literal": value.value,
            "datatype": value.datatype,
            "text": self.extraction.document.quote(value.span) if value.span is not None else "",
            "begin": value.span.begin if value.span is not None else None,
            "end": value.span.end if value.span is not None else None,
        }

    def attribution(self, attribution: Attribution | None) -> dict[str, object] | None:
        if attribution is None:
            return None
        document, cue = self.extraction.document, attribution.cue
        return {
            "source": self.mention(attribution.source) if attribution.source is not None else None,
            "cue": {"text": document.quote(cue), "begin": cue.begin, "end": cue.end} if cue is not None else None,
            "content": [_pair(span) for span in attribution.content],
        }


def _pair(span: Span) -> list[int]:
    return [span.begin, span.end]
