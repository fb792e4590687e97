"""Any text, in every syntax we write, as other parsers read it."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as some

from kg.graph.terms import iri_fault, literal_fault, literal_term, split_literal
from kg.graph.turtle import TurtleWriter, trig, triple_lines, turtle
from kg.model import LiteralValue
from kg.vocabulary import RDFS, XSD, Minter, pascal_case

PREFIXES = Minter().prefixes
TEXTS = some.text(some.characters(exclude_categories=["Cs"])) | some.sampled_from(
    [
        '"',
        "\\",
        '\\"',
        "\r\n",
        "\x00\x07",
        "\u2028\u2029\x85",
        "\u202eevil",
        "'''\"\"\"",
        "\\u0041",
        "<b>&amp;",
        "🇵🇪",
        "\ufeff",
    ]
)
NAMES = some.text(some.characters(exclude_categories=["Cs"]), min_size=1).map(
    lambda text: Minter().entity_iri(text) if pascal_case(text) else Minter().document_iri(text)
)
IRIS = NAMES | some.sampled_from(
    [
        "https://kg.example.org/entity/a.b.",
        "https://kg.example.org/entity/-a",
        "https://kg.example.org/entity/%41b",
        "https://kg.example.org/entity/",
        "https://kg.example.org/entity/a/b",
        "https://kg.example.org/entity/a(b)",
        "https://kg.example.org/document/x#char=0,1",
        "https://kg.example.org/entity/·a",
        "urn:x:y",
    ]
)
LITERALS = some.tuples(TEXTS, some.just(XSD.string)) | some.sampled_from(
    [("12", XSD.integer), ("-0.5", XSD.decimal), ("2025-05-05", XSD.date), ("true", XSD.boolean), ("x", "urn:d")]
)
OBJECTS = IRIS.map(lambda iri: f"<{iri}>") | LITERALS.map(lambda pair: literal_term(*pair))
LINES = some.lists(some.tuples(IRIS, IRIS, OBJECTS).map(lambda t: f"<{t[0]}> <{t[1]}> {t[2]} ."), max_size=6)


@given(LITERALS)
def test_a_literal_reads_back_in_two_parsers_and_our_own(pair):
    value, datatype = pair
    line = f"<urn:s> <urn:p> {literal_term(value, datatype)} .\n"
    assert split_literal(literal_term(value, datatype)) == (value, datatype, "")
    (quad,) = ox.parse(line, format=ox.RdfFormat.N_QUADS)
    assert (quad.object.value, quad.object.datatype.value) == (value, datatype)
    graph = rdflib.Graph().parse(data=line, format="nt")
    assert [str(value_) for value_ in graph.objects()] == [value]


@given(TEXTS)
def test_a_literal_written_by_the_store_reads_back(value):
    assert split_literal(str(ox.Literal(value)))[0] == value
    assert split_literal(str(ox.Literal(value, language="en"))) == (value, split_literal('"a"@en')[1], "en")


@settings(deadline=None)
@given(LINES)
def test_turtle_says_the_same_to_every_parser(lines):
    lines = sorted(set(lines))
    writer = TurtleWriter(PREFIXES)
    text = "".join([writer.header(), *writer.triples(lines)])
    store = ox.Store()
    store.load(text, format=ox.RdfFormat.TURTLE)
    wanted = ox.Store()
    wanted.load("\n".join(lines), format=ox.RdfFormat.N_TRIPLES)
    assert set(store) == set(wanted)
    graph = rdflib.Graph().parse(data=text, format="turtle")
    assert len(graph) == len(lines)
    assert {str(value) for value in graph.objects()} == {quad.object.value for quad in wanted}


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # about itself
@settings(deadline=None)
@given(LINES, LINES, some.randoms())
def test_trig_keeps_graphs_apart_and_ignores_order(first, second, random):
    quads = [line[:-1] + "<https://kg.example.org/document/a> ." for line in first] + second
    shuffled = quads.copy()
    random.shuffle(shuffled)
    texts = []
    for given_ in (quads, shuffled):
        store = ox.Store()
        store.load("\n".join(given_), format=ox.RdfFormat.N_QUADS)
        texts.append("".join(trig(store, PREFIXES)))
    assert texts[0] == texts[1]
    back = ox.Store()
    back.load(texts[0], format=ox.RdfFormat.TRIG)
    assert set(back) == set(store)
    dataset = rdflib.Dataset(default_union=False)
    dataset.parse(data=texts[0], format="trig")
    assert sum(1 for _ in dataset.quads()) == len(store)


def test_turtle_reads_well():
    store = ox.Store()
    ent = PREFIXES["ent"]
    store.load(
        f"<{ent}Peru> <{PREFIXES['kg']}hosts> <{ent}Talks> .\n"
        f'<{ent}Peru> <{RDFS.label}> "Peru" .\n'
        f"<{ent}Peru> <{PREFIXES['rdf']}type> <{PREFIXES['kg']}Country> .\n"
        f'<{ent}Peru> <{PREFIXES["kg"]}amount> "12"^^<{XSD.integer}> .',
        format=ox.RdfFormat.N_QUADS,
    )
    text = "".join(turtle(store, PREFIXES))
    assert text.endswith(
        'ent:Peru a kg:Country ;\n    rdfs:label "Peru" ;\n    kg:amount 12 ;\n    kg:hosts ent:Talks .\n\n'
    )
    assert len(triple_lines(store)) == 4


@given(some.text())
def test_what_passes_for_an_iri_can_be_parsed(text):
    iri = "https://kg.example.org/" + text
    if iri_fault(iri) is None:
        assert len(list(ox.parse(f"<{iri}> <{iri}> <{iri}> .", format=ox.RdfFormat.N_QUADS))) == 1


@given(some.text(max_size=12), some.sampled_from([XSD.date, XSD.gYear, XSD.gYearMonth, XSD.integer, XSD.decimal]))
def test_what_passes_for_a_value_is_one_to_rdflib(text, datatype):
    if literal_fault(LiteralValue(value=text, datatype=datatype)) is None:
        assert rdflib.Literal(text, datatype=rdflib.URIRef(datatype)).ill_typed in (False, None)


def test_values_of_datatypes():
    good = [("2024-02-29", XSD.date), ("2025", XSD.gYear), ("2025-05", XSD.gYearMonth), ("P1Y2M", XSD.duration)]
    bad = [
        ("2025-02-29", XSD.date),
        ("٢٠٢٥", XSD.gYear),
        ("2025-13", XSD.gYearMonth),
        ("P", XSD.duration),
        ("", XSD.date),
    ]
    assert [literal_fault(LiteralValue(value=value, datatype=type_)) for value, type_ in good] == [None] * 4
    assert all(literal_fault(LiteralValue(value=value, datatype=type_)) for value, type_ in bad)
