"""Readers that wait for queries, so that none pays for a start; a query that takes too long is ended with its reader.

A query that runs for longer than a moment gives way to the others (its process takes a lower priority) and another
reader is started in its place, so however many runaways there are, a simple query finds a reader waiting, up to
`max_readers` processes in all.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress

from kg.serving.frames import Broken, Json, Reply
from kg.serving.metrics import Metrics
from kg.serving.problems import Problem
from kg.serving.processes import AnsweringProcess
from kg.serving.settings import Settings
from kg.serving.snapshots import Snapshots

_log = logging.getLogger(__name__)
_SLOW_SECONDS = 0.25
"""Of computing, not of the clock: on a busy machine a simple query takes longer and is no runaway for that."""
_SLOW_CLOCK_SECONDS = 2.0
_LEAST_WAIT_SECONDS = 10.0
"""How long a query waits for a reader, at least, before the server says that it has too much to do."""
_LOOK_SECONDS = 0.1
"""How often a query is looked at, and how long it may compute while others wait."""


class Pool:
    """The readers of one server."""

    def __init__(self, settings: Settings, snapshots: Snapshots, metrics: Metrics) -> None:
        self._settings, self._snapshots, self._metrics = settings, snapshots, metrics
        self._idle: list[AnsweringProcess] = []
        self._all: set[AnsweringProcess] = set()
        self._waiting: deque[asyncio.Future[AnsweringProcess]] = deque()
        self._starting = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._endings: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def size(self) -> int:
        """How many readers there are."""
        return len(self._all)

    @property
    def busy(self) -> int:
        """How many of them work."""
        return len(self._all) - len(self._idle)

    async def open(self) -> None:
        """Starts the readers; returns when they have the store open."""
        await asyncio.gather(*(self._spawn(self._start()) for _ in range(self._settings.readers)))

    async def close(self) -> None:
        """Ends all of them."""
        self._closed = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*self._endings, *(reader.end() for reader in list(self._all)))

    async def run(self, request: Json, *, timeout_seconds: float | None = None) -> Reply:
        """The answer to a request, complete. Raises `Problem` when it fails or its time is up."""
        limit = timeout_seconds or self._settings.timeout_seconds
        request = {"limits": {"rows": self._settings.max_rows, "bytes": self._settings.max_bytes}, **request}
        reader = await self._take(max(limit, _LEAST_WAIT_SECONDS))
        watching = self._spawn(self._watch(reader))
        done = False
        try:
            with self._snapshots.in_use() as path:
                async with asyncio.timeout(limit):
                    reply = await reader.ask({**request, "store": path})
                reader.store = path
            done = True
        except TimeoutError:
            self._metrics.stopped("timeout")
            raise Problem(
                504, f"query: stopped after {limit:g} s; narrow it, add LIMIT or allow more with timeout=SECONDS"
            ) from None
        except Broken:
            self._metrics.stopped("memory")
            raise Problem(
                507, "query: its process ended, most likely for want of memory; narrow it or add LIMIT"
            ) from None
        finally:
            watching.cancel()
            self._give_back(reader, usable=done)
        if reply.problem is not None:
            if reply.file is not None:
                reply.file.close()
            if reply.problem[0] == 422:
                self._metrics.stopped("size")
            raise Problem(*reply.problem)
        return reply

    async def _take(self, wait_seconds: float) -> AnsweringProcess:
        while self._idle:
            reader = self._idle.pop()
            if reader.alive:
                return reader
            self._forget(reader)
        future: asyncio.Future[AnsweringProcess] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        self._replenish()
        try:
            await asyncio.wait({future}, timeout=wait_seconds)
        except asyncio.CancelledError:
            if future.done():
                self._offer(future.result())
            future.cancel()
            raise
        if future.done():
            return future.result()
        future.cancel()
        self._metrics.stopped("busy")
        raise Problem(503, "too many queries at once; ask again later", headers={"Retry-After": "5"})

    async def _watch(self, reader: AnsweringProcess) -> None:
        """Lets a reader give way, and another take its place, once its query has proved to be slow."""
        begun, computed = time.monotonic(), reader.computed_seconds()
        while reader.alive:
            await asyncio.sleep(_LOOK_SECONDS)
            patience = _LOOK_SECONDS if self._waiting else _SLOW_SECONDS
            late = time.monotonic() - begun >= _SLOW_CLOCK_SECONDS
            if late or reader.computed_seconds() - computed >= patience:
                reader.slow_down()
                self._replenish()
                return

    def _give_back(self, reader: AnsweringProcess, *, usable: bool) -> None:
        if self._closed:
            return
        if not usable or reader.slowed or not reader.alive:
            self._forget(reader)
            self._replenish()
        else:
            self._offer(reader)

    def _offer(self, reader: AnsweringProcess) -> None:
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(reader)
                return
        self._idle.append(reader)

    def _forget(self, reader: AnsweringProcess) -> None:
        self._all.discard(reader)
        ending = asyncio.create_task(reader.end())  # never cancelled: a process that nobody ends would outlive the pool
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    def _replenish(self) -> None:
        """Starts readers until enough of them are not slow, as long as there is room for more."""
        quick = sum(not reader.slowed for reader in self._all) + self._starting
        room = self._settings.max_readers - len(self._all) - self._starting
        for _ in range(min(self._settings.readers - quick, room)):
            self._starting += 1
            self._spawn(self._start_counted())

    def _spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _start_counted(self) -> None:
        try:
            await self._start()
        except Broken:
            _log.warning("a reader ended while it started")
        finally:
            self._starting -= 1

    async def _start(self) -> None:
        starting = asyncio.create_task(
            AnsweringProcess.start("kg.serving.reader", str(self._settings.max_memory_bytes))
        )
        try:
            reader = await asyncio.shield(starting)
        except asyncio.CancelledError:
            await (await starting).end()
            raise
        self._all.add(reader)
        self._metrics.started()
        try:
            with self._snapshots.in_use() as path:
                await reader.ask({"operation": "ready", "store": path})
                reader.store = path
        except BaseException:
            self._all.discard(reader)
            with suppress(ProcessLookupError):
                await reader.end()
            raise
        self._offer(reader)
