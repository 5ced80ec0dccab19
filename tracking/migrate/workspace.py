"""Folders for copies of the source, each used by one process at a time.

Whoever uses one holds a lock on it, which the system takes from a process that dies. So what a
killed one has left behind can be told from what is in use, and the next command throws it away.

    DIR/look-*/     a passing copy, for as long as a command looks at it
    DIR/looks.lock  held for the moment in which such folders are made, and cleared
    DIR/MOVE.lock   held while a move writes into its folder, DIR/MOVE
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

_LOCK = "lock"


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else is at work in a move's folder; then nobody else can begin to."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("a") as handle:
        free = _locked(handle)
        if free:
            _clear_move(folder)
        yield free


@contextmanager
def passing(workspace: Path) -> Iterator[Path]:
    """A folder that goes when it was used; those of commands that were killed go before."""
    workspace.mkdir(parents=True, exist_ok=True)
    with (workspace / "looks.lock").open("a") as everybody:
        fcntl.flock(everybody, fcntl.LOCK_EX)  # nobody sees a folder that is not locked yet
        _clear_looks(workspace)
        folder = Path(tempfile.mkdtemp(dir=workspace, prefix="look-"))
        handle = (folder / _LOCK).open("a")
        _locked(handle)
    with handle:
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _locked(handle: TextIO) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _clear_looks(workspace: Path) -> None:
    for folder in workspace.glob("look-*"):
        try:
            with (folder / _LOCK).open("a") as handle:
                dead = _locked(handle)
        except OSError:  # it is going away by itself just now, or is not ours
            continue
        if dead:
            shutil.rmtree(folder, ignore_errors=True)


def _clear_move(folder: Path) -> None:
    """What a killed one was about to send, or to take apart; its copies are still of use."""
    for chunk in folder.glob("chunk-*"):
        chunk.unlink(missing_ok=True)
    for loose in folder.glob("**/.taking-*"):
        shutil.rmtree(loose, ignore_errors=True)
