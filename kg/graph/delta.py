"""What documents brought into the graph, before and after → the quads to take out and to put in.

A fact stands once, however many documents support it, so it comes with the first of them and goes with the last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.graph.quads import DocumentQuads, Tally, entity_quads, mention_quad, relation_quads
from kg.model import Entity
from kg.vocabulary import Minter


@dataclass(frozen=True, slots=True)
class Delta:
    """Lines of N-Quads to take out of a graph and to put in; none is in both."""

    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A delta, and the facts (triples of N-Triples without the final ` .`) that come and go with it.

    `support` is what it does to the number of documents that support each fact or use each open relation, `tally` what
    it does to the counts of the whole graph.
    """

    delta: Delta
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    support: Mapping[str, int]
    tally: Tally


def difference(
    documents: Iterable[tuple[str, DocumentQuads | None, DocumentQuads | None]],
    entities: Iterable[tuple[Entity | None, Entity | None]],
    supported: Callable[[str], int],
    minter: Minter,
) -> Difference:
    """The difference that documents (their IRIs) and descriptions make, each before (None: new) and after (None: gone).

    `supported` tells how many documents of the graph as it was have a fact or an open relation.
    """
    removed: set[str] = set()
    added: set[str] = set()
    support: Counter[str] = Counter()
    relations: set[str] = set()
    tally = Tally()
    for iri, before, after in documents:
        for quads, lines, sign in ((before, removed, -1), (after, added, 1)):
            if quads is None:
                continue
            lines.update(_lines(quads.graph))
            lines.update(mention_quad(mention, iri) for mention in quads.mentions)
            relations |= quads.relations
            for supporting in (quads.facts, quads.relations):
                for item in supporting:
                    support[item] += sign
            tally.documents += sign
            tally.statements += sign * quads.statements
            tally.claims += sign * quads.claims
            tally.other += sign * quads.other
    for old, new in entities:
        if old is not None:
            removed.update(_lines(entity_quads(old)))
            tally.entities -= 1
        if new is not None:
            added.update(_lines(entity_quads(new)))
            tally.entities += 1
    support = Counter({item: count for item, count in support.items() if count})
    gained: list[str] = []
    lost: list[str] = []
    for item, count in sorted(support.items()):
        count_before = supported(item)
        sign = (count_before + count > 0) - (count_before > 0)
        if sign:
            declared = item in relations
            text = relation_quads(item, minter) if declared else f"{item} .\n"
            (added if sign > 0 else removed).update(_lines(text))
            if declared:
                tally.open_relations += sign
            else:
                tally.facts += sign
                (gained if sign > 0 else lost).append(item)
    delta = Delta(tuple(sorted(removed - added)), tuple(sorted(added - removed)))
    return Difference(delta, tuple(gained), tuple(lost), support, tally)


def _lines(text: str) -> Iterator[str]:
    """Lines with their ends; a literal may hold what `splitlines` takes for the end of one."""
    return (f"{line}\n" for line in text.split("\n")[:-1])
