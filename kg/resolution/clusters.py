"""Local entities of all documents → `Entity`, and relation mentions → `Statement`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.errors import ResolutionError
from kg.model import (
    DOCUMENT_KEY,
    DocumentStatements,
    Entity,
    Extraction,
    Literal,
    LiteralValue,
    Mention,
    RelationMention,
    Statement,
)
from kg.resolution.describing import Description, described, facet_of, name_class, told_apart
from kg.resolution.identity import LocalKey, followed, office_name
from kg.resolution.local import LocalView, local_view
from kg.vocabulary import Minter


@dataclass(frozen=True, slots=True)
class Resolution:
    """Entities of a build by IRI, and for each local entity the IRI it has become."""

    entities: dict[str, Entity]
    iris: Mapping[LocalKey, str]
    minter: Minter

    def statements(self, extraction: Extraction) -> DocumentStatements:
        """What one document contributes, with entities in place of mentions."""
        document = self.minter.document_iri(extraction.document.path)
        return contribution(
            extraction, {entity.key: self.iris[document, entity.key] for entity in extraction.entities}, self.minter
        )


@dataclass(frozen=True, slots=True)
class Cluster:
    """One thing over all documents: its identity, description and IRI, and its places in the order of documents."""

    identity: str
    description: Description
    iri: str
    members: tuple[LocalKey, ...]

    def entity(self) -> Entity:
        """The thing as it enters the graph."""
        return self.description.entity(self.iri, (document for document, _ in self.members))


@dataclass(frozen=True, slots=True)
class Clusters:
    """All things of a build. `anchors` are the identities of local entities before shorter names are led to fuller."""

    clusters: tuple[Cluster, ...]
    anchors: Mapping[LocalKey, str]


def resolve(extractions: Iterable[Extraction], minter: Minter | None = None) -> Resolution:
    """Entities over all `extractions`; the same for any order of them.

    Raises `ResolutionError` when two extractions have one document path, or a mention names no entity of its document.
    """
    minter = minter or Minter()
    views: dict[str, LocalView] = {}
    for extraction in extractions:
        view = local_view(extraction, minter)
        if view.document in views:
            raise ResolutionError(f"{extraction.document.path}: extracted twice; give each document a path of its own")
        views[view.document] = view
    return resolution_of(clustered(views.values(), minter).clusters, views, minter)


def resolution_of(clusters: Iterable[Cluster], documents: Iterable[str], minter: Minter) -> Resolution:
    """Clusters as a resolution; `documents` are the IRIs of the documents, which are things themselves."""
    iris = {(document, DOCUMENT_KEY): document for document in documents}
    entities = {}
    for cluster in clusters:
        entities[cluster.iri] = cluster.entity()
        iris.update((member, cluster.iri) for member in cluster.members)
    return Resolution(entities, iris, minter)


def clustered(views: Iterable[LocalView], minter: Minter) -> Clusters:
    """Things over all documents, each with its IRI; the same for any order of `views`."""
    views = tuple(views)
    candidates: dict[str, set[str]] = defaultdict(set)
    for view in views:
        for shorter, fuller in view.fuller:
            candidates[shorter].add(fuller)
    only = {shorter: next(iter(fuller)) for shorter, fuller in candidates.items() if len(fuller) == 1}
    ends = {identity: followed(identity, only.get) for view in views for identity in view.own.values()}
    anchors = {(view.document, key): identity for view in views for key, identity in view.own.items()}
    anchors.update(_offices_of_holders(views, ends))
    groups: dict[str, list[LocalKey]] = {}
    for key, anchor in anchors.items():
        groups.setdefault(ends[anchor], []).append(key)
    facets = {(view.document, key): facet_of(entity) for view in views for key, entity in view.entities.items()}
    by_name: dict[str, list[tuple[int, list[LocalKey], str, Description]]] = defaultdict(list)
    for identity, members in groups.items():
        members.sort()
        description = described(Counter(facets[key] for key in members))
        by_name[name_class(description.label, minter)].append((description.rank, members, identity, description))
    clusters: list[Cluster] = []
    for things in by_name.values():
        things.sort()
        iris = told_apart(((description.label, members[0]) for _, members, _, description in things), minter)
        clusters += (
            Cluster(identity, description, iri, tuple(members))
            for iri, (_, members, identity, description) in zip(iris, things, strict=True)
        )
    return Clusters(tuple(clusters), anchors)


def _offices_of_holders(views: Iterable[LocalView], ends: Mapping[str, str]) -> dict[LocalKey, str]:
    """Offices told without their body → the office of that name which the same person holds elsewhere, if it is one."""
    bodied: dict[tuple[str, str], set[str]] = defaultdict(set)
    bodiless: dict[LocalKey, set[tuple[str, str]]] = defaultdict(set)
    for view in views:
        for person, office in view.holders:
            identity = view.own[office]
            name, has_body = office_name(identity)
            if has_body:
                bodied[ends[view.own[person]], name].add(identity)
            else:
                bodiless[view.document, office].add((ends[view.own[person]], name))
    result = {}
    for key, holdings in bodiless.items():
        elsewhere = set().union(*(bodied.get(holding, ()) for holding in holdings))
        if len(elsewhere) == 1:
            result[key] = next(iter(elsewhere))
    return result


def contribution(extraction: Extraction, iris: Mapping[str, str], minter: Minter) -> DocumentStatements:
    """What one document contributes; `iris` are those of its local entities by their keys."""
    iri = minter.document_iri(extraction.document.path)
    known = {**iris, DOCUMENT_KEY: iri}
    return DocumentStatements(
        document=extraction.document,
        iri=iri,
        statements=tuple(_statement(iri, relation, known, minter) for relation in extraction.relations),
        entities=tuple(sorted({known[entity.key] for entity in extraction.entities} - {iri})),
    )


def _statement(document: str, relation: RelationMention, iris: Mapping[str, str], minter: Minter) -> Statement:
    source = relation.attribution.source if relation.attribution is not None else None
    value = relation.object
    return Statement(
        subject=iris[relation.subject.entity],
        predicate=minter.relation_iri(relation.predicate),
        object=iris[value.entity]
        if isinstance(value, Mention)
        else LiteralValue(value=value.value, datatype=value.datatype),
        document=document,
        evidence=relation.sentence,
        status=relation.status,
        attributed_to=iris[source.entity] if source is not None else None,
        modality=relation.modality,
        polarity=relation.polarity,
        time=_value(relation.time),
        start_time=_value(relation.start),
        end_time=_value(relation.end),
        place=iris[relation.place.entity] if relation.place is not None else None,
        confidence=relation.confidence,
        extractor=relation.extractor,
    )


def _value(literal: Literal | None) -> LiteralValue | None:
    return LiteralValue(value=literal.value, datatype=literal.datatype) if literal is not None else None
