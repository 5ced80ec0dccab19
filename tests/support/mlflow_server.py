"""A real MLflow server on loopback, in a process group of its own, gone afterwards."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests.support.waiting import until


@contextmanager
def mlflow_server(folder: Path, *options: str, **environ: str) -> Iterator[str]:
    """Its host and port, as soon as it answers; `options` as `mlflow server` takes them."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  # MLflow's own command
            [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", port,
             "--workers", "1", *options],
            stdout=log, stderr=log, cwd=folder, start_new_session=True,
            env=os.environ | quiet | environ,
        )  # fmt: skip
    place = f"127.0.0.1:{port}"
    try:
        until(lambda: _healthy(place) or process.poll() is not None, "MLflow's server")
        assert process.poll() is None, (folder / "log").read_text()[-2000:]
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
