"""A real Chromium in front of the page of a workspace with the real bot in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.person import Person, person
from tests.demo_fixture import demo_database
from tests.support.browsers import NO_BROWSER, browser_program
from tests.support.house import House, house


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a worker."""
    program = browser_program()
    if program is None:
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One workspace and bot for a file's tests: each uses a channel of its own."""
    store = f"sqlite:///{demo_database()}"
    folder: Path = tmp_path_factory.mktemp("house")
    with house(store, folder) as each, each.bot():
        yield each


@pytest.fixture
def alice(chromium: Browser, shared_house: House) -> Iterator[Person]:
    """Alice before a wide window."""
    with person(chromium, shared_house, "alice") as each:
        yield each


@pytest.fixture
def alice_on_a_phone(chromium: Browser, shared_house: House) -> Iterator[Person]:
    """Alice before a window 400 pixels wide."""
    with person(chromium, shared_house, "alice", width=400) as each:
        yield each
