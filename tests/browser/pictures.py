"""Takes the documents' pictures of the page: `python -m tests.browser.pictures FOLDER`.

The same bot, workspace and browser as in the tests, over the demo store.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from tests.browser.person import SCHEMES, Person, person
from tests.demo_fixture import demo_database
from tests.support.browsers import NO_BROWSER, browser_program
from tests.support.house import House, house


def _conversation(who: Person) -> None:
    who.open("ml-experiments")
    who.ask("top 5 runs by val_accuracy")
    thread = who.open_thread()
    thread.locator('[data-action-id="show_sql"]').first.wait_for()
    thread.get_by_role("article").nth(1).scroll_into_view_if_needed()


def _sql(who: Person) -> None:
    _conversation(who)
    who.thread.locator('[data-action-id="show_sql"]').first.click()
    who.page.get_by_role("dialog").wait_for()


def _home(who: Person) -> None:
    _conversation(who)
    who.go(who.house.direct(who.name))
    who.page.get_by_role("tab", name="Home").click()
    who.page.get_by_role("tabpanel").get_by_text("top 5 runs by val_accuracy").first.wait_for()


_PICTURES: tuple[tuple[str, Callable[[Person], None], int], ...] = (
    ("conversation", _conversation, 1280),
    ("show-sql", _sql, 1280),
    ("home", _home, 1280),
    ("phone", _conversation, 400),
)


def take(browser: Browser, there: House, folder: Path) -> None:
    """Every picture, in light and dark."""
    for name, arrange, width in _PICTURES:
        for scheme in SCHEMES:
            with person(browser, there, "alice", width=width, scheme=scheme) as who:
                arrange(who)
                file = folder / f"{name}-{scheme}.png"
                who.page.screenshot(path=file)
                sys.stdout.write(f"{file}\n")


def main(folder: Path) -> int:
    """Take them all; the exit status."""
    program = browser_program()
    if program is None:
        sys.stderr.write(f"{NO_BROWSER}\n")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    store = f"sqlite:///{demo_database()}"
    with (
        TemporaryDirectory() as own,
        house(store, Path(own)) as there,
        there.bot(),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        take(browser, there, folder)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
