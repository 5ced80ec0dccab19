"""A whole store moves from SQLite to MySQL, whatever is in it, and arrives as it was."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import main
from tests.demo_fixture import ROOT
from tests.support.moving import ROWS_ONLY, Mover
from tests.support.own_stores import changing
from tracking import status
from tracking.errors import TargetRefused
from tracking.migrate import ledger, moving, prepared, run
from tracking.migrate import plan as planning
from tracking.migrate.progress import Progress
from tracking.status import MigrationStatus, Phase

MakeMover = Callable[..., Mover]


def _metrics(source: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(source)) as store:
        return store.execute(
            "SELECT run_uuid, key, step, timestamp, value, is_nan FROM metrics"
        ).fetchall()


def test_the_command_makes_the_tables_moves_all_rows_and_proves_it_through_mlflow(
    demo: Path, mover: MakeMover, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    move = mover(demo, collation=None)
    before = hashlib.sha256(demo.read_bytes()).hexdigest()
    words = ["--source", f"sqlite:///{demo}", "--target", move.address]
    environ = {"HOME": str(tmp_path)}

    assert main(["migrate", "run", *words], environ) == 0

    told = capsys.readouterr().out
    assert "✓ rows" in told
    assert "✓ through MLflow" in told
    assert "✓ write test" in told
    assert "The same" in told
    arrived = move.ask(
        "SELECT run_uuid, `key`, step, timestamp, value, is_nan FROM metrics ORDER BY 1, 2, 3, 4, 5"
    )
    assert sorted(map(repr, arrived)) == sorted(map(repr, _metrics(demo)))
    assert hashlib.sha256(demo.read_bytes()).hexdigest() == before
    kept = status.read(status.status_file(environ))
    assert kept is not None
    assert kept.phase is Phase.VERIFIED
    assert main(["migrate", "status", "--target", move.address, "--json"], environ) == 0
    assert json.loads(capsys.readouterr().out)["status"]["phase"] == "verified"


def test_every_table_arrives_with_every_awkward_value(full: Path, mover: MakeMover) -> None:
    move = mover(full)

    proof = move.run()

    assert proof is not None
    assert proof.findings == ()
    assert proof.ok
    assert proof.tables == 64


def test_inserts_bring_the_same_as_load_data(full: Path, mover: MakeMover) -> None:
    move = mover(full)
    move.folder.joinpath("copy").mkdir()
    copy = prepared.prepare(full, move.folder / "copy")
    made = planning.plan(copy, move.move.target)
    settings = dict(made.found.settings) | {"local_infile": "OFF"}
    without = replace(made, found=replace(made.found, settings=settings))
    now = datetime.now(UTC)
    progress = Progress(MigrationStatus(Phase.PLANNED, "", "", now, now), [])

    run.run(without, move.folder, progress)

    assert not without.found.loads
    assert move.verify().findings == ()


def test_experiment_0_keeps_its_number_and_the_next_one_gets_a_new_one(
    demo: Path, mover: MakeMover
) -> None:
    move = mover(demo)
    move.run()

    names = move.ask("SELECT name FROM experiments WHERE experiment_id = 0")
    largest = move.ask("SELECT MAX(experiment_id) FROM experiments")[0][0]
    move.ask("INSERT INTO experiments (name, lifecycle_stage) VALUES ('one more', 'active')")
    new = move.ask("SELECT experiment_id FROM experiments WHERE name = 'one more'")[0][0]

    assert names == (("Default",),)
    assert isinstance(largest, int)
    assert new == largest + 1


def test_keys_that_differ_by_case_accent_or_a_trailing_space_stay_apart(
    demo: Path, mover: MakeMover
) -> None:
    keys = ["lr", "LR", "lr ", "Lr", "café", "cafe", "CAFÉ", "ß", "ss"]
    with changing(demo) as store:
        (run_id,) = store.execute("SELECT run_uuid FROM runs LIMIT 1").fetchone()
        store.executemany(
            "INSERT INTO params VALUES (?, ?, ?)", [(k, f"v{k}", run_id) for k in keys]
        )
    move = mover(demo)

    proof = move.run()

    assert proof is not None
    assert proof.ok
    rows = move.ask(f"SELECT `key`, value FROM params WHERE run_uuid = '{run_id}'")
    found = {key: value for key, value in rows}  # noqa: C416  # dict() wants pairs, these are rows
    assert {key: found[key] for key in keys} == {key: f"v{key}" for key in keys}


def test_running_again_copies_nothing_and_proves_it_again(demo: Path, mover: MakeMover) -> None:
    move = mover(demo)
    move.run()
    chunks = move.ask("SELECT COUNT(*) FROM tracktalk_migration_chunks")

    proof = move.run()

    assert proof is not None
    assert proof.ok
    assert move.ask("SELECT COUNT(*) FROM tracktalk_migration_chunks") == chunks


def test_a_database_with_another_default_collation_gets_the_right_one_before_its_tables(
    demo: Path, mover: MakeMover
) -> None:
    move = mover(demo, collation=None)
    move.server.create_database(move.database, "latin1_swedish_ci")

    assert {hazard.name for hazard in move.plan().hazards} >= {"artifacts"}
    assert [step.do for step in move.plan().steps][:2] == ["set collation", "open ledger"]
    proof = move.run()

    assert proof is not None
    assert proof.ok
    collations = move.ask(
        "SELECT DISTINCT table_collation FROM information_schema.tables"
        f" WHERE table_schema = '{move.database}' AND table_name NOT LIKE 'tracktalk%'"
    )
    assert collations == (("utf8mb4_nopad_bin",),)


def test_an_account_with_the_documented_rights_can_make_the_tables_and_fill_them(
    demo: Path, mover: MakeMover
) -> None:
    move = mover(demo, collation=None)
    text = (ROOT / "docs" / "migrate.md").read_text(encoding="utf-8")
    (documented,) = re.findall(r"^(GRANT [^;]+ ON) mlflow", text, re.MULTILINE)
    move.server.execute(
        f"CREATE USER 'm_{move.database}'@'%' IDENTIFIED BY 'secret'",
        f"{documented} `{move.database}`.* TO 'm_{move.database}'@'%'",
    )
    address = move.server.url(move.database, user=f"m_{move.database}", password="secret")  # noqa: S106  # a test's own

    proof = replace(move, address=address).run()

    assert proof is not None
    assert proof.ok


def test_a_plan_writes_nothing(demo: Path, mover: MakeMover) -> None:
    move = mover(demo, collation=None)

    made = move.plan()

    assert made.rows > 0
    assert move.server.execute(f"SHOW DATABASES LIKE '{move.database}'") == ()
    left = (move.folder / "work").iterdir()
    assert [(file.name, file.stat().st_size) for file in left] == [("looks.lock", 0)]
    assert not move.move.status.exists()


def test_a_run_does_the_steps_of_its_plan(demo: Path, mover: MakeMover) -> None:
    made = mover(demo).plan()

    copied = {step.table: step.rows for step in made.steps if step.do == "copy"}
    assert copied == {name: size.rows for name, size in made.sizes.items() if size.rows}


@pytest.mark.parametrize("word", ["plan", "run"])
def test_a_target_with_somebody_elses_rows_is_refused_and_left_alone(
    word: str, demo: Path, mover: MakeMover, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    move = mover(demo)
    move.ask("INSERT INTO experiments (name, lifecycle_stage) VALUES ('theirs', 'active')")

    words = ["--source", f"sqlite:///{demo}", "--target", move.address]
    assert main(["migrate", word, *words], {"HOME": str(tmp_path)}) == 1

    told = capsys.readouterr()
    assert "no move of ours put there" in told.out + told.err
    assert move.ask("SELECT COUNT(*) FROM runs") == ((0,),)
    assert move.ask("SHOW TABLES LIKE 'tracktalk%'") == ()


def test_two_runs_at_once_are_one_too_many(demo: Path, mover: MakeMover) -> None:
    move = mover(demo)
    with closing(move.server.connect()) as other, other.cursor() as cursor:
        cursor.execute(f"SELECT GET_LOCK('tracktalk-migrate-{move.database}', 0)")

        with pytest.raises(TargetRefused, match="Another run"):
            move.run()


def test_a_slow_pace_is_kept(full: Path, mover: MakeMover) -> None:
    move = mover(full)
    made, _ = moving.run_all(move.move, max_rate=1_000, terms=None)

    kept = status.read(move.move.status)
    assert kept is not None
    assert kept.rows_per_second is not None
    assert kept.rows_per_second < 2_000
    assert kept.phase is Phase.COPIED, "it is over: nobody waits for another row"
    in_target = ledger.status_in(move.move.target)
    assert in_target is not None
    assert in_target.phase is Phase.COPIED
    assert move.verify(ROWS_ONLY).ok
    assert made.rows == kept.rows_copied
