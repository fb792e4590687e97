"""How long the network view takes: reading and laying out, writing the page, and in Chromium until it is ready.

    python benchmarks/network_view.py 500 2000 10000
    python benchmarks/network_view.py output/graph.html

Numbers are sizes of a made-up graph: news-like hubs, one relation in five a claim, a sentence behind each. A page is
measured as it is. 'ready' is from the beginning of the navigation until the first drawing is on the screen, 'frames'
are those a second while the canvas is dragged; both for the first look, then with everything drawn. 'work' is what the
page's main thread did until then, and 'cpu' what the process did: they hold on a busy machine too. Needs Chromium.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph as ox
from playwright.sync_api import Browser, Page, sync_playwright

from kg.publishing.network import network_data, page
from kg.vocabulary import Minter

TYPES = ["Person", "Organization", "Country", "City", "Event", "Role", "Topic"]
VERBS = ["hosts", "meetsWith", "leads", "attends", "supports", "opposes"]
PER_DOCUMENT = 30
PAN_SECONDS = 2.0


def made_up_store(count: int) -> ox.Store:
    """A store of `count` entities and 1.6 times as many relations; the same for the same count."""
    chance = random.Random(1)  # noqa: S311 - not for secrets
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in Minter().prefixes.items())
    parts = [prefixes]
    for n in range(count):
        parts.append(f'ent:E{n} a kg:{TYPES[n % 7]} ; rdfs:label "{_label(n)}" ; kg:mentionedIn doc:d{n // 30} .')
    popular: list[int] = []
    documents: dict[int, list[tuple[int, int, str, int]]] = {}
    for number in range(int(count * 1.6)):
        subject = number % count if number < count else chance.randrange(count)
        known = popular and chance.random() < 0.75
        obj = chance.choice(popular) if known else chance.randrange(count)
        if subject != obj:
            popular += [subject, obj]
            documents.setdefault(subject // PER_DOCUMENT, []).append((number, subject, chance.choice(VERBS), obj))
    for document, rows in documents.items():
        parts.extend(_document(document, rows))
    store = ox.Store()
    store.load("\n".join(parts).encode(), format=ox.RdfFormat.TRIG)
    return store


def _label(number: int) -> str:
    return f"{TYPES[number % 7]} number {number}"


def _document(number: int, rows: list[tuple[int, int, str, int]]) -> list[str]:
    text, statements, facts = "", [], []
    for statement, subject, verb, obj in rows:
        sentence = f"{_label(subject)} {verb} {_label(obj)} in a sentence."
        begin, end = len(text), len(text) + len(sentence)
        text += sentence + " "
        claimed = statement % 5 == 0
        if not claimed:
            facts.append(f"ent:E{subject} kg:{verb} ent:E{obj} .")
        span = f"<{Minter().document}d{number}#char={begin},{end}>"
        statements.append(
            f"st:{statement:032x} a kg:Statement ; rdf:subject ent:E{subject} ; rdf:predicate kg:{verb} ; "
            f"rdf:object ent:E{obj} ; kg:status kg:{'Claimed' if claimed else 'Asserted'} ; kg:modality kg:Actual ; "
            f"kg:polarity kg:Positive ; kg:confidence 0.8 ; prov:wasDerivedFrom {span} . "
            f'{span} a nif:Sentence ; nif:beginIndex {begin} ; nif:endIndex {end} ; nif:anchorOf "{sentence}" .'
        )
    about = f'doc:d{number} a kg:Document ; dcterms:title "Story {number}" ; nif:isString "{text}" .'
    return [*facts, f"doc:d{number} {{", about, *statements, "}"]


def in_browser(browser: Browser, address: str) -> tuple[float, float, float]:
    """Seconds until the page has drawn, those its main thread worked for it (the better of two), frames a second."""
    readies, works = [], []
    for _ in range(2):
        tab = browser.new_page(viewport={"width": 1440, "height": 900})
        session = tab.context.new_cdp_session(tab)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        tab.goto(address)
        tab.wait_for_function("performance.getEntriesByName('drawn').length > 0")
        readies.append(tab.evaluate("performance.getEntriesByName('drawn')[0].startTime") / 1000)
        metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
        works.append(metrics["TaskDuration"])
        frames = dragged(tab)
        tab.close()
    return min(readies), min(works), frames


def dragged(tab: Page) -> float:
    """Frames a second while the canvas is dragged."""
    tab.evaluate(
        "() => { window.frames_ = 0; const next = () => { window.frames_++; requestAnimationFrame(next); }; next(); }"
    )
    tab.mouse.move(60, 500)  # the margin: paper, not a node
    tab.mouse.down()
    started = time.perf_counter()
    step = 0
    while time.perf_counter() - started < PAN_SECONDS:
        step += 1
        tab.mouse.move(60 + step % 60 * 3, 500 + step % 40 * 2)
    frames: float = tab.evaluate("frames_") / (time.perf_counter() - started)
    return frames


def measured(browser: Browser, file: Path) -> str:
    """The columns of a page in the browser."""
    figures = [in_browser(browser, file.resolve().as_uri() + fragment) for fragment in ("", "#show=all")]
    cells = [f"{ready:7.2f}  {work:6.2f}  {frames:8.0f}" for ready, work, frames in figures]
    return f"{file.stat().st_size / 1e6:5.2f}  " + "  ".join(cells)


def main() -> None:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        sys.exit("no Chromium found; install it (apt install chromium)")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        print(f"{'':40}  first look                 everything")
        print("nodes  relations  data s  cpu s  page s    MB  ready s  work s  frames/s  ready s  work s  frames/s")
        for text in sys.argv[1:] or ["500", "2000", "10000"]:
            if text.endswith(".html"):
                print(f"{Path(text).name:39} {measured(browser, Path(text))}")
                continue
            store = made_up_store(int(text))
            started, worked = time.perf_counter(), time.process_time()
            data = network_data(store, max_nodes=int(text))
            read, cpu = time.perf_counter(), time.process_time() - worked
            html = page(data)
            written = time.perf_counter()
            file = Path(folder, f"{text}.html")
            file.write_text(html, encoding="utf-8")
            figures = f"{read - started:6.2f}  {cpu:5.2f}  {written - read:6.2f}"
            print(f"{int(text):5}  {len(data.edges):9}  {figures}  {measured(browser, file)}")
        browser.close()


if __name__ == "__main__":
    main()
