"""Writes turns to an MLflow tracking server: the one file of traces that knows MLflow.

A trace is written whole and after the fact, straight to the store of its tracking URI. MLflow's
own tracer is not used: it is one for the process, picks its server from the process's settings,
and flushes at exit for as long as its server lets it wait. So nothing of the process's MLflow
state is used or changed here.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from texttosql import tracking_uri
from texttosql.errors import Next, TextToSQLError
from texttosql.flow import Verdict
from texttosql.traces.spans import Span, Trace, trace_id

if TYPE_CHECKING:
    from mlflow.entities import Assessment, TraceInfo
    from mlflow.tracing.client import TracingClient

VERDICT = "helpful"
"""The name of the assessment: true for 👍, false for 👎; a correction is its rationale."""
LONGEST_PREVIEW = 1_000
_MISSING = {"RESOURCE_DOES_NOT_EXIST", "NOT_FOUND"}


class NotTraced(TextToSQLError):
    """MLflow took no trace; `what` is its reason."""

    next = Next.OPERATOR


class MLflowRecorder:
    """Keeps traces in one experiment, made when there is none. Used by one thread."""

    def __init__(self, uri: str, experiment: str) -> None:
        self._uri, self._experiment = uri, experiment
        self._open: tuple[TracingClient, str] | None = None

    def turn(self, trace: Trace) -> None:
        """Write a trace and its spans. Raises NotTraced."""
        self._try(lambda: self._write(trace))

    def feedback(
        self, turn_id: str, verdict: Verdict | None, by: str, correction: str | None
    ) -> None:
        """The assessment of one person, in place of an earlier one. Raises NotTraced.

        A turn that was never traced has no place for it: nothing happens.
        """
        self._try(lambda: self._assess(turn_id, verdict, by, correction))

    def _try(self, act: Callable[[], None]) -> None:
        tracking_uri.before_importing_mlflow()
        from mlflow.exceptions import MlflowException  # noqa: PLC0415 - seconds, in this thread

        try:
            act()
        except (MlflowException, OSError, NotImplementedError) as error:
            self._open = None  # the experiment may have gone: look for it anew
            reason = f"{error}".partition("\n")[0] or type(error).__name__
            what = f"{reason.rstrip('.')}."
            fix = "Look whether the server of TRACKTALK_TRACES is well."
            raise NotTraced(what, fix) from error

    def _client(self) -> tuple[TracingClient, str]:
        """The client, and the id of the experiment."""
        if self._open is None:
            from mlflow.tracing.client import TracingClient  # noqa: PLC0415 - see above

            client = TracingClient(self._uri)
            known = client.store.get_experiment_by_name(self._experiment)
            ident = known.experiment_id if known else self._made(client)
            self._open = (client, f"{ident}")
        return self._open

    def _made(self, client: TracingClient) -> str:
        ident: str = client.store.create_experiment(self._experiment)
        return ident

    def _write(self, trace: Trace) -> None:
        from mlflow.entities import Span as MLflowSpan  # noqa: PLC0415 - see above

        client, experiment = self._client()
        client.start_trace(_info(trace, experiment))
        ident = trace_id(trace.turn_id)
        told = [
            MLflowSpan.from_dict(_span(span, place, ident))
            for place, span in enumerate(trace.spans)
        ]
        client.log_spans(experiment, told)

    def _assess(
        self, turn_id: str, verdict: Verdict | None, by: str, correction: str | None
    ) -> None:
        client, _ = self._client()
        info = _known(client, trace_id(turn_id))
        if info is None:
            return
        for each in info.assessments:
            if each.assessment_id and _is_verdict_of(each, by):
                client.delete_assessment(info.trace_id, each.assessment_id)
        if verdict is not None:
            client.log_assessment(info.trace_id, _assessment(verdict, by, correction))


def _known(client: TracingClient, ident: str) -> TraceInfo | None:
    from mlflow.exceptions import MlflowException  # noqa: PLC0415 - see above

    try:
        return client.get_trace_info(ident)
    except MlflowException as error:
        if error.error_code in _MISSING:
            return None
        raise


def _is_verdict_of(assessment: Assessment, by: str) -> bool:
    source = assessment.source
    return assessment.name == VERDICT and source is not None and source.source_id == by


def _assessment(verdict: Verdict, by: str, correction: str | None) -> Assessment:
    from mlflow.entities import AssessmentSource, Feedback  # noqa: PLC0415 - see above

    source = AssessmentSource(source_type="HUMAN", source_id=by)
    now = int(time.time() * 1000)
    return Feedback(
        VERDICT, verdict == "up", source=source, rationale=correction,
        create_time_ms=now, last_update_time_ms=now,
    )  # fmt: skip


def _info(trace: Trace, experiment: str) -> TraceInfo:
    from mlflow.entities import TraceInfo, TraceLocation, TraceState  # noqa: PLC0415 - see above

    whole = trace.spans[0]
    metadata = dict(trace.attributes)
    if trace.session is not None:
        metadata["mlflow.trace.session"] = trace.session
    return TraceInfo(
        trace_id=trace_id(trace.turn_id),
        trace_location=TraceLocation.from_experiment_id(experiment),
        request_time=whole.start_ns // 1_000_000,
        execution_duration=(whole.end_ns - whole.start_ns) // 1_000_000,
        state=TraceState.ERROR if trace.failed else TraceState.OK,
        request_preview=_json(whole.inputs)[:LONGEST_PREVIEW],
        response_preview=_json(whole.outputs)[:LONGEST_PREVIEW],
        client_request_id=trace.turn_id,
        trace_metadata=metadata,
        tags={"mlflow.traceName": whole.name},
    )


def _span(span: Span, place: int, ident: str) -> dict[str, Any]:  # Any: JSON values
    """As MLflow writes a span down (its v3 form): base64 ids, each attribute JSON of its own."""
    attributes: dict[str, Any] = {
        "mlflow.traceRequestId": ident,
        "mlflow.spanType": span.kind,
        **span.attributes,
    }
    if span.inputs is not None:
        attributes["mlflow.spanInputs"] = span.inputs
    if span.outputs is not None:
        attributes["mlflow.spanOutputs"] = span.outputs
    code = "STATUS_CODE_ERROR" if span.error else "STATUS_CODE_OK"
    return {
        "trace_id": _base64(bytes.fromhex(ident.removeprefix("tr-"))),
        "span_id": _span_id(place),
        "parent_span_id": None if span.parent is None else _span_id(span.parent),
        "name": span.name,
        "start_time_unix_nano": span.start_ns,
        "end_time_unix_nano": span.end_ns,
        "events": [],
        "status": {"code": code, "message": span.error or ""},
        "attributes": {key: _json(value) for key, value in attributes.items()},
        "links": [],
    }


def _span_id(place: int) -> str:
    """Unique within its trace, which is all that is asked of it; 0 is no valid id."""
    return _base64((place + 1).to_bytes(8, "big"))


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
