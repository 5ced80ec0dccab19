from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import pytest

from bot.cli import main
from tests.support.artifact_store import FILES, ArtifactStore, artifact_store
from tests.support.servers import MySQLServer
from tests.support.stores import MySQLStores
from tests.support.waiting import until
from tracking.migrate.artifacts.columns import URI_COLUMNS
from tracking.migrate.artifacts.destination import OURS

pytestmark = pytest.mark.mysql
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class House:
    """A store whose rows are in MySQL, and a new place for its files."""

    server: MySQLServer
    database: str
    address: str
    store: ArtifactStore
    folder: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def to(self) -> Path:
        return self.folder / "new root"

    def arguments(self, command: str, *more: str, to: str | None = None) -> list[str]:
        return [
            "migrate", "artifacts", command, "--target", self.address,
            "--from", str(self.store.root), "--to", to or str(self.to), *more,
        ]  # fmt: skip

    def do(self, command: str, *more: str, to: str | None = None) -> tuple[int, str, str]:
        """Exit status, data, talk."""
        return self.say(self.arguments(command, *more, to=to))

    def say(self, arguments: list[str]) -> tuple[int, str, str]:
        status = main(arguments, {"XDG_STATE_HOME": str(self.folder / "state")})
        said = self.capsys.readouterr()
        return status, said.out, said.err

    def undo(self) -> tuple[int, str, str]:
        return self.say(
            ["migrate", "artifacts", "rewrite", "--target", self.address, "--undo", "--yes"]
        )

    def start(self, command: str, *more: str) -> subprocess.Popen[bytes]:
        """The command in a process of its own."""
        code = "import sys; from bot.cli import main; sys.exit(main(sys.argv[1:]))"
        return subprocess.Popen(  # noqa: S603  # our own code
            [sys.executable, "-c", code, *self.arguments(command, *more)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
            env=os.environ | {"XDG_STATE_HOME": str(self.folder / "state")},
        )  # fmt: skip

    def sql(self, statement: str) -> tuple[tuple[object, ...], ...]:
        return self.server.execute(statement, database=self.database)

    def addresses(self) -> dict[str, list[tuple[object, ...]]]:
        """Every address in the target, with its key."""
        return {
            column.name: sorted(
                self.sql(
                    f"SELECT {', '.join(f'`{name}`' for name in (*column.key, column.column))}"
                    f" FROM {column.table}" + (f" WHERE {column.only}" if column.only else "")
                ),
                key=repr,
            )
            for column in URI_COLUMNS
        }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> ArtifactStore:
    return artifact_store(tmp_path_factory.mktemp("artifacts") / "store")


@pytest.fixture
def house(
    made: ArtifactStore, mysql_server: MySQLServer, mysql_mlflow: MySQLStores, mysql_name: str,
    tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> House:  # fmt: skip
    address = mysql_mlflow.copy(made.database, mysql_name, "utf8mb4_nopad_bin")
    return House(mysql_server, mysql_name, address, made, tmp_path, capsys)


def test_the_plan_says_where_rows_point_and_what_lies_there(house: House) -> None:
    before = house.addresses()
    status, out, _ = house.do("plan", "--json")
    told = json.loads(out)
    assert status == 0
    assert {row["fate"]: row["rows"] for row in told["rows"] if row["scheme"] == "file"} == {
        "moves": 14, "stays: no --from has it": 1,
    }  # fmt: skip
    contents = told["moves"][0]["contents"]
    assert contents["files"] == len(house.store.files), house.store.files
    assert contents["files"] == 2 * (len(FILES) + 1), house.store.files
    assert contents["bytes"] == sum(
        (house.store.root / f).stat().st_size for f in house.store.files
    )
    assert contents["missing"] == {"runs.artifact_uri": 1, "trace_tags.value": 1}
    assert house.addresses() == before
    assert not house.to.exists()


def test_files_that_belong_to_no_row_stay_unless_everything_is_wanted(
    house: House, tmp_path: Path
) -> None:
    root = shutil.copytree(house.store.root, tmp_path / "elsewhere")
    (root / "1" / "notes.txt").write_text("of nobody")
    call = ["migrate", "artifacts", "run", "--target", house.address, "--from", str(root),
            "--written", str(house.store.root), "--to", str(house.to)]  # fmt: skip
    _, plan, _ = house.say([*call[:2], "plan", *call[3:]])
    assert "1 files (9 B) belong to no row" in plan
    assert house.say(call)[0] == 0
    assert not (house.to / "1" / "notes.txt").exists()
    assert house.say([*call, "--everything"])[0] == 0
    assert (house.to / "1" / "notes.txt").read_text() == "of nobody"


def test_after_the_move_mlflow_reads_everything_from_the_new_root(house: House) -> None:
    for command, more in (("run", ()), ("verify", ()), ("rewrite", ("--yes",))):
        status, out, err = house.do(command, *more)
        assert status == 0, (out, err)
    hidden = house.store.root.with_name("hidden")
    house.store.root.rename(hidden)  # whoever still reads there finds nothing
    try:
        code = (ROOT / "tests" / "support" / "read_artifacts.py").read_text()
        done = subprocess.run(  # noqa: S603  # our own code
            [sys.executable, "-c", code, house.address, str(house.to)],
            capture_output=True, text=True, check=False, cwd=house.folder,
            env=os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true"},
        )  # fmt: skip
    finally:
        hidden.rename(house.store.root)
    assert done.returncode == 0, done.stderr[-2000:]
    read = json.loads(done.stdout)
    assert read["runs"] == {name: len(content) for name, content in FILES.items()}
    assert read["versions"] == [["deeper/blob.bin"]] * 4
    assert read["logged"] == str(house.to)


def test_nothing_but_the_folders_own_addresses_is_rewritten_and_undo_restores_all(
    house: House,
) -> None:
    others = ("s3://bucket/x", f"{house.store.root}2/9", "mlflow-artifacts:/9", "ml runs/9", "")
    for number, other in enumerate(others):
        house.sql(
            "INSERT INTO runs (run_uuid, status, lifecycle_stage, artifact_uri, experiment_id)"
            f" VALUES ('other{number}', 'FINISHED', 'active', '{other}', 1)"
        )
    before = house.addresses()
    house.do("run")
    house.do("verify")
    _, shown, _ = house.do("rewrite")
    assert "14 addresses would be rewritten" in shown
    assert house.addresses() == before
    assert house.do("rewrite", "--yes")[0] == 0
    after = house.addresses()
    changed = [row for name, rows in after.items() for row in rows if row not in before[name]]
    assert len(changed) == 14
    assert all(str(row[-1]).startswith(str(house.to)) for row in changed)
    assert "No address changes" in house.do("rewrite", "--yes")[1]
    assert house.undo()[0] == 0
    assert house.addresses() == before


def test_what_was_written_since_stays_where_it_is_when_addresses_are_put_back(
    house: House,
) -> None:
    house.do("rewrite", "--yes", "--unverified")
    house.sql("UPDATE runs SET artifact_uri = 's3://moved/again' ORDER BY run_uuid LIMIT 1")
    _, out, _ = house.undo()
    assert "1 rows stay: they were changed or removed since" in out
    assert ("s3://moved/again",) in house.sql("SELECT artifact_uri FROM runs")


def test_rows_are_not_pointed_to_a_place_where_nobody_has_seen_the_files(house: House) -> None:
    before = house.addresses()
    status, _, err = house.do("rewrite", "--yes")
    assert status == 1
    assert "has not been verified" in err
    assert house.addresses() == before


def test_an_address_that_does_not_fit_its_column_stops_plan_and_rewriting(house: House) -> None:
    long = str(house.folder / ("long" * 40))
    status, out, _ = house.do("plan", to=long)
    assert status == 1
    assert "do not fit into runs.artifact_uri (200 characters)" in out
    before = house.addresses()
    status, _, err = house.do("rewrite", "--yes", "--unverified", to=long)
    assert status == 1
    assert "runs.artifact_uri" in err
    assert house.addresses() == before


def test_a_damaged_file_is_found_shown_and_mended(house: House) -> None:
    house.do("run")
    damaged = next(house.to.rglob("blob.bin"))
    content = bytearray(damaged.read_bytes())
    content[1_000_000] ^= 1
    damaged.write_bytes(content)
    status, out, _ = house.do("verify")
    assert status == 4
    assert str(damaged.relative_to(house.to)) in out
    assert "had 1 differences" in house.do("rewrite", "--yes")[2]
    assert house.do("run")[0] == 0
    assert house.do("verify")[0] == 0


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


def test_files_go_to_another_mlflow_server_and_are_read_back_from_there(
    house: House, mlflow_server: str
) -> None:
    to = f"mlflow-artifacts://{mlflow_server}/moved"
    status, out, _ = house.do("plan", "--becomes", "mlflow-artifacts:/moved", to=to)
    assert status == 1
    assert "with ?, # or % in their names cannot go to" in out
    status, out, err = house.do("run", to=to)
    assert status == 1, err
    assert "10 files (9.2 MB) read back and the same" in out
    assert out.count("no such name can be there") == 2
    assert house.do("verify", to=to)[0] == 4
    assert "0 files (0 B) read back and the same, 10 known from before" in house.do("run", to=to)[1]


@pytest.fixture(scope="module")
def mlflow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real MLflow server that keeps artifacts; its host and port."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{probe.getsockname()[1]}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  # MLflow's own command
            [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1",
             "--port", place.split(":")[1], "--workers", "1", "--artifacts-only",
             "--artifacts-destination", str(folder / "artifacts")],
            stdout=log, stderr=log, cwd=folder, start_new_session=True,
            env=os.environ
            | {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
        )  # fmt: skip
    try:
        until(lambda: _healthy(place) or process.poll() is not None, "MLflow's server")
        yield place
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _healthy(place: str) -> bool:
    try:
        with urlopen(f"http://{place}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
