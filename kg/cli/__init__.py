"""The command `kg`: arguments, progress, exit codes. Every subcommand is a thin layer over a Python call.

Exit codes: 0 done; 1 done, but something asked for does not hold; 2 wrong use, or nothing readable. A module of
commands registers with `app` when it is imported here; the order of the imports is the order of `kg --help`.
"""

from kg.cli import building, querying, serving, language, evaluating  # isort: skip
from kg.cli.application import app
from kg.cli.running import main

__all__ = ["app", "building", "evaluating", "language", "main", "querying", "serving"]
