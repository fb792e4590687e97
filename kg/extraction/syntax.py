"""A spaCy `Doc` → `Syntax`: plain lists over tokens, so that extractors read trees without spaCy objects.

Relations are those of Universal Dependencies v2. Token indices are 0-based over the whole document; character offsets
are code points of the document's text, end exclusive.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.model import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

CLAUSAL = frozenset({"ccomp", "xcomp", "advcl", "acl", "acl:relcl", "advcl:relcl", "csubj", "csubj:pass", "parataxis"})
QUOTES = frozenset({'"', "“", "”", "``", "''", "„", "«", "»"})


@dataclass(frozen=True, slots=True)
class Syntax:
    """Tokens and trees of a document, column by column; `head[i] == i` at a root."""

    text: list[str]
    lower: list[str]
    lemma: list[str]
    pos: list[str]
    tag: list[str]
    dep: list[str]
    head: list[int]
    children: list[list[int]]
    begin: list[int]
    end: list[int]
    sentence_of: list[int]
    sentences: list[tuple[int, int]]  # token ranges, end exclusive
    quoted: list[int]  # number of the quotation a token stands in, else 0

    def __len__(self) -> int:
        return len(self.text)

    def span(self, first: int, last: int) -> Span:
        """Characters from token `first` to token `last` (inclusive)."""
        return Span(self.begin[first], self.end[last])

    def sentence_span(self, sentence: int) -> Span:
        """Characters of a sentence, by its number."""
        first, end = self.sentences[sentence]
        return Span(self.begin[first], self.end[end - 1])

    def child(self, token: int, *relations: str) -> int | None:
        """The first dependent of `token` by one of the relations (subtypes must be named)."""
        for child in self.children[token]:
            if self.dep[child] in relations:
                return child
        return None

    def dependents(self, token: int, *relations: str) -> list[int]:
        """All dependents by one of the relations, in text order."""
        return [child for child in self.children[token] if self.dep[child] in relations]

    def conjuncts(self, token: int) -> list[int]:
        """`token` and the tokens coordinated with it (UD hangs them all on the first)."""
        result = [token]
        for child in self.children[token]:
            if self.dep[child] == "conj":
                result.extend(self.conjuncts(child))
        return result

    def case(self, token: int) -> str:
        """The preposition (with fixed parts: 'because of') that marks `token`, lower-case; '' when none does."""
        for child in self.children[token]:
            if self.dep[child] == "case" and self.lower[child] not in ("'s", "’s", "'", "’"):
                fixed = [self.lower[part] for part in self.children[child] if self.dep[part] == "fixed"]
                return " ".join([self.lower[child], *fixed])
        return ""

    def subtree(self, token: int, *, without: frozenset[str] = frozenset()) -> list[int]:
        """Tokens under `token`, itself included, sorted; branches by a relation in `without` are left out."""
        found = [token]
        for reached in found:
            found.extend(child for child in self.children[reached] if self.dep[child] not in without)
        return sorted(found)

    def ancestors(self, token: int) -> Iterator[int]:
        """Heads of `token`, nearest first, up to the root."""
        while self.head[token] != token:
            token = self.head[token]
            yield token


def read_syntax(doc: Doc) -> Syntax:
    """Columns of `doc`, which must carry trees, tags, lemmas and sentence starts. Blank tokens are left out."""
    words = [token for token in doc if not token.is_space]
    place = {token.i: index for index, token in enumerate(words)}
    text = [token.text for token in words]
    head = [place.get(token.head.i, index) for index, token in enumerate(words)]
    children: list[list[int]] = [[] for _ in text]
    for index, governor in enumerate(head):
        if governor != index:
            children[governor].append(index)
    begin = [token.idx for token in words]
    starts = [index for index, token in enumerate(words) if index == 0 or _opens(words[index - 1], token)]
    sentences = list(pairwise([*starts, len(words)]))
    sentence_of = [number for number, (first, end) in enumerate(sentences) for _ in range(first, end)]
    return Syntax(
        text=text,
        lower=[word.lower() for word in text],
        lemma=[token.lemma_.lower() if token.pos_ != "PROPN" else token.lemma_ for token in words],
        pos=[token.pos_ for token in words],
        tag=[token.tag_ for token in words],
        dep=[token.dep_ if token.dep_ != "ROOT" else "root" for token in words],
        head=head,
        children=children,
        begin=begin,
        end=[start + len(word) for start, word in zip(begin, text, strict=True)],
        sentence_of=sentence_of,
        sentences=sentences,
        quoted=number_quotations(text, doc.text, begin),
    )


def _opens(previous: Token, token: Token) -> bool:
    """Whether a sentence starts at `token`, on it or on a blank before it."""
    return any(token.doc[index].is_sent_start for index in range(previous.i + 1, token.i + 1))


def number_quotations(words: list[str], text: str, begin: list[int]) -> list[int]:
    """For each token the number (from 1) of the quotation it stands in, 0 outside.

    Curly marks tell opening from closing; a straight mark opens after a blank or an opening bracket. A paragraph break
    closes what is open; a quotation that the next paragraph opens again, as newspapers do, keeps its number.
    """
    numbers: list[int] = []
    current = count = left_open = 0
    for index, word in enumerate(words):
        if index and "\n" in text[begin[index - 1] : begin[index]]:
            left_open, current = current, 0
        if word not in QUOTES:
            numbers.append(current)
            left_open = 0
            continue
        numbers.append(0)
        straight_open = not current and (begin[index] == 0 or text[begin[index] - 1] in " \t\n([—–-")
        opens = word in ("“", "„", "«", "``") or (word == '"' and straight_open)
        if opens and not current:
            count += not left_open
            current = left_open or count
        else:
            current = 0
        left_open = 0
    return numbers
