from __future__ import annotations

import random
from collections.abc import Callable

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.model import Modality, Polarity, Status
from kg.publishing.network import Mark, NetworkData, NetworkEdge, centrality, network_data
from kg.publishing.network.communities import communities
from kg.publishing.network.description import words_of

ENT = "https://kg.example.org/entity/"
KG = "https://kg.example.org/ontology#"


def edges_of(data: NetworkData, name: str) -> list[NetworkEdge]:
    return [edge for edge in data.edges if edge.property.endswith(name)]


def test_entities_carry_names_types_and_identity(small: ox.Store) -> None:
    nodes = {node.label: node for node in network_data(small).nodes}
    assert set(nodes) == {
        "Lena Brandt", "Omar Haddad", "mayor", "Aldenburg", "river forum", "Corvid Steel", "mill", "Bystander",
    }  # fmt: skip
    assert nodes["Lena Brandt"].aliases == ("Brandt",)
    assert nodes["Aldenburg"].types == (KG + "City", KG + "Place")
    assert nodes["Aldenburg"].wikidata == "http://www.wikidata.org/entity/Q99"
    assert nodes["Lena Brandt"].degree == 3
    assert nodes["Bystander"].degree == 0


def test_marks_tell_facts_claims_plans_and_denials_apart(small: ox.Store) -> None:
    data = network_data(small)
    assert [edge.mark for edge in edges_of(data, "hosts")] == [Mark.FACT]
    assert [edge.mark for edge in edges_of(data, "visits")] == [Mark.PLAN]
    closed = {edge.mark: edge for edge in edges_of(data, "close")}
    assert set(closed) == {Mark.CLAIM, Mark.DENIAL}
    assert closed[Mark.DENIAL].polarity is Polarity.NEGATIVE
    assert closed[Mark.DENIAL].status is Status.CLAIMED
    assert closed[Mark.DENIAL].modality is Modality.ACTUAL
    assert closed[Mark.DENIAL].label == "close"
    assert [e.attributed_label for e in closed[Mark.DENIAL].evidence] == ["Omar Haddad"]
    assert [e.time for e in closed[Mark.CLAIM].evidence] == ["2024-04"]


def test_evidence_lies_where_it_says(small: ox.Store) -> None:
    data = network_data(small)
    texts = {document.iri: document.text for document in data.documents}
    found = [evidence for edge in data.edges for evidence in edge.evidence]
    assert found
    for evidence in found:
        assert texts[evidence.document][evidence.begin : evidence.end] == evidence.sentence
        assert evidence.confidence == 0.9
    assert edges_of(data, "hosts")[0].evidence[0].place == "Aldenburg"
    assert edges_of(data, "hosts")[0].evidence[0].source == "two.txt"


def test_a_symmetric_fact_is_drawn_once(small: ox.Store) -> None:
    [meeting] = edges_of(network_data(small), "meetsWith")
    assert (meeting.source, meeting.target) == (ENT + "LenaBrandt", ENT + "OmarHaddad")
    assert len(meeting.evidence) == 1


def test_values_are_no_nodes(small: ox.Store) -> None:
    [occurs] = edges_of(network_data(small), "occursOn")
    assert (occurs.target, occurs.value) == (None, "2024-06-03")
    assert occurs.datatype == "http://www.w3.org/2001/XMLSchema#date"


def test_documents_and_their_dates(small: ox.Store) -> None:
    data = network_data(small)
    assert [document.title for document in data.documents] == ["First story", "Second story"]
    assert data.date_range == ("2024-05-01", "2024-06-01")


@pytest.mark.parametrize("about", ["ent:RiverForum", "river forum", "RIVER FORUM", ENT + "RiverForum", "RiverForum"])
def test_about_keeps_the_neighbourhood(small: ox.Store, about: str) -> None:
    data = network_data(small, about=about, hops=1)
    assert {node.label for node in data.nodes} == {"river forum", "Aldenburg"}
    assert data.focus == ENT + "RiverForum"
    assert [document.title for document in data.documents] == ["Second story"]


def test_more_hops_reach_further(small: ox.Store) -> None:
    assert {n.label for n in network_data(small, about="Brandt", hops=0).nodes} == {"Lena Brandt"}
    assert "mill" in {n.label for n in network_data(small, about="Brandt", hops=2).nodes}


def test_an_unknown_or_ambiguous_entity_is_refused(load: Callable[[str], ox.Store], small: ox.Store) -> None:
    with pytest.raises(QueryError, match=r"no entity is called 'alden'; did you mean .*Aldenburg"):
        network_data(small, about="alden")
    twins = load('ent:A rdfs:label "Twin" ; kg:hosts ent:B . ent:B rdfs:label "Twin" .')
    with pytest.raises(QueryError, match="2 entities"):
        network_data(twins, about="Twin")


def test_construct_chooses_the_relations(small: ox.Store) -> None:
    data = network_data(small, construct="CONSTRUCT { ?a kg:hosts ?b } WHERE { ?a kg:hosts ?b }")
    assert [(edge.label, edge.mark, len(edge.evidence)) for edge in data.edges] == [("hosts", Mark.FACT, 1)]
    assert {node.label for node in data.nodes} == {"Aldenburg", "river forum"}


def test_construct_may_make_relations_of_its_own(small: ox.Store) -> None:
    data = network_data(small, construct="CONSTRUCT { ?a kg:seeks ?b } WHERE { ?a kg:hosts ?b }")
    assert [(edge.label, edge.evidence) for edge in data.edges] == [("seeks", ())]


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "ASK { ?s ?p ?o }", "CONSTRUCT {", "nonsense"])
def test_a_query_that_makes_no_network_is_refused(small: ox.Store, query: str) -> None:
    with pytest.raises(QueryError, match="view query: ") as caught:
        network_data(small, construct=query)
    assert "\n" not in str(caught.value)


def test_only_the_most_central_stay(small: ox.Store) -> None:
    data = network_data(small, max_nodes=3)
    assert len(data.nodes) == 3
    assert data.truncated
    assert data.total_nodes == 8
    assert "Bystander" not in {node.label for node in data.nodes}
    kept = {node.iri for node in data.nodes}
    assert all(edge.source in kept and (edge.target is None or edge.target in kept) for edge in data.edges)


def test_numbers_out_of_range_are_refused(small: ox.Store) -> None:
    with pytest.raises(QueryError, match="at least 1"):
        network_data(small, max_nodes=0)


def test_an_empty_store_gives_an_empty_view() -> None:
    data = network_data(ox.Store())
    assert (data.nodes, data.edges, data.documents, data.date_range) == ((), (), (), None)


def test_the_order_of_quads_changes_nothing(small: ox.Store) -> None:
    quads = list(small)
    random.Random(5).shuffle(quads)
    other = ox.Store()
    for quad in quads:
        other.add(quad)
    assert network_data(other) == network_data(small)


def test_another_base_has_its_own_short_names(load: Callable[[str], ox.Store]) -> None:
    store = load("<https://news.example/entity/A> kg:hosts <https://news.example/entity/B> .")
    data = network_data(store, about="ent:A", base="https://news.example/")
    assert (data.focus, data.base) == ("https://news.example/entity/A", "https://news.example/")


def test_open_relations_are_no_entities(small: ox.Store) -> None:
    assert not [node for node in network_data(small).nodes if "relation" in node.iri]


def test_words_of_an_iri() -> None:
    assert words_of("https://kg.example.org/ontology#headquarteredIn") == "headquartered in"
    assert words_of("https://kg.example.org/entity/PeteHegseth") == "Pete Hegseth"
    assert words_of("https://kg.example.org/relation/") == "relation"


def test_communities_are_the_groups_and_the_same_every_time(load: Callable[[str], ox.Store]) -> None:
    facts = "".join(
        f"ent:{group}{a} kg:supports ent:{group}{b} . " for group in "ABC" for a in range(6) for b in range(a)
    )
    store = load(facts + "ent:A0 kg:visits ent:B0 . ent:B1 kg:visits ent:C1 . ent:X kg:visits ent:Y .")
    data = network_data(store)
    groups: dict[int | None, set[str]] = {}
    for node in data.nodes:
        groups.setdefault(node.community, set()).add(node.label[0])
    assert sorted(map(sorted, groups.values())) == [["A"], ["B"], ["C"], ["X", "Y"]]
    assert groups[None] == {"X", "Y"}, "two are not folded into one"
    assert [community.size for community in data.communities] == [6, 6, 6]
    assert network_data(store) == data


@given(st.integers(0, 40), st.data())
def test_every_node_is_in_one_community_at_most(count: int, data: st.DataObject) -> None:
    ends = st.integers(0, max(count - 1, 0))
    pairs = data.draw(st.lists(st.tuples(ends, ends), max_size=80 if count else 0))
    groups = communities(count, pairs)
    members = [node for group in groups for node in group]
    assert len(members) == len(set(members))
    assert all(len(group) >= 3 and group == sorted(group) for group in groups)
    assert groups == communities(count, [(b, a) for a, b in pairs]), "directions do not count"
    near = centrality.neighbours_of(count, pairs)
    for group in groups:
        reached = centrality.within({str(n): [str(m) for m in near[n] if m in group] for n in group}, str(group[0]), 40)
        assert reached == {str(n) for n in group}, "a community hangs together"
