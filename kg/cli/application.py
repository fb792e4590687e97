"""The Typer application that the modules of commands register with, and the options they share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg import __version__

STORE = Path("output/store")

app = typer.Typer(
    name="kg",
    rich_markup_mode=None,  # rich takes half of the start-up time
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

StoreOption = Annotated[
    Path, typer.Option("--store", help="Folder of the graph store, or URL of a SPARQL server.", metavar="DIR|URL")
]
Paths = Annotated[list[str], typer.Argument(help="Files, folders, or - for standard input.", metavar="PATH...")]
DateOption = Annotated[str | None, typer.Option(help="Day of documents that tell none.", metavar="YYYY-MM-DD")]
WorkersOption = Annotated[
    int | None, typer.Option(help="Processes; by default as many as pay.", min=1, max=256, metavar="N")
]
OntologyOption = Annotated[
    list[Path] | None,
    typer.Option("--ontology", help="Extract to its classes and properties (repeatable).", metavar="FILE"),
]
OpenOption = Annotated[bool, typer.Option("--open", help="With --ontology: our own properties and open relations too.")]
ExtractorOption = Annotated[
    list[str] | None, typer.Option(help="Run this extractor only (repeatable).", metavar="NAME")
]


def _version(value: bool) -> None:
    if value:
        typer.echo(f"kg {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _global(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Text in, a knowledge graph out: every triple leads to the sentence it came from.

    \b
    Example:
      kg build seeds
      kg query 'SELECT ?who ?office { ?who kg:holdsRole ?office }'
      kg explain ent:Peru

    Exit codes: 0 done; 1 done, but something asked for does not hold; 2 wrong use, or nothing readable. Add --debug to
    any command to see where an error comes from.
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)
