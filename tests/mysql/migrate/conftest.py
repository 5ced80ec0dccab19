from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.full_store import full_store
from tests.support.moving import RIGHT, Mover
from tests.support.own_stores import copied_store
from tests.support.servers import MySQLServer
from tests.support.stores import MySQLStores

MakeMover = Callable[..., Mover]


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A store with rows in every table."""
    return full_store(tmp_path / "full.db")


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """A copy of the demo store."""
    return copied_store(tmp_path)


@pytest.fixture
def mover(
    mysql_server: MySQLServer, mysql_mlflow: MySQLStores, mysql_name: str, tmp_path: Path
) -> MakeMover:
    """Makes a move from a file into an MLflow database that is fresh, or not made at all."""

    def make(source: Path, collation: str | None = RIGHT) -> Mover:
        address = mysql_server.url(mysql_name)
        if collation:
            mysql_mlflow.create(mysql_name, collation)
        return Mover(mysql_server, source, mysql_name, tmp_path, address)

    return make
