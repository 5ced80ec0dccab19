"""A store that an older MLflow made moves as well, from the oldest that MLflow still upgrades."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.moving import ROWS_ONLY, Mover
from tests.support.old_stores import NO_REVISION, old_stores
from tests.support.own_stores import changing
from tracking.errors import SchemaMismatch
from tracking.migrate import moving, source
from tracking.migrate.verify.verify import Terms

MakeMover = Callable[..., Mover]

RELEASES = {
    "1.0": "90e64c465722",
    "1.2": "7ac759974ad8",
    "1.30 and 2.0": "97727af70f4d",
    "2.9": "acf3f17fdcc7",
    "2.22": "0584bdc529eb",
    "3.0 and 3.1": "6953534de441",
    "3.8": "1bd49d398cd23",
    "before workspaces": "c8d9e0f1a2b3",
    "before the newest": "75868b020152",
}
"""The revision that a database of each has, where it is one that was released."""
OLDEST = "451aebb31d03"
"""The first revision there ever was: MLflow's migrations begin with it."""


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of each revision, with rows."""
    folder = tmp_path_factory.mktemp("old")
    old_stores(folder, [OLDEST, *RELEASES.values()])
    return folder


def _rows(store: sqlite3.Connection, table: str, columns: str) -> Counter[tuple[object, ...]]:
    return Counter(store.execute(f"SELECT {columns} FROM {source.quoted(table)}").fetchall())


def _lost(file: Path, move: Mover) -> dict[str, Counter[tuple[object, ...]]]:
    """Rows of the old file that are not in the target, by those columns that are still there."""
    lost = {}
    with closing(source.opened(file)) as store:
        for name, table in source.tables(store).items():
            found = move.ask(
                "SELECT column_name FROM information_schema.columns"
                f" WHERE table_schema = DATABASE() AND table_name = '{name}'"
            )
            there = {str(column) for (column,) in found}
            both = [column for column in source.names(table.stored) if column in there]
            before = _rows(store, name, ", ".join(map(source.quoted, both)))
            after = move.ask(f"SELECT {', '.join(f'`{each}`' for each in both)} FROM `{name}`")
            if missing := before - Counter(after):
                lost[name] = missing
    return lost


@pytest.mark.parametrize(
    "revision", [NO_REVISION, OLDEST, *RELEASES.values()], ids=["0.9", "oldest", *RELEASES]
)
def test_a_store_of_an_older_release_moves_whole_and_its_file_stays_as_it_was(
    revision: str, stores: Path, mover: MakeMover
) -> None:
    old = stores / f"{revision}.db"
    before = hashlib.sha256(old.read_bytes()).hexdigest()
    move = mover(old)

    terms = Terms() if revision == NO_REVISION else ROWS_ONLY  # MLflow takes seconds to load

    made, proof = moving.run_all(move.move, terms=terms)

    told = {hazard.name: hazard for hazard in made.hazards}
    assert revision in told["old-schema"].what
    assert not made.blocked
    assert proof is not None
    assert proof.ok, proof.findings
    assert _lost(old, move) == {}
    assert hashlib.sha256(old.read_bytes()).hexdigest() == before


def test_a_nan_and_numbers_at_one_step_which_mlflows_upgrade_fails_on_move_as_well(
    stores: Path, mover: MakeMover, tmp_path: Path
) -> None:
    tied = Path(shutil.copy(stores / f"{RELEASES['1.2']}.db", tmp_path / "tied.db"))
    with changing(tied) as store:
        store.executemany(
            "INSERT INTO metrics (run_uuid, key, timestamp, step, value, is_nan)"
            " VALUES ('b', 'odd', ?, 0, ?, ?)",
            [(1, 9.0, 0), (2, -1.0, 0), (2, 0.0, 1), (2, 0.5, 0)],
        )
    move = mover(tied)

    proof = move.run()

    assert proof is not None
    assert proof.ok, proof.findings
    assert _lost(tied, move) == {}
    assert move.ask("SELECT value, is_nan FROM latest_metrics WHERE `key` = 'odd'") == ((0.5, 0),)


def test_newer_tables_without_their_revision_are_refused_with_the_way_to_put_it_back(
    stores: Path, mover: MakeMover, tmp_path: Path
) -> None:
    bare = Path(shutil.copy(stores / f"{RELEASES['2.9']}.db", tmp_path / "bare.db"))
    with changing(bare) as store:
        store.execute("DELETE FROM alembic_version")

    with pytest.raises(SchemaMismatch) as refused:
        mover(bare).plan()

    assert "no alembic_version" in refused.value.what
    assert "alembic_version" in refused.value.fix


def test_rows_that_mlflows_own_upgrade_removes_are_told(
    stores: Path, mover: MakeMover, tmp_path: Path
) -> None:
    named = Path(shutil.copy(stores / f"{RELEASES['3.8']}.db", tmp_path / "named.db"))
    with changing(named) as store:
        store.execute(
            "INSERT INTO trace_tags (key, value, request_id)"
            " VALUES ('mlflow.traceName', 'answer', 'tr-1')"
        )
    move = mover(named)

    hazard = move.hazard("changed-by-upgrade")
    proof = move.run()

    assert (hazard.table, hazard.found, hazard.blocking) == ("trace_tags", 1, False)
    assert proof is not None
    assert proof.ok, proof.findings
    assert move.ask("SELECT trace_name FROM trace_info WHERE request_id = 'tr-1'") == (("answer",),)
