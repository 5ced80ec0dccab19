"""A run or an experiment at a glance: what a link to it unfolds into.

All of it is read through the guard, under the asker's policy, like any question. Which way of a
metric is better is told by `better`, because that is the engine's knowledge.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from texttosql.catalog import Catalog
from texttosql.effort import is_effort
from texttosql.flow import Cell
from texttosql.format import is_infinite
from texttosql.guard import approve
from texttosql.storehouse import Snapshot, Storehouse

Better = Callable[[str], bool | None]
"""Whether a metric's high end is the good one; None where its name does not say."""

PARAMS, METRICS, MAIN = 20, 10, 3
"""How many of each a card shows; MAIN metrics have their best run on an experiment's card."""
LONGEST_NAME = 256
"""Characters that MLflow has room for in an experiment's name."""
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_FINITE = "ABS(o.value) < 1e308 AND o.is_nan = 0"
"""MLflow stores infinity as ±1.797e308, and NaN as 0 with a flag."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric's latest value, and its place among the `of` runs of the experiment that have it.

    `rank` 1 is best; None where nobody knows which way is better, or the value is no number.
    """

    name: str
    value: float
    higher_is_better: bool | None = None
    rank: int | None = None
    of: int = 0


@dataclass(frozen=True, slots=True)
class RunCard:
    """One run. Times are epoch milliseconds; `ended_ms` None while it runs, or when nobody said."""

    run_id: str
    name: str
    status: str
    experiment_id: int
    experiment: str
    user: str
    started_ms: int | None
    ended_ms: int | None
    deleted: bool
    params: tuple[tuple[str, str], ...]
    metrics: tuple[Metric, ...]
    more_params: int = 0
    more_metrics: int = 0

    @property
    def duration_ms(self) -> int | None:
        """How long it took; None while it runs."""
        if self.started_ms is None or self.ended_ms is None:
            return None
        return self.ended_ms - self.started_ms


@dataclass(frozen=True, slots=True)
class Best:
    """The best run of an experiment by a metric; `ties` other runs have the same value."""

    metric: str
    value: float
    higher_is_better: bool
    run_id: str
    run: str
    ties: int = 0


@dataclass(frozen=True, slots=True)
class ExperimentCard:
    """One experiment. Counts are of live runs; `last_ms` is the start of the newest."""

    experiment_id: int
    name: str
    deleted: bool
    runs: int
    failed: int
    users: int
    last_ms: int | None
    last_run_id: str | None
    last_run: str | None
    best: tuple[Best, ...]


def run_card(storehouse: Storehouse, run_id: str, better: Better) -> RunCard | None:
    """The run of that id; None when there is none. Raises WarehouseError."""
    if not _ID.fullmatch(run_id):
        return None
    ask = _Asking(storehouse)
    found = ask.rows(
        "SELECT r.run_uuid, r.name, r.status, r.experiment_id, e.name AS experiment, r.user_id,"
        " r.start_time, r.end_time, r.lifecycle_stage, e.lifecycle_stage AS stage"
        " FROM runs AS r JOIN experiments AS e ON e.experiment_id = r.experiment_id"
        f" WHERE r.run_uuid = {ask.text(run_id)}"
    )
    if not found:
        return None
    ident, name, status, experiment, called, user, start, end, *stages = found[0]
    params = ask.rows(f"SELECT p.key, p.value FROM params AS p WHERE {_is('p', run_id, ask)}")
    metrics = _metrics(ask, run_id, _int(experiment), better)
    return RunCard(
        run_id=str(ident),
        name=str(name or ident),
        status=str(status or "UNKNOWN"),
        experiment_id=_int(experiment),
        experiment=str(called),
        user=str(user or ""),
        started_ms=_time(start),
        ended_ms=_time(end),
        deleted=any(stage != "active" for stage in stages),
        params=tuple((str(k), str(v)) for k, v in sorted(params, key=_first))[:PARAMS],
        metrics=metrics[:METRICS],
        more_params=max(0, len(params) - PARAMS),
        more_metrics=max(0, len(metrics) - METRICS),
    )


def experiment_card(
    storehouse: Storehouse, wanted: int | str, better: Better
) -> ExperimentCard | None:
    """The experiment of that id or exact name; None when there is none. Raises WarehouseError."""
    if len(str(wanted)) > LONGEST_NAME:
        return None
    ask = _Asking(storehouse)
    found = ask.rows(
        "SELECT e.experiment_id, e.name, e.lifecycle_stage FROM experiments AS e"
        f" WHERE {_names(wanted, ask)} ORDER BY e.experiment_id LIMIT 1"
    )
    if not found:
        return None
    number = _int(found[0][0])
    live = f"FROM runs AS r WHERE r.experiment_id = {number} AND r.lifecycle_stage = 'active'"
    counted = ask.rows(
        "SELECT COUNT(*) AS n, SUM(CASE WHEN r.status = 'FAILED' THEN 1 ELSE 0 END) AS failed,"
        f" COUNT(DISTINCT r.user_id) AS users {live}"
    )
    newest = ask.rows(
        f"SELECT r.start_time, r.run_uuid, r.name {live} ORDER BY r.start_time DESC LIMIT 1"
    )
    started, last_id, last = newest[0] if newest else (None, None, None)
    return ExperimentCard(
        experiment_id=number,
        name=str(found[0][1]),
        deleted=found[0][2] != "active",
        runs=_int(counted[0][0]),
        failed=_int(counted[0][1]),
        users=_int(counted[0][2]),
        last_ms=_time(started),
        last_run_id=str(last_id) if last_id is not None else None,
        last_run=str(last or last_id) if last_id is not None else None,
        best=_best(ask, number, better),
    )


class _Asking:
    """Small statements of our own, run as any question's are."""

    def __init__(self, storehouse: Storehouse) -> None:
        self._storehouse = storehouse
        self._names: Snapshot = storehouse.snapshot()

    @property
    def catalog(self) -> Catalog:
        """The store's names."""
        return self._names.catalog

    def rows(self, sql: str) -> Sequence[tuple[Cell, ...]]:
        """What a statement finds."""
        return self._storehouse.run(approve(sql, self._names.policy)).rows

    def text(self, value: str) -> str:
        """A literal in the store's dialect: escaped by sqlglot, never by us."""
        return exp.Literal.string(value).sql(dialect=self._storehouse.dialect)


def _metrics(ask: _Asking, run_id: str, experiment: int, better: Better) -> tuple[Metric, ...]:
    """Those that most runs have first: they are what an experiment is about."""
    own = ask.rows(
        f"SELECT m.key, m.value, m.is_nan FROM latest_metrics AS m WHERE {_is('m', run_id, ask)}"
    )
    counts = ask.catalog.metrics
    ordered = sorted(own, key=lambda row: _weight(str(row[0]), counts.get(str(row[0]), 0)))
    ranks = _ranks(ask, run_id, experiment, [str(key) for key, *_ in ordered[:METRICS]])
    return tuple(_metric(str(k), v, bool(nan), ranks, better(str(k))) for k, v, nan in ordered)


def _weight(key: str, runs: int) -> tuple[bool, int, str]:
    return is_effort(key), -runs, key


def _metric(
    key: str,
    value: Cell,
    is_nan: bool,
    ranks: dict[str, tuple[int, int, int]],
    way: bool | None,
) -> Metric:
    number = math.nan if is_nan or value is None else float(value)
    if math.isnan(number) or is_infinite(number) or way is None or key not in ranks:
        return Metric(key, number, way)
    of, above, below = ranks[key]
    return Metric(key, number, way, 1 + (above if way else below), of)


def _ranks(
    ask: _Asking, run_id: str, experiment: int, keys: Sequence[str]
) -> dict[str, tuple[int, int, int]]:
    """Key -> live runs of the experiment with a number there, how many higher, how many lower."""
    if not keys:
        return {}
    rows = ask.rows(
        "SELECT m.key, COUNT(*) AS n,"
        " SUM(CASE WHEN o.value > m.value THEN 1 ELSE 0 END) AS above,"
        " SUM(CASE WHEN o.value < m.value THEN 1 ELSE 0 END) AS below"
        " FROM latest_metrics AS m JOIN latest_metrics AS o ON o.key = m.key"
        " JOIN runs AS r ON r.run_uuid = o.run_uuid"
        f" WHERE {_is('m', run_id, ask)} AND m.key IN ({', '.join(map(ask.text, keys))})"
        f" AND r.experiment_id = {experiment} AND r.lifecycle_stage = 'active' AND {_FINITE}"
        " GROUP BY m.key"
    )
    return {str(key): (_int(n), _int(above), _int(below)) for key, n, above, below in rows}


def _best(ask: _Asking, experiment: int, better: Better) -> tuple[Best, ...]:
    there = ask.catalog.metrics_in.get(experiment, frozenset())
    known = [key for key in ask.catalog.metrics if key in there and better(key) is not None]
    main = sorted(known, key=lambda key: _weight(key, ask.catalog.metrics[key]))[:MAIN]
    found = (_best_by(ask, experiment, key, bool(better(key))) for key in main)
    return tuple(best for best in found if best is not None)


def _best_by(ask: _Asking, experiment: int, key: str, high: bool) -> Best | None:
    here = (
        "FROM latest_metrics AS o JOIN runs AS r ON r.run_uuid = o.run_uuid"
        f" WHERE o.key = {ask.text(key)} AND r.experiment_id = {experiment}"
        f" AND r.lifecycle_stage = 'active' AND {_FINITE}"
    )
    order = "DESC" if high else "ASC"
    rows = ask.rows(
        f"SELECT o.value, r.run_uuid, r.name {here} ORDER BY o.value {order}, r.start_time LIMIT 1"
    )
    if not rows:
        return None
    value, ident, name = rows[0]
    top = "MAX" if high else "MIN"
    alike = ask.rows(
        f"SELECT COUNT(*) AS n {here} AND o.value = (SELECT {top}(o.value) AS v {here})"
    )
    ties = _int(alike[0][0]) - 1
    return Best(key, float(value or 0), high, str(ident), str(name or ident), max(0, ties))


def _is(table: str, run_id: str, ask: _Asking) -> str:
    return f"{table}.run_uuid = {ask.text(run_id)}"


def _names(wanted: int | str, ask: _Asking) -> str:
    number = wanted if isinstance(wanted, int) else None
    if number is None and re.fullmatch(r"\d{1,18}", str(wanted)):
        number = int(wanted)
    named = f"e.name = {ask.text(str(wanted))}"
    return named if number is None else f"(e.experiment_id = {number} OR {named})"


def _first(row: tuple[Cell, ...]) -> str:
    return str(row[0])


def _int(cell: Cell) -> int:
    return int(cell) if cell is not None else 0


def _time(cell: Cell) -> int | None:
    return int(cell) if cell is not None else None
