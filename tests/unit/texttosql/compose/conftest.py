"""The small store as a place where plans are run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.texttosql.compose.running import Place, place
from tests.unit.texttosql.offline.small_store import new_small_store


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The small store on SQLite, asked from Berlin."""
    path = new_small_store(tmp_path_factory.mktemp("plans") / "mlflow.db")
    with place(f"sqlite:///{path}") as found:
        yield found
