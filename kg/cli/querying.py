"""Commands that read the store: query, export, view, validate, explain, stats."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.application import STORE, StoreOption, app
from kg.console import existing, one_of, say, standard_output, write
from kg.errors import QueryError, StoreError


@app.command()
def query(
    text: Annotated[
        list[str] | None,
        typer.Argument(
            help="A query, or a file that ends with .rq; with --canned key=value.", metavar="SPARQL|FILE.rq|KEY=VALUE"
        ),
    ] = None,
    store: StoreOption = STORE,
    graph: Annotated[
        Path | None, typer.Option("--graph", help="Query this RDF file instead of the store.", metavar="FILE")
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option("--endpoint", help="Query this SPARQL server instead.", metavar="URL")
    ] = None,
    canned: Annotated[
        str | None, typer.Option(help="Ask a shipped question; 'list' names them.", metavar="NAME")
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
      kg query --canned who-holds-role role='defense minister' on=2025-05-06
    """
    from kg.graph import FORMATS, ask
    from kg.graph import query as run
    from kg.graph.remote import remote_url

    if format is not None:
        one_of("--format", format, FORMATS)
    source, words = existing(graph) or store, text or []
    if endpoint is not None:
        if remote_url(endpoint) is None:
            raise QueryError(f"--endpoint {endpoint}: no URL; give one like http://127.0.0.1:7878")
        source = Path(endpoint)
    if canned == "list":
        _list_questions()
        return
    if canned is not None:
        answer = ask(source, canned, _parameters(words), timeout_seconds=timeout)
    elif len(words) == 1:
        answer = run(source, _query_text(words[0]), timeout_seconds=timeout)
    else:
        raise QueryError("query: give one SPARQL query or .rq file, or --canned NAME key=value...")
    if format is None and sys.stdout.isatty():
        format = "table"
    write(answer.render(format or ("turtle" if answer.form == "triples" else "tsv")))


def _list_questions() -> None:
    from kg.graph import questions

    for question in questions().values():
        given = " ".join(f"{p.name}=" if p.required else f"[{p.name}=]" for p in question.parameters)
        write(f"{question.name} {given}\n    {question.question}\n")


def _parameters(words: list[str]) -> dict[str, str]:
    given = [word.partition("=") for word in words]
    for name, equals, _ in given:
        if not equals:
            raise QueryError(f"{name}: no parameter; write key=value")
    if len({name for name, _, _ in given}) < len(given):
        raise QueryError("parameters: give each once")
    return {name: value for name, _, value in given}


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
    shards: Annotated[
        int | None,
        typer.Option(help="Write everything as N-Quads into this many files of the folder -o.", min=1, metavar="N"),
    ] = None,
    named_facts: Annotated[
        bool, typer.Option("--named-facts", help="In shards, facts stand in the graph <.../graph/facts>.")
    ] = False,
    store: StoreOption = STORE,
) -> None:
    """Write the graph for other tools.

    Formats: turtle, trig, ntriples, nquads, jsonld, rdfxml, graphml, gexf, csv (one row a statement), cypher.
    Shards are for the bulk loaders of other stores; --named-facts for those without a default graph of their own.

    \b
    Example:
      kg export -o graph.graphml
      kg export --shards 4 -o shards
    """
    from kg.graph import open_store
    from kg.graph.store import generation_of
    from kg.publishing import EXPORTERS, format_of, write_shards
    from kg.publishing import export as run

    if shards is not None:
        if output is None:
            raise StoreError("--shards: name the folder to write into with -o")
        opened, state = open_store(store, read_only=True), generation_of(store)
        paths = write_shards(opened, output, shards, named_facts=named_facts, state=state)
        say(f"{output}: {len(paths)} files")
        return
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
