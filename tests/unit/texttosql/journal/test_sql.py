"""The journal on disk: made when missing, shared by processes, plain when it fails."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from texttosql.errors import ExitCode, JournalError, QueryTooSlow, Refused
from texttosql.flow import Question, Reply
from texttosql.journal.sql import SqlJournal

Ask = Callable[..., Question]
Answered = Callable[[Question, str], Reply]

WRITER = """
import sys
from datetime import UTC, datetime
from texttosql.flow import Question
from texttosql.journal.sql import SqlJournal

journal = SqlJournal.open(sys.argv[1])
for number in range(25):
    journal.begin(Question(f"{sys.argv[2]} {number}", datetime.now(UTC)))
journal.close()
"""

LOOK = """
import sys
from texttosql.journal.sql import SqlJournal

SqlJournal.open(sys.argv[1]).close()
print([name for name in ("alembic", "sqlalchemy.orm", "pymysql", "mlflow") if name in sys.modules])
"""


def _rows(address: str, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as connection:
        return connection.execute(sql).fetchall()


def _write(address: str, sql: str) -> None:
    with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute(sql)


def test_a_missing_folder_is_made(address: str) -> None:
    SqlJournal.open(address).close()

    assert Path(address.removeprefix("sqlite:///")).is_file()


def test_turns_outlive_the_process(address: str, ask: Ask) -> None:
    first = SqlJournal.open(address)
    turn_id = first.begin(ask())
    first.close()

    again = SqlJournal.open(address)

    assert [turn.id for turn in again.history()] == [turn_id]
    again.close()


def test_several_processes_make_and_share_one_journal(address: str) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, address, f"writer{n}"])  # noqa: S603  ours
        for n in range(4)
    ]

    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0, 0]
    assert _rows(address, "SELECT count(*), count(DISTINCT id) FROM turns") == [(100, 100)]
    assert _rows(address, "PRAGMA journal_mode") == [("wal",)]


def test_an_existing_journal_is_opened_without_alembic(address: str) -> None:
    SqlJournal.open(address).close()

    seen = subprocess.run(  # noqa: S603  our own program text
        [sys.executable, "-c", LOOK, address], capture_output=True, text=True, check=True
    )

    assert seen.stdout.strip() == "[]"


def test_what_was_run_and_what_it_cost_are_columns(
    on_disk: SqlJournal, address: str, ask: Ask, answered: Answered
) -> None:
    question = ask()
    on_disk.finish(answered(question, on_disk.begin(question)))

    ((sql, params, assumptions, timings),) = _rows(
        address, "SELECT sql, params, assumptions, timings_ms FROM turns"
    )
    costs = _rows(address, "SELECT input_tokens, output_tokens, cached_tokens, usd FROM turns")

    assert (sql, json.loads(str(params))) == ("SELECT name FROM runs WHERE name = :p0", {"p0": "x"})
    assert json.loads(str(assumptions)) == ["deleted runs left out", "3 NaN left out"]
    assert json.loads(str(timings)) == {"interpret": 1.5}
    assert costs == [(10, 20, 5, 0.25)]


def test_an_error_is_kept_with_its_rule_and_reference(
    on_disk: SqlJournal, address: str, ask: Ask
) -> None:
    question = ask()
    refused = Refused("table.unknown", "No table users.", "Ask about runs.")
    slow = QueryTooSlow("Too slow.", "Narrow the dates.", reference="ab12")
    on_disk.finish(Reply(question, "refuse", on_disk.begin(question), error=refused))
    on_disk.finish(Reply(question, "error", on_disk.begin(question), error=slow))

    assert _rows(
        address,
        "SELECT error_kind, error_rule, error_what, error_fix, error_reference"
        " FROM turns ORDER BY id",
    ) == [
        ("Refused", "table.unknown", "No table users.", "Ask about runs.", None),
        ("QueryTooSlow", None, "Too slow.", "Narrow the dates.", "ab12"),
    ]


def test_times_are_epoch_milliseconds_and_follow_one_another(
    on_disk: SqlJournal, address: str, ask: Ask
) -> None:
    question = ask()
    error = QueryTooSlow("Too slow.", "Narrow.")
    on_disk.finish(Reply(question, "error", on_disk.begin(question), error=error))

    times = _rows(address, "SELECT asked_at, accepted_at, finished_at FROM turns")
    assert times == [(1772625600000, 1772625601000, 1772625602000)]


def test_a_plan_of_another_version_comes_back_as_none(
    on_disk: SqlJournal, address: str, ask: Ask, answered: Answered
) -> None:
    question = ask()
    on_disk.finish(answered(question, on_disk.begin(question)))
    _write(address, "UPDATE turns SET plan = '[\"from the future\"]'")

    (turn,) = on_disk.thread("t1", "default")

    assert turn.draft is not None
    assert (turn.draft.title, turn.draft.plan) == ("runs called x", None)


def test_a_name_too_long_for_mysql_still_finds_its_thread(on_disk: SqlJournal, ask: Ask) -> None:
    question = ask(thread="x" * 300 + "a")
    on_disk.finish(Reply(question, "error", on_disk.begin(question), error=QueryTooSlow("a", "b")))

    assert len(on_disk.thread("x" * 300 + "a", "default")) == 1
    assert on_disk.thread("x" * 300 + "b", "default") == ()


def test_a_newer_schema_is_left_alone_and_said(address: str) -> None:
    SqlJournal.open(address).close()
    _write(address, "UPDATE journal_version SET version_num = '9999'")

    with pytest.raises(JournalError, match="schema 9999, newer than this program's") as trouble:
        SqlJournal.open(address)

    assert "TRACKTALK_JOURNAL" in trouble.value.fix
    assert _rows(address, "SELECT version_num FROM journal_version") == [("9999",)]


def test_a_file_that_is_no_database_is_said_plainly(address: str) -> None:
    path = Path(address.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True)
    path.write_text("dear diary, " * 400)

    with pytest.raises(JournalError, match=r"journal\.db is not a SQLite database\.") as trouble:
        SqlJournal.open(address)

    assert trouble.value.exit_code == ExitCode.NO_CONNECTION
    assert trouble.value.reference
    assert path.read_text() == "dear diary, " * 400


def test_a_damaged_database_is_said_plainly(address: str) -> None:
    SqlJournal.open(address).close()
    path = Path(address.removeprefix("sqlite:///"))
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * (path.stat().st_size - 4096))

    with pytest.raises(JournalError, match="is damaged"):
        SqlJournal.open(address).history()


def test_a_folder_in_place_of_the_file_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="cannot be opened") as trouble:
        SqlJournal.open(f"sqlite:///{tmp_path}")

    assert "writable file" in trouble.value.fix


def test_a_file_in_place_of_the_folder_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()

    with pytest.raises(JournalError, match="has no folder, and none can be made"):
        SqlJournal.open(f"sqlite:///{tmp_path}/taken/journal.db")


def test_the_drivers_words_go_to_the_log_under_the_reference(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    journal = SqlJournal.open(address)
    _write(address, "DROP TABLE turns")

    with pytest.raises(JournalError) as trouble:
        journal.history()

    journal.close()
    assert "no such table" not in str(trouble.value)
    assert f"reference {trouble.value.reference}: no such table: turns" in caplog.text


@pytest.mark.parametrize("url", ["postgresql://u:pw@h/db", "sqlite://", "mysql://h", ""])
def test_an_address_that_is_no_journal_says_what_one_looks_like(url: str) -> None:
    with pytest.raises(JournalError, match="The journal's address cannot be used") as trouble:
        SqlJournal.open(url)

    assert "mysql+pymysql://user:password@host/" in str(trouble.value)
    assert "pw@" not in str(trouble.value)


def test_an_unreachable_server_is_said_without_its_password() -> None:
    with pytest.raises(JournalError, match="cannot be reached") as trouble:
        SqlJournal.open("mysql+pymysql://bot:s3cret@127.0.0.1:1/journal")

    assert "bot:********@127.0.0.1" in trouble.value.what
    assert "s3cret" not in f"{trouble.value!s}"
