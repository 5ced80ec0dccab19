"""Failures that a test asks for: the next calls of a method go wrong in a named way."""

from __future__ import annotations

from dataclasses import dataclass

STALL = "stall"
HTTP_500 = "http_500"
RATELIMITED = "ratelimited"
_STALL_SECONDS = 30.0


@dataclass
class Trouble:
    """How the next `times` calls of a method fail: an error code of Slack's or one above."""

    error: str
    times: int
    retry_after: float | None

    @property
    def stall(self) -> float:
        """Seconds without an answer; then it is HTTP 500."""
        given = _STALL_SECONDS if self.retry_after is None else self.retry_after
        return given if self.error == STALL else 0.0


class Troubles:
    """The failures still to come, by method, and the methods this Slack does not know."""

    def __init__(self) -> None:
        self._by_method: dict[str, list[Trouble]] = {}
        self.unknown: set[str] = set()

    def add(self, method: str, trouble: Trouble) -> None:
        """Fail these calls, after the failures already asked for."""
        self._by_method.setdefault(method, []).append(trouble)

    def next(self, method: str) -> Trouble | None:
        """The failure of this call."""
        waiting = self._by_method.get(method, [])
        if not waiting:
            return None
        waiting[0].times -= 1
        return waiting[0] if waiting[0].times > 0 else waiting.pop(0)
