"""A verification finds what is not the same, down to the row, and says it: it can fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import main
from tests.bench.make_store import Size, make
from tests.support.moving import Mover
from tests.support.own_stores import changing
from tests.support.stores import MySQLStores
from tracking import status
from tracking.migrate import schema, server, shape
from tracking.migrate.verify.findings import Finding
from tracking.migrate.verify.verify import Terms
from tracking.status import Phase

MakeMover = Callable[..., Mover]


@pytest.fixture
def moved(demo: Path, mover: MakeMover) -> Mover:
    """A demo store that has been moved."""
    move = mover(demo)
    move.run()
    return move


def _rows(findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.check == "rows"]


def _do(move: Mover, *statements: str) -> None:
    """Change the target behind the migration's back; something must have changed."""
    with move.server.connect(move.database) as connection, connection.cursor() as cursor:
        cursor.execute("SET SESSION sql_mode = ''")
        for statement in statements:
            cursor.execute(statement)
        assert cursor.rowcount != 0 or statements[-1].startswith(("ALTER", "DROP", "CREATE"))


@pytest.mark.parametrize(
    ("change", "table", "found"),
    [
        ("UPDATE latest_metrics SET value = value + 1e-15 WHERE value BETWEEN 0.1 AND 0.9 LIMIT 1",
         "latest_metrics", "value = 0."),
        ("UPDATE latest_metrics SET value = ROUND(value, 2) WHERE value <> ROUND(value, 2) LIMIT 1",
         "latest_metrics", "value = "),
        ("UPDATE params SET value = UPPER(value) WHERE value <> UPPER(value) LIMIT 1",
         "params", "value = "),
        ("UPDATE params SET value = CONCAT(value, ' ') LIMIT 1", "params", "value = "),
        ("UPDATE runs SET end_time = end_time ^ 1 WHERE end_time IS NOT NULL LIMIT 1",
         "runs", "end_time = "),
        ("UPDATE runs SET name = NULL LIMIT 1", "runs", "name = None"),
        ("DELETE FROM tags LIMIT 1", "tags", "missing"),
    ],
    ids=["last bits", "rounded", "case", "trailing space", "one bit", "null", "missing row"],
)  # fmt: skip
def test_one_changed_row_is_found_and_shown(
    change: str, table: str, found: str, moved: Mover
) -> None:
    _do(moved, change)

    proof = moved.verify()

    assert not proof.ok
    (finding,) = _rows(proof.findings)
    assert finding.subject == table
    assert found in finding.found
    assert finding.expected != finding.found
    assert "=" in finding.what  # its key


def test_a_rounded_value_of_a_history_is_a_row_missing_and_one_too_many(moved: Mover) -> None:
    # A metric's value is part of its key.
    _do(moved, "UPDATE metrics SET value = ROUND(value, 3) WHERE value <> ROUND(value, 3)"
               " AND value BETWEEN 0.1 AND 0.9 LIMIT 1")  # fmt: skip

    found = _rows(moved.verify().findings)

    assert sorted(finding.found == "missing" for finding in found) == [False, True]
    assert sorted(finding.expected == "no such row" for finding in found) == [False, True]


def test_a_row_too_many_is_found_and_shown(moved: Mover) -> None:
    (run,) = moved.ask("SELECT run_uuid FROM runs LIMIT 1")[0]
    moved.ask(f"INSERT INTO tags (`key`, value, run_uuid) VALUES ('zzz', 'new', '{run}')")

    proof = moved.verify()

    (finding,) = _rows(proof.findings)
    assert finding.expected == "no such row"
    assert "zzz" in finding.what
    counts = [finding for finding in proof.findings if finding.check == "counts"]
    assert [finding.subject for finding in counts] == ["tags"]


def test_one_bit_among_many_chunks_is_found(tmp_path: Path, mover: MakeMover) -> None:
    make(tmp_path / "wide.db", Size(runs=300, metric_rows=30_000))
    move = mover(tmp_path / "wide.db")
    move.run()
    move.ask("UPDATE metrics SET step = step ^ 64 ORDER BY timestamp, `key` LIMIT 1")

    found = _rows(move.verify().findings)

    # The step is in the key: one row is missing, and one is too many.
    assert sorted(finding.found == "missing" for finding in found) == [False, True]


def test_a_blob_a_json_value_and_a_date_are_compared_too(full: Path, mover: MakeMover) -> None:
    move = mover(full)
    move.run()
    move.ask("UPDATE secrets SET wrapped_dek = CONCAT(wrapped_dek, X'00') LIMIT 1")
    move.ask("UPDATE jobs SET progress = '[0]' WHERE id = '1'")
    move.ask("UPDATE sql_trace_rollup_rebuild_queue SET rollup_day = '1999-01-01' LIMIT 1")

    found = {finding.subject for finding in _rows(move.verify().findings)}

    assert found == {"secrets", "jobs", "sql_trace_rollup_rebuild_queue"}


def test_what_a_column_of_sqlite_should_not_hold_is_a_difference_and_no_crash(
    moved: Mover, demo: Path
) -> None:
    moved.ask("UPDATE runs SET end_time = 1 ORDER BY run_uuid LIMIT 2")
    with changing(demo) as store:
        first, second = [
            row[0] for row in store.execute("SELECT run_uuid FROM runs ORDER BY run_uuid LIMIT 2")
        ]
        store.execute("UPDATE runs SET end_time = 1.5 WHERE run_uuid = ?", (first,))
        store.execute("UPDATE runs SET end_time = 'yesterday' WHERE run_uuid = ?", (second,))

    found = _rows(moved.verify().findings)

    expected = ["end_time = 1.5", "end_time = yesterday"]
    assert [finding.expected for finding in found] == expected
    assert {finding.found for finding in found} == {"end_time = 1"}


def test_json_is_compared_by_value(full: Path, mover: MakeMover) -> None:
    move = mover(full)
    move.run()
    move.ask(
        'UPDATE jobs SET progress = \'{"b":[1.5,null,"ü🚀"],  "a":1}\''
        " WHERE progress LIKE '{\"a\"%'"
    )

    assert move.verify().findings == ()


@pytest.mark.parametrize(
    ("change", "subject", "what"),
    [
        ("ALTER TABLE metrics DROP INDEX index_metrics_run_uuid", "metrics", "indexes"),
        ("ALTER TABLE experiment_tags DROP FOREIGN KEY experiment_tags_ibfk_1", "experiment_tags",
         "references"),
        ("ALTER TABLE tags MODIFY value VARCHAR(500)", "tags", "column value"),
        ("ALTER TABLE latest_metrics MODIFY value FLOAT NOT NULL", "latest_metrics",
         "column value"),
        ("ALTER TABLE spans MODIFY duration_ns BIGINT", "spans", "column duration_ns"),
        ("ALTER TABLE runs DROP CONSTRAINT runs_lifecycle_stage", "runs", "checks"),
        ("ALTER TABLE experiments DROP INDEX uq_experiments_workspace_name", "experiments",
         "unique"),
        ("DROP TRIGGER prevent_secrets_aad_mutation", "secrets", "triggers"),
        ("CREATE TRIGGER odd BEFORE INSERT ON tags FOR EACH ROW SET NEW.value = 'odd'", "tags",
         "triggers"),
        ("DROP TABLE webhook_events", "webhook_events", "table"),
        ("SET foreign_key_checks = 0; ALTER TABLE experiments MODIFY experiment_id INT NOT NULL",
         "experiments", "column experiment_id"),
    ],
)  # fmt: skip
def test_a_structure_that_is_not_mlflows_is_found(
    change: str, subject: str, what: str, moved: Mover
) -> None:
    _do(moved, *change.split("; "))

    proof = moved.verify()

    assert not proof.ok
    assert (subject, what) in {(finding.subject, finding.what) for finding in proof.findings}


def test_a_copy_that_rounds_every_float_shows_some_and_says_how_many(
    demo: Path, mover: MakeMover
) -> None:
    move = mover(demo)
    move.run()
    _do(move, "ALTER TABLE latest_metrics MODIFY value FLOAT NOT NULL")

    proof = move.verify()

    assert proof.differing > 100
    assert {finding.subject for finding in _rows(proof.findings)} == {"latest_metrics"}


def test_a_target_that_somebody_else_filled_is_proven_too_whatever_its_collation(
    demo: Path, mysql_mlflow: MySQLStores, mover: MakeMover
) -> None:
    move = mover(demo, collation=None)
    mysql_mlflow.copy(demo, move.database, "utf8mb4_unicode_ci")

    assert move.verify().findings == ()
    _do(move, "UPDATE params SET value = UPPER(value)"
              " WHERE BINARY value <> BINARY UPPER(value) LIMIT 1")  # fmt: skip
    (finding,) = _rows(move.verify().findings)
    assert finding.subject == "params"
    assert finding.found == finding.expected.replace("value = ", "").upper().join(("value = ", ""))


def test_differences_end_the_command_with_4_and_stand_in_the_status(
    moved: Mover, demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moved.ask("DELETE FROM params LIMIT 1")
    words = ["--source", f"sqlite:///{demo}", "--target", moved.address, "--sample", "0"]
    environ = {"HOME": str(tmp_path)}

    assert main(["migrate", "verify", *words, "--json"], environ) == 4

    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert [d["subject"] for d in told["differences"]] == ["params", "params"]
    kept = status.read(status.status_file(environ))
    assert kept is not None
    assert kept.phase is Phase.DIFFERENCES
    assert kept.last_verification is not None
    assert not kept.last_verification.ok
    assert kept.differences[0].table == "params"
    assert main(["migrate", "status"], environ) == 0
    assert "differences" in capsys.readouterr().out


def test_mlflow_sees_on_mysql_what_it_sees_on_sqlite_and_can_write_there(
    moved: Mover,
) -> None:
    moved.ask("UPDATE latest_metrics SET value = value + 1 ORDER BY run_uuid, `key` LIMIT 200")
    runs = moved.ask("SELECT COUNT(*), SUM(start_time) FROM runs")

    proof = moved.verify(Terms(sample=1_000))

    checks = {check.name: check.ok for check in proof.checks}
    assert checks["through MLflow"] is False
    assert checks["write test"] is True
    assert any(f.subject == "runs" for f in proof.findings if f.check == "through MLflow")
    assert moved.ask("SELECT COUNT(*), SUM(start_time) FROM runs") == runs


def test_a_source_that_has_gone_on_is_not_the_same_any_more(moved: Mover, demo: Path) -> None:
    with changing(demo) as store:
        store.execute("UPDATE runs SET name = 'renamed' WHERE rowid = 1")

    (finding,) = _rows(moved.verify().findings)

    assert finding.expected == "name = renamed"


def test_the_kept_shape_is_what_mlflow_makes_here(moved: Mover, mysql_mlflow: MySQLStores) -> None:
    fresh = replace(moved, database=f"{moved.database}_f")
    mysql_mlflow.create(fresh.database)
    with server.connect(replace(moved.move.target, database=fresh.database)) as connection:
        assert shape.take(connection) == shape.kept(schema.head())
