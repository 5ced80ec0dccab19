"""`ask --explain` and an office's explanations: the answer stands, the cost is noted once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from tests.demo_fixture import ANCHOR, demo_database
from tests.support.minds import PRICE, Ready
from tests.support.model import Stage, scripted, status
from tests.unit.texttosql.offices import open_office, question
from texttosql.claude.explain.explainer import Explainer
from texttosql.cost import FREE, Cost
from texttosql.errors import InterpreterDown, JournalError
from texttosql.explaining.asking import Off, explained
from texttosql.explaining.explanation import ExplanationsOff, NotExplained, no_model
from texttosql.flow import Question, Reply
from texttosql.journal.memory import MemoryJournal
from texttosql.office import Office

HOLDS = {"sentences": ["The first of the 3 runs is third.", "There are 99 runs."]}
ASK = ("ask", "newest 3 runs", "--engine", "offline", "--explain")


@pytest.fixture
def small(stores: Path) -> str:
    return f"sqlite:///{stores / 'small.db'}"


@pytest.fixture
def environ(small: str, tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path), "TRACKTALK_STORE": small}


@pytest.fixture
def model() -> Iterator[Stage]:
    """A stand-in for Claude that always says the same."""
    with scripted(lambda _: HOLDS) as stage:
        yield stage


def spent(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The cost of the last turn, as the journal has it."""
    capsys.readouterr()
    assert main(["history", "--json", "--limit", "1"], environ) == 0
    cost: dict[str, Any] = json.loads(capsys.readouterr().out)["cost"]
    return cost


# -- the command line -----------------------------------------------------------------------


def test_the_sentences_that_hold_stand_below_the_answer(
    environ: dict[str, str], model: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(ASK, environ | model.environ) == 0
    said = capsys.readouterr()

    answer, _, insight = said.out.partition("\nInsight:\n")
    assert answer
    assert insight == "  The first of the 3 runs is third.\n"
    assert said.err == ""
    (asked,) = model.requests
    assert asked.model == "claude-haiku-5-5"


def test_json_has_the_explanation_and_its_cost(
    environ: dict[str, str], model: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    environ |= model.environ
    assert main([*ASK, "--json"], environ) == 0
    found = json.loads(capsys.readouterr().out)

    assert found["explanation"] == {"sentences": [HOLDS["sentences"][0]], "dropped": 1}
    assert found["outcome"] == "rows"
    assert found["cost"]["calls"] == 1
    assert found["cost"]["usd"] > 0
    assert spent(environ, capsys)["usd"] == pytest.approx(found["cost"]["usd"])


def test_without_the_option_nobody_is_asked_and_the_key_is_not_there(
    environ: dict[str, str], model: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = [word for word in ASK if word != "--explain"]
    assert main([*ask, "--json"], environ | model.environ) == 0

    assert "explanation" not in json.loads(capsys.readouterr().out)
    assert model.requests == []


def test_without_a_key_the_answer_stands_and_one_line_says_what_to_set(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(ASK, environ) == 0
    said = capsys.readouterr()

    assert "Insight" not in said.out
    assert said.out
    assert said.err.count("\n") == 1
    assert "ANTHROPIC_API_KEY" in said.err


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("TRACKTALK_SEND_VALUES", "false", "TRACKTALK_SEND_VALUES=true"),
        ("TRACKTALK_ENGINE", "offline", "TRACKTALK_ENGINE to auto"),
        ("TRACKTALK_BUDGET_DAY", "0", "budget"),
    ],
)
def test_where_claude_may_not_be_asked_the_answer_stands_and_says_why(
    environ: dict[str, str], model: Stage, capsys: pytest.CaptureFixture[str],
    setting: str, value: str, told: str,
) -> None:  # fmt: skip
    assert main([*ASK, "--json"], environ | model.environ | {setting: value}) == 0
    said = capsys.readouterr()

    assert json.loads(said.out)["explanation"] is None
    assert told in said.err
    assert model.requests == []


def test_trouble_with_the_model_costs_no_answer(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted(lambda _: status(401)) as stage:
        assert main(ASK, environ | stage.environ) == 0
    said = capsys.readouterr()

    assert said.out
    assert "Insight" not in said.out
    assert said.err.strip()
    assert "Traceback" not in said.err


def test_an_answer_that_is_not_to_be_used_is_paid_for_all_the_same(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted(lambda _: "no JSON") as stage:
        environ |= stage.environ
        assert main([*ASK, "--json"], environ) == 0
    found = json.loads(capsys.readouterr().out)

    assert found["explanation"] is None
    assert found["cost"]["usd"] > 0
    assert spent(environ, capsys)["usd"] == pytest.approx(found["cost"]["usd"])


def test_a_question_without_rows_is_not_explained(
    environ: dict[str, str], model: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["ask", "how is the weather in Paris", "--engine", "offline", "--explain", "--json"]
    assert main(ask, environ | model.environ) == 5

    assert json.loads(capsys.readouterr().out)["explanation"] is None
    assert model.requests == []


def test_the_example_in_the_document_holds_for_the_demo_store(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    text = (Path(__file__).parents[4] / "docs" / "explain.md").read_text(encoding="utf-8")
    shown = text.partition("Insight:\n")[2].partition("```")[0]
    environ |= {"TRACKTALK_STORE": f"sqlite:///{demo_database()}"}
    with scripted([{"sentences": [line.strip() for line in shown.splitlines()]}]) as stage:
        ask = ("ask", "average val_accuracy by user", "--explain", "--engine", "offline")
        assert main([*ask, "--now", ANCHOR], environ | stage.environ) == 0

    assert capsys.readouterr().out.endswith(f"Insight:\n{shown}")


# -- the office -----------------------------------------------------------------------------


@pytest.fixture
def explaining(stores: Path, tmp_path: Path, model: Stage) -> Iterator[Office]:
    """An office with a key."""
    with closing(open_office(stores, tmp_path / "journal.db", **model.environ)) as opened:
        yield opened


def test_a_turn_is_explained_from_its_rows_and_costs(explaining: Office, model: Stage) -> None:
    reply = explaining.run_sql(question(), "SELECT name FROM runs LIMIT 3", "3 runs")
    found = explaining.explain(reply.turn_id or "")

    assert found.sentences == (HOLDS["sentences"][0],)
    turn = explaining.journal.turn(reply.turn_id or "")
    assert turn is not None
    assert turn.cost.usd == pytest.approx(found.cost.usd)
    assert turn.cost.usd > 0
    assert len(model.requests) == 1


def test_an_office_explains_where_a_store_is_open_and_a_model_set_up(
    explaining: Office, office: Office
) -> None:
    assert not explaining.explains("small")
    for each in (explaining, office):
        each.catalog("small")

    assert explaining.explains("small")
    assert not office.explains("small")


def test_without_a_model_an_explanation_is_an_error_that_says_what_to_set(office: Office) -> None:
    reply = office.run_sql(question(), "SELECT name FROM runs", "runs")
    with pytest.raises(ExplanationsOff, match="ANTHROPIC_API_KEY"):
        office.explain(reply.turn_id or "")


def test_a_turn_that_is_gone_or_of_a_lost_store_is_told(explaining: Office) -> None:
    with pytest.raises(NotExplained, match="journal"):
        explaining.explain("nothing")


def test_a_turn_that_found_nothing_is_not_sent(explaining: Office, model: Stage) -> None:
    reply = explaining.run_sql(question(), "SELECT name FROM runs WHERE name = 'none'", "none")
    with pytest.raises(NotExplained, match="no rows"):
        explaining.explain(reply.turn_id or "")

    assert model.requests == []


# -- between them ---------------------------------------------------------------------------


class Unwritable(MemoryJournal):
    """A journal that takes no costs."""

    def note_cost(self, turn_id: str, cost: Cost) -> None:
        what = f"{turn_id}: {cost}"
        raise JournalError(what, "Free some space.")


@pytest.fixture
def reply(office: Office) -> Reply:
    """Three runs."""
    return office.run_sql(question(), "SELECT name FROM runs LIMIT 3", "3 runs")


def _explainer(model: Ready, office: Office) -> Explainer:
    return Explainer(model, 5.0, office.zone("small"), send_values=True)


def test_what_was_paid_for_is_shown_also_where_the_cost_cannot_be_noted(
    office: Office, reply: Reply
) -> None:
    found = explained(reply, _explainer(Ready(HOLDS), office), Unwritable())
    assert (found.dropped, found.cost) == (1, PRICE)


def test_over_budget_nobody_is_asked(office: Office, reply: Reply) -> None:
    asked: list[Question] = []

    def over(question: Question) -> str:
        asked.append(question)
        return "Your budget is used up."

    model = Ready()
    with pytest.raises(NotExplained, match="Your budget is used up"):
        explained(reply, _explainer(model, office), office.journal, over)

    assert model.heard == []
    assert [each.asked_by for each in asked] == ["ann"]


def test_a_budget_says_nothing_where_nobody_could_explain_anyway(
    office: Office, reply: Reply
) -> None:
    with pytest.raises(ExplanationsOff):
        explained(reply, Off(no_model()), office.journal, lambda _: "Your budget is used up.")


def test_what_a_failed_try_cost_is_noted(office: Office, reply: Reply) -> None:
    model = Ready(InterpreterDown("Claude is slow.", "Try again.", spent=PRICE))
    with pytest.raises(InterpreterDown):
        explained(reply, _explainer(model, office), office.journal)

    turn = office.journal.turn(reply.turn_id or "")
    assert turn is not None
    assert turn.cost == FREE + PRICE
