"""The line to Slack: lost, replaced, refused, or open while the bot cannot note what comes."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.desk import Desk
from tests.support.house import House, said


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house, house.channel("ml-experiments"))


def test_a_line_that_slack_replaces_is_a_new_one_at_once(desk: Desk) -> None:
    for _ in range(4):
        begun = time.monotonic()
        desk.house.workspace.refresh_connections()
        desk.house.until(lambda: _fresh(desk), "a new line")
        assert time.monotonic() - begun < 5


@pytest.mark.parametrize("loss", ["drop_connections", "refresh_connections"])
def test_a_line_that_is_lost_comes_back_and_the_next_question_is_answered_once(
    desk: Desk, loss: str
) -> None:
    desk.elsewhere().asked("how many runs?")
    assert getattr(desk.house.workspace, loss)() == 1
    answer = desk.asked("how many experiments?")
    desk.elsewhere().asked("how many runs?")

    assert "experiments" in said(answer)
    assert desk.thread(answer) == [answer]
    assert desk.house.until(lambda: desk.house.lines == 1, "one line") is True


def test_what_cannot_be_noted_is_not_acknowledged_and_is_answered_once_it_can(desk: Desk) -> None:
    workspace = desk.house.workspace
    desk.elsewhere().asked("how many runs?")
    journal = desk.house.folder / "journal.db"
    _rename(journal, "work", "away")
    ts = desk.house.say("alice", desk.channel, "@bot how many experiments?")
    events = [e for e in workspace.envelopes if e.payload.get("event", {}).get("ts") == ts]
    desk.house.until(lambda: all(e.attempts == 2 for e in events), "a second delivery")
    assert not any(e.acked_at for e in events)

    _rename(journal, "away", "work")
    for event in events:
        workspace.redeliver(str(event.event_id))
    answer = desk.house.answer(desk.channel, ts)
    desk.elsewhere().asked("how many runs?")

    assert "experiments" in said(answer)
    assert desk.thread(answer) == [answer]


def test_tokens_in_each_others_place_are_told_before_anything_is_tried(
    empty_house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    mixed = {**empty_house.environ, "SLACK_APP_TOKEN": empty_house.workspace.bot_token}
    assert main(["bot"], mixed) == 2

    assert "SLACK_APP_TOKEN is the other token" in capsys.readouterr().err
    assert empty_house.workspace.calls == []


def test_an_app_token_that_slack_turns_away_is_told_in_one_line(
    empty_house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bot"], {**empty_house.environ, "SLACK_APP_TOKEN": "xapp-of-yesterday"}) == 3

    (line,) = capsys.readouterr().err.splitlines()
    assert "Slack turned SLACK_APP_TOKEN away" in line
    assert "connections:write" in line
    assert "xapp-of-yesterday" not in line


def test_a_slack_that_cannot_be_reached_is_told_in_one_line(
    empty_house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = {**empty_house.environ, "SLACK_API_URL": "http://127.0.0.1:1/api/"}
    assert main(["bot"], nowhere) == 3

    (line,) = capsys.readouterr().err.splitlines()
    assert "Slack cannot be reached at http://127.0.0.1:1/api/" in line


def _fresh(desk: Desk) -> bool:
    """Whether the bot has a line that Slack did not ask to leave."""
    return any(not line.leaving for line in desk.house.workspace.courier.connections)


def _rename(database: Path, table: str, name: str) -> None:
    """Somebody else is at work on a database."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"ALTER TABLE {table} RENAME TO {name}")
        connection.commit()
