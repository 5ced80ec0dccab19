"""What a turn cost at a model's provider, what many did together, and who adds them up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Cost:
    """What was spent at a model's provider; zeros for the offline engine.

    `input_tokens` were neither read from the provider's cache (`cached_tokens`) nor written
    into it (`written_tokens`). `calls` are answered requests, `model_ms` what was waited for
    them; `model` is the last that answered.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    usd: float = 0.0
    written_tokens: int = 0
    calls: int = 0
    model_ms: float = 0.0
    model: str | None = None

    def __add__(self, other: Cost) -> Cost:
        """Both together."""
        return Cost(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens,
            self.usd + other.usd,
            self.written_tokens + other.written_tokens,
            self.calls + other.calls,
            self.model_ms + other.model_ms,
            other.model or self.model,
        )


FREE = Cost()


@dataclass(frozen=True, slots=True)
class Spending:
    """What many turns cost together; `key` is what they share, such as a day or an asker.

    `asked` of them asked a model. `answered` gave rows, `answered_free` of those asked none.
    Half of the turns that asked a model waited for it no longer than `median_ms`, and 95 of a
    hundred no longer than `p95_ms`; None where none did.
    """

    key: str | None = None
    turns: int = 0
    asked: int = 0
    answered: int = 0
    answered_free: int = 0
    cost: Cost = FREE
    median_ms: float | None = None
    p95_ms: float | None = None


SpentBy = Literal["user", "channel", "engine", "model", "store"]


class Usage(Protocol):
    """What the journal's turns cost.

    By the clock of who keeps it: money counts to the moment it was paid (`spent`, `dearest`), a
    turn with all that it ever cost to the moment it was accepted (`summary`).
    """

    def spent(
        self,
        since: datetime,
        *,
        asked_by: str | None = None,
        place: str | None = None,
        running_since: datetime | None = None,
    ) -> float:
        """US dollars paid since then, for one asker's turns or those in one place if so wished.

        `running_since`: turns accepted since that moment and not ended yet count as well, with
        what was paid for each that was accepted since `since` and has ended, on average.
        """
        ...

    def dearest(self, since: datetime, by: Literal["user", "channel"]) -> tuple[str, float] | None:
        """Whose turns most was paid for since then, in US dollars; None where nothing was."""
        ...

    def summary(
        self,
        since: datetime,
        until: datetime | None = None,
        *,
        by: SpentBy | None = None,
        asked_by: str | None = None,
        place: str | None = None,
        limit: int = 100,
    ) -> tuple[Spending, ...]:
        """The turns from `since` to before `until`, together or by something; costliest first.

        At most `limit` groups; none where nothing was asked.
        """
        ...
