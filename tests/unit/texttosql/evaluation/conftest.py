"""A store known by heart, and its gold runner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.unit.texttosql.evaluation.verdicts import house
from tests.unit.texttosql.offline.small_store import new_small_store
from texttosql.evaluation.golds import Golds

MakeGolds = Callable[..., Golds]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the small store; nothing writes to it."""
    return new_small_store(tmp_path_factory.mktemp("evaluation") / "small.db")


@pytest.fixture
def golds(small: Path) -> Iterator[MakeGolds]:
    """`golds(max_rows=2)` runs gold queries on the small store."""
    with ExitStack() as stack:

        def make(max_rows: int = 1_000) -> Golds:
            opened = house(f"sqlite:///{small}", max_rows)
            stack.callback(opened.close)
            return Golds(opened)

        yield make
