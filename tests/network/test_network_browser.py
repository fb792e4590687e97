"""The page in a real browser: what a reader does, and that nothing is asked of the network while they do it."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import Opener
from playwright.sync_api import expect

from kg.publishing.network import (
    NetworkData,
    NetworkDocument,
    NetworkEdge,
    NetworkNode,
    network_data,
    page,
    write_view,
)

pytestmark = pytest.mark.browser

page_module = importlib.import_module("kg.publishing.network.page")  # its name in the package is a function's


@pytest.fixture(scope="module")
def view(small: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("view") / "graph.html"
    write_view(small, path, title="The mill")
    return path


def test_both_copies_of_vis_network_draw(
    open_page: Opener, small: ox.Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was bundled when the package was built, where it was, and what pyvis carries."""
    data = network_data(small)
    for bundled in (page_module._BUNDLED, "nowhere/vis-network.js"):
        monkeypatch.setattr(page_module, "_BUNDLED", bundled)
        page_module._vis_network.cache_clear()
        path = tmp_path / "copy.html"
        path.write_text(page(data), encoding="utf-8")
        tab = open_page(path)
        tab.click_node("CorvidSteel")
        expect(tab.page.locator("#panel h2")).to_have_text("Corvid Steel")
    page_module._vis_network.cache_clear()


def test_it_opens_offline_and_draws(open_page: Opener, view: Path) -> None:
    tab = open_page(view, offline=True)
    expect(tab.page.get_by_role("heading", level=1)).to_have_text("The mill")
    assert {"Lena Brandt", "Corvid Steel", "mill"} <= tab.shown()
    paper, spot = tab.page.evaluate(
        """() => {
            const canvas = document.querySelector("#canvas canvas"), frame = canvas.getBoundingClientRect();
            const copy = new OffscreenCanvas(canvas.width, canvas.height), spot = kgView.spot("LenaBrandt");
            const context = copy.getContext("2d", { willReadFrequently: true });
            context.drawImage(canvas, 0, 0);
            const pixel = (x, y) => [...context.getImageData(x, y, 1, 1).data];
            return [pixel(2, 2), pixel(spot.x - frame.x, spot.y - frame.y)];
        }"""
    )
    assert paper != spot, "a node is drawn where it should be"


def test_search_finds_names_aliases_types_and_relations(open_page: Opener, view: Path) -> None:
    tab = open_page(view)
    tab.page.keyboard.press("/")
    tab.page.keyboard.type("brand")
    options = tab.page.get_by_role("option")
    expect(options.first).to_contain_text("Lena Brandt")
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("#panel h2")).to_have_text("Lena Brandt")
    expect(tab.page).to_have_url(view.as_uri() + "#entity=LenaBrandt")
    field = tab.page.get_by_role("combobox", name="Search")
    for query, found in (
        ("facil", "Facility"),
        ("hosts", "hosts"),
        ("second st", "Second story"),
        ("xyz", "Nothing is"),
    ):
        field.fill(query)
        expect(options.first).to_contain_text(found)


def test_a_click_on_a_node_shows_its_evidence(open_page: Opener, view: Path) -> None:
    tab = open_page(view)
    tab.click_node("CorvidSteel")
    panel = tab.page.locator("#panel")
    expect(panel.locator("h2")).to_have_text("Corvid Steel")
    denial = panel.get_by_role("region", name="Denials")
    expect(denial.locator("blockquote")).to_have_text("Haddad denies that Corvid Steel closed the mill.")
    expect(denial.locator("blockquote mark")).to_have_text(["Corvid Steel", "mill"])
    expect(denial).to_contain_text("Omar Haddad")
    expect(denial).to_contain_text("First story")
    expect(denial).to_contain_text("90 % sure")
    expect(panel.get_by_role("region", name="Plans and wishes")).to_contain_text("Planned")


def test_a_click_on_a_line_shows_its_relations(open_page: Opener, view: Path) -> None:
    tab = open_page(view)
    tab.page.wait_for_timeout(300)
    a, b = (tab.page.evaluate("address => kgView.spot(address)", address) for address in ("Aldenburg", "RiverForum"))
    tab.page.mouse.click((a["x"] + b["x"]) / 2, (a["y"] + b["y"]) / 2)
    expect(tab.page.locator("#panel h2")).to_have_text("Aldenburg – river forum")
    expect(tab.page.locator("#panel blockquote")).to_have_text("Aldenburg hosts the river forum on 3 June 2024.")


def test_the_legend_filters_types_and_marks(open_page: Opener, view: Path) -> None:
    tab = open_page(view)
    people = tab.page.get_by_role("button", name="Person 3")
    people.click()
    expect(people).to_have_attribute("aria-pressed", "false")
    assert not {"Lena Brandt", "Omar Haddad"} & tab.shown()
    people.click()
    assert "Lena Brandt" in tab.shown()
    before = tab.page.evaluate("kgView.links()")
    tab.page.get_by_role("button", name="Denial 1").click()
    after = tab.page.evaluate("kgView.links()")
    assert [link for link in before if link not in after] == [link for link in before if link.endswith(":denial")]
    assert after != before


def test_a_sentence_shows_its_statements_and_a_statement_its_sentence(open_page: Opener, view: Path) -> None:
    tab = open_page(view)
    tab.page.get_by_role("button", name="Documents").click()
    tab.page.get_by_role("button", name="First story").click()
    article = tab.page.locator(".article")
    sentence = article.locator(".sentence").first
    expect(sentence).to_have_text("😀 Lena Brandt, mayor of Aldenburg, met Omar Haddad.")
    expect(sentence.get_by_role("link")).to_have_text(["Lena Brandt", "mayor", "Aldenburg", "Omar Haddad"])
    article.get_by_role("button", name="3 statements").focus()
    tab.page.keyboard.press("Enter")
    finds = tab.page.get_by_role("region", name="Statements in this sentence")
    expect(finds).to_contain_text("3 statements in this sentence")
    expect(finds).to_contain_text("Lena Brandt meets with Omar Haddad")
    expect(article.locator(".open")).to_have_text("😀 Lena Brandt, mayor of Aldenburg, met Omar Haddad.")
    finds.get_by_role("button", name="Omar Haddad").click()
    tab.page.locator("#panel").get_by_role("button", name="First story").first.click()
    expect(article.locator(".open")).to_have_count(1)
    article.get_by_role("link", name="Corvid Steel").click()
    expect(tab.page.locator("#panel h2")).to_have_text("Corvid Steel")


def test_links_lead_back_to_what_was_open(open_page: Opener, view: Path) -> None:
    tab = open_page(view, "#entity=Aldenburg")
    expect(tab.page.locator("#panel h2")).to_have_text("Aldenburg")
    tab.page.locator("#panel").get_by_role("button", name="river forum").first.click()
    expect(tab.page.locator("#panel h2")).to_have_text("river forum")
    tab.page.go_back()
    expect(tab.page.locator("#panel h2")).to_have_text("Aldenburg")
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator("#panel h2")).to_have_text("Who and what matters most")


def test_neighbourhood_path_and_hiding(open_page: Opener, view: Path) -> None:
    tab = open_page(view, "#entity=RiverForum")
    tab.page.get_by_role("button", name="Only what surrounds it").click()
    tab.page.wait_for_timeout(100)
    assert tab.shown() == {"river forum", "Aldenburg"}
    tab.click_node("Aldenburg")
    tab.page.get_by_role("button", name="more neighbour").click()
    assert "mayor" in tab.shown()
    tab.page.get_by_role("button", name="Hide its neighbours").click()
    assert tab.shown() == {"Aldenburg"}
    tab.page.get_by_role("button", name="Path to").click()
    tab.page.keyboard.type("mill")
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("#panel .kicker")).to_have_text("4 steps")
    assert tab.shown() == {"Aldenburg", "mayor", "Lena Brandt", "Corvid Steel", "mill"}


def test_everything_by_keyboard_on_the_canvas(open_page: Opener, view: Path) -> None:
    tab = open_page(view)
    tab.page.locator("#canvas").focus()
    tab.page.keyboard.press("ArrowRight")
    first = tab.page.locator("#spoken").inner_text()
    assert first
    for key in ("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "+", "-", "0"):
        tab.page.keyboard.press(key)
    spoken = tab.page.locator("#spoken").inner_text().rsplit(",", 1)[0]
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("#panel h2")).to_have_text(spoken)
    expect(tab.page.locator("#spoken-list li").first).to_be_attached()


def test_table_and_timeline(open_page: Opener, view: Path) -> None:
    tab = open_page(view, "#view=table")
    rows = tab.page.locator("#table-view tbody tr")
    expect(rows).to_have_count(8)
    tab.page.get_by_role("searchbox", name="Filter rows").fill("denies")
    expect(rows).to_have_count(2)
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name="Download CSV").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert text.startswith("Subject,Relation,Object,Standing,Said by,When,Sentence,Document,Date,Confidence\n")
    assert "Corvid Steel,close,mill,Denied,Omar Haddad,,Haddad denies" in text
    tab.page.get_by_role("tab", name="Timeline").click()
    days = tab.page.locator("#timeline-view time")
    expect(days).to_have_text(["April 2024", "3 June 2024"])


def test_what_is_drawn_can_be_taken_away(open_page: Opener, view: Path) -> None:
    tab = open_page(view)
    for item, start in (("PNG", b"\x89PNG"), ("SVG", b"<svg"), ("Turtle", b"@prefix")):
        tab.page.get_by_role("button", name="Save").click()
        with tab.page.expect_download() as download:
            tab.page.get_by_role("button", name=item).click()
        content = download.value.path().read_bytes()
        assert content.startswith(start)
        assert download.value.suggested_filename.startswith("the-mill.")
    graph = ox.Store()
    graph.load(content, format=ox.RdfFormat.TURTLE)
    hosts = ox.NamedNode("https://kg.example.org/ontology#hosts")
    assert [q.object.value for q in graph.quads_for_pattern(None, hosts, None)] == [
        "https://kg.example.org/entity/RiverForum"
    ]
    close = ox.NamedNode("https://kg.example.org/relation/close")
    assert list(graph.quads_for_pattern(None, close, None)) == [], "a denial is no plain triple"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark(open_page: Opener, view: Path, scheme: str) -> None:
    tab = open_page(view, color_scheme=scheme)
    root = tab.page.locator("html")
    expect(root).to_have_attribute("data-theme", scheme)
    tab.page.get_by_role("button", name="Switch between light and dark").click()
    expect(root).to_have_attribute("data-theme", "dark" if scheme == "light" else "light")


def test_phone_width_needs_no_sideways_scrolling(open_page: Opener, view: Path) -> None:
    tab = open_page(view, viewport={"width": 375, "height": 740})
    for fragment in ("", "#entity=LenaBrandt", "#view=timeline", "#view=table", "#document=one.txt&sentence=3"):
        tab.page.evaluate("hash => { location.hash = hash; }", fragment)
        tab.page.wait_for_timeout(100)
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 375, fragment


def test_without_javascript_the_list_is_there(open_page: Opener, view: Path) -> None:
    tab = open_page(view, ready=False, java_script_enabled=False)
    expect(tab.page.get_by_text("Aldenburg hosts river forum")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 375)])
def test_axe_finds_nothing(open_page: Opener, view: Path, scheme: str, width: int) -> None:
    # The checker is a script of its own, which the page's policy would refuse.
    tab = open_page(view, color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    for fragment in ("", "entity=CorvidSteel", "document=one.txt&sentence=3", "view=table", "view=timeline"):
        tab.page.evaluate("hash => { location.hash = hash; }", fragment)
        tab.page.wait_for_timeout(100)
        result = Axe().run(tab.page).response
        assert len(result["passes"]) > 15
        assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in result["violations"]] == [], fragment


HOSTILE = (
    "</script><script>alert('x')</script>",
    "<img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(2)>",
    "\u202eright to left\u202c",
    "__proto__",
    "' } ; DROP ALL #",
    "👩‍🚀 العربية",
    "x" * 10_000,
)


def test_hostile_names_stay_names(open_page: Opener, tmp_path: Path) -> None:
    nodes = tuple(
        NetworkNode(
            iri=f"https://kg.example.org/entity/{n}", label=name, aliases=(name + "!",), types=(f"http://t.example/{n}",),
            x=n * 150.0, rank=1 / len(HOSTILE), overview=(n * 150.0, 40.0 * (n % 3)),
        )
        for n, name in enumerate(HOSTILE)
    )  # fmt: skip
    edges = tuple(
        NetworkEdge(source=nodes[n].iri, target=nodes[n - 1].iri, property=f"http://p.example/{n}", label=HOSTILE[n])
        for n in range(len(HOSTILE))
    )
    documents = (NetworkDocument(iri="https://kg.example.org/document/<b>", title=HOSTILE[0], text=HOSTILE[1]),)
    labels = {f"http://t.example/{n}": name for n, name in enumerate(HOSTILE)}
    data = NetworkData(nodes=nodes, edges=edges, documents=documents, type_labels=labels)
    path = tmp_path / "hostile.html"
    path.write_text(page(data, title=HOSTILE[0]), encoding="utf-8")
    tab = open_page(path)
    expect(tab.page.get_by_role("heading", level=1)).to_have_text(HOSTILE[0])
    for n, name in enumerate(HOSTILE):
        tab.page.evaluate("n => { location.hash = 'entity=' + n; }", n)
        expect(tab.page.locator("#panel h2")).to_have_text(name)
    tab.page.get_by_role("combobox", name="Search").fill("<")
    expect(tab.page.get_by_role("option").first).to_contain_text("<")
    for fragment in (
        "view=table",
        "view=timeline",
        "panel=documents",
        "entity=%3Cimg%20src=x%3E",
        "sentence=NaN&document=%00",
    ):
        tab.page.evaluate("hash => { location.hash = hash; }", fragment)
        tab.page.wait_for_timeout(80)
    assert tab.page.locator("img, iframe, #panel script, #panel svg[onload]").count() == 0


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_and_one(open_page: Opener, tmp_path: Path, count: int) -> None:
    nodes = tuple(
        NetworkNode(iri=f"http://x.example/{n}", label=f"Thing {n}", overview=(0.0, 0.0)) for n in range(count)
    )
    path = tmp_path / "small.html"
    path.write_text(page(NetworkData(nodes=nodes, edges=(), documents=())), encoding="utf-8")
    tab = open_page(path)
    assert len(tab.shown()) == count
    tab.page.get_by_role("button", name="Everything").click()
    tab.page.get_by_role("tab", name="Table").click()
    tab.page.get_by_role("tab", name="Timeline").click()


def test_a_hub_of_five_thousand(open_page: Opener, load: Callable[[str], ox.Store], tmp_path: Path) -> None:
    facts = "".join(f"ent:Hub kg:hosts ent:E{n} . ent:E{n} a kg:Event . " for n in range(5000))
    path = tmp_path / "hub.html"
    write_view(load(facts), path, max_nodes=6000)
    tab = open_page(path, "#entity=Hub")
    assert len(tab.shown()) < 100
    expect(tab.page.locator("#panel .entry")).to_have_count(30)
    tab.page.get_by_role("button", name="Everything").click()
    tab.page.wait_for_timeout(400)
    assert 1000 < len(tab.shown()) <= 1500, "level of detail: never everything at once"
