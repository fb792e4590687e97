"""Text → words, as Universal Dependencies English cuts them; nothing of the text is lost.

A hyphen between words is a word of its own ('US-led' is three), so are possessive `'s`, `n't` and the parts of other
contractions. Known abbreviations and initials keep their full stop. Text is cut at white space first; each stretch
without white space is cut by one regular expression, in linear time.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import spacy
from spacy.tokens import Doc
from spacy.vocab import Vocab

DATA = Path(__file__).parent / "data"
TOKENIZER = "kg.NewsTokenizer.v1"
_CACHED_STRETCHES = 100_000
_CACHED_LENGTH = 40
_LONGEST_WORD = 1_000  # characters; bounds the work on binary rubbish

_BLANK = r"\s\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_STRETCH = re.compile(rf"[{_BLANK}]+|[^{_BLANK}]+")
_BLANKS = re.compile(rf"[{_BLANK}]")  # a word never mixes blank characters with others
_APOSTROPHE = "['’ʼ`´]"
_LETTER = r"[^\W\d_]"
_WORD = re.compile(
    rf"""
    (?P<address>(?:https?://|ftp://|www\.)[^\s<>"“”]*[^\s<>"“”.,;:!?'’)\]}}»]     # links
      |[\w.+-]+@[\w-]+(?:\.[\w-]+)+                                             # mail
      |@\w+|\#[^\W\d]\w*|&\#?\w+;                                                # handles, tags, entities
      |[\w-]+\.(?i:pdf|docx?|xlsx?|html?|txt|jpe?g|png|gif|zip|csv|pptx?|mp3|mp4)(?!\w)    # files
      |(?<![\w.])[a-z0-9-]+(?:\.[a-z0-9-]{{2,}}){{2,}}(?![\w.])                         # groups and hosts
      |(?<![\w.])[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:com|org|net|gov|edu|mil|int|info|co\.uk|eu)(?:/[^\s<>"“”]*[^\s<>"“”.,;:!?'’)\]}}»])?(?!\w))
    |(?P<dotted>(?:{_LETTER}\.){{2,}}(?:{_LETTER}(?![\w.]))?|Ph\.D\.?)                # U.S., e.g., U.S.A
    |(?P<number>(?:\d-)?\d{{3}}-\d{{3}}-\d{{4}}(?!\w)                                    # telephones
      |\d++(?:[.,:/]\d++)*+(?:st|nd|rd|th|s|['’]s)?(?![\w])                # 1,000 10:30 9/11 1990s
      |\d++(?:[.,:]\d++)*+(?=(?:am|pm|AM|PM|a\.m|p\.m|km|kg|mm|cm|mph|bn|m|k|ft|lb|mg|g|hrs?|mins?|min|sec|GB|MB|mi|in|yrs?)\b))
    |(?P<word>(?:[&@+*]?[\w\u00ad\u0300-\u036f]+(?:(?:{_APOSTROPHE}|[&@*])(?=\w))?)+)
    |(?P<mark>\.{{2,}}|!{{2,}}|\?{{2,}}|[!?]{{2,}}|-{{2,}}|''|``|’’|‘‘|\[\.{{3}}\]|[:;=]-?[)(DP](?!\w)|</?[A-Za-z]\w*/?>|<{{2,}}|>{{2,}}|\+{{2,}}|\${{2,}}|\*+|_+|=+|~+|\#+|[^\w])
    """,
    re.VERBOSE,
)
_CONTRACTION = re.compile(rf"(?:(?<=[^\W\d_])n{_APOSTROPHE}t|{_APOSTROPHE}(?:s|d|m|ll|re|ve))$", re.IGNORECASE)


class NewsTokenizer:
    """spaCy tokenizer of English news. Holds word lists only, so it is written as nothing and read as it is."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        table = tomllib.loads((DATA / "tokens.toml").read_text(encoding="utf-8"))
        self._abbreviations = frozenset(table["abbreviations"].split())
        self._before_digit = frozenset(table["before_digit"].split())
        self._joined_prefixes = frozenset(table["joined_prefixes"].split())
        self._whole = frozenset(table["whole"].split())
        self._parts: dict[str, list[int]] = table["parts"]
        self._cuts: dict[str, tuple[str, ...]] = {}

    def __call__(self, text: str) -> Doc:
        """The words of `text`; `doc.text == text`."""
        words: list[str] = []
        spaces: list[bool] = []
        stretches = _STRETCH.findall(text)
        for index, stretch in enumerate(stretches):
            if is_blank(stretch):
                if words and stretch[0] == " " and not spaces[-1]:
                    spaces[-1] = True
                    stretch = stretch[1:]
                if stretch:
                    words.append(stretch)
                    spaces.append(False)
                continue
            parts = self._cut(stretch)
            if len(parts) > 1 and parts[-1] == "." and self._keeps_stop(parts[-2], stretches, index):
                parts = (*parts[:-2], parts[-2] + ".")
            words.extend(parts)
            spaces.extend([False] * len(parts))
        return Doc(self.vocab, words=words, spaces=spaces)

    def pipe(self, texts: Iterator[str]) -> Iterator[Doc]:
        """One `Doc` for each text."""
        return map(self, texts)

    def to_bytes(self, **_: object) -> bytes:
        """Nothing: the word lists come with the package."""
        return b""

    def from_bytes(self, _data: bytes, **_: object) -> NewsTokenizer:
        """Itself."""
        return self

    def to_disk(self, _path: Path, **_: object) -> None:
        """Writes nothing."""

    def from_disk(self, _path: Path, **_: object) -> NewsTokenizer:
        """Itself."""
        return self

    def _keeps_stop(self, word: str, stretches: list[str], index: int) -> bool:
        """Whether the full stop after `word` (last of its stretch) belongs to it."""
        following = next((s for s in stretches[index + 1 : index + 3] if not is_blank(s)), "")
        gap = stretches[index + 1] if index + 1 < len(stretches) else "\n"
        lower = word.lower()
        if len(word) == 1 and word.isalpha():
            before = next((s for s in stretches[max(index - 2, 0) : index][::-1] if not is_blank(s)), "")
            named = before[:1].isupper() or following[:1].isupper()
            return word.isupper() and word != "I" and named and "\n" not in gap
        if lower not in self._abbreviations:
            return False
        if lower in self._before_digit:
            return following[:1].isdigit()
        return True

    def _cut(self, stretch: str) -> tuple[str, ...]:
        known = self._cuts.get(stretch)
        if known is None:
            known = tuple(self._words(stretch))
            if len(stretch) <= _CACHED_LENGTH:
                if len(self._cuts) >= _CACHED_STRETCHES:
                    self._cuts.clear()
                self._cuts[stretch] = known
        return known

    def _words(self, stretch: str) -> Iterator[str]:
        pending = ""  # a word that may yet be joined to what follows its hyphen
        matches = list(_WORD.finditer(stretch))
        index = 0
        while index < len(matches):
            match = matches[index]
            index += 1
            text = match.group()
            behind = matches[index] if index < len(matches) else None
            if text == "-" and pending and behind is not None and behind.lastgroup in ("word", "number"):
                joined = f"{pending}-{behind.group()}"
                if pending.lower() in self._joined_prefixes or joined.lower() in self._whole:
                    pending = joined
                    index += 1
                    continue
            if pending:
                yield from self._inside(pending)
                pending = ""
            if match.lastgroup == "word":
                if (
                    index < len(matches)
                    and matches[index].group() == "."
                    and index + 1 < len(matches)
                    and self._stops_inside(text, stretch[match.end() + 1 :])
                ):
                    index += 1
                    yield text + "."
                    continue
                pending = text
                continue
            for begin in range(0, len(text), _LONGEST_WORD):
                yield text[begin : begin + _LONGEST_WORD]
        if pending:
            yield from self._inside(pending)

    def _stops_inside(self, word: str, rest: str) -> bool:
        """Whether 'word.' within a stretch ('Sept.,' 'Jr.)') is an abbreviation."""
        lower = word.lower()
        known = lower in self._abbreviations and lower not in self._before_digit
        return (known or (len(word) == 1 and word.isupper())) and rest[0] not in "\"'’”"

    def _inside(self, word: str) -> Iterator[str]:
        """The parts of one word: contractions and possessives."""
        lower = word.lower()
        lengths = self._parts.get(lower)
        if lengths:
            begin = 0
            for length in lengths:
                yield word[begin : begin + length]
                begin += length
            return
        found = None if lower in self._whole else _CONTRACTION.search(word)
        if found and found.start():
            yield from self._inside(word[: found.start()])
            yield found.group()
            return
        for begin in range(0, len(word), _LONGEST_WORD):
            yield word[begin : begin + _LONGEST_WORD]


def is_blank(text: str) -> bool:
    """Whether a word holds nothing to read: white space, zero-width characters and direction marks."""
    return _BLANKS.match(text) is not None


@spacy.registry.tokenizers(TOKENIZER)  # type: ignore[untyped-decorator]
def make_tokenizer() -> Callable[[spacy.Language], NewsTokenizer]:
    """For spaCy's configuration: `nlp.tokenizer`."""

    def create(nlp: spacy.Language) -> NewsTokenizer:
        return NewsTokenizer(nlp.vocab)

    return create
