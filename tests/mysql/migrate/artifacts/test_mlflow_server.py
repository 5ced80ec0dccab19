from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from urllib.request import urlopen

import pytest

from tests.support.artifact_house import House
from tests.support.waiting import until

pytestmark = pytest.mark.mysql


def test_files_go_to_another_mlflow_server_and_are_read_back_from_there(
    house: House, mlflow_server: str
) -> None:
    to = f"mlflow-artifacts://{mlflow_server}/moved"
    status, out, _ = house.do("plan", "--becomes", "mlflow-artifacts:/moved", to=to)
    assert status == 1
    assert "with ?, # or % in their names cannot go to" in out
    status, out, err = house.do("run", to=to)
    assert status == 1, err
    assert "10 files (9.2 MB) read back and the same" in out
    assert out.count("no such name can be there") == 2
    assert house.do("verify", to=to)[0] == 4
    assert "0 files (0 B) read back and the same, 10 known from before" in house.do("run", to=to)[1]


@pytest.fixture(scope="module")
def mlflow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real MLflow server that keeps artifacts; its host and port."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{probe.getsockname()[1]}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  # MLflow's own command
            [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1",
             "--port", place.split(":")[1], "--workers", "1", "--artifacts-only",
             "--artifacts-destination", str(folder / "artifacts")],
            stdout=log, stderr=log, cwd=folder, start_new_session=True,
            env=os.environ
            | {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
        )  # fmt: skip
    try:
        until(lambda: _healthy(place) or process.poll() is not None, "MLflow's server")
        yield place
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _healthy(place: str) -> bool:
    try:
        with urlopen(f"http://{place}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
