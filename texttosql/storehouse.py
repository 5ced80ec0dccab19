"""One store as a question sees it: its names, what may be read of it, and its warehouse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from texttosql.catalog import Catalog, read_catalog
from texttosql.errors import WarehouseError
from texttosql.flow import Dialect, ResultTable, SafeQuery
from texttosql.fresh import Fresh
from texttosql.guard import Policy, approve, experiments_only
from texttosql.ports import Warehouse
from texttosql.schema import Schema

NAMES_ROWS = 50_000  # rows one reading of names may give
_EXPERIMENTS = "SELECT e.experiment_id, e.name FROM experiments AS e"


class Scope(Protocol):
    """Which experiments an asker may see, by name or id."""

    @property
    def experiment_names(self) -> frozenset[str]:
        """Exact names."""
        ...

    @property
    def experiment_ids(self) -> frozenset[int]:
        """MLflow's numbers."""
        ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The names of a store at one moment, and the policy its questions run under."""

    catalog: Catalog
    policy: Policy


class Storehouse:
    """A warehouse with its names kept fresh. Many threads may share one.

    `deadline` is what a query may take, `ttl` how long names stay fresh, both in seconds.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        *,
        max_rows: int,
        deadline: float,
        ttl: float,
        clock: Callable[[], float],
        scope: Scope | None = None,
    ) -> None:
        self._warehouse, self._max_rows, self._deadline = warehouse, max_rows, deadline
        self._scope = scope
        self._fresh = Fresh(self._read, ttl, clock)
        self._sizes = Fresh(self._measure, ttl, clock)

    @property
    def dialect(self) -> Dialect:
        """The SQL the store speaks."""
        return self._warehouse.dialect

    def snapshot(self) -> Snapshot:
        """The names, at most `ttl` old. Raises WarehouseError."""
        return self._fresh.get()

    def last(self) -> Snapshot | None:
        """The names as they were read last, without waiting; None before the first time."""
        return self._fresh.last()

    def age(self) -> float | None:
        """Seconds since the names were read; None when they never were."""
        return self._fresh.age()

    def sizes(self) -> Mapping[str, int]:
        """About how many rows each table has; empty where that is not known. Never fails."""
        return self._sizes.get()

    def run(self, query: SafeQuery) -> ResultTable:
        """The rows of an approved query. Raises WarehouseError."""
        return self._warehouse.run(query, self._deadline)

    def rehearse(self, query: SafeQuery) -> None:
        """Let the server prepare a query without running it. Raises WarehouseError."""
        self._warehouse.rehearse(query, self._deadline)

    def close(self) -> None:
        """Give back every connection."""
        self._warehouse.close()

    def _read(self) -> Snapshot:
        schema = self._warehouse.schema()
        names = self._policy(schema, NAMES_ROWS)
        catalog = read_catalog(schema, lambda sql: self.run(approve(sql, names)))
        answers = Policy(schema, schema.dialect, self._max_rows, names.scopes)
        return Snapshot(catalog, answers)

    def _measure(self) -> Mapping[str, int]:
        """Nothing of a store whose askers may see a part: the whole is not theirs to know."""
        if self._scope is not None:
            return {}
        try:
            return self._warehouse.sizes()
        except WarehouseError:
            return {}

    def _policy(self, schema: Schema, max_rows: int) -> Policy:
        everything = Policy(schema, schema.dialect, max_rows)
        if self._scope is None:
            return everything
        rows = self.run(approve(_EXPERIMENTS, everything)).rows
        ids = {
            int(number or 0)
            for number, name in rows
            if name in self._scope.experiment_names or number in self._scope.experiment_ids
        }
        return Policy(schema, schema.dialect, max_rows, experiments_only(ids))
