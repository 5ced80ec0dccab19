"""An evaluation as a run of a real tracking store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.texttosql.evaluation.verdicts import asked, report, verdict
from texttosql.cost import Cost
from texttosql.errors import TextToSQLError
from texttosql.evaluation.score import Given, judge
from texttosql.evaluation.to_mlflow import log_run

if TYPE_CHECKING:
    from mlflow import MlflowClient

# MLflow's own use of SQLAlchemy is nothing that a test here could mend.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
SPENT = Cost(900, 100, usd=0.5, calls=1, model="claude-x")
RIGHT = verdict("rows", "rows", right=True, ms=10.0, engine="claude", cost=SPENT)
MISSED = judge(asked(gold="…", category="odd/na:me"), Given("rows", ("n",), ((2,),)), [[(1,)]])


@pytest.fixture
def client(sqlite_store: Path, monkeypatch: pytest.MonkeyPatch) -> MlflowClient:
    """A tracking store of the test's own; what MLflow keeps by default is in a folder beside it."""
    from mlflow import MlflowClient  # noqa: PLC0415 - seconds that collecting tests must not cost

    elsewhere = sqlite_store.parent / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    return MlflowClient(f"sqlite:///{sqlite_store}")


def test_a_run_holds_what_was_asked_what_came_of_it_and_the_misses(client: MlflowClient) -> None:
    lines = [{"id": "q", "outcome": "rows"}]
    ident = log_run(report(RIGHT, MISSED), lines, client.tracking_uri, "quality")
    run = client.get_run(ident)
    experiment = client.get_experiment_by_name("quality")
    assert experiment is not None
    assert (run.info.experiment_id, run.info.status) == (experiment.experiment_id, "FINISHED")
    assert run.data.params == {
        "engine": "claude", "model": "claude-x", "store": "prod", "questions": "q.jsonl",
        "questions_sha256": "0" * 64, "tracktalk_version": "1.0",
    }  # fmt: skip
    told = run.data.metrics
    assert (told["accuracy"], told["precision"], told["usd"], told["tokens"]) == (
        0.5,
        0.5,
        0.5,
        1000,
    )
    assert (told["p50_ms"], told["p95_ms"], told["abstention"]) == (10, 10, 0)
    assert (told["category/top/accuracy"], told["engine/claude/usd"]) == (1, 0.5)
    assert told["category/odd_na_me/accuracy"] == 0
    files = {file.path for file in client.list_artifacts(ident)}
    assert files == {"misses.jsonl", "report.md", "predictions.jsonl"}
    misses = Path(client.download_artifacts(ident, "misses.jsonl")).read_text()
    assert json.loads(misses)["expected"] == [[1]]


def test_a_second_run_goes_into_the_same_experiment(client: MlflowClient) -> None:
    first, second = (log_run(report(RIGHT), [], client.tracking_uri, "quality") for _ in range(2))
    assert client.get_run(first).info.experiment_id == client.get_run(second).info.experiment_id


def test_a_stand_ins_run_has_no_accuracy(client: MlflowClient) -> None:
    stood_in = report(RIGHT, stand_in="http://127.0.0.1:8900")
    run = client.get_run(log_run(stood_in, [], client.tracking_uri, "quality"))
    assert run.data.tags["tracktalk.stand_in"] == "http://127.0.0.1:8900"
    assert run.data.metrics["agreement"] == 1
    assert [name for name in run.data.metrics if "accuracy" in name or "precision" in name] == []


def test_mlflows_own_state_stays_as_it_was(client: MlflowClient) -> None:
    import mlflow  # noqa: PLC0415 - as above

    before = mlflow.get_tracking_uri()
    log_run(report(RIGHT), [], client.tracking_uri, "quality")
    assert client.tracking_uri != before
    assert (mlflow.get_tracking_uri(), mlflow.active_run()) == (before, None)


def test_a_run_that_cannot_be_filled_does_not_look_whole(
    client: MlflowClient, sqlite_store: Path
) -> None:
    (sqlite_store.parent / "elsewhere" / "mlruns").write_text(
        "no folder: nothing can be kept in it"
    )
    with pytest.raises((OSError, TextToSQLError)):
        log_run(report(RIGHT), [], client.tracking_uri, "quality")
    experiment = client.get_experiment_by_name("quality")
    assert experiment is not None
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.info.status == "FAILED"


def test_nobody_there_is_told_at_once() -> None:
    with pytest.raises(TextToSQLError, match=r"Nobody answers at http://127\.0\.0\.1:9"):
        log_run(report(RIGHT), [], "http://127.0.0.1:9", "quality")
