"""`docs/quality.md` and its plots: builds the two quality sets, scores them, and writes the page anew.

    python -m benchmarks.quality [--output docs/quality.md]

What the page says is what `kg build` and `kg evaluate` give for `tests/quality`, with the verdicts of
`tests/quality/*/judged.jsonl` where there are any. Same code, same page.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from kg.errors import KGError
from kg.evaluation import Scores, evaluate, reliability_svg, to_markdown
from kg.flow import build

ROOT = Path(__file__).resolve().parent.parent
SETS = ROOT / "tests" / "quality"
OPENING = """# Quality

How well a build reads documents with a known answer, as `kg evaluate` measures it. `make quality` writes this page;
each half of it is what two commands print:

```sh
kg build tests/quality/stories/docs.jsonl -o output/stories --no-publish
kg evaluate tests/quality/stories/gold --store output/stories/store --format markdown
```

A fact is *found as triple* when some statement of the document has its subject, property and object; *strictly* when
status, source, modality and polarity are right as well and it is a plain fact exactly when it should be. Gold lists do
not hold everything that is true, so precision against them is a lower bound; *judged only* counts those triples that
the gold has or that a person has read and judged. How to measure, compare and judge: [evaluation.md](evaluation.md).
"""


@dataclass(frozen=True, slots=True)
class QualitySet:
    """A folder of `tests/quality`, its heading, and what to know of it."""

    name: str
    heading: str
    note: str


QUALITY_SETS = (
    QualitySet("stories", "Stories", "Eight stories with invented persons and companies. Rules were written with these "
               "texts in sight."),
    QualitySet("kgnews", "News that nothing was made on", "Fifty-six documents that were held out: no rule was written "
               "on them and no model trained on them."),
)  # fmt: skip


def measured(name: str, folder: Path) -> Scores:
    """Builds a set into `folder` and scores it."""
    build([str(SETS / name / "docs.jsonl")], folder, publish=False)
    return evaluate(SETS / name / "gold", folder / "store", judged=sorted((SETS / name).glob("judged*.jsonl")))


def page(scored: dict[str, Scores], images: str) -> str:
    """The page as Markdown; `images` is the folder of the plots as the page links to it."""
    parts = [OPENING]
    for of in QUALITY_SETS:
        parts += [f"## {of.heading}\n", of.note + "\n", to_markdown(scored[of.name])]
        if scored[of.name].reliability is not None:
            parts.append(f"![How often facts of a confidence are right]({images}/reliability-{of.name}.svg)\n")
    return "\n".join(parts)


def main() -> int:
    """Writes the page and its plots."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "quality.md", metavar="FILE")
    output: Path = parser.parse_args().output
    images = output.parent / "images"
    try:
        with tempfile.TemporaryDirectory() as folder:
            scored = {of.name: measured(of.name, Path(folder) / of.name) for of in QUALITY_SETS}
    except KGError as error:
        print(f"quality: {error}", file=sys.stderr)
        return 2
    images.mkdir(parents=True, exist_ok=True)
    for of in QUALITY_SETS:
        if (known := scored[of.name].reliability) is not None:
            (images / f"reliability-{of.name}.svg").write_text(reliability_svg(known, of.heading), encoding="utf-8")
    output.write_text(page(scored, images.name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
