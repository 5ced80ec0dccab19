"""Turns as traces in MLflow, where the setting TRACKTALK_TRACES names a tracking server.

An answer never waits for it and never fails by it: `open_traces()` gives an object whose methods
return at once, and what cannot be delivered is dropped and counted. Only recorder.py knows
MLflow, and imports it in the courier's own thread. It keeps to what the mlflow-tracing
distribution ships (the full mlflow holds the same files), so either may be installed.
"""

from __future__ import annotations

from typing import Protocol

from texttosql.flow import Reply, Verdict


class Tracing(Protocol):
    """Where finished turns, and what people think of them, are told. Nothing here raises."""

    def turn(self, reply: Reply, /) -> None:
        """A turn has ended; one without an id is not kept."""
        ...

    def feedback(
        self, turn_id: str, verdict: Verdict | None, by: str, correction: str | None = None
    ) -> None:
        """What somebody thinks of a turn's answer; the last word counts, None takes it back."""
        ...

    def close(self) -> None:
        """Deliver what is left, within seconds. May be called twice."""
        ...


class NoTraces:
    """`Tracing` where none is wished."""

    def turn(self, reply: Reply, /) -> None:
        """Nothing."""

    def feedback(
        self, turn_id: str, verdict: Verdict | None, by: str, correction: str | None = None
    ) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


def open_traces(uri: str | None, experiment: str = "tracktalk") -> Tracing:
    """Traces in that experiment of an MLflow tracking server; none without an address.

    Nobody is asked and nothing heavy imported before the first turn ends.
    """
    if not uri:
        return NoTraces()
    from texttosql import tracking_uri  # noqa: PLC0415 - most have no traces to pay for
    from texttosql.traces.courier import Traces  # noqa: PLC0415 - as above
    from texttosql.traces.recorder import MLflowRecorder  # noqa: PLC0415 - as above

    recorder = MLflowRecorder(uri, experiment)
    return Traces(recorder, there=lambda: tracking_uri.reachable(uri))
