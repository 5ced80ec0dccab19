"""What a turn cost at a model's provider."""

from __future__ import annotations

from dataclasses import dataclass


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
