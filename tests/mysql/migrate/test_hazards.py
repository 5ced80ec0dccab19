"""Each hazard on the way to MySQL is put right by the move, or stops it with the remedy."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.moving import Mover
from tests.support.own_stores import changing
from tracking.errors import SourceError, TargetRefused
from tracking.migrate import plan as planning

MakeMover = Callable[..., Mover]

STOPPING = {
    "too-long": "UPDATE params SET value = printf('%.*c', 8001, 'x') WHERE rowid = 1",
    "not-utf8": "UPDATE tags SET value = CAST(x'636166e9' AS TEXT) WHERE rowid = 1",
    "wrong-type": "UPDATE metrics SET step = 'third' WHERE rowid = 1",
    "out-of-range": "UPDATE model_versions SET version = 3000000000 WHERE rowid = 1",
    "invalid-json": "INSERT INTO evaluation_dataset_records (dataset_record_id, dataset_id, inputs,"
    " input_hash) VALUES ('r', 'd', '{\"a\": NaN}', 'h')",
    "deep-json": "INSERT INTO evaluation_dataset_records (dataset_record_id, dataset_id, inputs,"
    f" input_hash) VALUES ('r', 'd', '{'[' * 40}{']' * 40}', 'h')",
}
PASSING = {
    "orphans": "INSERT INTO params VALUES ('lost', '1', 'no such run')",
    "infinities": "UPDATE metrics SET value = 9e999 WHERE rowid = 1",
    "nan": "UPDATE metrics SET is_nan = 1, value = 0 WHERE rowid = 1",
    "single-precision": "INSERT INTO budget_policies (budget_policy_id, budget_unit, budget_amount,"
    " duration_unit, duration_value, target_scope, budget_action, created_at, last_updated_at)"
    " VALUES ('b', 'usd', 0.1, 'day', 1, 'all', 'warn', 0, 0)",
    "not-mlflows": "CREATE TABLE notes AS SELECT 'mine' AS text",
    "artifacts": "UPDATE runs SET artifact_uri = 's3://bucket/1' WHERE rowid = 1",
}


@pytest.mark.parametrize("name", STOPPING)
def test_what_does_not_fit_stops_the_move_and_says_where_and_what_to_do(
    name: str, demo: Path, mover: MakeMover
) -> None:
    with changing(demo) as store:
        store.execute(STOPPING[name])
    move = mover(demo)

    hazard = move.hazard(name)

    assert hazard.blocking
    assert hazard.found == 1
    assert hazard.where
    assert len(hazard.examples) == 1
    assert "source" in hazard.remedy
    with pytest.raises(TargetRefused):
        move.run()
    assert move.ask("SELECT COUNT(*) FROM runs") == ((0,),)


@pytest.mark.parametrize("name", PASSING)
def test_what_is_only_worth_knowing_is_told_and_moved(
    name: str, demo: Path, mover: MakeMover
) -> None:
    with changing(demo) as store:
        store.execute(PASSING[name])
    move = mover(demo)

    hazard = move.hazard(name)
    proof = move.run()

    assert not hazard.blocking
    assert hazard.remedy
    assert proof is not None
    assert proof.ok, proof.findings


def test_a_null_that_only_a_changed_table_can_hold_stops_the_move(
    demo: Path, mover: MakeMover
) -> None:
    with changing(demo) as store:
        store.execute("PRAGMA writable_schema = ON")
        store.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'value VARCHAR(8000) NOT NULL',"
            " 'value VARCHAR(8000)') WHERE name = 'params'"
        )
    with changing(demo) as store:
        store.execute("UPDATE params SET value = NULL WHERE rowid = 1")
    hazard = mover(demo).hazard("null")

    assert hazard.blocking
    assert hazard.where == "params.value"
    assert "UPDATE params SET value = " in hazard.remedy


def test_a_missing_row_in_an_index_is_damage(demo: Path, mover: MakeMover) -> None:
    with changing(demo) as store:
        # An index that knows nothing of the rows: as after a page was lost.
        store.execute("PRAGMA writable_schema = ON")
        store.execute("CREATE TABLE spare (key TEXT, run_uuid TEXT)")
        store.execute("CREATE INDEX spare_index ON spare (run_uuid)")
        (root,) = store.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'spare_index'"
        ).fetchone()
        store.execute(
            "UPDATE sqlite_master SET rootpage = ? WHERE name = 'index_tags_run_uuid'", (root,)
        )
        store.execute("DELETE FROM sqlite_master WHERE name IN ('spare', 'spare_index')")
    hazard = mover(demo).hazard("damaged")

    assert hazard.blocking
    assert "recover" in hazard.remedy


@pytest.mark.parametrize("table", ["experiments", "latest_metrics"])
def test_pages_that_cannot_be_read_end_it_with_the_way_to_mend_the_file(
    table: str, demo: Path, mover: MakeMover
) -> None:
    with changing(demo) as store:
        (page,) = store.execute(
            "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
        ).fetchone()
        (size,) = store.execute("PRAGMA page_size").fetchone()
    with demo.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)

    with pytest.raises(SourceError) as refused:
        mover(demo).plan()

    assert str(demo) in refused.value.what
    assert "recover" in refused.value.fix


def test_an_infinity_is_moved_as_mlflow_writes_it(demo: Path, mover: MakeMover) -> None:
    with changing(demo) as store:
        store.execute("UPDATE metrics SET value = 9e999 WHERE rowid = 1")
        store.execute("UPDATE metrics SET value = -9e999 WHERE rowid = 2")
        (keys,) = zip(*store.execute("SELECT key FROM metrics WHERE rowid < 3"), strict=True)
    move = mover(demo)
    move.run()

    found = move.ask("SELECT value FROM metrics WHERE abs(value) > 1e308 ORDER BY value")

    assert len(keys) == 2
    assert found[0] == (-1.7976931348623157e308,)
    assert found[-1] == (1.7976931348623157e308,)


def test_the_plan_for_people_and_the_one_for_programs_say_the_same(
    demo: Path, mover: MakeMover
) -> None:
    with changing(demo) as store:
        store.execute(STOPPING["too-long"])
    made = mover(demo).plan()

    text, told = planning.to_text(made), json.loads(planning.to_json(made))

    assert told["blocked"] is True
    assert told["rows"] == made.rows
    assert "In the way:" in text
    for step in told["steps"]:
        assert step["what"] in text
    for hazard in told["hazards"]:
        assert hazard["name"] in text
        assert hazard["remedy"] in text
