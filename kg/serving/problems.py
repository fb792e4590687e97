"""What a client is told when something is refused or fails: one JSON object, as RFC 9457 has it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An answer that is no success. `detail` says what is wrong, where, and what to do, in one line."""

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = " ".join(detail.split())
        self.headers = dict(headers or {})

    def body(self) -> bytes:
        """The JSON of the answer."""
        content = {"title": HTTPStatus(self.status).phrase, "status": self.status, "detail": self.detail}
        return json.dumps(content, ensure_ascii=True).encode() + b"\n"
