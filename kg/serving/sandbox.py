"""What a process gives up before it works for strangers. Each is taken where the system offers it."""

from __future__ import annotations

import ctypes
import signal
import sys
from contextlib import suppress

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


def die_with_parent() -> None:
    """Ends this process when the one that started it ends, even in the middle of a query."""
    library = _libc()
    if library is not None:
        library.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def without_network() -> None:
    """Moves this process into a network of its own, which has no way out. Must be called before threads start."""
    library = _libc()
    if library is not None and library.unshare(_CLONE_NEWNET) != 0:
        library.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def limit_memory(max_bytes: int) -> None:
    """Bounds the address space of this process; past it, an allocation fails or ends the process."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = max_bytes if hard == resource.RLIM_INFINITY else min(max_bytes, hard)
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def _libc() -> ctypes.CDLL | None:
    if sys.platform != "linux":
        return None
    with suppress(OSError):
        return ctypes.CDLL(None, use_errno=True)
    return None
