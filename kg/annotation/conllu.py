"""CoNLL-U → documents whose words and sentences are given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.errors import AnnotationError
from kg.model import Document

_COLUMNS = 10
_UNESCAPED = {"\\s": " ", "\\t": "\t", "\\n": "\n", "\\r": "\r", "\\p": "|", "\\\\": "\\"}
_ESCAPED = re.compile(r"\\.", re.DOTALL)
_COMMENT = re.compile(r"#\s*(newdoc|newpar)(?:\s+id\s*=\s*(.*))?\s*$")


@dataclass(slots=True)
class _Words:
    """Words of one document as they are read; a gap is the white space after its word."""

    path: str
    words: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    starts: list[bool] = field(default_factory=list)
    before: str = ""


def read_conllu(content: str, path: str, vocab: Vocab) -> Iterator[tuple[Document, Doc]]:
    """Each document of a CoNLL-U file with a `Doc` of its words and sentence starts, ready for the pipeline.

    A document's path is the id of its `# newdoc` line, else `path`. White space is what MISC says (`SpaceAfter=No`,
    `SpacesAfter`), else one blank; a `# newpar` line begins a new paragraph. Words of a multi-word token stand joined.
    Raises `AnnotationError` with file and line.
    """
    found = False
    for document in _documents(content, path):
        if document.words:
            found = True
            yield _build(document, vocab)
    if not found:
        raise AnnotationError(f"{path}: no words; give CoNLL-U with ten columns separated by tabs")


def _documents(content: str, path: str) -> Iterator[_Words]:
    current = _Words(path)
    opens, joined_until, count = True, 0, 0
    for number, line in enumerate(content.splitlines(), start=1):
        comment = _COMMENT.match(line)
        if comment and comment[1] == "newdoc":
            yield current
            count += 1
            current = _Words((comment[2] or "").strip() or (f"{path}-{count}" if count > 1 else path))
        elif comment and current.gaps:
            current.gaps[-1] = current.gaps[-1] if "\n" in current.gaps[-1] else "\n\n"
        if not line.strip():
            opens = True
        if not line.strip() or line.startswith("#"):
            continue
        columns = line.split("\t")
        if len(columns) != _COLUMNS or not columns[1]:
            raise AnnotationError(f"{path}, line {number}: {len(columns)} columns; CoNLL-U has ten, separated by tabs")
        index, form, misc = columns[0], columns[1], columns[9]
        if "-" in index:
            joined_until, joined_gap = _last_of_range(index, path, number), _gap(misc)
            continue
        if "." in index:
            continue
        if not index.isdigit():
            raise AnnotationError(f"{path}, line {number}: {index!r} is no word number; check the first column")
        if not current.words:
            current.before = _field(misc, "SpacesBefore") or ""
        current.words.append(form)
        current.starts.append(opens)
        if int(index) < joined_until:
            current.gaps.append("")
        elif int(index) == joined_until:
            current.gaps.append(joined_gap)
            joined_until = 0
        else:
            current.gaps.append(_gap(misc))
        opens = False
    yield current


def _last_of_range(index: str, path: str, number: int) -> int:
    last = index.split("-")[1]
    if not last.isdigit():
        raise AnnotationError(f"{path}, line {number}: {index!r} is no range of words; check the first column")
    return int(last)


def _field(misc: str, name: str) -> str | None:
    for part in misc.split("|"):
        key, _, value = part.partition("=")
        if key == name:
            return _ESCAPED.sub(lambda match: _UNESCAPED.get(match.group(), match.group()), value)
    return None


def _gap(misc: str) -> str:
    if _field(misc, "SpaceAfter") == "No":
        return ""
    gap = _field(misc, "SpacesAfter")
    return " " if gap is None else gap


def _build(document: _Words, vocab: Vocab) -> tuple[Document, Doc]:
    words: list[str] = []
    spaces: list[bool] = []
    starts: list[bool] = []
    if document.before:
        words.append(document.before)
        spaces.append(False)
        starts.append(True)
    for word, gap, start in zip(document.words, document.gaps, document.starts, strict=True):
        words.append(word)
        starts.append((start and len(words) > 1) or len(words) == 1)
        spaces.append(gap.startswith(" "))
        rest = gap[1:] if spaces[-1] else gap
        if rest:
            words.append(rest)
            spaces.append(False)
            starts.append(False)
    doc = Doc(vocab, words=words, spaces=spaces, sent_starts=starts)
    return Document(path=document.path, text=doc.text, source=document.path), doc
