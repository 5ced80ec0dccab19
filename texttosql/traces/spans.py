"""A finished turn as a trace: what it was asked, how it ended, and how long each room took.

Pure: no clock, no MLflow. Never a cell of the result: its number of rows and the headline that
everybody in the channel has read are all that is told of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from texttosql.cost import Cost
from texttosql.flow import Reply
from texttosql.wire import engine, headline

Json = Mapping[str, Any]  # Any: JSON values

ROOMS = ("catalog", "interpret", "guard", "run", "tell")
"""The laps of a turn in their usual order; each is its own time, without what it called."""
_KINDS = {"catalog": "RETRIEVER", "interpret": "CHAIN", "guard": "GUARDRAIL", "run": "TOOL"}
_NS = 1_000_000  # nanoseconds of a millisecond


@dataclass(frozen=True, slots=True)
class Span:
    """A room of the turn. `parent` is the place of the span around it, None for the turn itself.

    `kind` is one of MLflow's span types; times are nanoseconds since 1970; `error` says what
    went wrong in it.
    """

    name: str
    kind: str
    start_ns: int
    end_ns: int
    parent: int | None
    inputs: Json | None = None
    outputs: Json | None = None
    attributes: Json = field(default_factory=dict)
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """A turn. `spans[0]` is the whole of it; `session` is the thread that it belongs to."""

    turn_id: str
    session: str | None
    failed: bool
    attributes: Mapping[str, str]
    spans: tuple[Span, ...]


def trace_id(turn_id: str) -> str:
    """The id of a turn's trace: made from its own, so that who knows one knows the other."""
    return "tr-" + hashlib.blake2b(turn_id.encode(), digest_size=16).hexdigest()


def trace_of(reply: Reply, turn_id: str, ended_ns: int) -> Trace:
    """The trace of a turn that ended just now.

    Its rooms' laps are laid end to end up to that moment: a turn runs in one thread.
    """
    laps = {name: int(ms * _NS) for name, ms in _ordered(reply.timings_ms)}
    begun = ended_ns - sum(laps.values())
    failed = reply.outcome == "error"
    whole = Span(
        "ask", "AGENT", begun, ended_ns, None,
        {"question": reply.question.text}, _outputs(reply), _attributes(reply),
        reply.error.what if failed and reply.error else None,
    )  # fmt: skip
    told = {key: str(value) for key, value in _attributes(reply).items()}
    spans = (whole, *_rooms(reply, laps, begun))
    return Trace(turn_id, reply.question.thread, failed, told, spans)


def _ordered(laps: Mapping[str, float]) -> list[tuple[str, float]]:
    """In the order of the rooms; a lap nobody here knows comes last. None is below 0."""
    places = {name: place for place, name in enumerate(ROOMS)}
    named = sorted(laps.items(), key=lambda lap: places.get(lap[0], len(ROOMS)))
    return [(name, max(0.0, ms)) for name, ms in named]


def _rooms(reply: Reply, laps: Mapping[str, int], begun: int) -> Iterator[Span]:
    at, place = begun, 1
    for name, length in laps.items():
        kind = _KINDS.get(name, "CHAIN")
        yield Span(name, kind, at, at + length, 0, outputs=_made_in(name, reply))
        place += 1
        if name == "interpret" and reply.cost.calls:
            spent = min(length, int(reply.cost.model_ms * _NS))
            yield _model(reply.cost, at + length - spent, at + length, place - 1)
            place += 1
        at += length


def _model(cost: Cost, start: int, end: int, parent: int) -> Span:
    """What was waited for the model, all its calls together."""
    read = cost.input_tokens + cost.cached_tokens + cost.written_tokens
    usage = {
        "input_tokens": read,
        "output_tokens": cost.output_tokens,
        "total_tokens": read + cost.output_tokens,
        "cache_read_input_tokens": cost.cached_tokens,
        "cache_creation_input_tokens": cost.written_tokens,
    }
    attributes = {
        "mlflow.chat.tokenUsage": usage,
        "mlflow.llm.cost": {"total_cost": cost.usd},
        "mlflow.llm.model": cost.model or "unknown",
        "tracktalk.calls": cost.calls,
    }
    return Span("model", "CHAT_MODEL", start, end, parent, attributes=attributes)


def _made_in(room: str, reply: Reply) -> Json | None:
    """What a room handed on."""
    answer = reply.answer
    if room == "interpret":
        return {"sql": reply.draft.sql if reply.draft else None, "engine": engine(reply)}
    if room == "guard" and answer:
        return {"sql": answer.sql}
    if room == "run" and answer:
        return {"row_count": len(answer.table.rows), "truncated": answer.table.truncated}
    return {"headline": answer.headline} if room == "tell" and answer else None


def _outputs(reply: Reply) -> Json:
    answer = reply.answer
    return {
        "outcome": reply.outcome,
        "headline": headline(reply),
        "sql": answer.sql if answer else reply.draft.sql if reply.draft else None,
        "row_count": len(answer.table.rows) if answer else None,
    }


def _attributes(reply: Reply) -> Json:
    cost = reply.cost
    tokens = cost.input_tokens + cost.cached_tokens + cost.written_tokens + cost.output_tokens
    told = {
        "tracktalk.turn_id": reply.turn_id,
        "tracktalk.outcome": reply.outcome,
        "tracktalk.store": reply.question.store,
        "tracktalk.engine": engine(reply),
        "tracktalk.model": cost.model,
        "tracktalk.tokens": tokens,
        "tracktalk.usd": cost.usd,
    }
    return {key: value for key, value in told.items() if value is not None}
