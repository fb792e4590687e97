"""Shapes and checks: a sound graph conforms, and each promise that is broken is found."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib

from kg.errors import OntologyError
from kg.graph import validate, validation
from kg.vocabulary import Minter

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pyshacl", "ignore::DeprecationWarning:rdflib")

STATEMENT = "?s rdf:predicate kg:signs"
PLAIN = "?s rdf:predicate kg:attends"
SPAN = "?s nif:beginIndex 0 ; nif:anchorOf ?old"
BREAKS = {
    "subject": (
        f"DELETE {{ GRAPH ?g {{ ?s rdf:subject ?o }} }} WHERE {{ GRAPH ?g {{ {STATEMENT} ; rdf:subject ?o }} }}"
    ),
    "predicate": f"INSERT {{ GRAPH ?g {{ ?s rdf:predicate kg:bans }} }} WHERE {{ GRAPH ?g {{ {STATEMENT} }} }}",
    "object": f"DELETE {{ GRAPH ?g {{ ?s rdf:object ?o }} }} WHERE {{ GRAPH ?g {{ {STATEMENT} ; rdf:object ?o }} }}",
    "status": f"INSERT {{ GRAPH ?g {{ ?s kg:status kg:Doubted }} }} WHERE {{ GRAPH ?g {{ {STATEMENT} }} }}",
    "modality": f"INSERT {{ GRAPH ?g {{ ?s kg:modality kg:Actual }} }} WHERE {{ GRAPH ?g {{ {STATEMENT} }} }}",
    "polarity": f"INSERT {{ GRAPH ?g {{ ?s kg:polarity kg:Negative }} }} WHERE {{ GRAPH ?g {{ {STATEMENT} }} }}",
    "confidence": f"INSERT {{ GRAPH ?g {{ ?s kg:confidence 1.5 }} }} WHERE {{ GRAPH ?g {{ {STATEMENT} }} }}",
    "extractor": f"INSERT {{ GRAPH ?g {{ ?s kg:extractor 7 }} }} WHERE {{ GRAPH ?g {{ {STATEMENT} }} }}",
    "evidence": f"INSERT {{ GRAPH ?g {{ ?s prov:wasDerivedFrom ent:Peru }} }} WHERE {{ GRAPH ?g {{ {STATEMENT} }} }}",
    "Statement": f"INSERT {{ GRAPH ?g {{ ?s kg:attributedTo ent:Peru }} }} WHERE {{ GRAPH ?g {{ {STATEMENT} }} }}",
    "place": f"INSERT {{ GRAPH ?g {{ ?s kg:place 'Lima' }} }} WHERE {{ GRAPH ?g {{ {STATEMENT} }} }}",
    "time": f"INSERT {{ GRAPH ?g {{ ?s kg:time 'Monday' }} }} WHERE {{ GRAPH ?g {{ {STATEMENT} }} }}",
    "begin": f"INSERT {{ GRAPH ?g {{ ?s nif:beginIndex 999 }} }} WHERE {{ GRAPH ?g {{ {SPAN} }} }}",
    "end": f"DELETE {{ GRAPH ?g {{ ?s nif:endIndex ?o }} }} WHERE {{ GRAPH ?g {{ {SPAN} ; nif:endIndex ?o }} }}",
    "quotation": f"INSERT {{ GRAPH ?g {{ ?s nif:anchorOf 'x' }} }} WHERE {{ GRAPH ?g {{ {SPAN} }} }}",
    "context": f"DELETE {{ GRAPH ?g {{ ?s nif:referenceContext ?g }} }} WHERE {{ GRAPH ?g {{ {SPAN} }} }}",
    "text": "DELETE { GRAPH ?g { ?g nif:isString ?o } } WHERE { GRAPH ?g { ?g nif:isString ?o } }",
    "sum": "INSERT { GRAPH ?g { ?g kg:sha256 'abc' } } WHERE { GRAPH ?g { ?g a kg:Document } }",
    "origin": "DELETE { GRAPH ?g { ?g dcterms:source ?o } } WHERE { GRAPH ?g { ?g dcterms:source ?o } }",
    "issued": "INSERT { GRAPH ?g { ?g dcterms:issued 'May' } } WHERE { GRAPH ?g { ?g a kg:Document } }",
    "title": "INSERT { GRAPH ?g { ?g dcterms:title 'another' } } WHERE { GRAPH ?g { ?g a kg:Document } }",
    "label": "INSERT DATA { ent:Peru rdfs:label 'Perú' }",
    "type": "DELETE WHERE { ent:Peru a ?type }",
    "mention": "INSERT DATA { ent:Peru kg:mentionedIn 'a paper' }",
    "name": "INSERT DATA { ent:Peru skos:altLabel 'Perú'@es }",
    "wording": "DELETE WHERE { rel:complainAbout rdfs:label ?label }",
    "fact-without-statement": "INSERT DATA { ent:Peru kg:visits ent:China }",
    "statement-without-fact": "DELETE WHERE { ent:AnaRuiz kg:attends ?o }",
    "symmetric-fact-one-way": "DELETE DATA { ent:LiWei kg:meetsWith ent:AnaRuiz }",
    "quotation-not-in-text": (
        f"DELETE {{ GRAPH ?g {{ ?s nif:anchorOf ?old }} }} INSERT {{ GRAPH ?g {{ ?s nif:anchorOf 'x' }} }} "
        f"WHERE {{ GRAPH ?g {{ {SPAN} }} }}"
    ),
    "text-sum": "DELETE { GRAPH ?g { ?g nif:isString ?o } } INSERT { GRAPH ?g { ?g nif:isString 'x' } } "
    "WHERE { GRAPH ?g { ?g nif:isString ?o } }",
    "statement-outside-its-document": "INSERT DATA { st:x a kg:Statement }",
    "statement-in-two-documents": (
        f"INSERT {{ GRAPH <urn:g> {{ ?s a kg:Statement }} }} WHERE {{ GRAPH ?g {{ {PLAIN} }} }}"
    ),
    "statement-repeated": f"INSERT {{ GRAPH ?g {{ st:x ?p ?o }} }} WHERE {{ GRAPH ?g {{ {PLAIN} ; ?p ?o }} }}",
    "entity-undescribed": f"INSERT {{ GRAPH ?g {{ ?s kg:place ent:Nowhere }} }} WHERE {{ GRAPH ?g {{ {PLAIN} }} }}",
    "relation-undeclared": "DELETE WHERE { rel:complainAbout ?p ?o }",
    "graph-without-document": "DELETE { GRAPH ?g { ?g a kg:Document } } WHERE { GRAPH ?g { ?g a kg:Document } }",
    "not-of-a-document": (
        "INSERT { GRAPH ?g { ent:Peru kg:hosts ent:China } } WHERE { GRAPH ?g { ?g a kg:Document } }"
    ),
    "span-misnamed": f"INSERT {{ GRAPH ?g {{ st:x ?p ?o }} }} WHERE {{ GRAPH ?g {{ {SPAN} ; ?p ?o }} }}",
    "statement-of-description": (
        f"INSERT {{ GRAPH ?g {{ ?s rdf:predicate kg:mentionedIn }} }} WHERE {{ GRAPH ?g {{ {STATEMENT} }} }}"
    ),
    "class-undeclared": "DELETE { ent:Peru a ?t } INSERT { ent:Peru a kg:Nation } WHERE { ent:Peru a ?t }",
    "other-name": "INSERT { ent:Peru skos:altLabel ?label } WHERE { ent:Peru rdfs:label ?label }",
    "document-missing": "INSERT DATA { ent:Peru kg:mentionedIn doc:gone.txt }",
}
WARNINGS = {
    "no-start": "INSERT { GRAPH ?g { ?s kg:startTime '2024'^^xsd:gYear } } WHERE { GRAPH ?g { ?s kg:time ?t } }",
    "no-end": "INSERT { GRAPH ?g { ?s kg:endTime '2024'^^xsd:gYear } } WHERE { GRAPH ?g { ?s kg:time ?t } }",
    "same": "INSERT DATA { ent:China owl:sameAs ent:PeoplesRepublic }",
    "domain": "DELETE WHERE { ent:AnaRuiz a ?t } ; INSERT DATA { ent:AnaRuiz a kg:Topic }",
    "range": "DELETE WHERE { ent:ConferenceOfDefenseMinisters a ?t } ; "
    "INSERT DATA { ent:ConferenceOfDefenseMinisters a kg:Topic }",
}


@pytest.fixture
def graph(story_store) -> ox.Store:
    store = ox.Store()
    store.bulk_extend(iter(story_store))
    return store


def found(report: validation.Report) -> dict[str, str]:
    return {finding.check.rpartition("#")[2]: finding.severity for finding in report.findings}


def test_the_story_conforms(graph):
    report = validate(graph)
    assert report.findings == ()
    assert report.conforms
    assert report.to_text() == "the graph conforms: 0 violations, 0 warnings\n"


@pytest.mark.parametrize("check", BREAKS)
def test_a_broken_promise_is_a_violation(graph, check):
    graph.update(BREAKS[check], prefixes=Minter().prefixes)
    report = validate(graph)
    assert not report.conforms
    assert found(report).get(check) == "Violation"


@pytest.mark.parametrize("check", WARNINGS)
def test_a_doubt_is_a_warning_and_the_graph_conforms(graph, check):
    graph.update(WARNINGS[check], prefixes=Minter().prefixes)
    report = validate(graph)
    assert found(report).get(check) == "Warning"
    assert report.conforms


def test_every_check_has_been_broken():
    assert set(validation.checks()) <= BREAKS.keys() | WARNINGS.keys()


def test_the_report_reads_well_and_is_shacl(graph):
    graph.update(BREAKS["label"], prefixes=Minter().prefixes)
    report = validate(graph)
    assert "Violation: ent:Peru rdfs:label - An entity has exactly one label." in report.to_text()
    turtle = rdflib.Graph().parse(data=report.to_turtle(), format="turtle")
    assert len(set(turtle.subjects(rdflib.RDF.type, rdflib.SH.ValidationResult))) == 1
    assert (None, rdflib.SH.conforms, rdflib.Literal(False)) in turtle
    assert report == validate(graph)


def test_a_large_graph_is_checked_in_parts_with_the_same_result(graph, monkeypatch):
    for name in ("label", "place", "sum", "wording"):
        graph.update(BREAKS[name], prefixes=Minter().prefixes)
    whole = validate(graph)
    monkeypatch.setattr(validation, "_TRIPLES_AT_ONCE", 20)
    assert validate(graph) == whole


def test_ones_own_shapes_stand_alone(graph, tmp_path):
    shapes = tmp_path / "mine.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix kg: <https://kg.example.org/ontology#> .\n"
        "<urn:mine> a sh:NodeShape ; sh:targetClass kg:Agent ; sh:property <urn:mine#p> .\n"
        "<urn:mine#p> sh:path kg:hosts ; sh:minCount 1 ."
    )
    report = validate(graph, shapes)
    assert {finding.focus.rpartition("/")[2] for finding in report.findings} == {
        "AnaRuiz>",
        "LiWei>",
        "China>",
        "Farmers>",
    }


@pytest.mark.parametrize(
    "content",
    [
        None,
        "no turtle",
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> a sh:NodeShape ; sh:targetClass sh:X ; "
        'sh:property [ sh:path sh:y ; sh:pattern "(" ] .\n<urn:x> a sh:X ; sh:y "z" .',
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> a sh:PropertyShape ; sh:targetNode <urn:x> .",
    ],
)
def test_shapes_that_cannot_be_used(graph, tmp_path, content):
    shapes = tmp_path / "shapes.ttl"
    if content is not None:
        shapes.write_text(content)
    graph.load("<urn:x> a <http://www.w3.org/ns/shacl#X> ; <http://www.w3.org/ns/shacl#y> 'z' .", ox.RdfFormat.TURTLE)
    with pytest.raises(OntologyError, match=r"shapes\.ttl") as refused:
        validate(graph, shapes)
    assert "\n" not in str(refused.value)


def test_rdflib_is_left_as_it_was(graph):
    validate(graph)
    assert rdflib.NORMALIZE_LITERALS is True
