"""What every command of `tracktalk migrate` does at its door: settings in, errors out."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from tracking.errors import TrackingError
from tracking.settings import Settings, from_env

INTERRUPTED = 130
"""As a shell has it: 128 and the number of SIGINT."""


def settings(context: typer.Context) -> Settings:
    """From the environment that the program was given, or else its own."""
    return from_env(getattr(context.obj, "environ", os.environ))


@contextmanager
def errors(as_json: bool) -> Iterator[None]:
    """What goes wrong is one line on stderr, and with --json an object on stdout, too."""
    try:
        yield
    except TrackingError as error:
        from tracking.status import masked  # noqa: PLC0415  # pydantic: only what fails pays for it

        what, fix = masked(error.what), masked(error.fix)
        if as_json:
            typer.echo(json.dumps({"outcome": "error", "error": {"what": what, "fix": fix}}))
        sys.stderr.write(f"{what} {fix}\n")
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt as stopped:
        sys.stderr.write("Stopped by hand. Say the same command again to go on.\n")
        raise typer.Exit(INTERRUPTED) from stopped
