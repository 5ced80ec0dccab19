"""The worklist in an SQLite journal: between threads, between processes, after a kill -9."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.texttosql.journal.worklist import LONG, WorklistPromises, job, loaded
from texttosql.journal.database import Database
from texttosql.journal.work import SqlWork

ACCEPT = """
import sys
from tests.unit.texttosql.journal.worklist import job
from texttosql.journal.database import Database
from texttosql.journal.work import SqlWork

work = SqlWork(Database.open(sys.argv[1]))
owner, lease = sys.argv[2], float(sys.argv[3])
print(sum(work.accept(job(f"k{n}"), owner, lease) for n in range(40)), flush=True)
sys.stdin.read()
"""
ROOT = Path(__file__).parents[4]


@pytest.fixture
def work(address: str) -> Iterator[SqlWork]:
    database = Database.open(address)
    yield SqlWork(database)
    database.close()


def _process(address: str, owner: str, lease: float) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  our own program text
        [sys.executable, "-c", ACCEPT, address, owner, str(lease)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip


def _accepted(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


class TestOnSQLite(WorklistPromises):
    def test_three_processes_that_get_the_same_messages_accept_each_once(
        self, work: SqlWork, address: str
    ) -> None:
        processes = [_process(address, f"p{n}", LONG) for n in range(3)]
        assert sum(map(_accepted, processes)) == 40
        for process in processes:
            process.communicate()
        assert loaded(work).unfinished == 40

    def test_what_a_killed_process_accepted_is_answered_by_another(
        self, work: SqlWork, address: str
    ) -> None:
        process = _process(address, "dead", 0.0)
        assert _accepted(process) == 40
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert len(work.take_abandoned("heir", LONG, 100)) == 40
        assert not work.accept(job("k1"), "heir", LONG)
