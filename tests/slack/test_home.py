"""The Home tab: what it tells, and that each of its buttons does what it says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.support.house import House, Message, buttons, house, said
from tracking.status import MigrationStatus, Phase, write

TOP = "top 3 runs by val_accuracy"


def _home(house: House, who: str, with_words: str) -> dict[str, Any]:
    """A person's Home tab, once it says this."""

    def shown() -> dict[str, Any] | None:
        view = house.workspace.home(who)
        return view if view and with_words in said(view) else None

    return dict(house.until(shown, f"{with_words!r} in the Home tab"))


def _opened(house: House, who: str, with_words: str = "as of") -> dict[str, Any]:
    house.workspace.open_home(who)
    return _home(house, who, with_words)


def _direct(house: House, who: str) -> Message:
    """The first answer in somebody's conversation with the app."""
    place = house.direct(who)
    found: list[Message] = house.until(
        lambda: [m for m in house.by_bot(place) if buttons(m)], "an answer in the conversation"
    )
    return found[0]


def test_home_tells_who_it_greets_what_to_ask_and_how_the_store_is(house: House) -> None:
    view = _opened(house, "alice")

    assert f"Hello <@{house.person('alice')}>" in said(view)
    assert "🟢 *default* (sqlite) · " in said(view)
    assert {"home_ask_0", "home_ask_1", "home_ask_2"} <= buttons(view).keys()


def test_an_example_is_asked_in_the_conversation_with_the_app(house: House) -> None:
    view = _opened(house, "alice")
    question = json.loads(buttons(view)["home_ask_0"]["value"])["q"]

    house.workspace.press("alice", "home_ask_0")

    answer = _direct(house, "alice")
    assert f"<@{house.person('alice')}> asked: {question}" in said(answer)
    assert any(block["type"] == "data_table" for block in answer["blocks"])
    assert "comes under _Messages_" in said(_home(house, "alice", "On it."))


def test_the_last_questions_can_be_asked_again(house: House) -> None:
    channel = house.channel("fraud")
    house.answer(channel, house.say("alice", channel, f"@bot {TOP}"))
    _opened(house, "alice", TOP)

    house.workspace.press("alice", "home_again")

    assert f"asked again: {TOP}" in said(_direct(house, "alice"))
    assert TOP not in said(_opened(house, "bob"))


def test_a_favourite_is_run_and_removed(house: House) -> None:
    channel = house.channel("fraud")
    answer = house.answer(channel, house.say("bob", channel, f"@bot {TOP}"))
    house.workspace.click("alice", channel, answer["ts"], "favourite")
    _opened(house, "alice", f"★ {TOP}")

    house.workspace.press("alice", "home_again")
    assert f"asked again: {TOP}" in said(_direct(house, "alice"))

    house.workspace.press("alice", "home_unstar")
    house.until(lambda: f"★ {TOP}" not in said(house.workspace.home("alice") or {}), "it is gone")


def test_a_template_of_home_runs_in_the_conversation(house: House) -> None:
    view = _opened(house, "alice")
    runs = [b["accessory"]["value"] for b in view["blocks"] if _named(b, "Runs by user")]

    house.workspace.press("alice", "home_run", runs[0])

    assert "ran *Runs by user*: number of runs by user" in said(_direct(house, "alice"))


def test_a_template_of_home_asks_for_its_values_first(house: House) -> None:
    view = _opened(house, "alice")
    runs = [b["accessory"]["value"] for b in view["blocks"] if _named(b, "Best runs")]
    house.workspace.press("alice", "home_run", runs[0])
    house.until(lambda: house.workspace.modal("alice"), "the form")

    offered = house.workspace.options("alice", "template_metric", "val_accuracy")["options"]
    assert house.workspace.submit("alice", {"metric": offered[0]}) == {"ok": True}

    assert "ran *Best runs*: best 5 runs by val_accuracy" in said(_direct(house, "alice"))


def test_home_is_there_at_once_and_says_when_a_store_is_not(tmp_path: Path) -> None:
    with house(f"sqlite:///{tmp_path / 'none.db'}", tmp_path) as each, each.bot():
        view = _opened(each, "alice", "can't be reached")

        assert "Templates" in said(view)
        assert "home_ask_0" not in buttons(view)


def test_home_tells_how_far_a_migration_is(demo_store: str, tmp_path: Path) -> None:
    file, now = tmp_path / "migration.json", datetime.now(UTC)
    status = MigrationStatus(
        Phase.COPYING, "sqlite:///mlflow.db", "mysql://db/mlflow", now, now,
        rows_copied=600_000, rows_total=1_200_000,
    )  # fmt: skip
    write(file, status)
    with house(demo_store, tmp_path, TRACKTALK_MIGRATION_STATUS=str(file)) as each, each.bot():
        assert "50 %" in said(_opened(each, "alice", "Migration"))


def test_the_conversations_tab_leaves_home_alone(house: House) -> None:
    house.workspace.open_home("alice", "messages")
    _opened(house, "bob")

    assert house.workspace.home("alice") is None


def _named(block: Message, name: str) -> bool:
    return f"*{name}*" in said({"blocks": [block], "text": ""}) and "accessory" in block
