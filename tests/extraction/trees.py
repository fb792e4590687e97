"""Trees written down → what extraction reads, without a model.

`trees.txt` holds texts, each with its tokens: word, head (counted from 1 in its sentence, 0 for the root), relation,
part of speech, tag, lemma; an empty line ends a sentence, the text itself stands behind `#` (`¶` for a paragraph).
Tests name a tree by its text. Names are those of `NAMES`, wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import spacy
from spacy.tokens import Doc, Span

from kg.annotation import AnnotatedDocument, assemble
from kg.extraction import extract
from kg.extraction.analysis import Analysis, analyse
from kg.extraction.clauses import Clause, find_clauses
from kg.extraction.context import Context, Contexts
from kg.extraction.lexicon import english
from kg.extraction.syntax import Syntax, read_syntax
from kg.model import Document, Extraction, Literal, Mention, RelationMention
from kg.model import Status as Vouched

TREES = Path(__file__).parent / "trees.txt"
PARAGRAPH = "¶"
DAY = "2025-05-06"
"""Date of every document here; a Tuesday."""

COUNTRIES = {
    "Peru": "Q419", "Peruvian": "Q419", "Chile": "Q298", "China": "Q148", "Bolivia": "Q750", "Korea": "Q884",
    "Norwegian": "Q20", "Polish": "Q36", "Brazilian": "Q155", "Egyptian": "Q79", "French": "Q142", "Russian": "Q159",
}  # fmt: skip
CLASSES = {
    "Country": [*COUNTRIES],
    "City": ["Lima", "Quito", "Oslo", "Geneva", "Beijing", "Palma"],
    "Person": ["Ana Ruiz", "Pedro Sosa", "Ruiz", "Sosa", "Li", "Park", "Ingrid Dahl", "Marek Zielinski", "Lars Holm",
               "Rosa Vidal"],
    "Organization": ["Nordvik", "World Trade Organization", "WTO", "Reuters", "Chilean Red Cross", "CRX",
                     "World Trade Council", "CTW"],
    "GovernmentOrganization": ["Ministry of Health", "Ministry of Trade", "Chilean Ministry of Trade",
                               "Peruvian Ministry of Trade"],
    "Event": ["Andean Summit"],
}  # fmt: skip
NAMES = {name: kind for kind, names in CLASSES.items() for name in names}
"""Name → class."""


@cache
def _rows() -> dict[str, list[list[list[str]]]]:
    """Text → sentences → tokens → columns."""
    found: dict[str, list[list[list[str]]]] = {}
    for block in TREES.read_text(encoding="utf-8").split("# ")[1:]:
        text, *lines = block.splitlines()
        sentences: list[list[list[str]]] = [[]]
        for line in lines:
            if line.strip():
                sentences[-1].append(line.split())
            elif sentences[-1]:
                sentences.append([])
        found[text.replace(PARAGRAPH, "\n\n")] = [sentence for sentence in sentences if sentence]
    return found


def doc_of(text: str) -> Doc:
    """The `Doc` of a text in `trees.txt`; raises `KeyError` for any other text."""
    words, spaces, heads, deps, pos, tags, lemmas, starts = [], [], [], [], [], [], [], []
    at = 0
    for sentence in _rows()[text]:
        numbers = [len(words)]
        for word, *_ in sentence:  # token of each row, blank tokens before it counted
            gap = text[at : text.index(word, at)]
            if gap not in ("", " "):
                words.append(gap)
                spaces.append(False)
            at += len(gap)
            numbers.append(len(words))
            words.append(word)
            at += len(word)
            spaces.append(text[at : at + 1] == " ")
        at += spaces[-1]
        for token in range(numbers[0], len(words)):
            starts.append(token == numbers[0])
            if token not in numbers[1:]:
                heads.append(token)
                for column, value in ((deps, "dep"), (pos, "SPACE"), (tags, "_SP"), (lemmas, words[token])):
                    column.append(value)
                continue
            _, head, dep, part, tag, lemma = sentence[numbers.index(token, 1) - 1]
            heads.append(numbers[int(head)] if int(head) else token)
            for column, value in ((deps, dep), (pos, part), (tags, tag), (lemmas, lemma)):
                column.append(value)
    doc = Doc(spacy.blank("en").vocab, words=words, spaces=spaces, heads=heads, deps=deps, pos=pos, tags=tags,
              lemmas=lemmas, sent_starts=starts)  # fmt: skip
    if doc.text != text:
        raise ValueError(f"tokens of {text!r} make {doc.text!r}")
    return doc


def annotated(text: str, title: str | None = None) -> AnnotatedDocument:
    """The text as an annotated document."""
    doc = doc_of(text)
    taken: set[int] = set()
    names: list[Span] = []
    for name in sorted(NAMES, key=len, reverse=True):
        begin = text.find(name)
        while begin >= 0:
            span = doc.char_span(begin, begin + len(name), label=NAMES[name], kb_id=COUNTRIES.get(name, ""))
            if span is not None and not taken & set(range(span.start, span.end)):
                taken.update(range(span.start, span.end))
                names.append(span)
            begin = text.find(name, begin + 1)
    doc.set_ents(names)
    return assemble(Document(path="tree.txt", text=text, source="tree.txt", title=title, date=DAY), doc)


def syntax_of(text: str) -> Syntax:
    """The columns of a text."""
    return read_syntax(doc_of(text))


def clause_of(text: str, predicate: str) -> Clause:
    """The clause whose predicate is that word."""
    syntax = syntax_of(text)
    return find_clauses(syntax, english())[syntax.text.index(predicate)]


def slots(text: str, predicate: str) -> dict[str, list[str]]:
    """Slot → words, of the clause whose predicate is that word."""
    syntax = syntax_of(text)
    clause = find_clauses(syntax, english())[syntax.text.index(predicate)]
    return {slot: [syntax.text[token] for token in tokens] for slot, tokens in clause.slots.items()}


def context_of(text: str, predicate: str) -> tuple[Context, str | None]:
    """Context of the clause whose predicate is that word, and the word of its source."""
    syntax = syntax_of(text)
    clauses = find_clauses(syntax, english())
    context = Contexts(syntax, clauses, english()).of_predicate(syntax.text.index(predicate))
    return context, syntax.text[context.source] if context.source is not None else None


def analysis_of(text: str) -> Analysis:
    """Everything that extractors read."""
    return analyse(annotated(text))


def clusters_of(text: str) -> set[tuple[str, ...]]:
    """Words of the phrases that refer to one thing, two and more each."""
    analysis = analysis_of(text)
    syntax = analysis.syntax
    return {
        tuple(" ".join(syntax.text[p.core[0] : p.core[1] + 1]) for p in phrases)
        for phrases in analysis.members.values()
        if len(phrases) > 1
    }


def told(text: str, *extractors: str) -> list[str]:
    """Relations of a text as lines (see `line`), those of some extractors if they are named."""
    return lines(extract(annotated(text), [f"kg.extraction.{name}" for name in extractors] or None))


def lines(extraction: Extraction, relations: Iterable[RelationMention] | None = None) -> list[str]:
    """Relations in text order, one line each."""
    return [line(extraction, relation) for relation in (extraction.relations if relations is None else relations)]


def line(extraction: Extraction, relation: RelationMention) -> str:
    """`subject | property | object`, then what is not plain: `Claimed by X`, modality, polarity."""
    more = []
    if relation.status == Vouched.CLAIMED:
        source = relation.attribution.source if relation.attribution else None
        more.append(f"Claimed by {extraction.entity(source.entity).label}" if source else "Claimed")
    more += [word for word in (relation.modality, relation.polarity) if word not in ("Actual", "Positive")]
    parts = [_label(extraction, relation.subject), relation.predicate, _label(extraction, relation.object), *more]
    return " | ".join(parts)


def _label(extraction: Extraction, value: Mention | Literal) -> str:
    return extraction.entity(value.entity).label if isinstance(value, Mention) else f'"{value.value}"'
