"""Outputs and gold labels of a batch → one loss for each head."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
import torch.nn.functional as functional
from torch import Tensor

from training import labels
from training.network import Model, Outputs
from training.windows import IGNORE, WIDEST_SPAN

WEIGHTS = {
    "up": 1.5, "xp": 0.5, "mf": 0.5, "lem": 0.7, "ss": 1.0, "arc": 2.2, "rel": 2.0, "ner": 2.0,
    "span": 1.2, "type": 1.2, "kind": 0.2, "coref": 0.5, "cue": 1.0, "source": 0.2, "content": 0.5,
    "property": 1.3, "claimed": 0.4, "modality": 0.8, "polarity": 0.8, "pointer": 0.3, "words": 0.3,
}  # fmt: skip

CLASS_WEIGHTS = {"claimed": [1.0, 1.0], "modality": [0.6, 1.0, 1.0, 1.0, 1.0, 1.0], "polarity": [0.8, 2.0]}
"""Rare classes of a statement's status count for more."""


def losses(model: Model, out: Outputs, batch: dict[str, Any], tag_sets: Tensor) -> dict[str, Tensor]:
    """Unweighted losses of the heads that this batch has labels for."""
    found: dict[str, Tensor] = {}
    if (batch["up"] >= 0).any():
        for name in ("up", "xp", "mf", "lem"):
            found[name] = _entropy(getattr(out, name), batch[name])
        found["arc"] = _entropy(out.arc, batch["head"])
        found["rel"] = _entropy(model.relations(out.ld, out.lh, batch["head"].clamp(min=0)), batch["rel"])
    if (batch["ss"] >= 0).any():
        found["ss"] = _entropy(out.ss, batch["ss"])
    allowed = tag_sets[batch["ner"]]
    known = ~allowed.all(-1) & (batch["wmask"][:, 1:] > 0)
    if known.any():
        found["ner"] = _marginal(out.ner[known].float(), allowed[known])
    found |= _spans(out, batch)
    if len(batch["places"]):
        parts = model.split(out.pr)
        vectors = model.mention.vectors(*parts[:3], batch["places"])
        found["type"] = _marginal(model.mention.types(vectors), batch["types"])
        if (batch["kinds"] >= 0).any():
            found["kind"] = functional.cross_entropy(model.mention.kinds(vectors), batch["kinds"], ignore_index=IGNORE)
        if batch["documents"]:
            found["coref"] = _coreference(model, vectors, batch["documents"])
        if len(batch["pairs"]):
            found |= _pairs(model, vectors, parts, batch)
    if (batch["cue"] >= 0).any():
        mask = batch["cue"] >= 0
        found["cue"] = functional.binary_cross_entropy_with_logits(
            out.cue[mask].float(), batch["cue"][mask].float(), pos_weight=torch.tensor(3.0, device=out.cue.device)
        )
    if batch["attributions"]:
        found |= _attributions(model, out, batch)
    return found


def total(found: dict[str, Tensor]) -> Tensor:
    """The weighted sum."""
    return torch.stack([WEIGHTS[name] * value for name, value in found.items()]).sum()


def _entropy(scores: Tensor, gold: Tensor) -> Tensor:
    return functional.cross_entropy(scores.float().flatten(0, -2), gold.flatten(), ignore_index=IGNORE)


def _marginal(scores: Tensor, allowed: Tensor) -> Tensor:
    """Mean of -log of the summed probability of the allowed classes."""
    logs = scores.float().log_softmax(-1)
    return -(logs.masked_fill(~allowed, -1e9).logsumexp(-1)).mean()


def _spans(out: Outputs, batch: dict[str, Any]) -> dict[str, Tensor]:
    rows = (batch["channel"] >= 0).nonzero().squeeze(1)
    if not len(rows):
        return {}
    scores = out.sp[rows, batch["channel"][rows]].float()
    width = scores.shape[-1]
    sentence = batch["sentence"][rows]
    position = torch.arange(width, device=scores.device)
    step = position.unsqueeze(0) - position.unsqueeze(1)
    valid = (sentence.unsqueeze(2) == sentence.unsqueeze(1)) & (sentence >= 0).unsqueeze(2)
    valid &= (step >= 0) & (step < WIDEST_SPAN)
    gold = torch.zeros_like(scores)
    back = torch.full((len(batch["channel"]),), -1, device=scores.device)
    back[rows] = torch.arange(len(rows), device=scores.device)
    row, first, last = batch["places"].unbind(1)
    kept = back[row] >= 0
    gold[back[row[kept]], first[kept], last[kept]] = 1.0
    unsure = batch["unsure"][rows]
    surely = torch.nn.functional.pad((~unsure).long().cumsum(1), (1, 0))
    only_unsure = surely[:, 1:].unsqueeze(1) - surely[:, :-1].unsqueeze(2) == 0
    valid &= ~(only_unsure & (gold == 0))
    raw = functional.binary_cross_entropy_with_logits(scores[valid], gold[valid], reduction="sum")
    return {"span": raw / gold.sum().clamp(min=1.0)}


def _coreference(model: Model, vectors: Tensor, documents: list[dict[str, Any]]) -> Tensor:
    parts, count = [], 0
    for document in documents:
        scores = model.coref(vectors[document["mentions"]], document["features"], document["scheme"]).float()
        size = len(scores)
        before = torch.ones(size, size, dtype=torch.bool, device=scores.device).tril(-1)
        linked = document["linked"]
        none = torch.zeros(size, 1, device=scores.device)
        everything = torch.cat([none, scores.masked_fill(~before, -1e9)], 1)
        first = ~linked.any(1, keepdim=True)
        right = torch.cat([none.masked_fill(~first, -1e9), scores.masked_fill(~linked, -1e9)], 1)
        parts.append((everything.logsumexp(1) - right.logsumexp(1)).sum())
        count += size
    return torch.stack(parts).sum() / max(1, count)


def _pairs(model: Model, vectors: Tensor, parts: list[Tensor], batch: dict[str, Any]) -> dict[str, Tensor]:
    head, pairs, gold = model.pair, batch["pairs"], batch["gold"]
    hidden, weights = pair_vectors(model, vectors, parts, batch)
    scores = head.properties(hidden)
    count, classes = scores.shape
    positive = torch.zeros(count, classes, dtype=torch.bool, device=scores.device)
    ignored = torch.zeros_like(positive)
    for index, item in enumerate(gold):
        positive[index, item["positive"]] = True
        ignored[index, item["ignored"]] = True
    found = {"property": _thresholded(scores, positive, ignored)}
    marked = [index for index, item in enumerate(gold) if "claimed" in item]
    if not marked:
        return found
    chosen = hidden[marked]
    for name in ("claimed", "modality", "polarity"):
        target = torch.tensor([gold[index][name] for index in marked], device=scores.device)
        found[name] = functional.cross_entropy(
            getattr(head, name)(chosen), target, weight=torch.tensor(CLASS_WEIGHTS[name], device=scores.device)
        )
    row = batch["places"][:, 0]
    same = row[pairs[marked, 0]].unsqueeze(1) == row.unsqueeze(0)
    queries = head.pointer(chosen).view(len(marked), len(labels.POINTERS), -1)
    keys = head.pointed(vectors).view(len(vectors), len(labels.POINTERS), -1)
    nothing = head.nothing(chosen)
    terms = []
    for number, name in enumerate(labels.POINTERS):
        kept = [i for i, index in enumerate(marked) if gold[index][name] is not None]
        if not kept:
            continue
        logits = (queries[kept, number] @ keys[:, number].T).masked_fill(~same[kept], -1e9)
        logits = torch.cat([nothing[kept, number].unsqueeze(1), logits], 1)
        allowed = torch.zeros_like(logits, dtype=torch.bool)
        for i, k in enumerate(kept):
            targets = gold[marked[k]][name]
            allowed[i, [1 + t for t in targets] if targets else [0]] = True
        terms.append(_marginal(logits, allowed))
    found["pointer"] = torch.stack(terms).sum()
    cued = [index for index in marked if "cue" in gold[index]]
    if cued:
        inside = torch.zeros(len(cued), weights.shape[1], dtype=torch.bool, device=scores.device)
        for i, index in enumerate(cued):
            inside[i, slice(*gold[index]["cue"])] = True
        found["words"] = -(weights[cued, :, 0].masked_fill(~inside, -1e9).logsumexp(1)).mean()
    return found


def pair_vectors(model: Model, vectors: Tensor, parts: list[Tensor], batch: dict[str, Any]) -> tuple[Tensor, Tensor]:
    """Vectors of the batch's pairs and the log-weights of their attention (pairs × words × heads)."""
    head, places, pairs, sentence = model.pair, batch["places"], batch["pairs"], batch["sentence"]
    queries = head.query(vectors).chunk(2, -1)
    keys, values = parts[3].float(), parts[4].float()
    subject, target = places[pairs[:, 0], 1:], places[pairs[:, 1], 1:]
    width = keys.shape[1]
    regions = head.regions(subject, target, width)
    order = (target[:, 0] < subject[:, 0]).long()
    contexts, logs, on_path = [], [], []
    changes = (pairs[1:, 2] != pairs[:-1, 2]).nonzero().squeeze(1) + 1
    bounds = [0, *changes.tolist(), len(pairs)]
    for begin, end in pairwise(bounds):
        row = int(pairs[begin, 2])
        s, o = pairs[begin:end, 0], pairs[begin:end, 1]
        raw = head.attention((queries[0][s], queries[1][o]), keys[row], regions[begin:end], order[begin:end])
        here = sentence[row].unsqueeze(0) == sentence[row, subject[begin:end, 0]].unsqueeze(1)
        log = raw.masked_fill(~here.unsqueeze(2), -1e9).log_softmax(1)
        spread = values[row].view(width, head.HEADS, -1)
        contexts.append(torch.einsum("pwh,whd->phd", log.exp(), spread).flatten(1))
        logs.append(log)
        on_path.append(batch["path_words"][begin:end] @ values[row])
    known = batch["path_words"].any(1, keepdim=True)
    tops = values[pairs[:, 2], batch["tops"]] * known
    syntax = head.syntax(batch["path_classes"], torch.cat(on_path), tops)
    gaps = head.gaps(subject, target)
    hidden = head.hidden(vectors[pairs[:, 0]], vectors[pairs[:, 1]], torch.cat(contexts), gaps, syntax)
    return hidden, torch.cat(logs)


def _thresholded(scores: Tensor, positive: Tensor, ignored: Tensor) -> Tensor:
    """Positive classes above the last one, the threshold; all others below it (Zhou et al. 2021)."""
    threshold = torch.zeros_like(positive)
    threshold[:, -1] = True
    upper = scores.masked_fill(~(positive | threshold), -1e9)
    above = -(upper.log_softmax(-1) * positive).sum(-1)
    lower = scores.masked_fill(positive | ignored, -1e9)
    below = -lower.log_softmax(-1)[:, -1]
    return (above.sum() + below.sum()) / positive.any(1).sum().clamp(min=1)


def _attributions(model: Model, out: Outputs, batch: dict[str, Any]) -> dict[str, Tensor]:
    device = out.pr.device
    items = batch["attributions"]
    row = torch.tensor([item[0] for item in items], device=device)
    cue = torch.tensor([item[1] for item in items], device=device)
    source, none, content = model.attribution.scores(model.split(out.pr)[5:], row, cue)
    real = batch["wmask"][row, 1:] > 0
    logits = torch.cat([none.unsqueeze(1), source.masked_fill(~real, -1e9)], 1)
    allowed = torch.zeros_like(logits, dtype=torch.bool)
    weight = torch.zeros_like(content)
    gold = torch.zeros_like(content)
    kept = []
    for index, (_, _, words, has_source, inside, outside) in enumerate(items):
        if words or not has_source:
            kept.append(index)
            allowed[index, [1 + w for w in words] if words else [0]] = True
        gold[index, inside] = 1.0
        weight[index, inside] = 1.0
        weight[index, outside] = 1.0
    found = {}
    if kept:
        found["source"] = _marginal(logits[kept], allowed[kept])
    if weight.any():
        raw = functional.binary_cross_entropy_with_logits(content, gold, weight=weight, reduction="sum")
        found["content"] = raw / weight.sum()
    return found
