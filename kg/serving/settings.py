"""Everything a server can be told, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is served, to whom, and up to which limits.

    `token` makes the store writable for those who send it. `hosts` are further names under which the server may be
    asked, `origins` the web origins whose pages may ask (`*`: any). Limits: `timeout_seconds` for one request,
    `max_rows` and `max_bytes` for one result, `max_body_bytes` for one request's body, `max_memory_bytes` of address
    space for one reader. `readers` processes wait for queries; up to `max_readers` run at once.
    """

    store: Path
    host: str = "127.0.0.1"
    port: int = 7878
    token: str | None = None
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    timeout_seconds: float = 30.0
    max_rows: int = 1_000_000
    max_bytes: int = 256 << 20
    max_body_bytes: int = 10_000_000
    max_memory_bytes: int = 4 << 30
    readers: int = 4
    max_readers: int = 16

    @property
    def writable(self) -> bool:
        """Whether anybody may write."""
        return self.token is not None
