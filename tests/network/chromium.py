"""Chromium as the tests use it: found on the machine, opening a page and noting all that goes wrong on it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def found_browser(playwright: Playwright) -> str | None:
    """The path of the browser to use, None where the machine has none."""
    bundled = Path(playwright.chromium.executable_path)
    found = os.environ.get("KG_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    return found or (str(bundled) if bundled.is_file() else None)


@dataclass
class Tab:
    """A page that was opened from a file, with everything that went wrong on it."""

    page: Page
    origin: str = "file:"
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def assert_quiet(self) -> None:
        assert [url for url in self.requests if not url.startswith((self.origin, "blob:", "data:"))] == []
        if self.origin == "file:":
            assert len({url for url in self.requests if url.startswith("file:")}) == 1
        assert self.complaints == []
        assert self.dialogs == []

    def shown(self) -> set[str]:
        return set(self.page.evaluate("kgView.shown()"))

    def click_node(self, address: str) -> None:
        self.page.wait_for_timeout(450)  # a move of the canvas comes to rest
        spot = self.page.evaluate("address => kgView.spot(address)", address)
        self.page.mouse.click(spot["x"], spot["y"])


class Opener:
    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.tabs: list[Tab] = []

    def __call__(self, at: Path | str, fragment: str = "", *, ready: bool = True, **context: object) -> Tab:
        """Opens a file, or the address of a server of our own, which may then be asked for more."""
        settings = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **context}
        address, origin = (at.as_uri(), "file:") if isinstance(at, Path) else (at, at)
        tab = Tab(self.browser.new_context(**settings).new_page(), origin)
        tab.page.on("request", lambda request: tab.requests.append(request.url))
        tab.page.on("console", lambda message: tab.complaints.append(f"{message.type}: {message.text}"))
        tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.page.on("dialog", lambda dialog: (tab.dialogs.append(dialog.message), dialog.dismiss()))
        tab.page.goto(address + fragment)
        if ready:
            tab.page.wait_for_selector("html[data-ready]", timeout=20_000)
        self.tabs.append(tab)
        return tab
