"""Claude's reading meets the guard, the store and the offline engine before it counts."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.bench.make_store import Size, make
from tests.support.minds import PRICE, Ready
from texttosql.claude.engine import ClaudeInterpreter, Manner
from texttosql.errors import InterpreterConfused, InterpreterDown, InterpreterError
from texttosql.flow import Clarification, Declined, Draft, Found, Question
from texttosql.minds import AGREED, DOUBTED, Asked
from texttosql.offline.directions import higher_is_better
from texttosql.offline.engine import OfflineInterpreter
from texttosql.sqlite.warehouse import SQLiteWarehouse
from texttosql.storehouse import Snapshot, Storehouse
from texttosql.trial import OpenTrial

ZONE = ZoneInfo("UTC")
NOW = datetime(2025, 11, 24, 12, tzinfo=UTC)
LIVE = (
    "FROM runs AS r JOIN experiments AS e ON e.experiment_id = r.experiment_id"
    " WHERE r.lifecycle_stage = 'active' AND e.lifecycle_stage = 'active'"
)
COUNT = f"SELECT COUNT(*) AS runs {LIVE}"
BAD = "SELECT r.no_such_column FROM runs AS r"
HIDDEN = "SELECT * FROM secrets"
DOWN = InterpreterDown("Claude is not there.", "Ask again.", spent=PRICE)


def sql(text: str, **more: Any) -> Mapping[str, Any]:
    """An answer with SQL."""
    return {"kind": "sql", "sql": text, "title": "number of runs", **more}


class Room:
    """A store, and a model's reading of questions to it."""

    def __init__(self, storehouse: Storehouse) -> None:
        self._storehouse = storehouse
        self.names: Snapshot = storehouse.snapshot()

    def read(
        self,
        model: Ready,
        text: str = "how many runs?",
        other: Draft | None = None,
        *,
        values: bool = True,
    ) -> Found:
        """What comes of a question."""
        manner = Manner(ZONE, 25.0, values)
        engine = ClaudeInterpreter(model, manner, higher_is_better, time.monotonic)
        trial = OpenTrial(self._storehouse, self.names.policy)
        return engine.read(Asked(Question(text, NOW), (), self.names.catalog, trial, other))

    def offline(self, text: str) -> Draft:
        """The offline engine's reading."""
        trial = OpenTrial(self._storehouse, self.names.policy)
        found = OfflineInterpreter(ZONE).interpret(
            Question(text, NOW), (), self.names.catalog, trial
        )
        assert isinstance(found, Draft)
        return found

    def rows(self, draft: Draft) -> tuple[tuple[object, ...], ...]:
        """What a draft gives."""
        return OpenTrial(self._storehouse, self.names.policy).rows(draft).rows


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """300 runs by ten users."""
    path = tmp_path_factory.mktemp("claude") / "mlflow.db"
    make(path, Size(runs=300, metric_rows=3_000))
    house = Storehouse(
        SQLiteWarehouse(path), max_rows=500, deadline=30, ttl=3_600, clock=time.monotonic
    )
    with closing(house):
        yield Room(house)


def test_sql_that_runs_is_the_answer_and_costs_one_call(room: Room) -> None:
    model = Ready(sql(COUNT))

    found = room.read(model)

    assert isinstance(found, Draft)
    assert (found.sql, found.title, found.engine) == (COUNT, "number of runs", "claude")
    assert found.cost == PRICE
    assert model.heard[0][1][-1].text.rstrip().endswith("how many runs?")


def test_a_question_back_and_a_reason_why_not_are_passed_on(room: Room) -> None:
    ways = [{"label": "a", "question": "how many a?"}, {"label": "b", "question": "how many b?"}]

    back = room.read(Ready({"kind": "clarification", "question": "Which?", "options": ways}))
    no = room.read(Ready({"kind": "declined", "reason": "The store has no weather."}))

    assert isinstance(back, Clarification)
    assert [option.question for option in back.options] == ["how many a?", "how many b?"]
    assert isinstance(no, Declined)
    assert (no.reason, no.cost) == ("The store has no weather.", PRICE)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (HIDDEN, "table.not_allowed"),
        ("DELETE FROM runs", "statement.not_select"),
        (BAD, "no_such_column"),
        ("SELECT COUNT(*) FROM", "trouble"),
        ("SELECT JSON_EXTRACT(r.name, '$[') AS x FROM runs AS r", "trouble"),
    ],
)
def test_what_guard_or_database_say_goes_back_and_the_next_draft_counts(
    room: Room, wrong: str, told: str
) -> None:
    model = Ready(sql(wrong), sql(COUNT))

    found = room.read(model)

    assert isinstance(found, Draft)
    assert (found.sql, found.cost) == (COUNT, PRICE + PRICE)
    assert told in model.newest
    assert len(model.heard[1][1]) == len(model.heard[0][1]) + 2


def test_an_answer_without_sql_is_sent_back_too(room: Room) -> None:
    model = Ready({"kind": "sql"}, sql(COUNT))

    assert isinstance(room.read(model), Draft)
    assert "trouble" in model.newest


def test_after_two_repairs_it_is_given_up_and_the_cost_is_known(room: Room) -> None:
    model = Ready(sql(HIDDEN), sql(HIDDEN), sql(HIDDEN), sql(COUNT))

    with pytest.raises(InterpreterConfused, match=r"not be used.*table\.not_allowed") as caught:
        room.read(model)

    assert len(model.heard) == 3
    assert caught.value.spent == PRICE + PRICE + PRICE


def test_a_model_that_goes_away_during_a_repair_has_cost_what_it_cost(room: Room) -> None:
    with pytest.raises(InterpreterError) as caught:
        room.read(Ready(sql(BAD), DOWN))

    assert caught.value.spent == PRICE + PRICE


def test_a_misspelt_value_is_looked_at_once_and_mended(room: Room) -> None:
    user = next(iter(room.names.catalog.users))
    typo = f"{user[:-1]}{user[-1] * 2}"
    model = Ready(
        sql(f"{COUNT} AND r.user_id = '{typo}'"), sql(f"{COUNT} AND r.user_id = '{user}'")
    )

    found = room.read(model, f"how many runs by {typo}?")

    assert isinstance(found, Draft)
    assert f"'{user}'" in found.sql
    assert user in model.newest


def test_a_value_that_is_right_and_has_no_rows_costs_no_second_look(room: Room) -> None:
    model = Ready(sql(f"{COUNT} AND r.status = 'KILLED' AND r.start_time < 1000"))

    found = room.read(model, "how many runs were killed in 1970?")

    assert isinstance(found, Draft)
    assert len(model.heard) == 1


def test_an_empty_answer_stays_when_the_look_finds_nothing(room: Room) -> None:
    empty = f"{COUNT} AND r.user_id = 'zzyzx'"

    for second in (sql(empty), DOWN, sql(HIDDEN)):
        found = room.read(Ready(sql(empty), second), "how many runs by zzyzx?")
        assert isinstance(found, Draft)
        assert found.sql == empty


def test_two_readings_with_the_same_rows_agree_and_follow_ups_keep_the_plan(room: Room) -> None:
    other = room.offline("how many runs?")

    found = room.read(Ready(sql(COUNT)), other=other)

    assert isinstance(found, Draft)
    assert found.assumptions[0] == AGREED
    assert (found.engine, found.plan) == ("claude", other.plan)


def test_two_readings_that_find_nothing_are_not_said_to_agree(room: Room) -> None:
    nothing = f"SELECT r.name AS run {LIVE} AND r.status = 'KILLED' AND r.start_time < 1000"

    found = room.read(Ready(sql(nothing)), other=Draft(nothing, "runs", "offline", sure=True))

    assert isinstance(found, Draft)
    assert AGREED not in found.assumptions


def test_an_answer_without_rows_says_which_condition_left_none(room: Room) -> None:
    nothing = f"SELECT r.name AS run {LIVE} AND r.status = 'KILLED' AND r.start_time < 1000"

    found = room.read(Ready(sql(nothing)))

    assert isinstance(found, Draft)
    assert [probe.text for probe in found.probes] == [
        "with deleted ones it would be {n} rows",
        "without “status = 'KILLED'” it would be {n} rows",
        "without “start_time < 1000” it would be {n} rows",
    ]
    counted = [room.rows(Draft(probe.sql, "t", "test")) for probe in found.probes]
    assert all(len(rows) == 1 for rows in counted)


FAILED = f"{COUNT} AND r.status = 'FAILED'"
FINISHED = f"{COUNT} AND r.status = 'FINISHED'"


@pytest.mark.parametrize(("third", "counted"), [(FAILED, FAILED), (COUNT, COUNT), (FINISHED,) * 2])
def test_where_a_sure_reading_differs_one_more_candidate_decides(
    room: Room, third: str, counted: str
) -> None:
    other = Draft(COUNT, "number of runs", "offline", sure=True)
    model = Ready(sql(FAILED), sql(third))

    found = room.read(model, other=other)

    assert isinstance(found, Draft)
    assert room.rows(found) == room.rows(Draft(counted, "t", "test"))
    assert AGREED not in found.assumptions
    assert model.heard[1][1][-1].role == "user"
    assert len(model.heard[1][1]) == len(model.heard[0][1]), "it does not see what it said"
    assert "FAILED" in model.newest


def test_the_difference_becomes_a_question_back_where_the_question_means_both(room: Room) -> None:
    ways = [{"label": "all", "question": "all runs?"}, {"label": "failed", "question": "failed?"}]
    asks = {"kind": "clarification", "question": "All, or the failed ones?", "options": ways}

    found = room.read(Ready(sql(FAILED), asks), other=Draft(COUNT, "runs", "offline", sure=True))

    assert isinstance(found, Clarification)
    assert found.cost == PRICE + PRICE


def test_an_unsure_reading_that_differs_costs_nothing_more(room: Room) -> None:
    found = room.read(Ready(sql(FAILED)), other=Draft(COUNT, "runs", "offline"))

    assert isinstance(found, Draft)
    assert (found.sql, found.cost) == (FAILED, PRICE)


@pytest.mark.parametrize("second", [DOWN, sql(HIDDEN), {"kind": "declined", "reason": "No."}])
def test_a_second_opinion_that_fails_leaves_the_answer_and_says_so(
    room: Room, second: Mapping[str, Any] | InterpreterError
) -> None:
    found = room.read(Ready(sql(FAILED), second), other=Draft(COUNT, "runs", "offline", sure=True))

    assert isinstance(found, Draft)
    assert (found.sql, found.assumptions[0]) == (FAILED, DOUBTED)


NO = {"kind": "declined", "reason": "The store cannot tell."}


@pytest.mark.parametrize(
    ("second", "ends"),
    [(sql(COUNT), Draft), (NO, Declined), (DOWN, Declined), (sql(HIDDEN), Declined)],
)
def test_a_no_where_offline_is_sure_is_thought_over_once(
    room: Room, second: Mapping[str, Any] | InterpreterError, ends: type
) -> None:
    model = Ready(NO, second)

    found = room.read(model, other=Draft(COUNT, "runs", "offline", sure=True))

    assert isinstance(found, ends)
    assert "contested" in model.newest
    assert isinstance(room.read(Ready(NO), other=Draft(COUNT, "runs", "offline")), Declined)


def test_all_calls_of_a_question_share_one_deadline(room: Room) -> None:
    now = iter([0.0, 0.0, 10.0, 24.8])
    model = Ready(sql(BAD), sql(BAD))
    engine = ClaudeInterpreter(model, Manner(ZONE, 25.0), higher_is_better, lambda: next(now))
    trial = OpenTrial(room._storehouse, room.names.policy)  # noqa: SLF001 - the room's own store

    with pytest.raises(InterpreterDown, match="within 25 seconds") as caught:
        engine.read(Asked(Question("how many?", NOW), (), room.names.catalog, trial))

    assert model.seconds == [25.0, 15.0]
    assert caught.value.spent == PRICE + PRICE


def test_the_system_prompt_is_made_once_for_a_store_and_anew_when_its_tables_change(
    room: Room,
) -> None:
    model = Ready(*[sql(COUNT)] * 3)
    manner = Manner(ZONE, 25.0)
    engine = ClaudeInterpreter(model, manner, higher_is_better, time.monotonic)
    trial = OpenTrial(room._storehouse, room.names.policy)  # noqa: SLF001 - as above

    catalog = room.names.catalog
    tables = {name: columns for name, columns in catalog.schema.tables.items() if name != "inputs"}
    smaller = replace(catalog, schema=replace(catalog.schema, tables=tables))

    for names in (catalog, replace(catalog), smaller):
        engine.read(Asked(Question("how many runs?", NOW), (), names, trial))

    first, again, other = (system for system, _ in model.heard)
    assert first is again
    assert "inputs(" in first
    assert "inputs(" not in other


@pytest.fixture
def secret(room: Room) -> str:
    """An optimizer's name, which no run, model or user is called like."""
    value = "rmsprop"
    assert value in room.names.catalog.params["optimizer"].values
    return value


def of(value: str) -> str:
    """How many runs have this value."""
    return COUNT.replace(
        "WHERE", f"JOIN params AS p ON p.run_uuid = r.run_uuid AND p.value = '{value}' WHERE"
    )


def told(model: Ready) -> str:
    """All that the model was ever told."""
    return "".join(f"{system}{said}" for system, messages in model.heard for said in messages)


def test_near_values_are_not_told_where_values_stay_in_the_house(room: Room, secret: str) -> None:
    typo = secret[:-1]
    open_minded, discreet = Ready(*[sql(of(typo))] * 2), Ready(*[sql(of(typo))] * 2)

    room.read(open_minded, f"how many {typo} runs?")
    room.read(discreet, f"how many {typo} runs?", values=False)

    assert f'"{secret}"' in open_minded.newest
    assert typo in discreet.newest
    assert secret not in told(discreet)


def test_a_contested_reading_goes_out_with_marks_that_come_back_as_its_values(
    room: Room, secret: str
) -> None:
    other = Draft(of(secret), f"runs with {secret}", "offline", (f"x is {secret}",), sure=True)
    model = Ready(sql(COUNT), sql(of("[hidden 1]")))

    found = room.read(model, "how many x runs?", other, values=False)

    assert isinstance(found, Draft)
    assert found.sql == other.sql
    assert "[hidden 1]" in model.newest
    assert secret not in told(model)


def test_a_databases_words_are_not_told_with_values_in_them(room: Room, secret: str) -> None:
    other = Draft(of(secret), "runs", "offline", sure=True)
    wrong = of("[hidden 1]").replace("COUNT(*)", "JSON_EXTRACT(p.value, '$[')")
    model = Ready({"kind": "declined", "reason": "No."}, sql(wrong))

    assert isinstance(room.read(model, "how many x?", other, values=False), Declined)
    assert secret not in told(model)
