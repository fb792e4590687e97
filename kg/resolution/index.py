"""Resolution that lasts: which document tells what about identity, kept in SQLite.

A changed document costs what it changes, not what there is::

    before, after = Index(snapshot, minter), Index(connection, minter)
    changes = replaced(before, after, removed, added)

The state after any sequence of changes is the state of resolving all documents at once (`filled`): a thing is found
again from the identities that lead to it, its label from counts, its IRI among those of its name alone.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.model import Entity
from kg.resolution.clusters import Clusters, clustered
from kg.resolution.describing import Description, Facet, described, facet_of, may_be_bare, name_class, suffixed
from kg.resolution.identity import LocalKey, followed, office_name
from kg.resolution.local import LocalView
from kg.resolution.naming import NameClass
from kg.vocabulary import Minter

_TABLES = """
CREATE TABLE member (
  anchor TEXT NOT NULL, document TEXT NOT NULL, key TEXT NOT NULL, facet TEXT NOT NULL,
  PRIMARY KEY (anchor, document, key)) WITHOUT ROWID;
CREATE INDEX member_document ON member (document);
CREATE TABLE fuller (
  shorter TEXT NOT NULL, identity TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (shorter, identity)) WITHOUT ROWID;
CREATE INDEX fuller_identity ON fuller (identity);
CREATE TABLE holder (
  document TEXT NOT NULL, key TEXT NOT NULL, person TEXT NOT NULL, office TEXT NOT NULL, name TEXT NOT NULL,
  bodied INTEGER NOT NULL, PRIMARY KEY (document, key, person)) WITHOUT ROWID;
CREATE INDEX holder_person ON holder (person, bodied, name);
CREATE TABLE thing (
  identity TEXT NOT NULL PRIMARY KEY, class TEXT NOT NULL, rank INTEGER NOT NULL, document TEXT NOT NULL,
  key TEXT NOT NULL, bare INTEGER NOT NULL, iri TEXT NOT NULL, later INTEGER NOT NULL, description TEXT NOT NULL)
  WITHOUT ROWID;
CREATE INDEX thing_class ON thing (class, bare, rank, document, key);
CREATE INDEX thing_iri ON thing (iri);
CREATE INDEX thing_later ON thing (class) WHERE later;
"""
# Of a thing, `class` is the IRI of its bare name, `bare` says whether it may have it, `later` that its IRI is not the
# first that it asked for when it did not get the bare one.
TABLES = ("member", "fuller", "holder", "thing")
"""The tables of an index; their content is the same for the same documents, whatever came before."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing as the index knows it; `first` is its first place in the order of documents."""

    identity: str
    first: LocalKey
    iri: str
    description: Description

    def entity(self) -> Entity:
        """The thing as it enters the graph, without its documents."""
        return self.description.entity(self.iri)


@dataclass(frozen=True, slots=True)
class Changes:
    """What resolving again has changed: `documents` (neither removed nor added) in which a thing has another IRI now,
    and the things described otherwise, before (None: new) and after (None: gone)."""

    documents: frozenset[str]
    things: tuple[tuple[Entity | None, Entity | None], ...]


class Index:
    """One state of the index, read through a connection."""

    def __init__(self, connection: sqlite3.Connection, minter: Minter) -> None:
        self.connection = connection
        self.minter = minter

    def follows(self, identity: str) -> str | None:
        """The one fuller identity that an identity leads to, or None."""
        rows = self.rows("SELECT identity FROM fuller WHERE shorter = ? LIMIT 2", identity)
        return rows[0][0] if len(rows) == 1 else None

    def final(self, identity: str) -> str:
        """The identity of the thing that an identity leads to."""
        return followed(identity, self.follows)

    def leading_to(self, identities: Iterable[str]) -> set[str]:
        """`identities` and all that may lead to one of them."""
        found = set(identities)
        waiting = list(found)
        while waiting:
            for (shorter,) in self.rows("SELECT shorter FROM fuller WHERE identity = ?", waiting.pop()):
                if shorter not in found:
                    found.add(shorter)
                    waiting.append(shorter)
        return found

    def anchors(self, identity: str) -> list[str]:
        """All identities that lead to a thing, in their order."""
        return sorted(anchor for anchor in self.leading_to([identity]) if self.final(anchor) == identity)

    def thing(self, identity: str) -> Thing | None:
        """The thing of a final identity, as it was last written."""
        rows = self.rows("SELECT document, key, iri, description FROM thing WHERE identity = ?", identity)
        for document, key, iri, description in rows:
            return Thing(identity, (document, key), iri, _description(description))
        return None

    def iris(self, document: str) -> dict[str, str]:
        """Key → IRI of all things of a document (its IRI), the document itself left out."""
        found: dict[str, str] = {}
        for anchor, key in self.rows("SELECT anchor, key FROM member WHERE document = ?", document):
            for (iri,) in self.rows("SELECT iri FROM thing WHERE identity = ?", self.final(anchor)):
                found[key] = iri
        return found

    def documents_of(self, anchors: Iterable[str]) -> Iterator[str]:
        """The documents that speak of something by one of these identities; may repeat one."""
        for anchor in anchors:
            for (document,) in self.rows("SELECT DISTINCT document FROM member WHERE anchor = ?", anchor):
                yield document

    def made_of_members(self, identity: str) -> tuple[LocalKey, Description] | None:
        """First place and description of a thing, from its members; None when it has none."""
        facets: Counter[Facet] = Counter()
        firsts: list[LocalKey] = []
        for anchor in self.anchors(identity):
            query = "SELECT facet, COUNT(*) FROM member WHERE anchor = ? GROUP BY facet"
            for facet, count in self.rows(query, anchor):
                facets[_facet(facet)] += count
            query = "SELECT document, key FROM member WHERE anchor = ? ORDER BY document, key LIMIT 1"
            firsts += self.rows(query, anchor)
        return (min(firsts), described(facets)) if firsts else None

    def rows(self, query: str, *values: object) -> list[Any]:
        """All rows of a query, as tuples of texts and numbers."""
        return self.connection.execute(query, values).fetchall()


def made(connection: sqlite3.Connection) -> None:
    """Makes the empty tables of an index, in place of those there may be."""
    for table in TABLES:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in _TABLES.split(";")[:-1]:
        connection.execute(statement)


def filled(connection: sqlite3.Connection, views: Iterable[LocalView], minter: Minter) -> Clusters:
    """Makes the index anew from all documents, and gives the things in it."""
    views = tuple(views)
    found = clustered(views, minter)
    made(connection)
    fuller = Counter(pair for view in views for pair in view.fuller)
    connection.executemany(
        "INSERT INTO member VALUES (?, ?, ?, ?)",
        sorted(
            (found.anchors[view.document, key], view.document, key, _facet_text(facet_of(entity)))
            for view in views
            for key, entity in view.entities.items()
        ),
    )
    connection.executemany(
        "INSERT INTO fuller VALUES (?, ?, ?)", sorted((*pair, count) for pair, count in fuller.items())
    )
    connection.executemany("INSERT OR IGNORE INTO holder VALUES (?, ?, ?, ?, ?, ?)", _holder_rows(views))
    connection.executemany(
        "INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        sorted(
            _thing_row(Thing(cluster.identity, cluster.members[0], cluster.iri, cluster.description), minter)
            for cluster in found.clusters
        ),
    )
    return found


def replaced(before: Index, after: Index, removed: Iterable[LocalView], added: Iterable[LocalView]) -> Changes:
    """Takes documents out of the index `after` and puts others in; `before` reads the same index as it was.

    `after` is changed within its open transaction; `before` needs a connection of its own.
    """
    return _Replacement(before, after, tuple(removed), tuple(added)).changes()


class _Replacement:
    """One change of the index, step by step; the steps follow those of `clustered`."""

    def __init__(
        self, before: Index, after: Index, removed: tuple[LocalView, ...], added: tuple[LocalView, ...]
    ) -> None:
        self._before = before
        self._after = after
        self._removed = removed
        self._added = added
        self._given = {view.document for view in (*removed, *added)}
        self._touched: set[str] = set()  # final identities of things that have won or lost members
        self._documents: set[str] = set()

    def changes(self) -> Changes:
        """Does it all and tells what has changed."""
        holders_before = self._members_taken_out()
        moved = self._names_led_anew()
        self._members_put_in()
        self._offices_given_anew(moved, holders_before)
        things = tuple(self._described_anew())
        return Changes(frozenset(self._documents - self._given), things)

    def _members_taken_out(self) -> list[tuple[str, str]]:
        """Gives the (person, name) pairs of the offices with a body that were told."""
        pairs: list[tuple[str, str]] = []
        for view in self._removed:
            for (anchor,) in self._before.rows("SELECT DISTINCT anchor FROM member WHERE document = ?", view.document):
                self._touched.add(self._before.final(anchor))
            query = "SELECT person, name FROM holder WHERE document = ? AND bodied"
            pairs += ((person, name) for person, name in self._before.rows(query, view.document))
            self._after.rows("DELETE FROM member WHERE document = ?", view.document)
            self._after.rows("DELETE FROM holder WHERE document = ?", view.document)
        return pairs

    def _names_led_anew(self) -> dict[str, tuple[str, str]]:
        """Gives the identities that lead to another thing now, with the two final identities."""
        counts: Counter[tuple[str, str]] = Counter(pair for view in self._added for pair in view.fuller)
        counts.subtract(pair for view in self._removed for pair in view.fuller)
        for (shorter, fuller), count in counts.items():
            if count:
                self._after.rows(
                    "INSERT INTO fuller VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
                    shorter,
                    fuller,
                    count,
                )
                self._after.rows("DELETE FROM fuller WHERE shorter = ? AND identity = ? AND count = 0", shorter, fuller)
        names = {shorter for (shorter, _), count in counts.items() if count}
        led = {name for name in names if self._before.follows(name) != self._after.follows(name)}
        moved = {}
        for identity in self._after.leading_to(led):
            ends = self._before.final(identity), self._after.final(identity)
            if ends[0] != ends[1]:
                moved[identity] = ends
                self._touched.update(ends)
        self._documents.update(self._after.documents_of(moved))
        return moved

    def _members_put_in(self) -> None:
        for view in self._added:
            self._after.connection.executemany(
                "INSERT INTO member VALUES (?, ?, ?, ?)",
                (
                    (view.own[key], view.document, key, _facet_text(facet_of(entity)))
                    for key, entity in view.entities.items()
                ),
            )
            self._touched.update(map(self._after.final, set(view.own.values())))
        self._after.connection.executemany(
            "INSERT OR IGNORE INTO holder VALUES (?, ?, ?, ?, ?, ?)", _holder_rows(self._added)
        )

    def _offices_given_anew(self, moved: Mapping[str, tuple[str, str]], taken_out: Iterable[tuple[str, str]]) -> None:
        """Leads offices that are told without a body to the one that their holder has elsewhere, and back."""
        after = self._after
        told: set[tuple[str, str]] = set()  # person's final identity, name of the office
        for person, name in taken_out:
            told.update(((self._before.final(person), name), (after.final(person), name)))
        for view in self._added:
            for person_key, office_key in view.holders:
                name, bodied = office_name(view.own[office_key])
                if bodied:
                    told.add((after.final(view.own[person_key]), name))
        unsure: set[LocalKey] = set()
        for person, ends in moved.items():
            for (name,) in after.rows("SELECT DISTINCT name FROM holder WHERE person = ? AND bodied", person):
                told.update((end, name) for end in ends)
            unsure.update(after.rows("SELECT document, key FROM holder WHERE person = ? AND NOT bodied", person))
        for end, name in told:
            for person in after.anchors(end):
                query = "SELECT document, key FROM holder WHERE person = ? AND NOT bodied AND name = ?"
                unsure.update(after.rows(query, person, name))
        for view in self._added:
            unsure.update((view.document, key) for _, key in view.holders if not office_name(view.own[key])[1])
        for document, key in unsure:
            self._office_given(document, key)

    def _office_given(self, document: str, key: str) -> None:
        after = self._after
        holdings = after.rows("SELECT person, name, office FROM holder WHERE document = ? AND key = ?", document, key)
        elsewhere = {
            office
            for person, name, _ in holdings
            for anchor in after.anchors(after.final(person))
            for (office,) in after.rows(
                "SELECT DISTINCT office FROM holder WHERE person = ? AND bodied AND name = ?", anchor, name
            )
        }
        anchor = next(iter(elsewhere)) if len(elsewhere) == 1 else holdings[0][2]
        ((current,),) = after.rows("SELECT anchor FROM member WHERE document = ? AND key = ?", document, key)
        if current != anchor:
            after.rows(
                "UPDATE member SET anchor = ? WHERE document = ? AND key = ? AND anchor = ?",
                anchor,
                document,
                key,
                current,
            )
            self._touched.update((after.final(current), after.final(anchor)))
            self._documents.add(document)

    def _described_anew(self) -> Iterator[tuple[Entity | None, Entity | None]]:
        """Writes the touched things, gives IRIs within the classes of names they enter or leave; gives what differs."""
        after = self._after
        classes: set[str] = set()
        known = {identity: self._before.thing(identity) for identity in self._touched}
        for identity, old in known.items():
            made_of = after.made_of_members(identity)
            if made_of is None:
                if old is not None:
                    after.rows("DELETE FROM thing WHERE identity = ?", identity)
                    classes.add(name_class(old.description.label, after.minter))
                continue
            first, description = made_of
            if old is None or (first, description.label, description.rank) != (
                old.first,
                old.description.label,
                old.description.rank,
            ):
                classes.add(name_class(description.label, after.minter))
                if old is not None:
                    classes.add(name_class(old.description.label, after.minter))
            thing = Thing(identity, first, old.iri if old is not None else "", description)
            after.rows(
                "INSERT OR REPLACE INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", *_thing_row(thing, after.minter)
            )
        for name in sorted(classes):
            freed = [old.iri for old in known.values() if old is not None]
            for identity in NameClass(after.connection, after.minter, name, known, freed).told_apart():
                old = self._before.thing(identity)
                known[identity] = old
                if old is not None:
                    self._documents.update(after.documents_of(after.anchors(identity)))
        for identity, old in sorted(known.items()):
            new = after.thing(identity)
            pair = old.entity() if old else None, new.entity() if new else None
            if pair[0] != pair[1]:
                yield pair


def _holder_rows(views: Iterable[LocalView]) -> Iterator[tuple[str, str, str, str, str, bool]]:
    for view in views:
        for person, office in sorted(view.holders):
            name, bodied = office_name(view.own[office])
            yield view.document, office, view.own[person], view.own[office], name, bodied


def _thing_row(thing: Thing, minter: Minter) -> tuple[str, str, int, str, str, bool, str, bool, str]:
    description = thing.description
    text = json.dumps(description, ensure_ascii=False, separators=(",", ":"))
    label = description.label
    name = name_class(label, minter)
    later = thing.iri not in (name, "") and thing.iri != next(suffixed(label, thing.first, minter))
    return thing.identity, name, description.rank, *thing.first, may_be_bare(label), thing.iri, later, text


def _description(text: str) -> Description:
    kind, label, alt_labels, wikidata, rank, classes = json.loads(text)
    return Description(kind, label, tuple(alt_labels), wikidata, rank, tuple(classes))


def _facet_text(facet: Facet) -> str:
    return json.dumps(facet, ensure_ascii=False, separators=(",", ":"))


def _facet(text: str) -> Facet:
    kind, label, named, names, wikidata, classes = json.loads(text)
    return Facet(kind, label, named, tuple(names), wikidata, tuple(classes))
