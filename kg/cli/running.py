"""Runs the command line: exit codes, and one line for whatever goes wrong."""

from __future__ import annotations

import logging
import sys
import warnings

import typer

from kg.cli.application import app
from kg.console import say, unforeseen
from kg.errors import KGError, QueryTimeout

# Typer brings a click of its own in some versions, so its base of all usage errors has no name to import.
_UsageFault: type[Exception] = typer.BadParameter.__mro__[2]


def main() -> None:
    """Runs the command line; no traceback reaches a user unless `--debug` is given."""
    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    logging.basicConfig(level=logging.DEBUG if debug else logging.CRITICAL, format="%(name)s: %(message)s")
    if not debug:
        logging.getLogger("kg").setLevel(logging.WARNING)
        warnings.simplefilter("ignore")  # the libraries' notes to programmers
    try:
        code = app(args=arguments, prog_name="kg", standalone_mode=False)
    except _UsageFault as error:
        code = _wrong_use(error)
    except (typer.Abort, KeyboardInterrupt):
        code = 130
    except KGError as error:
        if debug:
            raise
        say(f"kg: {error}")
        code = 1 if isinstance(error, QueryTimeout) else 2
    except Exception as error:
        if debug:
            raise
        say(f"kg: {unforeseen(error)}")
        code = 2
    raise SystemExit(code or 0)


def _wrong_use(error: Exception) -> int:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "kg"
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    message = " ".join(message.split()).rstrip(".")
    message = message[:1].lower() + message[1:]
    say(
        f"{command}: {message} See '{command} --help'"
        if message.endswith("?")
        else f"{command}: {message}; see '{command} --help'"
    )
    return 2
