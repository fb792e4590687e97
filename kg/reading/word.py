"""Word documents → content: paragraphs and tables of the body, in order, set apart by a blank line.

Insertions that are being tracked count as text, deletions do not. What unpacks to too much is refused before it is
unpacked.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.errors import ReadError
from kg.model import Span
from kg.reading.values import Content

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # lxml's, which have no types of their own, are alike

MAX_UNPACKED_BYTES = 256 * 1024**2
MAX_XML_BYTES = 64 * 1024**2
MAX_RATIO = 200
MAX_PARTS = 10_000
_RATIO_COUNTS_FROM_BYTES = 8 * 1024**2

_OLE = b"\xd0\xcf\x11\xe0"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "\N{NON-BREAKING HYPHEN}"}


def read_word(data: bytes) -> Content:
    """The body of a `.docx`. Raises `ReadError` (a reason alone) for zip bombs, encrypted, damaged and other files."""
    if data.startswith(_OLE):
        raise ReadError("encrypted or in the old .doc format; save it as .docx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bombs(archive)
    except zipfile.BadZipFile as error:
        raise ReadError("not a Word document, or truncated; get the whole file or save it anew as .docx") from error
    blocks, titled = _blocks(data)
    text = "\n\n".join(blocks)
    return Content(text=text, heading=Span(0, len(blocks[0])) if titled and "\n" not in blocks[0] else None)


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    xml = sum(part.file_size for part in parts if part.filename.lower().endswith((".xml", ".rels")))
    bomb = unpacked > _RATIO_COUNTS_FROM_BYTES and unpacked > MAX_RATIO * packed
    if bomb or len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED_BYTES or xml > MAX_XML_BYTES:
        raise ReadError(
            f"unpacks to {unpacked / 1024**2:.0f} MiB in {len(parts)} parts (zip bomb?); save its text as .txt"
        )
    if any(part.flag_bits & 1 for part in parts):
        raise ReadError("encrypted; save it without a password")
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        raise ReadError("a zip archive and no Word document; unpack it first")


def _blocks(data: bytes) -> tuple[list[str], bool]:
    """The paragraphs and rows that hold text, and whether the first is marked as a title."""
    from docx import Document  # slow to import
    from docx.opc.exceptions import OpcError

    try:
        document = Document(io.BytesIO(data))
    except (OpcError, SyntaxError, zipfile.BadZipFile, zlib.error, LookupError, ValueError, OSError, EOFError) as error:
        raise ReadError("damaged Word document; open it and save it anew as .docx") from error
    styled = [(_text(block).strip(), _style(block)) for block in _body_blocks(document.element.body)]
    filled = [(text, style) for text, style in styled if text]
    return [text for text, _ in filled], bool(filled) and filled[0][1].lower().startswith(("title", "heading"))


def _body_blocks(body: Element) -> Iterator[Element]:
    """Paragraphs and rows of tables, from outside in; what a row holds is read with it."""
    for element in body:
        if element.tag in (f"{_W}p", f"{_W}tr"):
            yield element
        elif isinstance(element.tag, str) and element.tag != _FALLBACK:
            yield from _body_blocks(element)


def _text(element: Element) -> str:
    """The text of a paragraph, or of a row with its cells set apart by tabs."""
    if element.tag == f"{_W}tr":
        cells = (" ".join(_text(p) for p in cell.iter(f"{_W}p")) for cell in element.iter(f"{_W}tc"))
        return "\t".join(" ".join(cell.split()) for cell in cells)
    return "".join(_runs(element))


def _runs(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif isinstance(child.tag, str) and child.tag not in (_FALLBACK, f"{_W}pPr", f"{_W}rPr"):
            yield from _runs(child)


def _style(element: Element) -> str:
    style = element.find(f"{_W}pPr/{_W}pStyle")
    return str(style.get(f"{_W}val") or "") if style is not None else ""
