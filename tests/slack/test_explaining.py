"""Explain, under an answer: a checked word on its rows in the thread, once, whoever clicks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.desk import Desk, column
from tests.support.house import House, buttons, house, said
from tests.support.model import DECLINED, Entry, Stage, scripted, status
from texttosql.relay.asked import Asked

CHECKED = "Written by Claude; every number was checked against the rows"
HOLDS = "The top 5 runs are compared by val_accuracy."
WRONG = "The best val_accuracy is 7.31."


def explaining(entry: Callable[[], Entry]) -> Callable[[Asked], Entry]:
    """Says this of every result, and knows no answer to any question."""
    return lambda asked: entry() if asked.system.startswith("You explain") else DECLINED


@contextmanager
def told(demo_store: str, folder: Path, entry: Callable[[], Entry]) -> Iterator[tuple[Desk, Stage]]:
    """A channel with a bot that has a key, and the model behind it."""
    with (
        scripted(explaining(entry)) as model,
        house(demo_store, folder, TRACKTALK_USER_LIMIT="1000", **model.environ) as each,
        each.bot(),
    ):
        yield Desk(each, each.channel("fraud")), model


@pytest.fixture(scope="module")
def shared(
    demo_store: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Desk, Stage]]:
    folder = tmp_path_factory.mktemp("explaining")
    with told(demo_store, folder, lambda: {"sentences": [HOLDS, WRONG]}) as made:
        yield made


@pytest.fixture
def desk(shared: tuple[Desk, Stage]) -> Desk:
    return shared[0].elsewhere()


@pytest.fixture
def model(shared: tuple[Desk, Stage]) -> Stage:
    """What was asked before is forgotten."""
    shared[1].requests.clear()
    return shared[1]


def test_a_click_is_answered_in_the_thread_with_what_holds(desk: Desk, model: Stage) -> None:
    answer = desk.asked()
    desk.click(answer, "explain")
    shown = said(desk.below(answer))

    assert HOLDS in shown
    assert WRONG not in shown
    assert f"{CHECKED} · 1 sentence left out" in shown
    assert desk.thread(answer)[0] == answer
    (asked,) = model.requests
    assert column(answer, "run")[0] in asked.messages[-1]["text"]


def test_its_cost_is_the_turns(desk: Desk, model: Stage) -> None:
    answer = desk.asked()
    assert desk.turn(answer).cost.usd == 0
    desk.click(answer, "explain")
    desk.below(answer)

    assert desk.turn(answer).cost.usd > 0
    assert len(model.requests) == 1


def test_a_second_click_costs_nothing_and_is_told_where_to_look(desk: Desk, model: Stage) -> None:
    answer = desk.asked()
    desk.click(answer, "explain", who="bob")
    desk.click(answer, "explain", who="alice")
    desk.below(answer)

    assert "look in the answer's thread" in desk.whispered("alice")
    assert len(model.requests) == 1
    assert len(desk.thread(answer)) == 2


def test_two_answers_are_two_explanations(desk: Desk, model: Stage) -> None:
    for answer in (desk.asked(), desk.asked()):
        desk.click(answer, "explain")
        desk.below(answer)

    assert len(model.requests) == 2


def test_a_single_number_has_no_such_button(desk: Desk) -> None:
    assert "explain" not in buttons(desk.asked("how many runs?"))


def test_without_a_key_there_is_no_such_button(house: House) -> None:
    answer = Desk(house, house.channel("fraud")).asked()
    assert "csv" in buttons(answer)
    assert "explain" not in buttons(answer)


def test_the_reply_after_an_explanation_refines_the_answer(desk: Desk, model: Stage) -> None:
    answer = desk.asked()
    desk.click(answer, "explain", who="alice")
    desk.below(answer)
    desk.house.say("alice", desk.channel, "only the top 2", answer["thread_ts"])

    assert len(column(desk.below(answer, 2), "run")) == 2
    assert len(model.requests) == 1


def test_an_answer_that_one_person_sees_is_explained_to_them_alone(
    desk: Desk, model: Stage
) -> None:
    workspace = desk.house.workspace
    outside = workspace.add_channel("far-outside", with_bot=False).id
    assert workspace.command("bob", outside, "/ask", "top 5 runs by val_accuracy")["ok"]
    (answer,) = desk.house.until(lambda: desk.house.alone("bob", outside), "an answer")
    assert workspace.click("bob", outside, answer["ts"], "explain")["ok"]
    both = desk.house.until(
        lambda: (seen := desk.house.alone("bob", outside))[1:] and seen, "an explanation"
    )

    assert {HOLDS in said(each) for each in both} == {True, False}
    assert [each["ts"] for each in both if "explain" in buttons(each)] == [answer["ts"]]
    assert desk.house.alone("alice", outside) == []
    assert len(model.requests) == 1


def test_what_goes_wrong_is_told_to_who_clicked_alone(demo_store: str, tmp_path: Path) -> None:
    with told(demo_store, tmp_path, lambda: status(401)) as (desk, _):
        answer = desk.asked()
        desk.click(answer, "explain")

        assert "Claude" in desk.whispered()
        assert desk.thread(answer) == [answer]


def test_nothing_that_holds_is_said_in_one_sentence(demo_store: str, tmp_path: Path) -> None:
    with told(demo_store, tmp_path, lambda: {"sentences": [WRONG]}) as (desk, _):
        answer = desk.asked()
        desk.click(answer, "explain")

        assert "did not hold against the table" in said(desk.below(answer))


def test_while_it_takes_long_the_thread_says_so_and_the_message_becomes_the_explanation(
    demo_store: str, tmp_path: Path
) -> None:
    go = threading.Event()

    def slowly() -> Entry:
        go.wait(20)
        return {"sentences": [HOLDS]}

    with told(demo_store, tmp_path, slowly) as (desk, _):
        answer = desk.asked()
        desk.click(answer, "explain")
        waiting = desk.house.until(
            lambda: next((m for m in desk.thread(answer) if "Reading the rows" in said(m)), None),
            "a sign of work",
        )
        go.set()

        assert desk.below(answer)["ts"] == waiting["ts"]
        assert HOLDS in said(desk.below(answer))
