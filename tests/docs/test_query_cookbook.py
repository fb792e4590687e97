"""Every query of the cookbook is valid and answers from a small graph made by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.vocabulary import Minter

DOCS = Path(__file__).resolve().parents[2] / "docs"
TITLED = re.compile(r"^### (\d+)\. ([^\n]+)\n(?:(?!^### ).)*?```sparql\n(.*?)```", re.MULTILINE | re.DOTALL)
QUERIES = {int(number): query for number, _, query in TITLED.findall((DOCS / "query-cookbook.md").read_text("utf-8"))}

GRAPH = """
ent:PeteHegseth a kg:Person ; rdfs:label "Pete Hegseth" ; skos:altLabel "Hegseth" ; kg:mentionedIn doc:a , doc:b ;
    kg:holdsRole ent:DefenseSecretary ; kg:meetsWith ent:ElmerSchialer .
ent:ElmerSchialer a kg:Person ; rdfs:label "Elmer Schialer" ; kg:mentionedIn doc:a ;
    kg:represents ent:Peru ; kg:meetsWith ent:PeteHegseth ; kg:heldRole ent:Ambassador .
ent:DefenseSecretary a kg:Role ; rdfs:label "Defense Secretary" ; kg:roleIn ent:UnitedStates .
ent:Ambassador a kg:Role ; rdfs:label "ambassador" .
ent:UnitedStates a kg:Country ; rdfs:label "United States" ; owl:sameAs wd:Q30 ; kg:mentionedIn doc:a .
ent:Peru a kg:Country ; rdfs:label "Peru" ; owl:sameAs wd:Q419 ; kg:mentionedIn doc:a , doc:b ;
    kg:hosts ent:Conference ; rel:shareBorderWith ent:Brazil ; kg:negotiatesWith ent:China .
ent:Brazil a kg:Country ; rdfs:label "Brazil" ; kg:mentionedIn doc:a .
ent:China a kg:Country ; rdfs:label "China" ; kg:mentionedIn doc:a ; kg:negotiatesWith ent:Peru .
ent:Conference a kg:Event ; rdfs:label "Conference" ; kg:mentionedIn doc:a ;
    kg:occursIn ent:Peru ; kg:occursOn "2026"^^xsd:gYear .
rel:shareBorderWith a rdf:Property , kg:OpenRelation ; rdfs:label "share border with" .
"""

S, N = "kg:Asserted kg:Actual kg:Positive", "kg:Claimed kg:Actual kg:Negative"
STATEMENTS = [  # document, subject, predicate, object, status modality polarity, further properties
    ("a", "ent:PeteHegseth", "kg:holdsRole", "ent:DefenseSecretary", S, ""),
    ("b", "ent:PeteHegseth", "kg:holdsRole", "ent:DefenseSecretary", S, ""),
    ("a", "ent:DefenseSecretary", "kg:roleIn", "ent:UnitedStates", S, ""),
    ("a", "ent:PeteHegseth", "kg:meetsWith", "ent:ElmerSchialer", S, 'kg:time "2025-05-05"^^xsd:date ;'),
    ("a", "ent:ElmerSchialer", "kg:represents", "ent:Peru", S, ""),
    ("a", "ent:ElmerSchialer", "kg:heldRole", "ent:Ambassador", S, 'kg:endTime "2024"^^xsd:gYear ;'),
    ("a", "ent:Peru", "kg:hosts", "ent:Conference", S, ""),
    ("a", "ent:Peru", "rel:shareBorderWith", "ent:Brazil", S, ""),
    ("b", "ent:Peru", "kg:negotiatesWith", "ent:China", S, ""),
    ("a", "ent:Conference", "kg:occursIn", "ent:Peru", S, ""),
    ("a", "ent:Conference", "kg:occursOn", '"2026"^^xsd:gYear', S, ""),
    ("a", "ent:PeteHegseth", "kg:attends", "ent:Conference", "kg:Claimed kg:Desired kg:Positive",
     "kg:attributedTo ent:PeteHegseth ;"),
    ("a", "ent:China", "kg:threatens", "ent:Peru", "kg:Claimed kg:Actual kg:Positive",
     "kg:attributedTo ent:PeteHegseth ;"),
    ("b", "ent:China", "kg:threatens", "ent:Peru", N, "kg:attributedTo ent:China ;"),
]  # fmt: skip


@pytest.fixture
def store() -> ox.Store:
    minter = Minter()
    lines = [f"@prefix {prefix}: <{iri}> ." for prefix, iri in minter.prefixes.items()]
    lines += [GRAPH]
    for number, (document, subject, predicate, obj, standing, more) in enumerate(STATEMENTS):
        status, modality, polarity = standing.split()
        span = f"<{minter.document}{document}#char={number},{number + 1}>"
        lines += [
            f'doc:{document} {{ doc:{document} a kg:Document ; dcterms:title "Story {document}" ;',
            '    dcterms:issued "2025-05-05"^^xsd:date .',
            f"  st:{number} a kg:Statement ; rdf:subject {subject} ; rdf:predicate {predicate} ; rdf:object {obj} ;",
            f"    kg:status {status} ; kg:modality {modality} ; kg:polarity {polarity} ; {more}",
            f'    kg:confidence 0.9 ; kg:extractor "kg.extraction.roles" ; prov:wasDerivedFrom {span} .',
            f'  {span} a nif:Sentence ; nif:anchorOf "A cable, sentence {number}." . }}',
        ]
    graph = ox.Store()
    graph.load("\n".join(lines).encode(), format=ox.RdfFormat.TRIG)
    return graph


def rows(store: ox.Store, number: int) -> list[tuple[str | None, ...]]:
    """The answer to a query of the cookbook, as lexical forms."""
    found = store.query(QUERIES[number], prefixes=Minter().prefixes)
    return [tuple(None if term is None else term.value for term in row) for row in found]


def test_queries_are_numbered_without_gap() -> None:
    assert list(QUERIES) == list(range(1, len(QUERIES) + 1))
    assert len(QUERIES) >= 16


@pytest.mark.parametrize("number", [n for n in QUERIES if n != 22])
def test_answers(store: ox.Store, number: int) -> None:
    """Not one query of the cookbook is empty: each asks for something that the small graph holds."""
    found = store.query(QUERIES[number], prefixes=Minter().prefixes)
    assert list(found), f"query {number} finds nothing"


def test_offices(store: ox.Store) -> None:
    assert [row[:4] for row in rows(store, 1)] == [
        ("Pete Hegseth", "Defense Secretary", "United States", "A cable, sentence 0."),
        ("Pete Hegseth", "Defense Secretary", "United States", "A cable, sentence 1."),
    ]


def test_claims_and_their_denial(store: ox.Store) -> None:
    (row,) = rows(store, 2)
    assert row[:3] == ("China", "threatens", "Peru")
    assert row[6:] == ("China", "A cable, sentence 13.")


def test_events(store: ox.Store) -> None:
    assert rows(store, 3) == [("Conference", "Peru", "2026", "Peru", None)]


def test_facts_of_one_document(store: ox.Store) -> None:
    found = rows(store, 4)
    assert ("Pete Hegseth", "holdsRole", "Defense Secretary") not in [row[1:] for row in found]
    assert (Minter().document + "b", "Peru", "negotiatesWith", "China") in found


def test_what_is_not_the_case(store: ox.Store) -> None:
    found = {(row[0], row[1], row[4], row[5], row[6], row[7]) for row in rows(store, 5)}
    assert found == {
        ("Pete Hegseth", "attends", "Desired", "Positive", "Pete Hegseth", "false"),
        ("China", "threatens", "Actual", "Negative", "China", "false"),
    }


def test_connection_within_three_steps(store: ox.Store) -> None:
    """Schialer represents Peru, which negotiates with China: both edges, with their sentences."""
    found = {row[:3] for row in rows(store, 6)}
    assert {("Elmer Schialer", "represents", "Peru"), ("Peru", "negotiatesWith", "China")} <= found


def test_every_fact_has_evidence(store: ox.Store) -> None:
    assert not bool(store.query(QUERIES[22], prefixes=Minter().prefixes))
    minter = Minter()
    store.add(
        ox.Quad(
            ox.NamedNode(minter.entity + "Peru"),
            ox.NamedNode(minter.relation_iri("kg:hosts")),
            ox.NamedNode(minter.entity + "Invented"),
        )
    )
    assert bool(store.query(QUERIES[22], prefixes=minter.prefixes))
