"""Gold files → `GoldDocument`: what a careful reader would want in the graph.

One JSON file a document::

    {"doc": id, "title": str | null, "date": "YYYY-MM-DD" | null,
     "entities": [{"id", "names": [...], "type": [...], "wikidata": "Q…" | null}],
     "facts": [{"id", "s": entity, "p": [property, …], "o": entity | {"literal", "also": [...]},
                "status", "by": entity | null, "modality", "polarity", "core": bool, "evidence": str}],
     "must_not": [{"s", "p": [...], "o", "why"}]}

Optional keys of a fact: `inv` (properties accepted from o to s), `sAlso`, `oAlso` (further entities accepted), `alt`
(further settings of status, by, modality, polarity), `time` (what `kg:time` should say). The entity `@doc` is the
document.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import GoldError
from kg.evaluation.wording import name_key, singular, unranked
from kg.model import Modality, Polarity, Status

DOCUMENT_ENTITY = "@doc"
"""Entity id that stands for the document itself, such as the object of a by-line."""

_EITHER_NUMBER = frozenset({"Topic", "Group", "Role", "Event", "Product", "Law"})  # last word singular or plural
_COMMON = frozenset({"Topic", "Group", "Role"})
_PLAIN = (Status.ASSERTED, Modality.ACTUAL, Polarity.POSITIVE)


@dataclass(frozen=True, slots=True)
class GoldEntity:
    """One thing of a document and every name by which a graph may rightly call it; `types` are local names."""

    id: str
    names: tuple[str, ...]
    types: tuple[str, ...]
    wikidata: str | None

    @property
    def named(self) -> bool:
        """Whether it can have a proper name: more than a topic, role or group."""
        return not set(self.types) <= _COMMON

    def name_keys(self) -> set[str]:
        """Normalised names."""
        keys = {name_key(name) for name in self.names}
        if "Person" in self.types:
            keys |= {unranked(key) for key in keys}
        if set(self.types) & _EITHER_NUMBER:
            keys |= {singular(key) for key in keys}
        return keys - {""}


@dataclass(frozen=True, slots=True)
class GoldLiteral:
    """A literal object: the best wording first, then all others that are right."""

    accepted: tuple[str, ...]


GoldTerm = str | GoldLiteral
"""An entity's id, or a literal."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One right way to vouch for a fact; `by` is the id of the entity that claims it."""

    status: str
    by: str | None
    modality: str
    polarity: str

    @property
    def plain(self) -> bool:
        """Whether it belongs into the graph as a plain triple."""
        return (self.status, self.modality, self.polarity) == _PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldFact:
    """One relation, with all wordings of it that are right; the first of each tuple is the best."""

    id: str
    subjects: tuple[str, ...]
    properties: tuple[str, ...]
    objects: tuple[GoldTerm, ...]
    inverse: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()
    core: bool = False
    evidence: str = ""
    time: str | None = None

    @property
    def setting(self) -> Setting:
        """The best setting."""
        return self.settings[0]

    @property
    def may_be_plain(self) -> bool:
        """Whether a plain triple of it is right."""
        return any(setting.plain for setting in self.settings)

    @property
    def kind(self) -> str:
        """`plain`, `negative`, `claimed` or `non-actual`."""
        if self.setting.plain:
            return "plain"
        if self.setting.polarity == Polarity.NEGATIVE:
            return "negative"
        return "claimed" if self.setting.status == Status.CLAIMED else "non-actual"


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A plain triple that would be wrong."""

    pattern: GoldFact
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDocument:
    """The gold of one document; `text` is None where the text is not at hand."""

    id: str
    entities: tuple[GoldEntity, ...]
    facts: tuple[GoldFact, ...]
    must_not: tuple[Forbidden, ...]
    text: str | None = None

    def entity_names(self) -> dict[str, str]:
        """Entity id → its first name."""
        return {entity.id: entity.names[0] for entity in self.entities}


def read_gold(
    folder: Path, texts: Path | None = None, documents: Collection[str] | None = None
) -> Iterator[GoldDocument]:
    """The gold documents of a folder in the order of their file names, those of `documents` only when given.

    `texts` holds `ID.txt`; by default the folder `texts` beside the gold. JSON files without facts are passed over.
    Raises `GoldError` when there is nothing to read or a file does not follow the format.
    """
    if not folder.is_dir():
        raise GoldError(f"{folder}: no such folder; give the folder that holds the gold *.json files")
    texts = texts if texts is not None else folder.parent / "texts"
    found = False
    for path in sorted(folder.glob("*.json")):
        raw = _load(path)
        if "facts" not in raw or (documents is not None and raw.get("doc") not in documents):
            continue
        found = True
        yield _document(raw, path, texts)
    if not found:
        wanted = f" for {', '.join(sorted(documents))}" if documents else ""
        raise GoldError(f"{folder}: no gold{wanted}; expected JSON files with the key 'facts'")


def _load(path: Path) -> dict[str, Any]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise GoldError(f"{path}: not readable as JSON ({error}); mend or remove the file") from error
    if not isinstance(raw, dict):
        raise GoldError(f"{path}: holds a {type(raw).__name__}; expected one JSON object")
    return raw


def _document(raw: dict[str, Any], path: Path, texts: Path) -> GoldDocument:
    try:
        text_path = texts / f"{raw['doc']}.txt"
        document = GoldDocument(
            id=raw["doc"],
            entities=tuple(
                GoldEntity(e["id"], tuple(e["names"]), tuple(e["type"]), e.get("wikidata")) for e in raw["entities"]
            ),
            facts=tuple(_fact(fact) for fact in raw["facts"]),
            must_not=tuple(Forbidden(_pattern(item), item.get("why", "")) for item in raw.get("must_not", ())),
            text=text_path.read_bytes().decode("utf-8") if text_path.exists() else None,
        )
    except KeyError as error:
        raise GoldError(f"{path}: key {error} is missing") from error
    except (TypeError, AttributeError) as error:
        raise GoldError(f"{path}: a value is of the wrong kind ({error})") from error
    known = {entity.id for entity in document.entities}
    if unnamed := [entity.id for entity in document.entities if not entity.names]:
        raise GoldError(f"{path}: entity {unnamed[0]} has no name; give at least one")
    for fact in (*document.facts, *(item.pattern for item in document.must_not)):
        used = [
            *fact.subjects,
            *(o for o in fact.objects if isinstance(o, str)),
            *(s.by for s in fact.settings if s.by),
        ]
        if unknown := [entity for entity in used if entity not in known]:
            raise GoldError(f"{path}: {fact.id or 'must_not'} names entity {unknown[0]}, which is not declared")
        if not fact.properties:
            raise GoldError(f"{path}: {fact.id or 'must_not'} has no property; give at least one")
    return document


def _fact(raw: dict[str, Any]) -> GoldFact:
    base = {key: raw[key] for key in ("status", "by", "modality", "polarity")}
    settings = [base, *({**base, **other} for other in raw.get("alt", ()))]
    return GoldFact(
        id=raw["id"],
        subjects=(raw["s"], *raw.get("sAlso", ())),
        properties=tuple(raw["p"]),
        objects=(_term(raw["o"]), *raw.get("oAlso", ())),
        inverse=tuple(raw.get("inv", ())),
        settings=tuple(Setting(s["status"], s["by"], s["modality"], s["polarity"]) for s in settings),
        core=raw["core"],
        evidence=raw["evidence"],
        time=raw.get("time"),
    )


def _pattern(raw: dict[str, Any]) -> GoldFact:
    return GoldFact(id="", subjects=(raw["s"],), properties=tuple(raw["p"]), objects=(_term(raw["o"]),))


def _term(raw: Any) -> GoldTerm:
    return GoldLiteral((raw["literal"], *raw.get("also", ()))) if isinstance(raw, dict) else raw
