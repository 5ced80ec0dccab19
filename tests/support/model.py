"""A stand-in for Claude that says what a test has written down, over real HTTP.

    with scripted([{"kind": "sql", "sql": "SELECT 1", "title": "one"}]) as model:
        ... Settings with model.base_url, or model.settings() ...
        assert model.requests[0].messages[-1]["text"] == "how many runs?"

A script is a list with one entry for each request, or one function for all of them. An entry
is the object to answer with, raw text (for what is no JSON), or one of the faults below; or a
function of the request that gives one of these. A request beyond the list gets a 500, unless
the list ends with an HTTP status: that goes on.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr
from starlette.types import ASGIApp, Receive, Scope, Send

from texttosql.claude.api import providers
from texttosql.model_settings import Effort, ModelSettings
from texttosql.relay.asked import STATUS, Answer, Asked, Trouble
from texttosql.relay.server import app, serving

KEY = "sk-ant-test-0123456789"


@dataclass(frozen=True)
class Badly:
    """An entry that arrives badly: `late` seconds, byte by byte, only in part, or not at all.

    Of a stream, `events` come, and `tail` in place of the rest. Then it hangs up, or just hangs.
    """

    entry: Plain
    late: float = 0.0
    every: float = 0.0
    events: int | None = None
    tail: bytes | None = None
    unanswered: bool = False
    hangs_up: bool = False


Plain = Mapping[str, Any] | str | Answer | Trouble  # Any: JSON
Entry = Plain | Badly
Script = Sequence[Entry | Callable[[Asked], Entry]] | Callable[[Asked], Entry]

DECLINED: Mapping[str, Any] = {"kind": "declined", "reason": "no"}


def status(code: int, *, retry_after: float | None = None) -> Trouble:
    """An error of that HTTP status."""
    kind = next((kind for kind, known in STATUS.items() if known == code), "api_error")
    said = "the provider's own words, with a secret: api_key=hunter22"
    return Trouble(kind, said, status=code, retry_after=retry_after)


def refusal(category: str | None = "frontier_llm") -> Answer:
    """The model will not answer."""
    return Answer("", "refusal", category)


def out_of_tokens(text: str = '{"kind": "sq') -> Answer:
    """An answer that ended at max_tokens."""
    return Answer(text, "max_tokens")


def late(entry: Plain, seconds: float) -> Badly:
    """Comes after so long."""
    return Badly(entry, late=seconds)


def silence() -> Badly:
    """The request is taken, and nothing comes."""
    return Badly(DECLINED, unanswered=True)


def stalled(entry: Plain = DECLINED, events: int = 1) -> Badly:
    """So many events of the stream come, then nothing more."""
    return Badly(entry, events=events)


def cut(entry: Plain = DECLINED, events: int = 1) -> Badly:
    """So many events of the stream come, then the connection breaks."""
    return Badly(entry, events=events, hangs_up=True)


def hung_up() -> Badly:
    """The connection breaks before any answer."""
    return Badly(DECLINED, unanswered=True, hangs_up=True)


def dripping(entry: Plain = DECLINED, every: float = 0.05) -> Badly:
    """Every byte of the body comes alone, after so many seconds."""
    return Badly(entry, every=every)


def error_in_stream(kind: str = "overloaded_error") -> Badly:
    """The answer begins, and then says that it failed."""
    told = json.dumps({"type": "error", "error": {"type": kind, "message": "its own words"}})
    return Badly(DECLINED, events=1, tail=f"event: error\ndata: {told}\n\n".encode())


def garbled() -> Badly:
    """The answer begins, and then is no JSON any more."""
    return Badly(DECLINED, events=1, tail=b"event: message_delta\ndata: {oops\n\n")


def something_else() -> Badly:
    """A page of some other program comes, as from a proxy that wants a login."""
    return Badly(DECLINED, events=0, tail=b"<html>Welcome to this network</html>")


class Stage:
    """What the test talks to: the address, and every request that was taken, in order."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._badly: dict[str, Badly] = {}
        self.over = False
        self.requests: list[Asked] = []
        self.base_url = ""

    def settings(self, *, name: str = "claude-sonnet-5-5", effort: Effort = "low",
                 deadline: float = 25.0) -> ModelSettings:  # fmt: skip
        """Settings that lead here."""
        return ModelSettings(
            name=name, effort=effort, deadline=deadline, key=SecretStr(KEY), base_url=self.base_url
        )

    @property
    def environ(self) -> dict[str, str]:
        """Variables that lead here."""
        return {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": self.base_url}

    async def answer(self, asked: Asked, /) -> Answer:
        """`relay.asked.Answerer`: the next entry of the script."""
        self.requests.append(asked)
        entry = self._entry(asked)
        if isinstance(entry, Badly):
            self._badly[asked.id] = entry
            entry = entry.entry
        if isinstance(entry, Trouble):
            raise entry
        if isinstance(entry, Answer):
            return entry
        return Answer(entry if isinstance(entry, str) else json.dumps(entry))

    def _entry(self, asked: Asked) -> Entry:
        if callable(self._script):
            return self._script(asked)
        place = len(self.requests) - 1
        if place < len(self._script):
            entry = self._script[place]
        else:
            entry = self._script[-1] if isinstance(self._script[-1], Trouble) else status(500)
        return entry(asked) if callable(entry) else entry

    def badly(self, request_id: str) -> Badly | None:
        """How the answer to this request is to arrive, if not well."""
        return self._badly.get(request_id)


class _Unruly:
    """ASGI around the server: lets answers arrive as badly as the script says."""

    def __init__(self, inner: ASGIApp, stage: Stage) -> None:
        self._inner, self._stage = inner, stage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: MutableMapping[str, Any] = {}  # Any: ASGI's own type of a message

        async def deliver(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            ids = [value for name, value in start["headers"] if name == b"request-id"]
            how = self._stage.badly(ids[0].decode())
            if how is None:
                await send(start)
                await send(message)
            else:
                await self._deliver(how, start, message["body"], send)

        await self._inner(scope, receive, deliver)

    async def _deliver(
        self, how: Badly, start: MutableMapping[str, Any], body: bytes, send: Send
    ) -> None:
        await self._wait(how.late)
        if not how.unanswered:
            # Without a length it may end anywhere.
            headers = [each for each in start["headers"] if each[0] != b"content-length"]
            await send({**start, "headers": headers})
            events = body.split(b"\n\n")[: how.events]
            begun = body if how.events is None else b"".join(each + b"\n\n" for each in events)
            await self._send(begun + (how.tail or b""), how.every, send)
        if how.hangs_up:
            # uvicorn's `send` is a method of the object that has the connection.
            send.__self__.transport.abort()  # type: ignore[attr-defined]  # not in ASGI's type
        elif how.unanswered or (how.events is not None and how.tail is None):
            await self._wait(3600)
        else:
            await send({"type": "http.response.body", "body": b""})

    async def _send(self, body: bytes, every: float, send: Send) -> None:
        pieces = [body[at : at + 1] for at in range(len(body))] if every else [body]
        for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await self._wait(every)

    async def _wait(self, seconds: float) -> None:
        """So long, or until the test is over."""
        for _ in range(round(seconds / 0.005)):
            if self._stage.over:
                return
            await asyncio.sleep(0.005)


@contextmanager
def scripted(script: Script) -> Iterator[Stage]:
    """The stand-in on a free port of this machine, for as long as the block lasts."""
    stage = Stage(script)
    with serving(_Unruly(app(stage), stage)) as address:
        stage.base_url = address
        try:
            yield stage
        finally:
            stage.over = True
            providers.hang_up()
