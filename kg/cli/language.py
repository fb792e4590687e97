"""Commands that read text and need no store: annotate, extract."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from kg.cli.application import DateOption, ExtractorOption, OntologyOption, OpenOption, Paths, WorkersOption, app
from kg.console import Failures, one_of, say, write


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
    ontology: OntologyOption = None,
    open_: OpenOption = False,
    workers: WorkersOption = None,
) -> None:
    """Write statements as JSON Lines, without a store.

    With --ontology, properties are the IRIs that its files declare, and SHACL shapes in them refuse.
    A pronoun that refers to nothing in the text ('He' of a lone sentence) is a thing of its own here; a build leaves
    such statements out.

    \b
    Example:
      kg extract seeds/peru-pentagon.txt
    """
    from kg.flow import check_extractors, extract_documents, read_documents, within_shapes
    from kg.publishing.extraction_json import to_json_lines
    from kg.resolution import resolve

    one_of("--format", format, ("jsonl",))
    check_extractors(extractor)
    failures = Failures()
    documents = read_documents(paths, date=date, stdin=sys.stdin.buffer, failed=failures.tell)
    refused: list[str] = []
    extractions = extract_documents(
        documents,
        workers=workers,
        extractors=extractor or None,
        ontology=ontology or (),
        open=open_,
        pronouns=True,
        failed=failures.tell,
    )
    for extraction in within_shapes(extractions, ontology or (), refused.append):
        write("".join(f"{line}\n" for line in to_json_lines(extraction, resolve([extraction]))))
    for line in refused:
        say(f"refused: {line}")
    raise typer.Exit(1 if refused else failures.exit_code)
