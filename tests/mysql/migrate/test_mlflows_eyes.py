"""What a verification sees through MLflow: traces with their spans and judgements, and the rest."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.genai_store import genai_store
from tests.support.moving import Mover
from tests.support.own_stores import changing
from tracking.migrate.verify.findings import Finding, Proof
from tracking.migrate.verify.verify import Terms

MakeMover = Callable[..., Mover]

WITH_MLFLOW = Terms()
CHANGES = {
    "trace_tags": "UPDATE trace_tags SET value = 'else' WHERE `key` = 'team' LIMIT 1",
    "assessments": "UPDATE assessments SET rationale = 'else' WHERE name = 'good'",
    "spans": "UPDATE spans SET content = REPLACE(content, '0.2', '0.3') WHERE name = 'child'",
    "trace_request_metadata": "UPDATE trace_request_metadata SET value = 'else'"
    " WHERE `key` = 'mlflow.trace.user' LIMIT 1",
    "trace_info": "UPDATE trace_info SET session_id = 's-2' WHERE session_id = 's-1' LIMIT 1",
    "entity_associations": "DELETE FROM entity_associations WHERE destination_type = 'experiment'",
    "evaluation_dataset_records": "UPDATE evaluation_dataset_records"
    ' SET inputs = \'{"question": "else"}\' LIMIT 1',
    "scorer_versions": 'UPDATE scorer_versions SET serialized_scorer = \'{"name": "else"}\'',
    "webhooks": "UPDATE webhooks SET url = 'https://else.example'",
    "model_version_tags": "UPDATE model_version_tags SET value = 'else'"
    " WHERE `key` = 'mlflow.prompt.text' LIMIT 1",
    "model_definitions": "UPDATE model_definitions SET model_name = 'else'",
    "logged_model_metrics": "UPDATE logged_model_metrics SET metric_value = 0.3",
}
SECTION = {
    "trace_tags": "traces",
    "assessments": "traces",
    "spans": "traces",
    "trace_request_metadata": "traces",
    "trace_info": "traces",
    "entity_associations": "evaluation datasets",
    "evaluation_dataset_records": "evaluation datasets",
    "scorer_versions": "scorers",
    "webhooks": "webhooks",
    "model_version_tags": "prompts",
    "model_definitions": "gateway",
    "logged_model_metrics": "logged models",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What MLflow itself has filled; never write to it."""
    return genai_store(tmp_path_factory.mktemp("genai") / "mlflow.db")


def _through_mlflow(proof: Proof) -> list[Finding]:
    return [finding for finding in proof.findings if finding.check == "through MLflow"]


def test_all_that_mlflow_shows_is_the_same_after_a_move(filled: Path, mover: MakeMover) -> None:
    proof = mover(filled).run(WITH_MLFLOW)

    assert proof is not None
    assert proof.findings == ()
    checks = {check.name: check for check in proof.checks}
    assert checks["write test"].ok
    assert "5 traces (1 without spans: those are artifacts)" in checks["through MLflow"].covered


def test_each_change_in_the_target_is_seen_through_mlflow_too(
    filled: Path, mover: MakeMover
) -> None:
    move = mover(filled)
    move.run()
    for table, change in CHANGES.items():
        before = move.ask(f"CHECKSUM TABLE {table}")
        move.ask(change)
        assert move.ask(f"CHECKSUM TABLE {table}") != before, table

    proof = move.verify(WITH_MLFLOW)

    by_rows = {finding.subject for finding in proof.findings if finding.check == "rows"}
    assert by_rows == set(CHANGES)
    assert {finding.subject for finding in _through_mlflow(proof)} == set(SECTION.values())


@pytest.mark.parametrize("table", ["trace_tags", "assessments", "spans"])
def test_a_changed_tag_judgement_or_span_is_shown_with_its_trace(
    table: str, filled: Path, mover: MakeMover
) -> None:
    move = mover(filled)
    move.run()
    move.ask(CHANGES[table])

    found = _through_mlflow(move.verify(WITH_MLFLOW))

    assert {finding.subject for finding in found} == {"traces"}
    assert all(finding.what.startswith("tr-") for finding in found)
    assert all("else" in finding.found or "0.3" in finding.found for finding in found)


def test_what_mlflow_cannot_show_on_either_side_is_told_and_is_no_difference(
    filled: Path, mover: MakeMover, tmp_path: Path
) -> None:
    odd = Path(shutil.copy(filled, tmp_path / "odd.db"))
    with changing(odd) as store:
        store.execute("UPDATE scorer_versions SET serialized_scorer = '{}'")

    proof = mover(odd).run(WITH_MLFLOW)

    assert proof is not None
    assert proof.ok, proof.findings
    (told,) = (check for check in proof.checks if check.name == "1 by rows only")
    assert told.ok is None
    assert "scorers" in told.covered


def test_a_run_can_be_written_where_no_experiment_has_a_place_for_artifacts(
    filled: Path, mover: MakeMover, tmp_path: Path
) -> None:
    bare = Path(shutil.copy(filled, tmp_path / "bare.db"))
    with changing(bare) as store:
        store.execute("UPDATE experiments SET artifact_location = NULL")
    move = mover(bare)

    proof = move.run(WITH_MLFLOW)

    assert proof is not None
    assert proof.ok, proof.findings
    assert {check.name: check.ok for check in proof.checks}["write test"] is True
    assert move.ask("SELECT COUNT(*) FROM runs") == ((1,),)
