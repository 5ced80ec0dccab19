"""What a server does wrong, as a person at the command line meets it: one line, exit status 3."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.servers import MySQLServer

pytestmark = pytest.mark.mysql
PASSWORD = "hunter2-is-wrong"  # noqa: S105 - a password that no account has
Ask = Callable[..., str]


@pytest.fixture
def refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """The one line that asking a store gives, which must be all; the exit status is 3."""

    def run(address: str, *secrets: str) -> str:
        environ = {"HOME": str(tmp_path)}
        assert main(["ask", "how many runs?", "--store", address], environ) == 3
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1
        log = tmp_path / ".local/state/tracktalk/tracktalk.log"
        logged = log.read_text() if log.exists() else ""
        for secret in (PASSWORD, *secrets):
            assert secret not in said.err + logged
        assert "Traceback" not in said.err
        return said.err

    return run


@pytest.fixture
def dead_port() -> Iterator[int]:
    """A port of this machine at which nobody listens."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        yield nobody.getsockname()[1]


def test_a_server_that_is_down_is_named_with_what_to_check(refused: Ask, dead_port: int) -> None:
    said = refused(f"mysql+pymysql://bot:{PASSWORD}@127.0.0.1:{dead_port}/mlflow")
    assert f"127.0.0.1:{dead_port} cannot be reached" in said
    assert "Check that it runs" in said
    assert "reference" in said


def test_the_reference_leads_to_the_drivers_own_words(
    refused: Ask, dead_port: int, tmp_path: Path
) -> None:
    said = refused(f"mysql+pymysql://bot:{PASSWORD}@127.0.0.1:{dead_port}/mlflow")
    reference = said.partition("(reference ")[2].partition(" ")[0]
    log = tmp_path / ".local/state/tracktalk/tracktalk.log"
    assert str(log) in said
    line = next(line for line in log.read_text().splitlines() if reference in line)
    assert "refused" in line.lower()


def test_a_wrong_password_names_the_account_and_keeps_the_secret(
    refused: Ask, mysql_server: MySQLServer
) -> None:
    said = refused(mysql_server.url("mlflow", password=PASSWORD), mysql_server.password)
    assert "turned the login of 'root' away" in said
    assert "Check the user and password" in said


def test_an_unknown_database_is_named(refused: Ask, mysql_server: MySQLServer) -> None:
    said = refused(mysql_server.url("no_such_place"), mysql_server.password)
    assert "has no database 'no_such_place'" in said
    assert "Check the name" in said


def test_an_empty_database_is_no_store(
    refused: Ask, mysql_server: MySQLServer, mysql_name: str
) -> None:
    said = refused(mysql_server.create_database(mysql_name), mysql_server.password)
    assert "not made by MLflow" in said
    assert "mlflow db upgrade" in said


def test_another_programs_database_is_no_store(
    refused: Ask, mysql_server: MySQLServer, mysql_name: str
) -> None:
    url = mysql_server.create_database(mysql_name)
    mysql_server.execute("CREATE TABLE orders (id INT)", database=mysql_name)
    said = refused(url, mysql_server.password)
    assert "orders" in said
    assert "Check the address" in said


def test_too_old_a_schema_names_its_revision_and_how_to_upgrade_a_copy(
    refused: Ask, mysql_server: MySQLServer, mysql_store: str, mysql_name: str
) -> None:
    mysql_server.execute(
        "DROP TABLE latest_metrics",
        "UPDATE alembic_version SET version_num = '7ac759974ad8'",
        database=mysql_name,
    )
    said = refused(mysql_store, mysql_server.password)
    assert "7ac759974ad8" in said
    assert "mlflow db upgrade" in said
    assert "copy" in said


def test_a_table_the_account_may_not_read_is_never_no_rows(
    mysql_server: MySQLServer,
    mysql_store: str,
    mysql_name: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert mysql_store
    url = mysql_server.reader_url(mysql_name, ["experiments", "metrics", "params", "tags"])
    status = main(["ask", "how many runs?", "--store", url], {"HOME": str(tmp_path)})
    said = capsys.readouterr()
    assert (status, said.out) == (1, "")
    assert "may not read" in said.err
    assert "SELECT" in said.err


def test_a_question_to_a_server_that_is_down_is_kept(
    refused: Ask, dead_port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(f"mysql+pymysql://bot:{PASSWORD}@127.0.0.1:{dead_port}/mlflow")
    assert main(["history", "--json"], {"HOME": str(tmp_path)}) == 0
    turn = json.loads(capsys.readouterr().out)
    assert (turn["question"], turn["outcome"]) == ("how many runs?", "error")


def test_an_empty_store_counts_no_runs(
    mysql_server: MySQLServer,
    mysql_store: str,
    mysql_name: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert mysql_store
    url = mysql_server.reader_url(mysql_name)
    assert main(["ask", "how many runs?", "--store", url, "--json"], {"HOME": str(tmp_path)}) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["rows"] == [[0]]
    assert said.err == ""
