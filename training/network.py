"""The network: MiniLM's encoder, written out plainly, and the heads over its word vectors.

`Model.forward` computes what the exported graph computes: scores per word and per pair of words, and one vector of
projections per word (`pr`), from which the small scorers (`MentionHead`, `PairHead`, `CoreferenceHead`,
`AttributionHead`) work at run time in numpy, for mentions alone.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as functional
from safetensors.torch import load_file
from torch import Tensor, nn

from kg.annotation.coreference import FEATURE_SIZES
from kg.annotation.paths import class_counts
from training import labels

HIDDEN, LAYERS, ATTENTION_HEADS, FEED_FORWARD, POSITIONS, PIECES = 384, 6, 12, 1536, 512, 30522
SHAPES = 11


@dataclass(frozen=True, slots=True)
class Sizes:
    """Numbers of classes and widths of the heads."""

    up: int
    xp: int
    mf: int
    lem: int
    rel: int
    arc: int = 256
    label: int = 96
    span: int = 128
    mention: int = 192
    key: int = 96
    pointer: int = 48
    pair: int = 256
    coref: int = 64


class Dropout(nn.Module):
    """Dropout from a pool of random numbers drawn once: drawing anew took a tenth of the training time on a CPU."""

    POOL = 1 << 23

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share
        self.pool: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        if self.pool is None or self.pool.device != x.device:
            self.pool = (torch.rand(self.POOL, device=x.device) >= self.share).to(torch.bfloat16) / (1 - self.share)
        size = x.numel()
        if size >= self.POOL:
            return functional.dropout(x, self.share)
        start = int(torch.randint(self.POOL - size, (1,)))
        return x * self.pool[start : start + size].view_as(x)


class Layer(nn.Module):
    """One transformer layer of BERT (layer norm after the residual)."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.up = nn.Linear(HIDDEN, FEED_FORWARD)
        self.down = nn.Linear(FEED_FORWARD, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.drop = Dropout(0.1)

    def forward(self, x: Tensor, bias: Tensor, real: Tensor | None) -> Tensor:
        """`x` is pieces × HIDDEN when `real` says where they stand in a padded batch, else batch × length × HIDDEN."""
        batch, length = bias.shape[0], bias.shape[-1]
        qkv = self.qkv(x)
        if real is not None:
            qkv = qkv.new_zeros(batch * length, 3 * HIDDEN).index_copy(0, real, qkv)
        width = HIDDEN // ATTENTION_HEADS
        q, k, v = qkv.view(batch, length, 3, ATTENTION_HEADS, width).permute(2, 0, 3, 1, 4).unbind(0)
        weights = ((q * width**-0.5) @ k.transpose(-1, -2) + bias).softmax(-1)
        mixed = (weights.to(v.dtype) @ v).transpose(1, 2).reshape(batch, length, HIDDEN)
        if real is not None:
            mixed = mixed.view(-1, HIDDEN).index_select(0, real)
        x = self.norm1(x + self.drop(self.out(mixed)))
        result: Tensor = self.norm2(x + self.drop(self.down(functional.gelu(self.up(x)))))
        return result


class TextEncoder(nn.Module):
    """Word pieces and spellings → vectors."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces = nn.Embedding(PIECES, HIDDEN)
        self.positions = nn.Embedding(POSITIONS, HIDDEN)
        self.shapes = nn.Embedding(SHAPES, HIDDEN)
        nn.init.normal_(self.shapes.weight, std=0.02)
        with torch.no_grad():
            self.shapes.weight[0].zero_()
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.drop = Dropout(0.1)

    def forward(self, ids: Tensor, mask: Tensor, shapes: Tensor) -> Tensor:
        x = self.pieces(ids) + self.positions.weight[: ids.shape[1]] + self.shapes(shapes)
        x = self.drop(self.norm(x))
        bias = (1.0 - mask.to(x.dtype))[:, None, None, :] * -10000.0
        real = mask.flatten().nonzero().squeeze(1) if self.training else None
        if real is None:
            for layer in self.layers:
                x = layer(x, bias, None)
            return x
        shape = x.shape
        x = x.view(-1, HIDDEN).index_select(0, real)  # no work on padding: a third of a batch of mixed windows
        for layer in self.layers:
            x = layer(x, bias, real)
        return x.new_zeros(shape[0] * shape[1], HIDDEN).index_copy(0, real, x).view(shape)

    def load_minilm(self, path: Path) -> None:
        """Take the weights of a BERT-shaped encoder from its safetensors file."""
        given = load_file(str(path))
        given = {name.removeprefix("bert."): value for name, value in given.items()}
        with torch.no_grad():
            self.pieces.weight.copy_(given["embeddings.word_embeddings.weight"])
            types = given["embeddings.token_type_embeddings.weight"][0]
            self.positions.weight.copy_(given["embeddings.position_embeddings.weight"] + types)
            _copy(self.norm, given, "embeddings.LayerNorm")
            for number, layer in enumerate(self.layers):
                base = f"encoder.layer.{number}"
                for part in ("weight", "bias"):
                    joined = [given[f"{base}.attention.self.{name}.{part}"] for name in ("query", "key", "value")]
                    getattr(layer.qkv, part).copy_(torch.cat(joined))
                _copy(layer.out, given, f"{base}.attention.output.dense")
                _copy(layer.norm1, given, f"{base}.attention.output.LayerNorm")
                _copy(layer.up, given, f"{base}.intermediate.dense")
                _copy(layer.down, given, f"{base}.output.dense")
                _copy(layer.norm2, given, f"{base}.output.LayerNorm")


def _copy(module: nn.Module, given: dict[str, Tensor], name: str) -> None:
    for part in ("weight", "bias"):
        getattr(module, part).copy_(given[f"{name}.{part}"])


class Outputs(NamedTuple):
    """Of the exported graph, in its order; W words, without the root unless said."""

    up: Tensor  # B W labels
    xp: Tensor
    mf: Tensor
    lem: Tensor
    ner: Tensor
    ss: Tensor  # B W 2
    arc: Tensor  # B W W+1: score of each head, the root first
    ld: Tensor  # B W label: as dependent
    lh: Tensor  # B W+1 label: as head, the root first
    sp: Tensor  # B channels W W: score of the span from row to column
    cue: Tensor  # B W: log-odds of a reporting word
    pr: Tensor  # B W projections


class Model(nn.Module):
    """The encoder and everything that is computed for every word."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.encoder = TextEncoder()
        self.drop = Dropout(0.1)
        self.up, self.xp = nn.Linear(HIDDEN, sizes.up), nn.Linear(HIDDEN, sizes.xp)
        self.mf, self.lem = nn.Linear(HIDDEN, sizes.mf), nn.Linear(HIDDEN, sizes.lem)
        self.ner, self.ss = nn.Linear(HIDDEN, len(labels.NER_TAGS)), nn.Linear(HIDDEN, 2)
        self.cue = nn.Linear(HIDDEN, 1)
        self.tree = nn.Linear(HIDDEN, 2 * sizes.arc + 2 * sizes.label)
        self.arc = nn.Parameter(torch.randn(sizes.arc, sizes.arc) * 0.02)
        self.arc_head = nn.Parameter(torch.zeros(sizes.arc))
        self.rel = nn.Parameter(torch.randn(sizes.rel, sizes.label, sizes.label) * 0.02)
        self.rel_linear = nn.Linear(2 * sizes.label, sizes.rel)
        channels = len(labels.SPAN_CHANNELS)
        self.span = nn.Linear(HIDDEN, 2 * channels * sizes.span)
        self.span_end = nn.Parameter(torch.zeros(channels, sizes.span))
        self.span_bias = nn.Parameter(torch.full((channels,), -3.0))
        self.proj = nn.Linear(HIDDEN, sum(self.parts()))
        self.mention = MentionHead(sizes)
        self.pair = PairHead(sizes)
        self.coref = CoreferenceHead(sizes)
        self.attribution = AttributionHead(sizes)

    def parts(self) -> tuple[int, ...]:
        """Widths of the parts of `pr`: mention start, end, middle; keys and values of pairs; attribution's four."""
        s = self.sizes
        return (s.mention, s.mention, s.mention, s.key, s.key, s.pointer, s.pointer, s.pointer, s.pointer)

    def forward(self, ids: Tensor, mask: Tensor, shp: Tensor, first: Tensor, wmask: Tensor) -> Outputs:
        pieces = self.encoder(ids, mask, shp)
        return self.heads(pieces.gather(1, first.unsqueeze(-1).expand(-1, -1, HIDDEN)), wmask)

    def heads(self, words: Tensor, wmask: Tensor) -> Outputs:
        """Everything computed for every word, from the vectors of root and words (B W+1 HIDDEN)."""
        words = self.drop(words)
        x = words[:, 1:]
        s = self.sizes
        tree = functional.gelu(self.tree(words))
        dep, head, ld, lh = (self.drop(t) for t in tree.split([s.arc, s.arc, s.label, s.label], -1))
        arc = (dep[:, 1:] @ self.arc) @ head.transpose(1, 2) + (head @ self.arc_head).unsqueeze(1)
        arc = arc + (1.0 - wmask.to(arc.dtype)).unsqueeze(1) * -10000.0
        batch, width = x.shape[0], x.shape[1]
        channels = len(labels.SPAN_CHANNELS)
        span = self.drop(functional.gelu(self.span(x))).view(batch, width, 2 * channels, s.span).transpose(1, 2)
        begin, end = span[:, :channels], span[:, channels:]
        sp = begin @ end.transpose(2, 3) / math.sqrt(s.span)
        sp = sp + (end * self.span_end.unsqueeze(1)).sum(-1).unsqueeze(2) + self.span_bias.view(1, channels, 1, 1)
        return Outputs(
            self.up(x), self.xp(x), self.mf(x), self.lem(x), self.ner(x), self.ss(x), arc, ld[:, 1:], lh, sp,
            self.cue(x).squeeze(-1), self.proj(x),
        )  # fmt: skip

    def relations(self, ld: Tensor, lh: Tensor, head: Tensor) -> Tensor:
        """Scores of dependency labels for given heads (B W, 0 the root)."""
        chosen = lh.gather(1, head.unsqueeze(-1).expand(-1, -1, lh.size(-1)))
        count, width, _ = self.rel.shape
        turned = (ld @ self.rel.permute(1, 0, 2).reshape(width, count * width)).view(*ld.shape[:2], count, width)
        scores: Tensor = (turned * chosen.unsqueeze(2)).sum(-1) + self.rel_linear(torch.cat([ld, chosen], -1))
        return scores

    def split(self, pr: Tensor) -> list[Tensor]:
        """`pr` cut into its parts."""
        return list(pr.split(list(self.parts()), -1))


WIDTHS = (1, 2, 3, 4, 5, 7, 10, 15, 25)
"""Lower bounds of the classes of a mention's length in words."""


class MentionHead(nn.Module):
    """Projections of a span's first, last and all words → mention vector → type and kind."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.width = nn.Embedding(len(WIDTHS), sizes.mention)
        nn.init.normal_(self.width.weight, std=0.02)
        self.types = nn.Linear(sizes.mention, len(labels.MENTION_TYPES))
        self.kinds = nn.Linear(sizes.mention, len(labels.KINDS))
        self.drop = Dropout(0.15)

    def vectors(self, start: Tensor, end: Tensor, middle: Tensor, places: Tensor) -> Tensor:
        """Vectors of the spans `places` (mentions × row, first word, last word)."""
        row, first, last = places.unbind(1)
        sums = functional.pad(middle.float().cumsum(1), (0, 0, 1, 0))
        count = (last - first + 1).unsqueeze(1)
        mean = (sums[row, last + 1] - sums[row, first]) / count
        bounds = torch.tensor(WIDTHS[1:], device=places.device)
        width = self.width(torch.bucketize(count.squeeze(1), bounds, right=True))
        total = start[row, first].float() + end[row, last].float() + mean + width.float()
        vectors: Tensor = self.drop(functional.gelu(total))
        return vectors


class PairHead(nn.Module):
    """Two mentions of a sentence, and its words → properties, status, modality, polarity, pointers."""

    HEADS = 4
    REGIONS = 5
    GAPS = (1, 2, 3, 4, 6, 9, 14, 20)

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.query = nn.Linear(sizes.mention, 2 * sizes.key)
        self.region = nn.Parameter(torch.zeros(2, self.REGIONS, self.HEADS))
        self.subject = nn.Linear(sizes.mention, sizes.pair)
        self.object = nn.Linear(sizes.mention, sizes.pair, bias=False)
        self.context = nn.Linear(sizes.key, sizes.pair, bias=False)
        self.left = nn.Linear(sizes.mention, 64, bias=False)
        self.right = nn.Linear(sizes.mention, 64, bias=False)
        self.product = nn.Linear(64, sizes.pair, bias=False)
        self.gap = nn.Embedding(2 * (len(self.GAPS) + 1) + 2, sizes.pair)
        nn.init.normal_(self.gap.weight, std=0.02)
        self.paths = nn.ModuleDict(
            {name: nn.Embedding(count, sizes.pair) for name, count in class_counts(sizes.rel, sizes.up).items()}
        )
        self.path = nn.Linear(sizes.key, sizes.pair, bias=False)
        self.top = nn.Linear(sizes.key, sizes.pair, bias=False)
        for part in (self.path, self.top, *self.paths.values()):
            nn.init.zeros_(part.weight)
        self.middle = nn.Linear(sizes.pair, sizes.pair)
        self.drop = Dropout(0.2)
        self.properties = nn.Linear(sizes.pair, len(labels.PROPERTIES) + 1)  # the threshold last
        self.claimed = nn.Linear(sizes.pair, len(labels.STATUSES))
        self.modality = nn.Linear(sizes.pair, len(labels.MODALITIES))
        self.polarity = nn.Linear(sizes.pair, len(labels.POLARITIES))
        self.pointer = nn.Linear(sizes.pair, len(labels.POINTERS) * sizes.pointer)
        self.pointed = nn.Linear(sizes.mention, len(labels.POINTERS) * sizes.pointer)
        self.nothing = nn.Linear(sizes.pair, len(labels.POINTERS))

    def gaps(self, subject: Tensor, target: Tensor) -> Tensor:
        """Class of the distance and order of two spans (pairs × first word, last word)."""
        bounds = torch.tensor(self.GAPS, device=subject.device)
        forward = target[:, 0] - subject[:, 1]
        backward = subject[:, 0] - target[:, 1]
        steps = len(self.GAPS) + 1
        result = torch.bucketize(forward.clamp(min=0), bounds, right=True)
        result = torch.where(backward > 0, steps + torch.bucketize(backward, bounds, right=True), result)
        within = (target[:, 0] >= subject[:, 0]) & (target[:, 1] <= subject[:, 1])
        around = (subject[:, 0] >= target[:, 0]) & (subject[:, 1] <= target[:, 1])
        result = torch.where(within, 2 * steps, result)
        return torch.where(around & ~within, 2 * steps + 1, result)

    def regions(self, subject: Tensor, target: Tensor, width: int) -> Tensor:
        """Where each word stands to two spans (pairs × words): before, in the first, between, in the second, after."""
        position = torch.arange(width, device=subject.device).unsqueeze(0)
        swap = (target[:, 0] < subject[:, 0]).unsqueeze(1)
        one = torch.where(swap, target, subject)
        two = torch.where(swap, subject, target)
        result = (position >= one[:, :1]).long() + (position > one[:, 1:]).long()
        result = torch.where(position >= two[:, :1], torch.full_like(result, 3), result)
        return torch.where((position > two[:, 1:]) & (position > one[:, 1:]), torch.full_like(result, 4), result)

    def attention(self, queries: tuple[Tensor, Tensor], keys: Tensor, regions: Tensor, order: Tensor) -> Tensor:
        """Log-weights (pairs × words × heads) before the softmax; `keys` is words × key."""
        shape = (-1, self.HEADS, self.sizes.key // self.HEADS)
        spread = keys.view(*shape)
        scale = 1.0 / math.sqrt(shape[2])
        total = torch.einsum("phd,whd->pwh", (queries[0] + queries[1]).view(*shape), spread) * scale
        return total + self.region[order.unsqueeze(1), regions]

    def syntax(self, classes: dict[str, Tensor], on_path: Tensor, top: Tensor) -> Tensor:
        """What the tree tells of pairs: classes, mean value vector of the path's words, that of its topmost word."""
        total = self.path(on_path) + self.top(top)
        for name, table in self.paths.items():
            total = total + table(classes[name])
        return total

    def hidden(self, subject: Tensor, target: Tensor, context: Tensor, gaps: Tensor, syntax: Tensor) -> Tensor:
        """Pair vectors."""
        total = self.subject(subject) + self.object(target) + self.context(context) + self.gap(gaps) + syntax
        total = self.drop(functional.gelu(total + self.product(self.left(subject) * self.right(target))))
        vectors: Tensor = self.drop(functional.gelu(self.middle(total)) + total)
        return vectors


class CoreferenceHead(nn.Module):
    """Mention vectors and pair features → scores; the counterpart of `kg.annotation.coreference.CoreferenceScorer`."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        width = sizes.coref
        self.later = nn.Linear(sizes.mention, width, bias=False)
        self.earlier = nn.Linear(sizes.mention, width)
        self.scheme = nn.Embedding(len(labels.SCHEMES), width)
        self.tables = nn.ModuleDict({name: nn.Embedding(size, width) for name, size in FEATURE_SIZES.items()})
        for table in [self.scheme, *self.tables.values()]:
            nn.init.normal_(table.weight, std=0.05)
        self.out = nn.Linear(width, 1, bias=False)
        self.left = nn.Linear(sizes.mention, width, bias=False)
        self.right = nn.Linear(sizes.mention, width, bias=False)
        self.anaphoric = nn.Linear(sizes.mention, 1, bias=False)
        for part in (self.left, self.right):
            nn.init.normal_(part.weight, std=0.02)

    def forward(self, vectors: Tensor, features: dict[str, Tensor], scheme: int) -> Tensor:
        """Scores (mentions × mentions) of each column as antecedent of each row."""
        hidden = (self.later(vectors) + self.scheme.weight[scheme]).unsqueeze(1) + self.earlier(vectors).unsqueeze(0)
        for name, table in self.tables.items():
            hidden = hidden + table(features[name])
        scores = self.out(functional.relu(hidden)).squeeze(-1)
        result: Tensor = scores + self.left(vectors) @ self.right(vectors).T + self.anaphoric(vectors)
        return result


class AttributionHead(nn.Module):
    """Pointers from a reporting word to its source and to the words it reports."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.none = nn.Parameter(torch.zeros(sizes.pointer))
        self.content_bias = nn.Parameter(torch.zeros(2))
        self.distance = nn.Parameter(torch.zeros(2, 2 * len(self.STEPS) + 1))

    STEPS = (1, 2, 3, 5, 8, 12, 20, 40)

    def offsets(self, cue: Tensor, width: int) -> Tensor:
        """Class of each word's signed distance from the cue (cues × words)."""
        bounds = torch.tensor(self.STEPS, device=cue.device)
        step = torch.arange(width, device=cue.device).unsqueeze(0) - cue.unsqueeze(1)
        size = torch.bucketize(step.abs(), bounds, right=True)
        return torch.where(step < 0, len(self.STEPS) - size, len(self.STEPS) + size)

    def scores(self, parts: list[Tensor], row: Tensor, cue: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Scores of each word as (part of) the source, of there being none, and of each word as content."""
        source_query, source_key, content_query, content_key = parts
        width = source_key.shape[1]
        offsets = self.offsets(cue, width)
        query = source_query[row, cue].float()
        source = torch.einsum("cd,cwd->cw", query, source_key[row].float()) + self.distance[0][offsets]
        content = torch.einsum("cd,cwd->cw", content_query[row, cue].float(), content_key[row].float())
        return source, query @ self.none, content + self.distance[1][offsets] + self.content_bias[0]


def sizes_dict(sizes: Sizes) -> dict[str, int]:
    """For a checkpoint."""
    return asdict(sizes)
