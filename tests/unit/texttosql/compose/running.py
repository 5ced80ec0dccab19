"""A plan's whole way: composed, approved by the guard, run by a warehouse."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tests.unit.texttosql.offline.asking import BERLIN
from texttosql.compose import compose
from texttosql.flow import Cell, ResultTable
from texttosql.guard import approve
from texttosql.plan import Plan
from texttosql.storehouse import Snapshot, Storehouse
from texttosql.warehouses import open_warehouse


@dataclass(frozen=True, slots=True)
class Place:
    """A store that plans are run on."""

    storehouse: Storehouse
    snapshot: Snapshot
    zone: ZoneInfo

    def run(self, plan: Plan) -> ResultTable:
        """The rows of a plan. Raises what composing, the guard or the warehouse raise."""
        composed = compose(plan, self.snapshot.catalog, self.zone)
        return self.storehouse.run(approve(composed.sql, self.snapshot.policy))

    def rows(self, plan: Plan, *names: str) -> list[tuple[Cell, ...]]:
        """These columns of a plan's rows, in order; all of them without names."""
        table = self.run(plan)
        places = [table.names.index(name) for name in names or table.names]
        return [tuple(row[place] for place in places) for row in table.rows]

    def pairs(self, plan: Plan, *names: str) -> dict[Cell, Cell]:
        """The first of two columns' cells to the second's."""
        keys, values = zip(*self.rows(plan, *names), strict=True)
        return dict(zip(keys, values, strict=True))

    def close(self) -> None:
        """Give the store back."""
        self.storehouse.close()


def place(url: str, zone: ZoneInfo = BERLIN) -> closing[Place]:
    """The store at an address, opened for plans and closed at the end of the `with`."""
    storehouse = Storehouse(
        open_warehouse(url), max_rows=1_000, deadline=20.0, ttl=3_600.0, clock=time.monotonic
    )
    return closing(Place(storehouse, storehouse.snapshot(), zone))
