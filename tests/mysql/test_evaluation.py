"""A team's questions on its MySQL store: gold runs there, in that server's own SQL."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import main
from tests.demo_fixture import ANCHOR, demo_database
from tests.support.servers import MySQLServer
from tests.support.stores import MySQLStores

pytestmark = pytest.mark.mysql

COUNT = {
    "id": "count", "question": "how many experiments are there?", "gold": "SELECT nothing at all",
    "gold_mysql": "SELECT COUNT(*) FROM experiments WHERE lifecycle_stage = 'active'",
}  # fmt: skip
TOP = {
    "id": "top", "question": "top 3 fraud runs by pr_auc", "ordered": True,
    "gold": "SELECT r.name, m.value FROM runs r JOIN experiments e ON e.experiment_id = "
            "r.experiment_id JOIN latest_metrics m ON m.run_uuid = r.run_uuid WHERE e.name = "
            "'fraud-detection' AND r.lifecycle_stage = 'active' AND m.`key` = 'pr_auc' AND "
            "m.is_nan = 0 ORDER BY m.value DESC LIMIT 3",
}  # fmt: skip
OUT_OF_BOUNDS = {"id": "bad", "question": "who?", "gold": "SELECT user FROM mysql.user"}
NOBODY = {"id": "nobody", "question": "how many runs of zaphod?", "expect": "refuse"}


@pytest.fixture(scope="module")
def reader(mysql_server: MySQLServer, mysql_mlflow: MySQLStores) -> str:
    """The demo store on the server, as an account sees it that may only read it."""
    mysql_mlflow.copy(demo_database(), "evaluation")
    return mysql_server.reader_url("evaluation")


def evaluate(reader: str, tmp_path: Path, *lines: object) -> int:
    file = tmp_path / "q.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    asking = ["eval", f"{file}", "--store", reader, "--engine", "offline", "--now", ANCHOR]
    return main([*asking, "--fail-under", "1"], {"HOME": f"{tmp_path}"})


def test_gold_written_for_mysql_is_the_one_that_runs_there(
    reader: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(reader, tmp_path, COUNT, TOP, NOBODY) == 0
    assert "no misses" in capsys.readouterr().out


def test_gold_reads_no_other_schema(
    reader: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(reader, tmp_path, COUNT, OUT_OF_BOUNDS) == 2
    assert "line 2: The gold of bad is refused (schema" in capsys.readouterr().err
