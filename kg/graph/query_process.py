"""One query in a process of its own: a request as JSON on standard input, the answer on standard output.

The first line of the answer is JSON (form, prefixes, or the error), the rest the content of `kg.graph.query.Answer`.
Run as `python -m kg.graph.query_process`, and killed by its parent when time is up.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kg.errors import KGError
from kg.graph.query import query
from kg.model import LiteralValue


def main() -> None:
    """Reads the request, answers, ends."""
    request = json.loads(sys.stdin.buffer.read())
    content = b""
    try:
        bindings = {
            name: value if isinstance(value, str) else LiteralValue(value=value[0], datatype=value[1])
            for name, value in request["bindings"].items()
        }
        answer = query(Path(request["source"]), request["text"], prefixes=request["prefixes"], bindings=bindings)
        header: dict[str, object] = {"form": answer.form, "prefixes": dict(answer.prefixes)}
        content = answer.content
    except KGError as error:
        header = {"form": "error", "type": type(error).__name__, "message": str(error)}
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
