"""The program's door: every way out has an exit status and one clear line, never a traceback.

What a database or a library said goes to a log file, redacted, under the reference that the
line names.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from texttosql.desk import Outside
from texttosql.errors import TextToSQLError
from texttosql.redact import RedactingFormatter
from texttosql.rescue import Unforeseen, rescued
from texttosql.terminal import error_line

INTERRUPTED = 130
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def leave(act: Callable[[], int], outside: Outside) -> int:
    """The exit status of `act`, which may raise anything."""
    _speak_any_text()
    log = log_file(outside.environ)
    handler = _log_to(log, outside)
    try:
        return rescued(act)
    except Unforeseen as error:
        return _refuse(error, outside, f" Log: {log}")
    except TextToSQLError as error:
        return _refuse(error, outside, f" Log: {log}" if error.reference else "")
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return INTERRUPTED
    except BrokenPipeError:
        _hush()
        return 1
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


def _refuse(error: TextToSQLError, outside: Outside, where: str) -> int:
    sys.stderr.write(outside.redactor.redact(error_line(error)) + where + "\n")
    return error.exit_code


def log_file(environ: Mapping[str, str]) -> Path:
    """Where details go: the user's state folder. A relative XDG_STATE_HOME is to be ignored."""
    state = Path(environ.get("XDG_STATE_HOME") or "")
    if not state.is_absolute():
        state = Path(environ.get("HOME") or Path.home()) / ".local" / "state"
    return state / "tracktalk" / "tracktalk.log"


def _log_to(file: Path, outside: Outside) -> logging.Handler:
    """Warnings and worse go to the file and nowhere else: stderr is for people."""
    handler = _LateFile(file)
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


def _hush() -> None:
    """Whoever read stdout is gone: nothing more is written, also not when Python ends."""
    sys.stdout = open("/dev/null", "w", encoding="utf-8")  # noqa: SIM115, PTH123 - held to the end
