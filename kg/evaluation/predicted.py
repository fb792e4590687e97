"""Quads → `PredictedGraph`: the index of a built graph that scoring looks at.

Facts and descriptions of entities stand in the default graph; each document's named graph holds its description, its
statements and their spans. Descriptions (types, labels) are read wherever they stand; the graphs of derived triples and
of decisions about identity are not read.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from typing import NamedTuple
from urllib.parse import unquote

from kg.evaluation.quads import Lit, Quad, Term, Triple
from kg.evaluation.wording import local_name, spelled_out
from kg.model import Modality, Polarity, Status
from kg.vocabulary import ANNOTATIONS, DCTERMS, KG, NIF, OWL, PROV, RDF, RDFS, RELATIONS, SKOS, SYMMETRIC, Minter

CORE = frozenset(RELATIONS)
"""Properties that precision is computed over and that count as facts without any statement."""

WITHIN = frozenset({"locatedIn", "partOf"})
"""Properties that say of a place which wider place it lies in."""

STANDARD = (RDF.iri, RDFS.iri, OWL.iri, SKOS.iri, DCTERMS.iri, PROV.iri, NIF.iri)
"""Namespaces whose properties describe; they are no relations."""

_DESCRIBING = (NIF.iri, DCTERMS.iri, PROV.iri)
_RDF_SHAPE = (RDF.subject, RDF.predicate, RDF.object)
_NOT_READ = re.compile(r"[/#]graph/(inferred|identity)/?$")
_SUPERCLASSES = {
    "GovernmentOrganization": "Organization",
    "Organization": "Agent",
    "Person": "Agent",
    "Group": "Agent",
    "Country": "Place",
    "City": "Place",
    "Region": "Place",
    "Facility": "Place",
}

TripleKey = tuple[str, Term, Term]
"""What a statement and a plain triple share; a symmetric property has no direction."""


class PredictedStatement(NamedTuple):
    """One statement node as its document's graph describes it; absent parts are None or empty."""

    iri: str
    subject: Term
    predicate: str
    object: Term
    status: str | None
    sources: tuple[Term, ...]
    modality: str | None
    polarity: str | None
    times: tuple[str, ...]
    spans: tuple[Term, ...]
    confidence: float | None
    extractor: str | None

    @property
    def plain(self) -> bool:
        """Whether its triple is a fact."""
        return (self.status, self.modality, self.polarity) == (Status.ASSERTED, Modality.ACTUAL, Polarity.POSITIVE)

    @property
    def kind(self) -> str:
        """`plain`, `negative`, `claimed` or `non-actual`, as of facts of the gold."""
        if self.plain:
            return "plain"
        if self.polarity == Polarity.NEGATIVE:
            return "negative"
        return "claimed" if self.status == Status.CLAIMED else "non-actual"


class PredictedGraph:
    """A graph with its ontologies, of which only the class hierarchy is read."""

    def __init__(self, quads: Iterable[Quad], ontology: Iterable[Quad] = (), minter: Minter | None = None) -> None:
        self.relation = (minter or Minter()).relation
        self.labels: dict[str, set[str]] = defaultdict(set)
        self.same_as: dict[str, set[str]] = defaultdict(set)
        self.types: dict[str, set[str]] = defaultdict(set)
        self.mentioned: dict[str, set[str]] = defaultdict(set)  # document node → entities
        self.graphs: set[str] = set()  # named graphs
        self._main_label: dict[str, str] = {}
        self._superclasses: dict[str, set[str]] = defaultdict(set)
        self._nodes: dict[str, dict[str, dict[str, list[Term]]]] = {}  # node → property → graph → values
        self._described: dict[str, set[str]] = defaultdict(set)  # document node → graphs that describe it
        self._statement_nodes: dict[str, set[str]] = defaultdict(set)  # graph → statement nodes
        self._triples: dict[str, set[Triple]] = defaultdict(set)  # graph → all other triples
        for narrow, wide in _SUPERCLASSES.items():
            self._superclasses[KG[narrow]].add(KG[wide])
        for subject, predicate, object_, _ in ontology:
            if predicate == RDFS.subClassOf and isinstance(object_, str):
                self._superclasses[subject].add(object_)
        for quad in quads:
            self._take(*quad)
        homes = Counter(entity for entities in self.mentioned.values() for entity in entities)
        self.shared = {entity for entity, documents in homes.items() if documents > 1}
        self._index_statements()
        self._index_facts()

    def _take(self, subject: str, predicate: str, object_: Term, graph: str) -> None:
        """Files one quad."""
        if predicate == RDFS.subClassOf and isinstance(object_, str):
            self._superclasses[subject].add(object_)
        if _NOT_READ.search(graph):
            return
        if graph:
            self.graphs.add(graph)
        if predicate == RDFS.label and isinstance(object_, Lit):
            self.labels[subject].add(object_.value)
            self._main_label[subject] = min(object_.value, self._main_label.get(subject, object_.value))
        elif predicate == SKOS.altLabel and isinstance(object_, Lit):
            self.labels[subject].add(object_.value)
        elif predicate == OWL.sameAs:
            self.same_as[subject].add(str(object_))
        elif predicate == KG.mentionedIn:
            self.mentioned[str(object_)].add(subject)
        elif predicate == RDF.type:
            self.types[subject].add(str(object_))
            if object_ == KG.Statement:
                self._statement_nodes[graph].add(subject)
            if object_ == KG.Document and graph:
                self._described[subject].add(graph)
        elif (
            predicate in _RDF_SHAPE
            or predicate.startswith(_DESCRIBING)
            or (predicate.startswith(KG.iri) and predicate[len(KG.iri) :] in ANNOTATIONS)
        ):
            self._nodes.setdefault(subject, {}).setdefault(predicate, {}).setdefault(graph, []).append(object_)
            if predicate == RDF.subject:
                self._statement_nodes[graph].add(subject)
            if predicate == DCTERMS.source and graph:
                self._described[subject].add(graph)
        elif not predicate.startswith(STANDARD):
            self._triples[graph].add((subject, predicate, object_))

    def _index_statements(self) -> None:
        self.statements: dict[str, list[PredictedStatement]] = {
            graph: [found for node in sorted(nodes) if (found := self._statement(node, graph))]
            for graph, nodes in self._statement_nodes.items()
            if graph
        }
        self.asserted: dict[TripleKey, set[str]] = defaultdict(set)  # document graphs that state it as a fact
        self._stated: set[TripleKey] = set()
        for graph, statements in self.statements.items():
            for statement in statements:
                key = self.key(statement.subject, statement.predicate, statement.object)
                self._stated.add(key)
                if statement.plain:
                    self.asserted[key].add(graph)

    def _index_facts(self) -> None:
        bookkeeping = {KG.Statement, KG.Document, KG.OpenRelation}
        own = {node for node, types in self.types.items() if types & bookkeeping}
        own |= {node for nodes in self._statement_nodes.values() for node in nodes}
        used = {statement.predicate for statements in self.statements.values() for statement in statements}

        def is_fact(triple: Triple) -> bool:
            """About entities, not the graph's own nodes; a `kg:` property that nothing states annotates."""
            subject, predicate, _ = triple
            if subject in own or subject.startswith((KG.iri, self.relation)):
                return False
            core = predicate.startswith(KG.iri) and predicate[len(KG.iri) :] in CORE
            return predicate in used or predicate.startswith(self.relation) or core

        self.facts: dict[TripleKey, set[Triple]] = defaultdict(set)
        for triple in self._triples[""]:
            if is_fact(triple):
                self.facts[self.key(*triple)].add(triple)
        self.within: dict[str, set[str]] = defaultdict(set)  # place → places it lies in, whatever the status
        for subject, predicate, object_ in self._positive_triples():
            if self.property_name(predicate) in WITHIN and isinstance(object_, str) and isinstance(subject, str):
                self.within[subject].add(object_)
        unsupported = (triple for key, triples in self.facts.items() if key not in self._stated for triple in triples)
        self.unsupported = sorted(unsupported, key=str)
        in_documents = {
            triple for graph, triples in self._triples.items() if graph for triple in triples if is_fact(triple)
        }
        self.contract = {
            "facts": sum(map(len, self.facts.values())),
            "unsupported_facts": len(self.unsupported),
            "misplaced_facts": len(in_documents - self._triples[""]),
            "statements_in_default_graph": len(self._statement_nodes[""]),
        }

    def _positive_triples(self) -> Iterator[tuple[Term, str, Term]]:
        for triples in self.facts.values():
            yield from triples
        for statements in self.statements.values():
            for statement in statements:
                if statement.polarity != Polarity.NEGATIVE:
                    yield statement.subject, statement.predicate, statement.object

    def _statement(self, node: str, graph: str) -> PredictedStatement | None:
        """A statement as one graph describes it (another document may use the IRI too); None where it is no triple."""

        def values(predicate: str) -> list[Term]:
            return self._nodes.get(node, {}).get(predicate, {}).get(graph, [])

        def name(predicate: str) -> str | None:
            found = next(iter(values(predicate)), None)
            return found.value if isinstance(found, Lit) else local_name(found) if found is not None else None

        subjects, predicates, objects = (values(predicate) for predicate in _RDF_SHAPE)
        if not (subjects and predicates and objects) or not isinstance(predicates[0], str):
            return None
        try:
            confidence = float(name(KG.confidence) or "")
        except ValueError:
            confidence = None
        return PredictedStatement(
            iri=node,
            subject=subjects[0],
            predicate=predicates[0],
            object=objects[0],
            status=name(KG.status),
            sources=tuple(values(KG.attributedTo)),
            modality=name(KG.modality),
            polarity=name(KG.polarity),
            times=tuple(time.value for time in values(KG.time) if isinstance(time, Lit)),
            spans=tuple(values(PROV.wasDerivedFrom)),
            confidence=confidence,
            extractor=name(KG.extractor),
        )

    def key(self, subject: Term, predicate: str, object_: Term) -> TripleKey:
        """The key under which a triple and its statements meet."""
        if self.property_name(predicate) in SYMMETRIC:
            first, second = sorted((subject, object_), key=str)
            return predicate, first, second
        return predicate, subject, object_

    def first(self, node: Term, predicate: str, graph: str | None = None) -> Term | None:
        """A value of a node's property: of that graph, else of any."""
        return next(iter(self._values(node, predicate, graph)), None)

    def text_of(self, node: Term, predicate: str, graph: str | None = None) -> str | None:
        """`first` as a string."""
        found = self.first(node, predicate, graph)
        return found.value if isinstance(found, Lit) else found

    def _values(self, node: Term, predicate: str, graph: str | None = None) -> list[Term]:
        by_graph = self._nodes.get(node, {}).get(predicate, {}) if isinstance(node, str) else {}
        if graph is not None and graph in by_graph:
            return by_graph[graph]
        return [value for values in by_graph.values() for value in values]

    @cached_property
    def _documents(self) -> list[str]:
        """Everything that may be a document's node; those with a graph of their own first."""
        found = {node for node, types in self.types.items() if KG.Document in types} | self.graphs
        found |= {node for node, values in self._nodes.items() if DCTERMS.source in values}
        return sorted(found, key=lambda node: (node not in self.graphs, node))

    def graph_of(self, document: str) -> str:
        """The named graph of a document: its own IRI, else the first that describes it."""
        return document if document in self.graphs else min(self._described.get(document, ()), default=document)

    def find_document(self, identifier: str) -> str | None:
        """The document's node of a gold id: by the file name of its source, then by its IRI."""
        for node in self._documents:
            for source in self._values(node, DCTERMS.source):
                if _stem(unquote(source.value if isinstance(source, Lit) else source)) == identifier:
                    return node
        by_name = (n for n in self._documents if _stem(local_name(n)) == identifier)
        by_letters = (n for n in self._documents if _letters(_stem(local_name(n))) == _letters(identifier))
        by_ending = (n for n in self._documents if _stem(unquote(n)).endswith(identifier))
        return next(chain(by_name, by_letters, by_ending), None)

    def names(self, entity: str) -> set[str]:
        """Its labels, and its local name spelled out."""
        return self.labels.get(entity, set()) | {spelled_out(entity)}

    def label(self, term: Term) -> str:
        """What to call it in a report."""
        if isinstance(term, Lit):
            return term.value
        return self._main_label.get(term) or spelled_out(term)

    def with_superclasses(self, types: Iterable[str]) -> set[str]:
        """The types and all their superclasses."""
        return reach_all(types, self._superclasses)

    def property_name(self, predicate: str) -> str:
        """Its name in our namespaces; of a foreign one the local name."""
        for namespace in (KG.iri, self.relation):
            if predicate.startswith(namespace):
                return unquote(predicate[len(namespace) :])
        return local_name(predicate)


def reach_all(start: Iterable[str], step: dict[str, set[str]]) -> set[str]:
    """The start and everything that steps lead to from it."""
    found: set[str] = set()
    todo = list(start)
    while todo:
        node = todo.pop()
        if node not in found:
            found.add(node)
            todo += step.get(node, ())
    return found


def _stem(path: str) -> str:
    return re.sub(r"\.(txt|json|html?|md)$", "", path.rsplit("/", 1)[-1].rsplit("\\", 1)[-1])


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())
