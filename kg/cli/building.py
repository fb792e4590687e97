"""Commands that write the store, and what they have changed: build, withdraw, diff."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.application import (
    STORE,
    DateOption,
    ExtractorOption,
    OntologyOption,
    OpenOption,
    Paths,
    StoreOption,
    WorkersOption,
    app,
)
from kg.console import one_of, say, shown_progress, write

if TYPE_CHECKING:
    from kg.flow import BuildReport


@app.command()
def build(
    paths: Paths,
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder to write into.", metavar="DIR")] = Path(
        "output"
    ),
    base: Annotated[
        str | None, typer.Option(help="Base of the IRIs of entities and documents, ending with /.", metavar="IRI")
    ] = None,
    date: DateOption = None,
    workers: WorkersOption = None,
    extractor: ExtractorOption = None,
    ontology: OntologyOption = None,
    open_: OpenOption = False,
    min_confidence: Annotated[
        float, typer.Option(help="Leave out statements below it, 0 to 1.", min=0, max=1, metavar="X")
    ] = 0.0,
    keep: Annotated[bool, typer.Option("--keep", help="Keep documents that are gone from the given folders.")] = False,
    no_publish: Annotated[bool, typer.Option("--no-publish", help="Write the store alone, no graph.* files.")] = False,
    store: Annotated[
        Path | None,
        typer.Option(
            "--store",
            help="Folder of the store, by default store in --output; or a SPARQL server that the graph is sent to.",
            metavar="DIR|URL",
        ),
    ] = None,
) -> None:
    """Read documents, extract, resolve, store and publish.

    Reads .txt .md .html .pdf .docx .jsonl; writes store/, graph.ttl (facts), graph.trig (everything) and graph.html
    (the network). A document that cannot be read is named, and the rest is built. A second build takes up only what is
    new or changed, and withdraws what is gone from the given folders.

    With --ontology, only its properties are extracted; SHACL shapes in the files refuse what does not fit them.

    \b
    Example:
      kg build seeds -o output
    """
    from kg.flow import build as run

    with shown_progress() as progress:
        report = run(
            paths,
            output,
            base=base,
            date=date,
            workers=workers,
            extractors=extractor or None,
            ontology=ontology or (),
            open=open_,
            min_confidence=min_confidence,
            keep=keep,
            publish=not no_publish,
            store=store,
            stdin=sys.stdin.buffer,
            progress=progress,
        )
    _tell_build(report)
    raise typer.Exit(1 if report.failures or report.refused else 0)


def _tell_build(report: BuildReport) -> None:
    for failure in report.failures:
        say(f"failed: {failure}")
    for refusal in report.refused:
        say(f"refused: {refusal}")
    speed = report.words / report.seconds if report.seconds else 0.0
    say(
        f"documents: {report.read} read, {report.unchanged} unchanged, {report.withdrawn} withdrawn, "
        f"{len(report.failures)} failed"
    )
    say(
        f"entities: {report.entities}, facts: {report.facts}, claims: {report.claims}, "
        f"{report.seconds:.1f} s, {speed:.0f} words/s"
    )


@app.command()
def withdraw(
    documents: Annotated[
        list[str],
        typer.Argument(help="Paths as 'kg build' names them (seeds/peru.txt), or IRIs.", metavar="DOCUMENT..."),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Folder of the graph.* files; by default beside the store.", metavar="DIR"),
    ] = None,
    no_publish: Annotated[bool, typer.Option("--no-publish", help="Leave the graph.* files as they are.")] = False,
    store: StoreOption = STORE,
) -> None:
    """Take documents back, and what only they supported.

    Writes the facts that went to standard output, one a line, and the graph.* files anew. The next build of their
    folder takes them up again.

    \b
    Example:
      kg withdraw seeds/peru-pentagon.txt
    """
    from kg.flow import withdraw as run
    from kg.graph import minter_of, open_store
    from kg.graph.comparing import short_triples
    from kg.graph.remote import remote_url

    if output is None:
        output = store.parent if remote_url(store) is None else STORE.parent
    report = run(documents, output, publish=not no_publish, store=store)
    prefixes = minter_of(open_store(store, read_only=True)).prefixes
    write("".join(f"{line}\n" for line in short_triples(report.facts, prefixes)))
    say(
        f"documents: {len(report.documents)} withdrawn; facts: {len(report.facts)} gone, claims: {report.claims} gone, "
        f"entities: {report.entities} gone"
    )


@app.command()
def diff(
    other: Annotated[Path, typer.Argument(help="Folder of another store, or an RDF file.", metavar="STORE|FILE")],
    format: Annotated[str, typer.Option(help="text or json.", metavar="NAME")] = "text",
    store: StoreOption = STORE,
) -> None:
    """Show the facts and claims gained and lost since another graph.

    \b
    Example:
      kg diff yesterday/graph.trig
    """
    from kg.graph import open_graph
    from kg.graph.comparing import compare

    one_of("--format", format, ("text", "json"))
    found = compare(open_graph(store), open_graph(other))
    write(found.to_json() if format == "json" else found.to_text())
