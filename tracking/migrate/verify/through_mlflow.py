"""Both stores as MLflow shows them: read through MlflowClient in a process of its own."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracking.migrate import source
from tracking.migrate.addresses import Target
from tracking.migrate.child import Child
from tracking.migrate.hazards.hazard import short
from tracking.migrate.verify.findings import Finding

CHECK = "through MLflow"
WRITING = "write test"
SAMPLE = 50
"""Runs, histories, logged models and traces that are read unless more are asked for; of
experiments, models, versions and aliases always all."""
ALL = sys.maxsize


@dataclass(frozen=True, slots=True)
class Sample:
    """What is read of what there is, evenly over the ids."""

    runs: tuple[str, ...]
    histories: tuple[str, ...]
    logged_models: tuple[str, ...]
    traces: tuple[str, ...]
    all_runs: int

    @property
    def covered(self) -> str:
        """In words."""
        return (
            f"all experiments, models, versions and aliases; {len(self.runs):,} of"
            f" {self.all_runs:,} runs, {len(self.histories):,} with their histories;"
            f" {len(self.logged_models):,} logged models; {len(self.traces):,} traces"
        )


class Reader:
    """MLflow in a process of its own. It takes seconds to load, so it may be started early."""

    def __init__(self) -> None:
        self._child: Child | None = None

    def start(self) -> None:
        """Begin to load MLflow, if that has not begun."""
        self._child = self._child or Child("tracking.migrate.verify.reading")

    def read(self, file: Path, target: Target, sample: Sample, *, write: bool) -> None:
        """Begin to read both stores."""
        self.start()
        assert self._child  # noqa: S101  # for mypy: it was started just now
        self._child.ask({
            "ours": f"sqlite:///{file}",
            "theirs": target.address,
            "runs": sample.runs,
            "histories": sample.histories,
            "logged_models": sample.logged_models,
            "traces": sample.traces,
            "write": write,
        })  # fmt: skip

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
        return Sample(
            runs=_some(store, "runs", "run_uuid", most),
            histories=_some(store, "runs", "run_uuid", most if most == ALL else most // 5),
            logged_models=_some(store, "logged_models", "model_id", most),
            traces=_some(store, "trace_info", "request_id", most),
            all_runs=store.execute("SELECT count(*) FROM runs").fetchone()[0],
        )


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


def written(answer: Mapping[str, Any]) -> Iterator[Finding]:  # Any: JSON
    """What came back otherwise than it was written."""
    test = answer["written"]
    if "failed" in test:
        yield Finding(WRITING, "run", "", "logged, read and removed", test["failed"])
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
    """Two texts from shortly before where they differ."""
    same = next((n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), 0)
    begin = max(0, same - 20)
    return short(left[begin:], 120), short(right[begin:], 120)
