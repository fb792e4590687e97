"""The store's last complete state, in a folder that no build touches: a copy of hard links beside the store.

A build puts a new store in the place of the old one. The server sees that, takes a snapshot of it, and from then on
readers are sent there; the old snapshot goes when the last query on it has ended.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from kg.errors import StoreError
from kg.graph.store import open_store

_log = logging.getLogger(__name__)
_LOOK_SECONDS = 0.5


class Snapshots:
    """The current snapshot of one store, and the earlier ones still in use."""

    def __init__(self, store_dir: Path) -> None:
        self._store_dir = store_dir
        self.folder = store_dir.with_name(f".{store_dir.name}.serving-{os.getpid()}-{id(self):x}")
        self._numbers = count(1)
        self._uses: Counter[str] = Counter()
        self._seen: tuple[int, ...] = ()
        self.current = ""
        self.generation = 0

    def prepare(self) -> None:
        """Makes the folder for snapshots. Raises `StoreError` when it cannot."""
        self._remove_abandoned()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{self.folder}: cannot be written ({error.strerror}); check the rights") from error

    async def follow(self) -> None:
        """Takes a snapshot whenever another store stands in the place; for ever."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if self._state() not in (self._seen, ()):
                try:
                    await asyncio.to_thread(self.take)
                except StoreError as error:
                    _log.warning("%s", error)

    def adopt(self, path: str) -> None:
        """Makes a snapshot that the writer has taken the current one."""
        previous, self.current = self.current, path
        self.generation += 1
        if previous and not self._uses[previous]:
            _remove(previous)

    @contextmanager
    def in_use(self) -> Iterator[str]:
        """The path of the current snapshot, which stays while it is used."""
        path = self.current
        self._uses[path] += 1
        try:
            yield path
        finally:
            self._uses[path] -= 1
            if path != self.current and not self._uses[path]:
                del self._uses[path]
                _remove(path)

    def close(self) -> None:
        """Removes all snapshots."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def take(self) -> None:
        """Takes a snapshot of the store as it is. Raises `StoreError` when there is none."""
        state = self._state()
        path = str(self.folder / f"{next(self._numbers)}")
        store = open_store(self._store_dir, read_only=True)
        try:
            store.backup(path)
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreError(f"{self._store_dir}: no snapshot can be taken ({error})") from error
        self._seen = state
        self.adopt(path)

    def _state(self) -> tuple[int, ...]:
        """What tells one store from the next: a build renames a new folder into place."""
        with suppress(OSError):
            folder, current = self._store_dir.stat(), (self._store_dir / "CURRENT").stat()
            return folder.st_ino, current.st_ino, current.st_mtime_ns
        return ()

    def _remove_abandoned(self) -> None:
        """Removes what servers have left that were killed."""
        for folder in self._store_dir.parent.glob(f".{self._store_dir.name}.serving-*"):
            number = folder.name.rpartition("serving-")[2].partition("-")[0]
            if number.isdigit() and int(number) != os.getpid() and not _runs(int(number)):
                shutil.rmtree(folder, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _remove(path: str) -> None:
    shutil.rmtree(path, ignore_errors=True)
