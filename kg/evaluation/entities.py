"""Gold and graph of one document → which entities of the graph are which of the gold.

An entity of the graph that owns a name which only one gold entity has is that one; one whose names are all shared by
several is all of them that fit its type.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from kg.evaluation.gold import DOCUMENT_ENTITY, GoldDocument, GoldEntity
from kg.evaluation.predicted import PredictedGraph, PredictedStatement
from kg.evaluation.quads import Term, Triple
from kg.evaluation.wording import graph_name_keys, local_name, name_key, singular
from kg.vocabulary import KG


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """What the graph says of one gold document. `node`, `graph` are None where it does not know the document.

    `plain` are its plain triples: those that one of its own statements justifies (`justified`), and those that no
    document justifies though it has a statement of them.
    """

    gold: GoldDocument
    predicted: PredictedGraph
    node: str | None
    graph: str | None
    statements: list[PredictedStatement]
    justified: set[Triple]
    plain: set[Triple]

    def property_name(self, predicate: str) -> str:
        """Local name of a property."""
        return self.predicted.property_name(predicate)


def view_of(gold: GoldDocument, predicted: PredictedGraph) -> DocumentView:
    """The part of the graph that belongs to a gold document."""
    node = predicted.find_document(gold.id)
    graph = predicted.graph_of(node) if node else None
    statements = predicted.statements.get(graph, []) if graph is not None else []
    keys = {predicted.key(s.subject, s.predicate, s.object): False for s in statements}
    keys |= {predicted.key(s.subject, s.predicate, s.object): True for s in statements if s.plain}
    justified = {triple for key, own in keys.items() if own for triple in predicted.facts.get(key, ())}
    nobodys = {triple for key in keys if not predicted.asserted.get(key) for triple in predicted.facts.get(key, ())}
    return DocumentView(
        gold=gold,
        predicted=predicted,
        node=node,
        graph=graph,
        statements=statements,
        justified=justified,
        plain=justified | nobodys,
    )


@dataclass(slots=True)
class EntityReport:
    """What went wrong with entities, for people: gold ids and IRIs."""

    missed: list[str] = field(default_factory=list)
    fragmented: list[tuple[str, list[str]]] = field(default_factory=list)
    conflated: list[tuple[str, list[str]]] = field(default_factory=list)
    type: list[tuple[str, list[str], list[str]]] = field(default_factory=list)

    def to_json(self) -> dict[str, object]:
        """Lists for JSON."""
        return {
            "missed": self.missed,
            "fragmented": [list(row) for row in self.fragmented],
            "conflated": [list(row) for row in self.conflated],
            "type": [list(row) for row in self.type],
        }


@dataclass(frozen=True, slots=True)
class EntityMatch:
    """Entities of the graph ↔ gold ids of one document."""

    gold_of: dict[str, set[str]]
    graph_of: dict[str, set[str]]
    sure: dict[str, set[str]]
    """Per entity of the graph the gold ids of which it has a name of their own."""
    keys: dict[str, set[str]]
    """Per entity of the graph its normalised names."""

    def ids(self, term: Term) -> Collection[str]:
        """Gold ids that a term of the graph stands for."""
        return self.gold_of.get(term, ()) if isinstance(term, str) else ()


def match_entities(view: DocumentView) -> EntityMatch:
    """Pairs the entities of a document's view with those of its gold."""
    predicted = view.predicted
    gold_keys = {entity.id: entity.name_keys() for entity in view.gold.entities}
    gold_types = {entity.id: {KG.iri + name for name in entity.types} for entity in view.gold.entities}
    owners = Counter(key for keys in gold_keys.values() for key in keys)
    by_key: dict[str, set[str]] = defaultdict(set)
    for identifier, keys in gold_keys.items():
        for key in keys:
            by_key[key].add(identifier)
    names = _own_names(view, by_key)
    gold_of: dict[str, set[str]] = {}
    sure: dict[str, set[str]] = {}
    for entity, keys in names.items():
        own = {identifier for key in keys if owners[key] == 1 for identifier in by_key[key]}
        possible = {identifier for key in keys if key in by_key for identifier in by_key[key]}
        if own:
            gold_of[entity] = own
        elif possible:
            types = predicted.with_superclasses(predicted.types.get(entity, ()))
            gold_of[entity] = {identifier for identifier in possible if types & gold_types[identifier]} or possible
        if possible:
            sure[entity] = own
    if view.node and DOCUMENT_ENTITY in gold_keys:
        gold_of[view.node], sure[view.node] = {DOCUMENT_ENTITY}, {DOCUMENT_ENTITY}
        names[view.node] = set(gold_keys[DOCUMENT_ENTITY])
    graph_of: dict[str, set[str]] = defaultdict(set)
    for entity, identifiers in gold_of.items():
        for identifier in identifiers:
            graph_of[identifier].add(entity)
    return EntityMatch(gold_of, graph_of, sure, names)


def _own_names(view: DocumentView, by_key: dict[str, set[str]]) -> dict[str, set[str]]:
    """Entities of the document and their normalised names.

    A name that a merged entity may have from another document ('Beijing' of China) is left to the entity here that is
    labelled so.
    """
    predicted = view.predicted
    found = set(predicted.mentioned.get(view.node, ())) if view.node else set()
    for subject, _, object_ in view.plain:
        found |= {term for term in (subject, object_) if isinstance(term, str)}
    for statement in view.statements:
        terms = (statement.subject, statement.object, *statement.sources)
        found |= {term for term in terms if isinstance(term, str)}
    entities = {e for e in found if not predicted.types.get(e, set()) & {KG.Document, KG.Statement}}
    names = {entity: graph_name_keys(predicted.names(entity)) for entity in entities}
    main = {entity: graph_name_keys([predicted.label(entity)]) for entity in entities}
    labelled = {key for keys in main.values() for key in keys}
    for entity in entities & predicted.shared:
        kept = {key for key in names[entity] if key in main[entity] or key not in labelled}
        if kept & by_key.keys():
            names[entity] = kept
    return names


def score_entities(view: DocumentView, match: EntityMatch, counts: Counter[str]) -> EntityReport:
    """Counts what was found, typed, split and fused; says which."""
    report = EntityReport()
    spare, core = _roles_in_facts(view.gold)
    text = _flat_text(view.gold.text) if view.gold.text is not None else None
    for entity in view.gold.entities:
        found = match.graph_of.get(entity.id)
        # a node that one may mint or not ('collapse' of 'the hotel collapsed') is no miss; a country of a demonym is
        optional = (
            "Country" not in entity.types
            and text is not None
            and not any(f" {key} " in text for key in entity.name_keys())
        )
        if entity.id == DOCUMENT_ENTITY or ((optional or entity.id in spare) and not found):
            continue
        counts["entities"] += 1
        counts["named"] += entity.named
        counts["core_entities"] += entity.id in core
        if not found:
            report.missed.append(entity.id)
            continue
        counts["entities_found"] += 1
        counts["named_found"] += entity.named
        counts["core_entities_found"] += entity.id in core
        _score_found(view, match, entity, found, counts, report)
    for node, identifiers in match.gold_of.items():
        if node == view.node:
            continue
        counts["pred_matched"] += 1
        alone = sum(match.graph_of[identifier] == {node} for identifier in identifiers)
        if len(match.sure[node]) > 1 or (not match.sure[node] and len(identifiers) > 1 and alone > 1):
            counts["conflated"] += 1
            report.conflated.append((node, sorted(identifiers)))
    return report


def _score_found(
    view: DocumentView,
    match: EntityMatch,
    entity: GoldEntity,
    found: set[str],
    counts: Counter[str],
    report: EntityReport,
) -> None:
    """Type, splitting and Wikidata identifier of an entity that was found."""
    predicted = view.predicted
    gold_types = {KG.iri + name for name in entity.types}
    keys = entity.name_keys()
    best = max(found, key=lambda node: (len(match.keys[node] & keys), node))
    types = predicted.types.get(best, set())
    exact = bool(predicted.with_superclasses(types) & gold_types)
    above = predicted.with_superclasses(gold_types) - {KG.Agent}
    counts["type_exact"] += exact
    counts["type_lenient"] += exact or bool(types & above)
    if not exact:
        report.type.append((entity.id, sorted(entity.types), sorted(local_name(name) for name in types)))
    certain = [n for n in found if entity.id in match.sure.get(n, ()) or match.gold_of[n] == {entity.id}]
    if len(certain) > 1:
        counts["fragmented"] += 1
        report.fragmented.append((entity.id, sorted(certain)))
    if entity.wikidata and predicted.same_as.get(best):
        counts["sameas"] += 1
        counts["sameas_right"] += any(local_name(iri) == entity.wikidata for iri in predicted.same_as[best])


def _roles_in_facts(gold: GoldDocument) -> tuple[set[str], set[str]]:
    """Gold ids that are only another way to say a fact, and those of core facts."""
    used: set[str] = set()
    core: set[str] = set()
    also: set[str] = set()
    for fact in gold.facts:
        best = {t for t in (fact.subjects[0], fact.objects[0], fact.setting.by) if isinstance(t, str)}
        used |= best
        core |= best if fact.core else set()
        also |= {term for term in (*fact.subjects[1:], *fact.objects[1:]) if isinstance(term, str)}
    return also - used, core


def _flat_text(text: str) -> str:
    """All words of a text as name keys, as they stand and in the singular, between blanks."""
    words = name_key("x " + text).split()
    return " " + " ".join(words) + " " + " ".join(singular(word) for word in words) + " "
