"""Commands that write the store: build."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.application import DateOption, ExtractorOption, OntologyOption, OpenOption, Paths, WorkersOption, app
from kg.console import say, shown_progress

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
        Path | None, typer.Option("--store", help="Folder of the store; by default store in --output.", metavar="DIR")
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
