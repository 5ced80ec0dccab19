from __future__ import annotations

from pathlib import Path

import pytest

from tests.demo_fixture import demo_database


@pytest.fixture(scope="session")
def demo_store() -> Path:
    return demo_database()
