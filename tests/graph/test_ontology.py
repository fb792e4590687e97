"""`ontologies/core.ttl` and `kg/vocabulary.py` say the same, and every term is explained."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.errors import OntologyError
from kg.graph import ontology_path
from kg.graph.ontology import ontology_quads, parse_file
from kg.vocabulary import (
    ANNOTATIONS,
    CLASSES,
    INDIVIDUALS,
    KG,
    OWL,
    RDF,
    RDFS,
    RELATIONS,
    STANDARD_PREFIXES,
    SYMMETRIC,
    Minter,
)

SKOS = STANDARD_PREFIXES["skos"]
SCHEMA = STANDARD_PREFIXES["schema"]
QUADS = parse_file(ontology_path("core.ttl"))
TRIPLES = {(quad.subject.value, quad.predicate.value, quad.object.value) for quad in QUADS}
OURS = {subject.removeprefix(KG.iri) for subject, _, _ in TRIPLES if subject.startswith(KG.iri)}


def of_type(type_: str) -> set[str]:
    return {subject.removeprefix(KG.iri) for subject, p, o in TRIPLES if (p, o) == (RDF.type, type_)}


def values(name: str, predicate: str) -> set[str]:
    return {o for s, p, o in TRIPLES if (s, p) == (KG[name], predicate)}


def test_the_vocabulary_and_the_ontology_name_the_same_terms():
    assert of_type(OWL.Class) == set(CLASSES)
    assert of_type(OWL.AnnotationProperty) == set(ANNOTATIONS)
    assert of_type(OWL.ObjectProperty) | of_type(OWL.DatatypeProperty) == set(RELATIONS)
    assert of_type(OWL.SymmetricProperty) == SYMMETRIC
    assert of_type(OWL.NamedIndividual) == set(INDIVIDUALS)
    assert set(KG) == OURS


@pytest.mark.parametrize("name", sorted(KG))
def test_every_term_has_one_label_and_a_sentence(name):
    assert len(values(name, RDFS.label)) == 1
    (comment,) = values(name, RDFS.comment)
    assert len(comment) > 15
    assert comment.endswith(".") or comment.endswith("'.")


def test_every_reference_to_a_term_of_ours_is_declared():
    for _, _, value in TRIPLES:
        if value.startswith(KG.iri):
            assert value.removeprefix(KG.iri) in OURS


def test_superclasses_one_expects():
    for name, superclass in {
        "Person": "Agent",
        "Organization": "Agent",
        "Group": "Agent",
        "GovernmentOrganization": "Organization",
        "City": "Place",
        "Region": "Place",
        "Facility": "Place",
    }.items():
        assert KG[superclass] in values(name, RDFS.subClassOf)
    assert {KG.Agent, KG.Place} <= values("Country", RDFS.subClassOf)
    assert RDF.Statement in values("Statement", RDFS.subClassOf)
    assert RDF.Property in values("OpenRelation", RDFS.subClassOf)


def test_literals_and_things_are_told_apart():
    for name in RELATIONS:
        ranges = values(name, RDFS.range) | values(name, SCHEMA + "rangeIncludes")
        literal = {value.startswith(STANDARD_PREFIXES["xsd"]) for value in ranges}
        assert len(literal) <= 1
        assert (literal == {True}) == (name in of_type(OWL.DatatypeProperty))


def test_alignment_reaches_the_vocabularies_promised():
    targets = {o for _, _, o in TRIPLES}
    for name, prefix in STANDARD_PREFIXES.items():
        if name in ("schema", "org", "prov", "wd"):
            assert sum(target.startswith(prefix) for target in targets) >= 3, name
    assert any("semanticweb.cs.vu.nl/2009/11/sem/" in target for target in targets)
    assert any("groundedannotationframework.org/gaf#" in target for target in targets)
    assert any("groundedannotationframework.org/grasp#" in target for target in targets)


def test_no_blank_nodes_so_files_compare_byte_for_byte():
    assert not any(isinstance(term, ox.BlankNode) for quad in QUADS for term in (quad.subject, quad.object))


def test_blank_nodes_of_given_ontologies_are_named_alike_in_every_build(tmp_path):
    path = tmp_path / "mine.ttl"
    path.write_text("<urn:a> <urn:b> [ <urn:c> 1 ], [ <urn:c> 2 ] .")
    assert ontology_quads([path], Minter()) == ontology_quads([path], Minter())


def test_missing_and_broken_files_are_named(tmp_path):
    with pytest.raises(OntologyError, match=r"nope\.ttl"):
        ontology_path("nope.ttl")
    broken = tmp_path / "broken.ttl"
    broken.write_text("a b")
    for path in (broken, tmp_path / "missing.ttl", tmp_path / "x.docx"):
        with pytest.raises(OntologyError, match=path.name):
            parse_file(path)
