"""Scores of a window → attributions: reporting words, their sources, and the words that they report."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kg.annotation.heads import Floats, Heads

_STEPS = np.array([1, 2, 3, 5, 8, 12, 20, 40])  # lower bounds of the classes of distance from the cue
_SHORTEST_GAP = 4  # words: smaller holes in the content are filled
_SHORTEST_RUN = 3  # words: shorter pieces beside a longer one are noise


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAttribution:
    """Words of the window: the reporting word, a word of its source (None: not told), the reported stretches."""

    cue: int
    source: int | None
    content: tuple[tuple[int, int], ...]


def find_attributions(
    cue_scores: Floats, parts: dict[str, Floats], heads: Heads, threshold: float = 0.0
) -> list[FoundAttribution]:
    """Attributions of a window, in the order of their cues. `cue_scores` are log-odds, one a word."""
    cues = np.flatnonzero(cue_scores > threshold)
    if not len(cues):
        return []
    words = len(cue_scores)
    step = np.arange(words)[None, :] - cues[:, None]
    size = np.searchsorted(_STEPS, np.abs(step), side="right")
    classes = np.where(step < 0, len(_STEPS) - size, len(_STEPS) + size)
    distance = heads.arrays["attribution.distance"]
    query = parts["source_query"][cues]
    sources = query @ parts["source_key"].T + distance[0][classes]
    nobody = query @ heads.arrays["attribution.none"]
    contents = parts["content_query"][cues] @ parts["content_key"].T + distance[1][classes]
    contents = contents + heads.arrays["attribution.content_bias"][0]
    found = []
    for row, cue in enumerate(cues):
        sources[row, cue] = -np.inf
        best = int(sources[row].argmax())
        content = _stretches(np.flatnonzero(contents[row] > 0), int(cue))
        if content:
            told = bool(sources[row, best] > nobody[row])
            found.append(FoundAttribution(cue=int(cue), source=best if told else None, content=content))
    return found


def _stretches(indices: np.ndarray, cue: int) -> tuple[tuple[int, int], ...]:
    """Runs of indices as (begin, end), joined over small gaps that do not hold the cue, without the shortest."""
    runs: list[list[int]] = []
    for index in indices.tolist():
        if index == cue:
            continue
        if runs and index - runs[-1][1] < _SHORTEST_GAP and not runs[-1][1] <= cue < index:
            runs[-1][1] = index + 1
        else:
            runs.append([index, index + 1])
    longest = max((end - begin for begin, end in runs), default=0)
    return tuple((begin, end) for begin, end in runs if end - begin >= min(longest, _SHORTEST_RUN))
