"""The properties this project knows by name: our own and common ones of public vocabularies, each with all its names.

`ontologies/core.ttl` tells domains, ranges and counterparts, `ontologies/property-names-en.ttl` what they are called.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from kg.extraction.analysis import SUPERTYPES
from kg.extraction.declarations import Declared, canonical, local_part, read_declarations
from kg.extraction.lexical_entries import SYNSEM
from kg.extraction.wordings import Wording, wordings
from kg.ontology_files import ontology_path, parse_file
from kg.vocabulary import CLASSES, ONTOLOGY_IRI, OWL, RELATIONS, XSD

VALUES = {
    **dict.fromkeys(("date", "gYear", "gYearMonth", "dateTime"), "DATE"),
    **dict.fromkeys(("integer", "int", "long", "nonNegativeInteger", "positiveInteger"), "NUMBER"),
    **dict.fromkeys(("decimal", "double", "float"), "NUMBER"),
    **dict.fromkeys(("string", "Literal", "langString"), "TEXT"),
}
"""Local names of datatypes → what values stand there."""


@dataclass(slots=True)
class KnownProperty:
    """A property with its names in both directions; `domain` and `range` are core classes, empty for any.

    `literal` tells what its objects are where they are values. `core` is its local name where it is one of ours.
    """

    iri: str
    core: str | None
    domain: frozenset[str]
    range: frozenset[str]
    literal: str
    names: list[str] = field(default_factory=list)
    inverse_names: list[str] = field(default_factory=list)
    of_class: list[str] = field(default_factory=list)  # slots of the object with a noun of the domain ('a 1998 film')

    def wordings(self, *, inverse: bool = False) -> list[Wording]:
        """All wordings, from subject to object; with `inverse`, from object to subject."""
        same = [w for name in self.names for w in wordings(name, literal=self.literal)]
        if not self.literal:
            same += [w.inverted() for name in self.inverse_names for w in wordings(name)]
        return [w.inverted() for w in same] if inverse else same


@dataclass(slots=True)
class KnownProperties:
    """All known properties, and the two ways to find them: by IRI and by wording."""

    by_iri: dict[str, list[tuple[KnownProperty, bool]]] = field(default_factory=dict)  # IRI → property, inverse
    by_key: dict[tuple[str, str, frozenset[str]], list[tuple[KnownProperty, Wording]]] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)  # IRI of a class of any vocabulary → core class


def supertypes(names: frozenset[str]) -> frozenset[str]:
    """The classes with their superclasses."""
    return names.union(*(SUPERTYPES.get(name, ()) for name in names))


@cache
def known_properties() -> KnownProperties:
    """Read once a process, and only where an ontology is given."""
    core = parse_file(ontology_path("core.ttl"))
    names = parse_file(ontology_path("property-names-en.ttl"))
    declared = read_declarations([*core, *names])
    result = KnownProperties()
    for iri, item in declared.classes.items():
        if iri.startswith(ONTOLOGY_IRI):
            for same in (iri, *item.same):
                result.classes.setdefault(canonical(same), local_part(iri))
    found: dict[str, KnownProperty] = {}
    for iri, item in declared.properties.items():
        name = iri.removeprefix(ONTOLOGY_IRI)
        named = bool(item.names) and not iri.startswith("_:")
        if named and (name in RELATIONS or name == iri):
            found[iri] = _known(item, name if name != iri else None)
            for same in (iri, *item.same):
                result.by_iri.setdefault(canonical(same), []).append((found[iri], False))
            if name != iri:
                for parent in item.parents:
                    if not parent.startswith(ONTOLOGY_IRI):
                        result.by_iri.setdefault(canonical(parent), []).append((found[iri], False))
    for item in declared.properties.values():
        for iri in item.inverse:
            if item.iri.startswith("_:") and iri in found:
                found[iri].inverse_names += item.names
                for same in item.same:
                    result.by_iri.setdefault(canonical(same), []).append((found[iri], True))
    for quad in core:
        if quad.predicate.value == OWL.iri + "inverseOf" and quad.subject.value in found:  # type: ignore[union-attr]
            other = canonical(quad.object.value)  # type: ignore[union-attr]
            result.by_iri.setdefault(other, []).append((found[quad.subject.value], True))  # type: ignore[union-attr]
    for quad in names:
        if quad.predicate.value == SYNSEM + "objOfProp" and quad.subject.value in found:  # type: ignore[union-attr]
            found[quad.subject.value].of_class.append(local_part(quad.object.value))  # type: ignore[union-attr]
    for known in found.values():
        for wording in known.wordings():
            result.by_key.setdefault(wording.key, []).append((known, wording))
    return result


def _known(item: Declared, core: str | None) -> KnownProperty:
    ranges = [iri for iri in item.range if iri.startswith(XSD.iri)]
    literal = next((VALUES[local_part(iri)] for iri in ranges if local_part(iri) in VALUES), "")
    names = [name for name in item.names if core is not None or name != local_part(item.iri) or len(item.names) == 1]
    return KnownProperty(item.iri, core, _classes(item.domain), _classes(item.range), literal, names)


def _classes(iris: list[str]) -> frozenset[str]:
    return frozenset(name for iri in iris if (name := iri.removeprefix(ONTOLOGY_IRI)) in CLASSES)
