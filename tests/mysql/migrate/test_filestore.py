from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.commands import killed_once
from tests.support.file_store import PARAMS, file_store
from tests.support.servers import MySQLServer
from tracking.migrate.ledger import CHUNKS

pytestmark = pytest.mark.mysql
Move = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return file_store(tmp_path_factory.mktemp("filestore"))


@pytest.fixture
def move(
    mysql_server: MySQLServer, mysql_name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Move:
    def do(mlruns: Path, *more: str) -> tuple[int, str, str]:
        words = ["migrate", "filestore", "--source", str(mlruns),
                 "--target", mysql_server.url(mysql_name), "--sample", "0", *more]  # fmt: skip
        status = main(words, {"XDG_STATE_HOME": str(tmp_path / "state")})
        said = capsys.readouterr()
        return status, said.out, said.err

    return do


def _prints(folder: Path) -> dict[str, str]:
    """Every file and folder, with a hash of what it holds."""
    return {
        str(each.relative_to(folder)): (
            hashlib.sha256(each.read_bytes()).hexdigest() if each.is_file() else "folder"
        )
        for each in folder.rglob("*")
    }


def test_one_command_moves_a_folder_and_proves_it_and_goes_on_where_it_stopped(
    made: Path, move: Move, mysql_server: MySQLServer, mysql_name: str
) -> None:
    before = _prints(made)
    status, out, err = move(made.parent, "--json")
    assert status == 0, err
    assert json.loads(out)["outcome"] == "verified"
    assert "3 experiments, 1 registered models, 2 model versions, 2 prompts, 3 runs" in err
    assert "Both are the same" in err
    assert "1 point logged twice" in err
    assert "The report for the team: " in err
    assert "MLflow has read 3 of 3 runs" in err
    assert _prints(made) == before

    def ask(query: str) -> tuple[tuple[object, ...], ...]:
        return mysql_server.execute(query, database=mysql_name)

    assert {str(key): value for key, value in ask("SELECT `key`, value FROM params")} == PARAMS
    ids = {int(str(row[0])) for row in ask("SELECT experiment_id FROM experiments")}
    given = ask("SELECT source_id, target_id FROM tracktalk_experiment_ids")
    assert {new for _, new in given} == ids - {0}
    assert {str(old) for old, _ in given} == {
        each.name for each in (*made.iterdir(), *(made / ".trash").iterdir()) if len(each.name) > 9
    }
    found = ask("SELECT name, value, created_timestamp FROM assessments ORDER BY name")
    assert [row[0] for row in found] == ["facts", "good", "why"]
    assert json.loads(str(found[0][1])) == {"a": [1, None]}
    assert all(int(str(row[2])) > 1_600_000_000_000 for row in found)

    status, _, err = move(made, "--json")
    assert status == 0, err
    assert "MLflow makes an SQLite store" not in err


def test_what_mlflows_migration_leaves_out_is_told_and_needs_consent(
    made: Path, move: Move, mysql_server: MySQLServer, mysql_name: str, tmp_path: Path
) -> None:
    mlruns = shutil.copytree(made, tmp_path / "mlruns")
    run = next(mlruns.glob("*/*/params")).parent
    (run / "meta.yaml").write_text("{ not yaml")
    status, out, err = move(mlruns)
    assert status == 4
    assert f"runs {run.name}" in err
    assert out == ""
    assert not mysql_server.execute(f"SHOW DATABASES LIKE '{mysql_name}'")
    status, _, err = move(mlruns, "--accept")
    assert status == 0, err
    assert mysql_server.execute("SELECT COUNT(*) FROM runs", database=mysql_name) == ((2,),)


def test_whenever_it_is_killed_the_same_command_ends_as_if_nothing_had_been(
    made: Path, move: Move, mysql_server: MySQLServer, mysql_name: str, tmp_path: Path
) -> None:
    words = ["migrate", "filestore", "--source", str(made), "--target",
             mysql_server.url(mysql_name), "--sample", "0", "--max-rate", "100"]  # fmt: skip
    kept = tmp_path / "state" / "tracktalk" / "migrate"

    def rows() -> int:
        found = mysql_server.execute(
            "SELECT 1 FROM information_schema.tables"
            f" WHERE table_schema = '{mysql_name}' AND table_name = '{CHUNKS}'"
        )
        query = f"SELECT COUNT(*) FROM {CHUNKS}"
        return len(found) and int(str(mysql_server.execute(query, database=mysql_name)[0][0]))

    killed_once(tmp_path, words, lambda: any(kept.glob("*/mlflow.db.part")), "MLflow has begun")
    killed_once(tmp_path, words, lambda: any(kept.glob("*/filestore.json")), "it is converted")
    killed_once(tmp_path, words, lambda: rows() > 2, "some rows have arrived")
    status, out, err = move(made, "--json")

    assert status == 0, err
    assert json.loads(out)["outcome"] == "verified"
    assert "MLflow makes an SQLite store" not in err, "that was done before the second kill"
    assert mysql_server.execute("SELECT COUNT(*) FROM runs", database=mysql_name) == ((3,),)
    params = mysql_server.execute("SELECT `key`, value FROM params", database=mysql_name)
    assert {str(key): value for key, value in params} == PARAMS


def test_a_folder_without_experiments_is_refused(move: Move, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    status, _, err = move(tmp_path / "empty")
    assert status == 2
    assert "holds no FileStore" in err
