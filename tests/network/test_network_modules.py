"""The page's modules by themselves: their unit tests in Chromium, and their types."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

TESTS = Path(__file__).parent / "js"
MODULES = Path(__file__).resolve().parents[2] / "kg" / "publishing" / "network" / "assets" / "js"
ORIGIN = "http://modules.test"


def cases() -> list[tuple[str, str]]:
    found = []
    for path in sorted(TESTS.glob("*.test.js")):
        names = re.findall(r"^export function (\w+)\(\)", path.read_text("utf-8"), flags=re.MULTILINE)
        found += [(path.name, name) for name in names]
    return found


def test_no_test_is_overlooked() -> None:
    written = sum(path.read_text("utf-8").count("export function ") for path in TESTS.glob("*.test.js"))
    assert written == len(cases()) > 20


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    """An empty page of an address that has our modules and their tests; nothing leaves the browser."""
    page = browser.new_page()

    def fulfil(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path == "/":
            route.fulfill(content_type="text/html", body="<!doctype html><title>modules</title>")
        else:
            folder = MODULES if path.startswith("/js/") else TESTS
            body = (folder / Path(path).name).read_text("utf-8")
            route.fulfill(content_type="text/javascript; charset=utf-8", body=body)

    page.route("**/*", fulfil)
    page.goto(ORIGIN + "/")
    yield page
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(("file", "name"), cases())
def test_module(blank: Page, file: str, name: str) -> None:
    blank.evaluate("([file, name]) => import(file).then((module) => { module[name](); })", [f"/tests/{file}", name])


def test_types_of_the_modules() -> None:
    """`npm ci --prefix tests/network/js` brings the compiler, where it is wanted."""
    compiler = shutil.which("tsc", path=str(TESTS / "node_modules" / ".bin")) or shutil.which("tsc")
    if compiler is None or shutil.which("node") is None:
        pytest.skip("no TypeScript: npm ci --prefix tests/network/js")
    done = subprocess.run([compiler, "-p", str(TESTS)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
