"""Which phrases of a document speak of one thing."""

from __future__ import annotations

import pytest
from trees import annotated, clusters_of, told

from kg.extraction import extract


@pytest.mark.parametrize(
    ("text", "cluster"),
    [
        ("Peruvian Defense Minister Ana Ruiz met Pedro Sosa. Ruiz thanked him.", ("Ana Ruiz", "Ruiz")),
        ("Peruvian Defense Minister Ana Ruiz met Pedro Sosa. Ruiz thanked him.", ("Pedro Sosa", "him")),
        (
            "The World Trade Organization opened an office. The WTO hired Ruiz.",
            ("World Trade Organization", "WTO"),
        ),
        ("Ana Ruiz visited Lima. She praised its mayor.", ("Ana Ruiz", "She")),
        ("Ana Ruiz visited Lima. She praised its mayor.", ("Lima", "its")),
        ("Chile hosted a summit. The summit ended.", ("summit", "summit")),
        ("Ana Ruiz, the mayor of Lima, left. The mayor praised Peru.", ("Ana Ruiz", "mayor")),
        ("Ana Ruiz, who met the envoy, left.", ("Ana Ruiz", "who")),
        ("Rosa Vidal, the wife of Sosa, left.", ("Rosa Vidal", "wife of Sosa")),
        ("French carmaker Nordvik sold its plant.", ("French carmaker", "Nordvik", "its")),
        ("The Chilean Red Cross (CRX) sent food. CRX thanked Ruiz.", ("Chilean Red Cross", "CRX", "CRX")),
        (
            "The CTW (World Trade Council) met. The World Trade Council left.",
            ("CTW", "World Trade Council", "World Trade Council"),
        ),
        (
            "The Chilean Ministry of Trade met Ruiz. The Ministry of Trade hired Sosa.",
            ("Chilean Ministry of Trade", "Ministry of Trade"),
        ),
        ("An earthquake struck Chile. The quake killed Sosa.", ("earthquake", "quake")),
        ("Ruiz visited the village of Palma. Sosa left Palma.", ("village of Palma", "Palma", "Palma")),
    ],
)
def test_one_thing(text: str, cluster: tuple[str, ...]) -> None:
    assert cluster in clusters_of(text)


def test_two_ministries_share_no_bare_name() -> None:
    text = "The Chilean Ministry of Trade met the Peruvian Ministry of Trade. The Ministry of Trade hired Sosa."
    assert not any("Ministry of Trade" in cluster for cluster in clusters_of(text))


def test_an_earthquake_that_is_not_definite_is_another() -> None:
    assert clusters_of("An earthquake struck Chile. A quake killed Sosa.") == set()


@pytest.mark.parametrize("text", ["Ana Ruiz, former mayor of Lima, left.", "Ana Ruiz, the minister, left."])
def test_an_office_and_its_holder_are_two_things(text: str) -> None:
    assert clusters_of(text) == set()


@pytest.mark.parametrize(
    "text",
    ["Ana Ruiz met Pedro Sosa in Lima. The two visited Quito.", "Ana Ruiz and Pedro Sosa left. They visited Quito."],
)
def test_two_stand_for_both(text: str) -> None:
    visits = [line for line in told(text) if "visits" in line]
    assert visits == ["Ana Ruiz | kg:visits | Quito", "Pedro Sosa | kg:visits | Quito"]


def test_a_speaker_s_we_is_the_body_they_speak_for() -> None:
    text = "“We oppose China,” Peruvian Defense Minister Ana Ruiz said."
    assert "Peru | kg:opposes | China | Claimed by Ana Ruiz" in told(text)


def test_a_demonym_names_its_country() -> None:
    assert "Nordvik | kg:headquarteredIn | France" in told("French carmaker Nordvik sold its plant.")


def test_a_capital_that_acts_is_its_country_one_that_is_left_is_a_city() -> None:
    assert told("Beijing attacked Chile.") == ["China | kg:attacks | Chile"]
    assert told("Ruiz left Beijing.") == ["Ruiz | rel:leave | Beijing"]


def test_a_pronoun_without_antecedent_is_a_thing_only_where_that_is_asked_for() -> None:
    annotation = annotated("She praised its mayor.")
    assert extract(annotation).relations == ()
    told_alone = extract(annotation, pronouns=True)
    labels = {entity.key: (entity.label, entity.types) for entity in told_alone.entities}
    assert [labels[relation.subject.entity] for relation in told_alone.relations] == [("She", ("Person",))]
