"""A hazard as a value: what was found, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN = 5
"""Examples kept of each hazard."""


@dataclass(frozen=True, slots=True)
class Hazard:
    """Something on the way. `blocking`: nothing is copied before the remedy was applied.

    `name` is stable, for scripts: "too-long". `found` says how often it occurs.
    """

    name: str
    what: str
    remedy: str
    blocking: bool
    table: str | None = None
    column: str | None = None
    found: int = 1
    examples: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The column, the table, or nothing in particular."""
        return ".".join(part for part in (self.table, self.column) if part)


def short(value: object, length: int = 60) -> str:
    """A value as an example shows it: readable, and not endless."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= length else f"{text[: length - 1]}… ({len(text):,} characters)"
