"""Addresses are checked at the door, and nobody sees their passwords."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracking.errors import AddressError
from tracking.migrate.addresses import source_file, target_of


def test_a_source_is_an_existing_file(tmp_path: Path) -> None:
    (tmp_path / "a.db").touch()

    assert source_file(f"sqlite:///{tmp_path}/a.db") == (tmp_path / "a.db").resolve()


@pytest.mark.parametrize(
    "address",
    ["sqlite://", "sqlite:///:memory:", "mysql://u@h/d", "words", "sqlite:////no/such.db"],
)
def test_what_is_no_file_is_refused_with_an_example(address: str) -> None:
    with pytest.raises(AddressError) as told:
        source_file(address)

    assert "sqlite:////srv/mlflow.db" in told.value.fix


def test_a_folder_is_told_from_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AddressError, match="is a folder") as told:
        source_file(f"sqlite:///{tmp_path}")

    assert "tracktalk migrate filestore" in told.value.fix


def test_a_name_that_no_server_takes_is_refused_at_the_door() -> None:
    assert target_of(f"mysql://u:p@h/{'x' * 64}").database == "x" * 64
    with pytest.raises(AddressError, match="64 characters"):
        target_of(f"mysql://u:p@h/{'x' * 65}")


def test_a_target_keeps_its_password_to_itself() -> None:
    target = target_of("mysql+pymysql://me:s%40crt@db:3307/mlflow?charset=latin1")

    assert (target.host, target.port, target.user, target.database) == ("db", 3307, "me", "mlflow")
    assert target.password == "s@crt"  # noqa: S105  # a test's own
    assert "s@crt" not in repr(target) + target.shown
    assert "s%40crt" not in repr(target) + target.shown
    assert "charset=utf8mb4" in target.address


@pytest.mark.parametrize(
    "address",
    ["postgresql://u:secret@h/d", "mysql://u:secret@h", "mysql://h/d", "mysql://u:secret@h/d?what=1",
     "mysql://u:secret@h:port/d"],
)  # fmt: skip
def test_what_is_no_target_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(AddressError) as told:
        target_of(address)

    assert "secret" not in str(told.value)
    assert told.value.exit_code == 2
