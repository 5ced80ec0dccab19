"""MLflow's entities as JSON has them, and its pages as one. For the children that read stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Item = Any
"""What MLflow shows of one thing, as JSON has it. `Any`: whatever MLflow's objects hold."""

FAILED = "failed"
"""Instead of what MLflow shows: that it cannot."""


def pages(ask: Callable[[str | None], Any]) -> Iterator[Any]:  # Any: MLflow's PagedList
    """Every item of every page."""
    page = None
    while True:
        found = ask(page)
        yield from found
        if not (page := found.token):
            return


def plain(entity: Any) -> dict[str, Item]:  # Any: one of MLflow's entities
    """An entity's properties."""
    return {name: value for name, value in entity if name != "latest_versions"}


def shown(ask: Callable[[Any], Item], of: Any) -> Item:  # Any: an id, or a client
    """What MLflow shows, or under FAILED that it cannot, and why."""
    try:
        return ask(of)
    except Exception as error:  # noqa: BLE001  # of rows that it cannot make sense of it raises anything
        return {FAILED: f"{type(error).__name__}: {error}"[:500]}
