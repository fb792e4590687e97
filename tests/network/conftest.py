"""A small store, written by hand, with one of each thing the view has to show."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pyoxigraph as ox
import pytest
from chromium import Opener, found_browser
from playwright.sync_api import Browser, sync_playwright

PREFIXES = """
@prefix kg: <https://kg.example.org/ontology#> .
@prefix rel: <https://kg.example.org/relation/> .
@prefix ent: <https://kg.example.org/entity/> .
@prefix doc: <https://kg.example.org/document/> .
@prefix st: <https://kg.example.org/statement/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .
@prefix wd: <http://www.wikidata.org/entity/> .
"""

FIRST = "😀 Lena Brandt, mayor of Aldenburg, met Omar Haddad. Haddad denies that Corvid Steel closed the mill."
SECOND = "Brandt plans to visit Corvid Steel. Aldenburg hosts the river forum on 3 June 2024."


def statement(name: str, document: str, text: str, sentence: str, triple: str, manner: str = "", **extra: str) -> str:
    """TriG of one statement with its span, in the graph of `document`."""
    begin = text.index(sentence)
    end = begin + len(sentence)
    manner = manner or "kg:Asserted kg:Actual kg:Positive"
    status, modality, polarity = manner.split()
    subject, predicate, obj = triple.split(" ", 2)
    more = "".join(f" ; kg:{key} {value}" for key, value in extra.items())
    return f"""
    {document} {{
      st:{name} a kg:Statement ; rdf:subject {subject} ; rdf:predicate {predicate} ; rdf:object {obj} ;
        kg:status {status} ; kg:modality {modality} ; kg:polarity {polarity} ; kg:confidence 0.9{more} ;
        kg:extractor "kg.extraction.test" ; prov:wasDerivedFrom <{iri_of(document)}#char={begin},{end}> .
      <{iri_of(document)}#char={begin},{end}> a nif:Sentence ; nif:beginIndex {begin} ; nif:endIndex {end} ;
        nif:anchorOf "{sentence}" .
    }}"""


def iri_of(document: str) -> str:
    return document.replace("doc:", "https://kg.example.org/document/")


def small_trig() -> str:
    meeting, denial = FIRST.split(". ", 1)
    meeting += "."
    visit, forum = SECOND.split(". ", 1)
    visit += "."
    return (
        PREFIXES
        + f"""
    ent:LenaBrandt a kg:Person ; rdfs:label "Lena Brandt" ; skos:altLabel "Brandt" ;
      kg:mentionedIn doc:one.txt, doc:two.txt ; kg:holdsRole ent:Mayor ; kg:meetsWith ent:OmarHaddad .
    ent:OmarHaddad a kg:Person ; rdfs:label "Omar Haddad" ; kg:mentionedIn doc:one.txt ; kg:meetsWith ent:LenaBrandt .
    ent:Mayor a kg:Role ; rdfs:label "mayor" ; kg:mentionedIn doc:one.txt ; kg:roleIn ent:Aldenburg .
    ent:Aldenburg a kg:City, kg:Place ; rdfs:label "Aldenburg" ; owl:sameAs wd:Q99 ;
      kg:mentionedIn doc:one.txt, doc:two.txt ; kg:hosts ent:RiverForum .
    ent:RiverForum a kg:Event ; rdfs:label "river forum" ; kg:mentionedIn doc:two.txt ;
      kg:occursOn "2024-06-03"^^xsd:date .
    ent:CorvidSteel a kg:Organization ; rdfs:label "Corvid Steel" ; kg:mentionedIn doc:one.txt .
    ent:Mill a kg:Facility ; rdfs:label "mill" ; kg:mentionedIn doc:one.txt .
    ent:Bystander a kg:Person ; rdfs:label "Bystander" ; kg:mentionedIn doc:two.txt .
    rel:close a rdf:Property, kg:OpenRelation ; rdfs:label "close" .
    doc:one.txt {{ doc:one.txt a kg:Document ; dcterms:title "First story" ; dcterms:issued "2024-05-01"^^xsd:date ;
      dcterms:source "one.txt" ; nif:isString "{FIRST}" . }}
    doc:two.txt {{ doc:two.txt a kg:Document ; dcterms:title "Second story" ; dcterms:issued "2024-06-01"^^xsd:date ;
      dcterms:source "two.txt" ; nif:isString "{SECOND}" . }}
    """
        + statement("role", "doc:one.txt", FIRST, meeting, "ent:LenaBrandt kg:holdsRole ent:Mayor")
        + statement("rolein", "doc:one.txt", FIRST, meeting, "ent:Mayor kg:roleIn ent:Aldenburg")
        + statement("meets", "doc:one.txt", FIRST, meeting, "ent:LenaBrandt kg:meetsWith ent:OmarHaddad")
        + statement(
            "closed", "doc:one.txt", FIRST, denial, "ent:CorvidSteel rel:close ent:Mill",
            "kg:Claimed kg:Actual kg:Negative", attributedTo="ent:OmarHaddad",
        )
        + statement(
            "charge", "doc:one.txt", FIRST, denial, "ent:CorvidSteel rel:close ent:Mill",
            "kg:Claimed kg:Actual kg:Positive", time='"2024-04"^^xsd:gYearMonth',
        )
        + statement(
            "visit", "doc:two.txt", SECOND, visit, "ent:LenaBrandt kg:visits ent:CorvidSteel",
            "kg:Asserted kg:Planned kg:Positive",
        )
        + statement(
            "hosts", "doc:two.txt", SECOND, forum, "ent:Aldenburg kg:hosts ent:RiverForum", place="ent:Aldenburg"
        )
        + statement("date", "doc:two.txt", SECOND, forum, 'ent:RiverForum kg:occursOn "2024-06-03"^^xsd:date')
    )  # fmt: skip


def store_of(trig: str) -> ox.Store:
    store = ox.Store()
    store.load(trig.encode("utf-8"), format=ox.RdfFormat.TRIG)
    return store


@pytest.fixture(scope="session")
def small() -> ox.Store:
    """Seven connected entities and one bystander; a fact, a claim, a plan and a denial in two documents."""
    return store_of(small_trig())


@pytest.fixture(scope="session")
def load() -> Callable[[str], ox.Store]:
    """Makes a store of TriG that uses the usual prefixes."""
    return lambda trig: store_of(PREFIXES + trig)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium: of the system, of playwright, or the one that `KG_BROWSER` names.

    Where there is none these tests are skipped, on CI they fail.
    """
    with sync_playwright() as playwright:
        path = found_browser(playwright)
        if path is None:
            missing = "no Chromium: apt install chromium, or playwright install chromium, or name one in KG_BROWSER"
            (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Opener]:
    """Opens a file; at the end no tab may have asked for anything, complained or shown a dialog."""
    opener = Opener(browser)
    yield opener
    for tab in opener.tabs:
        tab.assert_quiet()
        tab.page.context.close()
