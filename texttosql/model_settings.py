"""Which model writes the SQL, from whom, how hard it tries, and what it may cost and see."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from pydantic import SecretStr

Provider = Literal["anthropic", "bedrock", "vertex"]
Effort = Literal["low", "medium", "high", "xhigh", "max", "none"]
PROVIDERS = get_args(Provider)

MODEL = "claude-sonnet-5-5"
CHEAP_MODEL = "claude-haiku-5-5"


@dataclass(frozen=True, slots=True)
class Budgets:
    """US dollars that may be spent in a day (of the team's time zone); None: as much as it takes.

    `day` is for all together, `user` for each asker, `channel` for each place.
    """

    day: float | None = None
    user: float | None = None
    channel: float | None = None

    @property
    def unlimited(self) -> bool:
        """Whether nothing has to be counted."""
        return self.day is None and self.user is None and self.channel is None


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """`deadline` is seconds for everything that one question asks of the model, repairs included.

    `effort` "none" leaves the parameter out, for models that do not know it. `send_values` False
    keeps every value of the store (params, tags, results) from the model; names are sent.
    `traces` is the MLflow tracking URI that turns are traced to.
    """

    provider: Provider = "anthropic"
    name: str = MODEL
    cheap: str = CHEAP_MODEL
    effort: Effort = "low"
    deadline: float = 25.0
    key: SecretStr | None = None
    token: SecretStr | None = None
    base_url: str | None = None
    budgets: Budgets = field(default_factory=Budgets)
    send_values: bool = True
    traces: str | None = None

    @property
    def reachable(self) -> bool:
        """Whether there is anything to log in with; the clouds have credentials of their own."""
        return self.provider != "anthropic" or self.key is not None or self.token is not None
