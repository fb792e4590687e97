"""Real servers: time-outs, limits, runaways, new builds, kills; what is left behind."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest
from starlette.testclient import TestClient

from kg.errors import StoreError
from kg.graph import open_store, write_build
from kg.serving import Settings, create_app
from kg.serving.problems import Problem
from kg.serving.service import Service

SIMPLE = {"query": "SELECT ?who { ?who kg:hosts ?what }"}
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
TOKEN = "a-token-for-tests-only"  # noqa: S105


@pytest.fixture
def store(story_dir: Path, tmp_path: Path) -> Path:
    shutil.copytree(story_dir, tmp_path / "store")
    return tmp_path / "store"


def test_a_query_that_takes_too_long_is_ended(story_dir):
    settings = Settings(store=story_dir, readers=1, timeout_seconds=1)
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        for limit in ("0.3", "60"):  # no more than the server allows
            started = time.monotonic()
            answer = client.get("/sparql", params={"query": RUNAWAY, "timeout": limit})
            assert (answer.status_code, "stopped after" in answer.text) == (504, True)
            assert time.monotonic() - started < 5
        assert client.get("/sparql", params=SIMPLE).status_code == 200
        assert 'kg_stopped_queries_total{reason="timeout"} 2' in client.get("/metrics").text


def test_results_stop_at_their_limits(story_dir):
    many = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    settings = Settings(store=story_dir, readers=1, max_rows=50, max_bytes=50_000)
    with TestClient(create_app(settings), base_url="http://localhost") as client:

        def ask(query, accept="application/sparql-results+json"):
            return client.get("/sparql", params={"query": query}, headers={"Accept": accept})

        for accept in ("application/json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"):
            assert ask(f"{many} LIMIT 50", accept).status_code == 200
            answer = ask(f"{many} LIMIT 51", accept)
            assert (answer.status_code, "more than 50 rows" in answer.json()["detail"]) == (422, True)
        assert ask("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle").status_code == 422
        assert (
            ask("SELECT (GROUP_CONCAT(STR(?a)) AS ?all) { ?a ?b ?c . ?d ?e ?f }")
            .json()["detail"]
            .startswith("query: the result is larger than 50,000 bytes")
        )
        assert client.get("/store?default").status_code == 200
        assert ask(SIMPLE["query"]).status_code == 200


def test_a_query_that_wants_too_much_memory_ends_alone(story_dir):
    hungry = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?c ?f ?i ?l"
    settings = Settings(store=story_dir, readers=1, max_memory_bytes=1 << 30)
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        answer = client.get("/sparql", params={"query": hungry})
        assert answer.status_code in (507, 504), answer.text
        assert client.get("/sparql", params=SIMPLE).status_code == 200


def test_a_pool_closed_in_the_midst_of_starts_and_ends_leaves_no_process(store):
    async def close_early(wait_seconds: float) -> None:
        service = Service(Settings(store=store, readers=2, timeout_seconds=0.2))
        service.snapshots.prepare()
        service.snapshots.take()
        opening = asyncio.create_task(service.pool.open())
        await asyncio.sleep(wait_seconds)
        if opening.done():
            await opening
            with suppress(Problem):
                await service.pool.run({"operation": "query", "query": RUNAWAY})
        await service.pool.close()
        await asyncio.gather(opening, return_exceptions=True)
        service.snapshots.close()

    before = set(psutil.Process().children())
    for wait_seconds in (0.01, 0.1, 3):
        asyncio.run(close_early(wait_seconds))
        assert set(psutil.Process().children()) <= before


def test_large_answers_arrive_whole(story_dir):
    with TestClient(create_app(Settings(store=story_dir, readers=1)), base_url="http://localhost") as client:
        query = "SELECT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 20000"
        answer = client.get("/sparql", params={"query": query}, headers={"Accept": "text/tab-separated-values"})
        assert len(answer.content) > 1 << 20
        assert int(answer.headers["content-length"]) == len(answer.content)
        assert answer.text.count("\n") == 20_001


def test_runaways_do_not_delay_others_and_go_with_their_clients(server, store):
    with server(store, "--timeout", "20") as (client, _):
        with ThreadPoolExecutor(6) as threads:
            running = [threads.submit(_abandoned, client.base_url) for _ in range(6)]
            time.sleep(1)
            seconds = []
            for _ in range(20):
                started = time.monotonic()
                assert client.get("/sparql", params=SIMPLE).status_code == 200
                seconds.append(time.monotonic() - started)
            assert sorted(seconds)[10] < 1
            assert all(future.result() for future in running)
        for _ in range(100):  # nobody waits for the answers any more
            if client.get("/health").json()["busy"] == 0:
                break
            time.sleep(0.1)
        assert client.get("/health").json()["busy"] == 0
    assert _left_beside(store) == []


def _abandoned(base_url: httpx.URL) -> bool:
    try:
        httpx.get(base_url.join("/sparql"), params={"query": RUNAWAY}, timeout=4)
    except httpx.ReadTimeout:
        return True
    return False


def test_a_new_build_is_served(server, store, new_story):
    with server(store) as (client, _):
        ask = {"query": "ASK { ent:Chile kg:hosts ?x }"}
        assert client.get("/sparql", params=ask).json()["boolean"] is False
        first = client.get("/").text
        story = new_story()
        story.entity("Chile", "Country")
        story.says("seeds/peru.txt", "Peru hosts", "Chile", "kg:hosts", "Conference of Defense Ministers")
        write_build(store, story.entities, story.documents(), minter=story.minter)
        for _ in range(100):
            if client.get("/sparql", params=ask).json()["boolean"]:
                break
            time.sleep(0.1)
        assert client.get("/sparql", params=ask).json()["boolean"] is True
        assert "Chile" in client.get("/").text
        assert "Chile" not in first
        assert len(list((_left_beside(store)[0]).iterdir())) == 1


def test_a_killed_server_leaves_nothing_that_the_next_does_not_clear(server, store):
    with server(store) as (client, process):
        children = psutil.Process(process.pid).children(recursive=True)
        assert client.get("/sparql", params=SIMPLE).status_code == 200
        assert len(children) >= 4
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        _, alive = psutil.wait_procs(children, timeout=10)
        assert alive == []
    assert len(_left_beside(store)) == 1
    with server(store) as (client, _):
        assert client.get("/sparql", params=SIMPLE).status_code == 200
        assert len(_left_beside(store)) == 1
    assert _left_beside(store) == []
    open_store(store)


def test_a_writing_server_has_the_store_for_itself(server, store, new_story):
    with server(store, "--writable", KG_TOKEN=TOKEN) as (client, process):
        leave = {"Authorization": f"Bearer {TOKEN}"}
        update = {"update": "INSERT DATA { ent:Chile kg:hosts ent:Fair }"}
        assert client.post("/update", data=update).status_code == 401
        assert client.post("/update", data=update, headers=leave).status_code == 204
        story = new_story()
        with pytest.raises(StoreError, match="another build"):
            write_build(store, story.entities, story.documents())
        second = subprocess.run(
            [sys.executable, "-m", "kg.cli", "serve", "--store", str(store), "--writable", "--port", "1"],
            capture_output=True,
            text=True,
            timeout=30,
            env={**os.environ, "KG_TOKEN": TOKEN},
        )
        assert second.returncode == 2
        process.send_signal(signal.SIGKILL)  # what was answered with success is there all the same
    kept = open_store(store, read_only=True)
    assert kept.query("ASK { <https://kg.example.org/entity/Chile> ?p ?o }")


def test_two_writing_servers_of_one_store(server, store):
    with server(store, "--writable", KG_TOKEN=TOKEN), server(store, "--writable", KG_TOKEN=TOKEN) as (_, second):
        assert second.wait(20) == 2


@pytest.mark.parametrize(
    ("options", "environment", "reason"),
    [
        (("--store", "nowhere"), {}, "no graph store here"),
        (("--host", "no.such.host.invalid"), {}, "cannot be listened on"),
        (("--port", "0"), {}, "--help"),
        (("--writable",), {"KG_TOKEN": "short"}, "too weak"),
    ],
)
def test_wrong_use_is_one_line(store, tmp_path, options, environment, reason):
    done = subprocess.run(
        [sys.executable, "-m", "kg.cli", "serve", "--store", str(store), *options],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, **environment},
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert reason in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def _left_beside(store: Path) -> list[Path]:
    return list(store.parent.glob(f".{store.name}.serving-*"))
