"""PDF → content: the text layer, its lines joined to paragraphs."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from kg.errors import ReadError
from kg.reading.values import Content
from kg.reading.wrapped import unwrap

_HEAD_BYTES = 1024
_TAIL_BYTES = 4096


def read_pdf(data: bytes) -> Content:
    """The text of a PDF, page after page.

    Raises `ReadError` (a reason alone) for what is no PDF, for truncated, encrypted and damaged ones, and for scans.
    """
    from pypdf import PdfReader  # slow to import
    from pypdf.errors import DependencyError, PyPdfError

    if b"%PDF-" not in data[:_HEAD_BYTES]:
        raise ReadError("not a PDF; give the file its right ending")
    if b"%%EOF" not in data[-_TAIL_BYTES:]:
        raise ReadError("truncated PDF, its end is missing; get the whole file")
    with _quiet():
        try:
            reader = PdfReader(io.BytesIO(data))
            if reader.is_encrypted and not reader.decrypt(""):
                raise ReadError("encrypted PDF; save it without a password")
            pages = [page.extract_text().splitlines() for page in reader.pages]
        except DependencyError as error:
            raise ReadError("encrypted PDF; save it without a password") from error
        except ReadError:
            raise
        except (
            PyPdfError,
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
            ArithmeticError,
            RecursionError,
        ) as error:
            raise ReadError(f"damaged PDF ({_brief(error)}); open it and save it anew") from error
    text = unwrap(pages)
    if not text:
        raise ReadError("no text layer; run OCR first")
    return Content(text=text)


@contextmanager
def _quiet() -> Iterator[None]:
    """pypdf logs each oddity of a file it mends; nobody can act on that."""
    logger = logging.getLogger("pypdf")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before


def _brief(error: BaseException) -> str:
    words = " ".join(str(error).split())
    return words[:80] or type(error).__name__
