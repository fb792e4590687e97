"""`python -m training.train --corpora DIR --encoder DIR --out DIR`: corpora → `checkpoint.pt`.

Takes up where an interrupted run in the same folder stopped. Runs on a CPU in bf16, on a GPU when there is one.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from kg.annotation.paths import class_counts
from training import corpora, labels, losses, silver
from training.attributions import reporting_words
from training.network import Model, Sizes, sizes_dict
from training.parsing import parse
from training.windows import Collator, Encoded, Encoder, Vocabulary, Window, batches, units_of

PASSES = {
    "ud_ewt": 7.0, "gum": 9.0, "kgnews": 16.0, "wikigold": 4.0, "redocred": 3.0, "wnut17": 1.5, "grobid_ner": 2.0,
    "crossner": 2.5, "litbank": 1.0, "silver": 1.0,
}  # fmt: skip
"""How often a full run sees each corpus."""
FIRST_PARSED = 0.4
"""Share of a run after which texts with statements are parsed by the network itself, anew in every round."""
MINIMUM = {"mf": 10, "lem": 4}


def read_corpora(
    folder: Path, kgnews: Path, more: Path | None = None, trees: Path | None = None
) -> dict[str, list[corpora.Text]]:
    """Texts to train on, by corpus; `more` as in `corpora.kgnews`, `trees` is what `training.silver` wrote."""
    gum = corpora.gum(folder, "train")
    train = {"ud_ewt": corpora.ewt(folder, "train"), "gum": gum, "litbank": corpora.litbank(folder)}
    train["kgnews"] = corpora.kgnews(kgnews, evaluation=False, cues=reporting_words(gum), more=more)
    for name in ("wikigold", "redocred", "wnut17", "grobid_ner", "crossner"):
        train[name] = corpora.names(folder, name)
    if trees is not None:
        silver.join(train, trees)
    return train


def schedule(
    texts: dict[str, list[Encoded]], passes: dict[str, float], share: float, rng: random.Random
) -> list[list[Window]]:
    """Units of one share of a run that sees each corpus as often as `passes` says."""
    units: list[list[Window]] = []
    for name, encoded in texts.items():
        wanted = passes[name] * share
        for _ in range(int(wanted)):
            for source in encoded:
                units += units_of(source, rng)
        for source in rng.sample(encoded, round((wanted % 1) * len(encoded))):
            units += units_of(source, rng)
    return units


def _given(passes: list[str]) -> dict[str, float]:
    """`CORPUS=N …` as a dict; leaves with one line at what is not of that form."""
    found = {}
    for item in passes:
        name, _, count = item.partition("=")
        if name not in PASSES or not count.replace(".", "", 1).isdigit():
            raise SystemExit(f"--passes {item}: write CORPUS=N with one of {', '.join(PASSES)}")
        found[name] = float(count)
    return found


def to_device(batch: dict[str, Any], device: torch.device) -> dict[str, Any]:
    """All tensors of a batch on the device."""
    moved = {k: v.to(device) if isinstance(v, torch.Tensor) else v for k, v in batch.items()}
    moved["path_classes"] = {k: v.to(device) for k, v in moved["path_classes"].items() if v is not None}
    for document in moved["documents"]:
        document["features"] = {k: v.to(device) for k, v in document["features"].items()}
        for name in ("linked", "mentions"):
            document[name] = document[name].to(device)
    return moved


class Average:
    """Exponential moving average of the weights: what is evaluated and exported."""

    def __init__(self, model: Model, decay: float, every: int) -> None:
        self.decay, self.every, self.count = decay, every, 0
        self.weights = {name: value.detach().clone().float() for name, value in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: Model) -> None:
        """Call after every step."""
        self.count += 1
        if self.count % self.every:
            return
        decay = min(self.decay, self.count / self.every / (10 + self.count / self.every))
        for name, value in model.state_dict().items():
            self.weights[name].lerp_(value.float(), 1 - decay)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True, help="folder with one folder a corpus")
    parser.add_argument("--kgnews", type=Path, help="compiled kgnews.jsonl (default: in the corpora folder)")
    parser.add_argument("--texts", type=Path, help="documents of training/texts, compiled as those of kgnews are")
    parser.add_argument("--silver", type=Path, help="trees by training.silver, learned from beside the treebanks")
    parser.add_argument("--encoder", type=Path, required=True, help="folder with model.safetensors and tokenizer.json")
    parser.add_argument("--out", type=Path, required=True, help="folder of the checkpoints")
    parser.add_argument("--scale", type=float, default=1.0, help="length of the run; 1 is the full one")
    parser.add_argument("--rounds", type=int, default=8, help="checkpoints in a run")
    parser.add_argument(
        "--passes",
        nargs="*",
        default=[],
        metavar="CORPUS=N",
        help="how often the run sees a corpus, instead of the usual",
    )
    parser.add_argument("--start-from", type=Path, help="model.pt of an earlier run to go on from, with a new schedule")
    parser.add_argument("--limit", type=int, help="texts of each corpus (for a trial)")
    parser.add_argument("--budget", type=int, default=2400, help="word pieces in a batch")
    parser.add_argument("--rate", type=float, default=1.5e-4, help="learning rate of the encoder")
    parser.add_argument("--head-rate", type=float, default=1.2e-3, help="learning rate of the heads")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    run(parser.parse_args())


def run(options: argparse.Namespace) -> None:
    """The whole training."""
    torch.set_num_threads(options.threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    random.seed(options.seed)
    np.random.seed(options.seed)
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    train = read_corpora(
        options.corpora, options.kgnews or options.corpora / "kgnews" / "kgnews.jsonl", options.texts, options.silver
    )
    passes = {name: options.scale * count for name, count in (PASSES | _given(options.passes)).items()}
    vocabulary = Vocabulary.collect(train["ud_ewt"] + train["gum"], MINIMUM)
    tokenizer = Tokenizer.from_file(str(options.encoder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    encoder = Encoder(tokenizer, vocabulary)
    encoded = {name: [encoder.encode(t) for t in texts[: options.limit]] for name, texts in train.items()}
    tag_sets = encoder.tag_sets().to(device)
    sizes = Sizes(**{name: len(vocabulary.names[name]) for name in ("up", "xp", "mf", "lem", "rel")})
    model = Model(sizes).to(device)
    model.encoder.load_minilm(options.encoder / "model.safetensors")
    if options.start_from:
        model.load_state_dict(torch.load(options.start_from, map_location=device, weights_only=False)["average"])
    model.encoder.pieces.weight.requires_grad = False  # half of all weights; rare words profit from staying put
    encoder_weights = [p for p in model.encoder.parameters() if p.requires_grad]
    head_weights = [p for name, p in model.named_parameters() if not name.startswith("encoder.")]
    optimizer = torch.optim.AdamW(
        [{"params": encoder_weights, "lr": options.rate}, {"params": head_weights, "lr": options.head_rate}],
        weight_decay=0.01, betas=(0.9, 0.98), fused=True,
    )  # fmt: skip
    first = list(batches(schedule(encoded, passes, 1 / options.rounds, random.Random(0)), options.budget, rng))
    steps = len(first) * options.rounds
    warm = max(1, int(0.05 * steps))
    scheduler = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda i: min((i + 1) / warm, max(0.01, (steps - i) / (steps - warm + 1)))
    )
    average = Average(model, 0.97, 10)
    print(f"{steps} steps, {sum(p.numel() for p in model.parameters()):,} weights, {sizes_dict(sizes)}", flush=True)
    path, begun = options.out / "checkpoint.pt", 0
    if path.exists():
        saved = torch.load(path, map_location=device, weights_only=False)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        scheduler.load_state_dict(saved["scheduler"])
        average.weights, average.count, begun = saved["average"], saved["count"], saved["round"]
        print(f"resumed after round {begun}", flush=True)
    collate = Collator(0.06, rng, class_counts(sizes.rel, sizes.up))
    clock, sums = time.time(), defaultdict(list)
    for number in range(begun, options.rounds):
        rng.seed(options.seed * 1000 + number)
        if options.start_from or number >= FIRST_PARSED * options.rounds:
            tested = Model(sizes).to(device)
            tested.load_state_dict(average.weights)
            parse(tested, encoded["kgnews"], Collator(0.0, rng, collate.path_counts), device)
            print(f"parsed {sum(len(text.text.words) for text in encoded['kgnews']):,} words", flush=True)
        model.train()
        units = schedule(encoded, passes, 1 / options.rounds, rng)
        for step, group in enumerate(batches(units, options.budget, rng), 1):
            batch = to_device(collate(group), device)
            with torch.autocast(device.type, torch.bfloat16):
                out = model(batch["ids"], batch["mask"], batch["shp"], batch["first"], batch["wmask"])
                found = losses.losses(model, out, batch, tag_sets)
                loss = losses.total(found)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            scheduler.step()
            average.update(model)
            for name, value in found.items():
                sums[name].append(float(value.detach()))
            if step % 50 == 0:
                means = {name: round(sum(values) / len(values), 3) for name, values in sums.items()}
                print(number, step, round(time.time() - clock), means, flush=True)
                sums.clear()
        saved = {
            "model": model.state_dict(), "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict(),
            "average": average.weights, "count": average.count, "round": number + 1,
            "vocabulary": vocabulary.names, "sizes": sizes_dict(sizes), "properties": labels.PROPERTIES,
        }  # fmt: skip
        torch.save(saved, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").replace(path)
        kept = ("average", "vocabulary", "sizes", "properties")
        torch.save({name: saved[name] for name in kept}, options.out / "model.pt")
        print(f"round {number + 1} of {options.rounds} saved", flush=True)


if __name__ == "__main__":
    main()
