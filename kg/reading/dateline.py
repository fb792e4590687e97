"""One line of text → its dateline: 'OSLO, March 11, 2025 – ', 'WASHINGTON (AP) —', 'NAIROBI, Kenya —'.

A dateline is a place, optional regions, an optional day and an optional agency, joined to the story by a dash; or a
place and a day on a line of their own. A capitalised place is believed on its word; one in small letters only beside a
day or a known agency.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kg.model import Span
from kg.reading.dates import WrittenDay, last_day, weekdays
from kg.reading.words import layout_words

_MAX_HEAD_CHARACTERS = 120
_MAX_OWN_LINE_CHARACTERS = 80
_DASH = re.compile(r"\s*[–—―]+(?=\s|$|[\"“'‘A-Z])|\s+-{1,3}(?=\s|$)|\s*--(?!-)")
_IGNORED_AT_START = re.compile(r"[\s*_\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]*")
_NOTE = re.compile(r"[(\[]\s*([^()\[\]]{1,40}?)\s*[)\]]$|/\s*([^/]{1,30}?)\s*/$")
_LETTER = r"[^\W\d_]"
_PLACE = re.compile(rf"{_LETTER}[\w.'’\-/ ]*\Z")
_REGION = re.compile(rf"{_LETTER}[\w.'’\- ]*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """Where a story was filed, and when. `span` runs from the place to the dash, blanks after it excluded."""

    span: Span
    place: Span | None
    day: WrittenDay | None


@dataclass(slots=True)
class _Head:
    """What stands before the dash, cut from the right as its parts are understood."""

    text: str
    begin: int
    end: int
    day: WrittenDay | None = None
    agency: bool = False
    dated: bool = False  # a day or a weekday was seen

    @property
    def rest(self) -> str:
        return self.text[self.begin : self.end]

    def trim(self) -> None:
        self.end = self.begin + len(self.rest.rstrip(" \t*_,;|\u00a0"))


def find_dateline(text: str, begin: int, end: int) -> Dateline | None:
    """The dateline with which the line `text[begin:end]` begins, or None; offsets are those of `text`."""
    start = _IGNORED_AT_START.match(text, begin, end)
    first = start.end() if start else begin
    label = _release_label().match(text, first, end)
    first = label.end() if label else first
    dash = _DASH.search(text, first, min(end, first + _MAX_HEAD_CHARACTERS))
    if dash is not None and text[dash.end() : end].strip():
        found = _understand(text, first, dash.start(), after=text[dash.end() : end].lstrip(" \t*_")[:1])
        return Dateline(span=Span(first, dash.end()), place=found[0], day=found[1]) if found else None
    stop = first + len(text[first:end].rstrip(" \t*_.–—-"))
    if stop - first <= _MAX_OWN_LINE_CHARACTERS:
        place, day = _understand(text, first, stop, after="") or (None, None)
        if place and day and "," in text[place.end : day.span.begin]:
            return Dateline(span=Span(first, stop), place=place, day=day)
    return None


def _understand(text: str, begin: int, end: int, *, after: str) -> tuple[Span | None, WrittenDay | None] | None:
    """The place and the day of a dateline's head; None when it is none. `after` is the story's first character."""
    head = _Head(text, begin, end)
    head.trim()
    if not _cut_notes_and_days(head):
        return None
    if not head.rest:
        return (None, head.day) if head.day or head.agency else None
    city, *regions = head.rest.split(",")
    place = _place_words(city)
    if place is None or len(regions) > 2 or not all(_is_region(region.strip()) for region in regions):
        return None
    strong = head.dated or head.agency
    limit = 6 if strong or regions else 3
    if len(place.split()) > limit or _is_label(place):
        return None
    if not (_is_capitals(place) or (strong and _is_capitalised(place))):
        return None
    if not strong and not regions and (place in layout_words()["acronyms"] or after.islower()):
        return None
    at = begin + city.index(place)
    first_of_several = place.split("/")[0]
    return Span(at, at + len(first_of_several)), head.day


def _cut_notes_and_days(head: _Head) -> bool:
    """Cuts agencies in brackets, days and weekdays off the end; False when brackets hold something else."""
    while True:
        before = head.end
        note = _NOTE.search(head.rest)
        if note is not None:
            inside = note.group(1) or note.group(2)
            if note.start() == 0 and not _is_agency(inside) and last_day(inside, 0, len(inside)) is None:
                head.begin += note.start(1) if note.group(1) else note.start(2)
                head.end = head.begin + len(inside)
                return note.group(1) is not None
            if not _read_note(head, note, inside):
                return False
            head.end = head.begin + note.start()
        elif head.day is None and (day := last_day(head.text, head.begin, head.end)) is not None:
            head.day, head.dated, head.end = day, True, day.span.begin
        elif (
            not head.dated
            and (weekday := re.search(rf"(?<=[,;])\s*{weekdays().pattern}$", head.rest, re.I)) is not None
        ):
            head.dated, head.end = True, head.begin + weekday.start()
        head.trim()
        if head.end == before or head.end <= head.begin:
            return True


def _read_note(head: _Head, note: re.Match[str], inside: str) -> bool:
    at = head.begin + (note.start(1) if note.group(1) else note.start(2))
    day = last_day(head.text, at, at + len(inside))
    if day is not None and day.span.begin == at:
        head.day, head.dated = head.day or day, True
    elif weekdays().fullmatch(inside):
        head.dated = True
    elif _is_agency(inside):
        head.agency = True
    else:
        return False
    return True


def _is_agency(words: str) -> bool:
    known = layout_words()["agencies"]
    return (
        words in known
        or any(words.startswith(f"{name} ") for name in known)
        or bool(re.fullmatch(r"[A-Z]{2,8}", words))
    )


def _place_words(city: str) -> str | None:
    place = city.strip(" \t*_")
    if place.endswith(".") and not re.search(r"\b\w\.$|\w\.\w\.$", place):
        place = place[:-1]
    return place if len(place) >= 3 and _PLACE.match(place) else None


def _is_region(region: str) -> bool:
    return bool(_REGION.match(region)) and len(region.split()) <= 4 and region[0].isupper()


@cache
def _release_label() -> re.Pattern[str]:
    """A label of several words before a dateline on its line ('FOR IMMEDIATE RELEASE NAIROBI, 29 August – ')."""
    labels = sorted((label.upper() for label in layout_words()["labels"] if " " in label), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, labels))})\b[\s:–—-]+(?=\w)")


def _is_label(place: str) -> bool:
    words = place.lower().replace("’", "'")
    return words in layout_words()["labels"] or words in layout_words()["published"]


def _is_capitals(place: str) -> bool:
    cased = [c for c in place if c.isupper() or c.islower()]
    return sum(map(str.isupper, cased)) >= 0.7 * max(len(cased), 1)


def _is_capitalised(place: str) -> bool:
    particles = layout_words()["place_particles"]
    words = re.split(r"[\s/-]+", place)
    return all(word[:1].isupper() or word in particles for word in words if word) and place[0].isupper()
