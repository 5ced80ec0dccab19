"""Indexes of large tables are made once their rows are there, whoever dies meanwhile."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pymysql
import pytest

from tests.bench.make_store import Size, make
from tests.support.moving import Mover
from tests.support.waiting import until
from tracking.errors import TargetRefused
from tracking.migrate import indexes, moving, schema, server, shape
from tracking.migrate.indexes import MANY
from tracking.migrate.ledger import CHUNKS, INDEXES
from tracking.status import MigrationStatus, Phase

MakeMover = Callable[..., Mover]
FORK = multiprocessing.get_context("fork")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Metrics enough that their indexes are put off; no other table has as many rows."""
    path = tmp_path_factory.mktemp("large") / "large.db"
    make(path, Size(runs=300, metric_rows=MANY + 3_000))
    return path


@pytest.fixture
def moved(large: Path, mover: MakeMover) -> Mover:
    move = mover(large)
    move.run(terms=None)
    return move


@pytest.fixture
def connection(moved: Mover) -> Iterator[server.Connection]:
    with closing(server.connect(moved.move.target)) as connection:
        yield connection


def _made(move: Mover, table: str = "metrics") -> str:
    return str(move.ask(f"SHOW CREATE TABLE {table}")[0][1])


def _pending(move: Mover) -> int:
    if not move.ask(f"SHOW TABLES LIKE '{INDEXES}'"):
        return 0
    return int(str(move.ask(f"SELECT COUNT(*) FROM {INDEXES}")[0][0]))


def test_the_plan_says_of_which_tables(large: Path, mover: MakeMover) -> None:
    steps = mover(large).plan().steps

    assert [step.do for step in steps][-2:] == ["make indexes", "verify"]
    assert steps[-2].what == (
        "make the secondary indexes and foreign keys of metrics, put off until here"
    )


def test_they_end_as_mlflow_had_made_them(large: Path, mover: MakeMover) -> None:
    move = mover(large)
    before = _made(move)

    proof = move.run()

    assert "FOREIGN KEY" in before
    assert _made(move) == before
    assert proof is not None
    assert proof.ok
    assert move.ask(f"SHOW TABLES LIKE '{INDEXES}'") == ()


def test_meanwhile_the_status_says_so(large: Path, mover: MakeMover) -> None:
    move, heard = mover(large), list[MigrationStatus]()

    with moving.progress_of(move.move) as progress, progress.telling(heard.append):
        folder = move.folder / "here"
        folder.mkdir()
        moving.run_all(
            moving.Move(move.source, move.move.target, folder, folder / "s.json", [heard.append]),
            terms=None,
        )

    indexing = [each for each in heard if each.phase is Phase.INDEXING]
    assert [each.table for each in indexing] == ["metrics"]
    assert indexing[0].share == 1


def test_a_run_that_is_killed_before_they_are_made_makes_them_the_next_time(
    large: Path, mover: MakeMover
) -> None:
    move = mover(large)
    before = _made(move)
    process = FORK.Process(target=moving.run_all, args=(move.move,), kwargs={"max_rate": 20_000})
    process.start()
    until(lambda: _pending(move) > 0 and int(_chunks(move)) > 0, "a chunk")
    process.kill()
    process.join()
    assert "index_metrics_run_uuid" not in _made(move)
    with pytest.raises(TargetRefused, match="not come to its end"):
        move.catch_up()

    proof = move.run()

    assert proof is not None
    assert proof.ok
    assert _made(move) == before


def _chunks(move: Mover) -> str:
    return str(move.ask(f"SELECT COUNT(*) FROM {CHUNKS}")[0][0])


def test_a_run_that_is_killed_once_all_rows_are_there_makes_them_the_next_time(
    moved: Mover, connection: server.Connection
) -> None:
    before = _made(moved)
    indexes.put_off(connection, ["metrics"])
    assert _made(moved) != before

    moved.run()

    assert _made(moved) == before
    assert not _pending(moved)


def test_one_that_was_made_before_its_note_was_forgotten_is_not_made_twice(
    moved: Mover, connection: server.Connection
) -> None:
    before = _made(moved)
    indexes.put_off(connection, ["metrics"])
    key = indexes.pending(connection)["metrics"][0]
    connection.commit()
    moved.ask(f"ALTER TABLE metrics ADD {key}")

    proof = moved.run()

    assert _made(moved).count("index_metrics_run_uuid`") == before.count("index_metrics_run_uuid`")
    assert proof is not None
    assert proof.ok


def test_tables_that_are_filled_anew_get_theirs_back_first(
    moved: Mover, connection: server.Connection
) -> None:
    before = _made(moved)
    indexes.put_off(connection, ["metrics"])
    for file in (moved.folder / "work").rglob("snapshot.*"):
        file.unlink()

    proof = moved.run()

    assert _made(moved) == before
    assert proof is not None
    assert proof.ok


def test_every_table_of_mlflow_can_do_without_and_have_them_back(
    mover: MakeMover, large: Path
) -> None:
    move = mover(large)
    with closing(server.connect(move.move.target)) as connection:
        fresh = shape.take(connection)
        indexes.put_off(connection, sorted(fresh))
        without = shape.take(connection, {INDEXES})
        indexes.make(move.move.target, lambda _table: None, lambda: None)

        assert not any(table.references or table.indexes for table in without.values())
        assert shape.take(connection) == fresh == shape.kept(schema.head())


def test_a_server_that_goes_away_meanwhile_is_asked_again(
    moved: Mover, connection: server.Connection
) -> None:
    before = _made(moved)
    indexes.put_off(connection, ["metrics"])
    tries, waited = list[int](), list[int]()

    def make() -> None:
        tries.append(1)
        if len(tries) == 1:
            with closing(server.connect(moved.move.target)) as other:
                moved.ask(f"KILL {server.one(other, 'SELECT CONNECTION_ID()')[0]}")
                server.ask(other, "SELECT 1")
        indexes.make(moved.move.target, lambda _table: None, lambda: None)

    server.patiently(make, lambda: waited.append(len(tries)))

    assert (len(tries), waited) == (2, [1])
    assert _made(moved) == before


def test_what_the_server_refuses_is_not_asked_for_again(moved: Mover) -> None:
    tries = []

    def wrong() -> None:
        tries.append(1)
        moved.ask("SELECT nothing")

    with pytest.raises(pymysql.OperationalError):
        server.patiently(wrong, lambda: None)
    assert len(tries) == 1
