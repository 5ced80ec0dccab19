from __future__ import annotations

import pytest

from texttosql.claude.api.prices import PRICES, Price, known, price
from texttosql.model_settings import CHEAP_MODEL, MODEL

MILLION = 1_000_000


def test_a_million_tokens_of_each_kind_cost_what_the_list_says() -> None:
    sonnet = price("claude-sonnet-5-5")

    assert sonnet.of(fresh=MILLION, read=0, written=0, output=0) == pytest.approx(2)
    assert sonnet.of(fresh=0, read=MILLION, written=0, output=0) == pytest.approx(0.10)
    assert sonnet.of(fresh=0, read=0, written=MILLION, output=0) == pytest.approx(2.50)
    assert sonnet.of(fresh=0, read=0, written=0, output=MILLION) == pytest.approx(10)


def test_a_question_costs_the_sum_of_its_parts() -> None:
    cost = price(MODEL).of(fresh=1_000, read=6_000, written=0, output=300)

    assert cost == pytest.approx(0.002 + 0.0006 + 0.003)


@pytest.mark.parametrize(
    ("fresh", "read", "dollars"), [(100_000, 0, 0.01), (100_001, 0, 0.0500005), (1, 100_000, 0.005)]
)
def test_a_long_prompt_of_haiku_costs_more_its_cached_part_counted(
    fresh: int, read: int, dollars: float
) -> None:
    assert price(CHEAP_MODEL).of(fresh=fresh, read=read, written=0, output=0) == pytest.approx(
        dollars, rel=1e-3
    )


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("us.anthropic.claude-sonnet-5-5-v1:0", "sonnet-5-5"),
        ("claude-sonnet-5-5@20260601", "sonnet-5-5"),
        ("claude-sonnet-5@20260630", "sonnet-5"),
        ("anthropic/claude-sonnet-5.5", "sonnet-5-5"),
        ("claude-opus-4-20250514", "opus-4"),
        ("claude-opus-4-1-20250805", "opus-4-1"),
        ("CLAUDE-HAIKU-4-5", "haiku-4-5"),
        ("arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-5-5", "opus-5-5"),
    ],
)
def test_a_model_is_found_under_the_name_that_a_cloud_gives_it(name: str, version: str) -> None:
    assert price(name) == PRICES[version]
    assert known(name)


def test_a_new_version_counts_as_the_dearest_of_its_family() -> None:
    assert price("claude-sonnet-9").output == 15
    assert not known("claude-sonnet-9")


@pytest.mark.parametrize("name", ["team-default", "", "claude", "gpt-6"])
def test_a_name_that_says_nothing_counts_as_the_dearest_of_all(name: str) -> None:
    assert price(name) == max(PRICES.values(), key=lambda each: each.output)
    assert not known(name)


def test_reading_from_the_cache_is_always_cheaper_and_writing_dearer_than_sending_again() -> None:
    def sane(each: Price) -> bool:
        return each.read < each.input < each.write < each.output

    assert all(sane(each) and (each.long is None or sane(each.long)) for each in PRICES.values())
