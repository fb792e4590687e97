"""Store → the relations of a view: of the whole graph, of what a query constructs, of what lies around one entity.

The whole graph is read in two passes over the store; the other two look up what they need, so they take as long as
their answer is large.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import QueryError
from kg.publishing.network.description import Descriptions
from kg.vocabulary import ANNOTATIONS, DCTERMS, KG, NIF, OWL, RDF, RDFS, SKOS, SYMMETRIC

_DESCRIPTIVE_NAMESPACES = (RDF.iri, RDFS.iri, OWL.iri, SKOS.iri, DCTERMS.iri, NIF.iri)
_DESCRIPTIVE = {KG[name] for name in ANNOTATIONS}
_SYMMETRIC = {KG[name] for name in SYMMETRIC}

Triple = tuple[str, str, ox.NamedNode | ox.Literal]


@dataclass(slots=True)
class Relations:
    """Triples, and the statements (graph, statement) that support them."""

    facts: set[Triple]
    statements: dict[Triple, list[tuple[str, str]]]

    def triples(self) -> list[Triple]:
        """All of them, in one order."""
        return sorted(self.facts | set(self.statements), key=lambda triple: (triple[0], triple[1], str(triple[2])))


def whole(store: ox.Store, descriptions: Descriptions) -> Relations:
    """Every relation of the store; what describes entities goes into `descriptions`."""
    facts: set[Triple] = set()
    for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        if describes(quad.predicate.value):
            descriptions.note(quad)
        elif isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
            facts.add((quad.subject.value, quad.predicate.value, quad.object))
    statements: dict[Triple, list[tuple[str, str]]] = defaultdict(list)
    rows = store.query(
        f"SELECT ?g ?st ?s ?p ?o {{ GRAPH ?g {{ ?st <{RDF.subject}> ?s ; <{RDF.predicate}> ?p ; <{RDF.object}> ?o }} }}"
    )
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 - narrows the type; the query is a SELECT
    for row in rows:
        graph, statement, subject, predicate, obj = (row[name] for name in ("g", "st", "s", "p", "o"))
        if isinstance(obj, ox.NamedNode | ox.Literal):
            statements[subject.value, predicate.value, obj].append((graph.value, statement.value))
    return _without_mirrors(facts, dict(statements))


def constructed(store: ox.Store, query: str, known: Relations, prefixes: Mapping[str, str]) -> Relations:
    """Those of a CONSTRUCT or DESCRIBE query; raises `QueryError` when it is neither or cannot run."""
    try:
        result = store.query(query, prefixes=dict(prefixes))
    except (SyntaxError, OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"view query: {' '.join(str(error).split())}; correct the CONSTRUCT query") from error
    if not isinstance(result, ox.QueryTriples):
        raise QueryError("view query: not a CONSTRUCT or DESCRIBE query; a network is made of triples")
    wanted = set(_drawable(result))
    statements = {triple: known.statements[triple] for triple in wanted if triple in known.statements}
    return Relations({triple for triple in wanted if triple in known.facts or triple not in statements}, statements)


def around(store: ox.Store, iri: str, limit: int) -> Relations:
    """Those that `iri` takes part in, about `limit` at most: its own first, then those that others have to it."""
    node = ox.NamedNode(iri)
    found: dict[Triple, None] = {}
    for subject, obj in ((node, None), (None, node)):
        for quad in store.quads_for_pattern(subject, None, obj, ox.DefaultGraph()):
            if len(found) >= limit:
                break
            found.update(dict.fromkeys(_drawable([quad])))
    for predicate in (RDF.subject, RDF.object):
        for triple in _statements_with(store, predicate, iri):
            if len(found) < 2 * limit and not describes(triple[1]):
                found[triple] = None
    return looked_up(store, found, iri)


def looked_up(store: ox.Store, triples: Iterable[Triple], centre: str | None = None) -> Relations:
    """The given triples with their statements; one that is neither stated nor in the graph counts as a fact.

    `centre` is the entity that all of them touch, where there is one.
    """
    facts: set[Triple] = set()
    statements: dict[Triple, list[tuple[str, str]]] = {}
    read: dict[tuple[str, str], dict[Triple, list[tuple[str, str]]]] = {}
    for triple in triples:
        subject, predicate, obj = triple
        by_object = centre is not None and subject != centre
        key = (RDF.object, centre or "") if by_object else (RDF.subject, subject)
        if key not in read:
            read[key] = _statements_with(store, *key)
        if triple in read[key]:
            statements[triple] = read[key][triple]
        fact = ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), obj, ox.DefaultGraph())
        if triple not in statements or fact in store:
            facts.add(triple)
    return _without_mirrors(facts, statements)


def describes(predicate: str) -> bool:
    """Whether a property describes a thing (its type, its names) rather than stating something of it."""
    return predicate in _DESCRIPTIVE or predicate.startswith(_DESCRIPTIVE_NAMESPACES)


def drawable(triples: Iterable[ox.Triple]) -> list[Triple]:
    """The triples among `triples` that a network can show: named subjects, stating properties; each once, in order."""
    return list(dict.fromkeys(_drawable(triples)))


def _drawable(triples: Iterable[ox.Triple | ox.Quad]) -> Iterator[Triple]:
    for triple in triples:
        if (
            isinstance(triple.subject, ox.NamedNode)
            and isinstance(triple.object, ox.NamedNode | ox.Literal)
            and not describes(triple.predicate.value)
        ):
            yield triple.subject.value, triple.predicate.value, triple.object


def _statements_with(store: ox.Store, part: str, iri: str) -> dict[Triple, list[tuple[str, str]]]:
    """The statements whose `part` (rdf:subject, rdf:object) is `iri`, by the triple that they spell out."""
    found: dict[Triple, list[tuple[str, str]]] = defaultdict(list)
    for quad in store.quads_for_pattern(None, ox.NamedNode(part), ox.NamedNode(iri), None):
        parts = {
            RDF[name]: other.object
            for name in ("subject", "predicate", "object")
            for other in store.quads_for_pattern(quad.subject, ox.NamedNode(RDF[name]), None, quad.graph_name)
        }
        subject, predicate, obj = (parts.get(name) for name in (RDF.subject, RDF.predicate, RDF.object))
        if (
            isinstance(quad.subject, ox.NamedNode)
            and isinstance(quad.graph_name, ox.NamedNode)
            and isinstance(subject, ox.NamedNode)
            and isinstance(predicate, ox.NamedNode)
            and isinstance(obj, ox.NamedNode | ox.Literal)
        ):
            found[subject.value, predicate.value, obj].append((quad.graph_name.value, quad.subject.value))
    return dict(found)


def _without_mirrors(facts: set[Triple], statements: dict[Triple, list[tuple[str, str]]]) -> Relations:
    """Symmetric facts once: on the side that has the statement, else on the side that sorts first."""
    mirrored = {
        (s, p, o)
        for s, p, o in facts
        if p in _SYMMETRIC and isinstance(o, ox.NamedNode) and (s, p, o) not in statements and s != o.value
        if (o.value, p, ox.NamedNode(s)) in statements or ((o.value, p, ox.NamedNode(s)) in facts and o.value < s)
    }
    return Relations(facts - mirrored, statements)
