"""`/migration` in Slack: a status for who asks, and a message for all that keeps up with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.listeners.migration import LONGEST, Watches, home_lines
from bot.target import Target
from bot.workspace.people import TEAM_ID
from tests.support.house import House, buttons, house, said
from tracking.status import Difference, MigrationStatus, Phase, Verification, write

Message = Mapping[str, Any]
"""A Slack message. `Any`: JSON."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "migration.json"


@pytest.fixture(name="house")
def house_with_a_migration(demo_store: str, tmp_path: Path, file: Path) -> Iterator[House]:
    told = {"TRACKTALK_MIGRATION_STATUS": str(file)}
    with house(demo_store, tmp_path, **told) as each, each.bot():
        yield each


def _status(phase: Phase = Phase.COPYING, rows: int = 600_000, **more: Any) -> MigrationStatus:
    now = datetime.now(UTC)
    status = MigrationStatus(
        phase=phase,
        source="sqlite:///mlflow.db",
        target="mysql+pymysql://mlflow:********@db/mlflow",
        started_at=now - timedelta(minutes=5),
        updated_at=now,
        rows_copied=rows,
        rows_total=1_200_000,
        rows_per_second=61_000.0,
        eta_seconds=10.0,
    )
    return replace(status, **more)


def _seen_by(house: House, who: str, channel: str = "fraud") -> list[Message]:
    """What only this person sees in a channel, newest last."""
    messages = house.workspace.messages(channel, user=house.person(who))
    return [m for m in messages if m.get("is_ephemeral")]


def _told(house: House, text: str = "", who: str = "alice") -> str:
    assert house.workspace.command(who, "fraud", "/migration", text)["ok"]
    found: list[Message] = house.until(lambda: _seen_by(house, who), f"an answer to {text!r}")
    return said(found[-1])


def _posted(house: House, channel: str = "fraud") -> list[Message]:
    """What everybody sees."""
    return [m for m in house.workspace.messages(channel) if not m.get("is_ephemeral")]


def test_without_a_migration_there_is_a_friendly_line(house: House) -> None:
    assert "No migration is planned or under way" in _told(house)


def test_a_bot_that_is_told_no_file_has_the_same_line(empty_house: House) -> None:
    with empty_house.bot():
        assert "No migration is planned or under way" in _told(empty_house)


def test_the_status_is_one_persons_and_has_bar_rate_and_end(house: House, file: Path) -> None:
    write(file, _status())

    text = _told(house, "status")

    assert "🚚 *Copying*" in text
    assert "`▓▓▓▓▓▓▓▓▓▓░░░░░░░░░░` 50 %" in text
    assert "61,000 rows/s" in text
    assert _posted(house) == []
    assert _seen_by(house, "bob") == []


def test_differences_and_the_last_verification_are_told(house: House, file: Path) -> None:
    proof = Verification(at=datetime.now(UTC), ok=False, tables=65, rows=1_200_000)
    found = (Difference("params", "12 rows", "11 rows"),)
    write(file, _status(Phase.DIFFERENCES, last_verification=proof, differences=found))

    text = _told(house)

    assert "Differences found" in text
    assert "65 tables and 1,200,000 rows compared, not all the same" in text
    assert "`params`: 12 rows expected, 11 rows found" in text


def test_refresh_brings_ones_own_status_up_to_date_in_place(house: House, file: Path) -> None:
    write(file, _status())
    _told(house)
    (old,) = _seen_by(house, "alice")
    write(file, _status(rows=1_200_000))

    house.workspace.click(house.person("alice"), "fraud", old["ts"], "migration_refresh")

    house.until(lambda: "100 %" in said(_seen_by(house, "alice")[-1]), "a fresh status")
    assert len(_seen_by(house, "alice")) == 1


def test_a_watched_migration_is_one_message_that_follows_it_to_its_end(
    house: House, file: Path
) -> None:
    write(file, _status())
    house.workspace.command("alice", "fraud", "/migration", "watch")
    (first,) = house.until(lambda: _posted(house), "a message")
    assert "50 %" in said(first)

    write(file, _status(rows=900_000))
    house.until(lambda: "75 %" in said(_posted(house)[0]), "an update")
    write(file, _status(Phase.VERIFIED, rows=1_200_000))
    house.until(lambda: "✅ *Verified*" in said(_posted(house)[0]), "the end")

    assert [m["ts"] for m in _posted(house)] == [first["ts"]]
    assert buttons(_posted(house)[0]) == {}
    assert _seen_by(house, "alice") == []


def test_watching_again_in_a_channel_leaves_the_older_message_as_it_is(
    house: House, file: Path
) -> None:
    write(file, _status())
    house.workspace.command("alice", "fraud", "/migration", "watch")
    house.until(lambda: len(_posted(house)) == 1, "a message")
    house.workspace.command("bob", "fraud", "/migration", "watch")
    house.until(lambda: len(_posted(house)) == 2, "a second message")

    write(file, _status(Phase.CUT_OVER, rows=1_200_000))

    house.until(lambda: "🎉" in said(_posted(house)[1]), "the end in the newer message")
    assert "50 %" in said(_posted(house)[0])


def test_there_is_nothing_to_watch_when_it_is_over(house: House, file: Path) -> None:
    write(file, _status(Phase.CUT_OVER))

    assert "🎉" in _told(house, "watch")
    assert _posted(house) == []


def test_watching_where_the_bot_is_not_says_what_to_do(house: House, file: Path) -> None:
    house.workspace.add_channel("elsewhere", with_bot=False)
    write(file, _status())

    house.workspace.command("alice", "elsewhere", "/migration", "watch")

    (told,) = house.until(lambda: _seen_by(house, "alice", "elsewhere"), "a sentence")
    assert "/invite" in told["text"]


def test_a_command_that_comes_twice_is_watched_once(house: House, file: Path) -> None:
    write(file, _status())
    house.workspace.command("alice", "fraud", "/migration", "watch")
    house.until(lambda: _posted(house), "a message")
    sent = next(each for each in house.workspace.envelopes if each.type == "slash_commands")

    house.workspace.courier.again(sent)
    house.until(lambda: sent.attempts == 2 and sent.state == "acked", "a second delivery")
    write(file, _status(Phase.VERIFIED))

    house.until(lambda: "✅" in said(_posted(house)[0]), "the end")
    assert len(_posted(house)) == 1


def test_a_message_that_somebody_deletes_is_not_followed_any_more(house: House, file: Path) -> None:
    write(file, _status())
    house.workspace.command("alice", "fraud", "/migration", "watch")
    (gone,) = house.until(lambda: _posted(house), "a message")
    house.workspace.fail("chat.update", "message_not_found")
    write(file, _status(rows=1))
    house.until(lambda: _updates(house), "an update that fails")

    house.workspace.command("alice", "random", "/migration", "watch")
    write(file, _status(Phase.VERIFIED))

    def told_elsewhere() -> bool:
        return any("✅" in said(message) for message in _posted(house, "random"))

    house.until(told_elsewhere, "the end elsewhere")
    assert [c.error for c in _updates(house) if c.args["ts"] == gone["ts"]] == ["message_not_found"]


def test_a_message_that_was_followed_long_enough_says_that_it_ends_here(
    empty_house: House, file: Path
) -> None:
    empty_house.more["TRACKTALK_MIGRATION_STATUS"] = str(file)
    write(file, _status())
    now = 0.0
    where = Target(TEAM_ID, empty_house.channel("fraud"))
    with empty_house.bot() as bot:
        Watches(bot.porch, lambda: now).begin(where, None)
        empty_house.until(lambda: _posted(empty_house), "a message")

        now = LONGEST + 1

        empty_house.until(
            lambda: "no longer brought up to date" in said(_posted(empty_house)[0]), "its end"
        )


def _updates(house: House) -> list[Any]:  # Any: a Call
    return [call for call in house.workspace.calls if call.method == "chat.update"]


@pytest.mark.parametrize("text", ["help", "?", "dance"])
def test_help_lists_what_can_be_said(house: House, text: str) -> None:
    told = _told(house, text)

    assert "/migration status" in told
    assert "/migration watch" in told


def test_a_damaged_status_says_what_to_do_instead_of_nothing(house: House, file: Path) -> None:
    file.write_text("half a fi", "utf-8")

    text = _told(house)

    assert "damaged" in text
    assert "Remove it" in text


def test_the_home_tab_has_the_same_lines_and_none_without_a_migration(file: Path) -> None:
    assert home_lines(file) == home_lines(None) == []

    write(file, _status())

    assert home_lines(file)[0] == "🚚 *Copying*"
