"""Hostile names, IRIs, queries and paths; and the table of everything hostile that `docs/security.md` shows."""

# ruff: noqa: S608  # SPARQL that is meant to be hostile
from __future__ import annotations

from collections.abc import Iterator
from random import Random

from hostile_files import EITHER, HOSTILE_FILES, NAMED, READ, Lure

SEED = 20_251_123

NAMES = (
    "Robert'); DROP TABLE Students;--", '"; DROP ALL; #', "} INSERT DATA { <urn:a> <urn:b> <urn:c> } #",
    "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "]]><x>", "--><!--",
    "javascript:alert(1)", "{{7*7}}", "${jndi:ldap://127.0.0.1/x}", "`id`", "$(id)", "| id", "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0", "%s%n%x%d", "%00", "..\\..\\", "../../../etc/passwd", "CON", "NUL", "\\u0027; //",
    "\\", "'", '"', "`", "a\x00b", "\x1b[31mred\x1b[0m", "\u202egnp.exe", "\u2066\u2067\u2069", "a\r\nb\tc",
    "\ufeff\u200b.", "a\u2028b\u2029c", "a\x85b", "\ufffe\uffff", "e\u0301" * 300, "𝔓𝔢𝔯𝔲", "Ｐｅｒｕ", "Реru",
    "ß" * 2_000,
    "word " * 3_000, "_:b0", "<urn:x>", "ent:Peru", "a b c d", "?x", "@en", "^^xsd:date", "__proto__", "constructor",
    "-0", "1e999",
    "null", "#", "?", "/", "//", ".", "..", "%", "%zz", "&lt;&amp;&#x41;", "🦙🇵🇪", "עברית العربية", "ⷦ", "﷽" * 50,
)  # fmt: skip
"""Names of things, documents, sources and relations, as a text or a line of JSON could bring them in."""

IRIS = (
    "", " ", "no iri", "//no/scheme", "http://", "http://[", "http://[::1", "http://a b", "http://a\nb", "http://a>b",
    "http://a> <urn:x> <urn:y> . <urn:z", "http://a{b}", "http://a|b", "http://a^b", "http://a`b", "http://a\\b",
    'http://a"b', "http://a\x00b", "http://a\ud800b", "http://a%zz", "http://a:99999999/", "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>", "file:///etc/passwd", "http://user:pw@127.0.0.1/", "urn:\u202egnp",
    "https://kg.example.org/ontology#sha256", "https://kg.example.org/ontology#NoSuchThing", "_:b0",
)  # fmt: skip
"""IRIs of entities, properties and Wikidata links, as an extension or a given ontology could bring them in."""

PATHS = (
    "../../../../../../etc/passwd", "/etc/shadow", "/dev/zero", "/proc/self/environ", "{folder}/device.txt",
    "{folder}/loop.txt", "{folder}/pipe.txt", "{folder}/gone.txt", "{folder}/folder.txt", "{folder}/a\0.txt",
    "x" * 5_000 + ".txt", "{folder}/" + "y" * 300 + ".txt", "file://{lure}", "{url}", "ftp://127.0.0.1/a.txt",
    "\\\\127.0.0.1\\share\\a.txt", "~root/a.txt", "$(touch {lure}).txt", "`touch {lure}`.txt", "a.txt; touch {lure}",
    "{folder}/*.txt", "%2e%2e%2fetc%2fpasswd", "a\n\x1b[31mb\u202e.txt", "",
)  # fmt: skip
"""What a user or a script could give to `kg build` instead of a document. None of them is one."""


def queries(lure: Lure) -> tuple[str, ...]:
    """Queries that reach out, write, or exhaust; each is answered from the graph alone or refused."""
    read, far = "{ ?s ?p ?o }", f"<{lure.url}>"
    return (
        f"SELECT * {{ SERVICE {far} {read} }}",
        f"SELECT * {{ sErViCe SILENT {far}{read} }}",
        f"SELECT * {{ SERVICE ?g {read} VALUES ?g {{ {far} }} }}",
        f"SELECT * {{ S\\u0045RVICE {far} {read} }}",
        f"SELECT * {{ # comment\rSERVICE {far} {read} }}",
        f"SELECT * {{ ?a ?b ?c FILTER(?a <'>' ) SERVICE {far} {read} #'\n}}",
        f"SELECT * {{ {{ SELECT * {{ OPTIONAL {{ SERVICE {far} {read} }} }} }} }}",
        f"SELECT * FROM {far} {read}",
        f"SELECT * FROM <file://{lure.file}> {read}",
        f"BASE <file://{lure.file}> SELECT * FROM <> {read}",
        f"PREFIX f: <file://{lure.file}> SELECT * FROM f: {read}",
        f"SELECT * FROM NAMED <file://{lure.file}> {{ GRAPH ?g {read} }}",
        f"DESCRIBE {far}",
        f"SELECT (<{lure.url}>(1) AS ?x) {{}}",
        f"LOAD {far}",
        f"# SELECT\nLOAD <file://{lure.file}>",
        f"PREFIX a: <urn:a> LOAD {far} INTO GRAPH <urn:b>",
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "DROP ALL",
        "CLEAR DEFAULT",
        "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        f"SELECT * {read} ; DROP ALL",
        f"SELECT * {read} }} ; DROP ALL ; SELECT * {{",
        "SELECT * {" + "{" * 20_000,
        "SELECT * {" + "{" * 5_000 + "}" * 5_000 + "}",
        "SELECT * { ?s " + "(" * 50_000 + "<urn:a>" + ")" * 50_000 + " ?o }",
        "SELECT (1" + "+1" * 50_000 + " AS ?x) {}",
        "SELECT * { FILTER(" + "!" * 30_000 + "true) }",
        "SELECT * { {}" + " UNION {}" * 20_000 + " }",
        "SELECT (" + "IF(true,1," * 5_000 + "1" + ")" * 5_000 + " AS ?x) {}",
        "SELECT * { " + "FILTER EXISTS { " * 5_000 + "}" * 5_000 + " }",
        'SELECT (REGEX("' + "a" * 64 + '", "(a+)+$") AS ?x) {}',
        'SELECT (REGEX("a", "' + "(" * 3_000 + '") AS ?x) {}',
        'SELECT (REGEX("a", "(a{1,1000}){1,1000}") AS ?x) {}',
        'SELECT (STRLEN(REPLACE("' + "a" * 1_000 + '", "a", "' + "b" * 1_000 + '")) AS ?x) {}',
        "SELECT ?x { VALUES ?x { " + "1 " * 20_000 + "} } LIMIT 1",
        "SELECT * { ?s (<urn:a>*)*/(<urn:b>+)+ ?o } LIMIT 1",
        "a." * 100_000,
        "'''" + '"""' * 50_000,
        "",
        "\x00",
        "\ud800",
        "SELECT",
        "\u202eSELECT * {}",
    )


def file_cases() -> Iterator[tuple[int, int]]:
    """The number of each kind of file, and of each variant of it."""
    for number, kind in enumerate(HOSTILE_FILES):
        yield from ((number, variant) for variant in range(kind.count))


def file_bytes(number: int, variant: int, lure: Lure) -> bytes:
    """One variant of one kind: the same bytes on each run, but for the address of the lure."""
    return HOSTILE_FILES[number].make(Random(f"{SEED}/{number}/{variant}"), lure)


_HAPPENS = {
    READ: "its text is read, nothing else happens",
    NAMED: "named as failed, with its reason",
    EITHER: "its text is read, or it is named as failed; never neither, never both",
}


def rows() -> list[tuple[str, str, int, str]]:
    """The table: family, what, how many inputs, what happens."""
    found = [(kind.family, kind.what, kind.count, _HAPPENS[kind.outcome]) for kind in HOSTILE_FILES]
    lure = Lure("http://127.0.0.1:1/", "/lure")
    found += [
        ("names", "markup, code, formulas, controls, look-alikes, giants as names", len(NAMES),
         "kept letter by letter in every format; text, not markup, in the page; no control character in an IRI"),
        ("IRIs", "broken, foreign, forged IRIs of entities, classes, properties, bases", len(IRIS),
         "refused and reported, or stored as that IRI"),
        ("queries", "reaching out, writing, nesting, exhausting", len(queries(lure)),
         "refused in one line, or answered from the graph alone"),
        ("paths", "devices, pipes, loops, URLs, commands in place of a document", len(PATHS), _HAPPENS[NAMED]),
    ]  # fmt: skip
    return found


def table() -> str:
    """The rows as Markdown, with their sum."""
    lines = ["| family | input | inputs | what happens |", "|---|---|---:|---|"]
    lines += [f"| {family} | {what} | {count} | {happens} |" for family, what, count, happens in rows()]
    return "\n".join([*lines, f"| | all | {sum(count for _, _, count, _ in rows())} | |"]) + "\n"
