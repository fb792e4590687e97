"""Entities and statements → quads: what is written, merged, and refused."""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as some

from kg.graph.quads import QuadWriter, merge, relation_label, statement_iri
from kg.model import Entity, LiteralValue, Modality, Polarity, Span, Statement, Status
from kg.vocabulary import DCTERMS, KG, NIF, RDF, RDFS, SKOS, XSD, Minter

MINTER = Minter()
PERU, CHINA, LIMA = (MINTER.entity_iri(name) for name in ("Peru", "China", "Lima"))


def stored(writer: QuadWriter, story) -> ox.Store:
    store = ox.Store()
    for contribution in story.documents():
        store.load(writer.document(contribution), format=ox.RdfFormat.N_QUADS)
    store.load("".join(writer.descriptions()), format=ox.RdfFormat.N_QUADS)
    return store


def build(story) -> tuple[ox.Store, QuadWriter]:
    writer = QuadWriter(story.entities, story.minter)
    return stored(writer, story), writer


def plain(store: ox.Store, subject: str, predicate: str) -> set[str]:
    pattern = (ox.NamedNode(subject), ox.NamedNode(predicate), None, ox.DefaultGraph())
    return {quad.object.value for quad in store.quads_for_pattern(*pattern)}


def test_a_fact_of_two_documents_stands_once_with_two_statements(new_story):
    store, _ = build(new_story())
    hosts = list(store.quads_for_pattern(None, ox.NamedNode(KG.hosts), None, None))
    assert [quad.graph_name for quad in hosts] == [ox.DefaultGraph()]
    said = list(store.quads_for_pattern(None, ox.NamedNode(RDF.predicate), ox.NamedNode(KG.hosts), None))
    assert len({quad.subject for quad in said}) == len({quad.graph_name for quad in said}) == 2


def test_claims_plans_and_denials_are_no_facts(new_story):
    store, writer = build(new_story())
    for property_ in (KG.threatens, KG.signs):
        assert not list(store.quads_for_pattern(None, ox.NamedNode(property_), None, None))
    assert (writer.tally.claims, writer.tally.other) == (2, 1)


def test_a_symmetric_fact_stands_both_ways_on_one_statement(new_story):
    store, _ = build(new_story())
    ruiz, li = MINTER.entity_iri("Ana Ruiz"), MINTER.entity_iri("Li Wei")
    assert plain(store, ruiz, KG.meetsWith) == {li}
    assert plain(store, li, KG.meetsWith) == {ruiz}
    assert len(list(store.quads_for_pattern(None, ox.NamedNode(RDF.predicate), ox.NamedNode(KG.meetsWith), None))) == 1


def test_descriptions(new_story):
    store, writer = build(new_story())
    china = MINTER.entity_iri("China")
    assert plain(store, china, RDF.type) == {KG.Country}
    assert plain(store, china, RDFS.label) == {"China"}
    assert plain(store, china, SKOS.altLabel) == {"People's Republic of China"}
    assert plain(store, china, KG.mentionedIn) == {
        MINTER.document_iri("seeds/peru.txt"),
        MINTER.document_iri("seeds/china.txt"),
    }
    assert plain(store, MINTER.relation + "complainAbout", RDFS.label) == {"complain about"}
    assert (writer.tally.entities, writer.tally.documents, writer.tally.open_relations) == (11, 2, 1)


def test_the_document_and_its_sentences(new_story):
    store, _ = build(new_story())
    iri = ox.NamedNode(MINTER.document_iri("seeds/peru.txt"))
    described = {quad.predicate.value: quad.object for quad in store.quads_for_pattern(iri, None, None, iri)}
    assert described[DCTERMS.source] == ox.Literal("seeds/peru.txt")
    assert described[DCTERMS.issued] == ox.Literal("2025-05-06", datatype=ox.NamedNode(XSD.date))
    span = ox.NamedNode(f"{iri.value}#char=0,47")
    quotes = [quad.object.value for quad in store.quads_for_pattern(span, ox.NamedNode(NIF.anchorOf), None, iri)]
    assert quotes == ["Peru hosts the Conference of Defense Ministers."]


def test_a_document_may_be_the_object_of_its_author(new_story):
    story = new_story()
    statement = story.says("seeds/peru.txt", "attends", "Ana Ruiz", "kg:wrote", "x")
    story.statements["seeds/peru.txt"][-1] = replace(statement, object=statement.document)
    store, writer = build(story)
    assert not writer.refusals
    assert plain(store, statement.subject, KG.wrote) == {statement.document}


BROKEN = {
    "nothing describes": {"object": MINTER.entity_iri("Nobody")},
    "nothing describes https": {"status": Status.CLAIMED, "attributed_to": MINTER.entity_iri("Nobody")},
    "is no xsd:date": {"object": LiteralValue(value="2025-13-01", datatype=XSD.date)},
    "is no xsd:integer": {"object": LiteralValue(value="twelve", datatype=XSD.integer)},
    "half a surrogate pair": {"object": LiteralValue(value="\ud800", datatype=XSD.string)},
    "no stretch of the text": {"evidence": Span(0, 100_000)},
    "1..1 is no stretch": {"evidence": Span(1, 1)},
    "is not in 0..1": {"confidence": 1.5},
    "confidence nan": {"confidence": float("nan")},
    "asserted, yet attributed": {"attributed_to": CHINA},
    "no relation of the ontology": {"predicate": KG.mentionedIn},
    "no relation": {"predicate": KG.iri + "hots"},
    "describes, it states no fact": {"predicate": RDF.type},
    "is no IRI": {"predicate": "not an iri"},
    "without a name": {"predicate": MINTER.relation},
    "is no date": {"time": LiteralValue(value="Monday", datatype=XSD.string)},
    "belongs to": {"document": MINTER.document_iri("other.txt")},
}


@pytest.mark.parametrize("reason", BROKEN)
def test_a_broken_statement_is_refused_with_its_reason_and_the_rest_stored(new_story, reason):
    story = new_story()
    statement = story.statements["seeds/peru.txt"][0]
    story.statements["seeds/peru.txt"][0] = replace(statement, **BROKEN[reason])
    store, writer = build(story)
    assert [reason in str(refusal) for refusal in writer.refusals] == [True]
    assert str(writer.refusals[0]).startswith("seeds/peru.txt: ")
    assert "\n" not in str(writer.refusals[0])
    assert writer.tally.statements == 11
    assert plain(store, PERU, KG.hosts)  # the other document still states it


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"label": " "}, "no label"),
        ({"types": ()}, "no type"),
        ({"types": (KG.iri + "Contry",)}, "no class"),
        ({"iri": "no iri"}, "is no IRI"),
        ({"alt_labels": ("\udfff",)}, "surrogate"),
        ({"same_as": "Q419"}, "is no IRI"),
    ],
)
def test_a_broken_entity_takes_its_statements_with_it(new_story, change, reason):
    story = new_story()
    story.entities[0] = replace(story.entities[0], **change)
    store, writer = build(story)
    assert reason in str(writer.refusals[0])
    assert any("nothing describes" in str(refusal) for refusal in writer.refusals)
    assert not list(store.quads_for_pattern(ox.NamedNode(PERU), None, None, None))


def test_an_entity_that_no_stored_document_mentions_is_left_out(new_story):
    story = new_story()
    story.entity("Atlantis", "Place", documents=(MINTER.document_iri("gone.txt"),))
    store, writer = build(story)
    assert "no stored document mentions it" in str(writer.refusals[-1])
    assert not plain(store, MINTER.entity_iri("Atlantis"), RDFS.label)


def test_a_second_document_of_one_iri_is_refused(new_story):
    story = new_story()
    writer = QuadWriter(story.entities, story.minter)
    first = story.documents()[0]
    assert writer.document(first)
    assert writer.document(first) == ""
    assert "used before" in str(writer.refusals[0])


def test_names_that_are_no_iri_or_text_do_not_reach_a_parser(new_story):
    story = new_story()
    first = story.documents()[0]
    writer = QuadWriter(story.entities, story.minter)
    for fault, broken in {
        "surrogate": replace(first, document=replace(first.document, text="\ud800")),
        "is no IRI": replace(first, iri="https://x/ y"),
        "fragment": replace(first, iri=first.iri + "#char=0,1"),
        "xsd:date": replace(first, document=replace(first.document, date="May")),
    }.items():
        assert writer.document(broken) == ""
        assert fault in str(writer.refusals[-1])


def statement(**changes) -> Statement:
    values = {
        "subject": PERU,
        "predicate": KG.hosts,
        "object": LIMA,
        "document": MINTER.document_iri("a"),
        "evidence": Span(0, 5),
        "confidence": 0.5,
        "extractor": "a",
    }
    return Statement(**{**values, **changes})


def test_merging_keeps_the_most_confident_and_fills_what_it_lacks():
    day = LiteralValue(value="2025", datatype=XSD.gYear)
    weak = statement(confidence=0.4, time=day, place=LIMA)
    strong = statement(confidence=0.8, extractor="b")
    for given_ in ([weak, strong], [strong, weak]):
        assert merge(given_) == [replace(strong, time=day, place=LIMA)]


def test_the_two_directions_of_a_symmetric_relation_are_one_statement():
    one = statement(predicate=KG.borders, object=CHINA, confidence=0.7)
    other = statement(predicate=KG.borders, subject=CHINA, object=PERU)
    assert merge([other, one]) == [one]
    assert len(merge([statement(object=CHINA), statement(subject=CHINA, object=PERU)])) == 2


VARIANTS = some.builds(
    statement,
    subject=some.sampled_from([PERU, CHINA]),
    object=some.sampled_from([PERU, LIMA, LiteralValue(value="1", datatype=XSD.integer)]),
    predicate=some.sampled_from([KG.hosts, KG.borders]),
    evidence=some.sampled_from([Span(0, 5), Span(1, 5)]),
    modality=some.sampled_from(Modality),
    polarity=some.sampled_from(Polarity),
    status=some.just(Status.CLAIMED),
    attributed_to=some.sampled_from([None, CHINA]),
    confidence=some.sampled_from([0.1, 0.9]),
    extractor=some.sampled_from(["a", "b"]),
    time=some.sampled_from([None, LiteralValue(value="2025", datatype=XSD.gYear)]),
)


@given(some.lists(VARIANTS, max_size=8), some.randoms())
def test_merging_ignores_order_and_leaves_one_statement_an_iri(statements, random):
    merged = merge(statements)
    shuffled = statements.copy()
    random.shuffle(shuffled)
    assert sorted(merge(shuffled), key=repr) == sorted(merged, key=repr)
    assert merge(merged) == merged
    assert len({statement_iri(one, MINTER) for one in merged}) == len(merged)


def test_relation_labels():
    assert relation_label("complainAbout") == "complain about"
    assert relation_label("über") == "über"


def test_the_description_of_an_entity_is_written_once(new_story):
    writer = QuadWriter([Entity(iri=PERU, label="Peru", types=(KG.Country,))] * 2, MINTER)
    assert "described twice" in str(writer.refusals[0])
