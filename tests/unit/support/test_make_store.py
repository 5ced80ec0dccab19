"""The big store for measurements is a real MLflow store, and the same one every time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.bench.make_store import EXPERIMENTS, METRICS, Size, make
from texttosql.sqlite.warehouse import SQLiteWarehouse

SMALL = Size(runs=200, metric_rows=10_000)


def _number(store: sqlite3.Connection, sql: str) -> int:
    return int(store.execute(sql).fetchone()[0])


def test_it_has_the_sizes_asked_for_and_can_be_asked(tmp_path: Path) -> None:
    path = tmp_path / "big.db"
    make(path, SMALL)
    with closing(SQLiteWarehouse(path)) as warehouse:
        assert warehouse.schema().has("latest_metrics", "value")
    with closing(sqlite3.connect(path)) as store:
        assert _number(store, "SELECT COUNT(*) FROM runs") == 200
        assert _number(store, "SELECT COUNT(*) FROM metrics") == 10_000
        assert _number(store, "SELECT COUNT(*) FROM experiments") == len(EXPERIMENTS)
        assert _number(store, "SELECT COUNT(DISTINCT key) FROM metrics") == len(METRICS)
        assert _number(store, "SELECT COUNT(*) FROM params") == 200 * 12
        assert _number(store, "SELECT COUNT(*) FROM model_versions") > 0
        assert _number(store, "SELECT COUNT(*) FROM pragma_foreign_key_check") == 0


def test_a_runs_latest_metric_is_the_one_of_its_last_step(tmp_path: Path) -> None:
    path = tmp_path / "big.db"
    make(path, SMALL)
    with closing(sqlite3.connect(path)) as store:
        late = (
            "SELECT COUNT(*) FROM latest_metrics l WHERE step <> (SELECT MAX(step) FROM metrics m"
            " WHERE m.run_uuid = l.run_uuid AND m.key = l.key)"
        )
        assert _number(store, late) == 0
        assert _number(store, "SELECT COUNT(*) FROM latest_metrics") == 200 * 10


def test_the_same_size_gives_the_same_rows(tmp_path: Path) -> None:
    rows = []
    for name in ("one.db", "two.db"):
        make(tmp_path / name, SMALL)
        with closing(sqlite3.connect(tmp_path / name)) as store:
            rows.append(store.execute("SELECT * FROM metrics ORDER BY 1, 2, 3, 4, 5").fetchall())
    assert rows[0] == rows[1]
