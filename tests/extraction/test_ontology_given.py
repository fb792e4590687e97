"""Ontologies that a user gives: what their files declare, what their names say, and what texts give for them."""

from __future__ import annotations

import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg.cli
from benchmarks.ontologies import FOLDER, cases, extracted, names, score
from kg.errors import OntologyError
from kg.extraction.declarations import canonical, local_part, read_declarations
from kg.extraction.given_classes import agreement
from kg.extraction.lexical_entries import read_entries
from kg.extraction.ontology import ontology_digest, read_ontology
from kg.extraction.wordings import split_name, wordings
from kg.graph.refusing import read_shapes
from kg.model import Extraction, Mention
from kg.ontology_files import ontology_path
from kg.vocabulary import CLASSES

PREFIXES = """
@prefix ex: <https://example.org/> . @prefix schema: <http://schema.org/> .
@prefix kg: <https://kg.example.org/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ontolex: <http://www.w3.org/ns/lemon/ontolex#> . @prefix synsem: <http://www.w3.org/ns/lemon/synsem#> .
@prefix lexinfo: <http://www.lexinfo.net/ontology/3.0/lexinfo#> . @prefix slot: <https://kg.example.org/lexicon/slot#> .
"""


def parsed(turtle: str) -> list[ox.Quad]:
    return list(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE))


@pytest.fixture
def ontology_file(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Writes Turtle into a file of its own and gives its path."""

    def write(turtle: str, name: str = "own.ttl") -> str:
        (tmp_path / name).write_text(PREFIXES + turtle, "utf-8")
        return str(tmp_path / name)

    return write


# ---------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("name", "lemma", "subject", "object"),
    [
        ("employed by", "employ", "obj", "subj"),
        ("isEmployedBy", "employ", "obj", "subj"),
        ("worksFor", "work", "subj", "for"),
        ("subsidiary of", "subsidiary", "self", "of"),
        ("hasEmployee", "employee", "of", "self"),
        ("birthPlace", "bear", "obj", "LOC"),
        ("place of birth", "bear", "obj", "LOC"),
        ("director", "director", "of", "self"),
        ("directedBy", "direct", "obj", "subj"),
        ("produces", "produce", "subj", "obj"),
        ("located in the administrative territorial entity", "locate", "obj", "in"),
        ("playsInstrument", "play", "subj", "obj"),
        ("award received", "receive", "subj", "obj"),
    ],
)
def test_names_of_properties_are_wordings(name: str, lemma: str, subject: str, object: str) -> None:
    first = wordings(name)[0]
    assert (first.lemma, first.subject[0], first.object[0]) == (lemma, subject, object)


def test_agents_and_their_verbs_lead_to_each_other() -> None:
    for name in ("director", "directed by"):
        assert {wording.lemma for wording in wordings(name)} == {"director", "direct"}
    assert {w.lemma for w in wordings("employer")} >= {"employer", "employ"}


@pytest.mark.parametrize(
    ("name", "literal", "lemma"),
    [("date of birth", "DATE", "bear"), ("foundingYear", "DATE", "found"), ("population", "NUMBER", "population"),
     ("numberOfEmployees", "NUMBER", "employee")],
)  # fmt: skip
def test_names_of_values_end_in_values(name: str, literal: str, lemma: str) -> None:
    found = wordings(name, literal=literal)
    assert found[0].lemma == lemma
    assert {w.object for w in found} == {(literal,)}


def test_qualified_nouns_keep_their_qualification() -> None:
    (wording,) = wordings("head coach")
    assert (wording.lemma, wording.modifiers) == ("coach", frozenset({"head"}))


@given(st.text(max_size=60))
def test_any_name_has_wordings_or_none(name: str) -> None:
    for literal in ("", "DATE", "NUMBER"):
        for wording in wordings(name, literal=literal):
            assert wording.lemma and wording.subject and wording.object
            assert 0 < wording.strength <= 1
            assert wording.inverted().inverted() == wording


@given(st.lists(st.sampled_from(["birth", "place", "head", "of", "Company"]), min_size=1, max_size=4))
def test_camel_case_and_blanks_read_alike(words: list[str]) -> None:
    lower = [word.lower() for word in words]
    camel = lower[0] + "".join(word.title() for word in lower[1:])
    assert split_name(camel) == split_name(" ".join(words)) == split_name("_".join(words)) == lower


# ---------------------------------------------------------------------------------------------- declarations


def test_declarations_take_unions_languages_and_annotations_apart() -> None:
    found = read_declarations(parsed("""
        ex:a a owl:ObjectProperty ; rdfs:label "knows"@en, "kennt"@de ;
            rdfs:domain [ owl:unionOf ( ex:A ex:B ) ] ; rdfs:range ex:C .
        ex:b a owl:AnnotationProperty ; rdfs:range ex:C .
        rdfs:label a rdf:Property .
    """))  # fmt: skip
    assert list(found.properties) == ["https://example.org/a"]
    assert found.properties["https://example.org/a"].names == ["knows", "a"]
    assert found.properties["https://example.org/a"].domain == ["https://example.org/A", "https://example.org/B"]
    assert found.properties["https://example.org/a"].domain_type is None
    assert found.properties["https://example.org/a"].range_type == "https://example.org/C"
    assert set(found.classes) == {"https://example.org/A", "https://example.org/B", "https://example.org/C"}


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        ("http://schema.org/name", "https://schema.org/name"),
        ("http://www.wikidata.org/prop/direct/P57", "wikidata:P57"),
        ("http://www.wikidata.org/entity/P57", "wikidata:P57"),
        ("https://example.org/P57", "https://example.org/P57"),
    ],
)
def test_iris_have_one_canonical_form(iri: str, expected: str) -> None:
    assert canonical(iri) == expected


def test_entries_may_stand_in_both_usual_forms() -> None:
    quads = parsed("""
        ex:e a ontolex:LexicalEntry ; ontolex:canonicalForm [ ontolex:writtenRep "Shelve"@en ] ;
            lexinfo:partOfSpeech lexinfo:verb ; ontolex:sense ex:s .
        ex:s ontolex:reference ex:p ; synsem:subjOfProp slot:obj ; synsem:objOfProp ( slot:in slot:at ) .
        ex:f a ontolex:LexicalEntry ; rdfs:label "store" ; ontolex:denotes ex:p .
        ex:g a ontolex:LexicalEntry ; rdfs:label "nothing" .
    """)
    first, second = read_entries(quads)
    assert (first.lemma, first.part, first.senses[0].object) == ("shelve", "verb", ("in", "at"))
    assert (second.lemma, second.part, second.senses[0].reference) == ("store", "", "https://example.org/p")


# ---------------------------------------------------------------------------------------------- counterparts


@pytest.mark.parametrize(
    ("turtle", "core"),
    [
        ("ex:p a owl:ObjectProperty ; owl:equivalentProperty kg:worksFor .", ("worksFor", False)),
        ("ex:p a owl:ObjectProperty ; skos:closeMatch schema:worksFor .", ("worksFor", False)),
        ("ex:p a owl:ObjectProperty ; rdfs:label 'is employed by' .", ("worksFor", False)),
        ("ex:p a owl:ObjectProperty ; rdfs:label 'employer' .", ("worksFor", False)),
        ("ex:p a owl:ObjectProperty ; rdfs:label 'employee' .", ("worksFor", True)),
        ("ex:hasEmployee a owl:ObjectProperty .", ("worksFor", True)),
        ("ex:p a owl:ObjectProperty ; owl:inverseOf kg:leads .", ("leads", True)),
        ("schema:founder a rdf:Property .", ("founded", True)),
        ("<http://www.wikidata.org/prop/direct/P19> a owl:ObjectProperty .", ("bornIn", False)),
    ],
)
def test_counterparts_have_a_direction(ontology_file, turtle: str, core: tuple[str, bool]) -> None:  # type: ignore[no-untyped-def]
    (property,) = read_ontology((ontology_file(turtle),)).properties.values()
    assert core in property.core


def test_domain_and_range_decide_what_a_name_means(ontology_file) -> None:  # type: ignore[no-untyped-def]
    declared = "ex:director a owl:ObjectProperty ; rdfs:domain ex:{} ; rdfs:range ex:{} ."
    film = ontology_file(declared.format("Film", "Person"), "film.ttl")
    swapped = ontology_file(declared.format("Person", "Film"), "other.ttl")
    straight = next(iter(read_ontology((film,)).properties.values())).wordings
    turned = next(iter(read_ontology((swapped,)).properties.values())).wordings
    noun = next(w for w in straight if w.lemma == "director" and w.strength == 1.0)
    assert noun.object == ("self",)
    assert next(w for w in turned if w.lemma == "director" and w.strength == 1.0).subject == ("self",)
    assert any(w.lemma == "helm" or w.lemma == "direct" for w in straight)


def test_a_narrower_property_is_no_counterpart_by_its_parent_alone(ontology_file) -> None:  # type: ignore[no-untyped-def]
    file = ontology_file("""
        ex:advises a owl:ObjectProperty ; rdfs:subPropertyOf kg:worksFor .
        ex:cooksFor a owl:ObjectProperty ; rdfs:subPropertyOf kg:worksFor .
        ex:treasurerOf a owl:ObjectProperty ; rdfs:subPropertyOf kg:memberOf .
        ex:P9 a owl:ObjectProperty ; rdfs:subPropertyOf kg:citizenOf .
    """)
    found = [property.core for property in read_ontology((file,)).properties.values()]
    assert found == [(), (), (), (("citizenOf", False),)]


def test_the_core_ontology_given_means_itself() -> None:
    for iri, property in read_ontology((str(ontology_path("core.ttl")),)).properties.items():
        assert {name for name, _ in property.core} <= {local_part(iri)}


def test_classes_lead_to_ours_by_name_parent_and_match(ontology_file) -> None:  # type: ignore[no-untyped-def]
    file = ontology_file("""
        ex:Carmaker a owl:Class ; rdfs:subClassOf schema:Organization . ex:Q1 a owl:Class ; rdfs:label "human" .
        ex:Novelist a owl:Class . ex:State a owl:Class ; owl:equivalentClass kg:Country . ex:Zyx a owl:Class .
    """)
    classes = {local_part(iri): given.core for iri, given in read_ontology((file,)).classes.items()}
    expected = {"Carmaker": {"Organization"}, "Q1": {"Person"}, "Novelist": {"Person"}, "State": {"Country"}}
    assert classes == {**expected, "Zyx": frozenset()}


@given(st.frozensets(st.sampled_from(CLASSES), min_size=1), st.frozensets(st.sampled_from(CLASSES)))
def test_agreement_is_a_share_and_sure_of_what_is_wanted(types: frozenset[str], wanted: frozenset[str]) -> None:
    assert 0 <= agreement(types, wanted) <= 1
    assert agreement(types, types) == 1.0


# ---------------------------------------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("gone.ttl", None, "cannot be read"),
        ("broken.ttl", "ex:p a", "no valid RDF"),
        ("words.docx", "x", "unknown ending"),
        ("empty.ttl", "", "no class or property"),
    ],
)
@pytest.mark.parametrize("command", ["extract", "build"])
def test_files_that_cannot_be_used_are_told_in_one_line(
    tmp_path: Path, name: str, content: str | None, message: str, command: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    file, text = tmp_path / name, tmp_path / "text.txt"
    text.write_text("Ana Ruiz lives in Lima.")
    if content is not None:
        file.write_text(content)
    monkeypatch.setattr(sys, "argv", ["kg", command, str(text), "--ontology", str(file)])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        kg.cli.main()
    captured = capsys.readouterr()
    assert (end.value.code, captured.out, captured.err.count("\n")) == (2, "", 1)
    assert message in captured.err
    assert str(file) in captured.err


def test_digest_follows_the_content(tmp_path: Path) -> None:
    first, second = tmp_path / "a.ttl", tmp_path / "b.ttl"
    first.write_text("x")
    second.write_text("x")
    assert ontology_digest([first]) == ontology_digest([second])
    second.write_text("y")
    assert ontology_digest([first]) != ontology_digest([second])
    with pytest.raises(OntologyError, match="cannot be read"):
        ontology_digest([tmp_path / "none"])


# ---------------------------------------------------------------------------------------------- texts


@pytest.mark.model
@pytest.mark.parametrize("name", names())
def test_sentences_to_develop_on_are_read(name: str) -> None:
    tallies = [score(name, case) for case in cases(name) if case.part == "dev"]
    assert sum(t.found for t in tallies) >= 0.7 * sum(t.expected for t in tallies)
    assert sum(t.right for t in tallies) >= 0.7 * sum(t.extracted for t in tallies)


@pytest.mark.model
@pytest.mark.parametrize("name", names())
def test_nothing_is_made_up(name: str) -> None:
    """Properties and classes are those of the files, and objects stand in the text."""
    ontology = read_ontology((str(FOLDER / name / "ontology.ttl"),))
    for case in cases(name):
        extraction = extracted(name, case.sentence)
        for relation in extraction.relations:
            assert relation.predicate in ontology.properties
            assert isinstance(relation.object, Mention) or relation.object.span is not None
            assert 0 < relation.confidence <= 1
        for entity in extraction.entities:
            assert set(entity.classes) <= set(ontology.classes)


def claims(extraction: Extraction) -> list[tuple[str, bool]]:
    return [(local_part(relation.predicate), relation.plain) for relation in extraction.relations]


@pytest.mark.model
def test_claims_and_denials_keep_their_status() -> None:
    assert claims(extracted("business", "Orion Foods denied that it had bought Kornhaus.")) == [("acquired", False)]
    assert claims(extracted("sport", "Diego Marin did not play for Oslo Bears."))[0] == ("P1", False)


@pytest.mark.model
def test_shapes_refuse_what_violates_them(ontology_file) -> None:  # type: ignore[no-untyped-def]
    shapes = read_shapes([FOLDER / "business" / "ontology.ttl", ontology_file("""
        ex:shape a sh:NodeShape ; sh:targetClass <https://example.org/register#Company> ;
            sh:property [ sh:path <https://example.org/register#numberOfEmployees> ; sh:maxInclusive 1000 ] .
    """)])  # fmt: skip
    assert shapes is not None
    kept, refused = shapes.keep(extracted("business", "Kornhaus employs 1,200 people."))
    assert (kept.relations, len(refused)) == ((), 1)
    assert "Kornhaus numberOfEmployees 1200" in refused[0]
    kept, refused = shapes.keep(extracted("business", "Kornhaus employs 200 people."))
    assert (len(kept.relations), refused) == (1, ())


def test_shapes_that_are_none_are_an_error(ontology_file) -> None:  # type: ignore[no-untyped-def]
    assert read_shapes([FOLDER / "business" / "ontology.ttl"]) is None
    with pytest.raises(OntologyError, match="shapes cannot be used"):
        read_shapes([ontology_file("ex:s a sh:NodeShape ; sh:targetClass ex:A ; sh:property [ sh:minCount 1 ] .")])


@pytest.mark.model
def test_a_build_holds_the_ontology_and_forgets_it(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("Velta Motors was founded by Ivo Kask in 1998. Ana Ruiz criticized Ivo Kask.")
    ontology = FOLDER / "business" / "ontology.ttl"
    biz = "PREFIX biz: <https://example.org/register#> "
    questions = [
        biz + "ASK { ?a biz:foundedBy ?b ; a biz:Company, kg:Organization }",
        biz + "ASK { GRAPH ?g { biz:foundedBy a owl:ObjectProperty } }",
        "ASK { ?a kg:criticizes ?b }",
    ]

    def asked() -> list[bool]:
        from kg.graph import query as run

        return [run(tmp_path / "out/store", each).render("json").find(b"true") > 0 for each in questions]

    kg.build([text], tmp_path / "out", ontology=[ontology], publish=False)
    assert asked() == [True, True, False]
    kg.build([text], tmp_path / "out", ontology=[ontology], open=True, publish=False)
    assert asked() == [True, True, True]
    kg.build([text], tmp_path / "out", publish=False)
    assert asked() == [False, False, True]


@pytest.mark.model
@settings(max_examples=15, deadline=None)
@given(st.text(max_size=80))
def test_any_text_passes(text: str) -> None:
    extracted("people", text)
