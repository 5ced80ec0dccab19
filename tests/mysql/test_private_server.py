"""The tests' own server: what other tests lean on has to hold."""

from __future__ import annotations

import pymysql
import pytest

from tests.support.servers import MySQLServer
from tests.support.stores import MySQLStores, mysql_stores
from texttosql.schema import ASKABLE

pytestmark = pytest.mark.mysql


def test_an_empty_mlflow_store_has_every_askable_table(
    mysql_server: MySQLServer, mysql_store: str, mysql_name: str
) -> None:
    tables = {row[0] for row in mysql_server.execute("SHOW TABLES", database=mysql_name)}
    assert tables >= ASKABLE
    assert mysql_server.url(mysql_name) == mysql_store
