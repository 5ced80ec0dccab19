"""Results in a few words, for the tests of what is made from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from texttosql.flow import Cell, Column, ColumnKind, ResultTable

MakeTable = Callable[..., ResultTable]


def _table(columns: str, rows: Sequence[Sequence[Cell]], *, truncated: bool = False) -> ResultTable:
    """`columns` is "name:kind name:kind …"; an underscore-free kind such as real or text."""
    made = []
    for word in columns.split():
        name, _, kind = word.rpartition(":")
        known: ColumnKind = kind  # type: ignore[assignment]  # tests write only real kinds
        made.append(Column(name, known))
    return ResultTable(tuple(made), tuple(tuple(row) for row in rows), truncated, 1.0)


@pytest.fixture(scope="session")
def make_table() -> MakeTable:
    """`make_table("run:text auc:real", [("a", 0.9)])` is a result."""
    return _table
