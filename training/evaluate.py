"""`python -m training.evaluate --model DIR --corpora DIR`: an exported model → scores of every head on held-out texts.

Runs what the product runs: the int8 graph, window by window, and the numpy scorers of `kg.annotation`. Sentences and
words are gold.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from kg.annotation.attributions import find_attributions
from kg.annotation.coreference import Candidate, CoreferenceScorer, chains
from kg.annotation.decode import best_tags, tag_spans
from kg.annotation.heads import Heads, load_heads, softmax
from kg.annotation.mentions import FoundMention, find_mentions, mention_vectors, voted_types
from kg.annotation.network import Network, Scores
from kg.annotation.paths import Tree
from kg.annotation.statements import find_statements, pair_vectors, window_paths
from kg.annotation.windows import decode_sentence
from training import corpora, labels
from training.attributions import reporting_words
from training.coreference_scores import ChainScores
from training.corpora import Text, windows


class Tally:
    """Hits, found and gold of one score."""

    def __init__(self) -> None:
        self.hit = self.found = self.gold = 0

    def add(self, gold: set[Any], found: set[Any]) -> None:
        """Count two sets."""
        self.hit += len(gold & found)
        self.found += len(found)
        self.gold += len(gold)

    def percent(self) -> list[float]:
        """Precision, recall, F1."""
        precision, recall = self.hit / max(1, self.found), self.hit / max(1, self.gold)
        return [round(100 * v, 2) for v in (precision, recall, 2 * precision * recall / max(1e-9, precision + recall))]


class Evaluation:
    """An exported model and its scores."""

    def __init__(self, folder: Path) -> None:
        self.network = Network(folder)
        heads = load_heads(folder)
        if heads is None:
            raise SystemExit(f"{folder}: no heads.npz; export a model of this training first")
        self.heads: Heads = heads
        self.vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
        tags = ("O", *(f"{edge}-{name}" for name in self.vocabulary["ner"] for edge in "BI"))
        self.network.labels = replace(self.network.labels, ner=tags)
        self.deprels = {name: index for index, name in enumerate(self.vocabulary["r"])}
        self.scorer = CoreferenceScorer(self.heads.arrays)

    def trees(self, texts: list[Text]) -> dict[str, float]:
        """Accuracy of tags, lemma scripts, heads and labels; F1 of sentence starts within a window."""
        counts: Counter[str] = Counter()
        starts = Tally()
        for text in texts:
            if text.tree is None:
                continue
            for begin, end, sentences in windows(text):
                scores = self.network.run(text.words[begin:end])
                found = {int(i) for i in np.flatnonzero(scores["ss"][1:] > 0) + 1}
                starts.add({first for first, _ in sentences[1:]}, found)
                for first, last in sentences:
                    sentence = decode_sentence(self.network, scores, begin, first, last)
                    features = [self.vocabulary["mf"][i] for i in scores["mf"][first:last]]
                    for i in range(last - first):
                        at = begin + first + i
                        head = text.tree["head"][at] - 1
                        counts["n"] += 1
                        counts["upos"] += sentence.upos[i] == text.tree["up"][at]
                        counts["xpos"] += sentence.xpos[i] == text.tree["xp"][at]
                        counts["feats"] += features[i] == text.tree["mf"][at]
                        counts["script"] += sentence.scripts[i] == text.tree["lem"][at]
                        counts["uas"] += sentence.heads[i] == head
                        counts["las"] += sentence.heads[i] == head and sentence.deprels[i] == text.tree["rel"][at]
        shares = {name: round(100 * counts[name] / counts["n"], 2) for name in counts if name != "n"}
        return {**shares, "starts": starts.percent()[2]}

    def parsed(self, scores: Scores, sentences: list[tuple[int, int]]) -> list[Tree]:
        """Trees of a window's sentences."""
        found = []
        for first, last in sentences:
            sentence = decode_sentence(self.network, scores, 0, first, last)
            rel = [self.deprels[name] for name in sentence.deprels]
            found.append(Tree(sentence.heads, rel, scores["up"][first:last].tolist()))
        return found

    def coarse_names(self, texts: list[Text]) -> list[float]:
        """PER, ORG, LOC against a corpus of three types (allowed sets)."""
        coarse = {"Person": "PER", "Organization": "ORG", "GovernmentOrganization": "ORG"}
        coarse |= dict.fromkeys(("Country", "City", "Region", "Place", "Facility"), "LOC")
        tally = Tally()
        for text in texts:
            for begin, end, sentences in windows(text):
                scores = self.network.run(text.words[begin:end])
                for first, last in sentences:
                    gold_sets = (text.ner or [])[begin + first : begin + last]
                    if any(not s for s in gold_sets):
                        continue
                    tags = [self.network.labels.ner[i] for i in best_tags(scores["ner"][first:last])]
                    found = {(a, b, coarse[t]) for a, b, t in tag_spans(tags) if t in coarse}
                    raw = [
                        f"{s[0][0]}-{coarse[s[0][2:]]}" if s[0] != "O" and s[0][2:] in coarse else "O"
                        for s in gold_sets
                    ]
                    gold = {(a, b, t) for a, b, t in tag_spans(raw) if t in coarse.values()}
                    tally.add(gold, found)
        return tally.percent()

    def mentions(self, text: Text, channel: str) -> tuple[list[FoundMention], list[FoundMention]]:
        """Mentions found and gold mentions (with the network's vectors), words counted through the text."""
        found: list[FoundMention] = []
        gold: list[FoundMention] = []
        number = 0
        for begin, end, sentences in windows(text):
            scores = self.network.run(text.words[begin:end])
            parts = self.heads.split(scores["pr"])
            spans = scores["sp"][self.heads.channels.index(channel)]
            found += [
                replace(m, begin=m.begin + begin, end=m.end + begin, sentence=m.sentence + number)
                for m in find_mentions(spans, parts, sentences, self.heads)
            ]
            gold += [
                replace(m, begin=m.begin + begin, end=m.end + begin, sentence=m.sentence + number)
                for m in self.given(text, begin, end, sentences, parts)
            ]
            number += len(sentences)
        return found, gold

    def given(
        self, text: Text, begin: int, end: int, sentences: list[tuple[int, int]], parts: dict[str, Any]
    ) -> list[FoundMention]:
        """Gold mentions of a window with vectors, in text order; words count from the window's first."""
        chosen = sorted(
            (m for m in text.mentions if begin <= m.begin and m.end <= end), key=lambda m: (m.begin, -m.end)
        )
        if not chosen:
            return []
        spans = np.array([(m.begin - begin, m.end - begin) for m in chosen])
        vectors = mention_vectors(parts, spans, self.heads)
        result = []
        for index, mention in enumerate(chosen):
            first = mention.begin - begin
            sentence = next(i for i, (a, b) in enumerate(sentences) if a <= first < b)
            result.append(
                FoundMention(
                    begin=first,
                    end=mention.end - begin,
                    sentence=sentence,
                    type=mention.types[0],
                    kind=mention.kind or "nominal",
                    score=1.0,
                    certainty=1.0,
                    vector=vectors[index],
                    type_shares=np.zeros(len(self.heads.types), np.float32),
                )
            )
        return result

    def linked(self, text: Text, mentions: list[FoundMention], channel: str) -> list[list[int]]:
        """Chains of mentions in text order, as indices."""
        candidates = [Candidate(m.begin, m.end, m.sentence, m.kind) for m in mentions]
        vectors = np.stack([m.vector for m in mentions]) if mentions else np.zeros((0, 1), np.float32)
        return chains(text.words, candidates, vectors, self.scorer, labels.SCHEMES.index(channel))

    def voted(self, text: Text, mentions: list[FoundMention], channel: str) -> list[FoundMention]:
        """The mentions with the types that their chains vote for."""
        entities = sorted((m for m in mentions if not m.is_value), key=lambda m: (m.begin, m.end))
        types = voted_types(entities, self.linked(text, entities, channel), self.heads)
        changed = [replace(m, type=t, certainty=c) for m, (t, c) in zip(entities, types, strict=True)]
        return changed + [m for m in mentions if m.is_value]

    def chain_scores(self, texts: list[Text], channel: str, *, gold_mentions: bool) -> dict[str, float]:
        """CoNLL F1 of chains of two and more, on exact spans."""
        scores = ChainScores()
        for text in texts:
            found, gold = self.mentions(text, channel)
            used = sorted(
                (m for m in (gold if gold_mentions else found) if not m.is_value or channel == "gum"),
                key=lambda m: (m.begin, m.end),
            )
            linked = self.linked(text, used, channel)
            by_entity: dict[str, set[tuple[int, int]]] = {}
            for mention in text.mentions:
                for name in mention.entities:
                    by_entity.setdefault(name, set()).add((mention.begin, mention.end))
            scores.add(
                [frozenset(chain) for chain in by_entity.values() if len(chain) > 1],
                [frozenset((used[i].begin, used[i].end) for i in chain) for chain in linked if len(chain) > 1],
            )
        return scores.f1()

    def mention_scores(self, texts: list[Text], channel: str) -> dict[str, list[float]]:
        """Precision, recall, F1 of spans, of spans with type, of values."""
        spans, typed, kinds, values = Tally(), Tally(), Tally(), Tally()
        for text in texts:
            found, _ = self.mentions(text, channel)
            found = self.voted(text, found, channel)
            gold = {(m.begin, m.end): m for m in text.mentions if m.value is None}
            spans.add(set(gold), {(m.begin, m.end) for m in found if not m.is_value or channel == "gum"})
            hits = {
                (
                    m.begin,
                    m.end,
                    m.type if (m.begin, m.end) not in gold or m.type not in gold[m.begin, m.end].types else "",
                )
                for m in found
                if not m.is_value or channel == "gum"
            }
            typed.add({(b, e, "") for b, e in gold}, hits)
            kinds.add({(b, e, m.kind) for (b, e), m in gold.items()}, {(m.begin, m.end, m.kind) for m in found})
            dates = {(m.begin, m.end, m.types[0]) for m in text.mentions if m.value is not None}
            values.add(dates, {(m.begin, m.end, m.type) for m in found if m.is_value})
        result = {"spans": spans.percent(), "typed": typed.percent()}
        return result if channel == "gum" else {**result, "kinds": kinds.percent(), "values": values.percent()}

    def attribution_scores(self, texts: list[Text], threshold: float = 0.0) -> list[float]:
        """F1 of attributions whose source, cue and content all overlap a gold one's."""
        tally = Tally()
        for text in texts:
            gold = [a for a in text.attributions or () if a.source and a.cue and a.content]
            free = set(range(len(gold)))
            count = 0
            for begin, end, _ in windows(text):
                scores = self.network.run(text.words[begin:end])
                parts = self.heads.split(scores["pr"])
                for item in find_attributions(scores["cue"], parts, self.heads, threshold):
                    if item.source is None:
                        continue
                    count += 1
                    content = {i + begin for a, b in item.content for i in range(a, b)}
                    for index in sorted(free):
                        wanted = gold[index]
                        ends = item.cue + begin in wanted.cue and item.source + begin in wanted.source
                        if ends and content & set(wanted.content):
                            free.discard(index)
                            break
            tally.hit += len(gold) - len(free)
            tally.found += count
            tally.gold += len(gold)
        return tally.percent()

    def statement_scores(self, texts: list[Text], *, gold_mentions: bool, margin: float = 0.0) -> dict[str, Any]:
        """Triples (open relations as one property) within their sentence; status of gold statements."""
        triples, core = Tally(), Tally()
        status = {name: Tally() for name in ("claimed", "modality", "negative", "source", "time")}
        number = 0
        for text in texts:
            for begin, end, sentences in windows(text):
                scores = self.network.run(text.words[begin:end])
                parts = self.heads.split(scores["pr"])
                mentions = (
                    self.given(text, begin, end, sentences, parts)
                    if gold_mentions
                    else find_mentions(scores["sp"][0], parts, sentences, self.heads)
                )
                trees = self.parsed(scores, sentences)
                found = find_statements(mentions, parts, sentences, self.heads, margin, trees)
                self._triples(text, begin, end, mentions, found, (triples, core))
                if gold_mentions:
                    self._status(text, begin, end, sentences, mentions, parts, status, number, trees)
                    number += 1
        result: dict[str, Any] = {"triples": triples.percent(), "core": core.percent()}
        return result | ({name: tally.percent() for name, tally in status.items()} if gold_mentions else {})

    def _triples(
        self, text: Text, begin: int, end: int, mentions: list[FoundMention], found: Any, tallies: tuple[Tally, Tally]
    ) -> None:
        by_span = {(m.begin, m.end): m for m in text.mentions}
        sentence_of = [next(i for i, (a, b) in enumerate(text.sentences) if a <= m.begin < b) for m in text.mentions]

        def names(begin: int, end: int) -> tuple[str, ...]:
            mention = by_span.get((begin, end))
            if mention is None:
                return (f"?{begin}-{end}",)
            return mention.entities or (f"={mention.value}",)

        gold: dict[tuple[int, str, str], list[Any]] = {}
        for statement in text.statements or ():
            subject, target = text.mentions[statement.subject], text.mentions[statement.object]
            if begin <= subject.begin < end:
                for a in subject.entities:
                    for b in target.entities or (f"={target.value}",):
                        gold.setdefault((sentence_of[statement.subject], a, b), []).append(statement)
        wanted, hits, optional = set(), set(), set()
        for key, statements in gold.items():
            for statement in statements:
                for name in statement.properties:
                    if statement.inferred and name in labels.OPTIONAL_WHEN_INFERRED:
                        optional.add((*key, name))
                if not (statement.inferred and statement.properties[0] in labels.OPTIONAL_WHEN_INFERRED):
                    wanted.add((*key, statement.properties[0]))
        for item in found:
            s, o = mentions[item.subject], mentions[item.object]
            sentence = next(i for i, (a, b) in enumerate(text.sentences) if a <= s.begin + begin < b)
            candidates = [
                (sentence, a, b)
                for a in names(s.begin + begin, s.end + begin)
                for b in names(o.begin + begin, o.end + begin)
            ]
            if item.property in labels.SYMMETRIC_PROPERTIES:
                candidates += [(n, b, a) for n, a, b in candidates if (n, b, a) in gold]
            right = [
                (*key, statement.properties[0])
                for key in candidates
                for statement in gold.get(key, ())
                if item.property in statement.properties and (*key, statement.properties[0]) in wanted
            ]
            if right:
                hits |= set(right[:1])
            elif not any((*key, item.property) in optional for key in candidates):
                hits.add((*candidates[0], item.property))
        tallies[0].add(wanted, hits)
        tallies[1].add({k for k in wanted if k[3] != labels.OPEN}, {k for k in hits if k[3] != labels.OPEN})

    def _status(
        self, text: Text, begin: int, end: int, sentences: list[tuple[int, int]], mentions: list[FoundMention],
        parts: dict[str, Any], tallies: dict[str, Tally], number: int,
        trees: list[Tree],
    ) -> None:  # fmt: skip
        if len(mentions) < 2:
            return
        index = {(m.begin + begin, m.end + begin): i for i, m in enumerate(mentions)}
        vectors = np.stack([m.vector for m in mentions])
        places = np.array([(m.begin, m.end - 1) for m in mentions])
        keys = self.heads.linear("pair.pointed", vectors).reshape(len(mentions), len(labels.POINTERS), -1)
        for order, statement in enumerate(text.statements or ()):
            subject, target = text.mentions[statement.subject], text.mentions[statement.object]
            if statement.inferred or not begin <= subject.begin < end:
                continue
            pair = np.array([[index[subject.begin, subject.end], index[target.begin, target.end]]])
            bounds = np.array([sentences[mentions[int(pair[0, 0])].sentence]])
            paths = window_paths(mentions, pair, sentences, trees, self.heads)
            hidden, _ = pair_vectors(vectors, places, pair, parts, bounds, self.heads, paths)
            claimed = bool(self.heads.linear("pair.claimed", hidden)[0].argmax())
            modality = labels.MODALITIES[int(self.heads.linear("pair.modality", hidden)[0].argmax())]
            negative = bool(self.heads.linear("pair.polarity", hidden)[0].argmax())
            key = (number, order)
            tallies["claimed"].add({key} if statement.claimed else set(), {key} if claimed else set())
            tallies["modality"].add(
                {(*key, statement.modality)} - {(*key, "Actual")}, {(*key, modality)} - {(*key, "Actual")}
            )
            tallies["negative"].add({key} if statement.polarity == "Negative" else set(), {key} if negative else set())
            query = self.heads.linear("pair.pointer", hidden).reshape(len(labels.POINTERS), -1)
            nothing = self.heads.linear("pair.nothing", hidden)[0]
            for place, name, wanted in ((0, "source", statement.source), (1, "time", statement.time)):
                logits = softmax(np.append(keys[:, place] @ query[place], nothing[place]))
                best = int(logits.argmax())
                chosen = mentions[best] if best < len(mentions) else None
                mention = next(
                    (
                        m
                        for m in text.mentions
                        if chosen and (m.begin, m.end) == (chosen.begin + begin, chosen.end + begin)
                    ),
                    None,
                )
                right = mention is not None and (
                    wanted in mention.entities or (wanted is not None and wanted == mention.value)
                )
                there = wanted is not None and any(
                    (wanted in m.entities or wanted == m.value) and begin <= m.begin < end for m in text.mentions
                )
                tallies[name].hit += right
                tallies[name].found += chosen is not None
                tallies[name].gold += there

    def speed(self, texts: list[Text]) -> float:
        """Words a second of network, trees, mentions, statements and attributions, gold sentences."""
        words = 0
        started = time.perf_counter()
        for text in texts:
            for begin, end, sentences in windows(text):
                scores = self.network.run(text.words[begin:end])
                trees = self.parsed(scores, sentences)
                parts = self.heads.split(scores["pr"])
                mentions = find_mentions(scores["sp"][0], parts, sentences, self.heads)
                find_statements(mentions, parts, sentences, self.heads, 0.0, trees)
                find_attributions(scores["cue"], parts, self.heads)
                words += end - begin
        return round(words / (time.perf_counter() - started))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="folder that training.export wrote")
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--kgnews", type=Path, help="compiled kgnews.jsonl (default: in the corpora folder)")
    options = parser.parse_args()
    evaluation = Evaluation(options.model)
    gum = corpora.gum(options.corpora, "dev")
    cues = reporting_words(corpora.gum(options.corpora, "train"))
    path = options.kgnews or options.corpora / "kgnews" / "kgnews.jsonl"
    news = corpora.kgnews(path, evaluation=True, cues=cues)
    ewt = corpora.ewt(options.corpora, "dev")
    for name, score in (
        ("UD EWT dev", lambda: evaluation.trees(ewt)),
        ("UD GUM dev", lambda: evaluation.trees(gum)),
        ("UNER EWT dev", lambda: evaluation.coarse_names(ewt)),
        ("kgnews mentions", lambda: evaluation.mention_scores(news, "kg")),
        ("GUM mentions", lambda: evaluation.mention_scores(gum, "gum")),
        ("GUM chains, gold mentions", lambda: evaluation.chain_scores(gum, "gum", gold_mentions=True)),
        ("GUM chains", lambda: evaluation.chain_scores(gum, "gum", gold_mentions=False)),
        ("kgnews chains", lambda: evaluation.chain_scores(news, "kg", gold_mentions=False)),
        ("GUM attributions", lambda: evaluation.attribution_scores(gum)),
        ("kgnews attributions (weak gold)", lambda: evaluation.attribution_scores(news)),
        ("kgnews statements, gold mentions", lambda: evaluation.statement_scores(news, gold_mentions=True)),
        ("kgnews statements", lambda: evaluation.statement_scores(news, gold_mentions=False)),
        ("words a second", lambda: evaluation.speed(gum)),
    ):
        print(f"{name}: {json.dumps(score())}", flush=True)


if __name__ == "__main__":
    main()
