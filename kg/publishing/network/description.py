"""Names and types of things as the store tells them, with readable stand-ins where it does not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

import pyoxigraph as ox

from kg.errors import QueryError
from kg.vocabulary import CLASSES, DCTERMS, KG, ONTOLOGY_IRI, OWL, RDF, RDFS, SKOS, WIKIDATA

_GENERAL = {KG.Agent, KG.Place, KG.Organization}
"""Classes that say less than any other a thing may have besides."""


class Descriptions:
    """What the default graph says about things, taken in quad by quad; looks further up in the store when asked."""

    def __init__(self, store: ox.Store, prefixes: Mapping[str, str]) -> None:
        self._store = store
        self._prefixes = prefixes
        self._labels: dict[str, str] = {}
        self._aliases: dict[str, set[str]] = defaultdict(set)
        self.types: dict[str, set[str]] = defaultdict(set)
        self.wikidata: dict[str, str] = {}
        self.mentioned: set[str] = set()

    def note(self, quad: ox.Quad) -> None:
        """Takes in one describing quad of the default graph; others are ignored."""
        if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, ox.NamedNode | ox.Literal):
            return
        subject, predicate, value = quad.subject.value, quad.predicate.value, quad.object.value
        if predicate == RDFS.label:
            self._labels[subject] = min(value, self._labels.get(subject, value))
        elif predicate == SKOS.altLabel:
            self._aliases[subject].add(value)
        elif predicate == RDF.type:
            self.types[subject].add(value)
        elif predicate == KG.mentionedIn:
            self.mentioned.add(subject)
        elif predicate == OWL.sameAs and value.startswith(WIKIDATA):
            self.wikidata[subject] = min(value, self.wikidata.get(subject, value))

    def name(self, iri: str) -> str:
        """What a reader calls it: its label, a document's title, or the words in its IRI."""
        known = self._labels.get(iri)
        if known is None:
            known = self._labels[iri] = self._looked_up(iri) or words_of(iri)
        return known

    def aliases(self, iri: str) -> tuple[str, ...]:
        """Other names, sorted, without the label itself."""
        return tuple(sorted(self._aliases.get(iri, set()) - {self.name(iri)}))

    def sorted_types(self, iri: str) -> tuple[str, ...]:
        """Class IRIs, telling ones before general ones."""
        return tuple(sorted(self.types.get(iri, ()), key=lambda type_: (type_ in _GENERAL, type_)))

    def find(self, wanted: str, iris: Iterable[str]) -> str:
        """The one entity among `iris` that `wanted` names by IRI, prefixed name, label or alias.

        Raises `QueryError` when there is none or more than one.
        """
        known = list(iris)
        prefix, _, rest = wanted.partition(":")
        candidates = (wanted.strip("<>"), self._prefixes.get(prefix, "\0") + rest, self._prefixes["ent"] + wanted)
        for candidate in candidates:
            if candidate in known:
                return candidate
        folded = wanted.casefold()
        found = [iri for iri in known if self.name(iri).casefold() == folded]
        found = found or [iri for iri in known if folded in (alias.casefold() for alias in self.aliases(iri))]
        if len(found) == 1:
            return found[0]
        if found:
            raise QueryError(f"view: {wanted!r} is the name of {len(found)} entities; give one IRI: {_some(found)}")
        close = sorted((iri for iri in known if folded and folded in self.name(iri).casefold()), key=len)
        hint = (
            f"did you mean {_some([self.name(iri) for iri in close])}?"
            if close
            else "give a name or IRI that the graph has"
        )
        raise QueryError(f"view: no entity is called {wanted!r}; {hint}")

    def _looked_up(self, iri: str) -> str | None:
        if iri.startswith(ONTOLOGY_IRI) and iri[len(ONTOLOGY_IRI) :] in CLASSES:
            return words_of(iri).capitalize()
        for predicate in (RDFS.label, DCTERMS.title):
            quads = self._store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(predicate), None, None)
            labels = [quad.object for quad in quads if isinstance(quad.object, ox.Literal)]
            if labels:
                english = [label for label in labels if (label.language or "en").startswith("en")]
                return min(" ".join(label.value.split()) for label in english or labels)
        return None


def words_of(iri: str) -> str:
    """The last part of an IRI as words.

    >>> words_of("https://kg.example.org/ontology#headquarteredIn")
    'headquartered in'
    >>> words_of("http://www.wikidata.org/entity/Q30")
    'Q30'
    """
    local = unquote(re.split(r"[/#]", iri.rstrip("/#"))[-1])
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", local).replace("_", " ").strip()
    return (spaced[:1] + spaced[1:].lower() if spaced[:1].islower() else spaced) or iri


def _some(iris: list[str]) -> str:
    return ", ".join(iris[:3]) + (" …" if len(iris) > 3 else "")
