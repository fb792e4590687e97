"""The numpy scorers of the run time give what the trained torch modules give."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnxruntime.transformers.optimizer", exc_type=ImportError)
pytest.importorskip("safetensors")

from kg.annotation.coreference import Candidate, CoreferenceScorer, pair_features  # noqa: E402
from kg.annotation.heads import Heads, heads_of  # noqa: E402
from kg.annotation.mentions import mention_vectors  # noqa: E402
from kg.annotation.paths import Tree, class_counts, pair_paths  # noqa: E402
from kg.annotation.statements import pair_vectors as numpy_pair_vectors  # noqa: E402
from training import labels  # noqa: E402
from training.export import head_arrays, vocabulary_json  # noqa: E402
from training.losses import pair_vectors  # noqa: E402
from training.network import Model, Sizes  # noqa: E402

WORDS = 17


@pytest.fixture(scope="module")
def model() -> Model:
    torch.manual_seed(3)
    model = Model(Sizes(up=3, xp=3, mf=3, lem=3, rel=3))
    for parameter in model.parameters():
        if parameter.dim() <= 2 and parameter.shape[0] < 1000:
            torch.nn.init.normal_(parameter, std=0.1)
    return model.eval()


@pytest.fixture(scope="module")
def heads(model: Model) -> Heads:
    names = vocabulary_json(model, {key: [] for key in ("up", "xp", "mf", "lem", "rel")})["heads"]
    return heads_of(head_arrays(model), names)


SPANS = [(0, 1), (0, 4), (2, 4), (6, 7), (8, 16), (9, 10)]


def vectors_of(model: Model, projections: torch.Tensor) -> torch.Tensor:
    places = torch.tensor([(0, begin, end - 1) for begin, end in SPANS])
    return model.mention.vectors(*model.split(projections)[:3], places)


def test_mention_and_pair_vectors(model: Model, heads: Heads) -> None:
    projections = torch.randn(1, WORDS, sum(model.parts()))
    parts = heads.split(projections[0].numpy())
    expected = vectors_of(model, projections).detach()
    found = mention_vectors(parts, np.array(SPANS), heads)
    np.testing.assert_allclose(found, expected.numpy(), atol=1e-5)
    count = len(SPANS)
    pairs = np.array([(s, o) for s in range(count) for o in range(count) if s != o])
    places = np.array([(begin, end - 1) for begin, end in SPANS])
    rows = torch.tensor([(s, o, 0) for s, o in pairs.tolist()])
    tree = Tree([-1, 0, 1, 2, 0, 4, 0, 6, 6, 8, 9, 9, 8, 12, 13, 0, 0], [0, 1, 2] * 5 + [0, 1], [2, 1, 0] * 5 + [2, 1])
    paths = pair_paths(tree, WORDS, SPANS, [(s, o) for s, o in pairs.tolist()], class_counts(3, 3))
    flat = torch.tensor([(0, begin, end - 1) for begin, end in SPANS])
    batch = {
        "places": flat,
        "pairs": rows,
        "sentence": torch.zeros(1, WORDS).long(),
        "path_words": torch.from_numpy(paths.words),
        "tops": torch.from_numpy(paths.tops),
        "path_classes": {name: torch.from_numpy(value) for name, value in paths.classes.items()},
    }
    hidden, logs = pair_vectors(model, expected, model.split(projections), batch)
    mine, weights = numpy_pair_vectors(found, places, pairs, parts, np.array([(0, WORDS)] * len(pairs)), heads, [paths])
    np.testing.assert_allclose(mine, hidden.detach().numpy(), atol=1e-4)
    np.testing.assert_allclose(weights, logs.detach().exp().numpy()[:, :, 0], atol=1e-5)


def test_coreference_scores(model: Model, heads: Heads) -> None:
    words = [
        "Anna",
        "met",
        "the",
        "minister",
        "of",
        "trade",
        ";",
        "she",
        "thanked",
        "the",
        "old",
        "minister",
        "in",
        "the",
        "city",
        "of",
        "Bern",
        ".",
    ][:WORDS]
    mentions = [Candidate(begin, end, begin // 8, "nominal") for begin, end in SPANS]
    vectors = torch.randn(len(SPANS), model.sizes.mention)
    features = pair_features(words, mentions)
    for scheme in range(len(labels.SCHEMES)):
        expected = model.coref(vectors, {k: torch.from_numpy(v) for k, v in features.items()}, scheme)
        found = CoreferenceScorer(heads.arrays).scores(vectors.numpy(), features, scheme)
        np.testing.assert_allclose(found, expected.detach().numpy(), atol=1e-4)
