"""`kg evaluate`: scores as text, JSON or Markdown, a comparison of two builds, and the lists that people judge."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from kg.errors import GoldError
from kg.evaluation.comparison import compare, comparison_text
from kg.evaluation.reliability import reliability_svg
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
    against: Path | None = None,
    reliability: Path | None = None,
) -> str:
    """The scores of a graph (a file or a store's folder) in `text`, `json` or `markdown`.

    With `against`, another graph, what is better and worse than there (`text` or `json`). Writes the missed facts to
    `missed`, the unmatched plain triples to `spurious`, a plot of confidence (SVG) to `reliability` when given.
    Raises `GoldError`, `StoreError`.
    """
    verdicts = tuple(judged)
    scores = evaluate(gold_dir, graph, judged=verdicts)
    for path, lines in ((missed, missed_lines), (spurious, spurious_lines)):
        if path is not None:
            _write(path, "".join(line + "\n" for line in lines(scores)))
    if reliability is not None:
        if (known := scores.reliability) is None:
            raise GoldError(f"{graph}: no triple with a confidence is matched or judged; nothing can be drawn")
        _write(reliability, reliability_svg(known, "Reliability of confidence"))
    if against is not None:
        comparison = compare(evaluate(gold_dir, against, judged=verdicts), scores)
        if format == "json":
            return json.dumps(comparison.to_json(), ensure_ascii=False, indent=1) + "\n"
        return comparison_text(comparison)
    if format == "json":
        return json.dumps(scores.to_json(), ensure_ascii=False, indent=1) + "\n"
    return to_markdown(scores) if format == "markdown" else to_text(scores) + "\n"


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise GoldError(f"{path}: cannot be written ({error.strerror or error}); name another file") from error
