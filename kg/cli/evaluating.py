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
    store: StoreOption = STORE,
) -> None:
    """Score a build against gold files.

    \b
    Example:
      kg evaluate tests/quality/stories/gold --graph output/graph.trig
    """
    from kg.evaluation.command import run

    one_of("--format", format, ("text", "json", "markdown"))
    write(run(gold, existing(graph) or store, format, missed=missed, spurious=spurious, judged=judged or []))
