"""Texts → windows → batches of tensors.

A *window* is some consecutive words of one text, a few whole sentences and sometimes the beginning of one
more. A *unit* is a list of windows of one text whose mentions may corefer; units of all corpora are mixed in a batch,
and every label array says where its layer is unknown.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from kg.annotation.coreference import Candidate, pair_features
from kg.annotation.network import CLS, MAX_PIECES, MAX_PIECES_PER_WORD, SEP, UNKNOWN, word_shape
from kg.annotation.paths import Paths, Tree, pair_paths
from training import labels
from training.corpora import Text

IGNORE = -100
LONGEST_SENTENCE = 150  # words; longer ones are left out of training
WIDEST_SPAN = 60
LAYERS = ("up", "xp", "mf", "lem", "rel")


@dataclass(slots=True)
class Vocabulary:
    """Label lists of the treebank heads, collected from the training part."""

    names: dict[str, list[str]]

    @classmethod
    def collect(cls, texts: list[Text], minimum: dict[str, int]) -> Vocabulary:
        """Labels that occur often enough, sorted."""
        counts: dict[str, Counter[str]] = {layer: Counter() for layer in LAYERS}
        for text in texts:
            if text.tree:
                for layer in LAYERS:
                    counts[layer].update(text.tree[layer])
        return cls(
            {k: sorted(n for n, c in counter.items() if c >= minimum.get(k, 1)) for k, counter in counts.items()}
        )


@dataclass(slots=True)
class Encoded:
    """A text with its labels as arrays over words."""

    text: Text
    pieces: list[list[int]]
    shapes: np.ndarray
    layers: dict[str, np.ndarray]
    heads: np.ndarray  # word index in the text, -1 the root, IGNORE unknown
    ner: np.ndarray  # row of the table of allowed sets
    sentence_of: np.ndarray
    lengths: np.ndarray  # pieces of each word
    trees: list[Tree | None] | None = None  # of the sentences, as the network itself reads them


class Encoder:
    """Texts → `Encoded`, with one table of the sets of allowed tags."""

    def __init__(self, tokenizer: Tokenizer, vocabulary: Vocabulary) -> None:
        self.tokenizer = tokenizer
        self.index = {layer: {n: i for i, n in enumerate(names)} for layer, names in vocabulary.names.items()}
        self.tag_index = {tag: i for i, tag in enumerate(labels.NER_TAGS)}
        self.sets: dict[tuple[str, ...], int] = {(): 0}
        self._pieces: dict[str, list[int]] = {}

    def pieces(self, word: str) -> list[int]:
        """Word pieces, at least one."""
        known = self._pieces.get(word)
        if known is None:
            ids = self.tokenizer.encode(word[:400], add_special_tokens=False).ids[:MAX_PIECES_PER_WORD]
            known = self._pieces[word] = ids or [UNKNOWN]
        return known

    def encode(self, text: Text) -> Encoded:
        """The text with its labels as arrays."""
        size = len(text.words)
        layers = {
            layer: np.array([self.index[layer].get(v, IGNORE) for v in text.tree[layer]], np.int64)
            if text.tree
            else np.full(size, IGNORE, np.int64)
            for layer in LAYERS
        }
        heads = np.full(size, IGNORE, np.int64)
        sentence_of = np.full(size, -1, np.int64)
        for number, (begin, end) in enumerate(text.sentences):
            sentence_of[begin:end] = number
            if text.tree:
                heads[begin:end] = [_head(h, begin) for h in text.tree["head"][begin:end]]
        ner = np.array([self.sets.setdefault(s, len(self.sets)) for s in text.ner or [()] * size], np.int64)
        pieces = [self.pieces(word) for word in text.words]
        return Encoded(
            text,
            pieces,
            np.array([word_shape(word) for word in text.words], np.int64),
            layers,
            heads,
            ner,
            sentence_of,
            np.array([len(p) for p in pieces]),
        )

    def tag_sets(self) -> torch.Tensor:
        """Table of allowed tags: sets × tags, bool; the empty set allows all."""
        table = torch.zeros(len(self.sets), len(labels.NER_TAGS), dtype=torch.bool)
        for tags, row in self.sets.items():
            table[row, [self.tag_index[tag] for tag in tags] if tags else slice(None)] = True
        return table


def _head(number: int | None, begin: int) -> int:
    """A sentence's head column (0 the root, None unknown) → index in the text, -1 or IGNORE."""
    if number is None:
        return IGNORE
    return begin + number - 1 if number else -1


@dataclass(slots=True)
class Window:
    """Words [begin, end) of a text; those from `complete` on belong to a sentence that is cut off."""

    source: Encoded
    begin: int
    complete: int
    end: int

    @property
    def piece_count(self) -> int:
        return int(self.source.lengths[self.begin : self.end].sum())


def windows_of(
    source: Encoded, begin: int, end: int, limit: int, random_cut: random.Random | None = None
) -> list[Window]:
    """Windows over the sentences [begin, end): as many whole sentences as fit in `limit` words, at least one."""
    found = []
    sentences = source.text.sentences
    number = begin
    while number < end:
        first, complete = sentences[number]
        number += 1
        if complete - first > LONGEST_SENTENCE:
            continue
        while number < end and sentences[number][1] - first <= limit:
            complete = sentences[number][1]
            number += 1
        last = complete
        if random_cut is not None and number < end and complete - first < limit - 3 and random_cut.random() < 0.5:
            last = min(sentences[number][1] - 1, complete + random_cut.randint(1, limit - (complete - first)))
        window = Window(source, first, complete, max(last, complete))
        while window.piece_count > MAX_PIECES and window.end > window.complete:
            window.end -= 1
        if window.piece_count <= MAX_PIECES:
            found.append(window)
    return found


UNIT_WORDS = {"gum": 450, "kgnews": 600, "litbank": 350}


def units_of(source: Encoded, rng: random.Random) -> list[list[Window]]:
    """A text cut at random into units: several windows for texts with coreference, one elsewhere."""
    limit = 0 if rng.random() < 0.3 else rng.randint(40, 120)
    sentences = source.text.sentences
    size = UNIT_WORDS.get(source.text.corpus)
    if size is None:
        return [[w] for w in windows_of(source, 0, len(sentences), limit, rng)]
    units, first = [], 0
    budget = rng.randint(size // 2, size) if len(source.text.words) > size else size
    for number in range(len(sentences)):
        if sentences[number][1] - sentences[first][0] > budget and number > first:
            units.append(windows_of(source, first, number, limit, rng))
            first = number
            budget = rng.randint(size // 2, size)
    units.append(windows_of(source, first, len(sentences), limit, rng))
    return [unit for unit in units if unit]


def batches(units: list[list[Window]], budget: int, rng: random.Random) -> Iterator[list[list[Window]]]:
    """Units of like window length together, at most `budget` pieces with padding, in random order."""
    keyed = sorted(units, key=lambda unit: max(w.piece_count for w in unit) * rng.uniform(0.85, 1.15))
    groups: list[list[list[Window]]] = []
    current: list[list[Window]] = []
    longest = count = 0
    for unit in keyed:
        widest = max(window.piece_count for window in unit) + 2
        if current and max(longest, widest) * (count + len(unit)) > budget:
            groups.append(current)
            current, longest, count = [], 0, 0
        current.append(unit)
        longest, count = max(longest, widest), count + len(unit)
    if current:
        groups.append(current)
    rng.shuffle(groups)
    yield from groups


class Collator:
    """Units → one batch: a dict of tensors (`tensors`) and of ragged parts."""

    def __init__(self, augment: float, rng: random.Random, path_counts: dict[str, int]) -> None:
        self.augment = augment
        self.path_counts = path_counts
        self.rng = rng
        self.type_index = {name: i for i, name in enumerate(labels.MENTION_TYPES)}
        self.property_index = {name: i for i, name in enumerate(labels.PROPERTIES)}

    def __call__(self, units: list[list[Window]], *, layers_only: bool = False) -> dict[str, Any]:
        """The batch; `layers_only` leaves out mentions and what is between them."""
        rows = [window for unit in units for window in unit]
        count = len(rows)
        width = max(window.end - window.begin for window in rows)
        length = max(window.piece_count for window in rows) + 2
        batch: dict[str, Any] = {name: np.zeros((count, length), np.int64) for name in ("ids", "mask", "shp")}
        batch["first"] = np.zeros((count, width + 1), np.int64)
        batch["wmask"] = np.zeros((count, width + 1), np.int64)
        for name in (*LAYERS, "head", "ner", "ss", "cue"):
            batch[name] = np.full((count, width), IGNORE, np.int64)
        batch["ner"][:] = 0
        batch["sentence"] = np.full((count, width), -1, np.int64)
        batch["channel"] = np.full(count, -1, np.int64)
        batch["unsure"] = np.zeros((count, width), bool)
        for row, window in enumerate(rows):
            self._words(batch, row, window)
        if not layers_only:
            self._mentions(batch, units)
            self._attributions(batch, rows)
        return {name: torch.from_numpy(v) if isinstance(v, np.ndarray) else v for name, v in batch.items()}

    def _words(self, batch: dict[str, Any], row: int, window: Window) -> None:
        source, begin, end = window.source, window.begin, window.end
        size, done = end - begin, window.complete - begin
        ids = [CLS]
        first = [0]
        for pieces in source.pieces[begin:end]:
            first.append(len(ids))
            ids += pieces
        ids.append(SEP)
        batch["ids"][row, : len(ids)] = ids
        batch["mask"][row, : len(ids)] = 1
        batch["first"][row, : size + 1] = first
        batch["wmask"][row, : size + 1] = 1
        shapes = source.shapes[begin:end]
        draw = self.rng.random()
        if draw < self.augment:  # a text all in capitals, or all in small letters
            shapes = np.where(np.isin(shapes, (1, 2, 3, 4, 8, 10)), 1 if draw < self.augment / 2 else 3, shapes)
        batch["shp"][row, first[1:]] = shapes
        for layer in LAYERS:
            batch[layer][row, :size] = source.layers[layer][begin:end]
        batch["rel"][row, done:size] = IGNORE
        heads = source.heads[begin : window.complete]
        batch["head"][row, :done] = np.where(heads == IGNORE, IGNORE, np.where(heads < 0, 0, heads - begin + 1))
        batch["ner"][row, :size] = source.ner[begin:end]
        sentence = source.sentence_of[begin:end]
        several = len(source.text.sentences) > 1 and source.text.corpus != "silver"
        if several or source.text.corpus in ("ud_ewt", "gum", "kgnews"):
            batch["ss"][row, :size] = np.concatenate([[1], sentence[1:] != sentence[:-1]])
        batch["sentence"][row, :done] = sentence[:done]
        if source.text.scheme in labels.SPAN_CHANNELS:
            batch["channel"][row] = labels.SPAN_CHANNELS.index(source.text.scheme)
        for index in source.text.unsure:
            if begin <= index < end:
                batch["unsure"][row, index - begin] = True

    def _mentions(self, batch: dict[str, Any], units: list[list[Window]]) -> None:
        places, types, kinds, documents = [], [], [], []
        pairs: list[tuple[int, int, int]] = []
        gold: list[dict[str, Any]] = []
        paths: list[tuple[int, Paths]] = []
        row = 0
        for unit in units:
            members: list[Candidate] = []
            entities: list[tuple[str, ...]] = []
            text = unit[0].source.text
            for window in unit:
                local: dict[int, int] = {}
                for number, mention in enumerate(text.mentions):
                    if window.begin <= mention.begin and mention.end <= window.complete:
                        if mention.end - mention.begin > WIDEST_SPAN:
                            continue
                        local[number] = len(places)
                        places.append((row, mention.begin - window.begin, mention.end - 1 - window.begin))
                        allowed = np.zeros(len(labels.MENTION_TYPES), bool)
                        allowed[[self.type_index[t] for t in mention.types]] = True
                        types.append(allowed)
                        kinds.append(labels.KINDS.index(mention.kind) if mention.kind else IGNORE)
                if text.statements is not None:
                    self._pairs(window, local, pairs, gold, paths, row)
                row += 1
                order = sorted(local, key=lambda n: (text.mentions[n].begin, text.mentions[n].end))
                for number in order:
                    mention = text.mentions[number]
                    if mention.value is None:
                        sentence = int(window.source.sentence_of[mention.begin])
                        members.append(Candidate(mention.begin, mention.end, sentence, mention.kind or "nominal"))
                        entities.append((*mention.entities, str(local[number])))
            if len(members) > 1:
                documents.append(self._document(text, members, entities))
        batch["places"] = np.array(places, np.int64).reshape(-1, 3)
        batch["types"] = np.array(types, bool).reshape(-1, len(labels.MENTION_TYPES))
        batch["kinds"] = np.array(kinds, np.int64)
        batch["documents"] = documents
        batch["pairs"] = np.array(pairs, np.int64).reshape(-1, 3)
        batch["gold"] = gold
        width = batch["sentence"].shape[1]
        batch["path_words"] = np.zeros((len(pairs), width), np.float32)
        batch["tops"] = np.zeros(len(pairs), np.int64)
        batch["path_classes"] = {
            name: torch.from_numpy(np.concatenate([p.classes[name] for _, p in paths])) if paths else None
            for name in self.path_counts
        }
        at = 0
        for begin, found in paths:
            count, size = found.words.shape
            batch["path_words"][at : at + count, begin : begin + size] = found.words
            batch["tops"][at : at + count] = found.tops + begin
            at += count

    def _document(self, text: Text, members: list[Candidate], entities: list[tuple[str, ...]]) -> dict[str, Any]:
        """Pair features and gold links of one unit; the last of `entities` is the index of the mention in the batch."""
        size = len(members)
        features = pair_features(text.words, members)
        by_entity: dict[str, list[int]] = {}
        for index, names in enumerate(entities):
            for name in names[:-1]:
                by_entity.setdefault(name, []).append(index)
        linked = np.zeros((size, size), bool)
        for group in by_entity.values():
            linked[np.ix_(group, group)] = True
        return {
            "mentions": torch.tensor([int(names[-1]) for names in entities]),
            "features": {name: torch.from_numpy(value.astype(np.int64)) for name, value in features.items()},
            "linked": torch.from_numpy(np.tril(linked, -1)),
            "scheme": labels.SCHEMES.index(text.scheme or "kg"),
        }

    def _pairs(
        self,
        window: Window,
        local: dict[int, int],
        pairs: list[tuple[int, int, int]],
        gold: list[dict[str, Any]],
        paths: list[tuple[int, Paths]],
        row: int,
    ) -> None:
        text = window.source.text
        by_sentence: dict[int, list[int]] = {}
        for number in local:
            by_sentence.setdefault(int(window.source.sentence_of[text.mentions[number].begin]), []).append(number)
        marked: dict[tuple[int, int], list[Any]] = {}
        for statement in text.statements or ():
            if statement.subject in local and statement.object in local:
                marked.setdefault((statement.subject, statement.object), []).append(statement)
        entity_pairs = {
            (a, b, int(window.source.sentence_of[text.mentions[s].begin]))
            for s, o in marked
            for a in text.mentions[s].entities
            for b in (*text.mentions[o].entities, text.mentions[o].value)
        }
        for sentence, members in by_sentence.items():
            options = [(s, o) for s in members if text.mentions[s].value is None for o in members if s != o]
            if len(options) > 240:
                kept = [pair for pair in options if pair in marked]
                options = kept + self.rng.sample(options, 240)
            chosen = []
            for subject, target in options:
                statements = marked.get((subject, target), [])
                here = {
                    (a, b, sentence)
                    for a in text.mentions[subject].entities
                    for b in (*text.mentions[target].entities, text.mentions[target].value)
                }
                if not statements and here & entity_pairs:
                    continue  # another mention of a related entity: neither right nor wrong
                reverse = marked.get((target, subject), [])
                if not statements and any(labels.SYMMETRIC_PROPERTIES & set(s.properties) for s in reverse):
                    continue
                gold.append(self._gold(window, statements, local))
                pairs.append((local[subject], local[target], row))
                chosen.append((subject, target))
            begin, end = text.sentences[sentence]
            order = {number: index for index, number in enumerate(members)}
            spans = [(text.mentions[number].begin - begin, text.mentions[number].end - begin) for number in members]
            tree = window.source.trees[sentence] if window.source.trees else None
            numbered = [(order[s], order[o]) for s, o in chosen]
            found = pair_paths(tree, end - begin, spans, numbered, self.path_counts)
            paths.append((begin - window.begin, found))

    def _gold(self, window: Window, statements: list[Any], local: dict[int, int]) -> dict[str, Any]:
        text = window.source.text
        positive, ignored = set(), set()
        for statement in statements:
            first, *others = (self.property_index[name] for name in statement.properties)
            optional = statement.inferred and statement.properties[0] in labels.OPTIONAL_WHEN_INFERRED
            (ignored if optional else positive).add(first)
            ignored |= set(others)
        result: dict[str, Any] = {"positive": sorted(positive), "ignored": sorted(ignored - positive)}
        worded = [statement for statement in statements if not statement.inferred] or statements
        if worded:
            statement = worded[0]
            result["claimed"] = int(statement.claimed)
            result["modality"] = labels.MODALITIES.index(statement.modality)
            result["polarity"] = labels.POLARITIES.index(statement.polarity)
            if statement.cue:
                result["cue"] = (statement.cue[0] - window.begin, statement.cue[1] - window.begin)
            for name, wanted in (("source", statement.source), ("time", statement.time), ("place", statement.place)):
                found = [
                    local[number]
                    for number in local
                    if wanted in text.mentions[number].entities
                    or (name == "time" and wanted == text.mentions[number].value)
                ]
                result[name] = found if wanted is not None else []
                if wanted is not None and not found:
                    result[name] = None  # said elsewhere: nothing to learn
        return result

    def _attributions(self, batch: dict[str, Any], rows: list[Window]) -> None:
        found = []
        for row, window in enumerate(rows):
            text, begin, end = window.source.text, window.begin, window.end
            if text.attributions is None:
                continue
            if text.attributions_complete:
                batch["cue"][row, : end - begin] = 0
            else:
                for index in range(begin, window.complete):
                    if not text.words[index].isalpha() or text.words[index][:1].isupper():
                        batch["cue"][row, index - begin] = 0
            for attribution in text.attributions:
                cue = [i - begin for i in attribution.cue if begin <= i < end]
                if not cue:
                    continue
                batch["cue"][row, cue] = 1
                inside = [i - begin for i in attribution.content if begin <= i < end]
                source = [i - begin for i in attribution.source if begin <= i < end]
                if attribution.outside is None:
                    outside = sorted(set(range(window.complete - begin)) - set(inside))
                else:
                    outside = [i - begin for i in attribution.outside if begin <= i < end]
                found.append((row, cue[0], source, bool(attribution.source), inside, outside))
        batch["attributions"] = found
