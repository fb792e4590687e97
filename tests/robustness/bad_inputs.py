"""Bad input to each command: what is given, what is said, how it ends. Every row is run; the manual shows the table."""

# ruff: noqa: E501  # a table
from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hostile_files import pdf, word, zipped

from kg.vocabulary import ONTOLOGY_IRI

GOOD = "Peru hosts the talks.\n"
GERMAN = (
    "Die Minister der Region trafen sich am Montag in Lima, um über die Zusammenarbeit zu sprechen. Der Sprecher sagte, dass "
    "die Konferenz auch für das Land wichtig ist."
)


@dataclass(frozen=True)
class BadInput:
    """`command` runs in a folder made by `make`; `{store}` is a small store. `said` is part of its one line.

    With `built`, the good document beside the bad one is built.
    """

    given: str
    command: str
    said: str
    code: int
    make: Callable[[Path], object] = lambda folder: None
    built: bool = False
    stdin: bytes = b""


def file(name: str, content: bytes | str = b"") -> Callable[[Path], object]:
    data = content.encode() if isinstance(content, str) else content
    return lambda folder: (folder / name).write_bytes(data)


def beside(name: str, content: bytes | str = b"") -> Callable[[Path], object]:
    """A bad file and a good one in the folder `news`."""

    def make(folder: Path) -> None:
        (folder / "news").mkdir()
        file(f"news/{name}", content)(folder)
        file("news/good.txt", GOOD)(folder)

    return make


def sparse(name: str, size: int) -> Callable[[Path], object]:
    def make(folder: Path) -> None:
        with (folder / name).open("wb") as stream:
            stream.truncate(size)

    return make


def two_folders(folder: Path) -> None:
    for parent in "ab":
        (folder / parent / "news").mkdir(parents=True)
        (folder / parent / "news" / f"{parent}.txt").write_text(GOOD)


def broken_store(folder: Path) -> None:
    (folder / "store").mkdir()
    (folder / "store" / "CURRENT").write_text("MANIFEST-000001\n")


def shape(lines: str) -> str:
    return f"@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix kg: <{ONTOLOGY_IRI}> .\n{lines}"


ROW = json.dumps({"id": "a", "text": GOOD})
PEOPLE_ARE_BORN = shape(
    "<urn:s> a sh:NodeShape ; sh:targetClass kg:Person ; sh:property [ sh:path kg:bornOn ; sh:minCount 1 ] ."
)
NO_FORMAT = "give one of .txt .md .html .pdf .docx .jsonl"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p }"

BAD_INPUTS = (
    BadInput("no path", "build", "missing argument 'PATH...'; see 'kg build --help'", 2),
    BadInput("a path that is not there", "build gone.txt", "gone.txt: no such file or folder; check the path", 2),
    BadInput("an address of the web", "build https://example.org/a.html", "save the page", 2),
    BadInput("a folder without documents", "build empty", "no document in this folder", 2,
             lambda folder: (folder / "empty").mkdir()),
    BadInput("a format that is not known", "build a.xyz", NO_FORMAT, 2, file("a.xyz", GOOD)),
    BadInput("an empty file", "build a.txt", "a.txt: empty; nothing to read", 2, file("a.txt")),
    BadInput("blanks and line ends alone", "build a.txt", "empty, no text in it; nothing to read", 2, file("a.txt", " \n")),
    BadInput("an empty file among good ones", "build news", "news/a.txt: empty; nothing to read", 1, beside("a.txt"), True),
    BadInput("nothing on standard input", "build -", "stdin: empty; nothing to read", 2),
    BadInput("binary data named .txt", "build a.txt", "binary data, not text", 2, file("a.txt", bytes(range(256)) * 9)),
    BadInput("broken UTF-8", "build a.txt", "broken UTF-8 at byte 9; save it as UTF-8", 2,
             file("a.txt", b"Per\xc3\xba is \xc3")),
    BadInput("an archive named .txt", "build a.txt", "not text but a zip archive or Office file", 2,
             file("a.txt", zipped({"a": b"b"}))),
    BadInput("a file of more than 64 MiB", "build a.txt", "larger than 64 MiB; split it", 2, sparse("a.txt", 64 << 20 | 1)),
    BadInput("a text of more than ten million characters", "build a.txt", "longer than 10,000,000 characters; split it", 2,
             file("a.txt", b"a" * 10_000_001)),
    BadInput("a PDF cut off", "build a.pdf", "truncated PDF, its end is missing; get the whole file", 2,
             file("a.pdf", pdf()[:300])),
    BadInput("a scanned PDF", "build a.pdf", "a.pdf: no text layer; run OCR first", 2,
             file("a.pdf", pdf(stream=b"0 0 m 9 9 l S"))),
    BadInput("a Word document of the old format", "build a.docx", "encrypted or in the old .doc format; save it as .docx", 2,
             file("a.docx", b"\xd0\xcf\x11\xe0" * 99)),
    BadInput("a Word document that unpacks to too much", "build a.docx", "(zip bomb?)", 2,
             file("a.docx", word(more=bytes(30_000_000)))),
    BadInput("a Word document cut off", "build a.docx", "truncated; get the whole file", 2, file("a.docx", word()[:9_000])),
    BadInput("a broken line of JSON Lines", "build news", "news/a.jsonl:2: broken JSON at column 8", 1,
             beside("a.jsonl", f'{ROW}\n{{"id": \n'), True),
    BadInput("an `id` for the second time", "build news", "id 'a' repeats line 1; give each line an id of its own", 1,
             beside("a.jsonl", f"{ROW}\n{ROW}\n"), True),
    BadInput("a line without `text`", "build news", "news/a.jsonl:1: no 'text'", 1, beside("a.jsonl", '{"id": "a"}'), True),
    BadInput("a date that is none", "build news", "date '2025-02-30' is not a day; write it as YYYY-MM-DD", 1,
             beside("a.jsonl", '{"id": "a", "text": "x", "date": "2025-02-30"}'), True),
    BadInput("JSON over many lines", "build a.jsonl", "one JSON value over many lines", 2, file("a.jsonl", "[\n" + ROW + "]")),
    BadInput("two folders of one name", "build a/news b/news", "another given folder is named 'news'; rename one", 1,
             two_folders, True),
    BadInput("a text that is not in English", "build a.txt",
             "a.txt: written in German, so no statements are read from it; translate it to have some", 0,
             file("a.txt", GERMAN), True),
    BadInput("a day that is none", "build a.txt --date 5.5.", "date '5.5.' is not a day; write it as YYYY-MM-DD", 2,
             file("a.txt", GOOD)),
    BadInput("a base that is no IRI", "build a.txt --base news", "base news: no base IRI; give one like", 2, file("a.txt", GOOD)),
    BadInput("an extractor that is not there", "build a.txt --extractor rolls", "extractor rolls: unknown; choose from", 2,
             file("a.txt", GOOD)),
    BadInput("a confidence above 1", "build a.txt --min-confidence 2", "--min-confidence", 2, file("a.txt", GOOD)),
    BadInput("a file where the folder should be", "build a.txt -o a.txt", "cannot be written", 2, file("a.txt", GOOD)),
    BadInput("no such path beside a good one", "extract gone.txt a.txt", "gone.txt: no such file or folder", 1,
             file("a.txt", GOOD)),
    BadInput("an unknown format", "extract a.txt --format xml", "--format xml: unknown; choose from jsonl", 2),
    BadInput("CoNLL-U with too few columns", "annotate a.conllu", "a.conllu: ", 2, file("a.conllu", "1\ttoo\tfew\n\n")),
    BadInput("no store", "query 'ASK {}'", "output/store: no graph store here; make one with 'kg build'", 2),
    BadInput("a damaged store", "query 'ASK {}' --store store", "store: the store cannot be opened", 2, broken_store),
    BadInput("a server that does not answer", "query 'ASK {}' --store http://127.0.0.1:1", "http://127.0.0.1:1: not reached", 2),
    BadInput("an endpoint that is no URL", "query 'ASK {}' --endpoint nonsense", "--endpoint nonsense: no URL; give one like", 2),
    BadInput("a server that does not answer", "build a.txt --store http://127.0.0.1:1", "http://127.0.0.1:1: not reached", 2, file("a.txt", GOOD)),
    BadInput("shards without a folder", "export --shards 2 --store {store}", "--shards: name the folder to write into with -o", 2),
    BadInput("a document that is not in the graph", "withdraw gone.txt --store {store}", "not made by a build whose extractions are kept", 2),
    BadInput("another graph that is not there", "diff gone --store {store}", "gone: no graph store here", 2),
    BadInput("an error of syntax", "query 'SELECT ?x {' --store {store}", "query: error at 1:12", 2),
    BadInput("an update", "query 'DROP ALL' --store {store}", "DROP would change the graph", 2),
    BadInput("another server", "query 'ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }' --store {store}",
             "SERVICE would reach the network", 2),
    BadInput("a file as graph", "query 'SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }' --store {store}",
             "FROM <file:...> would read a file", 2),
    BadInput("brackets without end", f"query 'ASK {'{' * 200}' --store {{store}}",
             "query: brackets more than 100 deep; ask in parts", 2),
    BadInput("a query file that is not there", "query gone.rq", "gone.rq: no such file", 2),
    BadInput("a query file that is not in UTF-8", "query a.rq", "a.rq: not in UTF-8 (byte 0); save it anew", 2,
             file("a.rq", b"\xe9")),
    BadInput("more work than time", f"query '{CROSS}' --timeout 0.5 --store {{store}}", "query: stopped after 0.5 s", 1),
    BadInput("a format that does not fit", "query 'ASK {}' --format turtle --store {store}", "it needs CONSTRUCT or DESCRIBE", 2),
    BadInput("a graph file that is no RDF", "query 'ASK {}' --graph a.ttl", "a.ttl: no valid RDF", 2, file("a.ttl", "nonsense")),
    BadInput("a question that nobody wrote", "query --canned nonsense --store {store}", "nonsense", 2),
    BadInput("an ending without a format", "export -o graph.doc --store {store}", "graph.doc: no format has this ending", 2),
    BadInput("a place that cannot be written", "export -o a.txt/graph.ttl --store {store}", "cannot be written", 2, file("a.txt")),
    BadInput("an entity that is not there", "view --about Peruu --store {store}", "Peruu", 2),
    BadInput("an entity that is not there", "explain Perru --store {store}", "did you mean Peru?", 2),
    BadInput("shapes that are no RDF", "validate --shapes a.ttl --store {store}", "a.ttl: no valid RDF", 2, file("a.ttl", "x")),
    BadInput("a graph that breaks the shapes", "validate --shapes a.ttl --store {store}", "", 1, file("a.ttl", PEOPLE_ARE_BORN)),
    BadInput("no gold", "evaluate gone --store {store}", "gone: no such folder", 2),
    BadInput("a command that does not exist", "bild", "no such command 'bild'. Did you mean 'build'?", 2),
    BadInput("an option that does not exist", "stats --nonsense", "no such option: --nonsense", 2),
)  # fmt: skip


def table() -> str:
    """The rows as Markdown."""
    lines = ["| command | given | said | exit |", "|---|---|---|---:|"]
    for row in BAD_INPUTS:
        said = f"`{row.said}`" if row.said else "the report names each"
        said += "; the rest is built" if row.built and row.code else ""
        lines.append(f"| `kg {row.command.split()[0]}` | {row.given} | {said} | {row.code} |")
    return "\n".join(lines) + "\n"
