"""An MLflow server of our own on the target: on a free port of this machine, for a minute or so."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any, Self
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tracking.errors import SchemaMismatch
from tracking.migrate.hazards.hazard import short
from tracking.status import masked

READY_WITHIN = 120.0
"""Seconds for its start: it takes some 8 where nothing else goes on."""
ANSWER_WITHIN = 60.0
END_WITHIN = 10.0
API = "/api/2.0/mlflow"
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    " from tracking.migrate import server_process; server_process.main(sys.argv[2])"
)


class MLflowServer:
    """Use it as a context. Its files go to a folder that is removed with it."""

    def __init__(self, address: str, *, workspaces: bool = False) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._log = Path(self._folder.name, "server.log")
        self.port = _free_port()
        environ = os.environ | {
            # In the environment: a command line can be read by every user of the machine.
            "MLFLOW_BACKEND_STORE_URI": address,
            # Or it would begin to work off whatever jobs wait in the store.
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            "MLFLOW_ENABLE_WORKSPACES": str(workspaces).lower(),
            "MLFLOW_DISABLE_TELEMETRY": "true",
        }
        root = str(Path(__file__).parents[2])
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603  # our own module
                [sys.executable, "-c", _START, root, str(self.port)],
                env=environ, cwd=self._folder.name, stdin=subprocess.PIPE, stdout=log,
                stderr=log, start_new_session=True,
            )  # fmt: skip

    def __enter__(self) -> Self:
        """Wait until it answers. Raises SchemaMismatch when it does not come up."""
        try:
            self._come_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()
        self._folder.cleanup()

    def _come_up(self) -> None:
        give_up = time.monotonic() + READY_WITHIN
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > give_up:
                raise self._no_start()
            time.sleep(0.1)

    def page(self, path: str) -> int:
        """The HTTP status of a page."""
        return self._open(Request(f"http://127.0.0.1:{self.port}{path}"))[0]

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The JSON that an endpoint answers with. Raises SchemaMismatch when it is an error."""
        request = Request(
            f"http://127.0.0.1:{self.port}{API}/{path}", method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )  # fmt: skip
        status, text = self._open(request)
        if status != 200:
            what = f"MLflow's server on the target answers {status} to {path}: {short(text, 200)}"
            raise SchemaMismatch(what, "Nothing was handed over.")
        return json.loads(text)

    def _open(self, request: Request) -> tuple[int, str]:
        try:
            with urlopen(request, timeout=ANSWER_WITHIN) as answer:  # noqa: S310  # our own
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode(errors="replace")

    def _answers(self) -> bool:
        try:
            return self.page("/health") == 200
        except (URLError, HTTPException, OSError):
            return False

    def _no_start(self) -> SchemaMismatch:
        lines = self._log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
        what = f"MLflow's server does not start on the target: {short(masked(lines[-1]), 300)}"
        return SchemaMismatch(what, "Nothing was handed over.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(port: str) -> None:
    """Run the server until our stdin closes: whoever wanted it is done with it, or was killed."""
    words = ["--host", "127.0.0.1", "--port", port, "--workers", "1"]
    running = subprocess.Popen([sys.executable, "-m", "mlflow", "server", *words])  # noqa: S603  # MLflow's
    threading.Thread(target=_end_with, args=(running,), daemon=True).start()
    sys.stdin.buffer.read()
    # Its children are of our process group, and so are we.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        running.wait(END_WITHIN)
    os.killpg(0, signal.SIGKILL)


def _end_with(running: subprocess.Popen[bytes]) -> None:
    os._exit(running.wait() or 1)
