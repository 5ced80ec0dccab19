"""Every way in which a server gives no store ends in one clear line for the operator."""

from __future__ import annotations

import socket
from contextlib import closing

import pytest

from tests.support.servers import MySQLServer
from texttosql.errors import (
    ExitCode,
    NotAnMLflowStore,
    NotPermitted,
    SchemaTooOld,
    WarehouseDown,
    WarehouseError,
)
from texttosql.mysql.warehouse import MySQLWarehouse

pytestmark = pytest.mark.mysql


def why(url: str) -> WarehouseError:
    """The error that looking at the store gives."""
    with (
        closing(MySQLWarehouse(url, connect_timeout=1)) as warehouse,
        pytest.raises(WarehouseError) as error,
    ):
        warehouse.schema()
    assert error.value.fix
    assert "OperationalError" not in str(error.value)
    return error.value


def test_a_server_that_does_not_run_cannot_be_reached() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        error = why(f"mysql+pymysql://bot:s3cret@127.0.0.1:{port}/mlflow")
    assert isinstance(error, WarehouseDown)
    assert f"127.0.0.1:{port} cannot be reached" in error.what
    assert error.exit_code == ExitCode.NO_CONNECTION


def test_a_host_that_does_not_exist_cannot_be_reached() -> None:
    error = why("mysql+pymysql://bot:s3cret@nowhere.invalid/mlflow")
    assert "nowhere.invalid:3306 cannot be reached" in error.what


def test_a_server_that_never_answers_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = why(f"mysql+pymysql://bot:s3cret@127.0.0.1:{silent.getsockname()[1]}/mlflow")
    assert isinstance(error, WarehouseDown)


def test_a_wrong_password_is_a_login_turned_away(
    mysql_server: MySQLServer, mysql_name: str
) -> None:
    mysql_server.create_database(mysql_name)
    error = why(mysql_server.url(mysql_name, password="s3cret"))  # noqa: S106 - a wrong one
    assert isinstance(error, WarehouseDown)
    assert "login of 'root'" in error.what
    assert "s3cret" not in str(error)


def test_an_unknown_database_is_named(mysql_server: MySQLServer) -> None:
    error = why(mysql_server.url("no_such_place"))
    assert isinstance(error, WarehouseDown)
    assert "no database 'no_such_place'" in error.what


def test_a_database_closed_to_the_account_is_named(
    mysql_server: MySQLServer, mysql_store: str, mysql_name: str
) -> None:
    assert mysql_store
    url = mysql_server.reader_url(mysql_name, ["runs"])
    other = mysql_server.create_database(f"{mysql_name}_other").rpartition("/")[2]
    error = why(url.replace(f"/{mysql_name}?", f"/{other.partition('?')[0]}?"))
    assert isinstance(error, WarehouseDown)
    assert f"may not use a database '{mysql_name}_other'" in error.what


def test_an_option_the_driver_does_not_know_is_told_without_the_password(
    mysql_server: MySQLServer, mysql_store: str, mysql_name: str
) -> None:
    assert mysql_store
    error = why(mysql_server.url(mysql_name) + "&sparkle=1")
    assert isinstance(error, WarehouseDown)
    assert "?" in error.fix
    assert mysql_server.password not in str(error)


def test_an_empty_database_is_no_store(mysql_server: MySQLServer, mysql_name: str) -> None:
    error = why(mysql_server.create_database(mysql_name))
    assert isinstance(error, NotAnMLflowStore)
    assert "it is empty" in error.what


def test_another_programs_database_is_no_store(mysql_server: MySQLServer, mysql_name: str) -> None:
    url = mysql_server.create_database(mysql_name)
    mysql_server.execute("CREATE TABLE orders (id INT)", database=mysql_name)
    error = why(url)
    assert isinstance(error, NotAnMLflowStore)
    assert "orders" in error.what


def test_a_store_without_latest_metrics_is_too_old(
    mysql_server: MySQLServer, mysql_store: str, mysql_name: str
) -> None:
    mysql_server.execute(
        "DROP TABLE latest_metrics",
        "UPDATE alembic_version SET version_num = '7ac759974ad8'",
        database=mysql_name,
    )
    error = why(mysql_store)
    assert isinstance(error, SchemaTooOld)
    assert error.revision == "7ac759974ad8"
    assert "latest_metrics" in error.what
    assert "mlflow db upgrade" in error.fix


def test_an_account_without_a_needed_table_is_not_permitted_rather_than_no_store(
    mysql_server: MySQLServer, mysql_store: str, mysql_name: str
) -> None:
    assert mysql_store
    assert isinstance(why(mysql_server.reader_url(mysql_name, ["experiments"])), NotPermitted)
