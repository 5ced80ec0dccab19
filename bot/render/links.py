"""Where a run or an experiment is to be seen in the MLflow UI, when its address is known.

Only what looks like an id becomes part of an address, so that data cannot lead elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from texttosql.flow import Cell, ResultTable

RUN_ID = re.compile(r"[0-9a-f]{32}")
_EXPERIMENT_ID = re.compile(r"\d{1,20}")
_RUN_COLUMN = re.compile(r"(?:^|[ _])run[ _](?:id|uuid)$", re.IGNORECASE)
_EXPERIMENT_COLUMN = re.compile(r"^experiment[ _]id$", re.IGNORECASE)

Link = Callable[[Sequence[Cell]], str | None]
"""From a row of the table to the address its cell leads to."""


@dataclass(frozen=True, slots=True)
class RunLinks:
    """Addresses in the MLflow UI at `base_url`; without one there are no links."""

    base_url: str | None = None

    def run(self, run_id: Cell, experiment_id: Cell = None) -> str | None:
        """A run's page. MLflow finds the experiment itself when it is not known (#/runs/ID)."""
        if self.base_url is None or not RUN_ID.fullmatch(str(run_id)):
            return None
        known = _EXPERIMENT_ID.fullmatch(str(experiment_id))
        place = f"experiments/{experiment_id}/" if known else ""
        return f"{self.base_url.rstrip('/')}/#/{place}runs/{run_id}"

    def experiment(self, experiment_id: Cell) -> str | None:
        """An experiment's page."""
        if self.base_url is None or not _EXPERIMENT_ID.fullmatch(str(experiment_id)):
            return None
        return f"{self.base_url.rstrip('/')}/#/experiments/{experiment_id}"

    def of(self, table: ResultTable) -> dict[int, Link]:
        """The columns whose cells lead somewhere, by position."""
        home = next((i for i, n in enumerate(table.names) if _EXPERIMENT_COLUMN.match(n)), None)
        found = {i: self._run_link(i, home) for i in run_columns(table)}
        return found if home is None else {**found, home: lambda row: self.experiment(row[home])}

    def _run_link(self, column: int, home: int | None) -> Link:
        return lambda row: self.run(row[column], None if home is None else row[home])


def run_columns(table: ResultTable) -> list[int]:
    """The columns that hold run ids, such as run_id, run_uuid and parent_run_id."""
    return [i for i, name in enumerate(table.names) if _RUN_COLUMN.search(name)]
