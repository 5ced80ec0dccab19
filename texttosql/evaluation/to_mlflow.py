"""An evaluation as an MLflow run: what was asked as params, what came of it as metrics and files.

The one file here that knows MLflow, and it is imported only by who asks for such a run. Nothing
of the process's own MLflow state (tracking URI, active experiment or run) is used or changed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from texttosql import tracking_uri, wire
from texttosql.errors import Next, TextToSQLError
from texttosql.evaluation.report import (
    Report,
    as_markdown,
    figures_object,
    miss_object,
)
from texttosql.wire import Json

if TYPE_CHECKING:
    from mlflow import MlflowClient

MOST_METRICS = 1_000  # of one log_batch (mlflow.org/docs, REST API, "Log Batch")
LONGEST_PARAM = 500
_OF_PARTS = {
    "accuracy", "agreement", "precision", "agreement_when_answered", "abstention", "asked",
    "p50_ms", "p95_ms", "tokens", "usd",
}  # fmt: skip
"""What is told of each category and engine; of all together there is more."""


class MLflowDown(TextToSQLError):
    """The tracking server took no run; the report itself is complete without it."""

    next = Next.OPERATOR


def log_run(report: Report, predictions: Sequence[Json], uri: str, experiment: str) -> str:
    """Make one finished run in that experiment, made when there is none; its id.

    Raises MLflowDown when nobody answers there, and MLflow's own errors.
    """
    if not tracking_uri.reachable(uri):
        what = f"Nobody answers at {tracking_uri.shown(uri)}."
        raise MLflowDown(what, "Start the tracking server, or correct --mlflow.")
    tracking_uri.before_importing_mlflow()
    from mlflow import MlflowClient  # noqa: PLC0415 - two seconds, for who asks for a run only

    client = MlflowClient(uri)
    run = client.create_run(
        _experiment(client, experiment), tags=_tags(report), run_name=_name(report)
    )
    ident: str = run.info.run_id
    try:
        _fill(client, ident, report, predictions)
    except BaseException:
        # Whatever stopped it, also Ctrl-C: a run that lacks its files must not look whole.
        client.set_terminated(ident, "FAILED")
        raise
    client.set_terminated(ident)
    return ident


def _experiment(client: MlflowClient, name: str) -> str:
    known = client.get_experiment_by_name(name)
    ident: str = known.experiment_id if known else client.create_experiment(name)
    return ident


def _fill(client: MlflowClient, ident: str, report: Report, predictions: Sequence[Json]) -> None:
    from mlflow.entities import Metric, Param  # noqa: PLC0415 - as above

    now = int(time.time() * 1000)
    metrics = [Metric(key, value, now, 0) for key, value in _metrics(report).items()]
    params = [Param(key, value) for key, value in _params(report).items()]
    client.log_batch(ident, metrics[:MOST_METRICS], params)
    client.log_text(ident, as_markdown(report), "report.md")
    misses = (miss_object(verdict) for verdict in report.misses)
    client.log_text(ident, _lines(misses), "misses.jsonl")
    client.log_text(ident, _lines(predictions), "predictions.jsonl")


def _lines(objects: Iterator[Json] | Sequence[Json]) -> str:
    return "".join(f"{wire.line(each)}\n" for each in objects)


def _name(report: Report) -> str:
    models = ", ".join(report.models)
    return f"{report.asking.engine}: {models}" if models else report.asking.engine


def _tags(report: Report) -> dict[str, str]:
    tags = {"mlflow.source.name": "tracktalk eval", "mlflow.source.type": "JOB"}
    if report.asking.stand_in:
        tags["tracktalk.stand_in"] = report.asking.stand_in
    return tags


def _params(report: Report) -> Mapping[str, str]:
    asking = report.asking
    given = {
        "engine": asking.engine,
        "model": ", ".join(report.models) or None,
        "store": asking.store,
        "questions": asking.file,
        "questions_sha256": asking.digest,
        "now": asking.now,
        "tracktalk_version": asking.version,
    }
    return {key: value[:LONGEST_PARAM] for key, value in given.items() if value is not None}


def _metrics(report: Report) -> Mapping[str, float]:
    """`accuracy` and so on for all; `category/NAME/accuracy` and `engine/NAME/…` for a part."""
    found = dict(_numbers("", figures_object(report.total, report.measure)))
    for kind, groups in (("category", report.categories), ("engine", report.engines)):
        for name, figures in groups.items():
            prefix = f"{kind}/{_key(name)}/"
            part = figures_object(figures, report.measure)
            told = {key: value for key, value in part.items() if key in _OF_PARTS}
            found |= dict(_numbers(prefix, told))
    return found


def _numbers(prefix: str, figures: Json) -> Iterator[tuple[str, float]]:
    for name, value in figures.items():
        if value is not None:
            yield f"{prefix}{name}", float(value)


def _key(name: str) -> str:
    """A name as MLflow takes it in a metric's key."""
    return re.sub(r"[^\w. -]", "_", name, flags=re.ASCII)[:60].strip(". ") or "_"
