"""A private MariaDB or MySQL server for the tests: its own data, loopback only, gone afterwards.

`shared_server(folder)` starts one server per test session. Under pytest-xdist the workers share
it: whoever comes first starts it, a lock file orders them, and the last one still alive stops it
by its own process id. The server keeps nothing on disk safe (no fsync): a test's data may be lost.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import pymysql

from texttosql.schema import ASKABLE

READY_WITHIN = 60.0
SERVER_PROGRAMS = ("mariadbd", "mysqld")
SBIN = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin", "/usr/libexec")

Row = tuple[object, ...]


class _State(TypedDict):
    """What the sessions' workers tell each other about the server, in state.json."""

    port: int
    password: str
    pid: int
    users: list[int]


def server_program() -> str | None:
    """The path of the first MariaDB or MySQL server program on this machine, or None."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *SBIN])
    return next(
        (found for name in SERVER_PROGRAMS if (found := shutil.which(name, path=path))), None
    )


@dataclass(frozen=True, slots=True)
class MySQLServer:
    """A running server. `root` may do all; a reader may only SELECT from the askable tables."""

    port: int
    password: str
    pid: int
    folder: Path

    def url(self, database: str = "", *, user: str = "root", password: str | None = None) -> str:
        """The address of a database, for SQLAlchemy and for Tracktalk alike."""
        secret = self.password if password is None else password
        return f"mysql+pymysql://{user}:{secret}@127.0.0.1:{self.port}/{database}?charset=utf8mb4"

    def connect(self, database: str = "") -> pymysql.Connection[pymysql.cursors.Cursor]:
        """A connection as root, committing by itself."""
        return pymysql.connect(
            host="127.0.0.1",
            port=self.port,
            user="root",
            password=self.password,
            database=database or None,
            charset="utf8mb4",
            autocommit=True,
        )

    def execute(self, *statements: str, database: str = "") -> tuple[Row, ...]:
        """Run statements as root; returns the rows of the last one."""
        with closing(self.connect(database)) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return tuple(cursor.fetchall())

    def create_database(self, name: str, collation: str = "utf8mb4_bin") -> str:
        """Make an empty database anew and return its address as root.

        The default collation compares as SQLite does: case and accents count.
        """
        charset = collation.split("_", 1)[0]
        self.execute(
            f"DROP DATABASE IF EXISTS `{name}`",
            f"CREATE DATABASE `{name}` CHARACTER SET {charset} COLLATE {collation}",
        )
        return self.url(name)

    def reader_url(self, database: str, tables: Sequence[str] | None = None) -> str:
        """The address for an account that may SELECT from `tables` (default: all askable) only.

        Call it once the tables are there: rights on a table that is not there cannot be given.
        """
        user, secret = f"r_{secrets.token_hex(6)}", secrets.token_hex(8)
        there = {str(row[0]) for row in self.execute(f"SHOW TABLES FROM `{database}`")}
        allowed = sorted(there & (ASKABLE if tables is None else set(tables)))
        self.execute(
            f"CREATE USER '{user}'@'%' IDENTIFIED BY '{secret}'",
            *(f"GRANT SELECT ON `{database}`.`{table}` TO '{user}'@'%'" for table in allowed),
        )
        return self.url(database, user=user, password=secret)


@contextmanager
def shared_server(folder: Path, *options: str) -> Iterator[MySQLServer]:
    """The session's one server under `folder`, started by the first to ask, with these options."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield _join(folder, options)
    finally:
        _leave(folder)


def crash(server: MySQLServer) -> None:
    """Kill a server, and start it on what is left: up to a second of what it had said it took is
    not, because the tests' server keeps nothing safe.
    """
    restart(server, signal.SIGKILL)


def restart(server: MySQLServer, how: signal.Signals = signal.SIGTERM) -> None:
    """Shut a server down, and start it on the same data, port and password."""
    program = server_program()
    assert program is not None
    state_file = server.folder / "state.json"
    with locked(server.folder):
        state = _read(state_file)
        os.kill(state["pid"], how)
        os.waitpid(state["pid"], 0)
        log = server.folder / "server.log"
        state["pid"] = _launch(program, server.folder, server.port, log)
        state_file.write_text(json.dumps(state))
    _wait_until(lambda: _answers(server.port, server.password), state["pid"], log)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Only one process of this machine at a time is inside, for one folder."""
    with (folder / "lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _join(folder: Path, options: Sequence[str]) -> MySQLServer:
    state_file = folder / "state.json"
    with locked(folder):
        fresh = not state_file.exists()
        state = _start(folder, options) if fresh else _read(state_file)
        state["users"].append(os.getpid())
        state_file.write_text(json.dumps(state))
        if fresh:
            _set_reaper(state_file)
    return MySQLServer(state["port"], state["password"], state["pid"], folder)


def _leave(folder: Path) -> None:
    state_file = folder / "state.json"
    with locked(folder):
        if not state_file.exists():
            return
        state = _read(state_file)
        state["users"].remove(os.getpid())
        if any(_alive(pid) for pid in state["users"]):
            state_file.write_text(json.dumps(state))
            return
        state_file.unlink()
        _stop(state["pid"], folder)


def _read(state_file: Path) -> _State:
    state: _State = json.loads(state_file.read_text())
    return state


def _start(folder: Path, options: Sequence[str]) -> _State:
    program = server_program()
    if program is None:
        msg = "no MariaDB or MySQL server program is on this machine"
        raise RuntimeError(msg)
    data, log = folder / "data", folder / "server.log"
    shutil.rmtree(data, ignore_errors=True)
    password, port = secrets.token_hex(8), _free_port()
    _make_data(program, data, log)
    (folder / "init.sql").write_text(_init_sql(password))
    pid = _launch(program, folder, port, log, options)
    _wait_until(lambda: _answers(port, password), pid, log)
    return {"port": port, "password": password, "pid": pid, "users": []}


def _set_reaper(state_file: Path) -> None:
    """A session that is killed runs no teardown: the reaper then stops the server."""
    command = [sys.executable, str(Path(__file__).with_name("reaper.py")), str(state_file)]
    reaper = subprocess.Popen(  # noqa: S603 - our own interpreter
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )
    reaper.returncode = 0  # it ends by itself, when the session has


def _make_data(program: str, data: Path, log: Path) -> None:
    installer = shutil.which("mariadb-install-db") if "mariadb" in _version(program) else None
    command = (
        [installer, "--no-defaults", f"--datadir={data}", "--skip-test-db",
         "--auth-root-authentication-method=normal", *_as_root()]
        if installer
        else [program, "--no-defaults", f"--datadir={data}", "--initialize-insecure", *_as_root()]
    )  # fmt: skip
    with log.open("ab") as out:
        subprocess.run(command, check=True, stdout=out, stderr=out)  # noqa: S603 - fixed programs


def _launch(
    program: str, folder: Path, port: int, log: Path, more: Sequence[str] = ()
) -> int:  # fmt: skip
    options = [
        "--no-defaults", f"--datadir={folder / 'data'}", f"--socket={_socket(folder)}",
        f"--port={port}", "--bind-address=127.0.0.1", f"--pid-file={folder / 'server.pid'}",
        f"--init-file={folder / 'init.sql'}", "--skip-name-resolve", "--skip-log-bin",
        "--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync",
        "--innodb-buffer-pool-size=256M", "--performance-schema=OFF", "--secure-file-priv=",
        # Of its own: a server that starts deletes what it finds of others in a shared one.
        f"--tmpdir={_made(folder / 'tmp')}",
        *_as_root(), *more,
    ]  # fmt: skip
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603 - a program found by its name on the path
            [program, *options],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    process.returncode = 0  # it outlives this worker on purpose; _stop ends it by its id
    return process.pid


def _stop(pid: int, folder: Path) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    give_up = time.monotonic() + READY_WITHIN
    while (folder / "server.pid").exists() and _alive(pid) and time.monotonic() < give_up:
        time.sleep(0.02)
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)
    shutil.rmtree(folder / "data", ignore_errors=True)


def _wait_until(ready: Callable[[], bool], pid: int, log: Path) -> None:
    give_up = time.monotonic() + READY_WITHIN
    while not ready():
        if time.monotonic() > give_up or os.waitpid(pid, os.WNOHANG) != (0, 0):
            msg = f"the test server did not come up:\n{log.read_text()[-2000:]}"
            raise RuntimeError(msg)
        time.sleep(0.05)


def _answers(port: int, password: str) -> bool:
    try:
        pymysql.connect(
            host="127.0.0.1", port=port, user="root", password=password, connect_timeout=2
        ).close()
    except pymysql.err.OperationalError:
        return False
    return True


def _init_sql(password: str) -> str:
    return (
        f"CREATE USER IF NOT EXISTS 'root'@'127.0.0.1' IDENTIFIED BY '{password}';\n"
        f"ALTER USER 'root'@'127.0.0.1' IDENTIFIED BY '{password}';\n"
        f"ALTER USER 'root'@'localhost' IDENTIFIED BY '{password}';\n"
        "GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;\n"
    )


def _version(program: str) -> str:
    command = [program, "--no-defaults", "--version"]
    found = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - as above
    return found.stdout.lower()


def _socket(folder: Path) -> Path:
    """A socket's path may hold about 100 bytes: a deep temporary folder does not fit."""
    plain = folder / "s"
    return plain if len(str(plain)) < 90 else Path("/tmp") / f"tt-{secrets.token_hex(6)}.sock"  # noqa: S108 - random name


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _as_root() -> list[str]:
    return ["--user=root"] if os.geteuid() == 0 else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
