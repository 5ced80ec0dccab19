"""What goes on from an answer: suggestions, choices, verdicts, and another try."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.support.desk import Desk, column
from tests.support.house import House, buttons, house, said
from tests.support.own_stores import changing, copied_store


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house, house.channel("fraud"))


# -- what next ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question", ["top 5 runs by val_accuracy", "average val_accuracy by user", "how many runs?"]
)
def test_every_suggested_question_really_runs(desk: Desk, question: str) -> None:
    answer = desk.asked(question)
    names = sorted(name for name in buttons(answer) if name.startswith("follow_"))
    assert 1 <= len(names) <= 3

    for nth, name in enumerate(names, start=1):
        wanted = buttons(answer)[name]["text"]["text"]
        desk.click(answer, name)
        next_one = desk.below(answer, nth)
        assert f"<@{desk.house.person('bob')}> asked: {wanted}" in said(next_one)
        assert "show_sql" in buttons(next_one), said(next_one)


def test_a_suggested_question_refines_the_answer_it_stands_under(desk: Desk) -> None:
    channel = desk.channel
    answer = desk.asked("average val_accuracy by user")
    desk.house.say("alice", channel, "how many experiments?", answer["thread_ts"])
    desk.below(answer)
    desk.click(answer, "follow_0")

    refined = desk.below(answer, 2)
    assert "val_accuracy" in said(refined)
    desk.click(refined, "refresh")
    assert "val_accuracy" in said(desk.again(refined))


def test_what_cannot_be_answered_suggests_what_can(desk: Desk) -> None:
    declined = desk.asked("delete all failed runs")
    names = [name for name in buttons(declined) if name.startswith("suggest_")]
    assert names
    desk.click(declined, names[0])

    assert "show_sql" in buttons(desk.below(declined))


def test_two_people_who_choose_a_reading_get_one_answer(desk: Desk) -> None:
    question = desk.asked("best model")
    assert {"option_0", "option_1"} <= set(buttons(question))
    both = [
        threading.Thread(target=desk.click, args=(question, name, None, who))
        for who, name in (("bob", "option_0"), ("carol", "option_1"))
    ]
    for each in both:
        each.start()
    for each in both:
        each.join()
    answer = desk.again(question)

    assert "show_sql" in buttons(answer)
    assert said(answer).count("chose:") == 1
    settled = desk.asked("how many runs?")
    assert "runs" in said(settled)
    assert desk.thread(question) == [answer]


# -- what was thought of it -----------------------------------------------------------------


def test_a_thumb_up_is_kept_and_thanked_for_to_who_gave_it_alone(desk: Desk) -> None:
    answer = desk.asked()
    desk.click(answer, "feedback", "👍")

    assert desk.whispered().startswith("Thanks, noted.")
    assert desk.turn(answer).feedback == "up"
    assert desk.house.alone("alice", desk.channel) == []
    assert len(desk.thread(answer)) == 1


def test_a_thumb_down_asks_what_was_wrong_and_keeps_the_right_reading(desk: Desk) -> None:
    answer = desk.asked()
    desk.click(answer, "feedback", "👎")
    assert "What was wrong" in str(desk.window()["title"])
    given = {"kind": "reading", "reading": "I meant test_accuracy"}
    assert desk.house.workspace.submit("bob", given) == {"ok": True}

    assert desk.turn(answer).feedback == "down"
    assert desk.correction(answer) == "reading: I meant test_accuracy"
    assert desk.house.workspace.modal("bob") is None


def test_a_thumb_down_counts_where_no_window_opens(desk: Desk) -> None:
    answer = desk.asked()
    desk.house.workspace.unknown("views.open")
    desk.click(answer, "feedback", "👎")

    assert desk.whispered() == "Thanks, noted."
    assert desk.turn(answer).feedback == "down"


# -- when something goes wrong --------------------------------------------------------------


def test_try_again_answers_in_place_when_the_store_is_back(tmp_path: Path) -> None:
    own_store = copied_store(tmp_path)
    away = own_store.rename(own_store.with_suffix(".away"))
    with house(f"sqlite:///{own_store}", tmp_path) as place, place.bot():
        desk = Desk(place, place.channel("fraud"))
        failed = desk.asked()
        assert "retry" in buttons(failed)
        away.rename(own_store)
        desk.click(failed, "retry")
        answer = desk.again(failed)

        assert len(column(answer, "val_accuracy")) == 5
        assert desk.thread(failed) == [answer]


def test_a_click_under_an_answer_that_is_forgotten_says_so(desk: Desk, tmp_path: Path) -> None:
    answer = desk.asked()
    with changing(tmp_path / "journal.db") as journal:
        journal.execute("DELETE FROM turns")
    desk.click(answer, "csv")

    assert "gone from my journal" in desk.whispered()


def test_a_click_that_fails_is_told_to_who_clicked(desk: Desk, tmp_path: Path) -> None:
    answer = desk.asked()
    with changing(tmp_path / "journal.db") as journal:
        journal.execute("ALTER TABLE turns RENAME TO away")
    desk.click(answer, "show_sql")

    told = desk.whispered()
    assert "journal" in told
    assert "no such table" not in told
