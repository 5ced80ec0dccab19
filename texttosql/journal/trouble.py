"""What a database says when a journal fails, as what happened and what to do now.

The driver's own words go to the log under a reference, never to the asker.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from texttosql.errors import JournalError

_log = logging.getLogger(__name__)

_ELSEWHERE = "or set TRACKTALK_JOURNAL to another file."
_SIGNS: tuple[tuple[str, str, str], ...] = (
    ("locked", "is locked by another program", "Try again in a moment; end what holds it open."),
    ("readonly", "may only be read", f"Make the file and its folder writable, {_ELSEWHERE}"),
    ("unable to open", "cannot be opened", f"Check that it is a writable file, {_ELSEWHERE}"),
    ("not a database", "is not a SQLite database", f"Move the file away, {_ELSEWHERE}"),
    ("malformed", "is damaged", f"Move the file away or restore a copy, {_ELSEWHERE}"),
    ("disk is full", "has no room left on its disk", f"Free some space, {_ELSEWHERE}"),
    ("disk i/o", "cannot be read or written on its disk", f"Check the disk, {_ELSEWHERE}"),
    ("(1045", "turned the login away", "Check user and password in TRACKTALK_JOURNAL."),
    ("(1044", "may not be used by this account", "Grant the account all rights on it."),
    ("(1142", "may not be written by this account", "Grant the account all rights on it."),
    ("(1049", "does not exist on that server", "CREATE DATABASE … CHARACTER SET utf8mb4."),
    ("(2003", "cannot be reached", "Check host and port in TRACKTALK_JOURNAL; is it running?"),
    ("(2006", "was disconnected", "Try again; is the server running?"),
    ("(2013", "was disconnected", "Try again; is the server running?"),
)


@contextmanager
def told_plainly(where: str) -> Iterator[None]:
    """Inside, a failing database becomes a JournalError about the journal at `where`."""
    try:
        yield
    except (SQLAlchemyError, OSError) as trouble:
        reference = secrets.token_hex(4)
        said = getattr(trouble, "orig", trouble)  # without the statement: it holds questions
        _log.warning("journal %s failed, reference %s: %s", where, reference, said)
        what, fix = _reading(trouble)
        happened = f"The journal {where} {what}."
        raise JournalError(happened, fix, reference=reference) from trouble


def _reading(trouble: Exception) -> tuple[str, str]:
    if isinstance(trouble, PoolTimeout):
        return "is too busy", "Try again in a moment."
    if isinstance(trouble, OSError):
        return "has no folder, and none can be made", f"Make the folder yourself, {_ELSEWHERE}"
    text = str(getattr(trouble, "orig", trouble)).lower()
    for sign, what, fix in _SIGNS:
        if sign in text:
            return what, fix
    return "failed", "The log has the reason under the reference."
