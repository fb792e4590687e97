"""Titles, datelines and days at the head of a story."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ReadError
from kg.model import Span
from kg.reading.dates import first_day, iso_day
from kg.reading.layout import Layout, recognise

STORY = (
    "The minister said on Tuesday that the two sides would meet again before the end of the year, in Geneva or Lima."
)


def words(text: str, span: Span | None) -> str | None:
    return None if span is None else text[span.begin : span.end]


@pytest.mark.parametrize(
    ("head", "place", "date"),
    [
        ("OSLO, March 11, 2025 – ", "OSLO", "2025-03-11"),
        ("THE HAGUE, 8 November 2022 – ", "THE HAGUE", "2022-11-08"),
        ("WASHINGTON (AP) — ", "WASHINGTON", None),
        ("NAIROBI, Kenya — ", "NAIROBI", None),
        ("LIMA, Peru, May 5 (Reuters) - ", "LIMA", "2024-05-05"),
        ("Washington, D.C., May 5, 2025 — ", "Washington", "2025-05-05"),
        ("Rio de Janeiro, 1st of June 2019 – ", "Rio de Janeiro", "2019-06-01"),
        ("WILMINGTON, Del. (March 10) – ", "WILMINGTON", "2024-03-10"),
        ("GENEVA, 3 December (UNHCR) – ", "GENEVA", "2023-12-03"),
        ("GENEVA/BUKAVU, Congo — ", "GENEVA", None),
        ("PARIS, May 5, 2025 /PRNewswire/ -- ", "PARIS", "2025-05-05"),
        ("KABUL , Afghanistan ( AP ) -- ", "KABUL", None),
        ("MOSCOW. May 5 (Interfax) - ", "MOSCOW", "2024-05-05"),
        ("WASHINGTON, Tuesday, March 12 — ", "WASHINGTON", "2024-03-12"),
        ("FOR IMMEDIATE RELEASE NAIROBI, 29 August 2018 – ", "NAIROBI", "2018-08-29"),
        ("ABUJA (Wednesday) — ", "ABUJA", None),
        ("ST. LOUIS — ", "ST. LOUIS", None),
        ("NUKU'ALOFA, Tonga — ", "NUKU'ALOFA", None),
        ("(Reuters) - ", None, None),
        ("May 5, 2025 – ", None, "2025-05-05"),
    ],
)
def test_datelines(head: str, place: str | None, date: str | None) -> None:
    text = f"Talks end early\n\n{head}{STORY}\n"
    layout = recognise(text, likely_date="2024-01-20")
    assert layout.title == words(text, layout.title_span) == "Talks end early"
    begun = head.removeprefix("FOR IMMEDIATE RELEASE ").rstrip()
    assert words(text, layout.dateline_span) == begun
    assert words(text, layout.dateline_place_span) == place
    assert layout.date == (date or "2024-01-20")


@pytest.mark.parametrize(
    "head",
    [
        "NATO — the alliance of 32 states — ",
        "PRESS RELEASE — ",
        "Kabul — ",
        "China, the country's ally, — ",
        "MINISTRY OF TRANSPORT AND COMMUNICATIONS — ",
        "OSLO (population 700,000) — ",
        "- ",
        "By JANE DOE, May 5 — ",
        "Nodar Abashvili (12 March 1904 – 3 November 1981), a writer, – ",
    ],
)
def test_what_only_looks_like_a_dateline(head: str) -> None:
    assert recognise(head + STORY).dateline_span is None


@pytest.mark.parametrize(
    ("text", "title", "date"),
    [
        (f"Talks end\n\nBy Jane Doe\n\n5 February 2020\n\n{STORY}", "Talks end", "2020-02-05"),
        (f"Talks end\nSaturday, September 12, 2015\n{STORY}", "Talks end", "2015-09-12"),
        (f"Talks end\r\n\r\nPublished: 5 May 2025 at 10:30\r\n\r\n{STORY}", "Talks end", "2025-05-05"),
        (f"May 5, 2025 | By Jane Doe, Our News |\n\n{STORY}", None, "2025-05-05"),
        (f"By Jane Doe | May 5, 2025\n\n{STORY}", None, "2025-05-05"),
        (f"PRESS RELEASE\n\nTalks end\n\nLondon, 8 November 2022\n\n{STORY}", "Talks end", "2022-11-08"),
        (f"Talks end in\u00a0Lima\n{STORY} {STORY}", "Talks end in\u00a0Lima", None),
        (f"Who speaks for the U.S.\n\n{STORY}", "Who speaks for the U.S.", None),
        (f"Who speaks?\n\n{STORY}", "Who speaks?", None),
        (f"{STORY}\n\n{STORY}", None, None),
        ("Norway's minister received her\ncounterpart in the city of\nOslo on Monday.", None, None),
        ("One line and no more", None, None),
        ("May 5, 2025, was a day of joy.\n\nMore.", None, None),
        (f"Talks end\n\n{STORY}\n\nThey began on May 5, 2025\n\n{STORY}", "Talks end", None),
        (f"Talks end\n\nFebruary 30, 2025\n\n{STORY}", "Talks end", None),
        ("", None, None),
    ],
)
def test_titles_and_days(text: str, title: str | None, date: str | None) -> None:
    layout = recognise(text)
    assert (layout.title, words(text, layout.title_span), layout.date) == (title, title, date)


def test_dateline_on_a_line_of_its_own() -> None:
    text = f"Talks end\n\nLondon, 8 November 2022\n\n{STORY}"
    layout = recognise(text)
    assert words(text, layout.dateline_span) == "London, 8 November 2022"
    assert words(text, layout.dateline_place_span) == "London"


def test_given_metadata_wins() -> None:
    text = f"Talks end\n\nOSLO, March 11, 2025 – {STORY}"
    assert recognise(text, date="2025-03-12", likely_date="2001-01-01").date == "2025-03-12"
    assert recognise(text, title="Talks end").title_span == Span(0, 9)
    elsewhere = recognise(text, title="Another title")
    assert (elsewhere.title, elsewhere.title_span) == ("Another title", None)


def test_likely_date_completes_and_stands_in_only() -> None:
    assert recognise(f"OSLO, Dec. 30 – {STORY}", likely_date="2025-01-02").date == "2024-12-30"
    assert recognise(f"OSLO, Dec. 30 – {STORY}").date is None
    assert recognise(f"OSLO, Dec. 30 – {STORY}\n\n", date=None, likely_date=None) == Layout(
        dateline_span=Span(0, 15), dateline_place_span=Span(0, 4)
    )
    assert recognise(STORY, likely_date="2025-01-02").date == "2025-01-02"
    assert recognise(f"OSLO, March 11, 2025 – {STORY}", likely_date="2026-01-02").date == "2025-03-11"
    assert recognise(f"OSLO, Feb. 29 – {STORY}", likely_date="2025-01-02").date == "2024-02-29"


@given(st.text(st.characters(), max_size=400), st.sampled_from(["", "OSLO, May 5, 2025 – ", "Title\n\n", "By A\n"]))
def test_any_text_has_spans_within_it(text: str, head: str) -> None:
    whole = head + text
    layout = recognise(whole)
    spans = [layout.title_span, layout.dateline_span, layout.dateline_place_span]
    assert all(span is None or span.end <= len(whole) for span in spans)
    if layout.title_span:
        assert layout.title == whole[layout.title_span.begin : layout.title_span.end]
    if layout.dateline_place_span:
        assert layout.dateline_span is not None and layout.dateline_place_span in layout.dateline_span
    if layout.date:
        datetime.date.fromisoformat(layout.date)


@given(st.dates(min_value=datetime.date(1900, 1, 1), max_value=datetime.date(2100, 1, 1)))
def test_every_day_is_read_as_it_is_written(day: datetime.date) -> None:
    month, weekday = f"{day:%B}", f"{day:%A}"
    for written in (
        f"{month} {day.day}, {day.year}",
        f"{day.day} {month} {day.year}",
        f"{weekday}, {month[:3]}. {day.day}, {day.year}",
        day.isoformat(),
    ):
        text = f"on {written} there"
        found = first_day(text, 0, len(text))
        assert found is not None
        assert found.iso() == day.isoformat()
        assert words(text, found.span) == written


@pytest.mark.parametrize(
    "text", ["2025-5-5", "20250505", "2025-02-30", "2025-W01-1", "yesterday", "", "2025-05-05T10:00"]
)
def test_only_days_are_days(text: str) -> None:
    with pytest.raises(ReadError, match="write it as YYYY-MM-DD"):
        iso_day(text)
