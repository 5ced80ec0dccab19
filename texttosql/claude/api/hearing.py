"""An answer as it comes in, event by event; one that breaks off has its price all the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from texttosql.claude.api import prices
from texttosql.cost import FREE, Cost

if TYPE_CHECKING:
    from anthropic.types import RawMessageStreamEvent

_CHARACTERS = 3
"""At least so many characters are a token: an answer that broke off is charged by this."""


@dataclass(slots=True)
class Hearing:
    """What came so far. Thinking is passed over.

    Read with `getattr` where a gateway may leave a field out: the SDK builds its events
    without checking them.
    """

    text: str = ""
    stop_reason: str | None = None
    category: str | None = None
    model: str | None = None
    ended: bool = False
    _usage: dict[str, int] = field(default_factory=dict)

    def hear(self, event: RawMessageStreamEvent) -> None:
        """Take in the next event."""
        if event.type == "message_start":
            self.model = getattr(event.message, "model", None)
            self._count(getattr(event.message, "usage", None))
        elif event.type == "content_block_start":
            self.text += getattr(event.content_block, "text", None) or ""
        elif event.type == "content_block_delta":
            self.text += getattr(event.delta, "text", None) or ""
        elif event.type == "message_delta":
            self.stop_reason = getattr(event.delta, "stop_reason", None)
            details = getattr(event.delta, "stop_details", None)
            self.category = getattr(details, "category", None)
            self._count(getattr(event, "usage", None))
        elif event.type == "message_stop":
            self.ended = True

    def _count(self, usage: object) -> None:
        """Later counts are totals, and may leave out what has not changed."""
        for name in _COUNTS:
            told = getattr(usage, name, None)
            if isinstance(told, int):
                self._usage[name] = told

    def cost(self, asked: str, ms: float) -> Cost:
        """What this cost so far, by the price of the model that was asked (or says it answers)."""
        if not self._usage:
            return FREE
        fresh, read, written, output = (self._usage.get(name, 0) for name in _COUNTS)
        if not self.ended:
            output = max(output, -(-len(self.text) // _CHARACTERS))
        name = asked if prices.known(asked) else self.model or asked
        usd = prices.price(name).of(fresh=fresh, read=read, written=written, output=output)
        return Cost(fresh, output, read, usd, written, 1, ms, asked)


_COUNTS = (
    "input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "output_tokens",
)  # fmt: skip
