"""What documents call a thing → how the graph describes it: label, other names, class, IRI.

Everything here depends on how often each way of speaking of a thing occurs, not on where, so that the description of a
thing that a thousand documents mention is made of a few counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kg.model import Entity, LocalEntity
from kg.resolution.identity import LocalKey
from kg.vocabulary import KG, WIKIDATA, Minter, pascal_case

_LONGEST_NAME = 120
"""Characters of a name that enter an IRI; a longer one is told apart by its hash."""


class Facet(NamedTuple):
    """A thing as one document speaks of it, without what belongs to that document alone."""

    kind: str
    label: str
    named: bool
    names: tuple[str, ...]
    wikidata: str | None
    classes: tuple[str, ...] = ()  # IRIs of classes of given ontologies


class Description(NamedTuple):
    """A thing over all documents, but for its IRI. `rank` orders things of one name: known ones first, then named."""

    kind: str
    label: str
    alt_labels: tuple[str, ...]
    wikidata: str | None
    rank: int
    classes: tuple[str, ...] = ()

    def entity(self, iri: str, documents: Iterable[str] = ()) -> Entity:
        """The entity of that IRI, mentioned in those documents."""
        return Entity(
            iri=iri,
            label=self.label,
            alt_labels=self.alt_labels,
            types=(KG[self.kind], *self.classes),
            same_as=WIKIDATA + self.wikidata if self.wikidata else None,
            documents=tuple(sorted(set(documents))),
        )


def facet_of(entity: LocalEntity) -> Facet:
    """A local entity without its key and its body."""
    return Facet(entity.types[0], entity.label, entity.named, entity.names, entity.wikidata, entity.classes)


def described(facets: Mapping[Facet, int]) -> Description:
    """The description of a thing from how often each facet of it occurs."""
    kinds: Counter[str] = Counter()
    for facet, count in facets.items():
        kinds[facet.kind] += count
    kind = min(kinds, key=lambda name: (-kinds[name], name))
    label = _label(facets)
    names = {name for facet in facets for name in facet.names if facet.named or " " in name}
    if kind == "Role":
        names |= {facet.label for facet in facets}
    return Description(
        kind=kind,
        label=label,
        alt_labels=tuple(sorted(names - {label})),
        wikidata=min((facet.wikidata for facet in facets if facet.wikidata), default=None),
        classes=tuple(sorted({iri for facet in facets for iri in facet.classes})),
        rank=2 * (not any(facet.wikidata for facet in facets)) + (not any(facet.named for facet in facets)),
    )


def _label(facets: Mapping[Facet, int]) -> str:
    """The fullest proper name, of things without one no single word; then none in capitals, then the most frequent.

    A country that the table knows keeps the table's name, whatever a text calls it.
    """
    known = {facet: count for facet, count in facets.items() if facet.kind == "Country" and facet.wikidata}
    facets = known or facets
    named = any(facet.named for facet in facets)
    labels: Counter[str] = Counter()
    for facet, count in facets.items():
        if facet.named or not named:
            labels[facet.label] += count

    def order(name: str) -> tuple[int, bool, int, str]:
        words = len(name.split())
        return -words if named else int(words == 1), name.isupper() and words > 1, -labels[name], name

    return min(labels, key=order)


def name_class(label: str, minter: Minter) -> str:
    """The bare IRI of a name: things of one such IRI must be told apart, and no others."""
    return minter.entity_iri(label[:_LONGEST_NAME])


def may_be_bare(label: str) -> bool:
    """Whether a name can be written whole as an IRI."""
    return len(label) <= _LONGEST_NAME and bool(pascal_case(label))


def suffixed(label: str, first: LocalKey, minter: Minter) -> Iterator[str]:
    """The IRIs of a thing that does not have its bare name, the first that is free is its own; without end.

    Six digits of a hash of its first place are soon the same among thousands of things of one name.
    """
    distinction = " ".join(first)
    while True:
        yield minter.entity_iri(label[:_LONGEST_NAME], distinction)
        distinction += " "


def told_apart(things: Iterable[tuple[str, LocalKey]], minter: Minter) -> Iterator[str]:
    """The IRIs of all the things of one name class: pairs of label and first place, in the order of their rights.

    The first whose name can be written whole has the bare name; the others get a hash of their first place.
    """
    taken: set[str] = set()
    for label, first in things:
        iri = name_class(label, minter)
        if iri in taken or not may_be_bare(label):
            iri = next(it for it in suffixed(label, first, minter) if it not in taken)
        taken.add(iri)
        yield iri
