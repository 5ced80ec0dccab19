"""The source as one consistent copy; the original is left as it is, whatever state it is in."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tracking.errors import SourceBusy, SourceError
from tracking.migrate import snapshot


def _store(path: Path, rows: int = 10, mode: str = "DELETE") -> Path:
    with closing(sqlite3.connect(path)) as store:
        store.execute(f"PRAGMA journal_mode = {mode}")
        store.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, filling TEXT)")
        store.executemany("INSERT INTO t VALUES (?, ?)", ((n, "x" * 500) for n in range(rows)))
        store.commit()
    return path


def _rows(path: Path) -> int:
    with closing(sqlite3.connect(path)) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found: int = store.execute("SELECT count(*) FROM t").fetchone()[0]
        return found


def _mark(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_copy_has_every_row_and_the_original_every_byte(tmp_path: Path) -> None:
    original = _store(tmp_path / "a.db", 5_000)
    before = _mark(original)

    snapshot.take(original, tmp_path / "copy" / "b.db")

    assert _rows(tmp_path / "copy" / "b.db") == 5_000
    assert _mark(original) == before


def test_a_commit_that_is_only_in_the_write_ahead_log_is_in_the_copy(tmp_path: Path) -> None:
    original = _store(tmp_path / "a.db", mode="WAL")
    with closing(sqlite3.connect(original)) as writer:
        writer.execute("INSERT INTO t VALUES (100, 'last')")
        writer.commit()
        before = _mark(original)

        snapshot.take(original, tmp_path / "b.db")

        assert _rows(tmp_path / "b.db") == 11
        assert _mark(original) == before


def _crashed(tmp_path: Path, mode: str) -> Path:
    """A database as a crash leaves it: with its journal or log beside it."""
    live = _store(tmp_path / "live.db", mode=mode)
    with closing(sqlite3.connect(live)) as writer:
        writer.execute("PRAGMA cache_spill = 1")
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("BEGIN")
        writer.executemany("INSERT INTO t VALUES (?, ?)", ((n, "y" * 900) for n in range(50, 900)))
        if mode == "WAL":
            writer.commit()
        folder = tmp_path / "crashed"
        folder.mkdir()
        for file in tmp_path.glob("live.db*"):
            if not file.name.endswith("-shm"):
                shutil.copyfile(file, folder / file.name)
    return folder / "live.db"


@pytest.mark.parametrize(("mode", "rows"), [("DELETE", 10), ("WAL", 860)])
def test_what_a_crash_left_beside_is_taken_into_account(
    tmp_path: Path, mode: str, rows: int
) -> None:
    original = _crashed(tmp_path, mode)
    before = {file.name: _mark(file) for file in original.parent.iterdir()}

    snapshot.take(original, tmp_path / "b.db")

    assert _rows(tmp_path / "b.db") == rows
    kept = {file.name: _mark(file) for file in original.parent.iterdir() if file.name in before}
    assert kept == before


def test_a_writer_that_never_rests_does_not_keep_the_copy_from_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "PAGES", 20)
    original = _store(tmp_path / "a.db", 3_000)
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(original, timeout=30)) as writer:
            number = 10_000
            while not stop.is_set():
                writer.execute("INSERT INTO t VALUES (?, 'new')", (number,))
                writer.commit()
                number += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        snapshot.take(original, tmp_path / "b.db")
    finally:
        stop.set()
        thread.join()

    assert _rows(tmp_path / "b.db") >= 3_000


def test_a_source_that_is_held_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "WAIT_MS", 50)
    original = _store(tmp_path / "a.db")
    with closing(sqlite3.connect(original)) as holder:
        holder.execute("BEGIN EXCLUSIVE")

        with pytest.raises(SourceBusy) as told:
            snapshot.take(original, tmp_path / "b.db")

    assert "locked" in told.value.what
    assert not (tmp_path / "b.db").exists()


def test_a_file_that_is_no_database_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("only some words of prose" * 200)

    with pytest.raises(SourceError) as told:
        snapshot.take(tmp_path / "a.db", tmp_path / "b.db")

    assert "recover" in told.value.fix
    assert [file.name for file in tmp_path.iterdir()] == ["a.db"]
