"""Keywords that would reach the network are found however they are written, and only where they are keywords."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kg.graph.query_keywords import dataset_files, uses_load, uses_service

NOWHERE = "<http://127.0.0.1:9/>"  # a port that the evaluator refuses to speak HTTP with
PREFIXES = {"ex": "http://ex/", "": "http://127.0.0.1:9/", "SERVICEex": "http://ex/", "trueSERVICE": "http://ex/"}


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ SERVICE {NOWHERE} {{ ?s ?p ?o }} }}",
        f"SELECT * {{ service silent {NOWHERE} {{ }} }}",
        "SELECT * { SERVICE:a { ?s ?p ?o } }",
        "SELECT * { SERVICE:a#{\n{ ?s ?p ?o } }",
        f"SELECT * {{ SERVICESILENT{NOWHERE}{{}} }}",
        f"SELECT * {{ ?s ?p trueSERVICE {NOWHERE} {{ ?s ?p ?o }} }}",
        f"SELECT * {{ ?s ?p 1SERVICE {NOWHERE} {{ ?s ?p ?o }} }}",
        f"SELECT * {{ BIND(1 AS ?a) BIND(2 AS ?b) FILTER(?a<?b)SERVICE#>\n{NOWHERE} {{ ?s ?p ?o }} }}",
        f"SELECT * {{ ?a ?b ?c FILTER(?a<'>' ) SERVICE {NOWHERE} {{ ?s ?p ?o }} FILTER(?b = '') }}",
        f"SELECT * {{ ?s ?p (ex:a'x y') . SERVICE {NOWHERE} {{ ?s ?p ?o }} ?q ?r '' }}",
        f"SELECT * {{ ?s ?p '''a'b\\x''' SERVICE {NOWHERE} {{ }} }}",
        f"CONSTRUCT {{ ?s ?p ?o }} {{ {{ SELECT * {{ SERVICE {NOWHERE} {{ ?s ?p ?o }} }} }} }}",
        f"ASK {{ FILTER NOT EXISTS {{ SERVICE {NOWHERE} {{ ?s ?p ?o }} }} }}",
        "SELECT * { {}SERVICE?x{ ?s ?p ?o } }",
        f"SELECT * {{ ?s ?p 'a'@en--ltrSERVICE {NOWHERE} {{ }} }}",
    ],
)
def test_service_is_found(text):
    assert uses_service(text)


@pytest.mark.parametrize(
    "text",
    [
        'SELECT ?service { ?service rdfs:label "SERVICE <x>" }',
        "SELECT * { ?s rdfs:label '''DROP ALL' SERVICE''' } # SERVICE <urn:x> { }",
        "SELECT * { <urn:SERVICE> ?p kg:SERVICE . ?s ?p 'it\\'s SERVICE <x>' }",
        "SELECT * { <http://x.org/it's/SERVICE> ?p 'a SERVICE <b>' }",
        "PREFIX service: <urn:x:> SELECT * { ?s service:SERVICE ?o FILTER(1<2 && ?s > ?o) }",
        "SELECT * { ?s ?p 'Dienst'@service , '<SERVICE', \"> SERVICE\" , '>' }",
        'INSERT DATA { ex:a ex:b \'LOAD <urn:x>\', <urn:LOAD>, """LOAD\n<x>""" . ?load ex:load ex:payload }',
    ],
)
def test_words_elsewhere_are_none(text):
    assert not uses_service(text)
    assert not uses_load(text)


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <urn:x>",
        "PREFIX ex: <urn:x:> load silent ex:a INTO GRAPH <urn:g>",
        "INSERT DATA { ex:a ex:b '' };LOAD<urn:x>",
        "LOADex:a",
        "CLEAR ALL; # ' \nLOAD#'\n<urn:x>",
    ],
)
def test_load_is_found(text):
    assert uses_load(text)


def test_files_as_datasets():
    assert dataset_files("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }")
    assert dataset_files("PREFIX f: <FILE:///etc/> SELECT * FROM NAMED f:passwd { ?s ?p ?o }")
    assert not dataset_files("SELECT * FROM <urn:g> { ?s ?p 'file:x' }")
    assert not dataset_files("SELECT * { ?from ex:from <file:///x> ; rdfs:label 'FROM' }")


marks = ["<", ">", "'", "''", "'''", '"', '"""', "#", "\n", "(", ")", "{", "}", "\\", "\\'", ".", ";", "||", "=", "^^"]
terms = ["?a", "ex:a", "<http://ex/a>", "'x'", "'>'", "<'>'", "1", "true", "@en", "--ltr", "_:b", "{?s\t?p\t?o}"]
pieces = some.sampled_from([*marks, *terms, "BIND(1\tAS\t?a)", "FILTER(?a<", "OPTIONAL{}"])
calls = some.sampled_from([f"SERVICE {NOWHERE} {{?s ?p ?o}}", f"SERVICE#>\n{NOWHERE}{{}}", "SERVICE:a{?s ?p ?o}"])


@settings(max_examples=300)
@given(some.lists(pieces, max_size=6), calls, some.lists(pieces, max_size=4))
def test_whatever_the_evaluator_takes_for_service_is_found(before, call, after):
    text = f"SELECT * {{ {' '.join(before)}{call}{' '.join(after)} }}"
    for candidate in (text, text.replace(" ", "")[:6] + text[6:]):
        assert uses_service(candidate) or not _reaches_out(candidate)


def _reaches_out(text):
    """Whether evaluating the query tries to speak HTTP (to a port that is never spoken to)."""
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("http://ex/a"), ox.NamedNode("http://ex/a"), ox.Literal("x")))
    try:
        result = store.query(text, prefixes=PREFIXES)
        list(result)
    except OSError:
        return True
    except (SyntaxError, ValueError, RuntimeError):
        return False
    return False
