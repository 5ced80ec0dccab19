"""What a verification found, as values: checks that were made, and what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tracking.migrate.hazards.hazard import short
from tracking.status import Difference

MOST = 1_000
"""Differences kept of one table; a table that is missing as a whole has no use for a million."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not the same. `subject` is a table or a section of what MLflow shows."""

    check: str
    subject: str
    what: str
    expected: str
    found: str

    @property
    def difference(self) -> Difference:
        """For the status, which the bot shows."""
        told = f"{self.what}: " if self.what else ""
        return Difference(
            self.subject, short(f"{told}{self.expected}", 200), short(self.found, 200)
        )


@dataclass(frozen=True, slots=True)
class Check:
    """A check that was made, or could not be (`ok` is None), and what it covered."""

    name: str
    ok: bool | None
    covered: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Compared:
    """A table whose rows were compared to the end.

    `hashed`: rows in chunks whose hashes were the same on both sides; the others were compared
    value by value. `fingerprint`: SHA-256 over those hashes, in key order.
    """

    table: str
    rows: int
    hashed: int
    chunks: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Since:
    """What was written to a target after it was MLflow's own: rows by table."""

    at: str
    rolled_back: bool
    added: Mapping[str, int]
    changed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Proof:
    """A verification that came to its end. `differing` counts also findings that were cut.

    `since`: what is no difference, in a target that was handed over; None in any other.
    """

    at: datetime
    tables: int
    rows: int
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    differing: int
    compared: tuple[Compared, ...] = ()
    since: Since | None = None

    @property
    def ok(self) -> bool:
        """Whether all that was compared is the same."""
        return not self.differing and all(check.ok is not False for check in self.checks)
