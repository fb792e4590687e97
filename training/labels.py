"""Names of all classes the network tells apart, in the order of their scores, and how corpora map onto them.

A corpus with a coarser scheme gives *sets* of allowed classes: the loss is the negative log of their summed
probability, so what a corpus does not annotate is never taught as absent.
"""

from __future__ import annotations

from kg.vocabulary import RELATIONS, SYMMETRIC

NER_TYPES = [
    "Person",
    "Organization",
    "GovernmentOrganization",
    "Country",
    "City",
    "Region",
    "Place",
    "Facility",
    "Event",
    "Law",
    "Product",
    "Group",
    "Demonym",
    "Date",
    "Money",
    "Number",
]
NER_TAGS = ["O", *(f"{edge}-{name}" for name in NER_TYPES for edge in "BI")]

ENTITY_TYPES = [
    "Person",
    "Organization",
    "GovernmentOrganization",
    "Country",
    "City",
    "Region",
    "Place",
    "Facility",
    "Event",
    "Law",
    "Product",
    "Group",
    "Role",
    "Topic",
]
VALUE_TYPES = ["Date", "Money", "Number"]
MENTION_TYPES = [*ENTITY_TYPES, *VALUE_TYPES]
KINDS = ["name", "nominal", "pronoun"]

SCHEMES = ["kg", "gum", "litbank"]
"""Whose idea of a mention: `kg` names alone and nominals without relative clause, `gum` whole noun phrases."""
SPAN_CHANNELS = ["kg", "gum"]

OPEN = "OPEN"
PROPERTIES = [*(name for name in RELATIONS if name != "says"), OPEN]
MODALITIES = ["Actual", "Planned", "Desired", "Obliged", "Possible", "Hypothetical"]
STATUSES = ["Asserted", "Claimed"]
POLARITIES = ["Positive", "Negative"]
POINTERS = ["source", "time", "place"]
OPTIONAL_WHEN_INFERRED = frozenset({"represents", "leads", "memberOf", "worksFor"})
SYMMETRIC_PROPERTIES = frozenset(SYMMETRIC)

_LOCATION = "Country City Region Place Facility"
_MISC = "Event Law Product Group Demonym"
_VALUES = "Date Money Number"

NER_MAPS: dict[str, dict[str, str]] = {
    "uner_ewt": {"PER": "Person", "ORG": "Organization GovernmentOrganization", "LOC": _LOCATION},
    "wikigold": {
        "PER": "Person",
        "ORG": "Organization GovernmentOrganization",
        "LOC": _LOCATION,
        "MISC": _MISC,
    },
    "redocred": {
        "PER": "Person",
        "ORG": "Organization GovernmentOrganization Group",
        "LOC": _LOCATION,
        "MISC": _MISC,
        "TIME": "Date",
        "NUM": "Number Money",
    },
    "wnut17": {
        "person": "Person",
        "location": _LOCATION,
        "group": "Organization GovernmentOrganization Group",
        "corporation": "Organization",
        "product": "Product",
        "creative-work": "Product",
    },
    "grobid_ner": {
        "PERSON": "Person",
        "LOCATION": _LOCATION,
        "INSTITUTION": "Organization GovernmentOrganization",
        "ORGANISATION": "Organization GovernmentOrganization Group",
        "BUSINESS": "Organization",
        "EVENT": "Event",
        "NATIONAL": "Demonym",
        "LEGAL": "Law",
        "INSTALLATION": "Facility",
        "CREATION": "Product",
        "ARTIFACT": "Product",
        "MEDIA": "Organization Product",
        "WEBSITE": "Organization Product",
        "PERIOD": "Date Event",
        "MEASURE": _VALUES,
        "TITLE": "O",
        "CONCEPT": "O",
        "PERSON_TYPE": "O Demonym Group",
    },
    "crossner": {
        **dict.fromkeys(["person", "politician", "writer", "musicalartist", "scientist", "researcher"], "Person"),
        "organisation": "Organization GovernmentOrganization Group",
        "politicalparty": "Organization",
        "university": "Organization",
        "band": "Organization Group",
        "country": "Country",
        "location": _LOCATION,
        **dict.fromkeys(["election", "event", "conference"], "Event"),
        **dict.fromkeys(["book", "album", "song", "poem", "product", "magazine", "academicjournal"], "Product"),
    },
}
"""Corpus → its label → our types that it may stand for; `O` for none. Labels left out: any tag at all."""

NER_OUTSIDE: dict[str, str] = {
    "uner_ewt": f"O {_MISC} {_VALUES}",
    "wikigold": f"O {_VALUES}",
    "redocred": "O Number Money",
    "wnut17": f"O Demonym Event Law {_VALUES}",
    "grobid_ner": "O",
    "crossner": f"O Demonym {_VALUES}",
}
"""Corpus → what a word that it leaves unlabelled may be."""

GUM_TYPES: dict[str, str] = {
    "person": "Person Group Role",
    "organization": "Organization GovernmentOrganization Group",
    "place": "Country City Region Place Facility",
    "event": "Event",
    "time": "Date",
    "object": "Product Facility Topic Law",
    "abstract": "Topic Law Event Role Number Money Product",
    "substance": "Topic Product",
    "animal": "Topic Group",
    "plant": "Topic",
}
LITBANK_TYPES: dict[str, str] = {
    "PER": "Person Group Role",
    "ORG": "Organization GovernmentOrganization Group",
    "GPE": "Country City Region",
    "LOC": "Place Region",
    "FAC": "Facility",
    "VEH": "Product",
}


def tags_of(types: str, edge: str) -> tuple[str, ...]:
    """Tags that a word at `edge` (`B`, `I`, or `BI` for either) of a span of one of `types` may have."""
    return tuple(name if name == "O" else f"{letter}-{name}" for name in types.split() for letter in edge)


def lemma_script(word: str, lemma: str) -> str:
    """`cut|ending|case`: what turns a word into its lemma.

    >>> lemma_script("Ministries", "ministry")
    '3|y|L'
    """
    lower_word, lower_lemma = word.lower(), lemma.lower()
    shared = 0
    while shared < min(len(lower_word), len(lower_lemma)) and lower_word[shared] == lower_lemma[shared]:
        shared += 1
    case = "U" if lemma[:1].isupper() else "L"
    return f"{len(lower_word) - shared}|{lower_lemma[shared:]}|{case}"
