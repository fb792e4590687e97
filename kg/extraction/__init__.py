"""Annotated document → `Extraction`: relation mentions with their evidence, one extractor per phenomenon.

Each extractor is a module with `extract(analysis) -> Iterator[RelationMention]`; `EXTRACTORS` is the whole list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from kg.annotation import AnnotatedDocument
from kg.extraction import (
    affiliation,
    captions,
    events,
    guided,
    learned,
    nominals,
    occurrence,
    quantities,
    roles,
    speech,
)
from kg.extraction.analysis import Analysis, analyse
from kg.extraction.endings import told_as_past
from kg.extraction.entities import local_entities
from kg.extraction.ontology import Guide, read_ontology
from kg.extraction.open_relations import without_repetition
from kg.extraction.refine import refine
from kg.model import Extraction, Mention, RelationMention

Extractor = Callable[[Analysis], Iterator[RelationMention]]


class Judge(Protocol):
    """The rules' relations → all relations, with confidence; `alone` allows what only the model's scorer finds."""

    def __call__(
        self, analysis: Analysis, ruled: Iterable[RelationMention], *, alone: bool
    ) -> Iterable[RelationMention]: ...


EXTRACTORS: dict[str, Extractor] = {
    roles.NAME: roles.extract,
    affiliation.NAME: affiliation.extract,
    nominals.NAME: nominals.extract,
    events.NAME: events.extract,
    occurrence.NAME: occurrence.extract,
    quantities.NAME: quantities.extract,
    captions.NAME: captions.extract,
    speech.NAME: speech.extract,
}


NAMES = (*EXTRACTORS, learned.NAME)
"""All extractors by name: those that read trees, then the model's scorer, which fills what they leave."""


def extract(
    annotated: AnnotatedDocument,
    extractors: Sequence[str] | None = None,
    guide: Guide | None = None,
    judge: Judge = learned.judged,
    *,
    pronouns: bool = False,
) -> Extraction:
    """All relation mentions of one document; depends on the document alone, and on the ontologies of the `guide`.

    `extractors` names those to run (all when None); `judge` weighs what they find. With `pronouns`, one without
    antecedent is a thing of its own ('He' of a lone sentence), where else nothing is told of it. Raises
    `OntologyError` when the guide's files cannot be read.
    """
    ontology = read_ontology(guide.files) if guide is not None else None
    analysis = analyse(annotated, pronouns=pronouns)
    refine(analysis)
    found: list[RelationMention] = []
    for name, extractor in EXTRACTORS.items():
        if extractors is None or name in extractors:
            found.extend(extractor(analysis))
    alone = extractors is None or learned.NAME in extractors
    judged = told_as_past(analysis, judge(analysis, found, alone=alone))
    relations = _distinct(without_repetition(list(judged)))
    classes: dict[str, tuple[str, ...]] = {}
    if guide is not None and ontology is not None:
        own, classes = guided.extract(analysis, ontology, relations)
        relations = _distinct([*own, *(relations if guide.open else ())])
    mentions = [analysis.mention(phrase) for phrase in analysis.phrases.items if analysis.resolved(phrase)]
    used = {key for relation in relations for key in _keys(relation)}
    named = {f"e{analysis.cluster(p)}" for p in analysis.phrases.items if p.name is not None}
    return Extraction(
        document=annotated.document,
        sentences=tuple(analysis.syntax.sentence_span(number) for number in range(len(analysis.syntax.sentences))),
        entities=local_entities(analysis, used | named, classes),
        mentions=tuple(mention for mention in mentions if mention.entity in used | named),
        relations=tuple(relations),
    )


def _keys(relation: RelationMention) -> Iterator[str]:
    for part in (relation.subject, relation.object, relation.place):
        if isinstance(part, Mention):
            yield part.entity
    if relation.attribution is not None and relation.attribution.source is not None:
        yield relation.attribution.source.entity
    for argument in relation.arguments:
        if isinstance(argument.value, Mention):
            yield argument.value.entity


def _distinct(relations: Iterable[RelationMention]) -> list[RelationMention]:
    """One of each triple, sentence and status; the more confident, then the earlier extractor's. In text order.

    Nothing is related to itself.
    """
    best: dict[tuple[object, ...], RelationMention] = {}
    for relation in relations:
        object = relation.object.entity if isinstance(relation.object, Mention) else relation.object.value
        source = relation.attribution.source.entity if relation.attribution and relation.attribution.source else None
        key = (relation.sentence, relation.subject.entity, relation.predicate, object, relation.status, source,
               relation.modality, relation.polarity)  # fmt: skip
        if isinstance(relation.object, Mention) and object == relation.subject.entity:
            continue
        known = best.get(key)
        if known is None or relation.confidence > known.confidence:
            best[key] = relation
    return sorted(best.values(), key=lambda r: (r.sentence, r.subject.span, r.predicate, _place(r)))


def _place(relation: RelationMention) -> tuple[int, str]:
    if isinstance(relation.object, Mention):
        return relation.object.span.begin, relation.object.entity
    return (relation.object.span.begin if relation.object.span else 0), relation.object.value
