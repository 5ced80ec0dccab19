"""The JSON that scripts build on: all keys always there, valid JSON always."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from texttosql import wire
from texttosql.cost import Cost
from texttosql.errors import QueryFailed, Refused, SettingsError, WarehouseDown
from texttosql.flow import (
    Clarification,
    Declined,
    Draft,
    Option,
    Question,
    Reply,
    ResultTable,
    Turn,
)
from texttosql.guard import approve
from texttosql.guard.mlflow_schema import default_schema
from texttosql.guard.policy import Policy
from texttosql.tell import tell

MakeTable = Callable[..., ResultTable]
KEYS = [
    "outcome", "headline", "sql", "params", "columns", "rows", "truncated", "assumptions",
    "options", "suggestions", "chart", "engine", "store", "turn_id", "timings_ms", "cost", "error",
]  # fmt: skip
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ASKED = Question("best run?", NOON, "kim", None, "prod")
SQLITE = Policy(default_schema("sqlite"), "sqlite")


def answered(table: ResultTable) -> Reply:
    draft = Draft("SELECT name FROM experiments WHERE name = 'x'", "experiments", "offline")
    answer = tell(draft, approve(draft.sql, SQLITE), table, zone=ZoneInfo("UTC"))
    return Reply(ASKED, "rows", "t1", answer=answer, draft=draft, timings_ms={"run": 1.23456})


CLARIFY = Reply(
    ASKED, "clarify", "t2",
    clarification=Clarification("Which f1?", (Option("val", "best val_f1?"),), "offline"),
)  # fmt: skip
DECLINED = Reply(
    ASKED, "refuse", "t3", declined=Declined("I only read.", ("how many?",), "offline")
)
REFUSED = Reply(ASKED, "refuse", error=Refused("root.not_allowed", "Only SELECT.", "Ask."))
FAILED = Reply(ASKED, "error", error=QueryFailed("It failed.", "Try again.", reference="ab12"))
NO_STORE = Reply(ASKED, "error", error=WarehouseDown("No store.", "Start it."))


@pytest.mark.parametrize("reply", [CLARIFY, DECLINED, REFUSED, FAILED])
def test_every_key_is_there_however_a_turn_ends(reply: Reply) -> None:
    assert list(wire.reply_object(reply)) == KEYS


def test_an_answers_object_holds_rows_and_where_they_came_from(make_table: MakeTable) -> None:
    found = wire.reply_object(answered(make_table("run:text auc:real", [("a", 0.9), ("b", 0.8)])))
    assert list(found) == KEYS
    assert (found["columns"], found["rows"]) == (["run", "auc"], [["a", 0.9], ["b", 0.8]])
    assert found["chart"]["kind"] == "bar"
    assert (found["store"], found["turn_id"], found["engine"]) == ("prod", "t1", "offline")
    assert found["timings_ms"] == {"run": 1.23}
    assert found["error"] is None


def test_a_question_back_has_its_options() -> None:
    found = wire.reply_object(CLARIFY)
    assert found["headline"] == "Which f1?"
    assert found["options"] == [{"label": "val", "question": "best val_f1?"}]


def test_a_refusal_says_why_and_what_can_be_asked() -> None:
    found = wire.reply_object(DECLINED)
    assert (found["headline"], found["suggestions"]) == ("I only read.", ["how many?"])


def test_an_error_has_three_parts() -> None:
    expected = {"what": "It failed.", "fix": "Try again.", "reference": "ab12"}
    assert wire.reply_object(FAILED)["error"] == expected


def test_a_question_that_never_got_started_has_the_same_keys() -> None:
    found = wire.failed_object(SettingsError("No store.", "Set one."), None)
    assert set(found) == set(KEYS)
    assert found["outcome"] == "error"


@pytest.mark.parametrize(
    ("reply", "code"), [(CLARIFY, 5), (DECLINED, 5), (REFUSED, 5), (FAILED, 1), (NO_STORE, 3)]
)
def test_the_exit_status_says_how_a_turn_ended(reply: Reply, code: int) -> None:
    assert wire.exit_code(reply) == code


def test_an_answer_without_rows_is_a_success(make_table: MakeTable) -> None:
    assert wire.exit_code(answered(make_table("run:text", []))) == 0


def test_lines_are_json_that_any_parser_reads() -> None:
    odd = {"a": [float("nan"), float("inf"), -1.7976931348623157e308], "b": "é\u2028\n😀"}
    text = wire.line(odd)
    assert "\n" not in text

    def no_constants(name: str) -> None:
        raise ValueError(name)

    back = json.loads(text, parse_constant=no_constants)
    assert back["a"] == [None, 1.7976931348623157e308, -1.7976931348623157e308]
    assert back["b"] == odd["b"]


def test_a_prediction_has_its_keys_and_a_reason_where_there_are_no_rows(
    make_table: MakeTable,
) -> None:
    keys = ["id", "outcome", "columns", "rows", "sql", "error", "ms", "engine", "cost"]
    assert list(wire.prediction("q1", FAILED, 3.14159)) == keys
    assert list(wire.bad_prediction("line 3", "No JSON.")) == keys
    assert wire.prediction("q1", CLARIFY, 1)["error"]["what"] == "Which f1?"
    assert wire.prediction("q1", answered(make_table("run:text", [])), 1)["error"] is None


def test_an_approved_statement_is_shown_so_that_it_runs_by_hand() -> None:
    sql = "SELECT name FROM experiments WHERE name IN ('it''s', 'a\\b') AND experiment_id > 1.5"
    shown = wire.approved(sql, approve(sql, SQLITE))["query"]
    with closing(sqlite3.connect(":memory:")) as store:
        store.execute("CREATE TABLE experiments (experiment_id, name)")
        store.executemany("INSERT INTO experiments VALUES (?, ?)", [(2, "it's"), (3, "a\\b")])
        assert {name for (name,) in store.execute(shown)} == {"it's", "a\\b"}


def test_backslashes_are_doubled_where_the_dialect_needs_it() -> None:
    mysql = Policy(default_schema("mysql"), "mysql")
    sql = "SELECT name FROM experiments WHERE name = 'a\\\\b'"
    assert r"'a\\b'" in wire.runnable(approve(sql, mysql))


def test_history_lines_tell_a_turn() -> None:
    turn = Turn("t1", "best run?", NOON, "rows", "kim", row_count=3, headline="3 runs.")
    found = wire.turn_object(turn)
    assert (found["turn_id"], found["asked_at"]) == ("t1", "2026-11-20T12:00:00+00:00")
    assert (found["outcome"], found["row_count"], found["sql"]) == ("rows", 3, None)


def test_history_lines_tell_what_a_turn_cost_and_who_answered_it() -> None:
    turn = Turn("t1", "best run?", NOON, "rows", engine="claude", cost=Cost(1, 2, 3, 0.5))
    found = wire.turn_object(turn)
    assert found["engine"] == "claude"
    assert (found["cost"]["output_tokens"], found["cost"]["usd"]) == (2, 0.5)
