"""A sure answer needs no second reader; whatever was guessed makes an answer unsure."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.demo_fixture import ANCHOR, ROOT, demo_database
from tests.unit.texttosql.offline.asking import BERLIN, NOW, Ask, Said, Team
from texttosql.evaluation.files import Asked, read_questions
from texttosql.evaluation.golds import Golds
from texttosql.flow import (
    Cell,
    Clarification,
    Declined,
    Draft,
    Found,
    Outcome,
    Question,
    Turn,
)
from texttosql.guard import approve
from texttosql.offline.engine import OfflineInterpreter
from texttosql.offline.frame import Context
from texttosql.offline.names import NameIndex
from texttosql.offline.reading import read
from texttosql.offline.sureness import is_sure
from texttosql.offline.tokenizing import sentence_of
from texttosql.offline.understanding import Asked as InThread
from texttosql.plan import Measure, Plan, Ref, Sort, Window
from texttosql.plan import Test as Condition
from texttosql.same_rows import rows_within
from texttosql.storehouse import Storehouse
from texttosql.warehouses import open_warehouse


def sure(said: Said) -> bool:
    """Whether it was answered, and surely."""
    draft = said.reply.draft
    return draft is not None and draft.sure


@pytest.mark.parametrize(
    "question",
    [
        "top 3 churn runs by f1",
        "best val_accuracy in churn",
        "which run has the lowest val_loss?",
        "churn runs by alice or bob with f1 above 0.7",
        "how many runs failed in churn",
        "average f1 per user in churn",
        "runs since october with val_rmse between 40 and 45",
        "last 5 runs of bob",
        "what share of churn runs failed",
        "params of gbm-1",
        "who has the most failed runs",
        "gbm runs with early_stopping true",
    ],
)
def test_plain_words_that_the_answer_accounts_for_are_sure(question: str, ask: Ask) -> None:
    assert sure(ask(question))


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("best val_acuracy in churn", "a slip was mended"),
        ("top 3 churn runs by f1 that look promising", "words were let go"),
        ("runs with val_accuracy above 80%", "a percentage was read as a fraction"),
        ("churn runs not by alice", "a negation"),
        ("best f1 and val_accuracy in churn", "two metrics, one end"),
        ("churn runs with f1 and val_accuracy above 0.8", "both above it, or one?"),
        ("alice's runs with f1 above 0.7 and bob's with f1 above 0.6", "which goes with which"),
        ("how many runs did alice and bob do", "each, or together?"),
        ("runs in the last month", "the calendar's, or thirty days"),
        ("runs on wednesday", "asked on a Wednesday"),
        ("prod runs", "a stage of runs and of versions"),
        ("churn", "a name and nothing that is asked about it"),
        ("fastest churn run", "the fastest ones have failed"),
    ],
)
def test_what_had_to_be_guessed_is_not_sure(question: str, why: str, ask: Ask) -> None:
    assert not sure(ask(question)), why


def agrees(team: Team, plan: Plan, question: str, earlier: Plan | None = None) -> bool:
    """Whether a question is sure to mean this plan, after another one where it leans on it."""
    catalog = team.storehouse.snapshot().catalog
    context = Context(catalog, NameIndex(catalog), NOW)
    asked = InThread(question, earlier, context, sure_earlier=True)
    sentence = sentence_of(question, context)
    typed = sentence.tokens
    return is_sure(asked, typed, read(sentence, context), plan, leans=earlier is not None)


RANKED = "top 3 churn runs by f1 since october"
COUNTED = "average f1 of finished runs per user in churn"
AUGUST = Window(1_785_535_200_000, 1_788_213_600_000, "in august")


@pytest.mark.parametrize(
    ("question", "changed"),
    [
        (RANKED, {"limit": 5}),
        (RANKED, {"limit": None}),
        (RANKED, {"tests": ()}),
        (RANKED, {"window": None}),
        (RANKED, {"window": AUGUST}),
        (RANKED, {"sort": Sort(Ref("metric", "f1"), descending=False)}),
        (RANKED, {"sort": Sort(Ref("metric", "val_loss"), descending=True)}),
        (RANKED, {"each": Ref("field", "user")}),
        (RANKED, {"offset": 3}),
        (RANKED, {"deleted": "with"}),
        (RANKED, {"show": (Ref("metric", "f1", "max"),)}),
        (COUNTED, {"act": "list"}),
        (COUNTED, {"by": ()}),
        (COUNTED, {"by": (Ref("param", "user"),)}),
        (COUNTED, {"measures": (Measure("max", Ref("metric", "f1")),)}),
        (COUNTED, {"measures": (Measure("mean", Ref("metric", "val_loss")),)}),
        (COUNTED, {"measures": (Measure("count"),)}),
        (COUNTED, {"tests": (Condition(Ref("field", "status"), "=", ("FAILED",)),)}),
        (COUNTED, {"window": AUGUST}),
        (COUNTED, {"over": "mean"}),
    ],
)
def test_a_plan_that_holds_something_else_than_was_said_is_not_sure(
    question: str, changed: dict[str, object], team: Team
) -> None:
    plan = team.ask(question).plan
    assert agrees(team, plan, question)
    other = replace(plan, **changed)  # type: ignore[arg-type] # parts of a plan
    assert not agrees(team, other, question)


def test_a_follow_up_that_changed_more_than_was_said_is_not_sure(team: Team, talk: Ask) -> None:
    earlier, plan = team.ask(RANKED).plan, talk(RANKED, "only alice's").plan
    assert agrees(team, plan, "only alice's", earlier)
    failed = Condition(Ref("field", "status"), "=", ("FAILED",))
    more = (
        replace(plan, tests=(*plan.tests, failed)),
        replace(plan, window=None),
        replace(plan, limit=10),
        replace(plan, sort=Sort(Ref("metric", "val_loss"), descending=False)),
    )
    assert not any(agrees(team, other, "only alice's", earlier) for other in more)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("top 5 churn runs by f1", "only alice's"),
        ("top 5 churn runs by f1", "top 3 instead"),
        ("how many runs in churn", "by user"),
        ("failed runs in churn", "since october 9"),
        ("churn runs by alice", "only bob's"),
    ],
)
def test_a_follow_up_that_changes_one_thing_is_sure(first: str, then: str, talk: Ask) -> None:
    assert sure(talk(first, then))


@pytest.mark.parametrize(
    ("first", "then", "why"),
    [
        ("churn runs by alice", "and bob's", "he too, or he instead?"),
        ("top 5 churn runs by f1", "without alice", "a negation"),
        ("worst 5 churn runs by f1", "top 3 instead", "the best, or three of those?"),
        ("top 5 churn runs by f1", "what about val_loss", "shown as well, or ranked by?"),
        ("best val_acuracy in churn", "only alice's", "the answer before was a guess"),
        ("churn runs by alice", "which runs failed", "of alice, or of everybody?"),
    ],
)
def test_a_follow_up_that_can_be_taken_otherwise_is_not_sure(
    first: str, then: str, why: str, talk: Ask
) -> None:
    assert not sure(talk(first, then)), why


def test_a_question_of_its_own_in_a_thread_is_sure_where_it_names_its_place(talk: Ask) -> None:
    assert sure(talk("churn runs by alice", "how many runs failed in digits-cnn"))


FIRST = "top 5 churn runs by f1"


def turn(team: Team, plan_of: str | None, engine: str, *, rows: int = 3, number: int = 1) -> Turn:
    """An answered turn of some engine, with the plan of a question or with none."""
    plan = team.ask(plan_of).plan if plan_of else None
    draft = Draft("SELECT 1", "one", engine, plan=plan, sure=engine == "offline")
    return Turn(
        f"t{number}", plan_of or "what is odd in churn?", NOW, "rows", draft=draft, row_count=rows
    )


def after(team: Team, text: str, *turns: Turn) -> Found:
    """What is made of a question behind these turns."""
    engine = OfflineInterpreter(BERLIN)
    catalog = team.storehouse.snapshot().catalog
    return engine.interpret(Question(text, NOW), turns, catalog, lambda _: None)


@pytest.mark.parametrize(
    "words", ["only the failed ones", "and by user?", "as a bar chart", "top 3 instead", "best f1"]
)
def test_it_does_not_go_on_from_an_answer_that_it_did_not_read(words: str, team: Team) -> None:
    turns = turn(team, FIRST, "offline"), turn(team, None, "claude", number=2)
    found = after(team, words, *turns)
    assert isinstance(found, Declined)
    assert "whole question" in found.reason


def test_a_whole_question_is_answered_behind_such_an_answer(team: Team) -> None:
    own = after(team, "how many runs failed in churn", turn(team, None, "claude"))
    assert isinstance(own, Draft)
    assert own.sure


def test_it_is_not_sure_there_when_the_question_could_be_about_that_answer(team: Team) -> None:
    vague = after(team, "which runs failed", turn(team, None, "claude"))
    assert isinstance(vague, Draft)
    assert not vague.sure


def test_it_goes_on_surely_from_an_answer_that_another_engine_agreed_with(team: Team) -> None:
    found = after(team, "only alice's", turn(team, FIRST, "claude"))
    assert isinstance(found, Draft)
    assert found.sure


def test_two_readings_that_both_found_nothing_have_not_agreed(team: Team) -> None:
    found = after(team, "only alice's", turn(team, FIRST, "claude", rows=0))
    assert isinstance(found, Draft)
    assert not found.sure


@pytest.mark.parametrize("outcome", ["clarify", "refuse", "error"])
def test_what_ended_without_an_answer_is_passed_over_but_not_surely(
    outcome: Outcome, team: Team
) -> None:
    asked_back = Turn("t2", "best?", NOW, outcome)
    found = after(team, "only alice's", turn(team, FIRST, "offline"), asked_back)
    assert isinstance(found, Draft)
    assert not found.sure, "it may be a reply to the question back"


def test_what_comes_first_after_a_question_back_may_be_the_reply_to_it(team: Team) -> None:
    found = after(team, FIRST, Turn("t1", "best?", NOW, "clarify"))
    assert isinstance(found, Draft)
    assert not found.sure


@dataclass(frozen=True)
class Demo:
    """The demo store, whose right answers are known."""

    house: Storehouse
    engine: OfflineInterpreter
    now: datetime

    def readings(self, file: str) -> Iterator[tuple[Asked, Draft, bool]]:
        """Every question that was answered, its draft, and whether the rows are right."""
        golds = Golds(self.house)
        thread: list[Turn] = []
        for asked in read_questions((ROOT / "tests" / "eval" / file).read_text().splitlines()):
            if not re.search(r"\.(?!1$)\d+$", asked.id):
                thread.clear()
            found = self._read(asked, thread)
            if isinstance(found, Draft):
                rows = self._rows(found)
                wanted = golds.of(asked) if asked.expect == "rows" else ()
                right = any(rows_within(gold, rows, ordered=asked.ordered) for gold in wanted)
                yield asked, found, right

    def _read(self, asked: Asked, thread: list[Turn]) -> Found:
        catalog = self.house.snapshot().catalog
        question = Question(asked.text, self.now)
        found = self.engine.interpret(question, thread, catalog, lambda _: None)
        draft = found if isinstance(found, Draft) else None
        options = found.options if isinstance(found, Clarification) else ()
        ended: Outcome = "rows" if draft else "clarify" if options else "refuse"
        thread.append(Turn(asked.id, asked.text, self.now, ended, draft=draft, options=options))
        return found

    def _rows(self, draft: Draft) -> tuple[tuple[Cell, ...], ...]:
        return self.house.run(approve(draft.sql, self.house.snapshot().policy)).rows


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    warehouse = open_warehouse(f"sqlite:///{demo_database()}")
    house = Storehouse(warehouse, max_rows=2_000, deadline=30.0, ttl=3_600.0, clock=time.monotonic)
    yield Demo(house, OfflineInterpreter(ZoneInfo("UTC")), datetime.fromisoformat(ANCHOR))
    house.close()


@pytest.mark.parametrize(("file", "share"), [("questions.jsonl", 0.33), ("threads.jsonl", 0.38)])
def test_sure_answers_are_right_and_there_are_enough_of_them(
    file: str, share: float, demo: Demo
) -> None:
    answered = list(demo.readings(file))
    wrong = [asked.text for asked, draft, right in answered if draft.sure and not right]
    assert not wrong
    assert sum(draft.sure for _, draft, _ in answered) / len(answered) >= share
