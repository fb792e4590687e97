"""Who vouches for a predicate, and whether it is actual, planned, wished, possible, denied."""

from __future__ import annotations

import pytest
from trees import context_of

from kg.model import Modality, Polarity, Status


@pytest.mark.parametrize(
    ("text", "predicate"),
    [
        ("Ruiz said that China threatens peace.", "threatens"),
        ("Ruiz told reporters that China threatens peace.", "threatens"),
        ("China, Ruiz said, threatens peace.", "threatens"),
        ("According to Ruiz, China threatens peace.", "threatens"),
        ("“China threatens peace,” said Ruiz. “Peru opposes China.”", "threatens"),
        ("“China threatens peace,” said Ruiz. “Peru opposes China.”", "opposes"),
        ("Ruiz said nothing. “Peru opposes China.”", "opposes"),
        ("“China threatens peace.\n\n“Peru opposes China,” Ruiz said.", "threatens"),
        ("Peru, as Ruiz said, hosts the talks.", "hosts"),
        ("Ruiz accused Chile of jamming radars.", "jamming"),
        ("Ruiz arrested Sosa for attacking Li.", "attacking"),
    ],
)
def test_what_is_reported_is_claimed_by_its_source(text: str, predicate: str) -> None:
    context, source = context_of(text, predicate)
    assert (context.status, source) == (Status.CLAIMED, "Ruiz")
    assert (context.modality, context.polarity) == (Modality.ACTUAL, Polarity.POSITIVE)


@pytest.mark.parametrize(
    ("text", "predicate"),
    [("China reportedly attacked Chile.", "attacked"), ("Peru is said to host the talks.", "host")],
)
def test_hearsay_is_claimed_by_nobody_known(text: str, predicate: str) -> None:
    context, source = context_of(text, predicate)
    assert (context.status, source) == (Status.CLAIMED, None)


@pytest.mark.parametrize(
    "text",
    [
        "Ruiz denied that Peru attacked Chile.",
        "Ruiz denied attacking Chile.",
        "Ruiz denied reports that Chile had attacked Peru.",
    ],
)
def test_a_denial_is_the_same_claim_turned_round(text: str) -> None:
    context, source = context_of(text, "attacked" if "attacked" in text else "attacking")
    assert (context.status, source, context.polarity) == (Status.CLAIMED, "Ruiz", Polarity.NEGATIVE)


def test_what_is_doubted_is_held_for_unlikely() -> None:
    context, _ = context_of("Ruiz doubts that Peru attacked Chile.", "attacked")
    assert (context.status, context.modality, context.polarity) == (
        Status.CLAIMED,
        Modality.POSSIBLE,
        Polarity.NEGATIVE,
    )


def test_another_s_claim_stays_theirs_under_a_verb_of_rejection() -> None:
    context, source = context_of("Ruiz rejected Chile's claim that Peru attacked Bolivia.", "attacked")
    assert (context.status, source) == (Status.CLAIMED, "Chile")


@pytest.mark.parametrize(
    ("text", "predicate", "modality"),
    [
        ("Peru hosts the talks.", "hosts", Modality.ACTUAL),
        ("Peru will host the talks.", "host", Modality.PLANNED),
        ("Ruiz announced a plan to visit Quito.", "visit", Modality.PLANNED),
        ("Ruiz promised Chile to visit Lima.", "visit", Modality.PLANNED),
        ("Ruiz is expected to visit Lima.", "visit", Modality.PLANNED),
        ("Peru hopes to host the talks.", "host", Modality.DESIRED),
        ("Ruiz wants to visit Lima.", "visit", Modality.DESIRED),
        ("Ruiz urged Chile to leave Lima.", "leave", Modality.DESIRED),
        ("Peru must host the talks.", "host", Modality.OBLIGED),
        ("Peru may host the talks.", "host", Modality.POSSIBLE),
        ("If Peru hosts the talks, Chile would attend the summit.", "hosts", Modality.HYPOTHETICAL),
        ("If Peru hosts the talks, Chile would attend the summit.", "attend", Modality.HYPOTHETICAL),
        ("Did Peru attack Chile?", "attack", Modality.HYPOTHETICAL),
    ],
)
def test_governors_auxiliaries_and_conditions_set_the_modality(text: str, predicate: str, modality: Modality) -> None:
    context, _ = context_of(text, predicate)
    assert (context.status, context.modality, context.polarity) == (Status.ASSERTED, modality, Polarity.POSITIVE)


@pytest.mark.parametrize(
    ("text", "predicate"),
    [
        ("Peru does not host the talks.", "host"),
        ("Neither Kenya nor Uganda has signed the treaty.", "signed"),
        ("Peru refused to host the talks.", "host"),
        ("Peru no longer hosts the talks.", "hosts"),
        ("Peru did not attack or threaten Chile.", "attack"),
        ("Peru did not attack or threaten Chile.", "threaten"),
    ],
)
def test_negation_and_refusal_are_negative_and_actual(text: str, predicate: str) -> None:
    context, _ = context_of(text, predicate)
    assert (context.modality, context.polarity) == (Modality.ACTUAL, Polarity.NEGATIVE)


def test_an_addition_behind_a_comma_is_the_narrator_s_and_actual() -> None:
    text = "Ruiz hopes to attend the summit, which Peru is hosting."
    assert context_of(text, "attend")[0].modality == Modality.DESIRED
    assert context_of(text, "hosting")[0].modality == Modality.ACTUAL


def test_the_reporting_itself_is_a_fact() -> None:
    context, source = context_of("Ruiz said that China threatens peace.", "said")
    assert (context.status, source) == (Status.ASSERTED, None)
