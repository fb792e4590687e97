"""A hook of MkDocs: brings into the site what lives beside `docs/`, and mends the links between.

Notebooks become pages with their outputs; files that a page links to are taken along (Markdown as pages, everything
else as it is). In the repository the same links lead to the files themselves, so they hold in both places.
"""

from __future__ import annotations

import json
import posixpath
import re
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s#:]+)(#[^)\s]*)?\)")
_FENCE = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
_NOTEBOOKS = "notebooks"
_ALWAYS = ("CHANGELOG.md", "CONTRIBUTING.md", "seeds/README.md")
"""Pages of the navigation that stand beside `docs/`."""
_PLACES: dict[str, str] = {}
"""Path in the repository → path in the site, of everything that is taken along."""


def on_files(files: Files, config: Any) -> Files:
    """Adds the notebooks, and whatever pages link to outside of `docs/`."""
    _PLACES.clear()
    for notebook in sorted((ROOT / _NOTEBOOKS).glob("*.ipynb")):
        _add(files, config, f"{_NOTEBOOKS}/{notebook.name}")
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"), reverse=True)
    index = "\n".join(f"- [{_title(path)}]({path.name}), {_day(path.name)}" for path in decisions)
    text = f"# Decisions\n\nWhat was decided, why, and what follows from it; the newest first.\n\n{index}\n"
    files.append(File.generated(config, "decisions/index.md", content=text))
    for source in _ALWAYS:
        _add(files, config, source)
    queue = [
        *_ALWAYS,
        *(f"docs/{file.src_uri}" for file in files if file.src_uri.endswith(".md") and file.generated_by is None),
    ]
    while queue:
        source = queue.pop()
        text = (ROOT / source).read_text(encoding="utf-8")
        for target in _targets(text, source):
            if target not in _PLACES and not target.startswith("docs/") and (ROOT / target).is_file():
                _add(files, config, target)
                if target.endswith(".md"):
                    queue.append(target)
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Links to files of the repository lead to their pages of the site."""
    places = {place: source for source, place in _PLACES.items()}
    source = places.get(page.file.src_uri, f"docs/{page.file.src_uri}")

    def mended(match: re.Match[str]) -> str:
        text, target, anchor = match[1], _resolved(match[2], source), match[3] or ""
        if target.startswith("docs/"):
            place = target.removeprefix("docs/")
        elif target in _PLACES:
            place = _PLACES[target]
        elif (ROOT / target).is_dir():
            return f"`{target}/`" if text.startswith("`") or "/" in text else text
        else:
            return match[0]
        if place.rstrip("/") == "decisions":
            place = "decisions/index.md"
        return f"[{text}]({posixpath.relpath(place, posixpath.dirname(page.file.src_uri) or '.')}{anchor})"

    parts = _FENCE.split(markdown)
    return "".join(part if index % 2 else _LINK.sub(mended, part) for index, part in enumerate(parts))


def notebook_page(notebook: dict[str, Any]) -> str:
    """A notebook as Markdown: prose as it is, code in fences, outputs below it."""
    parts = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        parts += [shown for output in cell["outputs"] if (shown := _output(output))]
    return "\n\n".join(parts) + "\n"


def _output(output: dict[str, Any]) -> str:
    data = output.get("data", {})
    if "image/svg+xml" in data:
        return f'<div class="output picture">{_joined("".join(data["image/svg+xml"]))}</div>'
    if "text/html" in data:
        return f'<div class="output">{_joined("".join(data["text/html"]))}</div>'
    text = "".join(output.get("text") or data.get("text/plain") or "")
    return f'<pre class="output"><code>{_joined(escape(text), "&#10;")}</code></pre>' if text else ""


def _joined(html: str, line_end: str = " ") -> str:
    """HTML in one line: Markdown takes it for one block and leaves it alone."""
    return html.strip("\n").replace("\n", line_end)


def _add(files: Files, config: Any, source: str) -> None:
    path = ROOT / source
    if source.endswith(".ipynb"):
        place = f"{source.removesuffix('.ipynb')}.md"
        content: str | bytes = notebook_page(json.loads(path.read_text(encoding="utf-8")))
    elif source.endswith(".md"):
        place = f"project/{source.removesuffix('/README.md')}.md" if "/README" in source else f"project/{source}"
        content = path.read_text(encoding="utf-8")
    else:
        place = f"project/{source}" if path.suffix else f"project/{source}.txt"
        content = path.read_bytes()
    _PLACES[source] = place
    files.append(File.generated(config, place, content=content))


def _targets(text: str, source: str) -> list[str]:
    return [_resolved(match[2], source) for match in _LINK.finditer(_FENCE.sub("", text))]


def _resolved(target: str, source: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))


def _title(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")


def _day(name: str) -> str:
    return f"{name[:4]}-{name[4:6]}-{name[6:8]}"
