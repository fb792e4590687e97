"""`python -m training.export --model model.pt --encoder DIR --out DIR`: weights → what `kg.annotation` loads.

Writes `model.int8.onnx` (large matrices in int8), `model.fp32.onnx` (for comparison, not shipped),
`heads.npz`, `rel.npz`, `vocab.json`, `tokenizer.json`, and checks that the float graph gives what torch gives.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as functional
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from torch import Tensor, nn

from kg.annotation.coreference import FEATURE_SIZES
from training import labels
from training.network import ATTENTION_HEADS, HIDDEN, Layer, Model, Sizes

INPUTS = ("ids", "mask", "shp", "first", "wmask")
OUTPUTS = ("up", "xp", "mf", "lem", "ner", "ss", "arc", "head", "rel", "ld", "lh", "sp", "cue", "pr")
TOLERANCE = 2e-3
LEAST_QUANTISED = 100_000  # weights


class FusedAttention(torch.autograd.Function):
    """Self-attention as the one operator that onnxruntime has for it (and quantises)."""

    @staticmethod
    def forward(_: Any, x: Tensor, weight: Tensor, bias: Tensor, mask: Tensor) -> Tensor:
        """The same in torch."""
        batch, length, _width = x.shape
        parts = (x @ weight + bias).view(batch, length, 3, ATTENTION_HEADS, HIDDEN // ATTENTION_HEADS)
        q, k, v = parts.permute(2, 0, 3, 1, 4).unbind(0)
        scores = q @ k.transpose(-1, -2) / math.sqrt(HIDDEN // ATTENTION_HEADS)
        scores = scores + (1.0 - mask.to(x.dtype))[:, None, None] * -10000.0
        return (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, HIDDEN)

    @staticmethod
    def symbolic(graph: Any, x: Any, weight: Any, bias: Any, mask: Any) -> Any:
        """The ONNX node."""
        return graph.op("com.microsoft::Attention", x, weight, bias, mask, num_heads_i=ATTENTION_HEADS).setType(
            x.type()
        )


class ExportedLayer(nn.Module):
    """A trained layer with its attention as one operator."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.layer = layer
        self.weight = nn.Parameter(layer.qkv.weight.detach().t().contiguous())
        self.bias = nn.Parameter(layer.qkv.bias.detach().clone())

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        mixed = FusedAttention.apply(x, self.weight, self.bias, mask)
        x = self.layer.norm1(x + self.layer.out(mixed))
        result: Tensor = self.layer.norm2(x + self.layer.down(functional.gelu(self.layer.up(x))))
        return result


class Exported(nn.Module):
    """The graph that runs: decided classes where the run time needs no scores."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        self.model = model
        self.layers = nn.ModuleList(ExportedLayer(layer) for layer in model.encoder.layers)  # type: ignore[arg-type]

    def forward(self, ids: Tensor, mask: Tensor, shp: Tensor, first: Tensor, wmask: Tensor) -> tuple[Tensor, ...]:
        encoder = self.model.encoder
        x = encoder.norm(
            encoder.pieces(ids) + encoder.shapes(shp) + encoder.positions.weight[: ids.shape[1]].unsqueeze(0)
        )
        whole = mask.to(torch.int32)
        for layer in self.layers:
            x = layer(x, whole)
        out = self.model.heads(x.gather(1, first.unsqueeze(-1).expand(-1, -1, HIDDEN)), wmask)
        head = out.arc.argmax(-1)
        rel = self.model.relations(out.ld, out.lh, head).argmax(-1)
        decided = (out.up.argmax(-1), out.xp.argmax(-1), out.mf.argmax(-1), out.lem.argmax(-1))
        ss = out.ss[..., 1] - out.ss[..., 0]
        return (
            *decided, out.ner.log_softmax(-1), ss, out.arc, head, rel, out.ld, out.lh, out.sp, out.cue, out.pr,
        )  # fmt: skip


def load_model(path: Path) -> tuple[Model, dict[str, list[str]]]:
    """A trained model (averaged weights) and its label lists."""
    saved = torch.load(path, map_location="cpu", weights_only=False)
    if saved.get("properties", labels.PROPERTIES) != labels.PROPERTIES:
        raise SystemExit(f"{path}: trained for other properties than kg.vocabulary has now; train anew")
    model = Model(Sizes(**saved["sizes"]))
    model.load_state_dict(saved["average"])
    return model.eval(), saved["vocabulary"]


def head_arrays(model: Model) -> dict[str, np.ndarray]:
    """Weights of the scorers that run in numpy, under the names that `kg.annotation` knows them by."""
    state = {name: value.detach().float().numpy() for name, value in model.state_dict().items()}
    kept = {n: v for n, v in state.items() if n.split(".")[0] in {"mention", "pair", "attribution"}}
    coref = model.coref
    kept |= {
        f"coref.{name}": getattr(coref, name).weight.detach().numpy()
        for name in ("later", "earlier", "scheme", "left", "right")
    }
    kept |= {f"coref.{name}": getattr(coref, name).weight.detach().numpy()[0] for name in ("out", "anaphoric")}
    kept["coref.bias"] = coref.earlier.bias.detach().numpy()
    kept |= {f"coref.table.{name}": coref.tables[name].weight.detach().numpy() for name in FEATURE_SIZES}
    return kept


def vocabulary_json(model: Model, vocabulary: dict[str, list[str]]) -> dict[str, Any]:
    """Content of `vocab.json`."""
    return {
        "up": vocabulary["up"], "xp": vocabulary["xp"], "mf": vocabulary["mf"], "lem": vocabulary["lem"],
        "r": vocabulary["rel"], "ner": labels.NER_TYPES,
        "heads": {
            "deprels": vocabulary["rel"], "upos": vocabulary["up"],
            "types": labels.MENTION_TYPES, "kinds": labels.KINDS, "properties": labels.PROPERTIES,
            "modalities": labels.MODALITIES, "polarities": labels.POLARITIES, "pointers": labels.POINTERS,
            "channels": labels.SPAN_CHANNELS, "schemes": labels.SCHEMES, "widths": list(model.parts()),
        },
    }  # fmt: skip


def export(model: Model, vocabulary: dict[str, list[str]], tokenizer: Path, out: Path) -> dict[str, float]:
    """Write all files; the greatest differences between torch and the float graph by output."""
    out.mkdir(parents=True, exist_ok=True)
    wrapped = Exported(model).eval()
    example = _example()
    axes: dict[str, dict[int, str]] = {"ids": {0: "B", 1: "T"}, "mask": {0: "B", 1: "T"}, "shp": {0: "B", 1: "T"}}
    axes |= {name: {0: "B", 1: "V"} for name in ("first", "wmask", "lh")}
    axes |= {name: {0: "B", 1: "W"} for name in OUTPUTS if name not in {"lh", "sp"}}
    axes["arc"] = {0: "B", 1: "W", 2: "V"}
    axes["sp"] = {0: "B", 2: "W", 3: "W"}
    raw = out / "raw.onnx"
    with torch.no_grad():
        torch.onnx.export(
            wrapped, example, str(raw), input_names=list(INPUTS), output_names=list(OUTPUTS), dynamic_axes=axes,
            opset_version=17, dynamo=False, custom_opsets={"com.microsoft": 1},
        )  # fmt: skip
    fused = optimizer.optimize_model(
        str(raw), model_type="bert", num_heads=ATTENTION_HEADS, hidden_size=HIDDEN, opt_level=0
    )
    fused.save_model_to_file(str(out / "model.fp32.onnx"))
    raw.unlink()
    shielded = _float_products(onnx.load(str(out / "model.fp32.onnx")).graph)
    quantize_dynamic(
        str(out / "model.fp32.onnx"), str(out / "model.int8.onnx"), weight_type=QuantType.QInt8, per_channel=True,
        op_types_to_quantize=["MatMul", "Attention", "Gather"], nodes_to_exclude=shielded,
        extra_options={"DefaultTensorType": 1, "MatMulConstBOnly": True},
    )  # fmt: skip
    np.savez(out / "heads.npz", **head_arrays(model))
    linear = {"w": model.rel_linear.weight.detach().numpy(), "b": model.rel_linear.bias.detach().numpy()}
    np.savez(out / "rel.npz", R=model.rel.detach().numpy(), **linear)
    (out / "vocab.json").write_text(
        json.dumps(vocabulary_json(model, vocabulary), ensure_ascii=False), encoding="utf-8"
    )
    shutil.copyfile(tokenizer, out / "tokenizer.json")
    return parity(wrapped, out / "model.fp32.onnx")


def _float_products(graph: onnx.GraphProto) -> list[str]:
    """Names of the matrix products that stay in float: all but those with a weight matrix worth the rounding."""
    shapes = {weight.name: tuple(weight.dims) for weight in graph.initializer}
    products = [node for node in graph.node if node.op_type == "MatMul"]
    large = {
        node.name
        for node in products
        for shape in [shapes.get(node.input[1], ())]
        if len(shape) == 2 and shape[0] * shape[1] >= LEAST_QUANTISED
    }
    return [node.name for node in products if node.name not in large]


def _example() -> tuple[Tensor, ...]:
    torch.manual_seed(0)
    ids = torch.randint(1000, 20000, (2, 14))
    ids[:, 0] = 101
    mask = torch.ones(2, 14, dtype=torch.int64)
    mask[1, 10:] = 0
    first = torch.arange(0, 11).unsqueeze(0).repeat(2, 1)
    wmask = torch.ones(2, 11, dtype=torch.int64)
    wmask[1, 9:] = 0
    return ids, mask, torch.randint(0, 11, (2, 14)), first, wmask


def parity(wrapped: Exported, path: Path) -> dict[str, float]:
    """Greatest absolute difference of each output between torch and a graph, on one window without padding."""
    given = [value[:1] for value in _example()]
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    with torch.no_grad():
        expected = wrapped(*given)
    found = session.run(list(OUTPUTS), {name: value.numpy() for name, value in zip(INPUTS, given, strict=True)})
    return {
        name: float(np.abs(np.asarray(a, np.float64) - b.numpy()).max())
        for name, a, b in zip(OUTPUTS, found, expected, strict=True)
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="model.pt of a training run")
    parser.add_argument("--encoder", type=Path, required=True, help="folder with tokenizer.json")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    model, vocabulary = load_model(options.model)
    differences = export(model, vocabulary, options.encoder / "tokenizer.json", options.out)
    print(json.dumps({name: round(value, 6) for name, value in differences.items()}))
    for path in sorted(options.out.iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")
    if max(differences.values()) > TOLERANCE:
        raise SystemExit("the exported graph differs from the trained network")


if __name__ == "__main__":
    main()
