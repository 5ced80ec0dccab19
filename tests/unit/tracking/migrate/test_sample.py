"""Which runs are read through MLflow: as many as were asked for, evenly."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.bench.make_store import Size, make
from tests.support.own_stores import copied_store
from tracking.migrate.verify.through_mlflow import ALL, SAMPLE, VALUES, sample


@pytest.mark.parametrize(
    ("most", "runs", "histories"), [(1, 1, 0), (4, 4, 0), (50, 50, 9)]
)  # one of ten has none
def test_a_sample_is_as_large_as_asked_for(
    tmp_path: Path, most: int, runs: int, histories: int
) -> None:
    found = sample(copied_store(tmp_path), most)

    told = {run for run, _ in found.histories}
    assert (len(found.runs), len(told)) == (runs, histories)
    assert len(set(found.runs)) == runs


def test_all_are_all(tmp_path: Path) -> None:
    store = copied_store(tmp_path)

    found = sample(store, ALL)

    assert len(found.runs) == found.all_runs > 300
    with closing(sqlite3.connect(store)) as opened:
        metrics = opened.execute("SELECT DISTINCT run_uuid, key FROM metrics").fetchall()
    assert set(found.histories) == set(metrics)


def test_histories_of_a_million_values_are_left_out_unless_all_are_asked_for(
    tmp_path: Path,
) -> None:
    make(tmp_path / "long.db", Size(runs=10, metric_rows=2 * VALUES))

    some, all_of_them = (sample(tmp_path / "long.db", most) for most in (SAMPLE, ALL))

    with closing(sqlite3.connect(tmp_path / "long.db")) as store:
        count = "SELECT count(*) FROM metrics WHERE run_uuid = ? AND key = ?"
        values = sum(store.execute(count, each).fetchone()[0] for each in some.histories)
    assert 0 < values <= VALUES
    assert len({run for run, _ in some.histories}) == 10
    assert len(some.histories) < len(all_of_them.histories)
