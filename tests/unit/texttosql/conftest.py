"""Results in a few words, for the tests of what is made from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.bench.make_store import Size, make
from tests.unit.texttosql.offices import open_office, write_stores
from tests.unit.texttosql.offline.small_store import new_small_store
from texttosql.flow import Cell, Column, ColumnKind, ResultTable
from texttosql.office import Office

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


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two stores, and a file that names them and one that is not there."""
    folder = tmp_path_factory.mktemp("stores")
    new_small_store(folder / "small.db")
    make(folder / "large.db", Size(runs=300, metric_rows=3_000))
    write_stores(folder)
    return folder


@pytest.fixture
def office(stores: Path, tmp_path: Path) -> Iterator[Office]:
    """An office of these stores with a journal of its own."""
    with closing(open_office(stores, tmp_path / "journal.db")) as opened:
        yield opened
