"""A store filled through MLflow's own interfaces: traces, judgements, prompts, data sets and more.

Run as a program, for MLflow takes seconds to load and keeps its settings for a whole process.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.support.stores import new_sqlite_store

_SETTINGS = {
    "MLFLOW_ENABLE_ASYNC_TRACE_LOGGING": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true",  # no name is looked up
    "MLFLOW_CRYPTO_KEK_PASSPHRASE": "a passphrase of this test alone",
}


def genai_store(path: Path) -> Path:
    """Write a new store to `path`."""
    new_sqlite_store(path)
    command = [sys.executable, "-m", "tests.support.genai_store", str(path)]
    done = subprocess.run(  # noqa: S603 - our own interpreter
        command, check=False, capture_output=True, text=True, env=os.environ | _SETTINGS,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert not done.returncode, done.stderr[-3000:]
    with closing(sqlite3.connect(path)) as store:
        _old_trace(store)
        store.commit()
    return path


def _old_trace(store: sqlite3.Connection) -> None:
    """As MLflow 2 kept one: no preview, and its spans in a bucket that nobody reaches from here."""
    store.execute(
        "INSERT INTO trace_info (request_id, experiment_id, timestamp_ms, status)"
        " VALUES ('old', 1, 1700000000000, 'OK')"
    )
    rows = [("mlflow.artifactLocation", "s3://nobodys-bucket/1/traces/old/artifacts"), ("k", "v")]
    store.executemany("INSERT INTO trace_tags (request_id, key, value) VALUES ('old', ?, ?)", rows)


def main(path: str) -> None:
    """Fill the store."""
    import mlflow  # noqa: PLC0415  # costs seconds

    mlflow.set_tracking_uri(f"sqlite:///{path}")
    client = mlflow.MlflowClient()
    experiment = client.create_experiment("agents", artifact_location=f"{path}-artifacts")
    mlflow.set_experiment(experiment_id=experiment)
    traces = _traces(mlflow)
    with mlflow.start_run() as run:
        traces += _traces(mlflow)
        _model(mlflow)
    client.link_traces_to_run(traces[:2], run.info.run_id)
    _judged(mlflow, traces[0])
    _prompts(mlflow)
    dataset = mlflow.genai.datasets.create_dataset(name="golden", experiment_id=[experiment])
    dataset.merge_records(
        [{"inputs": {"question": f"why {n}?"}, "expectations": {"answer": n}} for n in range(3)]
    )
    _around(client, experiment)


def _traces(mlflow: Any) -> list[str]:  # Any: the module, whose types are not there
    """One with a child and a session, and one that failed."""

    @mlflow.trace(span_type="CHAIN", attributes={"k": [1, {"ü": None}]})  # type: ignore[untyped-decorator]  # it is Any
    def ask(question: str) -> str:
        mlflow.update_current_trace(
            tags={"team": "ünï 🚀"},
            metadata={"mlflow.trace.session": "s-1", "mlflow.trace.user": "alice"},
        )
        with mlflow.start_span("child", span_type="LLM") as span:
            span.set_inputs({"prompt": question})
            span.set_outputs({"tokens": [0.1, 0.2]})
        return question.upper()

    @mlflow.trace  # type: ignore[untyped-decorator]  # same
    def fail() -> None:
        raise ValueError("no")  # noqa: EM101  # what a user's function does

    ask("why?")
    found = [mlflow.get_last_active_trace_id()]
    try:
        fail()
    except ValueError:
        found.append(mlflow.get_last_active_trace_id())
    return found


def _model(mlflow: Any) -> None:  # Any: as above
    model = mlflow.initialize_logged_model(name="agent", params={"lr": "1"}, tags={"t": "u"})
    mlflow.log_metric("accuracy", 0.1 + 0.2, step=1, model_id=model.model_id)
    mlflow.finalize_logged_model(model.model_id, "READY")


def _judged(mlflow: Any, trace: str) -> None:  # Any: as above
    mlflow.log_feedback(trace_id=trace, name="good", value=True, rationale="because ß")
    mlflow.log_expectation(trace_id=trace, name="answer", value={"a": [1, None]})


def _prompts(mlflow: Any) -> None:  # Any: as above
    for number in range(2):
        mlflow.genai.register_prompt(
            name="greet", template=f"{number} {{{{name}}}}!", tags={"a": "b"}
        )
    mlflow.genai.set_prompt_alias("greet", alias="live", version=1)


def _around(client: Any, experiment: str) -> None:  # Any: as above
    from mlflow.entities import (  # noqa: PLC0415  # as above
        GatewayEndpointModelConfig,
        GatewayModelLinkageType,
    )
    from mlflow.genai.scorers import Guidelines  # noqa: PLC0415  # as above

    store = client._tracking_client.store  # noqa: SLF001  # MLflow has no other way but its server
    Guidelines(name="polite", guidelines="Be polite.").register(experiment_id=experiment)
    client.create_webhook("hook", "https://example.org/hook", ["registered_model.created"])
    secret = store.create_gateway_secret("key", {"api_key": "sk-none"}, provider="openai")
    model = store.create_gateway_model_definition("m", secret.secret_id, "openai", "a-model")
    config = GatewayEndpointModelConfig(
        model_definition_id=model.model_definition_id,
        linkage_type=GatewayModelLinkageType.PRIMARY,
    )
    store.create_gateway_endpoint("chat", [config])


if __name__ == "__main__":
    main(sys.argv[1])
