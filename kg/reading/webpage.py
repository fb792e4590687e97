"""HTML → content: the article without menus, advertising and markup. Nothing is ever fetched.

Paragraphs are set apart by a blank line. Title and date are what the page's metadata says; a date found there is
likely, not certain, as pages are touched up after their story.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.errors import ReadError
from kg.reading.dates import iso_day
from kg.reading.encoding import decode
from kg.reading.values import Content
from kg.reading.words import Elements, elements_of

_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_DECLARATION_BYTES = 4096
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_LATEST_DAY = "2999-12-31"  # fixed, so that the same page reads the same on any day


def read_html(data: bytes) -> Content:
    """The article of a page; of a page without a recognisable article, all its visible text."""
    from trafilatura import bare_extraction  # slow to import
    from trafilatura.utils import load_html

    declared = _CHARSET.search(data, 0, _DECLARATION_BYTES)
    page = decode(data, declared.group(1).decode("ascii") if declared else None)
    if not page.strip():
        return Content(text="")
    page = _XML_DECLARATION.sub("", page.replace("\0", "\N{REPLACEMENT CHARACTER}"), count=1)
    tree = load_html(page)
    if tree is None:
        raise ReadError("no HTML in it; rename plain text to .txt")
    dates = {"original_date": True, "extensive_search": False, "max_date": _LATEST_DAY}
    article = bare_extraction(page, include_comments=False, with_metadata=True, date_extraction_params=dates)
    if article is None:
        titles = tree.xpath("//title/text()")
        return Content(text=_text(tree, "page"), title=_line(titles[0]) if titles else None)
    text = _text(article.body, "article") or _text(tree, "page")
    return Content(text=text, title=_line(article.title), likely_date=_day(article.date))


def _text(tree: object, kind: str) -> str:
    lines = (" ".join(line.split()) for line in "".join(_pieces(tree, elements_of(kind))).splitlines())
    return "\n\n".join(line for line in lines if line)


def _pieces(element, elements: Elements) -> Iterator[str]:  # type: ignore[no-untyped-def]  # an lxml element
    if not isinstance(element.tag, str) or element.tag in elements["skipped"]:
        return
    around = "\n" if element.tag in elements["blocks"] else " " if element.tag in elements["cells"] else ""
    yield around
    yield " ".join((element.text or "").splitlines())
    for child in element:
        yield from _pieces(child, elements)
        yield " ".join((child.tail or "").splitlines())
    yield around


def _line(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None


def _day(text: str | None) -> str | None:
    try:
        return iso_day(text[:10]) if text else None
    except ReadError:
        return None
