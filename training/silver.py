"""`python -m training.silver --models DIR DIR … --corpora DIR --out FILE`: texts without trees → trees of a committee.

Arcs and labels are those of the greatest summed log-probability of all models (exported folders), which read a window
side by side; tags and lemma scripts are the first model's, features the last one's. A single network that learns from
them comes closer to the committee than it came by the treebanks alone (distillation: Hinton, Vinyals and Dean 2015;
for parsers Kuncoro et al. 2016).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Container, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.annotation import load
from kg.annotation.decode import best_tree, is_tree
from kg.annotation.heads import softmax
from kg.annotation.network import Network, Scores
from training import corpora
from training.attributions import reporting_words
from training.corpora import Text, windows

PLAIN = ("fewrel_val", "knowledgenet", "qasrl_gs", "re3d", "gap", "multiner_lk")
"""Corpora of which only the texts are read."""
NAMED = ("wikigold", "redocred", "wnut17", "grobid_ner", "crossner")


class Committee:
    """Several exported models over one window."""

    def __init__(self, folders: list[Path]) -> None:
        self.networks = [Network(folder) for folder in folders]
        self.features = json.loads((folders[-1] / "vocab.json").read_text(encoding="utf-8"))["mf"]
        names = {network.labels.deprels for network in self.networks}
        if len(names) != 1:
            raise SystemExit("the models of a committee must have the same dependency labels")
        self.deprels = next(iter(names))

    def fits(self, words: list[str]) -> bool:
        """Whether the words are one window to the models."""
        return sum(map(self.networks[0].piece_count, words)) <= 500

    def layers(self, text: Text) -> dict[str, list[Any]]:
        """Columns over the text's words, as in `Text.tree` (head 0: the root); None where a window does not fit."""
        columns: dict[str, list[Any]] = {
            name: [None] * len(text.words) for name in ("up", "xp", "mf", "lem", "head", "rel")
        }
        for begin, end, sentences in windows(text):
            if not self.fits(text.words[begin:end]):
                continue
            scores = [network.run(text.words[begin:end]) for network in self.networks]
            first, last = self.networks[0].labels, scores[-1]
            columns["up"][begin:end] = [first.upos[i] for i in scores[0]["up"]]
            columns["xp"][begin:end] = [first.xpos[i] for i in scores[0]["xp"]]
            columns["lem"][begin:end] = [first.scripts[i] for i in scores[0]["lem"]]
            columns["mf"][begin:end] = [self.features[i] for i in last["mf"]]
            for start, stop in sentences:
                heads, rels = self.tree(scores, start, stop)
                columns["head"][begin + start : begin + stop] = [head + 1 for head in heads]
                columns["rel"][begin + start : begin + stop] = rels
        return columns

    def tree(self, scores: list[Scores], begin: int, end: int) -> tuple[list[int], list[str]]:
        """Heads (word indices in the sentence, root -1) and labels of the sentence `begin..end` of a window."""
        columns = np.concatenate([[0], np.arange(begin + 1, end + 1)])
        arcs = sum(_logs(one["arc"][begin:end][:, columns]) for one in scores)
        heads = [int(head) - 1 for head in arcs.argmax(1)]
        if not is_tree(heads):
            heads = best_tree(arcs)
        rels = []
        for word, head in enumerate(heads):
            row = begin + head + 1 if head >= 0 else 0
            total = np.zeros(len(self.deprels))
            for network, one in zip(self.networks, scores, strict=True):
                scorer, dependent, top = network.label_scorer, one["ld"][begin + word], one["lh"][row]
                linear = scorer.linear @ np.concatenate([dependent, top]) + scorer.bias
                total += _logs((scorer.bilinear @ top) @ dependent + linear)
            rels.append("root" if head < 0 else self.deprels[int(total.argmax())])
        return heads, rels


def _logs(scores: NDArray[Any]) -> NDArray[Any]:
    return np.log(softmax(scores.astype(np.float64)) + 1e-12)


def plain(folder: Path, corpus: str) -> Iterator[Text]:
    """Texts of a corpus, cut into words and sentences by the shipped pipeline."""
    nlp, seen = load(), set()
    for path in sorted((folder / corpus).glob("*.jsonl.gz")):
        for row in corpora.rows(path):
            if row["text"] in seen or len(row["text"]) < 30:
                continue
            seen.add(row["text"])
            doc = nlp(row["text"])
            starts = [token.i for token in doc if token.is_sent_start and not token.is_space]
            if not starts:
                continue
            words = [token.text if token.text.strip() else "_" for token in doc]
            yield Text(corpus, row["id"], words, [*zip(starts, [*starts[1:], len(words)], strict=True)])


def texts(folder: Path, kgnews: Path, more: Path | None, only: Container[str]) -> Iterator[Text]:
    """Texts of the corpora `only` that have no trees of their own; `more` as in `corpora.kgnews`."""
    if "kgnews" in only:
        cues = reporting_words(corpora.gum(folder, "train"))
        yield from corpora.kgnews(kgnews, evaluation=False, cues=cues, more=more)
    for corpus in NAMED:
        if corpus in only:
            yield from corpora.names(folder, corpus)
    for corpus in PLAIN:
        if corpus in only:
            yield from plain(folder, corpus)


def read(path: Path) -> dict[tuple[str, str], Text]:
    """Written texts by corpus and id; those of `PLAIN` call themselves of the corpus `silver`."""
    found = {}
    for row in corpora.rows(path):
        sentences = [tuple(pair) for pair in row["sentences"]]
        corpus = "silver" if row["corpus"] in PLAIN else row["corpus"]
        found[row["corpus"], row["id"]] = Text(corpus, row["id"], row["words"], sentences, row["tree"])
    return found


def join(train: dict[str, list[Text]], path: Path) -> None:
    """Trees into the texts of the same words that have none; the others become the corpus `silver`."""
    silver = read(path)
    for corpus, members in train.items():
        for number, text in enumerate(members):
            found = silver.get((corpus, text.ident))
            if found is not None and text.tree is None and found.words == text.words:
                members[number] = replace(text, tree=found.tree)
    train["silver"] = [text for text in silver.values() if text.corpus == "silver"]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, nargs="+", required=True, help="exported models")
    parser.add_argument("--corpora", type=Path, required=True, help="folder with one folder a corpus")
    parser.add_argument("--kgnews", type=Path, help="compiled kgnews.jsonl (default: in the corpora folder)")
    parser.add_argument("--texts", type=Path, help="documents of training/texts, compiled as those of kgnews are")
    parser.add_argument("--only", nargs="*", default=("kgnews", *NAMED, *PLAIN), help="these corpora alone")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    committee, count = Committee(options.models), 0
    with options.out.open("w", encoding="utf-8") as out:
        kgnews = options.kgnews or options.corpora / "kgnews" / "kgnews.jsonl"
        for text in texts(options.corpora, kgnews, options.texts, options.only):
            row = {"corpus": text.corpus, "id": text.ident, "words": text.words, "sentences": text.sentences}
            out.write(json.dumps({**row, "tree": committee.layers(text)}, ensure_ascii=False) + "\n")
            count += len(text.words)
    print(f"{count:,} words")


if __name__ == "__main__":
    main()
