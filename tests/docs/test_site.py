"""The documentation site builds without a warning, and no page of it asks another host for anything."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
COMMAND_LINE = DOCS / "hooks" / "command_line.py"
NOT_PAGES = {"hooks", "assets", "images"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("material", reason="the site needs the extra 'docs'; `make docs` builds it")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


class Requests(HTMLParser):
    """Collects what a browser would fetch by itself: scripts, styles, pictures, frames, hints; not links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        wanted = [values.get("src"), values.get("srcset"), values.get("poster")]
        if tag == "link":
            wanted.append(values.get("href"))
        self.found += [value for value in wanted if value]


@pytest.mark.slow
def test_asks_no_other_host_for_anything(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        requests = Requests()
        requests.feed(page.read_text(encoding="utf-8"))
        foreign = [target for target in requests.found if re.match(r"(\w+:)?//", target)]
        assert not foreign, f"{page.relative_to(site)} requests {foreign}"
    for style in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", style.read_text(encoding="utf-8")), style.name


@pytest.mark.slow
def test_holds_notebooks_reference_and_decisions(site: Path) -> None:
    notebook = (site / "notebooks" / "who-said-what.html").read_text(encoding="utf-8")
    assert "<svg" in notebook and "<table" in notebook
    python = (site / "reference-python.html").read_text(encoding="utf-8")
    assert all(f'id="kg.{name}"' in python for name in ("build", "query", "ask", "network", "draw"))
    assert "StoreError" in (site / "reference-types.html").read_text(encoding="utf-8")
    decisions = (site / "decisions" / "index.html").read_text(encoding="utf-8")
    assert len(re.findall(r"\b\d{8}-", decisions)) >= len(list((DOCS / "decisions").glob("*.md")))


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    missing = {
        page
        for page in pages
        if page.partition("/")[0] not in NOT_PAGES
        and not page.startswith("decisions/")
        and f": {page}" not in navigation
    }
    assert not missing


def test_the_command_line_reference_is_current(request: pytest.FixtureRequest) -> None:
    """What the program prints is what the page shows; with another Typer than the pinned one, the same options."""
    page = DOCS / "reference-cli.md"
    printed = subprocess.run(
        [sys.executable, str(COMMAND_LINE)], capture_output=True, text=True, check=True, encoding="utf-8"
    ).stdout
    if request.config.getoption("--update-golden"):
        page.write_text(printed, encoding="utf-8", newline="\n")
    shown = page.read_text(encoding="utf-8")
    pinned = f"typer=={importlib.metadata.version('typer')}\n" in (ROOT / "requirements.lock").read_text("utf-8")
    if pinned:
        assert shown == printed, "python docs/hooks/command_line.py > docs/reference-cli.md"
    else:
        options = re.compile(r"^## .*|--[\w-]+", re.MULTILINE)
        assert set(options.findall(shown)) == set(options.findall(printed))


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=lambda path: str(path.relative_to(DOCS)))
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = [target for target in re.findall(r"\]\(([^)\s#]+)", text) if "://" not in target]
    assert [target for target in targets if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("path", sorted((DOCS / "assets").glob("*.svg")), ids=lambda path: path.stem)
def test_drawings_are_still_and_described(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script|<image|href=|@import|url\((?!#)", text)
    assert path.stem == "mark" or ("<title" in text and "<desc" in text)
