"""What becomes one thing over documents, what stays apart, and how IRIs are given."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from extractions import entity, extraction, relation
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ResolutionError
from kg.model import Extraction, LocalEntity
from kg.resolution import Resolution, resolve
from kg.vocabulary import KG, Minter

DOCUMENT = Minter().document


def iri(resolution: Resolution, path: str, key: str) -> str:
    return resolution.iris[DOCUMENT + path, key].removeprefix(Minter().entity)


def joined(first: LocalEntity, second: LocalEntity) -> bool:
    """Whether two entities of different documents become one."""
    resolution = resolve([extraction("a.txt", first), extraction("b.txt", second)])
    return len(resolution.entities) == 1


def test_a_name_is_one_thing_over_documents() -> None:
    resolution = resolve(
        [
            extraction("a.txt", entity("e1", "Person", "Pete Hegseth", "Hegseth")),
            extraction("b.txt", entity("e7", "Person", "pete hegseth")),
        ]
    )
    (only,) = resolution.entities.values()
    assert only.label == "Pete Hegseth"
    assert only.alt_labels == ("Hegseth", "pete hegseth")
    assert only.types == (KG.Person,)
    assert only.documents == (DOCUMENT + "a.txt", DOCUMENT + "b.txt")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (entity("e", "Person", "José Peña"), entity("e", "Person", "Jose Pena")),
        (entity("e", "Organization", "The Red Cross"), entity("e", "GovernmentOrganization", "Red Cross")),
        (entity("e", "Country", "Peru", wikidata="Q419"), entity("e", "Country", "Republic of Peru", wikidata="Q419")),
        (entity("e", "Country", "Peru", wikidata="Q419"), entity("e", "Country", "PERU")),
        (entity("e", "Person", "Pete Hegseth"), entity("e", "Person", "Hegseth")),
        (entity("e", "Person", "Joseph R. Biden"), entity("e", "Person", "Joseph Biden")),
        (entity("e", "Person", "Joseph R. Biden"), entity("e", "Person", "Biden")),
        (entity("e", "Organization", "World Trade Organization", "WTO"), entity("e", "Organization", "WTO")),
        (entity("e", "Topic", "drug trafficking", named=False), entity("e", "Topic", "Drug trafficking", named=False)),
        (entity("e", "Role", "novelist", named=False), entity("e", "Role", "Novelist", named=False)),
    ],
    ids=lambda item: item.label,
)
def test_joined(first: LocalEntity, second: LocalEntity) -> None:
    assert joined(first, second)
    assert joined(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (entity("e", "Event", "talks", named=False), entity("e", "Event", "talks", named=False)),
        (entity("e", "Group", "farmers", named=False), entity("e", "Group", "farmers", named=False)),
        (entity("e", "City", "Lincoln"), entity("e", "Person", "Lincoln")),
        (entity("e", "City", "Georgia", wikidata="Q1428"), entity("e", "Country", "Georgia", wikidata="Q230")),
        (entity("e", "Organization", "Bundesbank", "Bank"), entity("e", "Organization", "Bank")),
        (entity("e", "Person", "Ana Ruiz", "Ana"), entity("e", "Person", "Ana")),
        (entity("e", "Event", "..."), entity("e", "Event", "!!!")),
    ],
    ids=lambda item: item.label,
)
def test_kept_apart(first: LocalEntity, second: LocalEntity) -> None:
    assert not joined(first, second)
    assert not joined(second, first)


def test_a_surname_of_two_people_joins_neither() -> None:
    resolution = resolve(
        [
            extraction("a.txt", entity("e", "Person", "Nadine Heredia")),
            extraction("b.txt", entity("e", "Person", "Luis Heredia")),
            extraction("c.txt", entity("e", "Person", "Heredia")),
        ]
    )
    assert len(resolution.entities) == 3


def test_initials_of_two_people_join_neither() -> None:
    names = ("George H. Bush", "George W. Bush", "George Bush")
    resolution = resolve([extraction(f"{name}.txt", entity("e", "Person", name)) for name in names])
    assert len(resolution.entities) == 3


def test_the_fullest_name_is_the_label_and_capitals_are_not() -> None:
    names = ("PETE B. HEGSETH", "Pete B. Hegseth", "Hegseth")
    resolution = resolve([extraction(f"{name}.txt", entity("e", "Person", name)) for name in names])
    assert [item.label for item in resolution.entities.values()] == ["Pete B. Hegseth"]


def test_a_kind_is_what_most_documents_say() -> None:
    kinds = ("Organization", "GovernmentOrganization", "GovernmentOrganization")
    resolution = resolve([extraction(f"{i}.txt", entity("e", kind, "Coast Guard")) for i, kind in enumerate(kinds)])
    assert [item.types for item in resolution.entities.values()] == [(KG.GovernmentOrganization,)]


def office(key: str, label: str, body: str | None = None) -> LocalEntity:
    return entity(key, "Role", label, named=False, body=body)


PERU = entity("peru", "Country", "Peru", "Peruvian", wikidata="Q419")
NORWAY = entity("norway", "Country", "Norway", "Norwegian", wikidata="Q20")


def test_an_office_is_one_by_name_and_body() -> None:
    resolution = resolve(
        [
            extraction("a.txt", PERU, office("r", "Peruvian Defense Minister", "peru")),
            extraction("b.txt", PERU, office("r", "Minister of Defence of Peru", "peru")),
            extraction("c.txt", NORWAY, office("r", "Norwegian Defence Minister", "norway")),
            extraction("d.txt", office("r", "Defense Minister")),
        ]
    )
    assert iri(resolution, "a.txt", "r") == iri(resolution, "b.txt", "r")
    assert len({iri(resolution, path, "r") for path in ("a.txt", "c.txt", "d.txt")}) == 3


def test_an_office_told_without_its_body_is_the_one_its_holder_has() -> None:
    person = entity("p", "Person", "Rosa Quispe")
    holds = (relation("p", "kg:holdsRole", "r"),)
    told = extraction("a.txt", PERU, person, office("r", "Peruvian Defense Minister", "peru"), relations=holds)
    short = extraction("b.txt", person, office("r", "Defense Minister"), relations=holds)
    other = extraction("c.txt", entity("p", "Person", "Kari Lunde"), office("r", "Defense Minister"), relations=holds)
    resolution = resolve([told, short, other])
    assert iri(resolution, "b.txt", "r") == iri(resolution, "a.txt", "r")
    assert iri(resolution, "c.txt", "r") != iri(resolution, "a.txt", "r")


def test_an_office_of_an_office_does_not_go_in_circles() -> None:
    resolution = resolve([extraction("a.txt", office("r", "aide", "s"), office("s", "secretary", "r"))])
    assert len(resolution.entities) == 2


def test_the_second_thing_of_a_name_gets_a_suffix() -> None:
    resolution = resolve(
        [
            extraction("b.txt", entity("e", "City", "Lincoln")),
            extraction("a.txt", entity("e", "Person", "Lincoln")),
        ]
    )
    assert iri(resolution, "a.txt", "e") == "Lincoln"
    assert re.fullmatch(r"Lincoln-[0-9a-f]{6}", iri(resolution, "b.txt", "e"))


def test_a_known_thing_has_the_bare_name() -> None:
    resolution = resolve(
        [
            extraction("a.txt", entity("e", "Event", "Georgia", named=False)),
            extraction("b.txt", entity("e", "Country", "Georgia", wikidata="Q230")),
        ]
    )
    assert iri(resolution, "b.txt", "e") == "Georgia"
    assert resolution.entities[Minter().entity + "Georgia"].same_as == "http://www.wikidata.org/entity/Q230"


def test_ten_thousand_things_of_one_name_have_ten_thousand_iris() -> None:
    talks = [extraction(f"{i}.txt", entity("e", "Event", "talks", named=False)) for i in range(10_000)]
    assert len(resolve(talks).entities) == 10_000


def test_a_name_without_end_does_not_make_an_iri_without_end() -> None:
    names = ("long " * 2000 + "a", "long " * 2000 + "b")
    resolution = resolve([extraction("a.txt", *(entity(name[-1], "Event", name) for name in names))])
    assert len(resolution.entities) == 2
    assert max(map(len, resolution.entities)) < 200


def test_another_base() -> None:
    resolution = resolve([extraction("a.txt", PERU)], Minter("https://news.example/"))
    assert list(resolution.entities) == ["https://news.example/entity/Peru"]


def test_statements_have_entities_in_place_of_mentions() -> None:
    given_extraction = extraction(
        "a.txt",
        PERU,
        entity("p", "Person", "Ana Ruiz"),
        entity("t", "Topic", "peace", named=False),
        relations=(relation("peru", "kg:supports", "t", source="p"),),
    )
    contribution = resolve([given_extraction]).statements(given_extraction)
    (statement,) = contribution
    ent = Minter().entity
    assert (statement.subject, statement.predicate, statement.object) == (ent + "Peru", KG.supports, ent + "Peace")
    assert statement.attributed_to == ent + "AnaRuiz"
    assert not statement.plain
    assert contribution.entities == (ent + "AnaRuiz", ent + "Peace", ent + "Peru")


def test_a_mention_of_nothing_is_refused_by_name() -> None:
    with pytest.raises(ResolutionError, match=r"a\.txt: a mention of 'ghost'"):
        resolve([extraction("a.txt", PERU, relations=(relation("peru", "kg:hosts", "ghost"),))])


def test_a_document_given_twice_is_refused_by_name() -> None:
    with pytest.raises(ResolutionError, match=r"a\.txt: extracted twice"):
        resolve([extraction("a.txt"), extraction("a.txt")])


NAMES = ("Ana Ruiz", "Ruiz", "ANA RUIZ", "Ana B. Ruiz", "Luis Ruiz", "Peru", "WTO", "World Trade Organization", "...")
KINDS = ("Person", "Organization", "Country", "City", "Role", "Event", "Topic")


@st.composite
def extractions(draw: st.DrawFn) -> list[Extraction]:
    result = []
    for number in range(draw(st.integers(1, 5))):
        count = draw(st.integers(1, 5))
        entities = []
        for key in range(count):
            label = draw(st.sampled_from(NAMES))
            entities.append(
                entity(
                    f"e{key}",
                    draw(st.sampled_from(KINDS)),
                    label,
                    *(("WTO",) if label.startswith("World") else ()),
                    named=draw(st.booleans()),
                    wikidata=draw(st.sampled_from((None, None, "Q419"))),
                    body=draw(st.sampled_from((None, "e0", "e1"))),
                )
            )
        relations = tuple(
            relation(f"e{draw(st.integers(0, count - 1))}", "kg:holdsRole", f"e{draw(st.integers(0, count - 1))}")
            for _ in range(draw(st.integers(0, 3)))
        )
        result.append(extraction(f"{number}.txt", *entities, relations=relations))
    return result


@given(extractions(), st.randoms(use_true_random=False))
def test_order_does_not_matter(given_extractions: list[Extraction], random: object) -> None:
    shuffle: Callable[[list[Extraction]], None] = random.shuffle  # type: ignore[attr-defined]
    expected = resolve(given_extractions)
    shuffled = list(given_extractions)
    shuffle(shuffled)
    found = resolve(shuffled)
    assert found.entities == expected.entities
    assert found.iris == expected.iris
    assert [found.statements(item) for item in given_extractions] == [
        expected.statements(item) for item in given_extractions
    ]


@given(extractions())
def test_everything_becomes_something(given_extractions: list[Extraction]) -> None:
    resolution = resolve(given_extractions)
    for item in given_extractions:
        for local in item.entities:
            assert resolution.iris[DOCUMENT + item.document.path, local.key] in resolution.entities
    for address, found in resolution.entities.items():
        assert found.iri == address
        assert found.label not in found.alt_labels
        assert found.documents
