"""The file that a rollback leaves: it gets its name when all is in it, and is known again.

    FILE.part                 what is being written
    DIR/rolled-back.json      how the finished file looks from outside, written before its name

So a rollback that was killed before it could note its end in the target finds a file that is its
own, and does all of it again; a file that somebody has written to since is nobody's to overwrite.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from tracking.migrate import ids


def beside(source: Path) -> Path:
    """The file that a rollback writes unless another one is named."""
    return source.with_name(f"{source.stem}-rolled-back{source.suffix}")


def finish(part: Path, into: Path, folder: Path, given: Mapping[int, int]) -> None:
    """Give experiments their old ids back, and the file its name."""
    with closing(sqlite3.connect(part)) as store:
        ids.restore(store, given)
        store.commit()
    _note(folder).write_text(json.dumps(_marks(part)), encoding="utf-8")
    part.replace(into)


def cut_short(folder: Path, into: Path) -> bool:
    """Whether a rollback of ours wrote it, was killed right then, and nobody has changed it."""
    try:
        told = json.loads(_note(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # none, or one whose writing was cut short
        return False
    return bool(told == _marks(into))


def _note(folder: Path) -> Path:
    return folder / "rolled-back.json"


def _marks(file: Path) -> list[int]:
    """What a new name leaves as it is, and every writer changes."""
    of = file.stat()
    return [of.st_ino, of.st_size, of.st_mtime_ns]
