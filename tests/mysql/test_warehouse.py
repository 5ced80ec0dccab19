"""A store on a real server is read within its deadline and never written, even as root."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pymysql
import pytest

from tests.support.queries import minted
from tests.support.servers import MySQLServer
from tests.support.stores import MySQLStores
from texttosql.errors import NotPermitted, QueryFailed, QueryTooSlow, WarehouseDown
from texttosql.flow import Cell, ResultTable
from texttosql.mysql.stopping import number_of, stopped_after
from texttosql.mysql.warehouse import MySQLWarehouse
from texttosql.schema import ASKABLE

pytestmark = pytest.mark.mysql

HEAVY = (
    "SELECT COUNT(*) FROM runs a, runs b, runs c, runs d, runs e"
    " WHERE a.start_time + b.start_time + c.start_time + d.start_time <> e.start_time"
)
WRITES = [
    "INSERT INTO tags VALUES ('a', 'b', '1')",
    "UPDATE runs SET name = 'x'",
    "DELETE FROM runs",
    "CREATE TABLE made_here (a INT)",
    "CREATE TEMPORARY TABLE made_here (a INT)",
    "DROP TABLE runs",
    "SELECT run_uuid INTO OUTFILE '/tmp/never-written' FROM runs",
    "SELECT GET_LOCK('a', 1)",
    "SELECT SLEEP(1)",
    "SET SESSION TRANSACTION READ WRITE",
    "SELECT * FROM runs FOR UPDATE",
    "COMMIT",
]


@pytest.fixture(scope="module")
def database(mysql_server: MySQLServer, mysql_mlflow: MySQLStores) -> str:
    """A store with 200 runs."""
    name = "t_warehouse"
    mysql_mlflow.create(name)
    runs = ", ".join(f"('{number}', 'run {number}', 1, {number})" for number in range(200))
    mysql_server.execute(
        "INSERT INTO experiments(experiment_id, name) VALUES (1, 'fraud')",
        f"INSERT INTO runs(run_uuid, name, experiment_id, start_time) VALUES {runs}",
        database=name,
    )
    return name


@pytest.fixture
def root(mysql_server: MySQLServer, database: str) -> Iterator[MySQLWarehouse]:
    with closing(MySQLWarehouse(mysql_server.url(database))) as warehouse:
        yield warehouse


@pytest.fixture
def reader(mysql_server: MySQLServer, database: str) -> Iterator[MySQLWarehouse]:
    with closing(MySQLWarehouse(mysql_server.reader_url(database))) as warehouse:
        yield warehouse


def ask(warehouse: MySQLWarehouse, sql: str, max_rows: int = 500, **params: Cell) -> ResultTable:
    return warehouse.run(minted(sql, "mysql", max_rows, **params), 20)


def running(server: MySQLServer, database: str) -> int:
    """How many statements are at work in the database right now."""
    sql = (
        "SELECT COUNT(*) FROM information_schema.processlist"
        f" WHERE db = '{database}' AND command NOT IN ('Sleep', 'Killed')"
        " AND id <> CONNECTION_ID()"
    )
    return int(str(server.execute(sql)[0][0]))


def test_rows_come_with_names_kinds_and_parameters(reader: MySQLWarehouse) -> None:
    table = ask(
        reader,
        "SELECT name AS `100% :p0`, start_time AS begun, AVG(start_time) AS mean, SUM(1) AS one"
        " FROM runs WHERE name = :p0 GROUP BY name, start_time",
        p0="run 7",
    )
    assert table.names == ("100% :p0", "begun", "mean", "one")
    assert [column.kind for column in table.columns] == ["text", "integer", "real", "integer"]
    assert table.rows == (("run 7", 7, 7.0, 1),)


def test_hostile_text_in_a_parameter_is_only_text(reader: MySQLWarehouse) -> None:
    for text in ("' OR 1=1 -- ", "\\'; DROP TABLE runs; --", "100% %s %(p0)s", "🎉\0\n"):
        assert ask(reader, "SELECT :p0", p0=text).rows == ((text,),)


def test_one_row_more_than_the_limit_is_known_as_cut(reader: MySQLWarehouse) -> None:
    sql = "SELECT start_time FROM runs ORDER BY start_time"
    cut, whole, most = ask(reader, sql, 2), ask(reader, sql, 200), ask(reader, sql, 199)
    assert (cut.rows, cut.truncated) == (((0,), (1,)), True)
    assert (len(whole.rows), whole.truncated) == (200, False)
    assert (len(most.rows), most.truncated) == (199, True)


def test_an_answer_of_millions_of_rows_is_cut_without_reading_them(reader: MySQLWarehouse) -> None:
    table = ask(reader, "SELECT a.name FROM runs a, runs b, runs c", 10)
    assert (len(table.rows), table.truncated) == (10, True)
    assert ask(reader, "SELECT COUNT(*) FROM runs").rows == ((200,),)


def test_the_schema_has_the_askable_tables_and_kinds(
    root: MySQLWarehouse, reader: MySQLWarehouse
) -> None:
    for warehouse in (root, reader):
        schema = warehouse.schema()
        assert schema.tables.keys() == ASKABLE
        assert schema.tables["runs"]["start_time"] == "time"
        assert schema.tables["latest_metrics"]["value"] == "real"
        assert schema.tables["latest_metrics"]["is_nan"] == "integer"
        assert schema.dialect == "mysql"
    assert root.schema().revision
    assert reader.schema().revision is None  # it may not look there, and need not


def test_a_query_past_its_deadline_is_gone_from_the_server(
    root: MySQLWarehouse, mysql_server: MySQLServer, database: str
) -> None:
    with pytest.raises(QueryTooSlow) as error:
        root.run(minted(HEAVY, "mysql"), 0.2)
    assert "0.2 s" in error.value.what
    assert running(mysql_server, database) == 0
    assert ask(root, "SELECT COUNT(*) FROM runs").rows == ((200,),)


def test_the_server_itself_knows_the_deadline(root: MySQLWarehouse) -> None:
    with root._asking(2.5) as (connection, server), connection.cursor() as cursor:  # noqa: SLF001 - from inside
        name = {"mariadb": "max_statement_time", "mysql": "max_execution_time"}[server.maker]
        cursor.execute(f"SELECT @@{name}")
        assert [float(number) for number in cursor.fetchall()[0]] in ([2.5], [2500.0])


def test_kill_query_ends_what_the_servers_own_limit_does_not(
    mysql_server: MySQLServer, database: str
) -> None:
    with closing(mysql_server.connect(database)) as connection:
        with (
            stopped_after(0.1, connection, lambda: mysql_server.connect(database)) as watch,
            connection.cursor() as cursor,
            pytest.raises(pymysql.err.OperationalError, match="interrupted"),
        ):
            cursor.execute("SELECT SLEEP(60)")
        assert watch.fired
        assert running(mysql_server, database) == 0
        with connection.cursor() as cursor:
            assert cursor.execute("SELECT 1") == 1  # the killed one lives on


def test_where_kill_cannot_be_sent_the_socket_is_shut(
    mysql_server: MySQLServer, database: str
) -> None:
    connection = mysql_server.connect(database)
    with (
        stopped_after(0.1, connection, lambda: mysql_server.connect("no_such_place")) as watch,
        connection.cursor() as cursor,
        pytest.raises(pymysql.err.OperationalError, match="Lost connection"),
    ):
        cursor.execute("SELECT SLEEP(60)")
    assert watch.fired
    mysql_server.execute(f"KILL {number_of(connection)}")


def test_after_the_end_nothing_is_killed_any_more(mysql_server: MySQLServer, database: str) -> None:
    killed: list[bool] = []
    with (
        closing(mysql_server.connect(database)) as connection,
        stopped_after(60, connection, lambda: mysql_server.connect(database)) as watch,
    ):
        pass
    watch.ring(lambda: killed.append(True))
    assert (killed, watch.fired) == ([], False)


def test_a_recursion_without_an_end_is_never_cut_short_in_silence(root: MySQLWarehouse) -> None:
    sql = (
        "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < :p0)"
        " SELECT COUNT(*) FROM n"
    )
    assert ask(root, sql, p0=50_000).rows == ((50_000,),)
    with pytest.raises((QueryFailed, QueryTooSlow)):
        root.run(minted(sql, "mysql", p0=10_000_000), 15)


def test_rehearsing_runs_nothing_and_tells_what_would_fail(reader: MySQLWarehouse) -> None:
    reader.rehearse(minted(HEAVY, "mysql"), 5)
    with pytest.raises(QueryFailed):
        reader.rehearse(minted("SELECT nope FROM runs", "mysql"), 5)
    with pytest.raises(NotPermitted):
        reader.rehearse(minted("SELECT * FROM webhooks", "mysql"), 5)


@pytest.mark.parametrize("sql", WRITES)
def test_even_root_only_reads(
    root: MySQLWarehouse, mysql_server: MySQLServer, database: str, sql: str
) -> None:
    with pytest.raises(NotPermitted):
        ask(root, sql)
    assert mysql_server.execute("SELECT COUNT(*), COUNT(name) FROM runs", database=database) == (
        (200, 200),
    )
    assert not Path("/tmp/never-written").exists()  # noqa: S108 - written by no one


@pytest.mark.parametrize("sql", [sql for sql in WRITES[:6] if "TEMPORARY" not in sql])
def test_behind_the_second_look_the_session_itself_refuses_to_write(
    root: MySQLWarehouse, sql: str
) -> None:
    def write_anyway() -> None:
        with root._asking(5) as (connection, _), connection.cursor() as cursor:  # noqa: SLF001 - past the door
            cursor.execute(sql)

    with pytest.raises(NotPermitted):
        write_anyway()


def test_a_table_the_account_may_not_read_is_never_an_empty_answer(
    mysql_server: MySQLServer, database: str
) -> None:
    allowed = sorted(ASKABLE - {"params"})
    with closing(MySQLWarehouse(mysql_server.reader_url(database, allowed))) as warehouse:
        with pytest.raises(NotPermitted) as error:
            ask(warehouse, "SELECT * FROM params")
        assert "GRANT" in error.value.fix or "SELECT" in error.value.fix
        with pytest.raises(NotPermitted):
            warehouse.schema()


def test_driver_text_and_password_stay_out_of_errors_and_the_password_out_of_logs(
    mysql_server: MySQLServer, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    url = mysql_server.reader_url(database)
    secret = url.split("@")[0].rpartition(":")[2]
    with closing(MySQLWarehouse(url)) as warehouse, caplog.at_level(logging.DEBUG):
        for sql in ("SELECT nope FROM runs", "SELECT * FROM webhooks", "SELECT 'x"):
            with pytest.raises((QueryFailed, NotPermitted)) as error:
                ask(warehouse, sql)
            assert "nope" not in str(error.value)
            assert secret not in str(error.value)
    assert "Unknown column 'nope'" in caplog.text
    assert secret not in caplog.text


def test_threads_share_a_small_pool_and_each_gets_its_own_rows(
    mysql_server: MySQLServer, database: str
) -> None:
    url = mysql_server.reader_url(database)
    with closing(MySQLWarehouse(url, pool_size=3)) as warehouse:

        def doubled(number: int) -> Cell:
            return ask(warehouse, "SELECT :p0 * 2", p0=number).rows[0][0]

        with ThreadPoolExecutor(12) as pool:
            assert list(pool.map(doubled, range(60))) == [2 * number for number in range(60)]


def test_a_used_up_pool_says_so(mysql_server: MySQLServer, database: str) -> None:
    url = mysql_server.url(database)
    with (
        closing(MySQLWarehouse(url, pool_size=1, pool_timeout=0.1)) as warehouse,
        warehouse._asking(5),  # noqa: SLF001 - holds the only connection
        pytest.raises(WarehouseDown, match="busy"),
    ):
        ask(warehouse, "SELECT 1")


def test_a_connection_the_server_dropped_is_replaced_unseen(
    root: MySQLWarehouse, mysql_server: MySQLServer
) -> None:
    number = ask(root, "SELECT CONNECTION_ID()").rows[0][0]
    mysql_server.execute(f"KILL {number}")
    still_there = f"SELECT COUNT(*) FROM information_schema.processlist WHERE id = {number}"
    while mysql_server.execute(still_there) != ((0,),):
        time.sleep(0.01)
    assert ask(root, "SELECT COUNT(*) FROM runs").rows == ((200,),)
