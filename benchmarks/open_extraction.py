"""Open extraction as the field measures it: `kg extract` on single sentences against BenchIE or CaRB.

    python -m benchmarks.open_extraction benchie GOLD.txt [--half develop|report] [--write FILE] [--list FILE]
    python -m benchmarks.open_extraction carb GOLD.tsv [--write FILE] [--list FILE]

`GOLD` is a local copy of the benchmark's gold (BenchIE: English annotations; CaRB: `dev.tsv` or `test.tsv`); it may be
used for research only and is no part of this project. `--half` takes the sentences of BenchIE whose SHA-256 is even
(develop) or odd (report): rules are written with the first in sight, the second is for reporting. `--write` gives the
extractions in the form that the official scorer reads, `--list` shows gold and extractions side by side. Prints one
JSON object with precision, recall and F1.

Statements that no word of the sentence carries (appositions, possessives) have nothing to compare and are left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.open_extraction_scores import Score, Tuple, fact_scores, sentence_key, word_scores
from kg.errors import GoldError, KGError
from kg.flow import extract_documents
from kg.model import Document
from kg.publishing.extraction_json import extraction_rows
from kg.resolution import resolve

ARROW = " --> "

Row = Mapping[str, Any]
"""One line of `kg extract`."""


def read_benchie(path: Path) -> dict[str, tuple[str, list[list[list[str]]]]]:
    """Sentence id → sentence and its facts, each a list of triples that all say it."""
    found: dict[str, tuple[str, list[list[list[str]]]]] = {}
    facts: list[list[list[str]]] = []
    for number, line in enumerate(_lines(path), 1):
        if line.startswith("sent_id:"):
            identifier, _, sentence = line.removeprefix("sent_id:").partition("\t")
            facts = []
            found[identifier] = (sentence.strip(), facts)
        elif "Cluster" in line and line.endswith(":"):
            facts.append([])
        elif ARROW in line:
            triple = line.split(ARROW)
            if len(triple) != 3 or not facts:
                raise GoldError(f"{path}, line {number}: no triple of a cluster; give BenchIE's English annotations")
            facts[-1].append(triple)
    if not found:
        raise GoldError(f"{path}: no line begins with sent_id:; give BenchIE's English annotations")
    return found


def read_carb(path: Path) -> dict[str, tuple[str, list[Tuple]]]:
    """Key of a sentence → sentence and the tuples of its gold."""
    found: dict[str, tuple[str, list[Tuple]]] = {}
    for number, line in enumerate(_lines(path), 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) < 2:
            raise GoldError(f"{path}, line {number}: fewer than two columns; give CaRB's gold/dev.tsv or gold/test.tsv")
        sentence, predicate, *arguments = cells
        tuples = found.setdefault(sentence_key(sentence), (sentence, []))[1]
        tuples.append(Tuple(predicate, tuple(argument for argument in arguments if "C: " not in argument)))
    return found


def _lines(path: Path) -> Iterable[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{path}: cannot be read ({error}); give a local copy of the benchmark's gold") from error
    return (line.strip() for line in lines if line.strip())


def to_develop(sentence: str) -> bool:
    """Whether a sentence belongs to the half that rules may be written on."""
    return int(hashlib.sha256(sentence.encode()).hexdigest(), 16) % 2 == 0


def extracted(sentences: Mapping[str, str]) -> dict[str, list[Row]]:
    """Rows of `kg extract` for each sentence, each read as a document of its own."""
    documents = [Document(path=key, text=sentence, source=key) for key, sentence in sentences.items()]
    found: dict[str, list[Row]] = {key: [] for key in sentences}
    for extraction in extract_documents(documents, workers=1, pronouns=True):
        found[extraction.document.path] = list(extraction_rows(extraction, resolve([extraction])))
    return found


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a sentence and where they begin; of an argument, with its `marker` as it stands there."""

    begin: int
    text: str
    marker: str = ""

    @property
    def marked(self) -> str:
        """The words behind their marker."""
        return f"{self.marker} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement in the order of its sentence: what stands left of the predicate, the predicate, what follows it."""

    left: Piece
    predicate: Piece
    right: Piece
    others: tuple[Piece, ...]
    confidence: float


def readings(sentence: str, rows: Iterable[Row]) -> Iterator[Reading]:
    """Statements whose predicate is worded outside of subject and object; passives from the patient.

    A preposition that stands before the clause with its noun ('On 5 May ...') comes last in the predicate. Of
    statements about agent and place of a passive, the patient is on the left too; those without one are left out.
    """
    for row in rows:
        left, right, spans = row["subject"], row["object"], row["predicate"]["spans"]
        if not spans or not right["text"] or _overlap(left, right):
            continue
        words = [Piece(begin, sentence[begin:end]) for begin, end in spans]
        if len(words) > 1 and spans[0][1] + 1 == right["begin"]:
            words = [*words[1:], words[0]]
        verb = words[0].begin
        if right["begin"] < verb < left["begin"] and words[-1].text.lower().split()[-1] == "by":
            left, right = right, left
        arguments = list(row["arguments"])
        if "entity" in right and verb < min(left["begin"], right["begin"]):
            patients = [other for other in arguments if not other["marker"] and other["begin"] < verb]
            if not patients:
                continue
            arguments.append({**left, "marker": "by"})
            left = patients[0]
        others = tuple(
            Piece(other["begin"], other["text"], _marker(sentence, other)) for other in arguments
            if not _overlap(other, left) and not _overlap(other, right)
        )  # fmt: skip
        between = [o for o in others if not o.marker and words[0].begin < o.begin < right["begin"]]
        if len(words) > 1 and between:  # 'provides' + 'pensions' + 'to'
            words = [*words[:-1], *between, words[-1]]
            others = tuple(other for other in others if other not in between)
        yield Reading(
            left=Piece(left["begin"], left["text"]),
            predicate=Piece(words[0].begin, " ".join(word.text for word in words)),
            right=Piece(right["begin"], right["text"]),
            others=others,
            confidence=row["confidence"],
        )


def _overlap(one: Row, other: Row) -> bool:
    return bool(one["begin"] < other["end"] and other["begin"] < one["end"])


def _marker(sentence: str, argument: Row) -> str:
    """The marker of an argument, in capitals where the sentence has it so."""
    marker: str = argument["marker"]
    before = sentence[: argument["begin"]].rstrip()
    return before[len(before) - len(marker) :] if before.lower().endswith(marker) else marker


def triples(sentence: str, rows: Iterable[Row]) -> list[Tuple]:
    """BenchIE's triples of a sentence, each once: an argument around the object makes one with all before it."""
    found: dict[tuple[str, ...], Tuple] = {}
    for reading in readings(sentence, rows):
        made = [(reading.predicate.text, reading.right.text)]
        for other in reading.others:
            if not reading.predicate.begin < other.begin < reading.right.begin:
                made.append((f"{reading.predicate.text} {reading.right.text} {other.marker}".strip(), other.text))
        for predicate, right in made:
            tuple_ = Tuple(predicate, (reading.left.text, right), reading.confidence)
            found.setdefault((reading.left.text, predicate, right), tuple_)
    return list(found.values())


def tuples(sentence: str, rows: Iterable[Row]) -> list[Tuple]:
    """CaRB's tuples of a sentence: the object, then every further argument behind its marker."""
    found: dict[tuple[str, ...], Tuple] = {}
    for reading in readings(sentence, rows):
        arguments = (reading.left.text, reading.right.text, *(other.marked for other in reading.others))
        words = (str(reading.predicate.begin), *sorted(" ".join((reading.predicate.text, *arguments)).split()))
        found.setdefault(words, Tuple(reading.predicate.text, arguments, reading.confidence))
    return list(found.values())


def run_benchie(path: Path, half: str | None, write: Path | None, listing: Path | None) -> Score:
    """Facts of BenchIE that `kg extract` finds."""
    gold = {
        key: entry
        for key, entry in read_benchie(path).items()
        if half is None or to_develop(entry[0]) == (half == "develop")
    }
    rows = extracted({key: sentence for key, (sentence, _) in gold.items()})
    found = {key: triples(gold[key][0], rows[key]) for key in gold}
    if write is not None:
        _write(write, ((key, *_in_order(t)) for key, ts in found.items() for t in ts))
    if listing is not None:
        _write(
            listing, (row for key, (sentence, facts) in gold.items() for row in _compared(sentence, facts, found[key]))
        )
    return fact_scores({key: facts for key, (_, facts) in gold.items()}, found)


def _in_order(tuple_: Tuple) -> tuple[str, ...]:
    return (tuple_.arguments[0], tuple_.predicate, *tuple_.arguments[1:])


def _compared(sentence: str, facts: Sequence[Sequence[Sequence[str]]], found: Iterable[Tuple]) -> Iterator[list[str]]:
    """A sentence, its facts (in their first wording) and the extractions, those that say a fact marked so."""
    yield [sentence]
    for number, fact in enumerate(facts):
        said = any(fact_scores({"": [fact]}, {"": [t]}).recall for t in found)
        yield [f"  fact {number} {'found' if said else 'missed'}", ARROW.join(fact[0])]
    for tuple_ in found:
        right = fact_scores({"": facts}, {"": [tuple_]}).precision
        yield [f"  {'right' if right else 'wrong'}", ARROW.join(_in_order(tuple_))]


def run_carb(path: Path, write: Path | None, listing: Path | None) -> Score:
    """Words of CaRB's tuples that `kg extract` finds."""
    gold = read_carb(path)
    rows = extracted({key: sentence for key, (sentence, _) in gold.items()})
    found = {key: tuples(gold[key][0], rows[key]) for key in gold}
    if write is not None:
        _write(write, ((gold[key][0], *_scored(t)) for key, ts in found.items() for t in ts))
    if listing is not None:
        lines = (
            line
            for key, (sentence, wanted) in gold.items()
            for line in [
                (sentence,),
                *(("  gold", *_scored(t)) for t in wanted),
                *(("  found", *_scored(t)) for t in found[key]),
            ]
        )
        _write(listing, lines)
    return word_scores({key: wanted for key, (_, wanted) in gold.items()}, found)


def _scored(tuple_: Tuple) -> tuple[str, ...]:
    return (str(tuple_.confidence), tuple_.predicate, *tuple_.arguments)


def _write(path: Path, rows: Iterable[Sequence[str]]) -> None:
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


def main() -> int:
    """Runs one benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("benchmark", choices=("benchie", "carb"))
    parser.add_argument("gold", type=Path)
    parser.add_argument("--half", choices=("develop", "report"))
    parser.add_argument("--write", type=Path, metavar="FILE")
    parser.add_argument("--list", type=Path, metavar="FILE")
    options = parser.parse_args()
    try:
        if options.benchmark == "benchie":
            score = run_benchie(options.gold, options.half, options.write, options.list)
        else:
            score = run_carb(options.gold, options.write, options.list)
    except KGError as error:
        print(f"open_extraction: {error}", file=sys.stderr)
        return 2
    shown = {"precision": score.precision, "recall": score.recall, "f1": score.f1}
    if score.area is not None:
        shown["area"] = score.area
    print(json.dumps({name: round(value, 3) for name, value in shown.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
