"""One process that answers requests over its pipes, and can be ended at any moment."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kg.serving.frames import Broken, Json, Reply, reply, request_frame


class AnsweringProcess:
    """A Python module run as a process of its own; one request at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.store = ""
        self.slowed = False

    @classmethod
    async def start(cls, module: str, *arguments: str) -> AnsweringProcess:
        """Starts `python -m module arguments`."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            module,
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=_environment(),
            limit=1 << 20,
        )
        return cls(process)

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.returncode is None

    async def ask(self, request: Json, body: bytes = b"") -> Reply:
        """Sends a request and reads the whole answer. Raises `Broken` when the process ends before."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise Broken
        try:
            stdin.write(request_frame(request, body))
            await stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise Broken from error
        return await reply(stdout)

    def computed_seconds(self) -> float:
        """Processor time it has taken so far; the clock where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return time.monotonic()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def slow_down(self) -> None:
        """Gives way to the other processes of the machine, for the rest of its life."""
        self.slowed = True
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, 10)

    async def end(self) -> None:
        """Ends it at once and waits until it is gone."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        transport = getattr(self._process, "_transport", None)
        if transport is not None:
            transport.close()


def _environment() -> Mapping[str, str]:
    package_parent = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (package_parent, os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path}
