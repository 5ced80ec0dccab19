from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tracking.demo.store import RECIPE, ensure_demo_store, make_demo_store, read_mark
from tracking.errors import DemoStoreError

ANCHOR = datetime(2026, 11, 20, 12, tzinfo=UTC)
MAGIC = 0x54544400
SMALL = """
import sys
from datetime import datetime
from pathlib import Path
from tracking.demo.progress import shown
from tracking.demo.store import make_demo_store
with shown() as report:
    now = datetime.fromisoformat(sys.argv[2])
    print(make_demo_store(Path(sys.argv[1]), now=now, report=report, only=sys.argv[3:]))
"""
WINE = "wine-cultivar"


def start(database: Path, *only: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  # our own script
        [sys.executable, "-c", SMALL, str(database), ANCHOR.isoformat(), *only],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def finish(process: subprocess.Popen[str]) -> tuple[str, str]:
    out, err = process.communicate()
    assert process.returncode == 0, err
    return out.strip(), err


def digest(database: Path) -> str:
    """Every row of a store, ids and times too, but for the paths of its folder.

    Not the schema: MLflow writes the words of a CHECK in an order that changes by process.
    """
    with closing(sqlite3.connect(database)) as connection:
        rows = sorted(line for line in connection.iterdump() if line.startswith("INSERT"))
    dump = "\n".join(rows)
    return hashlib.sha256(dump.replace(str(database.parent), "").encode()).hexdigest()


def marked(database: Path, *, recipe: int, anchor: datetime, last_run: datetime) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(
            f"PRAGMA application_id = {MAGIC | recipe};"
            f"PRAGMA user_version = {int(anchor.timestamp()) // 60};"
            "CREATE TABLE runs (start_time INTEGER);"
            f"INSERT INTO runs VALUES ({int(last_run.timestamp() * 1000)});"
        )


def wait_for(words: str, process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    assert any(words in line for line in process.stderr), "it ended too early"


def test_a_killed_build_is_never_taken_for_whole_and_the_next_ones_agree(tmp_path: Path) -> None:
    first, second = tmp_path / "first" / "mlflow.db", tmp_path / "second" / "mlflow.db"
    killed = start(first, WINE)
    wait_for("training and logging runs", killed)
    assert list(first.parent.glob(".building-*/mlflow.db")), "half a store is there"
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert not first.exists()

    both = [start(first, WINE), start(first, WINE)]
    said = [finish(process) for process in both]
    finish(start(second, WINE))

    assert {address for address, _ in said} == {f"sqlite:///{first}"}
    assert sum("registering models" in talk for _, talk in said) == 1, "one built, one waited"
    assert not list(first.parent.glob(".building-*"))
    assert digest(first) == digest(second)


def test_a_store_of_an_older_recipe_is_made_again(tmp_path: Path) -> None:
    database = tmp_path / "mlflow.db"
    marked(database, recipe=RECIPE - 1, anchor=ANCHOR, last_run=ANCHOR)
    finish(start(database, "Default"))
    assert read_mark(database).recipe == RECIPE
    assert read_mark(database).anchor == ANCHOR


def test_a_store_with_the_same_anchor_is_found_again_untouched(tmp_path: Path) -> None:
    database = tmp_path / "mlflow.db"
    marked(database, recipe=RECIPE, anchor=ANCHOR, last_run=ANCHOR)
    before = database.read_bytes()
    assert ensure_demo_store(tmp_path, now=ANCHOR) == f"sqlite:///{database}"
    assert database.read_bytes() == before


def test_without_an_anchor_a_store_of_the_last_days_will_do(tmp_path: Path) -> None:
    database = tmp_path / "mlflow.db"
    lately = datetime.now(UTC) - timedelta(days=3)
    marked(database, recipe=RECIPE, anchor=lately, last_run=lately - timedelta(hours=1))
    before = database.read_bytes()
    ensure_demo_store(tmp_path)
    assert database.read_bytes() == before


def test_a_store_that_holds_somebodys_own_runs_is_kept_whatever_its_age(tmp_path: Path) -> None:
    database = tmp_path / "mlflow.db"
    marked(database, recipe=RECIPE, anchor=ANCHOR, last_run=ANCHOR + timedelta(days=1))
    before = database.read_bytes()
    ensure_demo_store(tmp_path, now=ANCHOR + timedelta(days=400))
    assert database.read_bytes() == before


def test_a_database_that_is_no_demo_store_is_left_as_it_is(tmp_path: Path) -> None:
    database = tmp_path / "mlflow.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE precious (a)")
    before = database.read_bytes()
    with pytest.raises(DemoStoreError, match="is no demo store"):
        ensure_demo_store(tmp_path, now=ANCHOR)
    assert database.read_bytes() == before


def test_a_file_that_is_no_database_is_named_and_left(tmp_path: Path) -> None:
    database = tmp_path / "mlflow.db"
    database.write_text("a shopping list, long enough to be read as a header" * 9)
    with pytest.raises(DemoStoreError, match="cannot be read as a database"):
        make_demo_store(database, now=ANCHOR)
    assert database.read_text().startswith("a shopping list")


def test_a_folder_that_cannot_be_made_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(DemoStoreError, match="cannot be made in") as caught:
        ensure_demo_store(tmp_path / "taken", now=ANCHOR)
    assert "Choose another folder" in caught.value.fix
