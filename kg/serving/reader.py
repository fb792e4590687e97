"""A process that reads: requests on standard input, answers on standard output, one after the other.

Run as `python -m kg.serving.reader MAX_MEMORY_BYTES`. The server ends it when a request takes too long. It cannot reach
the network where the system allows it to give that up, and it goes when the server goes.
"""

from __future__ import annotations

import os
import sys

from kg.errors import KGError
from kg.serving.answering import OPERATIONS
from kg.serving.frames import AnswerWriter, Json, requests
from kg.serving.opened import Opened
from kg.serving.problems import Problem
from kg.serving.sandbox import die_with_parent, limit_memory, without_network


def main() -> None:
    """Answers until standard input is closed."""
    die_with_parent()
    without_network()
    limit_memory(int(sys.argv[1]))
    out = AnswerWriter(os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)  # whatever prints does not get among the answers
    opened: Opened | None = None
    for request, _ in requests(sys.stdin.buffer):
        opened = _answer(request, opened, out)


def _answer(request: Json, opened: Opened | None, out: AnswerWriter) -> Opened | None:
    try:
        if opened is None or opened.path != request["store"]:
            opened = None  # closes the earlier one first
            opened = Opened(request["store"])
        OPERATIONS[request["operation"]](opened, request, out)
        out.end()
    except Problem as problem:
        out.problem(problem.status, problem.detail)
    except KGError as error:
        out.problem(400, str(error))
    except MemoryError:
        out.problem(507, "the answer needs more memory than it may have; narrow the query or add LIMIT")
    except Exception as error:  # noqa: BLE001 - one request's failure is no reason to end the process
        out.problem(500, f"{type(error).__name__}: {error}")
    return opened


if __name__ == "__main__":
    main()
