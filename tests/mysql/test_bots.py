"""Two bot processes that share a store and a journal on MySQL: each question is answered once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo_fixture import demo_database
from tests.support.house import House, house, said
from tests.support.servers import MySQLServer
from tests.support.stores import MySQLStores

pytestmark = pytest.mark.mysql

CHANNELS = ("ml-experiments", "fraud", "random")


@pytest.fixture
def shared(
    mysql_mlflow: MySQLStores, mysql_server: MySQLServer, mysql_name: str, tmp_path: Path
) -> Iterator[House]:
    """A workspace whose bots keep everything on the server."""
    store = mysql_mlflow.copy(demo_database(), mysql_name)
    journal = mysql_server.create_database(f"{mysql_name}_j", "utf8mb4_bin")
    with house(store, tmp_path, TRACKTALK_JOURNAL=journal) as there:
        yield there


def test_questions_and_their_second_deliveries_are_answered_once_each(shared: House) -> None:
    with shared.process(), shared.process():
        asked = [
            (where, shared.say("alice", where, f"@bot top {n} runs by val_accuracy"))
            for n in (2, 3)
            for where in map(shared.channel, CHANNELS)
        ]
        shared.deliver_all_again()
        for place in asked:
            assert "val_accuracy" in said(shared.answer(*place))
        shared.until(lambda: all(e.acked_at for e in shared.workspace.envelopes), "every ack")

        assert [len(shared.replies(*place)) for place in asked] == [1] * len(asked)


def test_a_follow_up_taken_by_either_process_refines_the_answer(shared: House) -> None:
    with shared.process(), shared.process():
        where = shared.channel("fraud")
        ts = shared.say("bob", where, "@bot top 5 runs by val_accuracy")
        shared.answer(where, ts)
        shared.say("bob", where, "only the ones alice ran", ts)

        assert "mei" not in said(shared.answer(where, ts, 1))


def test_two_processes_take_turns_in_a_channel(shared: House) -> None:
    with shared.process(), shared.process():
        where = shared.channel("random")
        asked = [shared.say("carol", where, f"@bot top {n} runs") for n in range(2, 8)]
        for ts in asked:
            shared.answer(where, ts)
    posts = [call.at for call in shared.workspace.calls if call.method == "chat.postMessage"]

    # Six posts in six seconds of the clock, of which the first and the last may be cut short.
    assert max(posts) - min(posts) > 3.5
