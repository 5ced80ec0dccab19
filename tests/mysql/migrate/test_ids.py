"""Experiment ids of 18 digits get short ones, wherever MLflow keeps an experiment's id."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.demo_fixture import ROOT
from tests.support.moving import Mover
from tests.support.own_stores import changing
from tracking.migrate import ids, schema, shape, source

MakeMover = Callable[..., Mover]
BIG_ID = 684_931_927_361_512_843
"""As a FileStore makes them: 18 digits."""


def test_a_filestores_long_experiment_ids_get_short_ones_wherever_they_stand(
    full: Path, mover: MakeMover
) -> None:
    with changing(full) as store:
        store.execute("PRAGMA foreign_keys = OFF")
        for table in ("experiments", "runs", "trace_info", "spans", "logged_models", "datasets"):
            store.execute(f"UPDATE {table} SET experiment_id = {BIG_ID} WHERE experiment_id = 3")
        store.execute(
            "UPDATE entity_associations SET source_type = 'experiment', source_id = ?"
            " WHERE rowid = 1", (str(BIG_ID),)
        )  # fmt: skip
        store.execute(
            "UPDATE registered_model_tags SET key = '_mlflow_experiment_ids', value = ?"
            " WHERE rowid = 1", (f",0,{BIG_ID},",)
        )  # fmt: skip
        span = json.dumps({"attributes": {"mlflow.experimentId": f'"{BIG_ID}"'}})
        store.execute("UPDATE spans SET content = ? WHERE rowid = 1", (span,))
        store.execute("UPDATE runs SET artifact_uri = ? WHERE experiment_id = ?",
                      (f"mlflow-artifacts:/{BIG_ID}/x", BIG_ID))  # fmt: skip
        asked = {"experiment_id": str(BIG_ID), "online_scorers": [{"experiment_id": str(BIG_ID)}],
                 "limit": BIG_ID, "experiment_ids": [BIG_ID, "0"]}  # fmt: skip
        allowed = [{"resource_type": "experiment", "resource_identifier": str(BIG_ID)},
                   {"resource_type": "prompt", "resource_identifier": str(BIG_ID)}]  # fmt: skip
        store.execute("UPDATE jobs SET params = ?, result = ?, scoped_permissions = ?"
                      " WHERE rowid = 1", (json.dumps(asked), f"on experiment {BIG_ID}",
                                           json.dumps(allowed)))  # fmt: skip
    move = mover(full)

    hazard = move.hazard("experiment-ids")
    proof = move.run()

    assert proof is not None
    assert proof.ok, proof.findings
    assert hazard.examples == (f"{BIG_ID} → 12",)
    assert move.ask("SELECT * FROM tracktalk_experiment_ids") == ((BIG_ID, 12),)
    for table in ("experiments", "runs", "trace_info", "spans", "logged_models", "datasets"):
        found = {row[0] for row in move.ask(f"SELECT experiment_id FROM {table}")}
        assert 12 in found, table
        assert 3 not in found, table
    assert move.ask(
        "SELECT source_id FROM entity_associations WHERE source_type = 'experiment'"
    ) == (("12",),)
    tags = "SELECT value FROM registered_model_tags WHERE `key` = '_mlflow_experiment_ids'"
    assert move.ask(tags) == ((",0,12,",),)
    spans = move.ask("SELECT content FROM spans WHERE content LIKE '%experimentId%'")
    assert json.loads(str(spans[0][0]))["attributes"]["mlflow.experimentId"] == '"12"'
    uris = move.ask("SELECT artifact_uri FROM runs WHERE experiment_id = 12")
    assert uris == ((f"mlflow-artifacts:/{BIG_ID}/x",),)
    ((params, result, permissions),) = move.ask(
        "SELECT params, result, scoped_permissions FROM jobs WHERE params LIKE '%online_scorers%'"
    )
    assert json.loads(str(params)) == {"experiment_id": "12", "limit": BIG_ID,
        "online_scorers": [{"experiment_id": "12"}], "experiment_ids": [12, "0"]}  # fmt: skip
    assert result == f"on experiment {BIG_ID}"
    assert [each["resource_identifier"] for each in json.loads(str(permissions))] == [
        "12", str(BIG_ID)
    ]  # fmt: skip


def test_going_back_every_id_is_the_old_one_again(full: Path) -> None:
    with changing(full) as store:
        store.execute("UPDATE jobs SET params = ?", (json.dumps({"experiment_id": "3", "n": 3}),))
        before = dict(_rows(store))

        ids.restore(store, {BIG_ID: 3})
        (asked,) = store.execute("SELECT params FROM jobs LIMIT 1").fetchone()
        ids.restore(store, {3: BIG_ID})

        assert json.loads(asked) == {"experiment_id": str(BIG_ID), "n": 3}
        assert dict(_rows(store)) == before


def _rows(store: sqlite3.Connection) -> Iterator[tuple[str, list[object]]]:
    for name in source.tables(store):
        yield name, store.execute(f"SELECT * FROM {name}").fetchall()


def test_every_column_of_an_experiments_id_is_told_in_the_docs() -> None:
    """A new MLflow may keep an id under another name: then this list has to be looked at again."""
    text = (ROOT / "docs" / "migrate-artifacts.md").read_text(encoding="utf-8")
    made = shape.kept(schema.head())

    assert made is not None
    named = {
        f"{table}.{column}" for table, its in made.items() for column in its.fields
        if "experiment" in column and column != "experiment_id"
    }  # fmt: skip
    assert named == set()
    for column in ids._JOBS:  # noqa: SLF001  # the document's list is of these
        assert f"`jobs.{column}`" in text
