"""Traces in a real tracking store: what MLflow's own client reads back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from texttosql.cost import Cost
from texttosql.errors import QueryTooSlow
from texttosql.flow import Answer, Column, Draft, Question, Reply, ResultTable
from texttosql.traces import open_traces
from texttosql.traces.recorder import MLflowRecorder, NotTraced
from texttosql.traces.spans import trace_id, trace_of

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Trace

# MLflow's own use of SQLAlchemy is nothing that a test here could mend.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

ASKED = Question("best run?", datetime(2026, 11, 20, tzinfo=UTC), "U1", "C1/17", "prod")
SPENT = Cost(100, 20, 900, 0.25, 5, 2, 700.0, "claude-x")
ENDED = 1_800_000_000_000_000_000


@pytest.fixture
def client(sqlite_store: Path, monkeypatch: pytest.MonkeyPatch) -> MlflowClient:
    """A tracking store of the test's own; what MLflow keeps by default is in a folder beside it."""
    from mlflow import MlflowClient  # noqa: PLC0415 - seconds that collecting tests must not cost

    elsewhere = sqlite_store.parent / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    return MlflowClient(f"sqlite:///{sqlite_store}")


@pytest.fixture
def recorder(client: MlflowClient) -> MLflowRecorder:
    """One that writes there."""
    return MLflowRecorder(client.tracking_uri, "tracktalk")


def answered(turn_id: str = "turn-1") -> Reply:
    """A turn that gave a row."""
    table = ResultTable((Column("run", "text"),), (("secret-cell",),), False, 30.0)
    answer = Answer("1 run – è.", table, None, (), "SELECT 1", {}, (), "t", "claude", SPENT)
    laps = {"catalog": 10.0, "interpret": 800.0, "guard": 5.0, "run": 30.0, "tell": 1.0}
    draft = Draft("SELECT 1", "t", "claude")
    return Reply(ASKED, "rows", turn_id, answer=answer, draft=draft, timings_ms=laps)


def read(client: MlflowClient, condition: str = "") -> list[Trace]:
    """The traces there."""
    experiment = client.get_experiment_by_name("tracktalk")
    assert experiment is not None
    ids = [experiment.experiment_id]
    return list(client.search_traces(locations=ids, filter_string=condition or None))


def test_a_turn_is_one_trace_with_its_rooms(client: MlflowClient) -> None:
    traces = open_traces(client.tracking_uri)
    traces.turn(answered())
    traces.close()
    (trace,) = read(client)
    assert [span.name for span in trace.data.spans] == [
        "ask", "catalog", "interpret", "model", "guard", "run", "tell",
    ]  # fmt: skip
    whole, *rooms = trace.data.spans
    names = {span.span_id: span.name for span in trace.data.spans}
    assert {names[room.parent_id or ""] for room in rooms} == {"ask", "interpret"}
    assert whole.inputs == {"question": "best run?"}
    assert whole.outputs["headline"] == "1 run – è."
    assert whole.attributes["tracktalk.tokens"] == 1025
    assert (trace.info.state, trace.info.execution_duration) == ("OK", 846)
    assert trace.info.token_usage == {
        "input_tokens": 1_005, "output_tokens": 20, "total_tokens": 1_025,
        "cache_read_input_tokens": 900, "cache_creation_input_tokens": 5,
    }  # fmt: skip
    assert "secret-cell" not in trace.to_json()


def test_a_trace_is_found_by_turn_and_by_thread(
    client: MlflowClient, recorder: MLflowRecorder
) -> None:
    for turn_id in ("turn-1", "turn-2"):
        recorder.turn(trace_of(answered(turn_id), turn_id, ENDED))
    (found,) = read(client, "metadata.`tracktalk.turn_id` = 'turn-2'")
    assert (found.info.trace_id, found.info.client_request_id) == (trace_id("turn-2"), "turn-2")
    assert len(read(client, "metadata.`mlflow.trace.session` = 'C1/17'")) == 2


def test_a_failed_turn_is_a_failed_trace(client: MlflowClient, recorder: MLflowRecorder) -> None:
    failed = Reply(ASKED, "error", "turn-1", error=QueryTooSlow("Too slow.", "Narrow it."))
    recorder.turn(trace_of(failed, "turn-1", ENDED))
    (trace,) = read(client)
    assert trace.info.state == "ERROR"
    assert trace.data.spans[0].status.description == "Too slow."


def test_a_turn_that_is_told_twice_is_one_trace(
    client: MlflowClient, recorder: MLflowRecorder
) -> None:
    for _ in range(2):
        recorder.turn(trace_of(answered(), "turn-1", ENDED))
    (trace,) = read(client)
    assert len(trace.data.spans) == 7


def test_everyones_last_word_is_an_assessment_of_the_trace(
    client: MlflowClient, recorder: MLflowRecorder
) -> None:
    recorder.turn(trace_of(answered(), "turn-1", ENDED))
    recorder.feedback("turn-1", "up", "U1", None)
    recorder.feedback("turn-1", "down", "U1", "I meant val_f1")
    recorder.feedback("turn-1", "up", "U2", None)
    (trace,) = read(client)
    told = {
        (each.name, each.source.source_id, each.feedback.value, each.rationale)
        for each in trace.info.assessments
        if each.source and each.feedback
    }
    assert told == {("helpful", "U1", False, "I meant val_f1"), ("helpful", "U2", True, None)}
    recorder.feedback("turn-1", None, "U1", None)
    (trace,) = read(client)
    assert [each.source.source_id for each in trace.info.assessments if each.source] == ["U2"]


def test_what_people_think_of_a_turn_that_was_never_traced_is_no_outage(
    client: MlflowClient, recorder: MLflowRecorder
) -> None:
    recorder.feedback("never", "up", "U1", None)
    assert read(client) == []


def test_an_experiment_that_is_taken_away_is_made_anew(
    client: MlflowClient, recorder: MLflowRecorder
) -> None:
    recorder.turn(trace_of(answered(), "turn-1", ENDED))
    experiment = client.get_experiment_by_name("tracktalk")
    assert experiment is not None
    client.rename_experiment(experiment.experiment_id, "put away")
    client.delete_experiment(experiment.experiment_id)
    with pytest.raises(NotTraced):
        recorder.turn(trace_of(answered("turn-2"), "turn-2", ENDED))
    recorder.turn(trace_of(answered("turn-3"), "turn-3", ENDED))
    assert [trace.info.client_request_id for trace in read(client)] == ["turn-3"]


def test_what_mlflow_turns_down_is_told_in_a_sentence_and_tried_anew(
    client: MlflowClient, recorder: MLflowRecorder
) -> None:
    ident = client.create_experiment("tracktalk")
    client.delete_experiment(ident)
    with pytest.raises(NotTraced, match=r"active"):
        recorder.turn(trace_of(answered(), "turn-1", ENDED))
    client.restore_experiment(ident)
    recorder.turn(trace_of(answered(), "turn-1", ENDED))
    assert len(read(client)) == 1


def test_mlflows_own_state_stays_as_it_was(client: MlflowClient, recorder: MLflowRecorder) -> None:
    import mlflow  # noqa: PLC0415 - as above

    before = mlflow.get_tracking_uri()
    recorder.turn(trace_of(answered(), "turn-1", ENDED))
    assert client.tracking_uri != before
    assert mlflow.get_tracking_uri() == before
    assert mlflow.get_active_trace_id() is None
    assert mlflow.get_last_active_trace_id() is None
