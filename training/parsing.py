"""Texts without trees → trees as the network in training reads them, so that statements can learn from syntax.

Sentences are parsed in their windows, as at run time; a sentence too long for a window gets no tree.
"""

from __future__ import annotations

import numpy as np
import torch

from kg.annotation.decode import best_tree, is_tree
from kg.annotation.paths import Tree
from training.network import Model
from training.windows import Collator, Encoded, Window, windows_of

_WINDOW = 90
_BATCH = 24


@torch.no_grad()
def parse(model: Model, texts: list[Encoded], collate: Collator, device: torch.device) -> None:
    """Put trees into the texts."""
    model.eval()
    windows: list[Window] = []
    for text in texts:
        text.trees = [None] * len(text.text.sentences)
        windows += windows_of(text, 0, len(text.text.sentences), _WINDOW)
    windows.sort(key=lambda window: window.piece_count)
    for start in range(0, len(windows), _BATCH):
        group = windows[start : start + _BATCH]
        batch = collate([[window] for window in group], layers_only=True)
        given = (batch[name].to(device) for name in ("ids", "mask", "shp", "first", "wmask"))
        with torch.autocast(device.type, torch.bfloat16):
            out = model(*given)
            best = out.arc.float().argmax(-1)
            rel = model.relations(out.ld, out.lh, best).float().argmax(-1).cpu()
        arc, tags = out.arc.float().cpu().numpy(), out.up.float().argmax(-1).cpu()
        for row, window in enumerate(group):
            _put(window, arc[row], rel[row].tolist(), tags[row].tolist())


def _put(window: Window, arc: np.ndarray, rel: list[int], tags: list[int]) -> None:
    scores = arc
    for number, (begin, end) in enumerate(window.source.text.sentences):
        first, last = begin - window.begin, end - window.begin
        if first < 0 or end > window.complete:
            continue
        columns = np.concatenate([[0], np.arange(first + 1, last + 1)])
        within = scores[first:last][:, columns]
        heads = (within.argmax(1) - 1).tolist()
        if not is_tree(heads):
            heads = best_tree(within)
        if window.source.trees is not None:
            window.source.trees[number] = Tree(heads, rel[first:last], tags[first:last])
