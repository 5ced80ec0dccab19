from __future__ import annotations

from typing import Any

from texttosql.relay.asked import Asked
from texttosql.relay.counting import Meter, Usage, tokens


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _asked(*, ttl: str | None = None, system: str = "x" * 300, model: str = "m") -> Asked:
    mark: dict[str, Any] = {"type": "ephemeral"}  # Any: JSON
    if ttl:
        mark["ttl"] = ttl
    block = {"type": "text", "text": system, "cache_control": mark}
    said = [{"role": "user", "content": "abc"}]
    return Asked("req_1", {"model": model, "system": [block], "messages": said})


WRITTEN, READ = Usage(1, 0, 100), Usage(1, 100, 0)


def test_three_characters_are_counted_as_a_token() -> None:
    assert [tokens(text) for text in ("", "a", "abc", "abcd")] == [0, 1, 1, 2]


def test_a_prefix_is_kept_for_five_minutes_after_it_was_last_used() -> None:
    clock = Clock()
    meter = Meter(clock)

    assert meter.count(_asked()) == WRITTEN
    clock.now = 299
    assert meter.count(_asked()) == READ
    clock.now = 598
    assert meter.count(_asked()) == READ
    clock.now = 899
    assert meter.count(_asked()) == WRITTEN


def test_a_prefix_is_kept_for_an_hour_where_it_says_so() -> None:
    clock = Clock()
    meter = Meter(clock)

    assert meter.count(_asked(ttl="1h")) == WRITTEN
    clock.now = 3_000
    assert meter.count(_asked(ttl="1h")) == READ


def test_another_text_and_another_model_have_a_cache_of_their_own() -> None:
    meter = Meter(Clock())
    meter.count(_asked())

    assert meter.count(_asked(system="y" * 300)) == WRITTEN
    assert meter.count(_asked(model="n")) == WRITTEN


def test_without_a_mark_nothing_is_kept() -> None:
    asked = Asked("req_1", {"model": "m", "system": "x" * 300, "messages": []})
    meter = Meter(Clock())

    assert [meter.count(asked), meter.count(asked)] == [Usage(100, 0, 0)] * 2
