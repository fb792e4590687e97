"""The query editor in a browser, with the bundled editor where it is there, and without."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium here")
def test_a_query_is_completed_and_run(server, story_dir):
    with server(story_dir) as (client, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        try:
            page = browser.new_page()
            faults: list[str] = []
            page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: faults.append(str(error)))
            _use(page, str(client.base_url.join("/query")))
            page.route("**/assets/editor.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
            _use(page, str(client.base_url.join("/query?plain")))
            assert page.locator("textarea").count() == 1
            assert faults == []
        finally:
            browser.close()


def _use(page: Page, address: str) -> None:
    with page.expect_response("**/terms.json"):
        page.goto(address)
    page.wait_for_load_state("networkidle")
    page.locator("#editor [contenteditable], #editor textarea").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("SELECT * { ?who kg:hos")
    page.get_by_text("kg:hosts").first.click()
    page.keyboard.type(" ?what " + ("}" if "plain" in address else ""))
    page.get_by_role("button", name="Run").click()
    page.get_by_text("ent:ConferenceOfDefenseMinisters").wait_for(timeout=15_000)
    assert page.locator("#status").inner_text().startswith("1 row")
