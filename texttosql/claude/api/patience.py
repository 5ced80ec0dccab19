"""When a request is sent again: only if nothing was generated for it, and there is time.

The SDK retries (`max_retries`, with its own growing pauses), and this middleware tells it when
not to. It would also send again what failed in the middle of the work (500, 504), and obey a
Retry-After of ten minutes.
"""

from __future__ import annotations

import time
from contextvars import ContextVar
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anthropic import AsyncCallNext
    from anthropic._request import APIRequest  # the SDK exports it nowhere else
    from anthropic._response import AsyncAPIResponse  # same

MOST_RETRIES = 2
UNTOUCHED = frozenset({429, 502, 503, 529})
"""Turned away at the door: busy, overloaded, or a gateway without anybody behind it."""

_FIRST_PAUSE = 0.5
"""Seconds of the SDK's first pause, which doubles (anthropic 2.12, INITIAL_RETRY_DELAY)."""


_TO_CONNECT = 5.0
"""The most seconds for one try to connect, so that a lost packet leaves time for another."""


class GivenUp(Exception):
    """Nobody could be reached, and there is no time for another try."""


@dataclass(slots=True)
class Patience:
    """One question's: `until` on the monotonic clock; `trouble`, why the last try failed.

    `connect` is the seconds that one try to connect may take: at most half of all, and no try
    begins that would outlive the deadline. A handshake that is cancelled leaves its socket open
    until Python collects it (httpcore2 2.16); one that times out closes it.
    """

    until: float
    connect: float
    trouble: Exception | None = None

    @classmethod
    def of(cls, seconds: float) -> Patience:
        """For a question that has so many seconds from now."""
        return cls(time.monotonic() + seconds, min(_TO_CONNECT, seconds / 2))

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return self.until - time.monotonic()


patience: ContextVar[Patience] = ContextVar("patience")


async def give_up_in_time(
    request: APIRequest, call_next: AsyncCallNext
) -> AsyncAPIResponse[object]:
    """Middleware of the SDK: one try, and whether there may be another. Raises GivenUp."""
    from anthropic import APIConnectionError  # noqa: PLC0415 - loaded by who made the client

    mine = patience.get()
    pause = _FIRST_PAUSE * 2**request.retries_taken
    mine.trouble = None
    try:
        response = await call_next(request)
    except APIConnectionError as error:
        mine.trouble = error
        if mine.left < pause + mine.connect:
            # Without its cause, which the SDK would look for and obey.
            raise GivenUp from None
        raise
    pause = _asked_for(response.headers) or pause
    again = response.status_code in UNTOUCHED and pause < mine.left
    response.http_response.headers["x-should-retry"] = "true" if again else "false"
    return response


def _asked_for(headers: Mapping[str, str]) -> float | None:
    """Seconds that the answer wants to be left alone; None when it says nothing usable."""
    try:
        if "retry-after-ms" in headers:
            seconds = float(headers["retry-after-ms"]) / 1000
        else:
            seconds = _seconds(headers["retry-after"])
    except (KeyError, ValueError):
        return None
    return seconds if seconds > 0 else None


def _seconds(told: str) -> float:
    """A number, or a date to wait for. Raises ValueError."""
    try:
        return float(told)
    except ValueError:
        return parsedate_to_datetime(told).timestamp() - time.time()
