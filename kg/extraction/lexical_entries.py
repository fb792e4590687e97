"""Quads of an OntoLex lexicon → `Entry`: which wording states which property, and where its subject and object stand.

    entry:acquire_verb a ontolex:LexicalEntry ; rdfs:label "acquire"@en ; lexinfo:partOfSpeech lexinfo:verb ;
        ontolex:sense [ ontolex:reference kg:acquires ; synsem:subjOfProp slot:subj ; synsem:objOfProp slot:obj ] .

A form under `ontolex:canonicalForm` serves as well as the label, and `ontolex:denotes` for a sense without slots.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from kg.vocabulary import RDF, RDFS, local_name

ONTOLEX = "http://www.w3.org/ns/lemon/ontolex#"
SYNSEM = "http://www.w3.org/ns/lemon/synsem#"
PART_OF_SPEECH = "partOfSpeech"
PARTS = {"verb": "verb", "noun": "noun", "commonNoun": "noun", "adjective": "adjective"}
"""Local names of `lexinfo` parts of speech → ours."""
SLOT = "https://kg.example.org/lexicon/slot#"


@dataclass(frozen=True, slots=True)
class Sense:
    """One use of a word: the property it states (an IRI), and the slots of its subject and object, if told."""

    reference: str
    subject: tuple[str, ...]
    object: tuple[str, ...]
    object_types: tuple[str, ...]  # IRIs of classes, sorted; empty for any


@dataclass(frozen=True, slots=True)
class Entry:
    """A word with its part of speech (`verb`, `noun`, `adjective`; empty when not told), and its senses in order."""

    lemma: str
    part: str
    senses: tuple[Sense, ...]


Terms = dict[str, dict[str, list[str]]]
"""Subject → predicate → objects, in file order, all by their IRI, blank name or text."""


def read_entries(quads: Iterable[ox.Quad]) -> list[Entry]:
    """The lexical entries among the quads, in file order. Entries without a written form or a sense are left out."""
    terms: Terms = {}
    for quad in quads:
        predicates = terms.setdefault(quad.subject.value, {})  # type: ignore[union-attr]
        predicates.setdefault(quad.predicate.value, []).append(quad.object.value)  # type: ignore[union-attr]
    found = []
    for predicates in terms.values():
        if ONTOLEX + "sense" in predicates or ONTOLEX + "denotes" in predicates:
            entry = _entry(terms, predicates)
            if entry is not None:
                found.append(entry)
    return found


def _entry(terms: Terms, predicates: dict[str, list[str]]) -> Entry | None:
    forms = [terms.get(form, {}) for form in predicates.get(ONTOLEX + "canonicalForm", ())]
    written = list(predicates.get(RDFS.label, ()))
    written += [text for form in forms for text in form.get(ONTOLEX + "writtenRep", ())]
    senses = [_sense(terms, terms.get(sense, {})) for sense in predicates.get(ONTOLEX + "sense", ())]
    kept = [sense for sense in senses if sense is not None]
    kept += [Sense(property, (), (), ()) for property in predicates.get(ONTOLEX + "denotes", ())]
    part = next((_local(objects[0]) for name, objects in predicates.items() if _local(name) == PART_OF_SPEECH), "")
    if not written or not kept:
        return None
    return Entry(written[0].lower(), PARTS.get(part, ""), tuple(kept))


def _sense(terms: Terms, predicates: dict[str, list[str]]) -> Sense | None:
    references = predicates.get(ONTOLEX + "reference")
    if not references:
        return None
    return Sense(
        references[0],
        _slots(terms, predicates.get(SYNSEM + "subjOfProp", [])),
        _slots(terms, predicates.get(SYNSEM + "objOfProp", [])),
        tuple(sorted(predicates.get(SLOT + "objectType", ()))),
    )


def _slots(terms: Terms, values: list[str]) -> tuple[str, ...]:
    """Names of slots, those of an RDF list in its order."""
    result: list[str] = []
    for value in values:
        node = value
        while RDF.first in terms.get(node, {}):
            result.append(_local(terms[node][RDF.first][0]))
            node = terms[node][RDF.rest][0]
        if node == value:
            result.append(_local(value))
    return tuple(result)


def _local(iri: str) -> str:
    name = iri.rpartition("#")[2]
    return (name if name != iri else iri.rpartition("/")[2]).replace("_", " ") or local_name(iri)
