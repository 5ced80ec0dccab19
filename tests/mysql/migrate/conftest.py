from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bench.make_store import Size, make
from tests.support import servers
from tests.support.full_store import full_store
from tests.support.moving import RIGHT, Begin, Mover
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


@pytest.fixture
def begun() -> Iterator[Begin]:
    """Begins commands as processes of their own, which end with the test."""
    processes = list[subprocess.Popen[str]]()

    def begin(move: Mover, command: str, *more: str, after: str = "") -> subprocess.Popen[str]:
        processes.append(move.begin(command, *more, after=after))
        return processes[-1]

    yield begin
    for process in processes:
        with process:  # closes its pipes
            process.kill()


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some 25,000 rows."""
    path = tmp_path_factory.mktemp("wide") / "wide.db"
    make(path, Size(runs=300, metric_rows=15_000))
    return path


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[MySQLServer]:
    """A server of this test's own, that it may stop."""
    with servers.shared_server(tmp_path / "server") as server:
        yield server
