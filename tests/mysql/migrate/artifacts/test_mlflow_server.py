from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.artifact_house import House
from tests.support.mlflow_server import mlflow_server

pytestmark = pytest.mark.mysql


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that keeps artifacts; its host and port."""
    folder = tmp_path_factory.mktemp("server")
    kept = str(folder / "artifacts")
    with mlflow_server(folder, "--artifacts-only", "--artifacts-destination", kept) as place:
        yield place


def test_files_go_to_another_mlflow_server_and_are_read_back_from_there(
    house: House, keeper: str
) -> None:
    to = f"mlflow-artifacts://{keeper}/moved"
    status, out, _ = house.do("plan", "--becomes", "mlflow-artifacts:/moved", to=to)
    assert status == 1
    assert "with ?, # or % in their names cannot go to" in out
    status, out, err = house.do("run", to=to)
    assert status == 1, err
    assert "10 files (9.2 MB) read back and the same" in out
    assert out.count("no such name can be there") == 2
    assert house.do("verify", to=to)[0] == 4
    assert "0 files (0 B) read back and the same, 10 known from before" in house.do("run", to=to)[1]
