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


class Description(NamedTuple):
    """A thing over all documents, but for its IRI. `rank` orders things of one name: known ones first, then named."""

    kind: str
    label: str
    alt_labels: tuple[str, ...]
    wikidata: str | None
    rank: int

    def entity(self, iri: str, documents: Iterable[str] = ()) -> Entity:
        """The entity of that IRI, mentioned in those documents."""
        return Entity(
            iri=iri,
            label=self.label,
            alt_labels=self.alt_labels,
            types=(KG[self.kind],),
            same_as=WIKIDATA + self.wikidata if self.wikidata else None,
            documents=tuple(sorted(set(documents))),
        )


def facet_of(entity: LocalEntity) -> Facet:
    """A local entity without its key and its body."""
    return Facet(entity.types[0], entity.label, entity.named, entity.names, entity.wikidata)


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
        rank=2 * (not any(facet.wikidata for facet in facets)) + (not any(facet.named for facet in facets)),
    )


def _label(facets: Mapping[Facet, int]) -> str:
    """The fullest proper name, of things without one no single word; then none in capitals, then the most frequent."""
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


def told_apart(things: Iterable[tuple[str, LocalKey]], minter: Minter) -> Iterator[str]:
    """The IRIs of all the things of one name class: pairs of label and first place, in the order of their rights.

    The first has the bare name, if it can be written whole; the others get a hash of their first place.
    """
    taken: set[str] = set()
    for label, first in things:
        name = label[:_LONGEST_NAME]
        iri = minter.entity_iri(name)
        if iri in taken or name != label or not pascal_case(label):
            distinction = " ".join(first)
            while (iri := minter.entity_iri(name, distinction)) in taken:
                distinction += " "  # six digits are soon the same among thousands of things of one name
        taken.add(iri)
        yield iri
