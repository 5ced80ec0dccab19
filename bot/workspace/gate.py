"""Every Web API call comes through here: token, scope, limits, failures asked for, and the record.

Nothing here waits: an answer that is to be late says so, and whoever serves it waits.
"""

from __future__ import annotations

import json
import math
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.workspace.methods import METHODS
from bot.workspace.methods.args import Args
from bot.workspace.people import Json
from bot.workspace.room import Call, Room
from bot.workspace.tickets import Denied
from bot.workspace.troubles import HTTP_500, RATELIMITED, STALL, Trouble

_APP_TOKEN_METHODS = frozenset({"apps.connections.open"})
_RETRY_AFTER = 1


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, to be given after `stall` seconds."""

    body: Json
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    stall: float = 0.0


def answer(room: Room, method: str, token: str, given: Mapping[str, Any]) -> Answer:
    """The answer to a call, which is also recorded."""
    args = Args({name: value for name, value in given.items() if name != "token"})
    with room.lock:
        try:
            _check_troubles(room, method)
            _check_token(room, method, token)
            _check_limits(room, method, args)
            result = _answered(room, {"ok": True, **METHODS[method].run(room, args)})
            error = None
        except Denied as denied:
            result, error = _answered(room, _refusal(denied)), denied.error
        except _Failed as failed:
            result, error = failed.answer, failed.error
        room.calls.append(Call(method, _readable(args.given), time.time(), error))
        room.touch()
        return result


class _Failed(Exception):
    """A failure of the transport, not of the method."""

    def __init__(self, error: str, answer: Answer) -> None:
        super().__init__(error)
        self.error = error
        self.answer = answer


def _check_troubles(room: Room, method: str) -> None:
    trouble = room.troubles.next(method)
    if trouble is not None:
        raise _failure(trouble)
    if method in room.troubles.unknown or method not in METHODS:
        raise Denied(error="unknown_method", more={"req_method": method})


def _failure(trouble: Trouble) -> Exception:
    if trouble.error == RATELIMITED:
        after = trouble.retry_after
        return _too_often(_RETRY_AFTER if after is None else after)
    if trouble.error in {STALL, HTTP_500}:
        body = {"ok": False, "error": "internal_error"}
        return _Failed(trouble.error, Answer(body, 500, _headers(), trouble.stall))
    return Denied(error=trouble.error, messages=_said_of(trouble.error))


def _said_of(error: str) -> list[str]:
    return ["[ERROR] as a test asked for"] if error == "invalid_blocks" else []


def _check_token(room: Room, method: str, token: str) -> None:
    if not token:
        raise Denied(error="not_authed")
    if token not in {room.bot_token, room.app_token}:
        raise Denied(error="invalid_auth")
    wanted = room.app_token if method in _APP_TOKEN_METHODS else room.bot_token
    if token != wanted and method not in {"api.test", "auth.test"}:
        raise Denied(error="not_allowed_token_type")
    have, need = room.installed.scopes, METHODS[method].scopes
    if need and have is not None and not have.intersection(need):
        said = {"needed": need[0], "provided": ",".join(sorted(have))}
        raise Denied(error="missing_scope", more=said)


def _check_limits(room: Room, method: str, args: Args) -> None:
    wait = room.limits.wait(method, args.text("channel"))
    if wait:
        raise _too_often(wait)


def _too_often(seconds: float) -> _Failed:
    headers = {**_headers(), "retry-after": str(math.ceil(seconds))}
    return _Failed(RATELIMITED, Answer({"ok": False, "error": RATELIMITED}, 429, headers))


def _answered(room: Room, body: Json) -> Answer:
    scopes = room.installed.scopes
    named = {} if scopes is None else {"x-oauth-scopes": ",".join(sorted(scopes))}
    return Answer(body, headers={**_headers(), **named})


def _headers() -> dict[str, str]:
    return {"x-slack-req-id": secrets.token_hex(16)}


def _refusal(denied: Denied) -> Json:
    body: Json = {"ok": False, "error": denied.error, **denied.more}
    if denied.messages:
        body |= {"errors": denied.messages, "response_metadata": {"messages": denied.messages}}
    return body


def _readable(given: Mapping[str, Any]) -> Json:
    """The arguments for the record: what came as JSON text stands there as what it means."""
    return {name: _meant(value) for name, value in given.items()}


def _meant(value: object) -> object:
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
