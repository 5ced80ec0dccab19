"""The small store, written once, and an assistant who is asked about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.texttosql.offline.asking import Ask, Team
from tests.unit.texttosql.offline.small_store import new_small_store


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the small store; nobody writes to it."""
    return new_small_store(tmp_path_factory.mktemp("small") / "mlflow.db")


@pytest.fixture(scope="session")
def team(small: Path) -> Iterator[Team]:
    """An assistant in Berlin that many tests share: a thread is a test's own."""
    team = Team(small)
    yield team
    team.close()


@pytest.fixture(scope="session")
def ask(team: Team) -> Ask:
    """`ask(text, thread=…)`: one question."""
    return team.ask


@pytest.fixture(scope="session")
def talk(team: Team) -> Ask:
    """`talk(first, second, …)`: a thread's last reply."""
    return team.talk
