"""What a model's tokens cost, in US dollars per million.

From platform.claude.com/docs/en/about-claude/pricing (the Claude API's list, 2026-10-24). The
clouds and gateways may bill otherwise. A model is found by its family and version inside the
name, so that "us.anthropic.claude-sonnet-5-5-v1:0" and "claude-sonnet-5-5@20260601" are priced
too. One that is not in the list is counted at the dearest price there is, of its family if that
is known: a budget is kept too early rather than too late.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

LONG_PROMPT = 100_000
"""Tokens of a prompt, cached ones included, beyond which `Price.long` holds for every token."""

_MODEL = re.compile(r"(fable|mythos|opus|sonnet|haiku)-(\d{1,2})(?!\d)(?:-(\d{1,2})(?!\d))?")
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens; `write` is what caching them for five minutes costs."""

    input: float
    output: float
    read: float
    write: float
    long: Price | None = None

    def of(self, *, fresh: int, read: int, written: int, output: int) -> float:
        """Dollars for one request with so many tokens."""
        if self.long and fresh + read + written > LONG_PROMPT:
            return self.long.of(fresh=fresh, read=read, written=written, output=output)
        prompt = fresh * self.input + read * self.read + written * self.write
        return (prompt + output * self.output) / _MILLION


_OPUS = Price(5, 25, 0.5, 6.25)
_FIRST_OPUS = Price(15, 75, 1.5, 18.75)
_SONNET = Price(3, 15, 0.3, 3.75)
PRICES: Mapping[str, Price] = {
    "fable-5-1": Price(10, 50, 0.25, 12.5),
    "fable-5": Price(10, 50, 1, 12.5),
    "mythos-5-1": Price(10, 50, 0.25, 12.5),
    "mythos-5": Price(10, 50, 1, 12.5),
    "opus-5-5": Price(4, 20, 0.2, 5),
    "opus-5": _OPUS,
    "opus-4-8": _OPUS,
    "opus-4-7": _OPUS,
    "opus-4-6": _OPUS,
    "opus-4-5": _OPUS,
    "opus-4-1": _FIRST_OPUS,
    "opus-4": _FIRST_OPUS,
    "sonnet-5-5": Price(2, 10, 0.1, 2.5),
    "sonnet-5": Price(2, 10, 0.2, 2.5),
    "sonnet-4-6": _SONNET,
    "sonnet-4-5": _SONNET,
    "sonnet-4": _SONNET,
    "haiku-5-5": Price(0.1, 0.5, 0.01, 0.125, long=Price(0.5, 2.5, 0.05, 0.625)),
    "haiku-4-5": Price(1, 5, 0.1, 1.25),
}


def known(name: str) -> bool:
    """Whether the list has this model; else its price is a guess on the safe side."""
    return _version(name) in PRICES


def price(name: str) -> Price:
    """The price of the model called so at any provider."""
    version = _version(name)
    family = version.partition("-")[0]
    alike = [each for key, each in PRICES.items() if family and key.startswith(family)]
    return PRICES.get(version) or max(alike or PRICES.values(), key=lambda each: each.output)


def _version(name: str) -> str:
    """Such as "sonnet-5-5"; "" when the name has none. A date after it is no version."""
    found = _MODEL.search(name.lower().replace(".", "-"))
    return "-".join(part for part in found.groups() if part) if found else ""
