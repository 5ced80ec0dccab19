"""A source that is held or sealed cannot be written to, and is the same to the byte afterwards."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.waiting import until
from tracking.errors import SourceBusy
from tracking.migrate import freeze, snapshot

OPEN = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT 1 FROM t'); input()"
)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE t (a)")
        made.commit()
    return path


def _write(store: Path) -> None:
    with closing(sqlite3.connect(store, timeout=0)) as connection:
        connection.execute("INSERT INTO t VALUES (1)")
        connection.commit()


def _bytes(store: Path) -> str:
    return hashlib.sha256(store.read_bytes()).hexdigest()


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_while_it_is_held_others_read_and_copy_and_nobody_writes(store: Path, mode: str) -> None:
    with closing(sqlite3.connect(store)) as other:
        other.execute(f"PRAGMA journal_mode = {mode}")

        with freeze.held(store) as surely:
            assert surely
            assert other.execute("SELECT count(*) FROM t").fetchone() == (0,)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                _write(store)
            snapshot.take(store, store.with_name("copy.db"))

    _write(store)
    assert store.with_name("copy.db").stat().st_size


def test_a_wal_file_that_a_crash_has_left_stays_as_it_is(store: Path, tmp_path: Path) -> None:
    crashed = tmp_path / "crashed.db"
    with closing(sqlite3.connect(store)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("INSERT INTO t VALUES (1)")
        other.commit()
        for end in ("", "-wal"):
            crashed.with_name(f"crashed.db{end}").write_bytes(Path(f"{store}{end}").read_bytes())
    before = [_bytes(crashed), _bytes(Path(f"{crashed}-wal"))]

    with freeze.held(crashed):
        pass

    assert [_bytes(crashed), _bytes(Path(f"{crashed}-wal"))] == before


def test_who_is_writing_is_not_waited_for_without_end(store: Path) -> None:
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with (
            pytest.raises(SourceBusy, match="held by another program") as error,
            freeze.held(store, wait=0),
        ):
            pass

    assert "Stop the MLflow server" in error.value.fix


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells")
def test_it_is_told_which_process_has_it_open(store: Path) -> None:
    assert freeze.holders(store) == []
    words = [sys.executable, "-c", OPEN, str(store)]
    with subprocess.Popen(words, stdin=subprocess.PIPE) as other:  # noqa: S603  # our own interpreter
        until(lambda: bool(freeze.holders(store)), "the other to open it")

        assert [holder.pid for holder in freeze.holders(store)] == [other.pid]
        other.communicate(b"\n")


def test_what_is_sealed_gets_the_rights_back_that_it_had(store: Path, tmp_path: Path) -> None:
    store.chmod(0o640)
    note = tmp_path / "sealed.json"

    freeze.seal(store, note)
    freeze.seal(store, note)

    assert freeze.sealed(note)
    assert store.stat().st_mode & 0o777 == 0o440
    freeze.thaw(note)
    assert store.stat().st_mode & 0o777 == 0o640
    assert not freeze.sealed(note)


def test_writing_leaves_traces_and_reading_does_not(store: Path) -> None:
    before = freeze.traces(store)
    with closing(sqlite3.connect(store)) as other:
        other.execute("SELECT * FROM t").fetchall()
    assert freeze.traces(store) == before

    with closing(sqlite3.connect(store)) as other:
        other.executemany("INSERT INTO t VALUES (?)", [("x" * 5_000,)] * 3)
        other.commit()

    assert freeze.traces(store) != before
