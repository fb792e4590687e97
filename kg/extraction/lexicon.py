"""Word tables of English → frozen look-ups. All words are in `ontologies/lexicon-en.ttl` and `data/*.tsv`."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.extraction.lexical_entries import Entry, read_entries
from kg.ontology_files import ontology_path, parse_file
from kg.vocabulary import ONTOLOGY_IRI

DATA = Path(__file__).parent / "data"


def read_table(path: Path) -> list[dict[str, str]]:
    """Rows of a tab-separated file with a header line; no quoting."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@dataclass(frozen=True, slots=True)
class Frame:
    """How one wording maps to a property: which slots of the predicate hold its subject and object.

    Slots: `subj`, `obj`, a preposition (`with`), for nouns also `poss`, `self`, `gov` (the subject of a support verb),
    `compound`; `LOC` and `DATE` are places and dates of the clause. Alternatives are tried in order.
    `object_types` (class names, empty for any) restrict what the object may be.
    """

    subject: tuple[str, ...]
    object: tuple[str, ...]
    property: str
    object_types: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All tables of a language."""

    frames: dict[tuple[str, str], tuple[Frame, ...]]  # (lemma, verb | noun | adjective) → frames
    governors: dict[tuple[str, str], str]  # (lemma, part) → effect on the governed content
    reporting: dict[tuple[str, str], str]  # (lemma, part) → claim | denial | doubt | wish
    support_verbs: frozenset[str]
    nouns: dict[str, str]  # head noun, lower-case → class name
    roles: frozenset[str]  # head nouns of offices and professions
    titles: frozenset[str]  # abbreviated titles that stand before a name
    honorifics: dict[str, str]  # honorific → gender or ''
    features: dict[str, dict[str, str]]  # closed classes of function words: word → feature
    first_names: dict[str, str]  # given name → gender
    synonyms: dict[str, int]  # noun → number of the set of nouns that may name the same thing

    def synonymous(self, left: str, right: str) -> bool:
        """Whether two nouns, lower-case, are the same or in one set of synonyms."""
        return left == right or (left in self.synonyms and self.synonyms[left] == self.synonyms.get(right))

    def noun_type(self, word: str, lemma: str) -> str | None:
        """Class of what a noun names, by the noun, its lemma or its ending ('drugmaker')."""
        found = self.nouns.get(word) or self.nouns.get(lemma)
        if found is None:
            for ending, name in self.features["noun_ending"].items():
                if lemma.endswith(ending):
                    return name
        return found


@cache
def english() -> Lexicon:
    """The English tables; read once a process."""
    features: dict[str, dict[str, str]] = {}
    for row in read_table(DATA / "function_words.tsv"):
        features.setdefault(row["class"], {})[row["word"]] = row["feature"]
    return Lexicon(
        frames=frames_by_word(read_entries(parse_file(ontology_path("lexicon-en.ttl")))),
        governors={(row["lemma"], row["part"]): row["effect"] for row in read_table(DATA / "governors.tsv")},
        reporting={(row["lemma"], row["part"]): row["effect"] for row in read_table(DATA / "reporting.tsv")},
        support_verbs=frozenset(row["lemma"] for row in read_table(DATA / "support_verbs.tsv")),
        nouns={row["noun"]: row["type"] for row in read_table(DATA / "nouns.tsv")},
        roles=frozenset(row["noun"] for row in read_table(DATA / "roles.tsv")),
        titles=frozenset(row["abbreviation"] for row in read_table(DATA / "titles.tsv")),
        honorifics={row["honorific"]: row["gender"] for row in read_table(DATA / "honorifics.tsv")},
        features=features,
        first_names={row["name"]: row["gender"] for row in read_table(DATA / "first_names.tsv")},
        synonyms={
            word: number
            for number, row in enumerate(read_table(DATA / "synonyms.tsv"))
            for word in row["words"].split()
        },
    )


def frames_by_word(entries: Iterable[Entry]) -> dict[tuple[str, str], tuple[Frame, ...]]:
    """(lemma, part) → frames of the entries; terms of our ontology by their local names, all others by their IRIs."""
    frames: dict[tuple[str, str], list[Frame]] = {}
    for entry in entries:
        frames.setdefault((entry.lemma, entry.part), []).extend(
            Frame(
                subject=sense.subject,
                object=sense.object,
                property=sense.reference.removeprefix(ONTOLOGY_IRI),
                object_types=frozenset(iri.removeprefix(ONTOLOGY_IRI) for iri in sense.object_types),
            )
            for sense in entry.senses
        )
    return {key: tuple(value) for key, value in frames.items()}
