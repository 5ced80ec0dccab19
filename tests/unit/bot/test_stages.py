"""What the bot says it is doing, in words with sizes."""

from __future__ import annotations

import pytest

from bot.stages import as_message, in_words, rounded


@pytest.mark.parametrize(
    ("stage", "detail", "words"),
    [
        ("catalog", {}, "is looking up the store's names …"),
        ("interpret", {}, "is working out what you mean …"),
        ("run", {"rows": {"metrics": 1_234_567}}, "is reading 1.2 M metric rows …"),
        (
            "run",
            {"rows": {"runs": 366, "metrics": 50_000, "params": 900}},
            "is reading 50 k metric rows and 900 params …",
        ),
        ("run", {"rows": {"runs": 0, "alembic_version": 1}}, "is reading the store …"),
        ("run", {}, "is reading the store …"),
        ("a later stage", {}, "is working …"),
    ],
)
def test_a_stage_is_told_in_words(stage: str, detail: dict[str, object], words: str) -> None:
    assert in_words(stage, detail) == words


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0"), (999, "999"), (1_000, "1 k"), (1_250, "1.2 k"), (999_949, "999.9 k"),
        (999_999, "1 M"), (1_000_000, "1 M"), (1_240_000, "1.2 M"),
    ],
)  # fmt: skip
def test_sizes_are_said_as_one_says_them(count: int, said: str) -> None:
    assert rounded(count) == said


def test_a_status_can_stand_alone_as_a_message() -> None:
    assert as_message("is reading 366 runs …") == "Reading 366 runs …"
