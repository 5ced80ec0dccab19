"""What every test may lean on: a private MySQL server, and empty MLflow stores in milliseconds.

With CI=true a skipped test is a failed test: a check that did not run has proven nothing.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.support.servers import MySQLServer, server_program, shared_server
from tests.support.stores import MySQLStores, mysql_stores, new_sqlite_store, sqlite_template

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
NO_SERVER = "no mariadbd or mysqld here: install mariadb-server-core (Debian) or mariadb (brew)"


@pytest.fixture(scope="session")
def mysql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MySQLServer]:
    """The session's private server; workers of pytest-xdist share one."""
    if server_program() is None:
        pytest.skip(NO_SERVER)
    base = tmp_path_factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with shared_server(root / "mysql") as server:
        yield server


@pytest.fixture(scope="session")
def mysql_mlflow(mysql_server: MySQLServer) -> MySQLStores:
    """Makes MLflow databases: `.create(name)` an empty one, `.copy(store, name)` a full one."""
    return mysql_stores(mysql_server)


@pytest.fixture
def mysql_name() -> str:
    """A database name no other test uses."""
    return f"t_{secrets.token_hex(6)}"


@pytest.fixture
def mysql_store(mysql_mlflow: MySQLStores, mysql_name: str) -> str:
    """The address (as root) of an empty MLflow store on MySQL, this test's own."""
    return mysql_mlflow.create(mysql_name)


@pytest.fixture(scope="session")
def mlflow_template() -> Path:
    """An empty MLflow SQLite store, to copy from; never write to it."""
    return sqlite_template()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Path:
    """The file of an empty MLflow SQLite store, this test's own."""
    return new_sqlite_store(tmp_path / "mlflow.db")


def _strict() -> bool:
    return os.environ.get("CI", "").lower() == "true"


def _skip_is_failure(report: Report) -> Report:
    if _strict() and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped under CI=true, so not proven: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _skip_is_failure((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _skip_is_failure((yield))
