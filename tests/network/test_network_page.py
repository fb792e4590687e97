from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KGError
from kg.publishing.network import (
    Evidence,
    NetworkData,
    NetworkDocument,
    NetworkEdge,
    NetworkNode,
    as_network,
    network_data,
    page,
    write_view,
)
from kg.publishing.network.page import json_in_html

HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "</script><script>alert(1)</script>",
            "<!--<script>",
            "\"'><img src=x onerror=alert(1)>",
            "</noscript><b onclick=alert(1)>",
            "{{ 7*7 }}{% raw %}",
            "\u202eevil\u2066",
            "\u2028\u2029",
            "' } INSERT DATA { <a> <b> <c> } #",
            "]]>&amp;&lt;",
            "javascript:alert(1)",
        ]
    ),
)


class Outline(HTMLParser):
    """Tags, attributes and text of a page, as a parser sees them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self._open = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = tag
        if tag == "script":
            self.scripts.append("")
        if tag == "style":
            self.styles.append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open == "script":
            self.scripts[-1] += data
        if self._open == "style":
            self.styles[-1] += data


def named(text: str) -> NetworkData:
    """A view in which every string a document can bring is `text`."""
    document = NetworkDocument(
        iri="https://kg.example.org/document/d", title=text, source=text, text=text + " and more"
    )
    evidence = Evidence(
        statement="https://kg.example.org/statement/s", document=document.iri, begin=0, end=len(text), sentence=text,
        attributed_to="https://elsewhere.example/x", attributed_label=text, place=text, time=text,
    )  # fmt: skip
    nodes = tuple(
        NetworkNode(
            iri=f"https://kg.example.org/entity/{n}", label=text, aliases=(text,), types=("http://t.example/T",), x=n,
            overview=(n, 0),
        )
        for n in range(2)
    )  # fmt: skip
    edges = (
        NetworkEdge(
            source=nodes[0].iri, target=nodes[1].iri, property="http://p.example/p", label=text, evidence=(evidence,)
        ),
        NetworkEdge(source=nodes[0].iri, value=text, datatype="", property="http://p.example/p", label=text),
    )
    return NetworkData(
        nodes=nodes, edges=edges, documents=(document,), type_labels={"http://t.example/T": text},
        total_nodes=2, total_edges=2,
    )  # fmt: skip


HARMLESS = Outline(page(named("plain"), title="plain"))


@given(HOSTILE)
@settings(max_examples=80, deadline=None)
def test_no_name_adds_a_tag_an_attribute_or_a_script(text: str) -> None:
    html = page(named(text), title=text or "t")
    html.encode("utf-8")
    outline = Outline(html)

    def shape(of: Outline) -> list[tuple[str, list[str]]]:
        return [(tag, sorted(attributes)) for tag, attributes in of.tags]

    assert shape(outline) == shape(HARMLESS)
    assert outline.scripts[1:] == HARMLESS.scripts[1:]
    data = json.loads(outline.scripts[0])
    label = data["nodes"][0][data["nodeColumns"].index("label")]
    assert label.encode("utf-16", "surrogatepass") == text.encode("utf-16", "surrogatepass")


@given(st.recursive(HOSTILE | st.none() | st.integers(), lambda inner: st.lists(inner, max_size=3)))
def test_json_survives_html(value: object) -> None:
    text = json_in_html(value)
    assert not re.search("[<>&\u2028\u2029\ud800-\udfff]", text)
    assert json.loads(text) == value


def test_the_policy_allows_these_scripts_and_nothing_else(small: ox.Store) -> None:
    html = page(network_data(small))
    outline = Outline(html)
    [policy] = [a["content"] for tag, a in outline.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy
    for content in [*outline.scripts[1:], *outline.styles]:
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_nothing_in_the_page_points_elsewhere(small: ox.Store) -> None:
    outline = Outline(page(network_data(small)))
    addresses = [a.get("src") or a.get("href") for _, a in outline.tags if a.get("src") or a.get("href")]
    assert addresses == ["#panel"]
    assert not [tag for tag, _ in outline.tags if tag in ("link", "iframe", "object", "embed", "img", "base")]
    assert not [a for _, a in outline.tags if any(name.startswith("on") or name == "style" for name in a)]
    assert "sourceMappingURL" not in outline.scripts[1]


def test_offsets_count_utf16_for_the_page(small: ox.Store) -> None:
    data = json.loads(Outline(page(network_data(small))).scripts[0])
    document = next(d for d in data["documents"] if d["title"] == "First story")
    number = data["documents"].index(document)
    column = data["edgeColumns"].index("evidence")
    rows = [row for edge in data["edges"] for row in edge[column] if row[0] == number]
    sentences = {document["text"].encode("utf-16-le")[2 * r[1] : 2 * r[2]].decode("utf-16-le") for r in rows}
    assert sentences == {
        "😀 Lena Brandt, mayor of Aldenburg, met Omar Haddad.",
        "Haddad denies that Corvid Steel closed the mill.",
    }


def test_headline_counts_and_dates(small: ox.Store) -> None:
    html = page(network_data(small), title="The mill & the mayor")
    assert "<title>The mill &amp; the mayor</title>" in html
    for part in ("8 entities", "5 facts", "3 claims, plans and denials", "2 documents", "May to June 2024"):
        assert f"<span>{part}</span>" in html
    assert "the 3 most central of 8 entities" in page(network_data(small, max_nodes=3))


def test_without_javascript_there_is_a_list(small: ox.Store) -> None:
    html = page(network_data(small))
    plain = html[html.index('id="plain"') :]
    assert "<bdi>Aldenburg</bdi> <i>hosts</i> <bdi>river forum</bdi>" in plain
    assert "<em>Denial:</em> <bdi>Corvid Steel</bdi> <i>close</i> <bdi>mill</bdi>" in plain


def test_the_same_store_gives_the_same_bytes(small: ox.Store, tmp_path: Path) -> None:
    write_view(small, tmp_path / "a.html")
    write_view(small, tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_a_file_that_cannot_be_written_is_one_clear_line(small: ox.Store, tmp_path: Path) -> None:
    with pytest.raises(KGError, match=r"nowhere.graph\.html: No such file or directory; give a file"):
        write_view(small, tmp_path / "nowhere" / "graph.html")


def test_the_title_is_what_the_view_is_about(small: ox.Store) -> None:
    assert "<h1><bdi>Lena Brandt</bdi></h1>" in page(network_data(small, about="Brandt"))


def test_pyvis_gets_the_same_data(small: ox.Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = network_data(small)
    network = as_network(data)
    assert len(network.nodes) == len(data.nodes)
    assert len(network.edges) == 7
    assert {edge["label"] for edge in network.edges} >= {"hosts", "close"}
    network.write_html("view.html")
    assert (tmp_path / "view.html").read_text(encoding="utf-8") == page(data)
    assert [path.name for path in tmp_path.iterdir()] == ["view.html"], "pyvis must not unpack its library here"
