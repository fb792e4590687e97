"""Commands that judge a graph: evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.application import STORE, StoreOption, app
from kg.console import existing, one_of, write


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(help="Folder of gold files.", metavar="GOLD_DIR")],
    graph: Annotated[
        Path | None, typer.Option("--graph", help="A graph.trig instead of the store.", metavar="FILE")
    ] = None,
    format: Annotated[str, typer.Option(help="text, json or markdown.", metavar="NAME")] = "text",
    missed: Annotated[
        Path | None, typer.Option(help="Write the missed facts with their sentences here.", metavar="FILE")
    ] = None,
    spurious: Annotated[
        Path | None, typer.Option(help="Write the unmatched plain triples here, to be judged.", metavar="FILE")
    ] = None,
    judged: Annotated[
        list[Path] | None, typer.Option(help="Verdicts on such a list (repeatable).", metavar="FILE")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="Say what is better and worse than in this graph or store.", metavar="PATH")
    ] = None,
    reliability: Annotated[
        Path | None, typer.Option(help="Write a plot of confidence against truth here.", metavar="FILE.svg")
    ] = None,
    store: StoreOption = STORE,
) -> None:
    """Score a build against gold files.

    By document, extractor, property and status.

    \b
    Example:
      kg evaluate tests/quality/stories/gold --graph output/graph.trig
      kg evaluate tests/quality/stories/gold --graph new/graph.trig --against old/graph.trig
    """
    from kg.evaluation.command import run

    one_of("--format", format, ("text", "json", "markdown"))
    if against is not None and format == "markdown":
        raise typer.BadParameter("a comparison is text or json", param_hint="--format")
    report = run(
        gold,
        existing(graph) or store,
        format,
        missed=missed,
        spurious=spurious,
        judged=judged or [],
        against=against,
        reliability=reliability,
    )
    write(report)
