"""What an ask costs: as a process of its own, warm, and in its parts."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from tests.bench.measure import Cost, Figure, process, times
from tests.bench.stores import Measured
from tests.guard_corpus.loading import statements
from texttosql.assistant import Assistant
from texttosql.chart import render_png
from texttosql.flow import Answer, Dialect, Question, ResultTable, SafeQuery
from texttosql.guard import Policy, approve, default_schema
from texttosql.journal.sql import SqlJournal
from texttosql.offline.engine import OfflineInterpreter
from texttosql.ports import Warehouse
from texttosql.schema import Schema
from texttosql.storehouse import Storehouse
from texttosql.warehouses import open_warehouse

NOW = datetime(2025, 11, 24, 12, tzinfo=UTC)  # the day after the store's last run
QUESTIONS = (
    "best 5 runs by val_accuracy",
    "how many runs failed last week",
    "average f1 by model in fraud-detection",
    "runs with recall above 0.9",
    "top 3 runs by rmse in route-eta",
    "how many runs did each user start this month",
    "runs per week since september",
    "compare xgboost and lightgbm on roc_auc",
    "latest 10 runs of alice",
    "which experiments have the most runs",
    "what share of runs failed by experiment",
    "latest version of fraud-detection-model",
)
DRAWN = (
    "average f1 by model in fraud-detection",
    "runs per week since september",
    "average val_accuracy by experiment",
)
WARM_GOAL, GUARD_GOAL, CHART_GOAL, CATALOG_GOAL = 25.0, 5.0, 60.0, 300.0
COLD_GOAL, MEMORY_GOAL = 1000.0, 200.0


class TimedWarehouse:
    """`ports.Warehouse` in front of another one, adding up the time that one takes."""

    def __init__(self, inner: Warehouse) -> None:
        self._inner = inner
        self.spent_ms = 0.0

    @property
    def dialect(self) -> Dialect:
        """The inner one's."""
        return self._inner.dialect

    def schema(self) -> Schema:
        """The inner one's."""
        return self._inner.schema()

    def sizes(self) -> Mapping[str, int]:
        """The inner one's."""
        return self._inner.sizes()

    def run(self, query: SafeQuery, deadline: float) -> ResultTable:
        """The inner one's rows."""
        started = perf_counter()
        try:
            return self._inner.run(query, deadline)
        finally:
            self.spent_ms += (perf_counter() - started) * 1000

    def rehearse(self, query: SafeQuery, deadline: float) -> None:
        """As the inner one does."""
        self._inner.rehearse(query, deadline)

    def close(self) -> None:
        """Close the inner one."""
        self._inner.close()


@dataclass(frozen=True, slots=True)
class Warm:
    """An assistant that has been asked before, with a journal on disk as in production."""

    assistant: Assistant
    warehouse: TimedWarehouse

    def ask(self, text: str) -> Answer:
        """The answer. Raises RuntimeError when there is none: that would measure nothing."""
        reply = self.assistant.ask(Question(text, NOW, "alice"))
        if reply.answer is None:
            msg = (
                f"{text!r} was not answered: {reply.declined or reply.clarification or reply.error}"
            )
            raise RuntimeError(msg)
        return reply.answer


@contextmanager
def warm(url: str) -> Iterator[Warm]:
    """A warm assistant on the store at `url`."""
    with tempfile.TemporaryDirectory() as folder:
        warehouse = TimedWarehouse(open_warehouse(url))
        storehouse = Storehouse(
            warehouse, max_rows=1_000, deadline=60, ttl=3_600, clock=time.monotonic
        )
        journal = SqlJournal.open(f"sqlite:///{folder}/journal.db")
        zone = ZoneInfo("UTC")
        assistant = Assistant(
            storehouse, OfflineInterpreter(zone), journal, zone, time.perf_counter
        )
        try:
            yield Warm(assistant, warehouse)
        finally:
            assistant.close()


def cold_ask(store: Measured, rounds: int) -> list[Figure]:
    """`tracktalk ask` as people call it, each time in a new process."""
    with tempfile.TemporaryDirectory() as home:
        environ = {"HOME": home, "PATH": os.environ.get("PATH", "")}
        command = [str(Path(sys.executable).with_name("tracktalk")), "ask", QUESTIONS[0]]
        command += ["--store", store.url, "--now", NOW.isoformat()]
        process(command, environ)  # the very first one makes the journal
        costs = [process(command, environ) for _ in range(rounds)]
        drawn = process([*command, "--chart", f"{home}/chart.png"], environ)
    return [
        _of(store, "ask, cold", "ms", [cost.wall_ms for cost in costs], COLD_GOAL),
        _of(store, "ask, cold: processor time", "ms", [cost.cpu_ms for cost in costs]),
        _memory(store, "ask, cold: peak memory", costs, MEMORY_GOAL),
        _of(store, "ask --chart, cold", "ms", [drawn.wall_ms]),
        _memory(store, "ask --chart, cold: peak memory", [drawn]),
    ]


def _memory(store: Measured, what: str, costs: list[Cost], goal: float | None = None) -> Figure:
    return _of(store, what, "MiB", [cost.peak_mb for cost in costs], goal)


def _of(
    store: Measured, what: str, unit: str, values: list[float], goal: float | None = None
) -> Figure:
    return Figure(what, store.name, unit, tuple(values), goal)


def warm_ask(store: Measured, rounds: int) -> list[Figure]:
    """Asking again: what is ours, and what is the database's."""
    ours: list[float] = []
    theirs: list[float] = []
    with warm(store.url) as asked:
        for text in QUESTIONS:
            asked.ask(text)
            for _ in range(rounds):
                before = asked.warehouse.spent_ms
                (whole,) = times(partial(asked.ask, text), 1, warm=0)
                theirs.append(asked.warehouse.spent_ms - before)
                ours.append(whole - theirs[-1])
    return [
        _of(store, "ask, warm, without the database", "ms", ours, WARM_GOAL),
        _of(store, "ask, warm: the database's own time", "ms", theirs),
    ]


def catalog(store: Measured, rounds: int) -> list[Figure]:
    """Reading a store's names anew."""
    warehouse = open_warehouse(store.url)
    storehouse = Storehouse(warehouse, max_rows=1_000, deadline=60, ttl=0, clock=time.monotonic)
    try:
        spent = times(storehouse.snapshot, rounds)
    finally:
        storehouse.close()
    return [_of(store, "catalog refresh", "ms", list(spent), CATALOG_GOAL)]


def guard(rounds: int) -> list[Figure]:
    """Judging every statement of the ordinary corpus, each `rounds` times."""
    spent: list[float] = []
    for statement in statements("ordinary"):
        policy = Policy(default_schema(statement.dialect), statement.dialect)
        spent += times(partial(approve, statement.sql, policy), rounds)
    return [Figure("guard, a statement", "", "ms", tuple(spent), GUARD_GOAL)]


def charts(store: Measured, rounds: int) -> list[Figure]:
    """Drawing pictures when one has been drawn before."""
    spent: list[float] = []
    with warm(store.url) as asked:
        answers = [asked.ask(text) for text in DRAWN]
    for answer in answers:
        if answer.chart is None:
            msg = f"{answer.title!r} has no chart to measure."
            raise RuntimeError(msg)
        spent += times(partial(render_png, answer.chart, answer.table), rounds)
    return [Figure("chart PNG, warm", "", "ms", tuple(spent), CHART_GOAL)]
