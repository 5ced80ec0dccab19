"""Whatever goes wrong between the bot, Slack and the store, the question is answered once."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.support.desk import Desk, block, column
from tests.support.house import House, Message, house, said
from tests.support.own_stores import copied_store

CHART = "average val_accuracy by user as a bar chart"
DRIVERS = ("sqlite3", "sqlalchemy", "pymysql", "operationalerror", "traceback", "unable to open",
           "no such", "errno", "exception")  # fmt: skip
"""Words of databases and of Python that no asker is to read."""


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house, house.channel("ml-experiments"))


@contextmanager
def over(store: str, folder: Path, **more: str) -> Iterator[Desk]:
    """A bot over this store."""
    with house(store, folder, **more) as each, each.bot():
        yield Desk(each, each.channel("ml-experiments"))


def posts(desk: Desk) -> int:
    """How often a message was tried to be posted."""
    return sum(call.method == "chat.postMessage" for call in desk.house.workspace.calls)


# -- Slack takes less than it could ---------------------------------------------------------


def test_a_table_that_slack_turns_down_is_shown_as_a_plainer_table(desk: Desk) -> None:
    desk.house.workspace.fail("chat.postMessage", "invalid_blocks", times=1)
    answer = desk.asked("latest 5 runs")

    table = block(answer, "table")
    assert table is not None
    assert len(table["rows"]) == 6
    assert block(answer, "context_actions") is not None
    assert desk.thread(answer) == [answer]


def test_what_was_turned_down_twice_is_not_tried_a_third_time(desk: Desk) -> None:
    for _ in range(2):
        desk.house.workspace.fail("chat.postMessage", "invalid_blocks", times=1)
        assert block(desk.elsewhere().asked("latest 5 runs"), "table") is not None
    before = posts(desk)

    assert block(desk.asked("latest 5 runs"), "table") is not None
    assert posts(desk) == before + 1


def test_without_any_table_the_rows_are_text_of_fixed_width(desk: Desk) -> None:
    whole = desk.elsewhere().asked("latest 5 runs")
    desk.house.workspace.fail("chat.postMessage", "invalid_blocks", times=2)
    answer = desk.asked("latest 5 runs")

    assert not {"data_table", "table", "context_actions"} & {b["type"] for b in answer["blocks"]}
    assert all(name in said(answer) for name in column(whole, "run"))
    assert "```" in said(answer)


def test_without_any_block_the_whole_answer_is_in_the_text(desk: Desk) -> None:
    whole = desk.elsewhere().asked("latest 5 runs")
    desk.house.workspace.fail("chat.postMessage", "invalid_blocks", times=3)
    answer = desk.asked("latest 5 runs")

    assert "blocks" not in answer
    assert all(name in answer["text"] for name in column(whole, "run"))
    assert "You can go on with:" in answer["text"]


def test_a_chart_that_slack_does_not_draw_is_a_picture_in_the_answer(desk: Desk) -> None:
    desk.house.workspace.fail("chat.postMessage", "invalid_blocks", times=1)
    answer = desk.asked(CHART)

    image = block(answer, "image")
    assert image is not None
    assert image["alt_text"]
    assert _picture(desk, image["slack_file"]["id"])
    assert len(column(answer, "user")) > 1
    assert desk.thread(answer) == [answer]


def test_a_picture_that_no_answer_may_hold_is_put_below_it(desk: Desk) -> None:
    desk.house.workspace.fail("chat.postMessage", "invalid_blocks", times=2)
    answer = desk.asked(CHART)
    assert block(answer, "image") is None
    assert len(column(answer, "user")) > 1
    below = desk.house.until(lambda: _files(desk, answer), "a file")

    assert _picture(desk, below[0]["id"])


UNKNOWN = (
    "assistant.threads.setStatus", "assistant.threads.setSuggestedPrompts", "chat.postEphemeral",
    "chat.getPermalink", "conversations.replies", "conversations.open",
    "files.completeUploadExternal",
    "files.getUploadURLExternal", "users.info", "views.open", "views.publish",
)  # fmt: skip


def test_a_slack_that_knows_little_more_than_messages_is_answered(desk: Desk) -> None:
    for method in UNKNOWN:
        desk.house.workspace.unknown(method)
    desk.house.workspace.fail("chat.postMessage", "invalid_blocks", times=1)
    answer = desk.asked(CHART)

    assert len(column(answer, "user")) > 1
    desk.house.say("bob", desk.channel, "shall we have lunch at the zoo", answer["thread_ts"])
    assert "show_sql" not in str(desk.below(answer))


# -- Slack does not answer well -------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "error", "seconds"),
    [
        ("chat.postMessage", "ratelimited", 1),
        ("chat.postMessage", "http_500", None),
        ("chat.postMessage", "stall", 0.5),
        ("users.info", "http_500", None),
        ("users.info", "stall", 0.5),
        ("auth.test", "http_500", None),
    ],
)
def test_a_call_that_fails_once_costs_no_answer_and_makes_no_second(
    empty_house: House, method: str, error: str, seconds: float | None
) -> None:
    empty_house.workspace.fail(method, error, times=1, retry_after=seconds)
    with empty_house.bot():
        desk = Desk(empty_house, empty_house.channel("ml-experiments"))
        answer = desk.asked("how many runs?")
        desk.elsewhere().asked("how many experiments?")

        assert "runs" in said(answer)
        assert desk.thread(answer) == [answer]


def test_an_answer_whose_message_was_deleted_meanwhile_is_posted_anew(desk: Desk) -> None:
    answer = desk.asked("latest 5 runs")
    desk.house.workspace.fail("chat.update", "message_not_found", times=1)
    desk.click(answer, "refresh")

    assert column(desk.below(answer), "run") == column(answer, "run")


# -- the store is away -------------------------------------------------------


@pytest.mark.parametrize(
    "store",
    ["sqlite:////nowhere/mlflow.db", "mysql+pymysql://bot:pass-of-the-bot@127.0.0.1:1/mlflow"],
)
def test_a_store_that_is_away_is_told_with_what_to_do_and_no_drivers_words(
    store: str, tmp_path: Path
) -> None:
    with over(store, tmp_path) as desk:
        answer = desk.asked("how many runs?")

    told = said(answer)
    assert "⚠️" in told
    assert "Try again" in told
    assert "pass-of-the-bot" not in told
    assert not [word for word in DRIVERS if word in told.lower()]


def test_what_the_store_turns_down_is_told_with_a_reference_and_not_in_its_words(
    tmp_path: Path,
) -> None:
    store = copied_store(tmp_path)
    with over(f"sqlite:///{store}", tmp_path) as desk:
        desk.elsewhere().asked("top 5 runs by val_accuracy")
        _rename(store, "latest_metrics", "away")
        told = said(desk.asked("top 5 runs by val_accuracy"))

    assert "⚠️" in told
    assert re.search(r"Reference `[0-9a-f]{8}`", told)
    assert not [word for word in DRIVERS if word in told.lower()]


def _files(desk: Desk, answer: Message) -> list[Message]:
    replies = desk.house.workspace.messages(desk.channel, answer["thread_ts"])
    return [file for reply in replies for file in reply.get("files", ())]


def _picture(desk: Desk, file_id: str) -> bool:
    """Whether a PNG arrived under this id."""
    kept = desk.house.workspace.files.get(file_id)
    return kept is not None and kept.completed and (kept.body or b"").startswith(b"\x89PNG")


def _rename(database: Path, table: str, name: str) -> None:
    """Somebody else is at work on a database."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"ALTER TABLE {table} RENAME TO {name}")
        connection.commit()
