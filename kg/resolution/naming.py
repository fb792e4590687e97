"""Which of the things of one name has which IRI, when one of them comes, goes or changes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from kg.resolution.describing import Description, suffixed
from kg.vocabulary import Minter

_LABEL = Description._fields.index("label")


class NameClass:
    """The things of one bare name, of which some have come, gone or changed: their IRIs, and whom else that moves.

    Looks at those alone whose IRI may change: a class may have ten thousand things. `changed` are identities, `freed`
    the IRIs that they had, those of other names among them.
    """

    def __init__(
        self, connection: sqlite3.Connection, minter: Minter, name: str, changed: Iterable[str], freed: Iterable[str]
    ) -> None:
        self._connection = connection
        self._minter = minter
        self._name = name
        self._moving: dict[str, _Claim] = {}
        self._freed = set(freed)
        for identity in changed:
            self._moving.update(self._claims("identity = ? AND class = ?", identity, name))

    def told_apart(self) -> Iterator[str]:
        """Gives IRIs; yields the identities of those that have another one now."""
        owner = self._claims("class = ? AND bare ORDER BY rank, document, key LIMIT 1", self._name)
        self._moving.update(owner)
        self._moving.update(self._claims("class = ? AND iri = ?", self._name, self._name))
        later = self._claims("class = ? AND later", self._name)
        while (given := self._given(next(iter(owner), None), later)) is None:
            pass
        for identity, iri in given.items():
            claim = self._moving[identity]
            if claim.iri != iri:
                is_later = iri not in (self._name, next(claim.suffixed(self._minter)))
                query = "UPDATE thing SET iri = ?, later = ? WHERE identity = ?"
                self._connection.execute(query, (iri, is_later, identity))
                yield identity

    def _given(self, owner: str | None, later: Mapping[str, _Claim]) -> dict[str, str] | None:
        """The IRIs of all that move; None when one more must move for that."""
        taken: dict[str, str] = {}
        for identity, claim in sorted(self._moving.items(), key=lambda item: item[1].order):
            if identity == owner:
                taken[self._name] = identity
                continue
            for iri in claim.suffixed(self._minter):
                if iri in taken:
                    continue
                holders = self._claims("iri = ? AND class = ?", iri, self._name)
                holder = next((it for it in holders.items() if it[0] not in self._moving), None)
                if holder is None:
                    taken[iri] = identity
                    break
                if holder[1].order > claim.order:
                    self._moving[holder[0]] = holder[1]
                    return None
        left = self._freed | {claim.iri for claim in self._moving.values()}
        for identity, claim in later.items():
            if identity not in self._moving and left.intersection(claim.passed_over(self._minter)):
                self._moving[identity] = claim
                return None
        return {identity: iri for iri, identity in taken.items()}

    def _claims(self, condition: str, *values: object) -> dict[str, _Claim]:
        query = f"SELECT identity, rank, document, key, description, iri FROM thing WHERE {condition}"  # noqa: S608
        return {
            identity: _Claim((rank, document, key), json.loads(description)[_LABEL], iri)
            for identity, rank, document, key, description, iri in self._connection.execute(query, values).fetchall()
        }


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a thing has to show among those of its name: its place in their order, its label, the IRI it has."""

    order: tuple[int, str, str]
    label: str
    iri: str

    def suffixed(self, minter: Minter) -> Iterator[str]:
        """The IRIs it asks for, one after the other."""
        return suffixed(self.label, self.order[1:], minter)

    def passed_over(self, minter: Minter) -> Iterator[str]:
        """The IRIs it asked for in vain."""
        return takewhile(lambda iri: iri != self.iri, self.suffixed(minter))
