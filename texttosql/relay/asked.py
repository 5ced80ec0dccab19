"""What a stand-in is asked, and what it may say: the socket between the server and who answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

StopReason = Literal["end_turn", "max_tokens", "refusal", "model_context_window_exceeded"]

STATUS: Mapping[str, int] = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
"""The API's error types and their HTTP status (platform.claude.com/docs/en/api/errors, 2026-10)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that the Messages API would take. `body` is its JSON; header names are lower."""

    id: str
    body: Mapping[str, Any]  # Any: JSON, judged by rules.py before it comes here
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def model(self) -> str:
        """The name of the model that is meant."""
        return str(self.body["model"])

    @property
    def system(self) -> str:
        """The text of the system prompt, "" without one."""
        return text_of(self.body.get("system") or "")

    @property
    def messages(self) -> tuple[Mapping[str, str], ...]:
        """The conversation as {"role", "text"}."""
        return tuple(
            {"role": said["role"], "text": text_of(said["content"])}
            for said in self.body["messages"]
        )

    @property
    def schema(self) -> Mapping[str, Any] | None:  # Any: a JSON schema
        """The shape that the answer must have, if it must have one."""
        wanted = (self.body.get("output_config") or {}).get("format") or {}
        schema: Mapping[str, Any] | None = wanted.get("schema")
        return schema


def text_of(content: str | Sequence[Mapping[str, Any]]) -> str:
    """The text of a message, which is a string or a list of blocks."""
    if isinstance(content, str):
        return content
    return "\n".join(str(block["text"]) for block in content if block.get("type") == "text")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the stand-in says; `category` is a refusal's."""

    text: str
    stop_reason: StopReason = "end_turn"
    category: str | None = None


class Trouble(Exception):
    """An error of the API in place of an answer; `kind` is its type, `retry_after` seconds.

    `details` are for programs: {"error_code": …} names the cause.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        details: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.kind, self.message, self.retry_after = kind, message, retry_after
        self.details = details
        self.status = status or STATUS.get(kind, 500)


def invalid(message: str) -> Trouble:
    """What the API answers to a request that it does not take."""
    return Trouble("invalid_request_error", message)


class Answerer(Protocol):
    """Whoever stands in for the model."""

    async def answer(self, asked: Asked, /) -> Answer:
        """Its answer, whenever it comes. Raises Trouble.

        Cancelled when nobody waits for the answer any more.
        """
        ...
