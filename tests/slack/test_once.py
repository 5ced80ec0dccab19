"""Once and only once: whatever is delivered twice, and whatever dies, there is one answer."""

from __future__ import annotations

import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.demo_fixture import demo_database
from tests.support.house import SECONDS, House, buttons, house, said


@pytest.fixture
def own_store(tmp_path: Path) -> Path:
    """A copy of the demo store that a test may lock."""
    return Path(shutil.copy(demo_database(), tmp_path / "mlflow.db"))


@pytest.fixture
def own_house(own_store: Path, tmp_path: Path) -> Iterator[House]:
    """A workspace over that copy, without a bot."""
    with house(f"sqlite:///{own_store}", tmp_path) as each:
        yield each


@contextmanager
def _locked(store: Path) -> Iterator[None]:
    """Nobody can read the store inside: every query takes as long as this lasts."""
    connection = sqlite3.connect(store, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def test_an_event_that_is_delivered_again_is_answered_once(house: House) -> None:
    channel = house.channel("ml-experiments")
    ts = house.say("alice", channel, "@bot how many runs?")
    house.answer(channel, ts)

    house.deliver_all_again()
    house.until(lambda: all(e.acked_at for e in house.workspace.envelopes), "every ack")
    last = house.say("alice", channel, "@bot how many experiments?")
    house.answer(channel, last)

    assert len(house.replies(channel, ts)) == 1


def test_two_bots_answer_each_question_once(empty_house: House) -> None:
    with empty_house.bot(), empty_house.bot():
        channel = empty_house.channel("ml-experiments")
        asked = [empty_house.say("alice", channel, f"@bot top {n} runs") for n in range(2, 6)]
        empty_house.deliver_all_again()
        for ts in asked:
            empty_house.answer(channel, ts)
        house_is_quiet = lambda: all(e.acked_at for e in empty_house.workspace.envelopes)  # noqa: E731
        empty_house.until(house_is_quiet, "every ack")

        assert [len(empty_house.replies(channel, ts)) for ts in asked] == [1, 1, 1, 1]


def test_a_follow_up_to_a_restarted_bot_refines_the_right_answer(empty_house: House) -> None:
    channel = empty_house.channel("ml-experiments")
    with empty_house.bot():
        ts = empty_house.say("alice", channel, "@bot top 5 runs by val_accuracy")
        empty_house.answer(channel, ts)
    with empty_house.bot():
        empty_house.say("alice", channel, "only the ones alice ran", ts)
        refined = empty_house.answer(channel, ts, 1)

    assert "val_accuracy" in said(refined)
    assert "mei" not in said(refined)


def test_what_is_asked_while_no_bot_runs_is_answered_when_one_comes(empty_house: House) -> None:
    channel = empty_house.channel("ml-experiments")
    ts = empty_house.say("alice", channel, "@bot how many runs?")
    with empty_house.bot():
        assert "runs" in said(empty_house.answer(channel, ts))


def test_a_question_outlives_the_process_that_accepted_it(
    own_house: House, own_store: Path
) -> None:
    channel = own_house.channel("ml-experiments")
    with own_house.process() as first:
        warm = own_house.say("alice", channel, "@bot how many runs?")
        own_house.answer(channel, warm)
        with _locked(own_store):
            ts = own_house.say("alice", channel, "@bot top 3 runs by val_accuracy")
            own_house.until(lambda: own_house.replies(channel, ts), "a sign that it works")
            first.send_signal(signal.SIGKILL)
            first.wait(SECONDS)
    (sign,) = own_house.replies(channel, ts)
    assert not buttons(sign)

    with own_house.process():
        answer = own_house.answer(channel, ts)

    assert answer["ts"] == sign["ts"]
    assert "val_accuracy" in said(answer)
    assert len(own_house.replies(channel, ts)) == 1


def test_a_bot_that_is_told_to_stop_finishes_what_it_accepted(
    own_house: House, own_store: Path
) -> None:
    channel = own_house.channel("ml-experiments")
    with own_house.process() as bot:
        warm = own_house.say("alice", channel, "@bot how many runs?")
        own_house.answer(channel, warm)
        with _locked(own_store):
            ts = own_house.say("alice", channel, "@bot top 3 runs by val_accuracy")
            own_house.until(lambda: own_house.replies(channel, ts), "a sign that it works")
            bot.terminate()
            own_house.until(lambda: not own_house.lines, "hanging up")
        assert bot.wait(SECONDS) == 0

    assert "val_accuracy" in said(own_house.answer(channel, ts))
