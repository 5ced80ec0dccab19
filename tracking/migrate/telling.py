"""A move's status in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from tracking.migrate.progress import line
from tracking.status import MigrationStatus


def status(found: MigrationStatus | None, now: datetime | None = None) -> str:
    """For people."""
    if found is None:
        return "No move is planned or under way.\n"
    return "\n".join(_lines(found, now or datetime.now(UTC))) + "\n"


def _lines(found: MigrationStatus, now: datetime) -> Iterator[str]:
    yield f"From  {found.source}"
    yield f"To    {found.target}"
    yield f"Now   {line(found)}"
    yield f"As of {found.updated_at:%Y-%m-%d %H:%M:%S} UTC"
    if found.killed:
        yield f"Its process ({found.pid}) has ended without a word. Run it again to go on."
    elif found.stalled(now):
        yield "Nothing was heard of it since: it may have been killed. Run it again to go on."
    if found.error:
        yield f"Error {found.error}"
    if proof := found.last_verification:
        said = "the same" if proof.ok else "not the same"
        compared = f"{proof.rows:,} rows in {proof.tables} tables"
        yield f"Proof {compared}: {said}, {proof.at:%Y-%m-%d %H:%M} UTC"
    for each in found.differences:
        yield f"  {each.table}: expected {each.expected}; found {each.found}"


def many(count: int, word: str) -> str:
    """A number of things: "1 row", "1,200 rows"."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"
