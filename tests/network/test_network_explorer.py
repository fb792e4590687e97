"""What a reader does with a larger graph: unfold communities, widen surroundings, narrow the time, take it away."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import Opener
from playwright.sync_api import expect

from kg.publishing.network import write_view

pytestmark = pytest.mark.browser

CITIES = ("Oslo", "Lima", "Riga")


def three_towns() -> str:
    """Three groups of eight people who all know their mayor and neighbour; the mayors know each other."""
    parts = []
    for town in CITIES:
        parts.append(f'ent:{town} a kg:City ; rdfs:label "{town}" .')
        for n in range(8):
            parts.append(f'ent:{town}{n} a kg:Person ; rdfs:label "{town} {n}" ; kg:residesIn ent:{town} .')
            parts.append(f"ent:{town}{n} kg:supports ent:{town}{(n + 1) % 8} .")
    parts += [f"ent:{a}0 kg:meetsWith ent:{b}0 ." for a, b in pairwise(CITIES)]
    return " ".join(parts)


@pytest.fixture(scope="module")
def towns(load: Callable[[str], ox.Store], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("towns") / "graph.html"
    write_view(load(three_towns()), path, title="Three towns")
    return path


@pytest.fixture(scope="module")
def view(small: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("view") / "graph.html"
    write_view(small, path, title="The mill")
    return path


def test_communities_fold_and_unfold(open_page: Opener, towns: Path) -> None:
    tab = open_page(towns)
    tab.page.get_by_role("button", name="Communities").click()
    expect(tab.page.locator("#panel h2")).to_have_text("Communities")
    assert tab.shown() == {f"{town} and 8 more" for town in CITIES}
    assert len(tab.page.evaluate("kgView.links()")) == 2
    tab.click_node("community:1")
    expect(tab.page.locator("#panel .kicker")).to_have_text("Community of 9 entities")
    name = tab.page.locator("#panel h2").inner_text().removesuffix(" and 8 more")
    assert {name, f"{name} 5"} <= tab.shown()
    assert len(tab.shown()) == 9 + 2
    expect(tab.page.locator("#arrangement-note")).to_have_text("2 folded communities, 9 of 27 entities")
    tab.page.reload()
    tab.page.wait_for_selector("html[data-ready]")
    assert len(tab.shown()) == 9 + 2, "the address keeps what is unfolded"
    tab.click_node(name)
    expect(tab.page.locator("#panel h2")).to_have_text(name)
    tab.page.go_back()
    tab.page.get_by_role("button", name="Fold again").click()
    assert len(tab.shown()) == 3


def test_communities_by_keyboard_and_by_the_line_between_them(open_page: Opener, towns: Path) -> None:
    tab = open_page(towns, "#show=communities")
    tab.page.locator("#canvas").focus()
    tab.page.keyboard.press("ArrowRight")
    expect(tab.page.locator("#spoken")).to_contain_text("and 8 more, 9 entities")
    tab.page.keyboard.press("Enter")
    assert len(tab.shown()) == 11
    tab.page.evaluate("location.hash = 'show=communities&relation=community:1~community:2'")
    expect(tab.page.locator("#panel .kicker")).to_contain_text("relation")
    tab.page.get_by_role("button", name="Save").click()
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name="Turtle").click()
    graph = ox.Store()
    graph.load(download.value.path().read_bytes(), format=ox.RdfFormat.TURTLE)
    resides = ox.NamedNode("https://kg.example.org/ontology#residesIn")
    assert len(list(graph.quads_for_pattern(None, resides, None))) == 24, "what is folded is drawn too"


def test_surroundings_grow_step_by_step(open_page: Opener, towns: Path) -> None:
    tab = open_page(towns, "#entity=Oslo3&around=Oslo3")
    steps = tab.page.get_by_role("group", name="Steps around the entity")
    expect(steps.get_by_role("button", name="1")).to_have_attribute("aria-pressed", "true")
    assert tab.shown() == {"Oslo", "Oslo 2", "Oslo 3", "Oslo 4"}
    sizes = []
    for step in "234":
        steps.get_by_role("button", name=step).click()
        expect(steps.get_by_role("button", name=step)).to_have_attribute("aria-pressed", "true")
        sizes.append(len(tab.shown()))
    assert sizes == [9, 10, 14]


def test_the_timeline_has_a_range_that_can_be_drawn(open_page: Opener, view: Path) -> None:
    tab = open_page(view, "#view=timeline")
    days = tab.page.locator("#timeline-view time")
    expect(days).to_have_text(["April 2024", "3 June 2024"])
    first = tab.page.get_by_role("slider", name="From")
    first.focus()
    tab.page.keyboard.press("ArrowRight")
    expect(first).to_have_attribute("aria-valuetext", "May 2024")
    expect(days).to_have_text(["3 June 2024"])
    expect(tab.page).to_have_url(view.as_uri() + "#view=timeline&from=2024-05&until=2024-06")
    tab.page.get_by_role("button", name="Draw these").click()
    expect(tab.page.locator("#canvas")).to_be_visible()
    assert tab.shown() == {"river forum"}
    tab.page.go_back()
    expect(days).to_have_text(["3 June 2024"])
    tab.page.get_by_role("combobox", name="Which date").select_option("published")
    expect(days).to_have_text(["1 May 2024", "1 June 2024"])


def test_every_button_once_breaks_nothing(open_page: Opener, view: Path) -> None:
    """Every button that can be seen, on each view: no complaint, and the page still answers."""
    tab = open_page(view, "#entity=LenaBrandt")
    for fragment in ("entity=LenaBrandt", "document=one.txt&sentence=3", "view=timeline"):
        tab.page.evaluate("hash => { location.hash = hash; }", fragment)
        for name in tab.page.locator("button:visible").evaluate_all("all => all.map((one) => one.textContent.trim())"):
            button = tab.page.locator("button:visible", has_text=name or "◐").first
            if name and name not in ("Print", "Picture (PNG)", "Drawing (SVG)", "Table (CSV)") and button.count():
                button.click(timeout=2000, no_wait_after=True)
                tab.page.keyboard.press("Escape")
                tab.page.evaluate("() => new Promise((done) => setTimeout(done, 50))")  # what it leads to is drawn
    tab.page.evaluate("location.hash = 'entity=Mill'")
    expect(tab.page.locator("#panel h2")).to_have_text("mill")


def test_names_from_right_to_left_and_of_emoji(
    open_page: Opener, load: Callable[[str], ox.Store], tmp_path: Path
) -> None:
    path = tmp_path / "scripts.html"
    names = 'ent:A a kg:Person ; rdfs:label "محمد بن راشد" . ent:B a kg:City ; rdfs:label "👩‍🚀🏳️‍🌈" .'
    write_view(load(names + ' ent:A kg:visits ent:B . ent:A kg:residesIn ent:C . ent:C rdfs:label "תל אביב" .'), path)
    tab = open_page(path, "#entity=A")
    expect(tab.page.locator("#panel h2 bdi")).to_have_text("محمد بن راشد")
    tab.page.get_by_role("combobox", name="Search").fill("אביב")
    expect(tab.page.get_by_role("option").first).to_contain_text("תל אביב")
    assert tab.shown() == {"محمد بن راشد", "👩‍🚀🏳️‍🌈", "תל אביב"}


def test_print_hides_the_controls(open_page: Opener, view: Path) -> None:
    tab = open_page(view)
    tab.page.emulate_media(media="print")
    expect(tab.page.get_by_role("heading", level=1)).to_be_visible()
    expect(tab.page.locator("#panel h2")).to_be_visible()
    for hidden in ("#search", "#tools", ".zoom", ".arrangement .switch"):
        expect(tab.page.locator(hidden).first).to_be_hidden()


def test_axe_finds_nothing_in_communities(open_page: Opener, towns: Path) -> None:
    tab = open_page(towns, bypass_csp=True)
    for fragment in (
        "show=communities",
        "show=communities&open=1&entity=community:1",
        "entity=Oslo3&around=Oslo3&steps=2",
    ):
        tab.page.evaluate("hash => { location.hash = hash; }", fragment)
        tab.page.wait_for_timeout(100)
        result = Axe().run(tab.page).response
        assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in result["violations"]] == [], fragment


def test_what_cannot_be_drawn_can_be_read(open_page: Opener, view: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.html"
    html = view.read_text(encoding="utf-8")
    broken.write_text(html.replace('"nodes":[[', '"nodes":[7,['), encoding="utf-8")
    tab = open_page(broken, ready=False)
    expect(tab.page.get_by_text("Aldenburg hosts river forum")).to_be_visible()
    assert len(tab.complaints) == 1
    tab.complaints.clear()
