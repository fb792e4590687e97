"""What stands behind the addresses of a server: its snapshots, its readers, its writer, its counters."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from kg.errors import StoreError
from kg.serving.frames import Broken, Json, Reply
from kg.serving.metrics import Metrics
from kg.serving.pool import Pool
from kg.serving.problems import Problem
from kg.serving.processes import AnsweringProcess
from kg.serving.settings import Settings
from kg.serving.snapshots import Snapshots

_log = logging.getLogger(__name__)
_SLOW_PAGE_SECONDS = 300.0
"""What is made once for each state of the store may take longer than a query."""


class Service:
    """One served store. `running` opens and closes it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.snapshots = Snapshots(settings.store)
        self.pool = Pool(settings, self.snapshots, self.metrics)
        self.failure: StoreError | None = None
        self._writer: AnsweringProcess | None = None
        self._writing = asyncio.Lock()
        self._kept: dict[tuple[int, str], asyncio.Task[Reply]] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Everything started; in the end everything stopped and cleared away. Raises `StoreError`."""
        following: asyncio.Task[None] | None = None
        try:
            self.snapshots.prepare()
            if self.settings.writable:
                await self._start_writer()
            else:
                self.snapshots.take()
                following = asyncio.create_task(self.snapshots.follow())
            await self.pool.open()
            yield
        except StoreError as error:
            self.failure = error
            raise
        finally:
            tasks = [task for task in (following, *self._kept.values()) if task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.pool.close()
            if self._writer is not None:
                await self._writer.end()
            self.snapshots.close()

    async def read(self, request: Json, *, timeout_seconds: float | None = None) -> Reply:
        """The answer of a reader. Raises `Problem`."""
        return await self.pool.run(request, timeout_seconds=timeout_seconds)

    async def read_once(self, name: str, request: Json) -> Reply:
        """The answer of a reader, kept as long as the store stays the same. Raises `Problem`."""
        key = (self.snapshots.generation, name)
        for stale in [old for old in self._kept if old[0] != key[0]]:
            self._kept.pop(stale)
        if key not in self._kept:
            self._kept[key] = asyncio.create_task(self.pool.run(request, timeout_seconds=_SLOW_PAGE_SECONDS))
        try:
            return await asyncio.shield(self._kept[key])
        except Problem:
            self._kept.pop(key, None)
            raise

    async def write(self, request: Json, body: bytes, *, timeout_seconds: float | None = None) -> Json:
        """Carries out a change; when it returns, readers see it. Raises `Problem`; then nothing has changed."""
        limit = timeout_seconds or self.settings.timeout_seconds
        async with self._writing:
            try:
                if self._writer is None:
                    await self._start_writer()
                assert self._writer is not None  # noqa: S101 - narrows the type; started above
                async with asyncio.timeout(limit):
                    reply = await self._writer.ask(request, body)
            except TimeoutError:
                await self._end_writer()
                raise Problem(504, f"update: stopped after {limit:g} s, and undone; do it in parts") from None
            except Broken:
                await self._end_writer()
                raise Problem(507, "update: its process ended, and the change is undone; do it in parts") from None
            except StoreError as error:
                raise Problem(503, str(error)) from error
            except asyncio.CancelledError:
                await self._end_writer()
                raise
            if reply.problem is not None:
                raise Problem(*reply.problem)
            self.snapshots.adopt(reply.header["store"])
            return reply.header

    async def _start_writer(self) -> None:
        writer = await AnsweringProcess.start("kg.serving.writer", str(self.settings.store), str(self.snapshots.folder))
        try:
            reply = await writer.ask({"operation": "ready"})
        except Broken:
            await writer.end()
            raise StoreError(f"{self.settings.store}: the writing process ended at its start") from None
        if reply.problem is not None:
            await writer.end()
            raise StoreError(reply.problem[1])
        self._writer = writer
        self.snapshots.adopt(reply.header["store"])

    async def _end_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(ProcessLookupError):
                await writer.end()
