"""The door: an exit status and one line for everything, and secrets only in nobody's log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.door import leave
from texttosql.desk import Outside
from texttosql.errors import JournalError, QueryFailed, SettingsError


@pytest.fixture
def outside(tmp_path: Path) -> Outside:
    return Outside({"HOME": str(tmp_path)})


def raising(error: BaseException) -> Callable[[], int]:
    def act() -> int:
        raise error

    return act


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (SettingsError("No store.", "Set one."), 2),
        (JournalError("No journal.", "Make one."), 3),
        (QueryFailed("It failed.", "Try again."), 1),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError("boom"), 1),
    ],
)
def test_whatever_happens_has_its_exit_status_and_no_traceback(
    error: BaseException, status: int, outside: Outside, capsys: pytest.CaptureFixture[str]
) -> None:
    assert leave(raising(error), outside) == status
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err


def test_an_error_is_told_in_one_line(outside: Outside, capsys: pytest.CaptureFixture[str]) -> None:
    leave(raising(SettingsError("No store.", "Set one.")), outside)
    assert capsys.readouterr().err == "No store. Set one.\n"


def test_what_nobody_foresaw_is_logged_under_the_reference_that_is_told(
    outside: Outside, capsys: pytest.CaptureFixture[str]
) -> None:
    leave(raising(ZeroDivisionError("boom")), outside)
    said = capsys.readouterr().err
    log = outside.log_file
    assert str(log) in said
    assert "boom" not in said
    reference = said.split("(reference ")[1].split(" in ")[0]
    assert reference in log.read_text()
    assert "ZeroDivisionError: boom" in log.read_text()


def test_no_secret_gets_into_the_log_or_onto_the_screen(
    outside: Outside, capsys: pytest.CaptureFixture[str]
) -> None:
    outside.redactor.add("hunter2hunter2")
    leave(raising(ZeroDivisionError("mysql said hunter2hunter2")), outside)
    leave(raising(SettingsError("Bad: hunter2hunter2.", "Fix.")), outside)
    assert "hunter2hunter2" not in outside.log_file.read_text()
    assert "hunter2hunter2" not in capsys.readouterr().err


def test_a_log_that_cannot_be_written_does_not_hide_the_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert leave(raising(ZeroDivisionError()), Outside({"HOME": str(tmp_path / "file")})) == 1
    assert "Something inside Tracktalk broke" in capsys.readouterr().err


def test_warnings_of_libraries_go_to_the_log_and_not_to_the_screen(
    outside: Outside, capsys: pytest.CaptureFixture[str]
) -> None:
    def act() -> int:
        logging.getLogger("some.library").warning("driver text")
        return 0

    assert leave(act, outside) == 0
    assert capsys.readouterr().err == ""
    assert "driver text" in outside.log_file.read_text()


def test_the_log_follows_the_xdg_standard(tmp_path: Path) -> None:
    environ = {"HOME": "/home/kim", "XDG_STATE_HOME": str(tmp_path)}
    assert Outside(environ).log_file == tmp_path / "tracktalk" / "tracktalk.log"
    environ["XDG_STATE_HOME"] = "relative"
    assert Outside(environ).log_file == Path("/home/kim/.local/state/tracktalk/tracktalk.log")
