"""One relation after the other: what each extractor reads from a tree."""

from __future__ import annotations

import pytest
from trees import told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Peruvian Defense Minister Ana Ruiz left.",
            [
                "Peruvian Defense Minister | kg:roleIn | Peru",
                "Ana Ruiz | kg:holdsRole | Peruvian Defense Minister",
                "Ana Ruiz | kg:represents | Peru",
            ],
        ),
        ("Ruiz is the mayor of Lima.", ["Ruiz | kg:holdsRole | mayor of Lima", "mayor of Lima | kg:roleIn | Lima"]),
        (
            "Ana Ruiz, former mayor of Lima, left.",
            ["Ana Ruiz | kg:heldRole | mayor of Lima", "mayor of Lima | kg:roleIn | Lima"],
        ),
        (
            "Ana Ruiz served as mayor of Lima.",
            ["Ana Ruiz | kg:heldRole | mayor of Lima", "mayor of Lima | kg:roleIn | Lima"],
        ),
        ("Peru appointed Ana Ruiz as ambassador.", ["Ana Ruiz | kg:holdsRole | ambassador"]),
        ("Acting mayor Ana Ruiz left.", ["Ana Ruiz | kg:holdsRole | mayor"]),
        (
            "Brazilian striker Pedro Sosa left.",
            ["Pedro Sosa | kg:citizenOf | Brazil", "Pedro Sosa | kg:holdsRole | Brazilian striker"],
        ),
        (
            "Ana Ruiz, spokeswoman for the Peruvian army, left.",
            [
                "Ana Ruiz | kg:holdsRole | spokeswoman for the Peruvian army",
                "Ana Ruiz | kg:represents | Peruvian army",
                "spokeswoman for the Peruvian army | kg:roleIn | Peruvian army",
            ],
        ),
        (
            "Ingrid Dahl, the mayor of Oslo, succeeded Lars Holm.",
            [
                "Ingrid Dahl | kg:holdsRole | mayor of Oslo",
                "mayor of Oslo | kg:roleIn | Oslo",
                "Lars Holm | kg:heldRole | mayor of Oslo",
            ],
        ),
    ],
)
def test_roles(text: str, expected: list[str]) -> None:
    assert told(text, "roles") == expected


def test_a_counterpart_is_the_person_named_beside() -> None:
    found = told("Norwegian Foreign Minister Ingrid Dahl met her Polish counterpart, Marek Zielinski.")
    assert "Ingrid Dahl | kg:meetsWith | Marek Zielinski" in found
    assert "Marek Zielinski | kg:represents | Poland" in found
    assert not [line for line in found if line.startswith("Polish counterpart | kg:citizenOf")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The Russian embassy in Oslo reopened.",
            ["Russian embassy | kg:locatedIn | Oslo", "Russian embassy | kg:partOf | Russia"],
        ),
        ("French carmaker Nordvik sold its plant.", ["Nordvik | kg:headquarteredIn | France"]),
        ("Nordvik of Oslo left.", ["Nordvik | kg:headquarteredIn | Oslo"]),
        ("Ana Ruiz of Reuters left.", ["Ana Ruiz | kg:worksFor | Reuters"]),
    ],
)
def test_affiliation(text: str, expected: list[str]) -> None:
    assert told(text, "affiliation") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ruiz's visit to Lima ended.", ["Ruiz | kg:visits | Lima"]),
        ("Ruiz paid a visit to Lima.", ["Ruiz | kg:visits | Lima"]),
        ("The arrest of Sosa by Chile surprised Ruiz.", ["Chile | kg:arrests | Sosa"]),
        ("China poses a threat to peace.", ["China | kg:threatens | peace"]),
        ("Ruiz held talks with Sosa.", ["Ruiz | kg:meetsWith | Sosa"]),
        ("Rosa Vidal, the wife of Sosa, left.", ["Rosa Vidal | kg:spouse | Sosa"]),
    ],
)
def test_nominals(text: str, expected: list[str]) -> None:
    found = told(text, "nominals")
    assert set(expected) <= set(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Peru hosts the talks.", ["Peru | kg:hosts | talks"]),
        ("The talks were hosted by Peru.", ["Peru | kg:hosts | talks"]),
        ("Peru bought ships built by Korea.", ["Peru | kg:acquires | ships", "South Korea | kg:produces | ships"]),
        ("Ruiz met Li and Park.", ["Ruiz | kg:meetsWith | Li", "Ruiz | kg:meetsWith | Park"]),
        ("The Ministry of Health banned the drug.", ["Ministry of Health | kg:bans | drug"]),
        ("Farmers complained about prices.", ["farmers | rel:complainAbout | prices"]),
        ("The army set up camps.", ["army | rel:setUp | camps"]),
        ("Ruiz gave Sosa a medal.", ["Ruiz | rel:give | medal", "Ruiz | rel:giveTo | Sosa"]),
        ("Ruiz was sentenced to prison.", ["Ruiz | rel:sentenceTo | prison"]),
        ("Ruiz paid a visit to Lima.", []),
        ("China poses a threat to peace.", []),
        ("The summit took place in Lima on 5 May 2025.", []),
    ],
)
def test_events_and_open_relations(text: str, expected: list[str]) -> None:
    assert [line for line in told(text, "events") if "occursIn" not in line] == expected


def test_those_who_met_met_each_other_once() -> None:
    met = [line for line in told("Ruiz and Sosa met in Lima.") if "meetsWith" in line]
    assert met == ["Ruiz | kg:meetsWith | Sosa"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The talks in Geneva ended.", ["talks | kg:occursIn | Geneva"]),
        ("The Andean Summit in Lima ended.", ["Andean Summit | kg:occursIn | Lima"]),
        (
            "The summit took place in Lima on 5 May 2025.",
            ["summit | kg:occursIn | Lima", 'summit | kg:occursOn | "2025-05-05"'],
        ),
    ],
)
def test_occurrence(text: str, expected: list[str]) -> None:
    assert told(text, "occurrence") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana Ruiz, 45, left.", ['Ana Ruiz | kg:age | "45"']),
        ("The ship cost 680 million euros.", ['ship | kg:amount | "680000000 EUR"']),
        ("The contract worth 3 million euros ended.", ['contract | kg:amount | "3000000 EUR"']),
    ],
)
def test_quantities(text: str, expected: list[str]) -> None:
    assert told(text, "quantities") == expected


def test_tolls_belong_to_the_event_in_the_active_and_the_passive() -> None:
    assert 'crash | kg:deathToll | "12"' in told("The crash killed 12 people.", "quantities")
    assert 'crash | kg:casualties | "12"' in told("Twelve people were injured in the crash.", "quantities")


def test_the_author_in_a_byline_wrote_the_document() -> None:
    found = told("Ana Ruiz leads\n\nBy Pedro Sosa\n\nAna Ruiz left.", "captions")
    assert found == ["Pedro Sosa | kg:wrote | tree.txt"]


def test_a_photographer_photographed_whom_the_caption_names() -> None:
    found = told("Ana Ruiz in Lima. Photo: Pedro Sosa / Reuters", "captions")
    assert found == ["Pedro Sosa | kg:photographed | Ana Ruiz", "Pedro Sosa | kg:worksFor | Reuters"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "“China threatens peace,” said Ruiz. “Peru opposes China.”",
            ['Ruiz | kg:says | "China threatens peace"'],
        ),
        ("Ruiz said that China threatens peace.", ['Ruiz | kg:says | "that China threatens peace"']),
        (
            "Ruiz told reporters on Tuesday that China threatens peace.",
            ['Ruiz | kg:says | "that China threatens peace"'],
        ),
        ("Peru is said to host the talks.", []),
    ],
)
def test_speech(text: str, expected: list[str]) -> None:
    assert told(text, "speech") == expected
