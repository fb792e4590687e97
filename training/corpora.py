"""Corpora folder → `Text`s: words with every layer that the corpus annotates, in one shape for all of them.

All indices are words, end exclusive. A layer that a corpus does not have is None or empty: unknown, never absent.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.annotation.coreference import head_of
from training import labels
from training.attributions import weak_attributions
from training.tokenization import word_spans

_PRONOUN_CASES = re.compile(r"[A-Z]")
_VALUE_LIKE = re.compile(
    r"\d|^(?:mon|tues|wednes|thurs|fri|satur|sun)day$|^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?$"
    r"|^(?:today|yesterday|tomorrow|year|month|week|day|century|decade)s?$"
    r"|^(?:one|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|billion|dozen)s?$|^[$€£¥]$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class MarkedMention:
    """A marked span: allowed types, kind, and the ids of the entities it refers to."""

    begin: int
    end: int
    types: tuple[str, ...]
    kind: str | None
    entities: tuple[str, ...] = ()
    value: str | None = None


@dataclass(slots=True)
class MarkedStatement:
    """A statement between two mentions (indices into `Text.mentions`) of one sentence."""

    subject: int
    object: int
    properties: tuple[str, ...]
    claimed: bool
    modality: str
    polarity: str
    inferred: bool
    cue: tuple[int, int] | None = None
    source: str | None = None
    time: str | None = None
    place: str | None = None


@dataclass(slots=True)
class MarkedAttribution:
    """Word indices of source, cue and content; `partial`: words outside the three are unknown."""

    source: tuple[int, ...]
    cue: tuple[int, ...]
    content: tuple[int, ...]
    outside: tuple[int, ...] | None = None


@dataclass(slots=True)
class Text:
    """A document, or a lone sentence, of a corpus."""

    corpus: str
    ident: str
    words: list[str]
    sentences: list[tuple[int, int]]
    tree: dict[str, list[Any]] | None = None  # up xp mf lem head (0 is the root, else 1 + index in sentence) rel
    ner: list[tuple[str, ...]] | None = None  # allowed tags of each word; () is any
    scheme: str | None = None  # whose idea of a mention
    mentions: list[MarkedMention] = field(default_factory=list)
    unsure: set[int] = field(default_factory=set)  # words whose spans are not annotated reliably
    statements: list[MarkedStatement] | None = None
    attributions: list[MarkedAttribution] | None = None
    attributions_complete: bool = False


def held_out(ident: str) -> bool:
    """Whether a document of `kgnews` is kept for evaluation: never trained on."""
    return "-real-" not in ident and hashlib.sha256(ident.encode()).hexdigest()[0] in "012"


WINDOW = 90
"""Words of a window in which models are run on texts whose sentences are known."""


def windows(text: Text) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """(begin, end, sentences within) of windows of whole sentences; indices of `sentences` count from `begin`."""
    number = 0
    while number < len(text.sentences):
        first = number
        begin, end = text.sentences[number]
        number += 1
        while number < len(text.sentences) and text.sentences[number][1] - begin <= WINDOW:
            end = text.sentences[number][1]
            number += 1
        yield begin, end, [(a - begin, b - begin) for a, b in text.sentences[first:number]]


class Aligner:
    """Code points → words."""

    def __init__(self, offsets: list[tuple[int, int]]) -> None:
        self.begins = [begin for begin, _ in offsets]
        self.ends = [end for _, end in offsets]

    def words(self, begin: int, end: int) -> tuple[int, int] | None:
        """Words that overlap [begin, end); None when there are none."""
        first = bisect_right(self.ends, begin)
        last = bisect_left(self.begins, end)
        return (first, last) if first < last else None


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Rows of a JSON Lines file, gzip'd or not."""
    opener: Callable[..., Any] = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


# --------------------------------------------------------------------------------------------------- treebanks


def treebank(path: Path, corpus: str) -> list[Text]:
    """Documents of a CoNLL-U file."""
    texts: list[Text] = []
    text: Text | None = None
    sentence: list[list[str]] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in [*lines, "\n"]:
            if line.startswith("# newdoc id"):
                tree: dict[str, list[Any]] = {name: [] for name in ("up", "xp", "mf", "lem", "head", "rel", "sid")}
                text = Text(corpus, line.split("=", 1)[1].strip(), [], [], tree)
                texts.append(text)
            elif line.startswith("# sent_id") and text is not None and text.tree is not None:
                text.tree["sid"].append(line.split("=", 1)[1].strip())
            elif line.startswith("#"):
                continue
            elif line.strip():
                columns = line.rstrip("\n").split("\t")
                if columns[0].isdigit():
                    sentence.append(columns)
            elif sentence and text is not None and text.tree is not None:
                begin = len(text.words)
                for columns in sentence:
                    text.words.append(columns[1])
                    text.tree["up"].append(columns[3])
                    text.tree["xp"].append(columns[4])
                    text.tree["mf"].append(columns[5])
                    text.tree["lem"].append(labels.lemma_script(columns[1], columns[2]))
                    text.tree["head"].append(int(columns[6]))
                    text.tree["rel"].append(columns[7])
                text.sentences.append((begin, len(text.words)))
                sentence = []
    return texts


def ewt(folder: Path, part: str) -> list[Text]:
    """UD English EWT with the names of Universal NER."""
    texts = treebank(folder / "ud_ewt" / f"{part}.conllu.gz", "ud_ewt")
    names = {row["id"]: row for row in rows(folder / "uner_ewt" / f"{part}.jsonl.gz")}
    for text in texts:
        if text.tree is None:
            continue
        text.ner = []
        for (begin, end), ident in zip(text.sentences, text.tree["sid"], strict=True):
            row = names.get(ident)
            if row is None or row["tokens"] != text.words[begin:end]:
                text.ner += [()] * (end - begin)
            else:
                text.ner += entity_tags("uner_ewt", row)
    return texts


def gum(folder: Path, part: str) -> list[Text]:
    """UD English GUM with entities, coreference and attributions."""
    rich = {row["id"]: row for row in rows(folder / "gum" / f"{part}.jsonl.gz")}
    texts = []
    for text in treebank(folder / "ud_gum" / f"{part}.conllu.gz", "gum"):
        row = rich.get(text.ident)
        if row is None or row["tokens"] != text.words:
            continue  # one document stands in the other part of the entity layer: it must not be trained on
        texts.append(text)
        aligner = Aligner([tuple(pair) for pair in row["tok_off"]])
        text.scheme = "gum"
        text.ner = [("O", *labels.tags_of("Date Money Number Demonym", "BI"))] * len(text.words)
        for index, pos in enumerate(text.tree["up"] if text.tree else []):
            if pos == "PROPN":
                text.ner[index] = ()
        for entity in row["entities"]:
            span = aligner.words(entity["start"], entity["end"])
            if span is None:
                continue
            kind = {"named": "name", "pron": "pronoun"}.get(entity["kind"], "nominal")
            types = labels.GUM_TYPES[entity["label"]]
            text.mentions.append(MarkedMention(*span, tuple(types.split()), kind, (str(entity["cluster"]),)))
            inner = aligner.words(*entity["minspan"])
            if kind == "name" and inner and types != "Date":
                for index in range(*inner):
                    if text.words[index][:1].isupper():
                        text.ner[index] = labels.tags_of(
                            f"{types.replace('Role', '').replace('Topic', '')} Demonym", "BI"
                        )
        text.attributions_complete = True
        text.attributions = []
        for attribution in row["attributions"]:
            layers = [
                tuple(i for pair in attribution[name] if (s := aligner.words(*pair)) for i in range(*s))
                for name in ("source", "cue", "content")
            ]
            if layers[1] and layers[2]:
                text.attributions.append(MarkedAttribution(*layers))
    return texts


# --------------------------------------------------------------------------------------------------- names


def entity_tags(corpus: str, row: dict[str, Any]) -> list[tuple[str, ...]]:
    """Allowed tags of each word of a row with word-aligned `entities` (`tstart`, `tend`)."""
    mapping, outside = labels.NER_MAPS[corpus], tuple(_widen(labels.NER_OUTSIDE[corpus]))
    tags: list[tuple[str, ...]] = [outside] * len(row["tokens"])
    for entity in sorted(row["entities"], key=lambda item: item["tstart"] - item["tend"]):
        types = mapping.get(entity["label"])
        begin, end = entity["tstart"], entity["tend"]
        if types is not None and begin < end and row["tokens"][begin].lower() in {"the", "a", "an"}:
            begin += 1
        for index in range(begin, end):
            edge = "B" if index == begin else "I"
            tags[index] = () if types is None else labels.tags_of(types, edge)
    return tags


def _widen(types: str) -> Iterator[str]:
    for name in types.split():
        yield from labels.tags_of(name, "BI") if name != "O" else ("O",)


def names(folder: Path, corpus: str) -> list[Text]:
    """Sentences or documents of a corpus of names."""
    texts = []
    for path in sorted((folder / corpus).glob("*.jsonl.gz")):
        for row in rows(path):
            if "tokens" not in row:
                offsets = word_spans(row["text"])
                row["tokens"] = [row["text"][begin:end] for begin, end in offsets]
                aligner = Aligner(offsets)
                kept = []
                for entity in row["entities"]:
                    if span := aligner.words(entity["start"], entity["end"]):
                        kept.append({**entity, "tstart": span[0], "tend": span[1]})
                row["entities"] = kept
            elif row["entities"] and "tstart" not in row["entities"][0]:
                aligner = Aligner([tuple(pair) for pair in row["tok_off"]])
                for entity in row["entities"]:
                    entity["tstart"], entity["tend"] = aligner.words(entity["start"], entity["end"]) or (0, 0)
            if not row["tokens"]:
                continue
            if corpus == "redocred":
                _demonyms(row)
            words = [word if word.strip() else "_" for word in row["tokens"]]
            starts = row.get("sent_starts") or [0]
            sentences = list(zip(starts, [*starts[1:], len(words)], strict=True))
            texts.append(Text(corpus, row["id"], words, sentences, ner=entity_tags(corpus, row)))
    return texts


_DEMONYM = re.compile(r"^[A-Z][a-z]+(?:ian|ean|an|ese|ish|i|ch|ic|ss|sh|wegian)s?$")


def _demonyms(row: dict[str, Any]) -> None:
    """Single-word places that look like adjectives ('Japanese') are unknown, as the corpus calls them LOC or MISC."""
    for entity in row["entities"]:
        if entity["label"] in {"LOC", "MISC"} and entity["tend"] - entity["tstart"] == 1:
            word = row["tokens"][entity["tstart"]]
            if entity["label"] == "MISC" or (_DEMONYM.match(word) and not word.endswith(("stan", "land"))):
                entity["label"] = "unknown"


# --------------------------------------------------------------------------------------------------- mentions


def litbank(folder: Path) -> list[Text]:
    """Fiction with coreference."""
    texts = []
    for row in rows(folder / "litbank" / "all.jsonl.gz"):
        offsets = [match.span() for match in re.finditer(r"\S+", row["text"])]
        aligner = Aligner(offsets)
        words = [row["text"][begin:end] for begin, end in offsets]
        sentences = []
        for line in re.finditer(r"[^\n]+", row["text"]):
            if span := aligner.words(*line.span()):
                sentences.append(span)
        text = Text("litbank", row["id"], words, sentences, scheme="litbank")
        for entity in row["entities"]:
            if entity.get("cluster") is None:
                continue
            if span := aligner.words(entity["start"], entity["end"]):
                kind = {"named": "name", "pron": "pronoun", "pronoun": "pronoun"}.get(entity["kind"], "nominal")
                types = tuple(labels.LITBANK_TYPES[entity["label"]].split())
                text.mentions.append(MarkedMention(*span, types, kind, (str(entity["cluster"]),)))
        texts.append(text)
    return texts


def kgnews(path: Path, *, evaluation: bool, cues: frozenset[str], more: Path | None = None) -> list[Text]:
    """The project's own corpus; `evaluation` gives the held-out documents, else all others.

    `more` are the compiled documents of `training/texts`, all of them to train on.
    """
    chosen = [row for row in rows(path) if held_out(row["id"]) == evaluation]
    if more is not None and not evaluation:
        chosen += rows(more)
    return [_kgnews_text(row, cues) for row in chosen]


def _kgnews_text(row: dict[str, Any], cues: frozenset[str]) -> Text:
    offsets = word_spans(row["text"])
    aligner = Aligner(offsets)
    words = [row["text"][begin:end] for begin, end in offsets]
    sentences = [span for pair in row["sentences"] if (span := aligner.words(*pair))]
    text = Text("kgnews", row["id"], words, sentences, scheme="kg", statements=[])
    entities = {entity["id"]: entity for entity in row["entities"]}
    by_span: dict[tuple[int, int], int] = {}
    index_of: dict[int, int] = {}
    starts = {begin for begin, _ in sentences}
    for number, mention in enumerate(row["mentions"]):
        span = aligner.words(mention["begin"], mention["end"])
        if span is None:
            continue
        entity = entities[mention["entity"]]
        if span in by_span:
            known = text.mentions[by_span[span]]
            known.entities = (*known.entities, entity["id"])
        else:
            by_span[span] = len(text.mentions)
            kind = _kind(words, span, mention["kind"], entity["name"] or "", starts)
            text.mentions.append(MarkedMention(*span, tuple(entity["types"]), kind, (entity["id"],)))
        index_of[number] = by_span[span]
    values: dict[tuple[int, int], int] = {}
    for value in row["values"]:
        span = aligner.words(value["begin"], value["end"])
        if span and span not in by_span:
            values[span] = len(text.mentions)
            kind = _value_type(value["value"])
            text.mentions.append(MarkedMention(*span, (kind,), None, value=value["value"]))
    marked = {index for mention in text.mentions for index in range(mention.begin, mention.end)}
    text.unsure = {i for i, word in enumerate(words) if i not in marked and _VALUE_LIKE.search(word)}
    _kgnews_names(text, entities)
    for statement in row["statements"]:
        _kgnews_statement(text, statement, index_of, aligner)
    text.attributions = weak_attributions(text, row, aligner, cues)
    return text


def _kind(words: list[str], span: tuple[int, int], kind: str, name: str, starts: set[int]) -> str:
    """Name, nominal or pronoun; the corpus itself calls a name whatever holds a capital letter."""
    if kind == "pronoun":
        return kind
    head = words[head_of(words, *span)]
    if not _PRONOUN_CASES.match(head):
        return "nominal"
    return "nominal" if span[0] in starts and span[1] - span[0] <= 2 and name[:1].islower() else "name"


def _value_type(value: str) -> str:
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", value) or re.fullmatch(r"(1[5-9]|20)\d\d", value):
        return "Date"
    return "Money" if re.search(r" [A-Z]{3}$", value) else "Number"


def _kgnews_names(text: Text, entities: dict[str, Any]) -> None:
    """Flat names: the outermost span that is a name of a type with a tag; adjectives of places are demonyms."""
    value_tags = labels.tags_of("Date Money Number", "BI")
    tags: list[tuple[str, ...]] = [("O", *value_tags) if _VALUE_LIKE.search(w) else ("O",) for w in text.words]
    taken: set[int] = set()
    for mention in sorted(text.mentions, key=lambda item: item.begin - item.end):
        span = range(mention.begin, mention.end)
        if taken & set(span) or not (mention.kind == "name" or mention.value):
            continue
        types = " ".join(name for name in mention.types if name in labels.NER_TYPES)
        if not types:
            if mention.types[0] == "Topic":
                for index in span:
                    if text.words[index][:1].isupper():
                        tags[index] = ("O", *labels.tags_of("Product Event Law", "BI"))
            continue
        if mention.entities and types in {"Country", "Region", "City"} and len(span) == 1:
            name = entities[mention.entities[0]]["name"] or ""
            if _DEMONYM.match(text.words[mention.begin]) and text.words[mention.begin] not in name.split():
                types = "Demonym"
        taken |= set(span)
        for index in span:
            tags[index] = labels.tags_of(types, "B" if index == mention.begin else "I")
    text.ner = tags


def _kgnews_statement(text: Text, row: dict[str, Any], index_of: dict[int, int], aligner: Aligner) -> None:
    begin, end = text.sentences[row["sentence"]] if row["sentence"] < len(text.sentences) else (0, 0)
    subject = index_of.get(row["subject_mention"]) if row["subject_mention"] is not None else None
    if "literal" in row:
        target = next(
            (
                i
                for i, mention in enumerate(text.mentions)
                if mention.value is not None
                and begin <= mention.begin < end
                and (mention.value == row["literal"] or row["literal"].split(" ")[0] == mention.value.split(" ")[0])
            ),
            None,
        )
    else:
        target = index_of.get(row["object_mention"]) if row["object_mention"] is not None else None
    if subject is None or target is None or subject == target or text.statements is None:
        return
    known = tuple(dict.fromkeys(name if name in labels.PROPERTIES else labels.OPEN for name in row["properties"]))
    text.statements.append(
        MarkedStatement(
            subject,
            target,
            known,
            row["status"] == "Claimed",
            row["modality"],
            row["polarity"],
            row["inferred"],
            cue=aligner.words(*row["cue"]) if row["cue"] else None,
            source=row["by"],
            time=row["time"],
            place=row["place"],
        )
    )
