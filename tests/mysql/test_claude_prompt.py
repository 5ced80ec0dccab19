"""Every SQL text that the prompt for MySQL shows passes the guard and runs on the server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.demo_fixture import demo_database
from tests.support.servers import MySQLServer
from tests.support.stores import MySQLStores
from texttosql.claude.estimate import tokens
from texttosql.claude.prompt import MOST_TOKENS, system_prompt
from texttosql.claude.worked import worked_sql
from texttosql.guard import approve, default_schema
from texttosql.storehouse import Storehouse
from texttosql.warehouses import open_warehouse

pytestmark = pytest.mark.mysql


@pytest.fixture(scope="module")
def demo(mysql_server: MySQLServer, mysql_mlflow: MySQLStores) -> Iterator[Storehouse]:
    """The demo store's rows on the server, read by an account that may only read."""
    mysql_mlflow.copy(demo_database(), "t_claude_prompt")
    warehouse = open_warehouse(mysql_server.reader_url("t_claude_prompt"))
    with closing(
        Storehouse(warehouse, max_rows=500, deadline=20, ttl=3_600, clock=time.monotonic)
    ) as storehouse:
        yield storehouse


@pytest.mark.parametrize("sql", [one.sql for one in worked_sql(default_schema("mysql"))])
def test_every_example_for_mysql_runs(demo: Storehouse, sql: str) -> None:
    assert demo.run(approve(sql, demo.snapshot().policy)).columns


def test_medians_and_percentiles_of_the_examples_are_those_of_sqlite(demo: Storehouse) -> None:
    """The window-function forms, on a metric that the store has, beside its own MEDIAN."""
    (median,) = [one.sql for one in worked_sql(default_schema("mysql")) if "median" in one.question]
    here = demo.run(approve(median.replace("'val_auc'", "'f1'"), demo.snapshot().policy)).rows
    (theirs,) = [
        one.sql for one in worked_sql(default_schema("sqlite")) if "median" in one.question
    ]
    with closing(open_warehouse(f"sqlite:///{demo_database()}")) as warehouse:
        sqlite = Storehouse(warehouse, max_rows=500, deadline=20, ttl=3_600, clock=time.monotonic)
        query = approve(theirs.replace("'val_auc'", "'f1'"), sqlite.snapshot().policy)
        there = {str(user): median for user, median, _ in sqlite.run(query).rows}
    assert len(here) > 3
    assert {str(user): median for user, median in here} == pytest.approx(there)


def test_the_servers_own_schema_fits_the_prompt(demo: Storehouse) -> None:
    assert tokens(system_prompt(demo.snapshot().catalog.schema)) <= MOST_TOKENS
