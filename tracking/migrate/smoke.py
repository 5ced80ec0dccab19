"""The smoke test: MLflow's own server works on the target, and shows what the source holds.

What the source holds is read from its copy with plain SQL, not through MLflow: so the two ways
have nothing in common that could be wrong in both.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from tracking.migrate import server, source
from tracking.migrate.addresses import Target
from tracking.migrate.hazards.hazard import short
from tracking.migrate.server import Connection, quoted
from tracking.migrate.server_process import MLflowServer
from tracking.migrate.verify import reading, through_mlflow
from tracking.migrate.verify.findings import Finding

CHECK = "smoke test"
NAME = "tracktalk smoke test"
RUNS = 20
"""Runs that are read one by one, evenly over their ids."""
SEARCHES = 5
PAGE = 1_000
_INFO = ("status", "lifecycle_stage", "start_time", "end_time")

Shown = dict[str, Any]
"""What is shown of a thing. `Any`: as JSON has it."""


def test(target: Target, connection: Connection, copy: Path) -> list[Finding]:
    """Start a server, read, write, end it; what is not as it should be.

    Raises SchemaMismatch when the server does not start or answers with errors.
    """
    with (
        closing(source.opened(copy)) as store,
        MLflowServer(target.address, workspaces=_workspaces(store)) as mlflow,
    ):
        return [
            *_page(mlflow), *_experiments(mlflow, store), *_searches(mlflow, store),
            *_runs(mlflow, store, copy), *_writing(mlflow, connection),
        ]  # fmt: skip


def _workspaces(store: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM experiments WHERE workspace <> 'default' LIMIT 1"
    return store.execute(query).fetchone() is not None


def _page(mlflow: MLflowServer) -> Iterator[Finding]:
    if (status := mlflow.page("/")) != 200:
        yield Finding(CHECK, "web page", "", "200", str(status))


def _experiments(mlflow: MLflowServer, store: sqlite3.Connection) -> Iterator[Finding]:
    names = ("experiment_id", "name", "artifact_location", "lifecycle_stage")
    query = f"SELECT {', '.join(names)} FROM experiments WHERE workspace = 'default'"
    expected = {
        str(row[0]): dict(zip(names[1:], row[1:], strict=True)) for row in store.execute(query)
    }
    found, page = {}, None
    while page != "":
        body = {"max_results": PAGE, "view_type": "ALL"} | ({"page_token": page} if page else {})
        answer = mlflow.ask("POST", "experiments/search", body)
        for each in answer.get("experiments", ()):
            found[each["experiment_id"]] = {name: each.get(name, "") for name in names[1:]}
        page = answer.get("next_page_token", "")
    if "0" not in expected:
        found.pop("0", None)  # MLflow's server makes it on its start, on every store
    yield from _unequal("experiment", expected, found)


def _unequal(
    subject: str, expected: dict[str, Shown], found: dict[str, Shown]
) -> Iterator[Finding]:
    for name in sorted(expected.keys() | found.keys()):
        left, right = _text(expected.get(name)), _text(found.get(name))
        if left != right:
            yield Finding(CHECK, subject, name, short(left, 200), short(right, 200))


def _text(shown: Shown | None) -> str:
    if shown is None:
        return "missing"
    plain = {name: "" if value is None else value for name, value in shown.items()}
    return json.dumps(plain, sort_keys=True)


def _searches(mlflow: MLflowServer, store: sqlite3.Connection) -> Iterator[Finding]:
    query = (
        "SELECT experiment_id, count(*) FROM runs JOIN experiments USING (experiment_id)"
        " WHERE workspace = 'default' GROUP BY 1 HAVING count(*) <= ? ORDER BY 2 DESC LIMIT ?"
    )
    for experiment, _ in store.execute(query, (PAGE, SEARCHES)).fetchall():
        rows = store.execute("SELECT run_uuid FROM runs WHERE experiment_id = ?", (experiment,))
        expected = {row[0] for row in rows}
        body = {"experiment_ids": [str(experiment)], "run_view_type": "ALL", "max_results": PAGE}
        runs = mlflow.ask("POST", "runs/search", body).get("runs", ())
        if expected != (found := {run["info"]["run_id"] for run in runs}):
            told = f"{len(expected ^ found):,} others"
            yield Finding(CHECK, "runs/search", str(experiment), f"{len(expected):,} runs", told)


def _runs(mlflow: MLflowServer, store: sqlite3.Connection, copy: Path) -> Iterator[Finding]:
    for run in through_mlflow.sample(copy, RUNS).runs:
        answer = mlflow.ask("GET", f"runs/get?run_id={run}")["run"]
        yield from _unequal("run", {run: _expected(store, run)}, {run: _found(answer)})


def _expected(store: sqlite3.Connection, run: str) -> Shown:
    query = "SELECT status, lifecycle_stage, start_time, end_time FROM runs WHERE run_uuid = ?"
    status, stage, start, end = store.execute(query, (run,)).fetchone()
    latest = "SELECT key, value, is_nan FROM latest_metrics WHERE run_uuid = ?"
    return {
        "status": status, "lifecycle_stage": stage, "start_time": start, "end_time": end,
        "metrics": {
            key: repr(math.nan if is_nan else float(value))
            for key, value, is_nan in store.execute(latest, (run,))
        },
        "params": dict(store.execute("SELECT key, value FROM params WHERE run_uuid = ?", (run,))),
        "tags": _tags(store.execute("SELECT key, value FROM tags WHERE run_uuid = ?", (run,))),
    }  # fmt: skip


def _found(run: Any) -> Shown:  # Any: JSON
    info, data = run["info"], run["data"]
    return {
        **{name: info.get(name) for name in _INFO},
        "metrics": {each["key"]: repr(float(each["value"])) for each in data.get("metrics", ())},
        "params": {each["key"]: each.get("value", "") for each in data.get("params", ())},
        "tags": _tags((each["key"], each.get("value", "")) for each in data.get("tags", ())),
    }  # fmt: skip


def _tags(tags: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    """Without the name, which MLflow shows as a tag also where there is none."""
    return {key: value or "" for key, value in tags if key != "mlflow.runName"}


def _writing(mlflow: MLflowServer, connection: Connection) -> Iterator[Finding]:
    """Log a run as a client does, read it, and remove it without a trace."""
    some = mlflow.ask("POST", "experiments/search", {"max_results": PAGE}).get("experiments", ())
    fit = next((each for each in some if each.get("artifact_location")), None)
    if fit is None:
        return  # a run's place is made from its experiment's: here MLflow could log none either
    told = {"experiment_id": fit["experiment_id"], "run_name": NAME}
    run = mlflow.ask("POST", "runs/create", told)["run"]["info"]["run_id"]
    try:
        batch = {
            "run_id": run,
            "metrics": [{"key": "precise", "value": 0.1 + 0.2, "timestamp": 1, "step": 1}],
            "params": [{"key": "lr", "value": "ünïcode 🚀"}],
            "tags": [{"key": "env", "value": "a"}],
        }
        mlflow.ask("POST", "runs/log-batch", batch)
        found = _found(mlflow.ask("GET", f"runs/get?run_id={run}")["run"])
        wrote = {"metrics": {"precise": repr(0.1 + 0.2)}, "params": {"lr": "ünïcode 🚀"}}
        read = {name: found[name] for name in wrote}
        yield from _unequal("written run", {run: wrote}, {run: read})
    finally:
        _remove(connection, run)


def sweep(connection: Connection, copy: Path) -> None:
    """Remove the runs of tests that were killed before they could do so themselves."""
    names = [NAME, reading.NAME]
    left = server.ask(connection, "SELECT run_uuid FROM runs WHERE name IN (%s, %s)", names)
    with closing(source.opened(copy)) as store:
        for (run,) in left:
            if not store.execute("SELECT 1 FROM runs WHERE run_uuid = ?", (run,)).fetchone():
                _remove(connection, run)


def _remove(connection: Connection, run: str) -> None:
    """Every row of a run: a deleted run would stay in the tables."""
    tables = server.ask(
        connection,
        "SELECT table_name FROM information_schema.columns"
        " WHERE table_schema = DATABASE() AND column_name = 'run_uuid'",
    )
    server.run(connection, server.UNCHECKED)
    with connection.cursor() as cursor:
        for (table,) in tables:
            cursor.execute(f"DELETE FROM {quoted(table)} WHERE run_uuid = %s", (run,))
    connection.commit()
