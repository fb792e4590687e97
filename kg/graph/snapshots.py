"""What a reader opens, so that it keeps its state whatever builds come.

The database opens a few of its tables at once and the others by their path when they are asked for. A store of few
tables is opened where it is; of one with more, readers share a copy in `.NAME.readers`, made of links, which a later
build removes when no process has it any more.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

OPENED_AT_ONCE = 16
"""Tables that the database opens with the store; the names of these do not matter later."""
_TRIES = 20
_STATES = 8
"""States that one process holds; a process that opens more has closed the oldest."""

_held: dict[Path, int] = {}
"""Copies that this process reads from, with the descriptors that hold them."""


def readable(store_dir: Path) -> Path:
    """The folder to open for reading: the store itself, or a copy of its present state.

    The copy is held until this process ends, or has opened many later ones. Where none can be made (a folder one may
    not write to), the store itself.
    """
    for _ in range(_TRIES):
        try:
            folder = os.open(store_dir, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            return store_dir
        try:
            tables = [name for name in os.listdir(folder) if name.endswith(".sst")]  # noqa: PTH208  # a descriptor
            if len(tables) <= OPENED_AT_ONCE:
                return store_dir
            copy = _readers(store_dir) / _state(folder)
            if copy in _held or _hold(copy):
                return copy
            _link(folder, copy)
        except FileNotFoundError:  # a build has just replaced the store
            continue
        except OSError:
            return store_dir
        finally:
            os.close(folder)
    return store_dir


def forget_unread(store_dir: Path) -> None:
    """Removes the copies that no process reads from."""
    readers = _readers(store_dir)
    for copy in readers.iterdir() if readers.is_dir() else ():
        with suppress(OSError):
            lock = os.open(copy, os.O_RDONLY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(copy)
            finally:
                os.close(lock)
    with suppress(OSError):
        readers.rmdir()


def _readers(store_dir: Path) -> Path:
    return store_dir.with_name(f".{store_dir.name}.readers")


def _state(folder: int) -> str:
    """A name for what the files of a store are now: any write changes it."""
    with os.scandir(folder) as entries:
        files = sorted((entry.name, os.stat(entry.name, dir_fd=folder)) for entry in entries if entry.name != "LOCK")
    described = [f"{name} {status.st_size} {status.st_mtime_ns}" for name, status in files]
    return sha256("\n".join(described).encode()).hexdigest()[:24]


def _hold(copy: Path) -> bool:
    """Whether there is such a copy, which no build removes from now on."""
    try:
        lock = os.open(copy, os.O_RDONLY)
    except FileNotFoundError:
        return False
    fcntl.flock(lock, fcntl.LOCK_SH)
    if not copy.exists():
        os.close(lock)
        return False
    _held[copy] = lock
    while len(_held) > _STATES:
        os.close(_held.pop(next(iter(_held))))
    return True


def _link(folder: int, copy: Path) -> None:
    """Makes a copy of a store, at once whole; another process may be faster."""
    copy.parent.mkdir(exist_ok=True)
    made = copy.with_name(f"{copy.name}.{secrets.token_hex(4)}")
    made.mkdir()
    try:
        for name in os.listdir(folder):  # a descriptor
            if name.endswith(".sst"):
                os.link(name, made / name, src_dir_fd=folder)
            elif name != "LOCK" and not name.startswith("LOG"):
                (made / name).write_bytes(_content(folder, name))
        made.rename(copy)
    except BaseException as error:
        shutil.rmtree(made, ignore_errors=True)
        if not copy.exists() or not isinstance(error, OSError):
            raise


def _content(folder: int, name: str) -> bytes:
    with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=folder), "rb") as file:
        return file.read()
