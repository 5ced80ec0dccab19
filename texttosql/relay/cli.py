"""`tracktalk relay`: stands in for Claude, with answers that somebody writes into a folder."""
# ruff: noqa: PLC0415 - the server is loaded when the command is called

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from texttosql.errors import SettingsError

KEY = "relay"


def relay(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where requests and answers go.")],
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="The port on 127.0.0.1; 0: any that is free.")
    ] = 0,
    timeout: Annotated[
        float, typer.Option(min=0.1, max=86_400, metavar="S", help="Seconds to wait for an answer.")
    ] = 600,
) -> None:
    """Stand in for Claude: requests become files in DIR, and so do the answers."""
    from texttosql.relay.folder import Folder
    from texttosql.relay.server import app, serving

    with ExitStack() as stack:
        try:
            answerer = Folder(folder, timeout, lambda: datetime.now(UTC))
        except OSError as error:
            what = f"{folder} cannot be used"
            raise _cannot(what, error, "Choose another folder.") from error
        ended = _told_to_end()
        try:
            address = stack.enter_context(serving(app(answerer), port))
        except OSError as error:
            what = f"Port {port} cannot be listened on"
            raise _cannot(what, error, "Choose another --port, or 0.") from error
        typer.echo(
            f"ANTHROPIC_BASE_URL={address} ANTHROPIC_API_KEY={KEY} "
            f"TRACKTALK_MODEL_DEADLINE={min(timeout, 3_600):g}"
        )
        sys.stdout.flush()
        sys.stderr.write(f"Requests appear in {folder}. Ctrl-C ends it.\n")
        # In steps: on some systems a wait without end does not see signals.
        while not ended.wait(3600):
            pass


def _cannot(what: str, error: OSError, fix: str) -> SettingsError:
    # By its number: socket's own text has the address in it as well.
    reason = os.strerror(error.errno).lower() if error.errno else "unknown reason"
    return SettingsError(f"{what}: {reason}.", fix)


def _told_to_end() -> threading.Event:
    """Set by SIGTERM and Ctrl-C."""
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, end)
    return ended
