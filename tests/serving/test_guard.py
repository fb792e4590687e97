"""Hostile requests: names, origins, sizes, parameters; nothing is let in, nothing is contacted, the server stays."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from starlette.testclient import TestClient

from kg.serving import Settings, create_app
from kg.serving.application import ENDPOINTS

HOSTS = {"query": "SELECT ?who { ?who kg:hosts ?what }"}


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:7878", "127.0.0.1", "127.0.0.1:80", "[::1]:7878", "10.1.2.3", "LOCALHOST", "kg.localhost"],
)
def test_names_of_this_server(client, host):
    assert client.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:7878",
        "localhost.evil.example",
        "127.0.0.1.nip.example",
        "localhost@evil.example",
        "evil.example/localhost",
        "localhost:x",
        "",
        "[::1",
        "127.1.evil",
        "localhost, evil.example",
        "\u00fc",
    ],
)
def test_names_that_another_has_given_it(client, host):
    answer = client.get("/sparql", params=HOSTS, headers={"Host": host.encode("latin-1")})
    assert answer.status_code == 421
    assert "--allow-host" in answer.json()["detail"]


def test_headers_of_safety_are_on_every_answer(client):
    for path in ("/", "/query", "/sparql?query=x", "/nowhere", "/assets/query.js", "/health"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "'unsafe-inline'" not in headers["content-security-policy"].replace("style-src-attr 'unsafe-inline'", "")
        assert "access-control-allow-origin" not in headers
        assert "server" not in headers


def test_other_origins_may_not_ask(client):
    foreign = {"Origin": "https://evil.example"}
    assert "access-control-allow-origin" not in client.get("/sparql", params=HOSTS, headers=foreign).headers
    assert client.post("/sparql", data=HOSTS, headers=foreign).status_code == 403
    assert client.post("/sparql", data=HOSTS, headers={"Origin": "null"}).status_code == 403
    assert client.post("/sparql", data=HOSTS, headers={"Origin": "http://localhost:7878"}).status_code == 200


def test_origins_that_are_allowed(story_dir):
    settings = Settings(store=story_dir, readers=1, origins=("https://friend.example",), hosts=("graph.example",))
    with TestClient(create_app(settings), base_url="http://graph.example") as client:
        friend = {"Origin": "https://friend.example"}
        answer = client.post("/sparql", data=HOSTS, headers=friend)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "https://friend.example")
        assert "Origin" in answer.headers["vary"]
        asked = client.options("/sparql", headers={**friend, "Access-Control-Request-Method": "POST"})
        assert asked.status_code == 204
        assert "POST" in asked.headers["access-control-allow-methods"]
        assert "Authorization" in asked.headers["access-control-allow-headers"]
        assert client.post("/sparql", data=HOSTS, headers={"Origin": "https://evil.example"}).status_code == 403


def test_bodies_that_are_too_large(client):
    kind = {"Content-Type": "application/sparql-query"}
    assert client.post("/sparql", content=b"#" * 10_000_001, headers=kind).status_code == 413

    def pieces():
        for _ in range(200):
            yield b"#" * 100_000

    assert client.post("/sparql", content=pieces(), headers=kind).status_code == 413
    declared = client.post("/sparql", content=b"", headers={**kind, "Content-Length": "99999999999999999999"})
    assert declared.status_code == 413
    assert client.post("/sparql", content=b"x", headers={**kind, "Content-Encoding": "gzip"}).status_code == 415


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/assets/../settings.py", 404),
        ("/assets/%2e%2e%2fsettings.py", 404),
        ("/assets/..%2f..%2fquery.py", 404),
        ("/assets/query.html", 404),
        ("/ask/..%2fwho-holds-role", 404),
        ("/ask/who-holds-role%00", 404),
        ("/explore/__class__", 400),
        ("/explore/document?document=file:///etc/passwd", 400),
        ("/sparql/", 404),
        ("/%ff%fe", 404),
        ("/search?q=%00", 200),
        ("/search?q=a&limit=1e9", 400),
        ("/search?q=a&limit=-1", 400),
        ("/search?q=a&limit=\u0661", 400),
        ("/search", 400),
        ("/search?q=%ed%a0%80", 400),
        ("/ask/said-about?about=%3Cscript%3E", 400),
        ("/ask/said-about?about=a&about=b", 400),
        ("/ask/said-about?unknown=a", 400),
        ("/ask/who-holds-role?on=2025-13-01", 400),
        ("/ask/who-holds-role?on=2025-01-01%22%20%7D%20DROP", 400),
        ("/ask/between?from=ent:Peru", 400),
        ("/ask/between?from=ent:Peru&to=%3Curn:x%3E%20%7D%20%23", 400),
        ("/sparql?" + "&".join(f"a{number}=1" for number in range(2000)), 400),
        ("/store?graph=http://[", 400),
        ("/store?graph=%3Curn:x%3E", 400),
    ],
)
def test_paths_and_parameters(client, path, status):
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    if status != 200:
        assert "\n" not in answer.json()["detail"]
        assert "Traceback" not in answer.text


anything = some.text(max_size=60) | some.binary(max_size=60).map(lambda data: data.decode("latin-1"))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    some.sampled_from([path.replace("{name}", "x") for path in ENDPOINTS if path != "/"]),
    some.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]),
    some.dictionaries(
        some.sampled_from(["query", "update", "graph", "default", "q", "entity", "timeout", "format", "name"]), anything
    ),
    some.dictionaries(
        some.sampled_from(["Accept", "Content-Type", "Authorization", "Origin", "Accept-Language"]),
        some.text(
            alphabet=some.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40
        ),
    ),
    some.binary(max_size=200),
)
def test_any_request_gets_an_answer(client, path, method, parameters, headers, body):
    encoded = {name: value.strip().encode("latin-1") for name, value in headers.items()}
    parameters = {name: value.encode("utf-8", "replace").decode() for name, value in parameters.items()}
    answer = client.request(method, path, params=parameters, headers=encoded, content=body)
    assert answer.status_code < 500, (answer.status_code, answer.text)
    assert "Traceback" not in answer.text
