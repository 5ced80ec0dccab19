from __future__ import annotations

import random
import signal
import subprocess
import time
from functools import partial
from pathlib import Path

import pytest

from tests.support.artifact_house import House
from tests.support.waiting import until
from tracking.migrate.artifacts.disk import OURS

pytestmark = pytest.mark.mysql


def test_a_copy_that_is_killed_again_and_again_comes_to_the_same_end(house: House) -> None:
    chance = random.Random(5)
    for _ in range(8):
        process = house.start("run", "--max-rate", "4")
        copied = chance.randrange(1, len(house.store.files))
        until(partial(_arrived, house.to, copied, process), "a file")
        time.sleep(0.05 * chance.random())
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert house.do("run")[0] == 0
    assert house.do("verify")[0] == 0
    assert sorted(f.relative_to(house.to) for f in house.to.rglob("*") if f.is_file()) == (
        house.store.files
    )


def _arrived(folder: Path, count: int, process: subprocess.Popen[bytes]) -> bool:
    """Whether so many files are there, or no more will come."""
    there = [each for each in folder.rglob("*") if each.is_file()]
    whole = [each for each in there if not each.name.startswith(OURS)]
    return len(whole) >= count or process.poll() is not None


def test_a_rewriting_that_is_killed_leaves_whole_tables_and_goes_on(house: House) -> None:
    house.sql(
        "INSERT INTO runs (run_uuid, status, lifecycle_stage, artifact_uri, experiment_id)"
        f" SELECT CONCAT('r', seq), 'FINISHED', 'active', CONCAT('{house.store.root}/1/r', seq), 1"
        " FROM seq_1_to_10000"
    )
    before = house.addresses()
    for _ in range(3):
        process = house.start("rewrite", "--yes", "--unverified")
        until(partial(_under_way, house, process), "the rewriting to begin")
        process.send_signal(signal.SIGKILL)
        process.wait()
        new = sum(
            str(row[-1]).startswith(str(house.to)) for row in house.addresses()["runs.artifact_uri"]
        )
        assert new in {0, 10_003}
    assert house.do("rewrite", "--yes", "--unverified")[0] == 0
    assert len({*before["runs.artifact_uri"]} & {*house.addresses()["runs.artifact_uri"]}) == 0
    assert house.undo()[0] == 0
    assert house.addresses() == before


def _under_way(house: House, process: subprocess.Popen[bytes]) -> bool:
    """Whether lines of a rewriting are being written, committed or not; or it has ended."""
    query = "SELECT 1 FROM information_schema.innodb_trx WHERE trx_rows_modified > 1000 LIMIT 1"
    return bool(house.sql(query)) or process.poll() is not None
