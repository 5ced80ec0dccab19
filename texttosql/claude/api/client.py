"""`ClaudeModel`: one answer in the agreed form within so many seconds, or one clear error.

Answers are streamed: what a question costs is told first, so that it is known even when the
rest comes too late. What was charged stands in every error.
"""
# ruff: noqa: PLC0415 - the SDK takes a second to load, which an offline answer must not pay

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from texttosql.claude.api import troubles
from texttosql.claude.api.hearing import Hearing
from texttosql.claude.api.line import line
from texttosql.claude.api.patience import GivenUp, Patience, patience
from texttosql.claude.api.troubles import Teller, Words
from texttosql.claude.model import Heard, Output, Said
from texttosql.cost import Cost
from texttosql.errors import InterpreterError
from texttosql.model_settings import Effort
from texttosql.redact import Redactor

if TYPE_CHECKING:
    from anthropic.types import MessageParam, OutputConfigParam, TextBlockParam

    from texttosql.claude.api.providers import Client, Connection

MAX_TOKENS = 16_000
"""Thinking counts as well. An answer is a few hundred; the rest is for high effort."""

_SHOWN = 500
"""Characters of an unusable answer that the log gets."""


class ClaudeModel:
    """`claude.model.Model` on the Anthropic SDK. Used by many threads at once."""

    def __init__(
        self, connect: Callable[[], Connection], name: str, effort: Effort, redactor: Redactor
    ) -> None:
        self.name = name
        self._connect, self._effort = connect, effort
        self._teller = Teller(name, redactor)

    def ask(
        self, system: str, said: Sequence[Said], output: type[Output], seconds: float
    ) -> Heard[Output]:
        """`Model.ask`. Retried (patience.py) only while nothing was generated for it."""
        began, hearing = time.monotonic(), Hearing()
        try:
            self._listen(system, said, output, Patience.of(seconds), hearing)
        except _Unheard as unheard:
            spent = self._cost(hearing, began)
            raise self._teller.told(unheard.words, unheard.details, spent, seconds) from unheard
        return self._understood(hearing, output, self._cost(hearing, began))

    def _cost(self, hearing: Hearing, began: float) -> Cost:
        return hearing.cost(self.name, (time.monotonic() - began) * 1000)

    def _listen(
        self, system: str, said: Sequence[Said], output: type[BaseModel], mine: Patience,
        hearing: Hearing,
    ) -> None:  # fmt: skip
        """Hears the whole answer. Raises _Unheard."""
        from anthropic import AnthropicError
        from httpx2 import HTTPError

        # ValueError: JSON that is none, or a setting that the SDK cannot use.
        known: tuple[type[Exception], ...] = (AnthropicError, HTTPError, ValueError)
        try:
            connection = self._connect()
            known += connection.troubles
            request = self._request(system, said, output)
            line().within(mine.left, lambda: _talk(connection.client, request, hearing, mine))
        except (TimeoutError, GivenUp) as error:
            # Time ran out in a pause between two tries: the first one's trouble is the reason.
            raise _Unheard.of(mine.trouble or error) from error
        except known as error:
            raise _Unheard.of(error) from error

    def _request(
        self, system: str, said: Sequence[Said], output: type[BaseModel]
    ) -> dict[str, Any]:  # Any: arguments of the SDK, each of its own type
        config: OutputConfigParam = {"format": {"type": "json_schema", "schema": schema(output)}}
        if self._effort != "none":
            config["effort"] = self._effort
        return {
            "model": self.name,
            "max_tokens": MAX_TOKENS,
            "system": [_block(system, kept=True)],
            "messages": _messages(said),
            "output_config": config,
        }

    def _understood(self, hearing: Hearing, output: type[Output], cost: Cost) -> Heard[Output]:
        words = _why_unusable(hearing)
        if words:
            raise self._teller.told(words, f"stopped by {hearing.stop_reason}", cost)
        try:
            value = output.model_validate_json(hearing.text)
        except ValidationError as error:
            raise self._misshapen(error, hearing, cost) from error
        return Heard(value, hearing.text, cost)

    def _misshapen(self, error: ValidationError, hearing: Hearing, cost: Cost) -> InterpreterError:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        no_json = any(fault["type"] == "json_invalid" for fault in faults)
        words = troubles.NO_JSON if no_json else troubles.WRONG_SHAPE
        return self._teller.told(words, f"{faults} in {hearing.text[:_SHOWN]!r}", cost)


async def _talk(
    client: Client, request: dict[str, Any], hearing: Hearing, mine: Patience  # Any: as above
) -> None:  # fmt: skip
    from anthropic import Timeout

    patience.set(mine)
    # Only to connect: the line cuts off all else, and what the SDK itself timed out while
    # reading it would send again.
    timeout = Timeout(None, connect=mine.connect)
    stream = await client.messages.create(**request, stream=True, timeout=timeout)
    async with stream:
        async for event in stream:
            hearing.hear(event)


def _messages(said: Sequence[Said]) -> list[MessageParam]:
    """All but the newest is the same the next time: the provider is told to keep it."""
    kept = len(said) - 2
    return [_message(each, kept=place == kept) for place, each in enumerate(said)]


def _message(said: Said, *, kept: bool) -> MessageParam:
    content = [_block(said.text, kept=kept)]
    if said.role == "user":
        return {"role": "user", "content": content}
    return {"role": "assistant", "content": content}


def _block(text: str, *, kept: bool) -> TextBlockParam:
    block: TextBlockParam = {"type": "text", "text": text}
    return {**block, "cache_control": {"type": "ephemeral"}} if kept else block


class _Terse(GenerateJsonSchema):
    """Leaves out titles and defaults: the API would put a default into the description."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        return False

    def default_schema(self, schema: Any) -> JsonSchemaValue:  # Any: pydantic's core schema
        return self.generate_inner(schema["schema"])


@functools.cache
def schema(output: type[BaseModel]) -> dict[str, Any]:  # Any: a JSON schema
    """The shape of `output` in the part of JSON Schema that the API takes."""
    from anthropic import transform_schema

    return transform_schema(output.model_json_schema(schema_generator=_Terse))


def _why_unusable(hearing: Hearing) -> Words | None:
    """What stands against an answer that came; None when it can be read."""
    if hearing.stop_reason is None:
        return troubles.BROKEN_OFF
    if hearing.stop_reason == "refusal":
        return troubles.by_refusal(hearing.category)
    if hearing.stop_reason == "max_tokens":
        return troubles.CUT_SHORT
    if hearing.stop_reason == "model_context_window_exceeded":
        return troubles.OUTGROWN
    return None if hearing.text.strip() else troubles.NOTHING


class _Unheard(Exception):
    """No whole answer came: our words for it, and what the provider said."""

    def __init__(self, words: Words, details: object) -> None:
        super().__init__(str(details))
        self.words, self.details = words, details

    @classmethod
    def of(cls, error: Exception) -> _Unheard:
        """Sorted by what failed."""
        import anthropic
        import httpx2

        if isinstance(error, TimeoutError):
            return cls(troubles.TOO_SLOW, "the deadline passed")
        if isinstance(error, anthropic.APIStatusError):
            words = troubles.by_answer(error.status_code, error.type, error.error_code)
            return cls(words, f"{error.status_code}, request {error.request_id}: {error.message}")
        if isinstance(error, anthropic.APIConnectionError):
            return cls(troubles.UNREACHABLE, repr(error.__cause__ or error))
        if isinstance(error, (httpx2.HTTPError, anthropic.APIError, JSONDecodeError)):
            return cls(troubles.BROKEN_OFF, repr(error))
        return cls(troubles.NO_CREDENTIALS, repr(error))
