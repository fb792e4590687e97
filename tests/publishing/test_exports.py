"""Every export, read back by a library that did not write it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
from cypher_reader import preprocessed, read_cypher, tokens, unescaped
from hypothesis import given, settings
from hypothesis import strategies as some

from kg.errors import StoreError
from kg.graph import write_build
from kg.graph.quads import QuadWriter
from kg.graph.store import open_store
from kg.model import Document, DocumentStatements, Entity, LiteralValue, Span, Statement, Status
from kg.publishing import EXPORTERS, export, format_of
from kg.publishing.property_graph import cypher_string, graph_parts
from kg.vocabulary import KG, RDF, XSD, Minter

MINTER = Minter()
DATASETS = {"trig": "trig", "nquads": "nquads", "jsonld": "json-ld"}
GRAPHS = {"turtle": "turtle", "ntriples": "nt", "rdfxml": "xml"}
RDFLIB_ABOUT_ITSELF = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")


def exported(store: ox.Store, format: str, *, facts_only: bool = False) -> bytes:
    stream = io.BytesIO()
    export(store, stream, format, facts_only=facts_only)
    return stream.getvalue()


def default_graph(store: ox.Store) -> set[ox.Quad]:
    return set(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))


def loaded(content: bytes, suffix: str) -> ox.Store:
    format_ = ox.RdfFormat.from_extension(suffix.lstrip("."))
    assert format_ is not None
    store = ox.Store()
    store.load(content, format=format_)
    return store


@pytest.mark.parametrize("format", DATASETS)
@RDFLIB_ABOUT_ITSELF
def test_whole_graphs_come_back(story_store, format):
    content = exported(story_store, format)
    assert set(loaded(content, EXPORTERS[format].suffixes[0])) == set(story_store)
    dataset = rdflib.Dataset(default_union=False)
    dataset.parse(data=content, format=DATASETS[format])
    assert sum(1 for _ in dataset.quads()) == len(story_store)


@pytest.mark.parametrize("format", ["ntriples", "rdfxml"])
def test_formats_without_graphs_hold_facts_and_evidence(story_store, format):
    content = exported(story_store, format)
    graph = rdflib.Graph().parse(data=content, format=GRAPHS[format])
    back = loaded(content, EXPORTERS[format].suffixes[0])
    assert len(graph) == len(back)
    assert default_graph(back) > default_graph(story_store)
    assert len(list(back.quads_for_pattern(None, ox.NamedNode(RDF.type), ox.NamedNode(KG.Statement), None))) == 12
    assert not list(back.quads_for_pattern(ox.NamedNode(KG.hosts), None, None, None))


@pytest.mark.parametrize("format", [*DATASETS, *GRAPHS])
def test_facts_only_is_the_default_graph(story_store, format):
    content = exported(story_store, format, facts_only=True)
    assert set(loaded(content, EXPORTERS[format].suffixes[0])) == default_graph(story_store)


def test_turtle_is_the_default_graph_under_our_prefixes(story_store):
    text = exported(story_store, "turtle").decode()
    assert "ent:AnaRuiz a kg:Person ;\n" in text
    graph = rdflib.Graph().parse(data=text, format="turtle")
    assert len(graph) == len(default_graph(story_store))


@pytest.mark.parametrize("format", EXPORTERS)
def test_the_same_graph_gives_the_same_bytes_whatever_the_order(story_store, tmp_path, new_story, format):
    story = new_story()
    write_build(tmp_path / "store", story.entities[::-1], story.documents()[::-1])
    other = open_store(tmp_path / "store", read_only=True)
    assert exported(other, format) == exported(story_store, format)
    assert exported(other, format) != exported(other, format, facts_only=True) or format == "turtle"


def test_graphml_carries_evidence(story_store):
    content = exported(story_store, "graphml")
    graph = nx.parse_graphml(content.decode())
    china, peace = MINTER.entity_iri("China"), MINTER.entity_iri("peace")
    claims = list(graph.get_edge_data(china, peace).values())
    assert {(claim["fact"], claim["polarity"], claim["attributedToLabel"]) for claim in claims} == {
        (False, "Positive", "Ana Ruiz"),
        (False, "Negative", "Li Wei"),
    }
    (hosting,) = graph.get_edge_data(
        MINTER.entity_iri("Peru"), MINTER.entity_iri("Conference of Defense Ministers")
    ).values()
    assert hosting["documents"].count("\n") == 1
    assert hosting["label"] == "hosts"
    assert graph.nodes[china] == {
        "label": "China",
        "type": "Country",
        "types": "Country",
        "names": "People's Republic of China",
    }


def test_gexf_is_the_same_graph(story_store):
    graph = nx.read_gexf(io.BytesIO(exported(story_store, "gexf")))
    other = nx.parse_graphml(exported(story_store, "graphml").decode())
    assert set(graph.nodes) == set(other.nodes)
    assert graph.number_of_edges() == other.number_of_edges() == 11


def test_facts_only_leaves_claims_out(story_store):
    graph = nx.parse_graphml(exported(story_store, "graphml", facts_only=True).decode())
    assert all(fact for *_, fact in graph.edges(data="fact"))
    assert len(list(csv.reader(io.StringIO(exported(story_store, "csv", facts_only=True).decode())))) == 10


def test_csv_has_a_row_a_statement(story_store):
    rows = list(csv.DictReader(io.StringIO(exported(story_store, "csv").decode(), newline="")))
    assert len(rows) == 12
    (claim,) = (row for row in rows if row["polarity"] == "Negative")
    assert (claim["subject_label"], claim["property"], claim["object_label"]) == ("China", "kg:threatens", "peace")
    assert (claim["fact"], claim["attributed_to_label"], claim["source"]) == ("false", "Li Wei", "seeds/china.txt")
    assert claim["sentence"] == "China does not threaten peace, Li Wei said."
    (day,) = (row for row in rows if row["datatype"] == "xsd:date")
    assert (day["object"], day["object_label"]) == ("", "2025-05-07")


def test_cypher_is_one_command_a_line(story_store):
    lines = exported(story_store, "cypher").decode().splitlines()
    assert all(re.match(r"(CREATE CONSTRAINT|MERGE|MATCH) .*;$", line) for line in lines)
    assert sum(line.startswith("MATCH") for line in lines) == 11


def test_cypher_is_the_graph_with_its_evidence(story_store):
    nodes, edges = graph_parts(story_store, facts_only=False)
    back = read_cypher(exported(story_store, "cypher").decode())
    assert {iri: (values["label"], values["names"]) for iri, (_, values) in back.nodes.items()} == {
        node.id: (node.label, list(node.names)) for node in nodes
    }
    assert back.nodes[MINTER.entity_iri("Peru")][0] == {"Country"}
    assert {key: (tail, kind, head) for key, (tail, kind, head, _) in back.edges.items()} == {
        edge.id: (edge.tail, edge.name.rpartition(":")[2], edge.head) for edge in edges
    }
    for edge in edges:
        values = back.edges[edge.id][3]
        assert values["sentences"] == list(edge.sentences)
        assert values["documents"] == list(edge.documents)
        assert (values["fact"], values["status"], values["polarity"]) == (edge.fact, edge.status, edge.polarity)
        assert values.get("attributedTo", "") == edge.source_iri


@given(some.text() | some.lists(some.sampled_from(["\\", "u", "U", "0027", "'", "005c", "n", "\n"])).map("".join))
def test_a_cypher_string_cannot_be_left(text):
    for source in (cypher_string(text), preprocessed(cypher_string(text))):
        ((kind, literal),) = tokens(source)
        assert (kind, unescaped(literal)) == ("string", text)


HOSTILE = some.text(some.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip) | some.sampled_from(
    [
        "'); MATCH (n) DETACH DELETE n; //",
        "`]->(x) DELETE x //",
        "\\u0060",
        "\\",
        '"""',
        "]]><script>alert(1)</script>",
        "} DROP ALL #",
        "=cmd|' /C calc'!A0",
        "a\x00b\x1b",
        "\u202egnp.exe",
        "a\r\nb;c\td",
        "\ufffe\uffff",
    ]
)


def hostile_store(name: str) -> ox.Store:
    document = Document(path=name, text=f"{name} hosts.", source=name, title=name)
    iri, thing, other = MINTER.document_iri(name), MINTER.entity_iri(name), MINTER.entity_iri("Other", name)
    span = Span(0, len(document.text))
    common = {"subject": thing, "document": iri, "evidence": span, "confidence": 1.0, "extractor": name}
    relation = MINTER.relation_iri(f"rel:{name}x")
    statements = (
        Statement(predicate=relation, object=other, **common),
        Statement(predicate=KG.says, object=LiteralValue(value=name, datatype=XSD.string), **common),
        Statement(predicate=KG.hosts, object=other, status=Status.CLAIMED, attributed_to=thing, **common),
    )
    entities = [
        Entity(iri=thing, label=name, alt_labels=(f"{name}'s",), types=(KG.Person,)),
        Entity(iri=other, label="Other", types=(KG.Topic,)),
    ]
    writer = QuadWriter(entities, MINTER)
    store = ox.Store()
    store.load(
        writer.document(DocumentStatements(document=document, iri=iri, statements=statements)), ox.RdfFormat.N_QUADS
    )
    store.load("".join(writer.descriptions()), ox.RdfFormat.N_QUADS)
    assert writer.refusals == []
    return store


@RDFLIB_ABOUT_ITSELF
@settings(deadline=None, max_examples=60)
@given(HOSTILE)
def test_hostile_names_survive_every_format(name):
    store = hostile_store(name)
    for format in DATASETS:
        assert set(loaded(exported(store, format), EXPORTERS[format].suffixes[0])) == set(store)
    assert set(loaded(exported(store, "turtle"), ".ttl")) == default_graph(store)
    turtle = rdflib.Graph().parse(data=exported(store, "turtle"), format="turtle")
    assert name in {str(value) for value in turtle.objects()}
    rdflib.Graph().parse(data=exported(store, "rdfxml"), format="xml")
    assert nx.parse_graphml(exported(store, "graphml").decode()).number_of_edges() == 3
    assert nx.read_gexf(io.BytesIO(exported(store, "gexf"))).number_of_edges() == 3
    rows = list(csv.DictReader(io.StringIO(exported(store, "csv").decode(), newline="")))
    assert [row["title"] for row in rows] == [name] * 3
    for text in (exported(store, "cypher").decode(), preprocessed(exported(store, "cypher").decode())):
        back = read_cypher(text)
        assert (len(back.nodes), len(back.edges)) == (3, 3)
        assert all(values["sentences"] == [f"{name} hosts."] for *_, values in back.edges.values())


def test_a_file_appears_complete_or_not_at_all(story_store, tmp_path, monkeypatch):
    target = tmp_path / "new" / "graph.ttl"
    export(story_store, target)
    before = target.read_bytes()

    def broken(store, *, facts_only):
        yield "half"
        raise RuntimeError("stop")

    monkeypatch.setitem(EXPORTERS, "turtle", type(EXPORTERS["turtle"])((".ttl",), broken))
    with pytest.raises(RuntimeError):
        export(story_store, target)
    assert target.read_bytes() == before
    assert [path.name for path in target.parent.iterdir()] == ["graph.ttl"]
    assert target.stat().st_mode & 0o444 == 0o444


@pytest.mark.parametrize(
    ("target", "format", "reason"),
    [
        (Path("graph.doc"), None, "no format has this ending"),
        (Path("graph.ttl"), "word", "unknown format; choose one of turtle"),
        (io.BytesIO(), None, "name a format"),
        (Path("/dev/null/graph.ttl"), None, "cannot be written"),
    ],
)
def test_wrong_use(story_store, target, format, reason):
    with pytest.raises(StoreError, match=reason) as refused:
        export(story_store, target, format)
    assert "\n" not in str(refused.value)


def test_endings():
    assert {format_of(Path(f"graph{exporter.suffixes[0]}")) for exporter in EXPORTERS.values()} == set(EXPORTERS)


def test_a_property_that_rdfxml_cannot_name_is_refused():
    store = ox.Store()
    name = ox.NamedNode("https://example.net/1")
    store.add(ox.Quad(name, name, name))
    with pytest.raises(StoreError, match="RDF/XML has no way"):
        exported(store, "rdfxml")


def test_rdfxml_writes_properties_in_other_letters():
    store = ox.Store()
    for name in ("gefährdet", "поддерживает", "支持", "x𝔓eru"):
        relation = ox.NamedNode(MINTER.relation_iri(f"rel:{name}"))
        store.add(ox.Quad(ox.NamedNode("urn:a"), relation, ox.NamedNode("urn:b")))
    content = exported(store, "rdfxml")
    assert set(loaded(content, ".rdf")) == set(store)
    assert len(rdflib.Graph().parse(data=content, format="xml")) == 4
