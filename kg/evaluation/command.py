"""`kg evaluate`: scores as text, JSON or Markdown, and the lists that people look through."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from kg.errors import GoldError
from kg.evaluation.report import missed_lines, spurious_lines, to_markdown, to_text
from kg.evaluation.scores import evaluate


def run(
    gold_dir: Path,
    graph: Path,
    format: str = "text",
    *,
    missed: Path | None = None,
    spurious: Path | None = None,
    judged: Iterable[Path] = (),
) -> str:
    """The scores of a graph (a file or a store's folder) in `text`, `json` or `markdown`.

    Writes the missed facts to `missed` and the unmatched plain triples to `spurious` when given.
    Raises `GoldError`, `StoreError`.
    """
    scores = evaluate(gold_dir, graph, judged=judged)
    for path, lines in ((missed, missed_lines), (spurious, spurious_lines)):
        if path is not None:
            _write(path, "".join(line + "\n" for line in lines(scores)))
    if format == "json":
        return json.dumps(scores.to_json(), ensure_ascii=False, indent=1) + "\n"
    return to_markdown(scores) if format == "markdown" else to_text(scores) + "\n"


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise GoldError(f"{path}: cannot be written ({error.strerror or error}); name another file") from error
