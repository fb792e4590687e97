"""Served stories: one that is only read, one that may be changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kg.serving import Settings, create_app

TOKEN = "a-token-for-tests-only"  # noqa: S105
ADDRESS = "http://localhost:7878"


@pytest.fixture(scope="package")
def client(story_dir: Path) -> Iterator[TestClient]:
    """The story, read only."""
    with TestClient(create_app(Settings(store=story_dir, readers=2)), base_url=ADDRESS) as opened:
        yield opened


@pytest.fixture(scope="package")
def writable(story_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A copy of the story that may be changed; the client sends the token."""
    store = tmp_path_factory.mktemp("writable") / "store"
    shutil.copytree(story_dir, store)
    settings = Settings(store=store, token=TOKEN, readers=1)
    with TestClient(create_app(settings), base_url=ADDRESS, headers={"Authorization": f"Bearer {TOKEN}"}) as opened:
        yield opened
