"""What only a server of one's own can show: TLS, a binary log, settings of the whole server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.certificates import Authority
from tests.support.moving import Mover
from tests.support.servers import MySQLServer, shared_server
from tracking.errors import TargetRefused

pytestmark = pytest.mark.mysql


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the authority's certificate and the server's are."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def own_server(keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MySQLServer]:
    """A server with TLS and a binary log."""
    authority = Authority(keys, "authority")
    certificate, key = authority.sign("127.0.0.1")
    options = [f"--ssl-ca={authority.file}", f"--ssl-cert={certificate}", f"--ssl-key={key}",
               "--log-bin", "--server-id=1"]  # fmt: skip
    with shared_server(tmp_path_factory.mktemp("own"), *options) as server:
        yield server


@pytest.fixture
def move(own_server: MySQLServer, demo: Path, mysql_name: str, tmp_path: Path) -> Mover:
    """A move into a database that is not there yet."""
    return Mover(own_server, demo, mysql_name, tmp_path, own_server.url(mysql_name))


@contextmanager
def _set(server: MySQLServer, name: str, value: object) -> Iterator[None]:
    """A setting of the whole server, for a while."""
    ((before,),) = server.execute(f"SELECT @@global.{name}")
    server.execute(f"SET GLOBAL {name} = {value}")
    try:
        yield
    finally:
        server.execute(f"SET GLOBAL {name} = {before}")


def _account(move: Mover, *more: str) -> Mover:
    user = f"'u_{move.database}'@'%'"
    move.server.execute(
        f"CREATE USER {user} IDENTIFIED BY 'secret' {' '.join(more)}",
        f"GRANT ALL ON `{move.database}`.* TO {user}",
    )
    address = move.server.url(move.database, user=f"u_{move.database}", password="secret")  # noqa: S106  # a test's own
    return replace(move, address=address)


def test_a_whole_move_goes_through_tls_where_the_account_has_to(move: Mover, keys: Path) -> None:
    with _set(move.server, "log_bin_trust_function_creators", 1):
        account = _account(move, "REQUIRE SSL")
        address = f"{account.address}&ssl_ca={keys / 'authority.pem'}"
        words = ["--source", f"sqlite:///{move.source}", "--target", address, "--sample", "5"]

        assert main(["migrate", "run", *words], {"HOME": str(move.folder)}) == 0
    assert move.ask("SELECT COUNT(*) > 0 FROM runs") == ((1,),)


def test_a_certificate_of_another_authority_is_refused_with_the_reason(
    move: Mover, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"{move.address}&ssl_ca={Authority(tmp_path, 'stranger').file}"

    status = _plan(move, address)

    told = capsys.readouterr()
    assert status == 3
    assert "certificate verify failed" in told.err
    assert "ssl_ca" in told.err
    assert json.loads(told.out)["outcome"] == "error"


def test_a_certificate_for_another_host_is_refused(
    move: Mover, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"{move.address}&ssl_ca={keys / 'authority.pem'}"

    status = _plan(move, address.replace("127.0.0.1", "localhost"))

    assert status == 3
    assert "Hostname mismatch" in capsys.readouterr().err


@pytest.mark.parametrize("holds", [None, "no certificate"])
def test_a_file_for_tls_that_is_none_is_told_by_name(
    holds: str | None, move: Mover, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ca.pem"
    if holds:
        file.write_text(holds)

    status = _plan(move, f"{move.address}&ssl_ca={file}")

    assert status == 2
    assert str(file) in capsys.readouterr().err


def _plan(move: Mover, address: str) -> int:
    words = ["--source", f"sqlite:///{move.source}", "--target", address, "--json"]
    return main(["migrate", "plan", *words], {"HOME": str(move.folder)})


def test_a_server_with_a_binary_log_wants_a_setting_before_mlflows_trigger_is_made(
    move: Mover,
) -> None:
    account = _account(move)

    hazard = account.hazard("binary-log")

    assert hazard.blocking
    assert "binary-log" not in move.hazards(), "an administrator may do it"
    with pytest.raises(TargetRefused, match="trigger"):
        account.run()
    with _set(move.server, "log_bin_trust_function_creators", 1):
        assert "SET GLOBAL log_bin_trust_function_creators = 1;" in hazard.remedy
        proof = account.run()
    assert proof is not None
    assert proof.ok
    assert "binary-log" not in account.hazards(), "the tables are there now"


def test_a_read_only_server_stops_the_move(move: Mover) -> None:
    with _set(move.server, "read_only", 1):
        hazard = move.hazard("read-only")

        assert hazard.blocking
        assert "takes writes" in hazard.remedy
        with pytest.raises(TargetRefused):
            move.run()


def test_a_packet_that_the_largest_row_does_not_fit_into_stops_the_move(move: Mover) -> None:
    with _set(move.server, "max_allowed_packet", 1 << 20):
        hazard = move.hazard("packet")

        assert hazard.blocking
        assert "SET GLOBAL max_allowed_packet" in hazard.remedy
        with pytest.raises(TargetRefused):
            move.run()


def test_without_load_data_local_the_rows_come_as_inserts(move: Mover) -> None:
    with _set(move.server, "local_infile", 0):
        hazard = move.hazard("no-local-infile")
        proof = move.run()

    assert not hazard.blocking
    assert proof is not None
    assert proof.ok
