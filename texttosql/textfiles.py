"""Files that a command reads and writes: what is wrong with one is told, and where."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from texttosql.errors import SettingsError

MOST_BYTES = 64 * 2**20
"""No file of questions or statements is that long; a device that never ends is."""


def lines(file: Path) -> list[str]:
    """The lines of a UTF-8 file, with or without a byte order mark. Raises SettingsError."""
    content = _content(file)
    try:
        # Not splitlines(): JSON strings may hold U+2028, which that would split at.
        return content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        place = content.count(b"\n", 0, error.start) + 1
        what = f"{file} is not UTF-8 text (line {place})."
        raise SettingsError(what, "Save it as UTF-8.") from error


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        what = f"{file} cannot be read: {(error.strerror or 'unknown reason').lower()}."
        raise SettingsError(what, "Give the path of a JSONL file.") from error
    if len(content) > MOST_BYTES:
        what = f"{file} is larger than {MOST_BYTES // 2**20} MB."
        raise SettingsError(what, "Give several smaller files, one after the other.")
    return content


@contextmanager
def written(file: Path) -> Iterator[TextIO]:
    """The file to write to; "-" is stdout. Raises SettingsError."""
    if str(file) == "-":
        yield sys.stdout
        return
    try:
        # Line buffered, so that a batch that is stopped keeps what it has.
        opened = file.open("w", encoding="utf-8", errors="backslashreplace", buffering=1)
    except OSError as error:
        raise unwritable(file, error) from error
    with opened as target:
        yield target


def unwritable(file: Path, error: OSError) -> SettingsError:
    """The error of a file that cannot be written."""
    what = f"{file} cannot be written: {(error.strerror or 'unknown reason').lower()}."
    return SettingsError(what, "Choose another place for it.")
