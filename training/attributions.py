"""Attributions that `kgnews` implies: its statements name who claims them, but mark no reporting verb.

Weak labels: the reporting word nearest to the source's mention is the cue; the words of statements claimed by that
source are content, those of statements the narrator vouches for are not, all others stay unknown.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training.corpora import Aligner, Text

_FARTHEST = 6  # words between a source and its cue


def reporting_words(texts: list[Text], minimum: int = 2) -> frozenset[str]:
    """Lower-case one-word cues that occur at least `minimum` times in texts with marked attributions."""
    counts: Counter[str] = Counter()
    for text in texts:
        for attribution in text.attributions or ():
            if len(attribution.cue) == 1:
                counts[text.words[attribution.cue[0]].lower()] += 1
    return frozenset(word for word, count in counts.items() if count >= minimum and word.isalpha() and len(word) > 2)


def weak_attributions(text: Text, row: dict[str, Any], aligner: Aligner, cues: frozenset[str]) -> list[Any]:
    """Attributions of a document of `kgnews`, as far as its statements imply them."""
    from training.corpora import MarkedAttribution

    found = []
    for number, (begin, end) in enumerate(text.sentences):
        claims: dict[str, set[int]] = {}
        plain: set[int] = set()
        said: set[int] = set()
        for statement in row["statements"]:
            if statement["sentence"] != number:
                continue
            words: set[int] = set()
            for name in ("subject_mention", "object_mention"):
                index = statement.get(name)
                if index is not None:
                    mention = row["mentions"][index]
                    span = aligner.words(mention["begin"], mention["end"])
                    words |= set(range(*span)) if span else set()
            if statement["cue"] and (span := aligner.words(*statement["cue"])):
                words |= set(range(*span))
            if statement["by"] is None:
                plain |= words
            else:
                claims.setdefault(statement["by"], set()).update(words)
                said |= words
        for source, content in claims.items():
            sources = [m for m in text.mentions if source in m.entities and begin <= m.begin < end]
            options = [
                (min(abs(i - m.begin), abs(i - m.end + 1)), i, m)
                for m in sources
                for i in range(begin, end)
                if text.words[i] in cues and i not in said
            ]
            if not options:
                continue
            distance, cue, mention = min(options, key=lambda option: option[:2])
            span = set(range(mention.begin, mention.end))
            inside = tuple(sorted(content - span - {cue}))
            if distance <= _FARTHEST and inside:
                outside = tuple(sorted((plain - content) | span | {cue}))
                found.append(MarkedAttribution(tuple(sorted(span)), (cue,), inside, outside))
    return found
