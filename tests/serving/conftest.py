"""Served stories: one that is only read, one that may be changed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
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


Served = AbstractContextManager[tuple[httpx.Client, "subprocess.Popen[str]"]]


@pytest.fixture
def server() -> Callable[..., Served]:
    """Starts `kg serve` over a store with options and environment variables; gives a client and the process."""
    return _served


@contextmanager
def _served(store: Path, *options: str, **environment: str) -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    """A server of its own, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "kg.cli", "serve", "--store", str(store), "--port", str(port), *options],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            for _ in range(300):
                try:
                    client.get("/health")
                    break
                except httpx.ConnectError:
                    if process.poll() is not None:
                        break
                    time.sleep(0.1)
            yield client, process
    finally:
        process.terminate()
        process.communicate(timeout=20)
