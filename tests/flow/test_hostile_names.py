"""Names that try to break out of IRIs, Turtle and HTML, from extractions to all files, without the model."""

from __future__ import annotations

import json
import re
import tempfile
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.flow import publish_files
from kg.graph import open_store, write_build
from kg.model import (
    Attribution,
    Document,
    Extraction,
    Kind,
    Literal,
    LocalEntity,
    Mention,
    RelationMention,
    Span,
    Status,
)
from kg.resolution import resolve
from kg.vocabulary import KG, RDFS, SKOS, XSD, Minter

HOSTILE = (
    "He said \"no\" and 'yes'",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a\u202eb\u200fc\u2066d",
    "} ; DROP ALL # ?x",
    "> . <urn:x> <urn:y> <urn:z",
    "line\nbreak\r\n\ttab",
    "back\\slash \\u0041 \\",
    "...!?",
    "🦙🇵🇪",
    "עברית العربية 中文",
    "%3Cb%3E&lt;&amp;",
    "--> <!-- ]]>",
    "{{ 7 * 7 }} {% raw %} ${x} `y`",
    "\x00\x01\x7f\x85\u2028\ufeff",
    "word " * 3000,
    "ent:Peru",
    "__proto__",
)
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))


def hostile_extraction(path: str, names: list[str], open_relation: str) -> Extraction:
    """One document that is about things of these names; each supports, says, claims something of the next."""
    text = " ".join(names) or "x"
    mentions = [Mention(span=Span(0, 1), head=Span(0, 1), entity=f"e{i}", kind=Kind.NAME) for i, _ in enumerate(names)]
    relations = []
    for i, mention in enumerate(mentions):
        target: list[tuple[str, Mention | Literal]] = [
            ("kg:supports", mentions[(i + 1) % len(mentions)]),
            (f"rel:{open_relation}", mentions[(i + 1) % len(mentions)]),
            ("kg:says", Literal(value=names[i], datatype=XSD.string)),
        ]
        relations += [
            RelationMention(
                subject=mention,
                predicate=predicate,
                object=value,
                sentence=Span(0, len(text)),
                status=Status.CLAIMED if i == 1 else Status.ASSERTED,
                attribution=Attribution(source=mentions[0], cue=None, content=()) if i == 1 else None,
                confidence=0.5,
                extractor="kg.extraction.test",
            )
            for predicate, value in target
        ]
    kinds = ("Person", "Organization", "Event")
    return Extraction(
        document=Document(path=path, text=text, source=path, title=names[0] if names else None),
        sentences=(Span(0, len(text)),),
        entities=tuple(
            LocalEntity(key=f"e{i}", label=name, types=(kinds[i % 3],), named=True, names=(name, *HOSTILE[:2]))
            for i, name in enumerate(names)
        ),
        mentions=tuple(mentions),
        relations=tuple(relations),
    )


def build_of(extraction: Extraction, folder: Path) -> ox.Store:
    resolution = resolve([extraction])
    written = write_build(folder / "store", resolution.entities.values(), [resolution.statements(extraction)])
    for refusal in written.refusals:
        assert "no label" in str(refusal) or "nothing describes" in str(refusal) or "without a name" in str(refusal)
    publish_files(folder / "store", folder)
    return open_store(folder / "store", read_only=True)


class Page(HTMLParser):
    """Collects the scripts and the handlers of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0
        self.images = 0
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.images += tag == "img"
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def page_of(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text("utf-8"))
    return page


def check_files(extraction: Extraction, folder: Path, harmless: Page) -> None:
    store = build_of(extraction, folder)
    expected = {str(quad) for quad in store}
    read_back = ox.Store()
    read_back.bulk_load(path=folder / "graph.trig", format=ox.RdfFormat.TRIG)
    assert {str(quad) for quad in read_back} == expected
    turtle = rdflib.Graph().parse(folder / "graph.ttl", format="turtle")
    assert len(turtle) == sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    for quad in store:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, ox.NamedNode):
                assert not re.search(r'[\x00-\x20<>"{}|^`\\\u200e\u200f\u202a-\u202e\u2066-\u2069]', term.value)
    labels = {
        quad.object.value
        for name in (RDFS.label, SKOS.altLabel)
        for quad in store.quads_for_pattern(None, ox.NamedNode(name), None, ox.DefaultGraph())
        if isinstance(quad.object, ox.Literal)
    }
    assert {entity.label for entity in extraction.entities if entity.label.strip()} <= labels
    page = page_of(folder / "graph.html")
    assert (page.scripts, page.images, page.handlers) == (harmless.scripts, harmless.images, harmless.handlers)


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Page:
    folder = tmp_path_factory.mktemp("harmless")
    build_of(hostile_extraction("a.txt", ["Ana", "Bea", "Lima"], "like"), folder)
    return page_of(folder / "graph.html")


def test_a_harmless_page_has_no_handler(harmless: Page) -> None:
    assert harmless.handlers == []


def test_all_at_once(tmp_path: Path, harmless: Page) -> None:
    check_files(hostile_extraction('we ird/<b>"x"#?&%.txt', list(HOSTILE), "like"), tmp_path, harmless)


@settings(max_examples=25)
@given(path=TEXTS, names=st.lists(TEXTS, min_size=1, max_size=4), open_relation=TEXTS)
def test_any_names(path: str, names: list[str], open_relation: str, harmless: Page) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check_files(hostile_extraction(path, names, open_relation), Path(folder), harmless)


@given(TEXTS)
def test_an_iri_of_a_name_is_one_segment(name: str) -> None:
    minter = Minter()
    local = minter.entity_iri(name, "somewhere").removeprefix(minter.entity)
    assert re.fullmatch(r"[\w\u00b7-]+-[0-9a-f]{6}", local), json.dumps(local)
    ox.NamedNode(minter.document_iri(name))


def test_a_claim_of_a_hostile_name_is_no_fact(tmp_path: Path) -> None:
    store = build_of(hostile_extraction("a.txt", [HOSTILE[5], HOSTILE[1], HOSTILE[2]], "like"), tmp_path)
    supports = list(store.quads_for_pattern(None, ox.NamedNode(KG.supports), None, None))
    assert len(supports) == 2
