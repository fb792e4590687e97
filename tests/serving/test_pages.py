"""Pages: what they bring, what they allow, and that they work in a browser with and without the bundled editor."""

from __future__ import annotations

import re

import pytest

from kg.serving import pages


def test_the_explorer_is_the_page_of_the_network_view(client):
    answer = client.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Conference of Defense Ministers" in answer.text
    assert "explore/" in answer.text


def test_the_editor_brings_everything_from_this_server(client):
    answer = client.get("/query")
    policy = answer.headers["content-security-policy"]
    nonce = re.search(r'data-nonce="([^"]+)"', answer.text)[1]
    assert f"'nonce-{nonce}'" in policy
    assert client.get("/query").headers["content-security-policy"] != policy
    for address in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
        assert address.startswith(("/", "data:"))
    assert "http" not in re.sub(r"<!doctype.*?>", "", answer.text)


@pytest.mark.parametrize("bundled", [True, False])
def test_which_editor_the_page_brings(client, monkeypatch, bundled):
    content = pages._asset
    monkeypatch.setattr(
        pages, "_asset", lambda name: (b"" if bundled else None) if name == "editor.js" else content(name)
    )
    assert ("/assets/editor.js" in client.get("/query").text) == bundled
    assert client.get("/assets/editor.js").status_code == (200 if bundled else 404)


def test_assets(client):
    assert client.get("/assets/query.js").headers["content-type"].startswith("text/javascript")
    assert client.get("/assets/query.css").headers["content-type"].startswith("text/css")
