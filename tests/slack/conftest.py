"""The real bot in a workspace of its own, over the demo store, for every test anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo_fixture import demo_database
from tests.support.house import House, house


@pytest.fixture(scope="session")
def demo_store() -> str:
    """The demo store's address; nobody writes to it."""
    return f"sqlite:///{demo_database()}"


@pytest.fixture
def empty_house(demo_store: str, tmp_path: Path) -> Iterator[House]:
    """A workspace without a bot."""
    with house(demo_store, tmp_path) as each:
        yield each


@pytest.fixture(name="house")
def house_with_a_bot(empty_house: House) -> Iterator[House]:
    """A workspace with one bot, connected by Socket Mode."""
    with empty_house.bot():
        yield empty_house
