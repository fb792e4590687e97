"""Windows and batches: nothing is lost, no label points outside its window."""

from __future__ import annotations

import random

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: E402

from kg.annotation.paths import class_counts  # noqa: E402
from training import losses  # noqa: E402
from training.corpora import MarkedAttribution, MarkedMention, MarkedStatement, Text  # noqa: E402
from training.network import Model, Sizes  # noqa: E402
from training.windows import IGNORE, LAYERS, Collator, Encoder, Vocabulary, batches, units_of, windows_of  # noqa: E402

COUNTS = class_counts(1, 1)
SENTENCES = ["Anna Berg leads the Trade Office .", "She visited Bern on Monday , she said ."]


def text() -> Text:
    words = " ".join(SENTENCES).split()
    size = len(words)
    heads = [2, 3, 0, 6, 6, 3, 3, 2, 0, 2, 5, 2, 9, 9, 2, 2]
    tree = {layer: ["x"] * size for layer in LAYERS} | {"head": heads}
    mentions = [
        MarkedMention(0, 2, ("Person",), "name", ("anna",)),
        MarkedMention(4, 6, ("GovernmentOrganization",), "name", ("office",)),
        MarkedMention(7, 8, ("Person",), "pronoun", ("anna",)),
        MarkedMention(9, 10, ("City",), "name", ("bern",)),
        MarkedMention(11, 12, ("Date",), None, (), "2024-03-04"),
        MarkedMention(13, 14, ("Person",), "pronoun", ("anna",)),
    ]
    statements = [
        MarkedStatement(0, 1, ("leads",), False, "Actual", "Positive", False, cue=(2, 3)),
        MarkedStatement(2, 3, ("visits",), True, "Actual", "Positive", False, (8, 9), "anna", "2024-03-04"),
    ]
    attribution = MarkedAttribution((13,), (14,), (7, 8, 9, 10, 11))
    result = Text("kgnews", "t", words, [(0, 7), (7, size)], tree, [("O",)] * size, "kg", mentions)
    result.statements, result.attributions, result.attributions_complete = statements, [attribution], True
    return result


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    vocabulary = {word: number for number, word in enumerate(["[UNK]", *" ".join(SENTENCES).split()])}
    tokenizer = Tokenizer(models.WordLevel(dict(vocabulary), unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return Encoder(tokenizer, Vocabulary.collect([text()], {}))


def test_windows_hold_every_sentence_once(encoder: Encoder) -> None:
    encoded = encoder.encode(text())
    for limit in (0, 8, 100):
        windows = windows_of(encoded, 0, 2, limit)
        covered = [word for window in windows for word in range(window.begin, window.complete)]
        assert covered == list(range(len(encoded.text.words)))


def test_labels_stay_within_their_window(encoder: Encoder) -> None:
    encoded = encoder.encode(text())
    for seed in range(20):
        rng = random.Random(seed)
        for group in batches(units_of(encoded, rng), 200, rng):
            batch = Collator(0.1, rng, COUNTS)(group)
            width = batch["wmask"].sum(1)
            for row in range(len(width)):
                heads = batch["head"][row]
                assert int(heads.max()) < int(width[row])
                assert (heads[int(width[row]) - 1 :] == IGNORE).all()
            places = batch["places"]
            assert (places[:, 1] <= places[:, 2]).all()
            assert (places[:, 2] < width[places[:, 0]] - 1).all()


def test_statements_reach_the_batch(encoder: Encoder) -> None:
    encoded = encoder.encode(text())
    batch = Collator(0.0, random.Random(1), COUNTS)([windows_of(encoded, 0, 2, 100)])
    positive = [item for item in batch["gold"] if item["positive"]]
    assert len(positive) == 2
    assert sorted(item["claimed"] for item in positive) == [0, 1]
    visit = next(item for item in positive if item["claimed"])
    assert batch["places"][visit["time"][0]].tolist() == [0, 11, 11]
    assert len(visit["source"]) == 3  # every mention of the source in the window may be pointed at


def test_all_losses_are_finite(encoder: Encoder) -> None:
    encoded = encoder.encode(text())
    batch = Collator(0.0, random.Random(1), COUNTS)([windows_of(encoded, 0, 2, 100)])
    batch["ids"] = batch["ids"] % 1000
    torch.manual_seed(0)
    model = Model(Sizes(up=1, xp=1, mf=1, lem=1, rel=1))
    out = model(batch["ids"], batch["mask"], batch["shp"], batch["first"], batch["wmask"])
    found = losses.losses(model, out, batch, encoder.tag_sets())
    assert {"arc", "span", "type", "coref", "property", "pointer", "words", "source", "content"} <= set(found)
    assert np.isfinite([float(value.detach()) for value in found.values()]).all()
    losses.total(found).backward()
