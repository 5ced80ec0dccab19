"""How many tokens a request and its answer would be, and how many of them come from a cache.

An estimate: three characters are counted as one token. The cache keeps what the API's would,
the text up to a block that carries `cache_control`, for five minutes (or an hour, where the
block says so) after it was last used; it has no least length, which the API's has.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from texttosql.relay.asked import Asked

CHARACTERS = 3
MINUTES = {"5m": 300.0, "1h": 3_600.0}
"""Seconds that each time to live stands for."""


def tokens(text: str) -> int:
    """About how many tokens that is."""
    return -(-len(text) // CHARACTERS)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one request, as the API tells them: `read` and `written` are the cache's."""

    fresh: int
    read: int
    written: int

    def told(self, output: int) -> dict[str, int]:
        """As the API's `usage` object."""
        return {
            "input_tokens": self.fresh,
            "cache_creation_input_tokens": self.written,
            "cache_read_input_tokens": self.read,
            "output_tokens": output,
        }


class Meter:
    """Counts requests and remembers prefixes; `clock` gives seconds. Used by one thread."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def count(self, asked: Asked) -> Usage:
        """What this request would be charged for; its prefixes are known from now on."""
        now = self._clock()
        self._until = {key: until for key, until in self._until.items() if until > now}
        prefixes = list(_prefixes(asked))
        marked = [at for at, prefix in enumerate(prefixes) if prefix.seconds]
        if not marked:
            return Usage(prefixes[-1].tokens, 0, 0)
        upto = prefixes[: marked[-1] + 1]
        read = max((each.tokens for each in upto if each.key in self._until), default=0)
        self._until |= {each.key: now + each.seconds for each in upto if each.seconds}
        written = upto[-1].tokens - read
        return Usage(prefixes[-1].tokens - read - written, read, written)


@dataclass(frozen=True, slots=True)
class _Prefix:
    """All up to and with one block: `seconds` to be cached for, 0 when it carries no mark."""

    key: str
    tokens: int
    seconds: float


def _prefixes(asked: Asked) -> Iterator[_Prefix]:
    digest, length = hashlib.sha256(asked.model.encode()), 0
    for role, block in _blocks(asked.body):
        bare = {name: value for name, value in block.items() if name != "cache_control"}
        text = str(block.get("text") or json.dumps(bare, sort_keys=True))
        digest.update(f"\0{role}\0{text}".encode("utf-8", "surrogatepass"))
        length += len(text)
        mark = block.get("cache_control") or {}
        seconds = MINUTES[mark.get("ttl", "5m")] if mark else 0
        yield _Prefix(digest.hexdigest(), -(-length // CHARACTERS), seconds)


def _blocks(body: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every block in the order that caching has: tools, system, messages."""
    for tool in body.get("tools") or ():
        yield "tool", tool
    for content in _as_blocks(body.get("system")):
        yield "system", content
    for said in body["messages"]:
        for content in _as_blocks(said["content"]):
            yield said["role"], content


def _as_blocks(content: Any) -> Iterator[Mapping[str, Any]]:  # Any: text, blocks or nothing
    if isinstance(content, str):
        yield {"type": "text", "text": content}
    else:
        yield from content or ()
