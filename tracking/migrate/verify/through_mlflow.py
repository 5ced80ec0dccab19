"""Both stores as MLflow shows them: read through MlflowClient in a process of its own."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from tracking.migrate import source
from tracking.migrate.addresses import Target
from tracking.migrate.child import Child
from tracking.migrate.hazards.hazard import short
from tracking.migrate.verify.entities import FAILED
from tracking.migrate.verify.findings import Finding
from tracking.migrate.verify.genai import IN_TABLES, SPANS_TAG

CHECK = "through MLflow"
WRITING = "write test"
SAMPLE = 50
"""Runs, histories, logged models and traces that are read unless more are asked for; of
experiments, models, versions and aliases always all."""
ALL = sys.maxsize
BEFORE = 20
"""Characters that are shown before where two texts differ, if not a little more: whole words."""
VALUES = 20_000
"""Values of all the histories together, unless all are asked for: MLflow makes an object of each,
some 20,000 a second, and one run may have millions."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What is read of what there is, evenly over the ids. A history is a run's and a metric's.

    `spans_elsewhere`: of the traces, those whose spans are not in the tables.
    """

    runs: tuple[str, ...]
    histories: tuple[tuple[str, str], ...]
    logged_models: tuple[str, ...]
    traces: tuple[str, ...]
    datasets: tuple[str, ...]
    all_runs: int
    spans_elsewhere: int

    @property
    def covered(self) -> str:
        """In words."""
        told = len({run for run, _ in self.histories})
        apart = f" ({self.spans_elsewhere:,} without spans: those are artifacts)"
        return (
            f"all experiments, models, versions, aliases and prompts; {len(self.runs):,} of"
            f" {self.all_runs:,} runs, {told:,} with their histories;"
            f" {len(self.logged_models):,} logged models; {len(self.traces):,} traces"
            f"{apart if self.spans_elsewhere else ''}"
        )


class Reader:
    """Both stores being read, in a process of its own: loading MLflow takes seconds."""

    def __init__(self) -> None:
        self._child: Child | None = None
        self._file: Path | None = None

    def start(self, file: Path, target: Target, sample: Sample, *, write: bool) -> None:
        """Begin to load MLflow and to read the copy, before the target is there."""
        if self._child and self._file == file:
            return
        self.close()
        asked = {
            "ours": f"sqlite:///{file}",
            "theirs": target.address,
            "runs": sample.runs,
            "histories": sample.histories,
            "logged_models": sample.logged_models,
            "traces": sample.traces,
            "datasets": sample.datasets,
            "write": write,
        }
        self._child, self._file = Child("tracking.migrate.verify.reading", asked), file

    def read(self, file: Path, target: Target, sample: Sample, *, write: bool) -> None:
        """Begin to read both, or go on to the target."""
        self.start(file, target, sample, write=write)
        assert self._child  # noqa: S101  # for mypy: it was started just now
        self._child.tell_ready()

    def answer(self) -> Mapping[str, Any]:  # Any: JSON
        """What was read. Raises SchemaMismatch when MLflow cannot read a store at all."""
        assert self._child  # noqa: S101  # for mypy: nobody waits for what was not asked
        child, self._child = self._child, None
        found: Mapping[str, Any] = json.loads(child.answer("MLflow cannot read the store"))
        return found

    def close(self) -> None:
        """End it, where nobody waits for its answer any more."""
        if self._child:
            self._child.close()
            self._child = None


def sample(file: Path, most: int) -> Sample:
    """Which items of the copy are read: so many of each kind, evenly over their ids."""
    with closing(source.opened(file)) as store:
        told = _some(store, "runs", "run_uuid", most if most == ALL else most // 5)
        traces = _some(store, "trace_info", "request_id", most)
        return Sample(
            runs=_some(store, "runs", "run_uuid", most),
            histories=tuple(_histories(store, told, most if most == ALL else VALUES)),
            logged_models=_some(store, "logged_models", "model_id", most),
            traces=traces,
            datasets=_some(store, "evaluation_datasets", "dataset_id", most),
            all_runs=store.execute("SELECT count(*) FROM runs").fetchone()[0],
            spans_elsewhere=sum(not _spans_in_tables(store, each) for each in traces),
        )


def _histories(
    store: sqlite3.Connection, runs: Iterable[str], values: int
) -> Iterator[tuple[str, str]]:
    """Of each of these runs a metric, then one more of each, as long as their values are so few."""
    query = "SELECT ?1, key, count(*) FROM metrics WHERE run_uuid = ?1 GROUP BY key ORDER BY key"
    metrics = [store.execute(query, (run,)).fetchall() for run in runs]
    for run, key, count in filter(None, chain.from_iterable(zip_longest(*metrics))):
        if count <= values:
            values -= count
            yield run, key


def _spans_in_tables(store: sqlite3.Connection, trace: str) -> bool:
    query = "SELECT value FROM trace_tags WHERE request_id = ? AND key = ?"
    return (IN_TABLES,) in store.execute(query, (trace, SPANS_TAG)).fetchall()


def _some(store: sqlite3.Connection, table: str, key: str, most: int) -> tuple[str, ...]:
    if not most:
        return ()
    every = max(1, store.execute(f"SELECT count(*) FROM {table}").fetchone()[0] // most)
    rows = store.execute(
        f"SELECT {key} FROM"
        f" (SELECT {key}, row_number() OVER (ORDER BY {key}) AS place FROM {table})"
        " WHERE place % ? = 0 ORDER BY 1 LIMIT ?",
        (every, min(most, 2**62)),
    )
    return tuple(str(row[0]) for row in rows)


def compare(answer: Mapping[str, Any]) -> Iterator[Finding]:  # Any: JSON
    """What MLflow shows differently. NaN is the same as NaN; lists have no order in the tables."""
    for section, items in answer["ours"].items():
        other = answer["theirs"][section]
        for name in sorted(items.keys() | other.keys()):
            left, right = _text(items.get(name)), _text(other.get(name))
            if left != right:
                yield Finding(CHECK, section, name, *_apart(left, right))


def unreadable(answer: Mapping[str, Any]) -> list[str]:  # Any: JSON
    """What MLflow can show on neither side. Its rows are compared, but nobody has seen it."""
    return [
        f"{section} {name} ({short(item[FAILED], 100)})"
        for section, items in answer["ours"].items()
        for name, item in items.items()
        if FAILED in item and FAILED in (answer["theirs"][section].get(name) or ())
    ]


def written(answer: Mapping[str, Any]) -> Iterator[Finding]:  # Any: JSON
    """What came back otherwise than it was written."""
    test = answer["written"]
    if FAILED in test:
        yield Finding(WRITING, "run", "", "logged, read and removed", test[FAILED])
    for what, wrote in test.get("wrote", {}).items():
        if _text(wrote) != _text(test["read"][what]):
            yield Finding(WRITING, what, "", _text(wrote), _text(test["read"][what]))


def _text(item: object) -> str:
    return "missing" if item is None else json.dumps(_ordered(item), sort_keys=True)


def _ordered(item: object) -> object:
    if isinstance(item, dict):
        return {key: _ordered(value) for key, value in item.items()}
    if isinstance(item, list):
        return sorted(map(_ordered, item), key=lambda each: json.dumps(each, sort_keys=True))
    return item


def _apart(left: str, right: str) -> tuple[str, str]:
    """Two texts from the word before where they differ."""
    both = enumerate(zip(left, right, strict=False))
    same = next((n for n, (a, b) in both if a != b), min(len(left), len(right)))
    word = left.rfind(" ", 0, max(0, same - BEFORE)) + 1
    begin = max(word, same - 3 * BEFORE, 0)
    cut = "… " if begin else ""
    return f"{cut}{short(left[begin:], 120)}", f"{cut}{short(right[begin:], 120)}"
