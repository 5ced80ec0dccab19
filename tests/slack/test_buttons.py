"""Every button and form under an answer does what it says, where it says, for whom it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk, block, column
from tests.support.house import House, buttons, house, said
from tests.support.own_stores import changing, copied_store, log_run


@pytest.fixture(scope="module")
def shared_house(demo_store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One bot for all that harms nothing; each test has a channel of its own."""
    folder = tmp_path_factory.mktemp("buttons")
    with house(demo_store, folder, TRACKTALK_USER_LIMIT="1000") as each, each.bot():
        yield each


@pytest.fixture
def desk(shared_house: House) -> Iterator[Desk]:
    yield Desk(shared_house, shared_house.channel("fraud")).elsewhere()
    for who in ("alice", "bob"):
        if shared_house.workspace.modal(who):
            shared_house.workspace.close(who, clear=True)


@pytest.fixture(name="own_desk")
def desk_of_its_own(empty_house: House) -> Iterator[Desk]:
    """Where the bot or its Slack may be harmed."""
    with empty_house.bot():
        yield Desk(empty_house, empty_house.channel("fraud"))


@pytest.fixture
def own_store(tmp_path: Path) -> Path:
    return copied_store(tmp_path)


@pytest.fixture
def store_desk(own_store: Path, tmp_path: Path) -> Iterator[Desk]:
    """A bot over a store that the test may change."""
    with house(f"sqlite:///{own_store}", tmp_path) as each, each.bot():
        yield Desk(each, each.channel("fraud"))


# -- SQL ------------------------------------------------------------------------------------


def test_show_sql_opens_a_window_with_the_statement_that_ran(desk: Desk) -> None:
    answer = desk.asked()
    desk.click(answer, "show_sql")

    shown = said(desk.window())
    assert "SELECT" in shown
    assert "val_accuracy" in shown
    assert desk.house.workspace.modal("alice") is None


def test_show_sql_is_a_whisper_where_no_window_opens(own_desk: Desk) -> None:
    answer = own_desk.asked()
    own_desk.house.workspace.unknown("views.open")
    own_desk.click(answer, "show_sql")

    assert "SELECT" in own_desk.whispered()
    assert len(own_desk.thread(answer)) == 1


def test_edited_sql_is_answered_below_with_who_edited_it(desk: Desk) -> None:
    answer = desk.asked()
    desk.click(answer, "edit_sql")
    filled = desk.window()["blocks"][0]["element"]["initial_value"]
    assert "val_accuracy" in filled

    edited = "SELECT name, status FROM runs WHERE status = 'KILLED'"
    assert desk.house.workspace.submit("bob", {"sql": edited}) == {"ok": True}
    new = desk.below(answer)

    assert set(column(new, "status")) == {"KILLED"}
    assert f"<@{desk.house.person('bob')}> edited the SQL of: top 5 runs by val_accuracy" in said(
        new
    )
    assert desk.thread(answer)[0] == answer


def test_edited_sql_is_what_the_next_reply_refines(desk: Desk) -> None:
    answer = desk.asked()
    desk.click(answer, "edit_sql", who="alice")
    desk.window("alice")
    desk.house.workspace.submit("alice", {"sql": "SELECT COUNT(*) AS runs FROM runs"})
    edited = desk.below(answer)
    desk.click(edited, "show_sql", who="alice")

    assert "COUNT(*)" in said(desk.window("alice"))
    desk.house.say("alice", desk.channel, "top 3 runs by val_accuracy", answer["thread_ts"])
    assert len(column(desk.below(answer, 2), "val_accuracy")) == 3


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("DELETE FROM runs", "SELECT"),
        ("SELECT load_extension('x')", "load_extension"),
        ("SELECT nothing FROM runs", "nothing"),
        ("SELECT", ""),
    ],
)
def test_sql_that_must_not_run_is_told_in_the_form(desk: Desk, sql: str, told: str) -> None:
    answer = desk.asked()
    desk.click(answer, "edit_sql")
    desk.window()
    refused = desk.house.workspace.submit("bob", {"sql": sql})

    assert refused["response_action"] == "errors"
    assert told.lower() in refused["errors"]["sql"].lower()
    assert desk.house.workspace.modal("bob") is not None
    assert len(desk.thread(answer)) == 1
    assert desk.turn(answer).question == "top 5 runs by val_accuracy"


# -- the rows -------------------------------------------------------------------------------


def test_csv_is_a_file_with_every_row_and_not_just_those_shown(desk: Desk) -> None:
    answer = desk.asked("list all runs")
    desk.click(answer, "csv")

    rows = desk.csv(answer)
    assert len(rows) > 1 + len(column(answer, "run")) == 101
    assert len({tuple(row) for row in rows}) == len(rows)


def test_a_formula_in_a_run_name_is_text_in_the_csv(store_desk: Desk, own_store: Path) -> None:
    with changing(own_store) as store:
        store.execute("UPDATE runs SET name = '=cmd|x!A0' WHERE user_id = 'mei'")
    answer = store_desk.asked("list all runs mei ran")
    store_desk.click(answer, "csv")

    header, *rows = store_desk.csv(answer)
    assert {row[header.index("run")] for row in rows} == {"'=cmd|x!A0"}


def test_csv_where_slack_takes_no_file_is_told_to_who_clicked(own_desk: Desk) -> None:
    answer = own_desk.asked()
    own_desk.house.workspace.unknown("files.getUploadURLExternal")
    own_desk.click(answer, "csv")

    assert "can't put a file here" in own_desk.whispered()
    assert own_desk.thread(answer) == [answer]


def test_pages_turn_in_place_and_back(desk: Desk) -> None:
    answer = desk.asked("list all runs")
    first = column(answer, "run")
    assert "page_prev" not in buttons(answer)

    desk.click(answer, "page_next")
    second = desk.again(answer)
    assert "Rows 101–200" in said(second)
    desk.click(second, "page_prev")

    assert column(desk.again(second), "run") == first
    assert len(desk.thread(answer)) == 1


def test_refresh_shows_todays_data_in_place_and_is_the_same_turn(
    store_desk: Desk, own_store: Path
) -> None:
    answer = store_desk.asked()
    before = store_desk.turn(answer)
    log_run(own_store, "brand-new", "val_accuracy", 0.99999)
    store_desk.click(answer, "refresh")

    assert "brand-new" in column(store_desk.again(answer), "run")
    assert store_desk.turn(answer).id == before.id
    assert store_desk.turn(answer).asked_by == store_desk.house.person("alice")


def test_refresh_means_what_the_question_meant_whoever_clicks(desk: Desk) -> None:
    mine = desk.elsewhere()
    hers = mine.asked("my latest 5 runs")
    mine.click(hers, "refresh", who="bob")
    assert set(column(mine.again(hers), "user")) == {"alice"}

    answer = desk.asked("top 20 runs by val_accuracy")
    desk.house.say("alice", desk.channel, "only the ones mei ran", answer["thread_ts"])
    refined = desk.below(answer)
    desk.click(refined, "refresh", who="bob")
    again = desk.again(refined)
    assert set(column(again, "user")) == {"mei"}
    assert column(again, "val_accuracy") == column(refined, "val_accuracy")


def test_an_answer_shown_anew_still_says_who_asked_it(store_desk: Desk, own_store: Path) -> None:
    channel = store_desk.channel
    store_desk.house.workspace.command("carol", channel, "/ask", "top 5 runs by val_accuracy")
    (answer,) = store_desk.house.until(
        lambda: store_desk.house.by_bot(channel), "an answer to /ask"
    )
    lead = f"<@{store_desk.house.person('carol')}> asked: top 5 runs by val_accuracy"
    assert lead in said(answer)
    log_run(own_store, "brand-new", "val_accuracy", 0.99999)
    store_desk.click(answer, "refresh")
    refreshed = store_desk.house.until(
        lambda: next((m for m in store_desk.house.by_bot(channel) if "brand-new" in said(m)), None),
        "a refreshed answer",
    )

    assert lead in said(refreshed)


def test_an_answer_that_one_person_sees_is_turned_for_them_alone(desk: Desk) -> None:
    workspace = desk.house.workspace
    outside = workspace.add_channel("outside", with_bot=False).id
    assert workspace.command("bob", outside, "/ask", "list all runs")["ok"]
    (answer,) = desk.house.until(lambda: desk.house.alone("bob", outside), "an answer")
    assert workspace.click("bob", outside, answer["ts"], "page_next")["ok"]
    turned = desk.house.until(
        lambda: [m for m in desk.house.alone("bob", outside) if "Rows 101–200" in said(m)], "a page"
    )
    assert len(desk.house.alone("bob", outside)) == 1

    assert workspace.click("bob", outside, turned[0]["ts"], "csv")["ok"]
    desk.house.until(lambda: len(desk.house.alone("bob", outside)) == 2, "why there is no file")
    assert "can't put a file here" in said(desk.house.alone("bob", outside)[-1])
    assert desk.house.alone("alice", outside) == []


# -- the chart ------------------------------------------------------------------------------


def test_the_chart_type_changes_in_place_and_none_takes_it_away(desk: Desk) -> None:
    answer = desk.asked("average val_accuracy by user as a bar chart")
    chart = block(answer, "data_visualization")
    assert chart is not None
    assert chart["chart"]["type"] == "bar"

    desk.click(answer, "chart_type", "No chart")
    without = desk.again(answer)
    assert block(without, "data_visualization") is None
    assert column(without, "user") == column(answer, "user")
    desk.click(without, "chart_type", "Bar chart")

    redrawn = block(desk.again(without), "data_visualization")
    assert redrawn is not None
    assert redrawn["chart"] == chart["chart"]
    assert len(desk.thread(answer)) == 1
