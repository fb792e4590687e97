"""Extractions ↔ compressed JSON, so that a text is read once.

A value of `kg.model` is a list: the number of its class, then its fields in their order; number 0 is a tuple. The field
names that were current at writing are kept beside (`SCHEMA`), so that what was written before a field came can be read.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from operator import attrgetter
from typing import Any, get_args, get_type_hints

from kg.errors import StoreError
from kg.model import (
    Argument,
    Attribution,
    Document,
    Extraction,
    Literal,
    LocalEntity,
    Mention,
    RelationMention,
    Span,
)

_CLASSES: tuple[type, ...] = (
    Span,
    Document,
    Mention,
    Literal,
    LocalEntity,
    Attribution,
    Argument,
    RelationMention,
    Extraction,
)
_LEVEL = 1

Schema = Mapping[str, list[str]]
"""Name of a class → names of its fields, in their order."""

SCHEMA: Schema = {kind.__name__: [field.name for field in fields(kind)] for kind in _CLASSES}

_NUMBERS = {kind: number for number, kind in enumerate(_CLASSES, 1)}
_FIELDS: dict[type, Callable[[Any], tuple[Any, ...]]] = {
    kind: attrgetter(*(field.name for field in fields(kind))) for kind in _CLASSES
}


def encoded(extraction: Extraction) -> bytes:
    """An extraction as bytes for a `Decoder`; the same for equal extractions."""
    text = json.dumps(_plain(extraction), ensure_ascii=True, separators=(",", ":"))
    return zlib.compress(text.encode("ascii"), _LEVEL)


class Decoder:
    """Reads what `encoded` wrote under a schema. Raises `StoreError` for a schema that has lost a needed field."""

    def __init__(self, schema: Schema = SCHEMA) -> None:
        kinds = {kind.__name__: kind for kind in _CLASSES}
        try:
            self._readers = [_reader(kinds[name], names) for name, names in schema.items()]
        except KeyError as error:
            raise StoreError(f"kept extractions have {error.args[0]}, unknown to this version; build anew") from error

    def extraction(self, content: bytes) -> Extraction:
        """The extraction. Raises `StoreError` when the bytes are none."""
        try:
            found = self._value(json.loads(zlib.decompress(content)))
        except (ValueError, TypeError, IndexError, zlib.error) as error:
            raise StoreError(f"a kept extraction is damaged ({error}); build anew") from error
        if not isinstance(found, Extraction):
            raise StoreError("a kept extraction is damaged; build anew")
        return found

    def _value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        number = value[0]
        items = [self._value(item) if isinstance(item, list) else item for item in value[1:]]
        return self._readers[number - 1](items) if number else tuple(items)


def _plain(value: Any) -> Any:
    number = _NUMBERS.get(type(value))
    if number is not None:
        return [number, *map(_plain, _FIELDS[type(value)](value))]
    if isinstance(value, tuple):
        return [0, *map(_plain, value)]
    return value


def _reader(kind: type, names: list[str]) -> Callable[[list[Any]], Any]:
    """Makes a value of a class from its fields in the order of `names`; an enumeration is made from its text."""
    known = {field.name: field for field in fields(kind)} if is_dataclass(kind) else {}
    needed = {name for name, field in known.items() if field.default is MISSING}
    if lost := needed.difference(names):
        raise StoreError(f"kept extractions have no {kind.__name__}.{min(lost)}; build anew")
    if unknown := [name for name in names if name not in known]:
        raise KeyError(f"{kind.__name__}.{unknown[0]}")
    hints = get_type_hints(kind)
    enums = [(position, enum) for position, name in enumerate(names) if (enum := _enum(hints[name])) is not None]
    # The slots are filled directly: the constructor of a frozen class takes several times as long.
    setters = [kind.__dict__[name].__set__ for name in names]
    missing = [(kind.__dict__[name].__set__, field.default) for name, field in known.items() if name not in names]

    def read(values: list[Any]) -> Any:
        for position, enum in enums:
            if values[position] is not None:
                values[position] = enum(values[position])
        new: object = object.__new__(kind)
        for fill, value in zip(setters, values, strict=True):
            fill(new, value)
        for fill, value in missing:
            fill(new, value)
        return new

    return read


def _enum(hint: Any) -> type[StrEnum] | None:
    for candidate in (hint, *get_args(hint)):
        if isinstance(candidate, type) and issubclass(candidate, StrEnum):
            return candidate
    return None
