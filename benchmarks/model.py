"""How good the shipped English model is, and what it costs to run: the figures of `docs/model-card.md`.

    python benchmarks/model.py [CORPORA_DIR] [--kgnews FILE] [--conllu FILE] [--only GROUP] [--limit N] [--json FILE]

Everything is measured on the 8-bit weights in the package, through the calls that a user has (`kg.annotation`).

CORPORA_DIR holds `ud_ewt/dev.conllu.gz`, `ud_gum/dev.conllu.gz` (the released development parts of UD English EWT and
GUM, the latter without the genres whose texts are not open) and `uner_ewt/dev.jsonl.gz` (Universal NER on the former);
`training/README.md` says where to get them. `--conllu` scores any other treebank file in their place, plain or
gzip'd, such as a released test part. `--kgnews` is that corpus as its `compile.py` writes it; only the documents held
out of training are scored.

Groups: `trees` words and sentences given, `raw` from text, `names`, `runtime`. Figures of the parts named `dev` are no
test figures.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby, islice, pairwise
from pathlib import Path
from typing import Any

from spacy import Language
from spacy.tokens import Doc

from kg.annotation import annotate, load, pipeline, read_conllu
from kg.annotation.document import VALUE_TYPES
from kg.annotation.formats import sentence_words
from kg.annotation.lemmas import Lemmatizer
from kg.annotation.network import Network
from kg.annotation.windows import given_sentences
from kg.errors import KGError
from kg.model import Document, Kind

MODEL = Path(pipeline.__file__).parent / "model_en"
GROUPS = ("trees", "raw", "names", "runtime")
TREEBANKS = {"UD English EWT, dev": "ud_ewt/dev.conllu.gz", "UD English GUM, dev": "ud_gum/dev.conllu.gz"}
UNER = "uner_ewt/dev.jsonl.gz"
COARSE = {"Person": "PER", "Organization": "ORG", "GovernmentOrganization": "ORG"} | dict.fromkeys(
    ("Country", "City", "Region", "Place", "Facility"), "LOC"
)
"""Our types in the terms of Universal NER; names of other types have no counterpart there."""
NO_NAMES = frozenset({"Role", "Topic"})
"""Types of `kgnews` whose mentions are no names in the sense of the name tagger."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table; `scored` says of how many words, verbs, gold names … it is."""

    data: str
    measure: str
    value: float
    unit: str
    scored: int


# ------------------------------------------------------------------------------------------------------------ scores


@dataclass(slots=True)
class Tally:
    """Precision and recall of sets, summed over documents."""

    hits: int = 0
    found: int = 0
    gold: int = 0

    def add(self, gold: Collection[Hashable], found: Collection[Hashable]) -> None:
        """Count one document."""
        self.hits += len(set(gold) & set(found))
        self.found += len(set(found))
        self.gold += len(set(gold))

    @property
    def f1(self) -> float:
        """In percent; 0 where nothing is found or nothing is there."""
        return 200 * self.hits / (self.found + self.gold) if self.hits else 0.0


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a tree; `head` counts from 1 within the sentence, 0 is the root."""

    form: str
    lemma: str
    upos: str
    xpos: str
    head: int
    deprel: str

    @property
    def inflected_verb(self) -> bool:
        """Whether it is a verb in a form that is not its lemma."""
        return self.upos == "VERB" and self.form.lower() != self.lemma


def right_words(gold: Sequence[Word], found: Sequence[Word]) -> Counter[str]:
    """Counts of what is right in one sentence: `upos`, `xpos`, `lemma`, `uas`, `las` (label with its subtype) of
    `words`; `verb_lemma` of `inflected_verbs`. Raises `ValueError` when the words are not the same.
    """
    if [word.form for word in gold] != [word.form for word in found]:
        raise ValueError(f"words differ: {[word.form for word in gold]} and {[word.form for word in found]}")
    counts: Counter[str] = Counter(words=len(gold))
    for wanted, given in zip(gold, found, strict=True):
        attached = wanted.head == given.head
        counts["upos"] += wanted.upos == given.upos
        counts["xpos"] += wanted.xpos == given.xpos
        counts["lemma"] += wanted.lemma == given.lemma
        counts["uas"] += attached
        counts["las"] += attached and wanted.deprel == given.deprel
        if wanted.inflected_verb:
            counts["inflected_verbs"] += 1
            counts["verb_lemma"] += wanted.lemma == given.lemma
    return counts


def percent(part: int, whole: int) -> float:
    """The share in percent; 0 of nothing."""
    return 100 * part / whole if whole else 0.0


# -------------------------------------------------------------------------------------------------------------- data


def read_text(path: Path) -> str:
    """The text of a file, gzip'd or not."""
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")


def gold_sentences(content: str) -> Iterator[list[Word]]:
    """The trees of a CoNLL-U file, without the lines of multi-word tokens and empty nodes.

    Raises `ValueError` where a word has no head.
    """
    sentence: list[Word] = []
    for line in [*content.splitlines(), ""]:
        columns = line.split("\t")
        if columns[0].isdigit():
            form, lemma, upos, xpos, _, head, deprel = columns[1:8]
            if not head.isdigit():
                raise ValueError(f"word {form!r} has no head: {head!r}; give a treebank with trees")
            sentence.append(Word(form, lemma, upos, xpos, int(head), deprel))
        elif not line.strip() and sentence:
            yield sentence
            sentence = []


def found_sentences(doc: Doc) -> Iterator[list[Word]]:
    """The trees of an annotated `Doc`."""
    for words in sentence_words(doc):
        place = {word.i: number for number, word in enumerate(words, start=1)}
        yield [Word(w.text, w.lemma_, w.pos_, w.tag_, 0 if w.head.i == w.i else place[w.head.i], w.dep_) for w in words]


def spans(doc: Doc) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Code points of a document's words and of its sentences, from first word to last."""
    sentences = [[(word.idx, word.idx + len(word)) for word in words] for words in sentence_words(doc)]
    return {span for sentence in sentences for span in sentence}, {(s[0][0], s[-1][1]) for s in sentences}


def held_out(ident: str) -> bool:
    """Whether a document of `kgnews` is kept out of training, by that corpus's rule."""
    return "-real-" not in ident and hashlib.sha256(ident.encode()).hexdigest()[0] in "012"


# ---------------------------------------------------------------------------------------------------------- measures


def trees(name: str, content: str, nlp: Language, limit: int | None) -> Iterator[Figure]:
    """Tags, lemmas and trees on the gold words and sentences of a treebank."""
    gold = gold_sentences(content)
    counts: Counter[str] = Counter()
    network, lemmatizer = Network(MODEL), Lemmatizer(MODEL)
    for _, doc in islice(read_conllu(content, name, nlp.vocab), limit):
        for found in found_sentences(nlp(doc)):
            wanted = next(gold)
            counts += right_words(wanted, found)
            forms = [word.form for word in wanted]
            for word, script in zip(wanted, lemma_scripts(network, forms), strict=True):
                right = word.lemma == lemmatizer.lemma(word.form, word.upos, word.xpos, script)
                counts["lemma_gold_tags"] += right
                counts["verb_lemma_gold_tags"] += right and word.inflected_verb
    words, verbs = counts["words"], counts["inflected_verbs"]
    for key, measure in (("upos", "UPOS"), ("xpos", "XPOS"), ("uas", "UAS"), ("las", "LAS"), ("lemma", "lemmas")):
        yield Figure(name, measure, percent(counts[key], words), "%", words)
    yield Figure(name, "lemmas, gold tags given", percent(counts["lemma_gold_tags"], words), "%", words)
    yield Figure(name, "lemmas of inflected verbs", percent(counts["verb_lemma"], verbs), "%", verbs)
    share = percent(counts["verb_lemma_gold_tags"], verbs)
    yield Figure(name, "lemmas of inflected verbs, gold tags given", share, "%", verbs)


def lemma_scripts(network: Network, forms: list[str]) -> list[str]:
    """The network's lemma script of each word of one sentence."""
    return [script for sentence in given_sentences(network, forms, [], None) for script in sentence.scripts]


def raw(name: str, content: str, nlp: Language, limit: int | None) -> Iterator[Figure]:
    """Words and sentences found in a treebank's running text."""
    words, sentences = Tally(), Tally()
    for document, gold in islice(read_conllu(content, name, nlp.vocab), limit):
        wanted, found = spans(gold), spans(annotate(document, nlp).doc)
        words.add(wanted[0], found[0])
        sentences.add(wanted[1], found[1])
    yield Figure(name, "words from text, F1", words.f1, "%", words.gold)
    yield Figure(name, "sentences from text, F1", sentences.f1, "%", sentences.gold)


def uner_documents(rows: Iterable[dict[str, Any]], nlp: Language) -> Iterator[tuple[Doc, set[tuple[int, int, str]]]]:
    """Documents of Universal NER with given words and sentences; gold names as first word, end, type."""
    for _, sentences in groupby(rows, key=lambda row: row["doc"]):
        words: list[str] = []
        spaces: list[bool] = []
        starts: list[bool] = []
        gold = set()
        for row in sentences:
            gold |= {(len(words) + e["tstart"], len(words) + e["tend"], e["label"]) for e in row["entities"]}
            offsets = row["tok_off"]
            spaces += [end < begin for (_, end), (begin, _) in pairwise(offsets)] + [True]
            starts += [number == 0 for number in range(len(offsets))]
            words += row["tokens"]
        yield Doc(nlp.vocab, words=words, spaces=spaces, sent_starts=starts), gold


def coarse_names(doc: Doc) -> set[tuple[int, int, str]]:
    """Names of an annotated `Doc` in the terms of Universal NER, where an adjective ('Peruvian') is no place."""
    return {
        (entity.start, entity.end, COARSE[entity.label_])
        for entity in doc.ents
        if entity.label_ in COARSE and not (COARSE[entity.label_] == "LOC" and doc[entity.end - 1].pos_ == "ADJ")
    }


def uner_names(name: str, content: str, nlp: Language, limit: int | None) -> Iterator[Figure]:
    """Persons, organizations and places on given words and sentences."""
    tallies = {kind: Tally() for kind in ("PER", "ORG", "LOC")}
    for doc, gold in islice(uner_documents(map(json.loads, content.splitlines()), nlp), limit):
        found = coarse_names(nlp(doc))
        for kind, tally in tallies.items():
            tally.add({item for item in gold if item[2] == kind}, {item for item in found if item[2] == kind})
    for kind, tally in tallies.items():
        yield Figure(name, f"names, {kind}, F1", tally.f1, "%", tally.gold)
    total = Tally(*(sum(getattr(tally, part) for tally in tallies.values()) for part in ("hits", "found", "gold")))
    yield Figure(name, "names, PER ORG LOC together, F1", total.f1, "%", total.gold)


def kgnews_names(name: str, content: str, nlp: Language, limit: int | None) -> Iterator[Figure]:
    """Names of all types from running text, held-out documents; the type is right when it is the first gold one."""
    spans, typed = Tally(), Tally()
    rows = (row for row in map(json.loads, content.splitlines()) if held_out(row["id"]))
    for row in islice(rows, limit):
        types = {entity["id"]: entity["types"][0] for entity in row["entities"]}
        gold = {
            (m["begin"], m["end"], types[m["entity"]])
            for m in row["mentions"]
            if m["kind"] == "name" and types[m["entity"]] not in NO_NAMES
        }
        document = Document(path=row["id"], text=row["text"], source=row["id"], date=row["date"])
        found = {
            (entity.span.begin, entity.span.end, entity.type)
            for entity in annotate(document, nlp).entities
            if entity.kind is Kind.NAME and entity.type not in NO_NAMES | VALUE_TYPES
        }
        spans.add({item[:2] for item in gold}, {item[:2] for item in found})
        typed.add(gold, found)
    yield Figure(name, "names from text, span, F1", spans.f1, "%", spans.gold)
    yield Figure(name, "names from text, span and type, F1", typed.f1, "%", typed.gold)


def runtime(limit: int | None) -> Iterator[Figure]:
    """Load time, speed and memory, in a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name("model_runtime.py"))]
    if limit is not None:
        command += ["--limit", str(limit)]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    data, words = "texts of tests/quality", int(found["words"])
    yield Figure(data, "load, first sentence included", found["load_seconds"], "s", words)
    yield Figure(data, "annotate, one core", found["words_per_second"], "words/s", words)
    yield Figure(data, "annotate, by processor time", found["words_per_processor_second"], "words/s", words)
    yield Figure(data, "peak memory of the process", found["peak_mib"], "MiB", words)
    yield Figure(data, "load average of the machine", found["load_average"], "", words)


# ------------------------------------------------------------------------------------------------------ command line


def figures(options: argparse.Namespace) -> Iterator[Figure]:
    """All figures asked for."""
    groups, limit = options.only or GROUPS, options.limit
    if "runtime" in groups:  # first: a process that a larger one starts inherits the larger one's peak on Linux
        yield from runtime(limit)
    treebanks = {path.name: path for path in options.conllu}
    if options.corpora is not None and not options.conllu:
        treebanks = {name: options.corpora / path for name, path in TREEBANKS.items()}
    nlp = load()
    for name, path in treebanks.items():
        content = read_text(path)
        if "trees" in groups:
            yield from trees(name, content, nlp, limit)
        if "raw" in groups:
            yield from raw(name, content, nlp, limit)
    if "names" in groups and options.corpora is not None:
        yield from uner_names("Universal NER EWT, dev", read_text(options.corpora / UNER), nlp, limit)
    if "names" in groups and options.kgnews is not None:
        yield from kgnews_names("kgnews, held out", read_text(options.kgnews), nlp, limit)


def show(figure: Figure) -> None:
    """Prints one row."""
    value = f"{figure.value:,.0f}" if figure.value >= 1000 or figure.unit == "MiB" else f"{figure.value:.2f}"
    print(f"{figure.data:<24}{figure.measure:<44}{value:>9} {figure.unit:<8}{figure.scored:>8,}", flush=True)


def main() -> None:
    """Reads the arguments and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, nargs="?", metavar="CORPORA_DIR")
    parser.add_argument("--kgnews", type=Path, metavar="FILE", help="compiled kgnews.jsonl")
    parser.add_argument(
        "--conllu", type=Path, metavar="FILE", action="append", default=[], help="a treebank file, repeatable"
    )
    parser.add_argument("--only", choices=GROUPS, action="append", help="only this group of figures; may be repeated")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N documents of each set")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures here")
    options = parser.parse_args()
    if options.limit is not None and options.limit < 1:
        parser.error(f"--limit {options.limit}: give 1 or more")
    digest = hashlib.sha256((MODEL / "model.int8.onnx").read_bytes()).hexdigest()
    print(f"weights {digest[:16]}\n\n{'data':<24}{'measure':<44}{'figure':>9} {'':<8}{'of':>8}")
    rows = []
    try:
        for figure in figures(options):
            show(figure)
            rows.append(figure)
    except (OSError, ValueError, KGError) as error:
        sys.exit(f"{error}; --help tells which files are needed")
    if options.json:
        result = {"weights_sha256": digest, "limit": options.limit, "figures": [asdict(row) for row in rows]}
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if (MODEL / "heads.npz").exists():
        print(f"\nMentions, chains, statements: python -m training.evaluate --model {MODEL} --corpora CORPORA_DIR")


if __name__ == "__main__":
    main()
