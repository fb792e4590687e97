"""Numpy scorers over hand-made weights: spans that nest, chains that names may join, attributions."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kg.annotation.attributions import find_attributions
from kg.annotation.coreference import (
    FEATURE_SIZES,
    Candidate,
    CoreferenceScorer,
    Forms,
    chains,
    form_features,
    pair_features,
)
from kg.annotation.heads import Heads, gelu, sigmoid, softmax
from kg.annotation.mentions import THRESHOLD, FoundMention, find_spans, voted_types
from kg.annotation.statements import candidate_pairs

WIDTH = 4
TYPES = ("Person", "Country", "Date")


def heads(**arrays: np.ndarray) -> Heads:
    return Heads(
        arrays={name.replace("_dot_", "."): value for name, value in arrays.items()},
        types=TYPES,
        kinds=("name", "nominal", "pronoun"),
        properties=("leads",),
        modalities=("Actual",),
        polarities=("Positive", "Negative"),
        pointers=("source",),
        channels=("kg",),
        widths=(WIDTH,),
    )


def mention(
    begin: int, end: int, shares: tuple[float, float, float], kind: str = "name", sentence: int = 0
) -> FoundMention:
    best = int(np.argmax(shares))
    return FoundMention(
        begin=begin, end=end, sentence=sentence, type=TYPES[best], kind=kind, score=0.9, certainty=shares[best],
        vector=np.zeros(WIDTH, np.float32), type_shares=np.array(shares, np.float32),
    )  # fmt: skip


@given(arrays(np.float32, (7, 7), elements=st.floats(-3, 3, width=32)))
def test_spans_never_cross(scores: np.ndarray) -> None:
    spans = find_spans(scores)
    for a, b, score in spans:
        assert 0 <= a < b <= 7
        assert score > THRESHOLD
        for c, d, _ in spans:
            assert not a < c < b < d


def test_the_better_of_two_crossing_spans_stays() -> None:
    scores = np.full((4, 4), -1.0, np.float32)
    scores[0, 1], scores[1, 2], scores[0, 3] = 1.0, 2.0, 0.5
    assert [(a, b) for a, b, _ in find_spans(scores)] == [(0, 4), (1, 3)]


def eager_scorer() -> CoreferenceScorer:
    """Links everything to the mention before it."""
    weights = {f"coref.{name}": np.zeros((1, WIDTH), np.float32) for name in ("later", "earlier", "left", "right")}
    weights |= {"coref.scheme": np.zeros((2, 1), np.float32), "coref.anaphoric": np.zeros(WIDTH, np.float32)}
    weights |= {"coref.bias": np.ones(1, np.float32), "coref.out": np.ones(1, np.float32)}
    weights |= {f"coref.table.{name}": np.zeros((size, 1), np.float32) for name, size in FEATURE_SIZES.items()}
    weights["coref.table.gap"] = -np.arange(10, dtype=np.float32)[:, None] / 10
    return CoreferenceScorer(weights)


def test_a_name_joins_no_chain_of_another_name() -> None:
    words = ["Peru", "and", "China", "met", ";", "the", "Peruvian", "envoy", "thanked", "it"]
    names = [Candidate(begin, begin + 1, 0, "name") for begin in (0, 2, 6)]
    mentions = [*names, Candidate(9, 10, 0, "pronoun")]
    found = chains(words, mentions, np.zeros((4, WIDTH), np.float32), eager_scorer())
    assert found == [[0, 2, 3], [1]]


@given(st.integers(1, 200))
def test_chains_hold_every_mention_once(count: int) -> None:
    words = ["it"] * count
    mentions = [Candidate(i, i + 1, i // 5, "pronoun") for i in range(count)]
    found = chains(words, mentions, np.zeros((count, WIDTH), np.float32), eager_scorer())
    assert sorted(index for chain in found for index in chain) == list(range(count))


def test_features_of_later_rows_are_those_of_the_whole() -> None:
    words = ["Ann", "Lee", "met", "the", "minister", "of", "trade", ";", "Lee", "praised", "the", "trade", "minister"]
    spans = ((0, 2, 0, "name"), (3, 7, 0, "nominal"), (8, 9, 1, "name"), (10, 13, 1, "nominal"))
    mentions = [Candidate(*span) for span in spans]
    forms = Forms(words)
    whole, rest = pair_features(words, mentions), form_features([forms.of(m) for m in mentions], 2)
    for name, values in whole.items():
        np.testing.assert_array_equal(values[2:], rest[name])
        assert values.max() < FEATURE_SIZES[name]


def test_a_pronoun_takes_the_type_of_its_chain() -> None:
    mentions = [
        mention(0, 1, (0.05, 0.9, 0.05)),
        mention(3, 4, (0.5, 0.45, 0.05), "pronoun"),
        mention(5, 6, (0.0, 0.1, 0.9)),
    ]
    assert [kind for kind, _ in voted_types(mentions, [(0, 1)], heads())] == ["Country", "Country", "Date"]


def test_pairs_share_a_sentence_and_values_are_objects_only() -> None:
    mentions = [mention(0, 1, (1, 0, 0)), mention(2, 3, (0, 0, 1)), mention(5, 6, (0, 1, 0), sentence=1)]
    assert candidate_pairs(mentions, 2).tolist() == [[0, 1]]


def test_attribution_points_at_its_source_and_content() -> None:
    words = 6  # Ann said Peru will win .
    one_hot = np.eye(words, WIDTH, dtype=np.float32)
    parts = {
        "source_query": np.tile(10 * one_hot[0], (words, 1)),
        "source_key": one_hot,
        "content_query": np.ones((words, WIDTH), np.float32),
        "content_key": np.array([[-1] * 4, [1] * 4, [1] * 4, [1] * 4, [1] * 4, [-1] * 4], np.float32),
    }
    weights = {
        "attribution.distance": np.zeros((2, 17), np.float32),
        "attribution.none": np.zeros(WIDTH, np.float32),
        "attribution.content_bias": np.zeros(2, np.float32),
    }
    scores = np.array([-5, 5, -5, -5, -5, -5], np.float32)
    found = find_attributions(scores, parts, heads(**{name.replace(".", "_dot_"): v for name, v in weights.items()}))
    assert [(item.cue, item.source, item.content) for item in found] == [(1, 0, ((2, 5),))]


@given(arrays(np.float32, 5, elements=st.floats(-8, 8, width=32)))
def test_activations(values: np.ndarray) -> None:
    assert abs(float(softmax(values).sum()) - 1) < 1e-5
    np.testing.assert_allclose(sigmoid(values) + sigmoid(-values), 1, atol=1e-5)
    np.testing.assert_allclose(gelu(values) - gelu(-values), values, atol=1e-5)
