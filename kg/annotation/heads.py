"""Weights of the small scorers that run in numpy, for the few words and mentions that need them.

The network gives each word one vector of projections, `pr`; the scorers of mentions, pairs of mentions, coreference and
attribution take their parts of it by name. `heads.npz` holds their weights, `vocab.json` their label names and widths.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.errors import AnnotationError

Floats = NDArray[np.float32]

PARTS = ("start", "end", "middle", "key", "value", "source_query", "source_key", "content_query", "content_key")
"""Names of the parts of `pr`, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """The scorers' weights by name, and the names of the classes that they tell apart."""

    arrays: Mapping[str, Floats]
    types: tuple[str, ...]  # of mentions
    kinds: tuple[str, ...]
    properties: tuple[str, ...]  # local names; `OPEN` for a relation that the ontology does not name
    modalities: tuple[str, ...]
    polarities: tuple[str, ...]
    pointers: tuple[str, ...]
    channels: tuple[str, ...]  # schemes of mention spans that the network scores
    widths: tuple[int, ...]  # of the parts of `pr`
    deprels: tuple[str, ...] = ()  # labels and tags of the trees that pairs are read with
    upos: tuple[str, ...] = ()

    def linear(self, name: str, values: Floats) -> Floats:
        """`values` through the linear layer `name`."""
        result = values @ self.arrays[f"{name}.weight"].T
        bias = self.arrays.get(f"{name}.bias")
        return result if bias is None else result + bias

    def split(self, projections: Floats) -> dict[str, Floats]:
        """The parts of `pr` (words × all) by name."""
        bounds = np.cumsum(self.widths)[:-1]
        return dict(zip(PARTS, np.split(projections, bounds, axis=1), strict=True))


def load_heads(folder: Path) -> Heads | None:
    """The scorers of a model's folder; None when that model has none. Raises `AnnotationError` when unreadable."""
    path = folder / "heads.npz"
    if not path.is_file():
        return None
    try:
        with np.load(path) as stored:
            arrays = {name: stored[name].astype(np.float32) for name in stored.files}
        names = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["heads"]
    except (OSError, ValueError, KeyError) as error:
        raise AnnotationError(f"{path}: cannot be read ({error}); install the package anew") from error
    return heads_of(arrays, names)


def heads_of(arrays: Mapping[str, Floats], names: Mapping[str, Sequence[Any]]) -> Heads:
    """Scorers of these weights; `names` is what `vocab.json` holds under `heads`."""
    return Heads(
        arrays=arrays,
        types=tuple(names["types"]),
        kinds=tuple(names["kinds"]),
        properties=tuple(names["properties"]),
        modalities=tuple(names["modalities"]),
        polarities=tuple(names["polarities"]),
        pointers=tuple(names["pointers"]),
        channels=tuple(names["channels"]),
        widths=tuple(names["widths"]),
        deprels=tuple(names.get("deprels", ())),
        upos=tuple(names.get("upos", ())),
    )


def gelu(values: Floats) -> Floats:
    """Gaussian error linear unit; the error function to 1.5e-7 (Abramowitz and Stegun 7.1.26)."""
    scaled = np.abs(values) * np.float32(0.7071067811865476)
    t = 1.0 / (1.0 + 0.3275911 * scaled)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    error = np.copysign(1.0 - poly * np.exp(-scaled * scaled), values)
    return np.asarray(values * 0.5 * (1.0 + error), np.float32)


def softmax(scores: Floats, axis: int = -1) -> Floats:
    """Probabilities along an axis."""
    raised = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return np.asarray(raised / raised.sum(axis=axis, keepdims=True), np.float32)


def sigmoid(scores: Floats) -> Floats:
    """Probability of a log-odds."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * scores)), np.float32)
