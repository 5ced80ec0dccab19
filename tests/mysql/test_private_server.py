"""The tests' own server and stores: what other tests lean on has to hold."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pymysql
import pytest

from tests.bench.make_store import Size, make
from tests.support.servers import MySQLServer
from tests.support.stores import MySQLStores
from texttosql.schema import ASKABLE

pytestmark = pytest.mark.mysql

ROOT = Path(__file__).parents[2]
USE_A_SERVER = """
import sys, time
from pathlib import Path
from tests.support.servers import shared_server
with shared_server(Path(sys.argv[1])) as server:
    print(server.port, server.pid, flush=True)
    sys.stdin.read()
"""


def test_an_empty_mlflow_store_has_every_askable_table(
    mysql_server: MySQLServer, mysql_store: str, mysql_name: str
) -> None:
    tables = {row[0] for row in mysql_server.execute("SHOW TABLES", database=mysql_name)}
    assert tables >= ASKABLE
    assert mysql_server.url(mysql_name) == mysql_store


def test_a_reader_reads_askable_tables_and_nothing_else(
    mysql_server: MySQLServer, mysql_store: str, mysql_name: str
) -> None:
    assert mysql_store
    login, _, _ = (
        mysql_server.reader_url(mysql_name).removeprefix("mysql+pymysql://").partition("@")
    )
    user, _, password = login.partition(":")
    with (
        closing(
            pymysql.connect(
                host="127.0.0.1",
                port=mysql_server.port,
                user=user,
                password=password,
                database=mysql_name,
            )
        ) as connection,
        connection.cursor() as cursor,
    ):
        assert cursor.execute("SELECT * FROM runs") == 0
        for sql in ("SELECT * FROM webhooks", "DELETE FROM runs", "CREATE TABLE t (a INT)"):
            with pytest.raises(pymysql.err.OperationalError, match="denied"):
                cursor.execute(sql)


def test_a_copied_store_has_every_row_of_every_table_unchanged(
    mysql_server: MySQLServer, mysql_mlflow: MySQLStores, mysql_name: str, tmp_path: Path
) -> None:
    path = tmp_path / "store.db"
    make(path, Size(runs=60, metric_rows=6_000))
    with closing(sqlite3.connect(path)) as store:
        store.execute("INSERT INTO experiments(experiment_id, name) VALUES (0, 'Default 🎉')")
        store.commit()
        mysql_mlflow.copy(path, mysql_name)
        for table, columns in {
            "experiments": "experiment_id, name, lifecycle_stage",
            "runs": "run_uuid, user_id, start_time",
            "metrics": "run_uuid, `key`, step, value, is_nan, timestamp",
            "params": "run_uuid, `key`, value",
        }.items():
            sql = f"SELECT {columns} FROM {table} ORDER BY 1, 2, 3"
            assert tuple(store.execute(sql)) == mysql_server.execute(sql, database=mysql_name)


def _started(folder: Path) -> tuple[subprocess.Popen[str], int, int]:
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", USE_A_SERVER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    port, pid = map(int, process.stdout.readline().split())
    return process, port, pid


def _ends(pid: int) -> bool:
    give_up = time.monotonic() + 30
    while Path(f"/proc/{pid}").exists() and time.monotonic() < give_up:
        time.sleep(0.05)
    return not Path(f"/proc/{pid}").exists()


def test_two_processes_share_one_server_and_the_last_one_stops_it(tmp_path: Path) -> None:
    first, port, pid = _started(tmp_path)
    second, same_port, same_pid = _started(tmp_path)
    assert (port, pid) == (same_port, same_pid)
    first.communicate()
    assert Path(f"/proc/{pid}").exists()
    second.communicate()
    assert _ends(pid)
    assert not (tmp_path / "state.json").exists()


def test_a_killed_session_leaves_no_server_behind(tmp_path: Path) -> None:
    session, _, pid = _started(tmp_path)
    assert json.loads((tmp_path / "state.json").read_text())["users"] == [session.pid]
    os.kill(session.pid, signal.SIGKILL)
    session.communicate()
    assert _ends(pid)
