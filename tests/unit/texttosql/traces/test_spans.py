"""A finished turn as a trace: its rooms in their order, and nothing of the rows."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from texttosql.cost import Cost
from texttosql.errors import QueryTooSlow
from texttosql.flow import (
    Answer,
    Clarification,
    Column,
    Declined,
    Draft,
    Option,
    Question,
    Reply,
    ResultTable,
)
from texttosql.traces.spans import Span, Trace, trace_id, trace_of

ENDED = 1_800_000_000_000_000_000
ASKED = Question("best run?", datetime(2026, 11, 20, tzinfo=UTC), "U1", "C1/17", "prod")
SPENT = Cost(100, 20, 900, 0.25, 5, 2, 700.0, "claude-x")
LAPS = {"catalog": 10.0, "run": 30.0, "interpret": 800.0, "guard": 5.0, "tell": 1.0}


def answered(cost: Cost = SPENT) -> Reply:
    """A turn that gave one row."""
    table = ResultTable((Column("run", "text"),), (("secret-cell",),), True, 30.0)
    answer = Answer("1 run.", table, None, (), "SELECT :p0", {}, (), "t", "claude", cost)
    draft = Draft("SELECT 'x'", "t", "claude")
    return Reply(ASKED, "rows", "turn-1", answer=answer, draft=draft, timings_ms=LAPS)


def traced(reply: Reply) -> Trace:
    return trace_of(reply, "turn-1", ENDED)


def length(span: Span) -> float:
    return (span.end_ns - span.start_ns) / 1_000_000


def test_the_rooms_stand_end_to_end_under_the_turn_in_the_order_of_a_walk() -> None:
    whole, *rooms = traced(answered()).spans
    assert [span.name for span in rooms] == [
        "catalog", "interpret", "model", "guard", "run", "tell",
    ]  # fmt: skip
    assert (length(whole), whole.end_ns, whole.parent) == (846, ENDED, None)
    laid = [span for span in rooms if span.parent == 0]
    assert {span.name: length(span) for span in laid} == LAPS
    assert (laid[0].start_ns, laid[-1].end_ns) == (whole.start_ns, whole.end_ns)
    assert all(one.end_ns == other.start_ns for one, other in pairwise(laid))


def test_the_model_stands_inside_the_reading_with_its_tokens_and_price() -> None:
    spans = traced(answered()).spans
    model = next(span for span in spans if span.name == "model")
    assert model.parent is not None
    assert spans[model.parent].name == "interpret"
    assert length(model) == 700
    assert model.attributes["mlflow.llm.model"] == "claude-x"
    assert model.attributes["mlflow.llm.cost"] == {"total_cost": 0.25}
    assert model.attributes["mlflow.chat.tokenUsage"] == {
        "input_tokens": 1_005, "output_tokens": 20, "total_tokens": 1_025,
        "cache_read_input_tokens": 900, "cache_creation_input_tokens": 5,
    }  # fmt: skip


def test_a_model_that_was_waited_for_longer_than_its_room_stays_in_it() -> None:
    spans = traced(answered(Cost(calls=1, model_ms=9_999))).spans
    assert length(next(span for span in spans if span.name == "model")) == 800


def test_where_no_model_was_asked_there_is_none() -> None:
    assert "model" not in [span.name for span in traced(answered(Cost())).spans]


def test_the_turn_tells_question_outcome_headline_sql_and_how_many_rows() -> None:
    trace = traced(answered())
    assert trace.spans[0].inputs == {"question": "best run?"}
    assert trace.spans[0].outputs == {
        "outcome": "rows", "headline": "1 run.", "sql": "SELECT :p0", "row_count": 1,
    }  # fmt: skip
    assert trace.attributes == {
        "tracktalk.turn_id": "turn-1", "tracktalk.outcome": "rows", "tracktalk.store": "prod",
        "tracktalk.engine": "claude", "tracktalk.model": "claude-x", "tracktalk.tokens": "1025",
        "tracktalk.usd": "0.25",
    }  # fmt: skip
    assert trace.session == "C1/17"


def test_no_cell_and_no_asker_leaves_with_it() -> None:
    told = f"{traced(answered())}"
    assert "secret-cell" not in told
    assert "U1" not in told


@pytest.mark.parametrize(
    ("reply", "headline", "failed"),
    [
        (Reply(ASKED, "clarify", "t", clarification=Clarification(
            "Which f1?", (Option("a", "b"),), "offline")), "Which f1?", False),
        (Reply(ASKED, "refuse", "t", declined=Declined("No.", (), "offline")), "No.", False),
        (Reply(ASKED, "error", "t", error=QueryTooSlow("Too slow.", "Narrow it.")),
         "Too slow.", True),
    ],
)  # fmt: skip
def test_a_turn_without_rows_is_a_trace_too(reply: Reply, headline: str, failed: bool) -> None:
    trace = traced(reply)
    assert (trace.spans[0].outputs or {})["headline"] == headline
    assert (trace.failed, trace.spans[0].error) == (failed, "Too slow." if failed else None)


def test_who_knows_a_turn_knows_its_trace() -> None:
    assert trace_id("a") == trace_id("a") != trace_id("b")
    assert trace_id("a").startswith("tr-")
    assert len(trace_id("a")) == 35
