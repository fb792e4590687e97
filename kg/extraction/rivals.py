"""Relations that contend for one place: what a rule has read stands, of learned readings the surest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.model import Mention, RelationMention

FAMILY = {"kg:heldRole": "kg:holdsRole", "kg:locatedIn": "kg:partOf", "kg:headquarteredIn": "kg:partOf",
          "kg:attends": "kg:participatesIn"}  # fmt: skip
"""Properties that tell the same thing in two shades contend as one."""
ONE_SUBJECT = frozenset({"kg:holdsRole"})
ONE_OBJECT = frozenset({"kg:roleIn", "kg:bornIn", "kg:bornOn", "kg:diedIn", "kg:diedOn", "kg:age", "kg:represents"})
KIN = frozenset({"kg:spouse", "kg:parentOf", "kg:siblingOf", "kg:relativeOf"})
"""Two people are one of these to each other in a sentence."""
VAGUE = frozenset({"kg:affects"})
"""What anything does that does something more exactly told."""
HOSTING = frozenset({"kg:hosts", "kg:welcomes"})
"""Whoever does this does not visit."""


def unrivalled(found: Iterable[RelationMention], ruled: Iterable[RelationMention]) -> Iterator[RelationMention]:
    """Learned relations that do not contend with a rule's reading of the same sentence, nor with a surer learned one.

    An office in a sentence has one holder and one body, an event one day ...: where a rule has filled that place with
    something else, it stands. A symmetric relation is told once, and no other is told both ways.
    """
    holders, fillers, pairs, kin, hosts, told = set(), set(), set(), set(), set(), set()
    for relation in ruled:
        property = FAMILY.get(relation.predicate, relation.predicate)
        subject, object = relation.subject.entity, target_of(relation)
        pairs.add((relation.sentence, property, subject, object))
        told.add((relation.sentence, subject, object))
        holders.add((relation.sentence, property, object))
        fillers.add((relation.sentence, property, subject))
        if property in KIN:
            kin.add((relation.sentence, frozenset((subject, object))))
        if property in HOSTING:
            hosts.add((relation.sentence, subject))
    for relation in sorted(found, key=lambda relation: -relation.confidence):
        property = FAMILY.get(relation.predicate, relation.predicate)
        subject, object = relation.subject.entity, target_of(relation)
        two = (relation.sentence, frozenset((subject, object)))
        if (
            (relation.sentence, property, subject, object) in pairs
            or (relation.sentence, property, object, subject) in pairs
            or (property in ONE_SUBJECT and (relation.sentence, property, object) in holders)
            or (property in ONE_OBJECT and (relation.sentence, property, subject) in fillers)
            or (property in KIN and two in kin)
            or (property in VAGUE and (relation.sentence, subject, object) in told)
            or (property == "kg:visits" and (relation.sentence, subject) in hosts)
        ):
            continue
        pairs.add((relation.sentence, property, subject, object))
        if property in KIN:
            kin.add(two)
        yield relation


def target_of(relation: RelationMention) -> str:
    """Key of a relation's object, or its value."""
    return relation.object.entity if isinstance(relation.object, Mention) else relation.object.value
