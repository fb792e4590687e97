"""Noun phrases: names, titles before them, nominals and pronouns."""

from __future__ import annotations

from trees import analysis_of

from kg.extraction.phrases import Phrase
from kg.model import Kind


def phrase(text: str, label: str) -> Phrase:
    return next(found for found in analysis_of(text).phrases.items if found.label == label)


def test_a_title_is_a_role_apart_from_the_name() -> None:
    text = "Peruvian Defense Minister Ana Ruiz left."
    title, name = phrase(text, "Peruvian Defense Minister"), phrase(text, "Ana Ruiz")
    assert (title.type, title.kind, title.title_of) == ("Role", Kind.NOMINAL, name.head)
    assert (name.type, name.kind) == ("Person", Kind.NAME)
    assert phrase(text, "Peruvian").name is not None


def test_honorifics_are_no_offices_abbreviated_titles_are() -> None:
    labels = {found.label: found.type for found in analysis_of("Mr. Li met Prof. Park.").phrases.items}
    assert labels["Prof."] == "Role"
    assert "Mr." not in labels or labels["Mr."] != "Role"


def test_a_status_word_is_no_part_of_the_office() -> None:
    for text in ("Outgoing mayor Ana Ruiz left.", "Acting mayor Ana Ruiz left."):
        assert phrase(text, "mayor").type == "Role"


def test_an_office_carries_its_complement() -> None:
    assert phrase("Ruiz is the mayor of Lima.", "mayor of Lima").type == "Role"


def test_nominals_are_lower_case_without_determiner() -> None:
    farmers = phrase("Farmers complained about prices.", "farmers")
    assert (farmers.type, farmers.plural, farmers.definite) == ("Group", True, False)
    assert phrase("Peru hosts the talks.", "talks").type == "Event"


def test_dates_and_counts_are_no_phrases() -> None:
    labels = {found.label for found in analysis_of("The summit took place in Lima on 5 May 2025.").phrases.items}
    assert not {"May", "5", "2025", "5 May 2025"} & labels


def test_pronouns_have_the_feature_that_their_antecedent_must_fit() -> None:
    analysis = analysis_of("Ana Ruiz visited Lima. She praised its mayor.")
    features = {found.label: found.feature for found in analysis.phrases.items if found.kind == Kind.PRONOUN}
    assert features == {"She": "female", "its": "thing"}


def test_a_name_under_its_title_heads_the_phrase() -> None:
    analysis = analysis_of("Acting mayor Ana Ruiz left.")
    subject = next(iter(analysis.clauses.values())).slots["subj"]
    assert [found.label for token in subject if (found := analysis.phrases.of(token))] == ["Ana Ruiz"]
