"""The command `kg`: arguments, progress, exit codes. Every subcommand is a thin layer over a Python call.

Exit codes: 0 done; 1 done, but something asked for does not hold; 2 wrong use, or nothing readable.
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg import __version__
from kg.console import Failures, existing, one_of, say, shown_progress, standard_output, unforeseen, write
from kg.errors import KGError, QueryError, QueryTimeout

if TYPE_CHECKING:
    from kg.flow import BuildReport

STORE = Path("output/store")

# Typer brings a click of its own in some versions, so its base of all usage errors has no name to import.
_UsageFault: type[Exception] = typer.BadParameter.__mro__[2]

app = typer.Typer(
    name="kg",
    rich_markup_mode=None,  # rich takes half of the start-up time
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

StoreOption = Annotated[Path, typer.Option("--store", help="Folder of the graph store.", metavar="DIR")]
Paths = Annotated[list[str], typer.Argument(help="Files, folders, or - for standard input.", metavar="PATH...")]
DateOption = Annotated[str | None, typer.Option(help="Day of documents that tell none.", metavar="YYYY-MM-DD")]
WorkersOption = Annotated[
    int | None, typer.Option(help="Processes; by default as many as pay.", min=1, max=256, metavar="N")
]
ExtractorOption = Annotated[
    list[str] | None, typer.Option(help="Run this extractor only (repeatable).", metavar="NAME")
]


def main() -> None:
    """Runs the command line; no traceback reaches a user unless `--debug` is given."""
    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    logging.basicConfig(level=logging.DEBUG if debug else logging.CRITICAL, format="%(name)s: %(message)s")
    if not debug:
        logging.getLogger("kg").setLevel(logging.WARNING)
        warnings.simplefilter("ignore")  # the libraries' notes to programmers
    try:
        code = app(args=arguments, prog_name="kg", standalone_mode=False)
    except _UsageFault as error:
        code = _wrong_use(error)
    except (typer.Abort, KeyboardInterrupt):
        code = 130
    except KGError as error:
        if debug:
            raise
        say(f"kg: {error}")
        code = 1 if isinstance(error, QueryTimeout) else 2
    except Exception as error:
        if debug:
            raise
        say(f"kg: {unforeseen(error)}")
        code = 2
    raise SystemExit(code or 0)


def _wrong_use(error: Exception) -> int:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "kg"
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    message = " ".join(message.split()).rstrip(".")
    message = message[:1].lower() + message[1:]
    say(
        f"{command}: {message} See '{command} --help'"
        if message.endswith("?")
        else f"{command}: {message}; see '{command} --help'"
    )
    return 2


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
    min_confidence: Annotated[
        float, typer.Option(help="Leave out statements below it, 0 to 1.", min=0, max=1, metavar="X")
    ] = 0.0,
    no_publish: Annotated[bool, typer.Option("--no-publish", help="Write the store alone, no graph.* files.")] = False,
    store: Annotated[
        Path | None, typer.Option("--store", help="Folder of the store; by default store in --output.", metavar="DIR")
    ] = None,
) -> None:
    """Read documents, extract, resolve, store and publish.

    Reads .txt .md .html .pdf .docx .jsonl; writes store/, graph.ttl (facts), graph.trig (everything) and graph.html
    (the network). A document that cannot be read is named, and the rest is built.

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
            min_confidence=min_confidence,
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
    say(f"documents: {report.read} read, 0 unchanged, 0 withdrawn, {len(report.failures)} failed")
    say(
        f"entities: {report.entities}, facts: {report.facts}, claims: {report.claims}, "
        f"{report.seconds:.1f} s, {speed:.0f} words/s"
    )


@app.command()
def query(
    text: Annotated[str, typer.Argument(help="A query, or a file that ends with .rq.", metavar="SPARQL|FILE.rq")],
    store: StoreOption = STORE,
    graph: Annotated[
        Path | None, typer.Option("--graph", help="Query this RDF file instead of the store.", metavar="FILE")
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            help="table, json, csv, tsv or xml; turtle or ntriples of CONSTRUCT and DESCRIBE. By default table on a "
            "terminal, else tsv or turtle.",
            metavar="NAME",
        ),
    ] = None,
    timeout: Annotated[
        float | None, typer.Option(help="Seconds after which the query is stopped.", min=0.001, metavar="SECONDS")
    ] = None,
) -> None:
    """Answer a SPARQL query.

    SPARQL 1.1; the prefixes kg: rel: ent: doc: st: and the standard ones are declared. Facts are in the default graph,
    statements with their sentences under GRAPH ?document. Updates are refused.

    \b
    Example:
      kg query 'SELECT ?who ?office { ?who kg:holdsRole ?office }' --format csv
    """
    from kg.graph import FORMATS
    from kg.graph import query as run

    if format is not None:
        one_of("--format", format, FORMATS)
    answer = run(existing(graph) or store, _query_text(text), timeout_seconds=timeout)
    if format is None and sys.stdout.isatty():
        format = "table"
    write(answer.render(format or ("turtle" if answer.form == "triples" else "tsv")))


def _query_text(text: str) -> str:
    if not text.endswith(".rq"):
        return text
    try:
        return Path(text).read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise QueryError(f"{text}: no such file; give a SPARQL query or an existing .rq file") from error
    except UnicodeDecodeError as error:
        raise QueryError(f"{text}: not in UTF-8 (byte {error.start}); save it anew") from error


@app.command()
def export(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File to write; by default standard output.", metavar="FILE")
    ] = None,
    format: Annotated[
        str | None, typer.Option(help="By default from the file's ending, else turtle.", metavar="NAME")
    ] = None,
    facts_only: Annotated[bool, typer.Option("--facts-only", help="Leave statements and documents out.")] = False,
    store: StoreOption = STORE,
) -> None:
    """Write the graph for other tools.

    Formats: turtle, trig, ntriples, nquads, jsonld, rdfxml, graphml, gexf, csv (one row a statement), cypher.

    \b
    Example:
      kg export -o graph.graphml
    """
    from kg.graph import open_store
    from kg.publishing import EXPORTERS, format_of
    from kg.publishing import export as run

    if format is not None:
        one_of("--format", format, tuple(EXPORTERS))
    elif output is not None:
        format_of(output)
    opened = open_store(store, read_only=True)
    if output is not None:
        run(opened, output, format, facts_only=facts_only)
    else:
        with standard_output():
            run(opened, sys.stdout.buffer, format or "turtle", facts_only=facts_only)


@app.command()
def view(
    output: Annotated[Path, typer.Option("-o", "--output", help="HTML file to write.", metavar="FILE.html")] = Path(
        "graph.html"
    ),
    about: Annotated[
        str | None, typer.Option(help="Show what lies around it (label, ent:Name or IRI).", metavar="ENTITY")
    ] = None,
    hops: Annotated[int, typer.Option(help="How many steps around it.", min=1, max=6, metavar="N")] = 1,
    query: Annotated[
        str | None, typer.Option(help="Show the triples of this query.", metavar="CONSTRUCT|FILE.rq")
    ] = None,
    max_nodes: Annotated[
        int, typer.Option(help="Show at most this many, the most central.", min=1, metavar="N")
    ] = 5000,
    store: StoreOption = STORE,
) -> None:
    """Write the network as a page that opens offline.

    \b
    Example:
      kg view -o peru.html --about Peru --hops 2
    """
    from kg.graph import minter_of, open_store
    from kg.publishing.network import write_view

    opened = open_store(store, read_only=True)
    data = write_view(
        opened,
        output,
        about=about,
        hops=hops,
        construct=_query_text(query) if query is not None else None,
        max_nodes=max_nodes,
        base=minter_of(opened).base,
    )
    say(f"{output}: {len(data.nodes)} entities, {len(data.edges)} relations")


@app.command()
def validate(
    shapes: Annotated[
        Path | None, typer.Option(help="Your own SHACL shapes instead of the shipped ones.", metavar="FILE")
    ] = None,
    format: Annotated[str, typer.Option(help="text or turtle.", metavar="NAME")] = "text",
    store: StoreOption = STORE,
) -> None:
    """Check the graph with SHACL; exit 1 on violations.

    \b
    Example:
      kg validate
    """
    from kg.graph import open_store
    from kg.graph.validation import validate as run

    one_of("--format", format, ("text", "turtle"))
    existing(shapes)
    report = run(open_store(store, read_only=True), shapes)
    write(report.to_turtle() if format == "turtle" else report.to_text())
    raise typer.Exit(0 if report.conforms else 1)


@app.command()
def explain(
    what: Annotated[
        str, typer.Argument(help="An entity (label, ent:Name or IRI), or a triple 'S P O'.", metavar="ENTITY|TRIPLE")
    ],
    format: Annotated[str, typer.Option(help="text or json.", metavar="NAME")] = "text",
    store: StoreOption = STORE,
) -> None:
    """Show the sentences behind an entity or a triple.

    Every statement with its sentence, source, status and confidence; of a claim, why it is no fact.

    \b
    Example:
      kg explain 'Peru hosts Conference of Defense Ministers of the Americas'
    """
    from kg.graph import open_store
    from kg.publishing import explain as run

    one_of("--format", format, ("text", "json"))
    explanation = run(open_store(store, read_only=True), what)
    write(explanation.to_json() if format == "json" else explanation.to_text())


@app.command()
def stats(
    format: Annotated[str, typer.Option(help="text or json.", metavar="NAME")] = "text",
    store: StoreOption = STORE,
) -> None:
    """Count what the graph holds.

    Documents, entities, facts and claims by property and source; the most central entities.

    \b
    Example:
      kg stats --format json
    """
    from kg.graph import open_store
    from kg.publishing import stats as run

    one_of("--format", format, ("text", "json"))
    result = run(open_store(store, read_only=True))
    write(result.to_json() if format == "json" else result.to_text())


@app.command()
def annotate(
    paths: Paths,
    format: Annotated[str, typer.Option(help="json (one document a line) or conllu.", metavar="NAME")] = "json",
    date: DateOption = None,
) -> None:
    """Show what the language model sees.

    Sentences, tokens, lemmas, trees, names, values. A .conllu file keeps its sentences and tokens.

    \b
    Example:
      kg annotate seeds/peru-pentagon.txt --format conllu
    """
    from kg.annotation import to_conllu, to_json
    from kg.flow import annotate_documents

    one_of("--format", format, ("json", "conllu"))
    failures = Failures()
    for item in annotate_documents(paths, date=date, stdin=sys.stdin.buffer, failed=failures.tell):
        write(to_conllu(item) if format == "conllu" else json.dumps(to_json(item), ensure_ascii=False) + "\n")
    raise typer.Exit(failures.exit_code)


@app.command()
def extract(
    paths: Paths,
    format: Annotated[str, typer.Option(help="jsonl, the only one.", metavar="NAME")] = "jsonl",
    date: DateOption = None,
    extractor: ExtractorOption = None,
    workers: WorkersOption = None,
) -> None:
    """Write statements as JSON Lines, without a store.

    \b
    Example:
      kg extract seeds/peru-pentagon.txt
    """
    from kg.flow import check_extractors, extract_documents, read_documents
    from kg.publishing.extraction_json import to_json_lines
    from kg.resolution import resolve

    one_of("--format", format, ("jsonl",))
    check_extractors(extractor)
    failures = Failures()
    documents = read_documents(paths, date=date, stdin=sys.stdin.buffer, failed=failures.tell)
    for extraction in extract_documents(documents, workers=workers, extractors=extractor or None, failed=failures.tell):
        write("".join(f"{line}\n" for line in to_json_lines(extraction, resolve([extraction]))))
    raise typer.Exit(failures.exit_code)


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


if __name__ == "__main__":
    main()
