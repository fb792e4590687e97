"""Entities and the statements of documents → N-Quads text, as `docs/graph-model.md` describes the graph.

What would break the structure of the graph (a statement about a thing nobody describes, a date that is none, a span
outside its text) is refused and reported with its sentence; it never reaches the store.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from kg.graph.terms import iri_fault, iri_term, literal_fault, literal_term, text_fault
from kg.model import DocumentStatements, Entity, LiteralValue, Modality, Polarity, Span, Statement, Status
from kg.reading.values import printable
from kg.vocabulary import (
    CLASSES,
    DCTERMS,
    KG,
    NIF,
    ONTOLOGY_IRI,
    OWL,
    PROV,
    RDF,
    RDFS,
    RELATIONS,
    SKOS,
    SYMMETRIC,
    XSD,
    Minter,
)

_A = iri_term(RDF.type)
_LABEL = iri_term(RDFS.label)
_ALT_LABEL = iri_term(SKOS.altLabel)
_MENTIONED_IN = iri_term(KG.mentionedIn)
_SAME_AS = iri_term(OWL.sameAs)
_IS_STATEMENT = f" {_A} <{KG.Statement}>"
_SUBJECT, _PREDICATE, _OBJECT = (f" <{iri}> " for iri in (RDF.subject, RDF.predicate, RDF.object))
_CONFIDENCE, _EXTRACTOR, _DERIVED_FROM = (f" <{iri}> " for iri in (KG.confidence, KG.extractor, PROV.wasDerivedFrom))
_DECIMAL = f"^^<{XSD.decimal}>"
_VALUES: dict[Status | Modality | Polarity, str] = {
    value: f" <{property_}> <{ONTOLOGY_IRI}{value.value}>"
    for property_, values in ((KG.status, Status), (KG.modality, Modality), (KG.polarity, Polarity))
    for value in values
}
_IS_SENTENCE = f" {_A} <{NIF.Sentence}>"
_IS_STRING = f" {_A} <{NIF.OffsetBasedString}>"
_CONTEXT, _BEGIN, _END, _ANCHOR = (
    f" <{iri}> " for iri in (NIF.referenceContext, NIF.beginIndex, NIF.endIndex, NIF.anchorOf)
)
_INTEGER = f"^^<{XSD.integer}>"
_SYMMETRIC = frozenset(KG[name] for name in SYMMETRIC)
_CLOSED = (RDF.iri, RDFS.iri, OWL.iri, SKOS.iri, NIF.iri, PROV.iri, DCTERMS.iri)
_TIMES = (XSD.date, XSD.gYearMonth, XSD.gYear, XSD.dateTime)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was kept out of the graph: where (a document's source, or an entity's IRI), why, and the sentence."""

    where: str
    reason: str
    sentence: str = ""

    def __str__(self) -> str:
        quote = f' in "{" ".join(self.sentence.split())}"' if self.sentence else ""
        return printable(f"{self.where}: {self.reason}{quote}; left out")


@dataclass(slots=True)
class Tally:
    """What was written so far. `facts` are plain triples, a symmetric one in both directions; `claims` and `other` are
    statements that say what somebody else vouches for, and what the narrator plans, doubts or denies."""

    documents: int = 0
    entities: int = 0
    statements: int = 0
    facts: int = 0
    claims: int = 0
    other: int = 0
    open_relations: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentQuads:
    """What one document brings into the graph, as N-Quads, and what of it was refused.

    `graph` is its named graph; `facts` are the plain triples it supports, without the final ` .`; `relations` are the
    open relations it uses, `mentions` the entities it speaks of, by their IRIs.
    """

    graph: str
    facts: frozenset[str]
    relations: frozenset[str]
    mentions: frozenset[str]
    statements: int
    claims: int
    other: int
    refusals: tuple[Refusal, ...] = ()


def document_quads(contribution: DocumentStatements, entities: Container[str], minter: Minter) -> DocumentQuads:
    """What a document without a fault brings into the graph; `entities` are the IRIs that the graph describes.

    A statement that would break the structure of the graph is left out and told among the refusals.
    """
    document, iri = contribution.document, contribution.iri
    refusals = []
    sound = []
    for statement in contribution.statements:
        if fault := statement_fault(statement, contribution, entities, minter):
            end = min(statement.evidence.end, len(document.text))
            refusals.append(Refusal(document.source, fault, document.text[statement.evidence.begin : end]))
        else:
            sound.append(statement)
    merged = merge(sound)
    graph = iri_term(iri)
    lines = [_document_lines(contribution, graph)]
    lines += (_statement_quads(statement, graph, minter) for statement in merged)
    lines += (
        _span_quads(span, document.text[span.begin : span.end], graph, minter.span_iri(iri, span.begin, span.end))
        for span in {statement.evidence: None for statement in merged}
    )
    mentions = set(contribution.entities)
    for statement in merged:
        mentions.add(statement.subject)
        mentions.update(filter(None, (statement.attributed_to, statement.place)))
        if isinstance(statement.object, str):
            mentions.add(statement.object)
    return DocumentQuads(
        graph="".join(lines),
        facts=frozenset(fact for statement in merged if statement.plain for fact in facts(statement)),
        relations=frozenset(it.predicate for it in merged if it.predicate.startswith(minter.relation)),
        mentions=frozenset(mention for mention in mentions if mention in entities),
        statements=len(merged),
        claims=sum(statement.status is Status.CLAIMED for statement in merged),
        other=sum(statement.status is not Status.CLAIMED and not statement.plain for statement in merged),
        refusals=tuple(refusals),
    )


class QuadWriter:
    """Turns the parts of one build into N-Quads, a document at a time; `descriptions` comes last.

    The text written depends on the set of what is given, not on its order, but for the order of its lines. `support`
    tells how many documents support each fact, and use each open relation.
    """

    def __init__(self, entities: Iterable[Entity], minter: Minter | None = None) -> None:
        self.minter = minter or Minter()
        self.refusals: list[Refusal] = []
        self.tally = Tally()
        self.support: dict[str, int] = {}
        self._entities: dict[str, Entity] = {}
        self._mentions: dict[str, set[str]] = {}
        self._documents: set[str] = set()
        self._relations: set[str] = set()
        for entity in entities:
            fault = "described twice" if entity.iri in self._entities else entity_fault(entity)
            if fault:
                self.refusals.append(Refusal(entity.iri, fault))
            else:
                self._entities[entity.iri] = entity

    def document(self, contribution: DocumentStatements) -> str:
        """The named graph of a document, and the facts it is the first to state; empty when it is refused."""
        iri = contribution.iri
        fault = "its IRI was used before" if iri in self._documents else document_fault(contribution)
        if fault:
            self.refusals.append(Refusal(contribution.document.source, fault))
            return ""
        self._documents.add(iri)
        written = document_quads(contribution, self._entities, self.minter)
        self.refusals += written.refusals
        new = []
        for fact in sorted(written.facts):
            count = self.support.get(fact, 0)
            self.support[fact] = count + 1
            if not count:
                new.append(f"{fact} .\n")
        for relation in written.relations:
            self.support[relation] = self.support.get(relation, 0) + 1
        self._relations |= written.relations
        for mention in written.mentions:
            self._mentions.setdefault(mention, set()).add(iri)
        tally = self.tally
        tally.documents += 1
        tally.statements += written.statements
        tally.claims += written.claims
        tally.other += written.other
        tally.facts += len(new)
        return "".join([written.graph, *new])

    def descriptions(self) -> Iterator[str]:
        """Types, labels and documents of every entity that a stored document mentions, and the open relations."""
        for iri, entity in self._entities.items():
            documents = self._mentions.get(iri, set()) | self._documents.intersection(entity.documents)
            if documents:
                self.tally.entities += 1
                yield entity_quads(entity) + "".join(mention_quad(iri, document) for document in sorted(documents))
            else:
                self.refusals.append(Refusal(iri, "no stored document mentions it"))
        for relation in sorted(self._relations):
            self.tally.open_relations += 1
            yield relation_quads(relation, self.minter)


def statement_fault(
    statement: Statement, contribution: DocumentStatements, entities: Container[str], minter: Minter
) -> str | None:
    """Why a statement cannot be stored, or None when it can; `entities` are the IRIs that the graph describes."""
    if statement.document != contribution.iri:
        return f"a statement belongs to {statement.document}"
    if not statement.evidence.begin < statement.evidence.end <= len(contribution.document.text):
        return f"evidence {statement.evidence.begin}..{statement.evidence.end} is no stretch of the text"
    if not 0 <= statement.confidence <= 1:
        return f"confidence {statement.confidence} is not in 0..1"
    if fault := predicate_fault(statement.predicate, minter) or text_fault(statement.extractor):
        return fault
    if not statement.extractor:
        return "no extractor is named"
    if statement.status is Status.ASSERTED and statement.attributed_to is not None:
        return f"asserted, yet attributed to {statement.attributed_to}"
    named = [statement.subject, statement.attributed_to, statement.place]
    if isinstance(statement.object, str):
        named.append(statement.object)
    elif fault := literal_fault(statement.object):
        return fault
    for iri in named:
        if iri is not None and iri not in entities and iri != contribution.iri:
            return f"nothing describes {iri}"
    return next(filter(None, map(_time_fault, (statement.time, statement.start_time, statement.end_time))), None)


def object_term(value: str | LiteralValue) -> str:
    """The object of a statement in N-Triples syntax."""
    return f"<{value}>" if isinstance(value, str) else literal_term(value.value, value.datatype)


def facts(statement: Statement) -> Iterator[str]:
    """The plain triples that a plain statement supports: one, or both directions of a symmetric relation."""
    yield f"<{statement.subject}> <{statement.predicate}> {object_term(statement.object)}"
    if (
        statement.predicate in _SYMMETRIC
        and isinstance(statement.object, str)
        and statement.object != statement.subject
    ):
        yield f"<{statement.object}> <{statement.predicate}> <{statement.subject}>"


def merge(statements: Iterable[Statement]) -> list[Statement]:
    """One statement for each sentence, triple and status (source, modality, polarity), whatever the order given.

    The most confident wins; a time or place it lacks is taken from the next that has one. The two directions of a
    symmetric relation are one triple.
    """
    groups: dict[tuple[object, ...], list[Statement]] = {}
    for statement in statements:
        ends: tuple[object, ...] = (statement.subject, statement.object)
        if statement.predicate in _SYMMETRIC and isinstance(statement.object, str):
            ends = tuple(sorted((statement.subject, statement.object)))
        key = (
            statement.evidence,
            statement.predicate,
            *ends,
            statement.status,
            statement.attributed_to,
            statement.modality,
            statement.polarity,
        )
        groups.setdefault(key, []).append(statement)
    return [group[0] if len(group) == 1 else _merged(group) for group in groups.values()]


def _merged(group: list[Statement]) -> Statement:
    group.sort(key=lambda statement: (-statement.confidence, statement.subject, repr(statement)))
    best = group[0]
    for other in group[1:]:
        if best.time is None and best.start_time is None and best.end_time is None:
            best = replace(best, time=other.time, start_time=other.start_time, end_time=other.end_time)
        if best.place is None:
            best = replace(best, place=other.place)
    return best


def entity_fault(entity: Entity) -> str | None:
    """Why an entity cannot be stored, or None when it can."""
    if fault := iri_fault(entity.iri):
        return fault
    if not entity.label.strip():
        return "it has no label"
    if not entity.types:
        return "it has no type"
    for type_ in entity.types:
        if fault := iri_fault(type_):
            return fault
        if type_.startswith(ONTOLOGY_IRI) and type_.removeprefix(ONTOLOGY_IRI) not in CLASSES:
            return f"its type {type_} is no class of the ontology"
    if entity.same_as is not None and (fault := iri_fault(entity.same_as)):
        return fault
    return next(filter(None, map(text_fault, (entity.label, *entity.alt_labels))), None)


def document_fault(contribution: DocumentStatements) -> str | None:
    """Why a document cannot be stored, or None when it can."""
    document = contribution.document
    if fault := iri_fault(contribution.iri):
        return fault
    if "#" in contribution.iri:
        return f"its IRI {contribution.iri} has a fragment"
    if fault := next(filter(None, map(text_fault, (document.text, document.source, document.title or ""))), None):
        return fault
    return literal_fault(LiteralValue(value=document.date, datatype=XSD.date)) if document.date is not None else None


@lru_cache(maxsize=1 << 16)
def predicate_fault(predicate: str, minter: Minter) -> str | None:
    """Why a property cannot state a fact, or None when it can."""
    if predicate.startswith(ONTOLOGY_IRI):
        name = predicate.removeprefix(ONTOLOGY_IRI)
        return None if name in RELATIONS else f"kg:{name} is no relation of the ontology"
    if predicate == minter.relation:
        return "an open relation without a name"
    if predicate.startswith(_CLOSED):
        return f"{predicate} describes, it states no fact"
    return iri_fault(predicate)


def _time_fault(time: LiteralValue | None) -> str | None:
    if time is None:
        return None
    return literal_fault(time) if time.datatype in _TIMES else f"{time.value!r} is no date (datatype {time.datatype})"


def relation_label(name: str) -> str:
    """How an open relation reads.

    >>> relation_label("complainAbout")
    'complain about'
    """
    return "".join(f" {letter.lower()}" if i and letter.isupper() else letter for i, letter in enumerate(name))


def entity_quads(entity: Entity) -> str:
    """The description of an entity in the default graph, but for its documents."""
    it = iri_term(entity.iri)
    lines = [f"{it} {_A} <{type_}> .\n" for type_ in dict.fromkeys(entity.types)]
    lines.append(f"{it} {_LABEL} {literal_term(entity.label)} .\n")
    names = dict.fromkeys(name for name in entity.alt_labels if name.strip() and name != entity.label)
    lines += (f"{it} {_ALT_LABEL} {literal_term(name)} .\n" for name in names)
    if entity.same_as is not None:
        lines.append(f"{it} {_SAME_AS} <{entity.same_as}> .\n")
    return "".join(lines)


def mention_quad(entity: str, document: str) -> str:
    """That a document mentions an entity; both are IRIs."""
    return f"<{entity}> {_MENTIONED_IN} <{document}> .\n"


def relation_quads(relation: str, minter: Minter) -> str:
    """The declaration of an open relation in the default graph."""
    label = literal_term(relation_label(relation.removeprefix(minter.relation)))
    it = iri_term(relation)
    return f"{it} {_A} <{RDF.Property}> .\n{it} {_A} <{KG.OpenRelation}> .\n{it} {_LABEL} {label} .\n"


def _document_lines(contribution: DocumentStatements, graph: str) -> str:
    document = contribution.document
    described = [
        (RDF.type, iri_term(KG.Document)),
        (RDF.type, iri_term(NIF.Context)),
        (DCTERMS.source, literal_term(document.source)),
        (KG.sha256, literal_term(document.sha256)),
        (NIF.isString, literal_term(document.text)),
    ]
    if document.title is not None:
        described.append((DCTERMS.title, literal_term(document.title)))
    if document.date is not None:
        described.append((DCTERMS.issued, literal_term(document.date, XSD.date)))
    return "".join(f"{graph} <{property_}> {value} {graph} .\n" for property_, value in described)


def _statement_quads(statement: Statement, graph: str, minter: Minter) -> str:
    span = minter.span_iri(statement.document, statement.evidence.begin, statement.evidence.end)
    it = iri_term(statement_iri(statement, minter))
    end = f" {graph} .\n{it}"
    text = (
        f"{it}{_IS_STATEMENT}{end}"
        f"{_SUBJECT}<{statement.subject}>{end}"
        f"{_PREDICATE}<{statement.predicate}>{end}"
        f"{_OBJECT}{object_term(statement.object)}{end}"
        f"{_VALUES[statement.status]}{end}"
        f"{_VALUES[statement.modality]}{end}"
        f"{_VALUES[statement.polarity]}{end}"
        f'{_CONFIDENCE}"{statement.confidence:.2f}"{_DECIMAL}{end}'
        f"{_EXTRACTOR}{literal_term(statement.extractor)}{end}"
        f"{_DERIVED_FROM}<{span}> {graph} .\n"
    )
    if statement.attributed_to is not None:
        text += f"{it} <{KG.attributedTo}> <{statement.attributed_to}> {graph} .\n"
    if statement.place is not None:
        text += f"{it} <{KG.place}> <{statement.place}> {graph} .\n"
    for property_, time in (
        (KG.time, statement.time),
        (KG.startTime, statement.start_time),
        (KG.endTime, statement.end_time),
    ):
        if time is not None:
            text += f"{it} <{property_}> {literal_term(time.value, time.datatype)} {graph} .\n"
    return text


def statement_iri(statement: Statement, minter: Minter) -> str:
    """A hash of what the statement says and where it is read: equal for equal content, unlike for unlike."""
    value = statement.object
    return minter.statement_iri(
        statement.document,
        f"{statement.evidence.begin},{statement.evidence.end}",
        statement.subject,
        statement.predicate,
        *((value, "") if isinstance(value, str) else (value.value, value.datatype)),
        statement.status.value,
        statement.attributed_to or "",
        statement.modality.value,
        statement.polarity.value,
    )


def _span_quads(span: Span, quote: str, graph: str, iri: str) -> str:
    it = iri_term(iri)
    end = f" {graph} .\n{it}"
    return (
        f"{it}{_IS_SENTENCE}{end}{_IS_STRING}{end}{_CONTEXT}{graph}{end}"
        f'{_BEGIN}"{span.begin}"{_INTEGER}{end}{_END}"{span.end}"{_INTEGER}{end}'
        f"{_ANCHOR}{literal_term(quote)} {graph} .\n"
    )
