"""A process of our own that does what needs MLflow, and ends with us, whatever ends us.

MLflow takes more memory than the whole copy, and talks where it likes. What is asked goes in
through stdin as JSON: a command line can be read by every user of the machine. Stdin stays open
as long as the answer is awaited: where it closes early, nobody waits any more.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from tracking.errors import SchemaMismatch
from tracking.migrate.hazards.hazard import short

Task = Literal[
    "tracking.migrate.upgrading", "tracking.migrate.auth_upgrading",
    "tracking.migrate.filestore_converting", "tracking.migrate.filestore_reading",
    "tracking.migrate.verify.reading",
]  # fmt: skip
Word = Literal["ready", "awaited"]
READY: Word = "ready"
"""What a child was started too early for is there."""
AWAITED: Word = "awaited"
"""The parent does nothing any more but wait for the answer."""
EVERY = 0.5
"""Seconds between two looks at how far it is."""
_START = "import sys; sys.path.insert(0, sys.argv[1]); import {0}; {0}.main()"


class Child:
    """Begins at once; `answer` waits for the end."""

    def __init__(self, task: Task, asked: Mapping[str, Any]) -> None:  # Any: JSON
        self._folder = tempfile.TemporaryDirectory()  # where MLflow may make its ./mlruns
        root = str(Path(__file__).parents[2])
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115  # closed in answer()
        self._wrong = tempfile.TemporaryFile("w+")  # noqa: SIM115  # same
        self._process = subprocess.Popen(  # noqa: S603  # our own module
            [sys.executable, "-c", _START.format(task), root],
            stdin=subprocess.PIPE, stdout=self._said, stderr=self._wrong, text=True,
            cwd=self._folder.name, env=os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true"},
        )  # fmt: skip
        self._in = self._process.stdin
        self._say(json.dumps(asked))

    def tell_ready(self) -> None:
        """What it may have to wait for is there: see `wait_for`."""
        self._say(READY)

    def close(self) -> None:
        """End one whose answer nobody waits for any more."""
        with self._said, self._wrong, self._folder:
            self._process.kill()
            self._process.wait()
            if self._in:
                self._in.close()

    def answer(self, failed: str, meanwhile: Callable[[], None] | None = None) -> str:
        """What it printed. Raises SchemaMismatch, which begins with `failed`.

        `meanwhile` is called now and then.
        """
        with self._said, self._wrong, self._folder:
            self._say(AWAITED)
            while meanwhile and self._process.poll() is None:
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(EVERY)
                meanwhile()
            code = self._process.wait()
            if self._in:
                self._in.close()
            for file in (self._said, self._wrong):
                file.seek(0)
            if code:
                what = f"{failed}: {short(told(self._wrong.read()), 300)}"
                raise SchemaMismatch(what, "Nothing was changed in the source.")
            return self._said.read()

    def _say(self, line: str) -> None:
        with suppress(OSError):  # it has ended badly, which its exit tells
            if self._in:
                self._in.write(f"{line}\n")
                self._in.flush()


def told(wrong: str) -> str:
    """The last line that says something; SQLAlchemy ends with its statement and a link."""
    plain = re.sub(r"^\[SQL:.*?(?=^\(Background on|\Z)", "", wrong, flags=re.DOTALL | re.MULTILINE)
    lines = [each for each in plain.splitlines() if each.strip()]
    return next(
        (each for each in reversed(lines) if "(Background on" not in each), "it said nothing"
    )


def asked() -> Mapping[str, Any]:  # Any: JSON
    """In the child: what it was asked. From now on it ends when its parent does."""
    request: Mapping[str, Any] = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return request


def wait_for(word: Word) -> None:
    """In the child: return once the parent has said so."""
    _heard[word].wait()


_heard: Mapping[str, threading.Event] = {READY: threading.Event(), AWAITED: threading.Event()}


def _end_with_parent() -> None:
    while line := sys.stdin.readline():
        _heard[line.strip()].set()
    os._exit(1)
