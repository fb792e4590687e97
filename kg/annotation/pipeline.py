"""The English pipeline: text → spaCy `Doc` with tags, lemmas, trees, sentences and names.

    nlp = kg.annotation.load()
    doc = nlp("Peru is hosting the conference.")

A `Doc` depends on its text alone. Blank words (line breaks and the like) hang on the word before them as `dep`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy import Language
from spacy.attrs import DEP, ENT_IOB, ENT_KB_ID, ENT_TYPE, HEAD, LEMMA, MORPH, POS, TAG
from spacy.symbols import IDS
from spacy.tokens import Doc
from threadpoolctl import ThreadpoolController

from kg.annotation import tokenizer
from kg.annotation.decode import tag_spans
from kg.annotation.features import features
from kg.annotation.heads import Heads, load_heads
from kg.annotation.layout import soft_breaks
from kg.annotation.lemmas import Lemmatizer
from kg.annotation.names import name_type
from kg.annotation.network import Network
from kg.annotation.semantics import SemanticsReader
from kg.annotation.windows import Sentence, given_sentences, sentences
from kg.errors import AnnotationError

FACTORY = "kg_annotator"
BREAKS = "kg.breaks"
"""Key of `Doc.user_data`: character offsets at which a sentence ends for reasons of layout (after a dateline)."""
SEMANTICS = "kg.semantics"
"""Key of `Doc.user_data`: the `Semantics` that the model's scorers found, when it has any."""
_PARAGRAPH_BREAK = re.compile(r"[\n\v\f\r\x85\u2028\u2029]")
_INSIDE, _OUTSIDE, _BEGINS = 1, 2, 3  # spaCy's codes of ENT_IOB
_WORD_SIZE = 2**64  # spaCy takes negative distances to a head as unsigned
_NOUN_TAGS = frozenset({"NN", "NNS"})
_FINITE_TAGS, _VERBAL = frozenset({"VBD", "VBZ", "VBP"}), frozenset({"VERB", "AUX"})
_ATTRIBUTES = (TAG, POS, LEMMA, HEAD, DEP, ENT_IOB, ENT_TYPE, ENT_KB_ID, MORPH)


@cache
def _model(folder: Path) -> tuple[Network, Lemmatizer, Heads | None]:
    return Network(folder), Lemmatizer(folder), load_heads(folder)


@cache
def _blas() -> ThreadpoolController:
    """The libraries of linear algebra that numpy brings: looked for once, after numpy is there."""
    return ThreadpoolController()


class Annotator:
    """spaCy component that runs the network over a document's words and writes what it says into the `Doc`.

    Words and sentence starts that the `Doc` already carries are kept.
    """

    def __init__(self, model: str) -> None:
        self._folder = Path(__file__).parent / model

    def __call__(self, doc: Doc) -> Doc:
        """The same `Doc`, annotated in place; by one thread, so that no result depends on how many a machine has."""
        with _blas().limit(limits=1, user_api="blas"):
            return self._annotate(doc)

    def _annotate(self, doc: Doc) -> Doc:
        network, lemmatizer, heads = _model(self._folder)
        texts = [token.text for token in doc]
        positions = [index for index, text in enumerate(texts) if not tokenizer.is_blank(text)]
        if not positions:
            return doc
        words, held = [texts[index] for index in positions], set(positions)
        begins = [doc[index].idx for index in positions]
        reader = None if heads is None else SemanticsReader(words, begins, heads)
        given = [number for number, index in enumerate(positions) if doc[index].is_sent_start]
        if doc.has_annotation("SENT_START"):
            annotated = given_sentences(network, words, [number for number in given if number], reader)
        else:
            joined = [index > 0 and not doc[index - 1].whitespace_ and index - 1 in held for index in positions]
            annotated = sentences(network, words, joined, list(_breaks(doc, positions)), reader)
        write(doc, positions, annotated, lemmatizer)
        if reader is not None:
            doc.user_data[SEMANTICS] = reader.finish()
        return doc

    def pipe(self, stream: Iterable[Doc], **_: object) -> Iterator[Doc]:
        """Each `Doc` by itself."""
        return map(self, stream)

    def to_disk(self, _path: Path, **_: object) -> None:
        """Writes nothing: the weights come with the package."""

    def from_disk(self, _path: Path, **_: object) -> Annotator:
        """Itself."""
        return self

    def to_bytes(self, **_: object) -> bytes:
        """Nothing: the weights come with the package."""
        return b""

    def from_bytes(self, _data: bytes, **_: object) -> Annotator:
        """Itself."""
        return self


def _breaks(doc: Doc, positions: list[int]) -> Iterator[int]:
    """Indices into `positions` of the words that open a paragraph, or that follow a given break."""
    given = sorted(doc.user_data.get(BREAKS, ()), reverse=True)
    soft = soft_breaks(doc.text)
    for number in range(1, len(positions)):
        between = range(positions[number - 1] + 1, positions[number])
        opens = any(
            doc[index].idx + found.start() not in soft
            for index in between
            for found in _PARAGRAPH_BREAK.finditer(doc[index].text)
        )
        if given and doc[positions[number]].idx >= given[-1]:
            given.pop()
            opens = True
        if opens:
            yield number


def write(doc: Doc, positions: list[int], annotated: Iterable[Sentence], lemmatizer: Lemmatizer) -> None:
    """Put sentences over the words at `positions` into `doc`; blank words between them hang on their neighbour."""
    add = doc.vocab.strings.add
    add_features = doc.vocab.morphology.add
    table = np.zeros((len(doc), len(_ATTRIBUTES)), np.uint64)
    for index in sorted(set(range(len(doc))).difference(positions)):
        table[index] = _blank_row(index, positions[0], add(doc[index].text), add)
    for sentence in annotated:
        places = positions[sentence.begin : sentence.begin + len(sentence.heads)]
        words = [doc[place].text for place in places]
        rows = []
        predicates = _predicates(sentence)
        for number, place in enumerate(places):
            head = sentence.heads[number]
            word, upos, xpos = words[number], sentence.upos[number], sentence.xpos[number]
            if upos == "VERB" and xpos in _NOUN_TAGS and number in predicates and word.endswith("ed"):
                xpos = "VBD"
            elif upos == "VERB" and xpos in _NOUN_TAGS:  # the finer tag is right more often: 'denied reports that'
                upos = "NOUN"
            elif xpos in _FINITE_TAGS and upos not in _VERBAL:
                upos = "VERB"
            deprel = sentence.deprels[number]
            lemma = lemmatizer.lemma(word, upos, xpos, sentence.scripts[number])
            distance = places[head] - place if head >= 0 else 0
            feats = add_features(features(word, xpos, deprel))
            rows.append([add(xpos), IDS[upos], add(lemma), distance % _WORD_SIZE, add(deprel), _OUTSIDE, 0, 0, feats])
        for first, last, kind in tag_spans(sentence.tags):
            found = name_type(kind, words[first:last], sentence.xpos[first:last])
            wikidata = add(found.wikidata) if found.wikidata else 0
            for number in range(first, last):
                rows[number][5:8] = [_BEGINS if number == first else _INSIDE, add(found.label), wikidata]
        table[places] = np.array(rows, np.uint64)
        _bridge(table, places)
    doc.from_array(list(_ATTRIBUTES), table)


def _predicates(sentence: Sentence) -> set[int]:
    """Words that have a subject and no copula."""
    subjects = {head for head, deprel in zip(sentence.heads, sentence.deprels, strict=True) if deprel == "nsubj"}
    return subjects - {head for head, deprel in zip(sentence.heads, sentence.deprels, strict=True) if deprel == "cop"}


def _bridge(table: NDArray[np.uint64], places: list[int]) -> None:
    """Blank words within a name belong to it, so that the name stays one."""
    for before, after in pairwise(places):
        if after - before > 1 and table[after, 5] == _INSIDE:
            table[before + 1 : after, 5:8] = table[after, 5:8]


def _blank_row(index: int, first_word: int, text: int, add: Callable[[str], int]) -> NDArray[np.uint64]:
    """The row of a word without content: it hangs on the word before it, at the text's beginning on the first one."""
    distance = -1 if index > first_word else first_word - index
    return np.array([add("_SP"), IDS["SPACE"], text, distance % _WORD_SIZE, add("dep"), _OUTSIDE, 0, 0, 0], np.uint64)


@Language.factory(  # type: ignore[untyped-decorator]
    FACTORY,
    assigns=["token.tag", "token.pos", "token.lemma", "token.dep", "token.head", "token.is_sent_start", "doc.ents"],
    default_config={"model": "model_en"},
)
def make_annotator(nlp: Language, name: str, model: str) -> Annotator:
    """For spaCy's configuration: the component `kg_annotator`; `model` is a folder of this package."""
    return Annotator(model)


def load(name: str = "en") -> Language:
    """The pipeline of a language; English ('en') is the only one. Raises `AnnotationError` for others."""
    if name != "en":
        raise AnnotationError(f"language {name!r}: no model of it is installed; use 'en'")
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": tokenizer.TOKENIZER}}})
    nlp.add_pipe(FACTORY)
    nlp.max_length = 100_000_000  # the network works window by window, so length costs no memory to speak of
    return nlp
