"""Which runs are read through MLflow: as many as were asked for, evenly."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.own_stores import copied_store
from tracking.migrate.verify.through_mlflow import ALL, sample


@pytest.mark.parametrize(("most", "runs", "histories"), [(1, 1, 0), (4, 4, 0), (50, 50, 10)])
def test_a_sample_is_as_large_as_asked_for(
    tmp_path: Path, most: int, runs: int, histories: int
) -> None:
    found = sample(copied_store(tmp_path), most)

    assert (len(found.runs), len(found.histories)) == (runs, histories)
    assert len(set(found.runs)) == runs


def test_all_are_all(tmp_path: Path) -> None:
    found = sample(copied_store(tmp_path), ALL)

    assert len(found.runs) == len(found.histories) == found.all_runs > 300
