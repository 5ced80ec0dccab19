from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.artifact_house import House
from tests.support.artifact_store import ArtifactStore, artifact_store
from tests.support.servers import MySQLServer
from tests.support.stores import MySQLStores


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> ArtifactStore:
    return artifact_store(tmp_path_factory.mktemp("artifacts") / "store")


@pytest.fixture
def house(
    made: ArtifactStore, mysql_server: MySQLServer, mysql_mlflow: MySQLStores, mysql_name: str,
    tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> House:  # fmt: skip
    address = mysql_mlflow.copy(made.database, mysql_name, "utf8mb4_nopad_bin")
    return House(mysql_server, mysql_name, address, made, tmp_path, capsys)
