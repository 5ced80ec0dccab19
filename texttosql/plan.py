"""A question's meaning as a value: what the offline engine makes, and follow-ups patch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """A placeholder until the engine lands; `dumps`/`loads` are the journal's way to keep it."""


def dumps(plan: Plan) -> str:
    """The plan as one line of JSON."""
    return "{}" if plan else ""


def loads(text: str) -> Plan:
    """The plan that `dumps` wrote. Raises ValueError when `text` is none."""
    if text != "{}":
        raise ValueError(text)
    return Plan()
