"""Writes `docs/reference-cli.md`: what `kg --help` and every `kg COMMAND --help` say.

    python docs/hooks/command_line.py > docs/reference-cli.md

A test runs it and fails when the page is not what it prints.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = 96

INTRODUCTION = """# Command line reference

What `kg --help` and `kg COMMAND --help` print, for reading and searching. This page is generated from the program
(`python docs/hooks/command_line.py > docs/reference-cli.md`), and a test keeps it true.

Exit codes: **0** done; **1** done, but something asked for does not hold (violations, failed documents, a time-out);
**2** wrong use, or nothing readable in what was given.
Results go to standard output, everything else to standard error.
"""


def help_of(*command: str) -> str:
    """The help text of a command, wrapped at `COLUMNS`, without blanks at line ends."""
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "TERMINAL_WIDTH": str(COLUMNS), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "kg.cli", *command, "--help"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=ROOT,
    )
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())


def page() -> str:
    """The whole page."""
    overview = help_of()
    commands = re.findall(r"^  (\w+)  ", overview.partition("Commands:")[2], re.MULTILINE)
    parts = [INTRODUCTION, "## kg\n", f"```text\n{overview}\n```\n"]
    for command in commands:
        parts += [f"## kg {command}\n", f"```text\n{help_of(command)}\n```\n"]
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
