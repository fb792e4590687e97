"""The network's name types → the project's types, with the table of countries."""

from __future__ import annotations

from collections.abc import Sequence

_TYPES = {
    "PER": "Person",
    "ORG": "Organization",
    "LOC": "Place",
    "FAC": "Facility",
    "NORP": "Group",
    "EVENT": "Event",
    "MISC": "Misc",
    "DATE": "Date",
    "MONEY": "Money",
    "NUM": "Number",
}


def entity_type(kind: str, words: Sequence[str]) -> str | None:
    """The project's type of a name that the network tagged `kind`; None for what is no name."""
    return _TYPES.get(kind)
