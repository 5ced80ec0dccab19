"""Names, numbers, dates and operators stay whole words."""

from __future__ import annotations

import pytest

from texttosql.offline.lexer import parts, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("top 5 by val_loss", ["top", "5", "by", "val_loss"]),
        ("f1>=0.9", ["f1", ">=", "0.9"]),
        ("lr = 1e-3", ["lr", "=", "1e-3"]),
        ("runs since 2026-10-01", ["runs", "since", "2026-10-01"]),
        ("xgb-deep-7 or rf_2", ["xgb-deep-7", "or", "rf_2"]),
        ('runs in "price: house v2"', ["runs", "in", "price: house v2"]),
        ("what's best?", ["what", "is", "best", "?"]),
        ("don't", ["do", "not"]),
        ("top5 runs", ["top", "5", "runs"]),
    ],
)
def test_a_text_is_cut_into_words(text: str, expected: list[str]) -> None:
    assert [word.text for word in words(text)] == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [("5", 5.0), ("0.01", 0.01), (".5", 0.5), ("1e-3", 0.001), ("1,200", 1200.0), ("10k", 10_000.0),
     ("90%", 90.0), ("-3", -3.0)],
)  # fmt: skip
def test_a_number_has_a_value(text: str, number: float) -> None:
    (word,) = words(text)
    assert word.number == pytest.approx(number)


def test_a_percentage_is_marked() -> None:
    (word,) = words("90%")
    assert word.percent


def test_a_possessive_is_a_name_and_a_mark() -> None:
    (word,) = words("alice's")
    assert (word.text, word.possessive) == ("alice", True)


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        ("val_loss", ("val", "loss")),
        ("valLoss/epoch-2", ("val", "loss", "epoch", "2")),
        ("price: house v2", ("price", "house", "v2")),
        ("", ()),
    ],
)
def test_a_name_has_pieces(name: str, pieces: tuple[str, ...]) -> None:
    assert parts(name) == pieces
