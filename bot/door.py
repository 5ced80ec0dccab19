"""The program's door: every way out has an exit status and one clear line, never a traceback.

What a database or a library said goes to a log file, redacted, under the reference that the
line names.
"""

from __future__ import annotations

import atexit
import gc
import logging
import sys
from collections.abc import Callable
from pathlib import Path

from texttosql.desk import Outside
from texttosql.errors import TextToSQLError
from texttosql.redact import RedactingFormatter
from texttosql.rescue import rescued
from texttosql.terminal import error_line

INTERRUPTED = 130
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def leave(act: Callable[[], int], outside: Outside) -> int:
    """The exit status of `act`, which may raise anything."""
    _speak_any_text()
    handler = _log_to(outside)
    _end_quickly()
    usual = gc.get_threshold()
    # Imports make a hundred thousand objects and no garbage: looking for some costs 60 ms.
    gc.set_threshold(50_000, 20, 20)
    try:
        return rescued(act)
    except TextToSQLError as error:
        line = outside.redactor.redact(error_line(error, outside.log_file))
        sys.stderr.write(f"{line}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return INTERRUPTED
    finally:
        gc.set_threshold(*usual)
        logging.getLogger().removeHandler(handler)
        handler.close()


def _end_quickly() -> None:
    """At its end Python looks for garbage among all that is still there: 60 ms for nothing."""
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)


def _log_to(outside: Outside) -> logging.Handler:
    """Warnings and worse go to the file and nowhere else: stderr is for people."""
    handler = _LateFile(outside.log_file)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(RedactingFormatter(outside.redactor, logging.Formatter(_FORMAT)))
    logging.getLogger().addHandler(handler)
    return handler


class _LateFile(logging.Handler):
    """Makes the file with its first line, and is quiet where it may not write."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def emit(self, record: logging.LogRecord) -> None:
        """Append one record."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8", errors="backslashreplace") as log:
                log.write(self.format(record) + "\n")
        except OSError:
            return


def _speak_any_text() -> None:
    """A character the terminal has no code for is written as an escape, not an error."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")
