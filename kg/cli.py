"""The command `kg`: arguments, progress, exit codes. Every subcommand is a thin layer over a Python call.

Exit codes: 0 done; 1 done, but something asked for does not hold; 2 wrong use, or nothing readable.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg import __version__
from kg.errors import KGError, QueryTimeout

if TYPE_CHECKING:
    from kg.flow import BuildReport

STORE = Path("output/store")

app = typer.Typer(
    name="kg",
    help="Text in, a knowledge graph out: every triple leads to the sentence it came from.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

StoreOption = Annotated[Path, typer.Option("--store", help="Folder of the graph store.", metavar="DIR")]
Paths = Annotated[list[str], typer.Argument(help="Files, folders, or - for standard input.", metavar="PATH...")]


def main() -> None:
    """Runs the command line; no traceback reaches a user unless `--debug` is given."""
    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    logging.basicConfig(level=logging.DEBUG if debug else logging.ERROR, format="%(name)s: %(message)s")
    try:
        app(args=arguments, standalone_mode=True)
    except KGError as error:
        if debug:
            raise
        print(f"kg: {error}", file=sys.stderr)  # noqa: T201
        raise SystemExit(1 if isinstance(error, QueryTimeout) else 2) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:  # noqa: BLE001  # the outermost edge: a user gets one line
        if debug:
            raise
        print(f"kg: {type(error).__name__}: {' '.join(str(error).split())}; run again with --debug", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None


def _version(value: bool) -> None:
    if value:
        typer.echo(f"kg {__version__}")
        raise typer.Exit


@app.callback()
def _global(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Text in, a knowledge graph out: every triple leads to the sentence it came from.

    Start with:  kg build seeds  then  kg view, kg query, kg explain. Add --debug to any command for a traceback.
    """


@app.command()
def build(
    paths: Paths,
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder to write into.")] = Path("output"),
    base: Annotated[str | None, typer.Option(help="Base IRI of entities and documents, ending with /.")] = None,
    date: Annotated[str | None, typer.Option(help="Day of documents that tell none, YYYY-MM-DD.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; by default as many as pay.", min=1)] = None,
    extractor: Annotated[list[str] | None, typer.Option(help="Run this extractor only (repeatable).")] = None,
    min_confidence: Annotated[float, typer.Option(help="Leave out statements below it.", min=0, max=1)] = 0.0,
    no_publish: Annotated[bool, typer.Option("--no-publish", help="Write the store alone, no graph.* files.")] = False,
    store: Annotated[Path | None, typer.Option("--store", help="Folder of the store.", metavar="DIR")] = None,
) -> None:
    """Read documents, extract, resolve, store and publish.

    Example:  kg build seeds -o output
    """
    from kg.flow import build as run

    if base is not None and not base.endswith("/"):
        raise KGError(f"--base {base}: a base IRI ends with /")
    _known_extractors(extractor)
    with _progress() as progress:
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
        typer.echo(f"failed: {failure}", err=True)
    for refusal in report.refused:
        typer.echo(f"refused: {refusal}", err=True)
    speed = report.words / report.seconds if report.seconds else 0.0
    typer.echo(f"documents: {report.read} read, 0 unchanged, 0 withdrawn, {len(report.failures)} failed", err=True)
    typer.echo(
        f"entities: {report.entities}, facts: {report.facts}, claims: {report.claims}, "
        f"{report.seconds:.1f} s, {speed:.0f} words/s",
        err=True,
    )


def _known_extractors(names: list[str] | None) -> None:
    if names:
        from kg.extraction import EXTRACTORS

        for name in names:
            if name not in EXTRACTORS:
                raise KGError(f"--extractor {name}: unknown; choose from {', '.join(EXTRACTORS)}")


@app.command()
def query(
    text: Annotated[str, typer.Argument(help="A SPARQL query, or a file that ends with .rq.", metavar="SPARQL|FILE.rq")],
    store: StoreOption = STORE,
    graph: Annotated[Path | None, typer.Option("--graph", help="Query this RDF file instead of the store.")] = None,
    format: Annotated[str | None, typer.Option("--format", help="table, json, csv, tsv, xml, turtle or ntriples.")] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds after which the query is ended.", min=0.001)] = None,
) -> None:
    """Run a SPARQL 1.1 query; prefixes kg: rel: ent: doc: st: and the standard ones are declared.

    Example:  kg query 'SELECT ?who ?office { ?who kg:holdsRole ?office }'
    """
    from kg.graph import query as run

    if text.endswith(".rq"):
        path = Path(text)
        if not path.is_file():
            raise KGError(f"{text}: no such file; give a SPARQL query or an existing .rq file")
        text = path.read_text(encoding="utf-8")
    answer = run(graph or store, text, timeout_seconds=timeout)
    if format is None:
        format = ("table" if sys.stdout.isatty() else "tsv") if answer.form != "triples" else "turtle"
    _write_bytes(answer.render(format))


@app.command()
def export(
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write; standard output when not given.")] = None,
    format: Annotated[str | None, typer.Option("--format", help="By default from the file's ending.")] = None,
    facts_only: Annotated[bool, typer.Option("--facts-only", help="Leave statements, documents and evidence out.")] = False,
    store: StoreOption = STORE,
) -> None:
    """Write the graph for other tools: turtle, trig, ntriples, nquads, jsonld, rdfxml, graphml, gexf, csv, cypher.

    Example:  kg export -o graph.graphml
    """
    from kg.graph import open_store
    from kg.publishing import export as run

    opened = open_store(store, read_only=True)
    if output is not None:
        run(opened, output, format, facts_only=facts_only)
    else:
        run(opened, sys.stdout.buffer, format or "turtle", facts_only=facts_only)


@app.command()
def view(
    output: Annotated[Path, typer.Option("-o", "--output", help="HTML file to write.")] = Path("graph.html"),
    about: Annotated[str | None, typer.Option(help="Show what lies around this entity (label, ent:Name or IRI).")] = None,
    hops: Annotated[int, typer.Option(help="How many steps around it.", min=1, max=6)] = 1,
    query: Annotated[str | None, typer.Option(help="Show the triples of this CONSTRUCT query.")] = None,
    max_nodes: Annotated[int, typer.Option(help="Show at most this many, the most central.", min=1)] = 5000,
    store: StoreOption = STORE,
) -> None:
    """Write the interactive network: one HTML file that opens offline.

    Example:  kg view -o peru.html --about Peru --hops 2
    """
    from kg.graph import open_store
    from kg.publishing.network import write_view

    data = write_view(
        open_store(store, read_only=True), output, about=about, hops=hops, construct=query, max_nodes=max_nodes
    )
    typer.echo(f"{output}: {len(data.nodes)} nodes, {len(data.edges)} edges", err=True)


@app.command()
def validate(
    shapes: Annotated[Path | None, typer.Option(help="Your own SHACL shapes instead of the shipped ones.")] = None,
    format: Annotated[str, typer.Option("--format", help="text or turtle.")] = "text",
    store: StoreOption = STORE,
) -> None:
    """Check the graph with SHACL; exit 1 on violations.

    Example:  kg validate
    """
    from kg.graph import open_store
    from kg.graph.validation import validate as run

    _one_of("--format", format, ("text", "turtle"))
    report = run(open_store(store, read_only=True), shapes)
    _write_bytes((report.to_turtle() if format == "turtle" else report.to_text()).encode())
    raise typer.Exit(0 if report.conforms else 1)


@app.command()
def explain(
    what: Annotated[str, typer.Argument(help="An entity (label, ent:Name or IRI), or a triple 'S P O'.")],
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    store: StoreOption = STORE,
) -> None:
    """Show every statement behind an entity or a triple: sentence, source, status, confidence; why a claim is no fact.

    Example:  kg explain 'ent:Peru kg:hosts ent:ConferenceOfDefenseMinisters'
    """
    from kg.graph import open_store
    from kg.publishing.explaining import explain as run

    _one_of("--format", format, ("text", "json"))
    explanation = run(open_store(store, read_only=True), what)
    _write_bytes((explanation.to_json() if format == "json" else explanation.to_text()).encode())


@app.command()
def stats(
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    store: StoreOption = STORE,
) -> None:
    """Count documents, entities, facts and claims; list the most connected entities.

    Example:  kg stats
    """
    from kg.graph import open_store
    from kg.publishing.statistics import stats as run

    _one_of("--format", format, ("text", "json"))
    result = run(open_store(store, read_only=True))
    _write_bytes((result.to_json() if format == "json" else result.to_text()).encode())


@app.command()
def annotate(
    paths: Paths,
    format: Annotated[str, typer.Option("--format", help="json (one document a line) or conllu.")] = "json",
    date: Annotated[str | None, typer.Option(help="Day of documents that tell none, YYYY-MM-DD.")] = None,
) -> None:
    """Show what the language model sees: sentences, tokens, trees, names, values; .conllu files keep their tokens.

    Example:  kg annotate seeds/peru-pentagon.txt --format conllu
    """
    from kg.annotation import annotate as run
    from kg.annotation import assemble, load, read_conllu, to_conllu, to_json

    _one_of("--format", format, ("json", "conllu"))
    nlp = load()
    given = [path for path in paths if path.endswith(".conllu")]
    others = [path for path in paths if not path.endswith(".conllu")]

    def annotated():  # type: ignore[no-untyped-def]
        for path in given:
            try:
                content = Path(path).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise KGError(f"{path}: cannot be read ({error}); give a CoNLL-U file in UTF-8") from error
            for document, doc in read_conllu(content, Path(path).name, nlp.vocab):
                for _, component in nlp.pipeline:
                    doc = component(doc)
                yield assemble(document, doc)
        for document in _documents(others, date) if others else ():
            yield run(document, nlp)

    for item in annotated():
        _write_bytes((to_conllu(item) if format == "conllu" else json.dumps(to_json(item), ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass"))
    _exit_after_reading()


@app.command()
def extract(
    paths: Paths,
    format: Annotated[str, typer.Option("--format", help="jsonl.")] = "jsonl",
    date: Annotated[str | None, typer.Option(help="Day of documents that tell none, YYYY-MM-DD.")] = None,
    extractor: Annotated[list[str] | None, typer.Option(help="Run this extractor only (repeatable).")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; by default as many as pay.", min=1)] = None,
) -> None:
    """Write the statements of each document as JSON Lines, without a store.

    Example:  kg extract seeds/peru-pentagon.txt
    """
    from kg.flow import extract_documents
    from kg.publishing.extraction_json import to_json_lines
    from kg.resolution import resolve

    _one_of("--format", format, ("jsonl",))
    _known_extractors(extractor)
    for extraction in extract_documents(_documents(paths, date), workers=workers, extractors=extractor or None):
        for line in to_json_lines(extraction, resolve([extraction])):
            _write_bytes((line + "\n").encode("utf-8", "surrogatepass"))
    _exit_after_reading()


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(help="Folder of gold files.", metavar="GOLD_DIR")],
    graph: Annotated[Path | None, typer.Option("--graph", help="A graph.trig; by default the store.")] = None,
    format: Annotated[str, typer.Option("--format", help="text, json or markdown.")] = "text",
    missed: Annotated[Path | None, typer.Option(help="Write the missed facts with their sentences here.")] = None,
    spurious: Annotated[Path | None, typer.Option(help="Write the unmatched plain triples here, to be judged.")] = None,
    judged: Annotated[list[Path] | None, typer.Option(help="Verdicts on such a list (repeatable).")] = None,
    store: StoreOption = STORE,
) -> None:
    """Score a build against gold files.

    Example:  kg evaluate tests/quality/stories/gold --graph output/graph.trig
    """
    from kg.evaluation.command import run

    _one_of("--format", format, ("text", "json", "markdown"))
    _write_bytes(run(gold, graph or store, format, missed=missed, spurious=spurious, judged=judged or []).encode())


# ---------------------------------------------------------------------------------------------- shared

_failed: list[str] = []


def _documents(paths: list[str], date: str | None):  # type: ignore[no-untyped-def]
    """The documents of `paths`; what cannot be read is told on standard error and remembered."""
    from kg.reading import ReadFailure, read_paths

    read = 0
    for item in read_paths(paths, stdin=sys.stdin.buffer, default_date=date):
        if isinstance(item, ReadFailure):
            _failed.append(str(item))
            typer.echo(f"failed: {item}", err=True)
        else:
            read += 1
            yield item
    if not read:
        raise KGError(f"nothing readable in what was given: {_failed[0] if _failed else ', '.join(paths)}")


def _exit_after_reading() -> None:
    raise typer.Exit(1 if _failed else 0)


def _one_of(option: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise KGError(f"{option} {value}: unknown; choose from {', '.join(known)}")


def _write_bytes(content: bytes) -> None:
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


@contextmanager
def _progress() -> Iterator[Callable[[str, int], None] | None]:
    """A line of counts on standard error while work goes on; nothing when that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        names = {"read": "read", "extract": "extracted", "resolve": "resolved", "store": "stored", "publish": "published"}
        tasks = {step: bar.add_task(name, total=None) for step, name in names.items()}

        def tell(step: str, count: int) -> None:
            bar.advance(tasks[step], count)

        yield tell


if __name__ == "__main__":
    main()
