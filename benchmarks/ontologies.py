"""How well given ontologies are filled: recall and precision over `tests/ontologies`, for its two parts.

    python benchmarks/ontologies.py [--list] [--part dev|test] [NAME ...]

Each folder holds `ontology.ttl` and `cases.tsv`: part, one sentence, and all facts that the sentence states in terms of
that ontology (`subject property object; ...`, local names of properties; `a` for classes). Facts are plain statements.
Precision counts every extracted fact with a property; classes are counted for recall alone.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from kg.extraction.declarations import local_part
from kg.extraction.ontology import Guide, read_ontology
from kg.model import Document, Extraction, Mention

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "ontologies"
Triple = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence with the facts it states; `part` is `dev` or `test`."""

    part: str
    sentence: str
    triples: tuple[Triple, ...]


@dataclass(slots=True)
class Tally:
    """Expected facts, those found, facts extracted with a property, and those of them that were expected."""

    expected: int = 0
    found: int = 0
    extracted: int = 0
    right: int = 0
    missed: list[tuple[str, Triple]] = field(default_factory=list)
    spurious: list[tuple[str, Triple]] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Sums."""
        self.expected += other.expected
        self.found += other.found
        self.extracted += other.extracted
        self.right += other.right
        self.missed += other.missed
        self.spurious += other.spurious

    def __str__(self) -> str:
        return f"{ratio(self.found, self.expected):>7} {ratio(self.right, self.extracted):>10} {self.expected:>9}"


def ratio(part: int, whole: int) -> str:
    """A share with two decimals; a dash of nothing."""
    return f"{part / whole:.2f}" if whole else "–"


def names() -> list[str]:
    """Folders with cases, in order of their names."""
    return sorted(path.parent.name for path in FOLDER.glob("*/cases.tsv"))


def cases(name: str) -> Iterator[Case]:
    """The cases of one folder; the longest property name that stands in a fact divides it."""
    properties = {local_part(iri) for iri in read_ontology((str(FOLDER / name / "ontology.ttl"),)).properties} | {"a"}
    with (FOLDER / name / "cases.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            facts = [fact.strip() for fact in (row["triples"] or "").split(";") if fact.strip()]
            yield Case(row["part"], row["sentence"], tuple(_divided(fact, properties) for fact in facts))


def _divided(fact: str, properties: set[str]) -> Triple:
    words = fact.split(" ")
    for index in range(1, len(words) - 1):
        if words[index] in properties:
            return " ".join(words[:index]), words[index], " ".join(words[index + 1 :])
    raise ValueError(f"{fact}: names no property of the ontology")


@cache
def _pipeline():  # type: ignore[no-untyped-def]
    from kg.annotation import load

    return load()


def extracted(name: str, sentence: str) -> Extraction:
    """The extraction of one sentence with the ontology of a folder."""
    from kg.annotation import annotate
    from kg.extraction import extract

    document = Document(path="sentence", text=sentence, source="sentence")
    return extract(annotate(document, _pipeline()), guide=Guide((str(FOLDER / name / "ontology.ttl"),)))


def score(name: str, case: Case) -> Tally:
    """The tally of one case."""
    extraction = extracted(name, case.sentence)
    labels = {entity.key: {_plain(text) for text in (entity.label, *entity.names)} for entity in extraction.entities}
    for mention in extraction.mentions:
        labels.setdefault(mention.entity, set()).add(_plain(extraction.document.quote(mention.head)))
    facts = []
    for relation in extraction.relations:
        if relation.plain:
            object = relation.object
            right = labels[object.entity] if isinstance(object, Mention) else {_plain(object.value)}
            facts.append((labels[relation.subject.entity], local_part(relation.predicate), right, relation))
    classes = [(labels[e.key], "a", {_plain(local_part(iri))}) for e in extraction.entities for iri in e.classes]
    tally = Tally(expected=len(case.triples), extracted=len(facts))
    for subject, property, object in case.triples:
        candidates = classes if property == "a" else [fact[:3] for fact in facts]
        hit = any(p == property and _plain(subject) in s and _plain(object) in o for s, p, o in candidates)
        tally.found += hit
        if not hit:
            tally.missed.append((case.sentence, (subject, property, object)))
    for subjects, property, objects, _ in facts:
        closed = [triple for triple in _closed(name, case.triples) if triple[1] == property]
        if any(_plain(subject) in subjects and _plain(object) in objects for subject, _, object in closed):
            tally.right += 1
        else:
            tally.spurious.append((case.sentence, (min(subjects), property, min(objects))))
    return tally


def _closed(name: str, triples: tuple[Triple, ...]) -> Iterator[Triple]:
    """The expected facts; those of symmetric properties in both directions."""
    text = (FOLDER / name / "ontology.ttl").read_text("utf-8")
    symmetric = set(re.findall(r"\w*:(\w+) a [^;.]*SymmetricProperty", text)) | {"spouse"}
    for subject, property, object in triples:
        yield subject, property, object
        if property in symmetric:
            yield object, property, subject


def _plain(text: str) -> str:
    return re.sub(r"^(the|a|an) ", "", " ".join(re.findall(r"[\w'-]+", text.lower())))


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="folders of tests/ontologies; by default all")
    parser.add_argument("--part", choices=("dev", "test"), help="one part only")
    parser.add_argument("--list", action="store_true", help="list what was missed and what was spurious")
    arguments = parser.parse_args()
    parts = [arguments.part] if arguments.part else ["dev", "test"]
    total = {part: Tally() for part in parts}
    print(f"{'ontology':<12}" + "".join(f"{part:>6}: recall  precision  expected" for part in parts))
    for name in arguments.names or names():
        tallies = {part: Tally() for part in parts}
        for case in cases(name):
            if case.part in parts:
                tallies[case.part].add(score(name, case))
        print(f"{name:<12}" + "".join(f"{'':6}{tallies[part]}" for part in parts))
        for part in parts:
            total[part].add(tallies[part])
    print(f"{'all':<12}" + "".join(f"{'':6}{total[part]}" for part in parts))
    if arguments.list:
        for part in parts:
            for kind, items in (("missed", total[part].missed), ("spurious", total[part].spurious)):
                for sentence, triple in items:
                    print(f"{part} {kind}: {' | '.join(triple)}  <- {sentence}")


if __name__ == "__main__":
    main()
