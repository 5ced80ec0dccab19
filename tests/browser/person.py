"""A person before the page: what they type, press and see, by the names a screen reader says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.support.house import House

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
SECONDS = 15
_HEIGHT = 800


@dataclass
class Person:
    """Somebody at a browser. `complaints`: what the page wrote to the console."""

    page: Page
    house: House
    name: str
    complaints: list[str] = field(default_factory=list)

    def heard(self, said: ConsoleMessage) -> None:
        """Note what the page had to complain about."""
        if said.type == "error":
            self.complaints.append(said.text)

    def open(self, channel: str) -> None:
        """Open the page in a channel."""
        self.go(self.house.channel(channel))

    def go(self, where: str) -> None:
        """Open the page at a channel's id, and wait until it listens."""
        self.page.goto(f"{self.house.address}/?channel={where}&user={self.name}")
        self.page.wait_for_selector("body[data-ready=true]")

    def ask(self, text: str) -> None:
        """Mention the app as one types it, and send."""
        box = self.page.get_by_role("textbox", name="Message #")
        box.press_sequentially("@track")
        self.page.get_by_role("option", name="tracktalk").first.click()
        box.press_sequentially(text)
        box.press("Enter")

    def open_thread(self) -> Locator:
        """Open the newest message's thread; the thread."""
        self.page.get_by_role("button", name="1 reply").last.click()
        return self.thread

    @property
    def thread(self) -> Locator:
        """The thread at the side."""
        return self.page.get_by_role("complementary", name="Thread")

    def reply(self, text: str) -> None:
        """Write into the thread."""
        box = self.thread.get_by_role("textbox")
        box.press_sequentially(text)
        box.press("Enter")


@contextmanager
def person(
    browser: Browser, house: House, name: str, *, width: int = 1280, scheme: Scheme = "light",
    scale: float = 1,
) -> Iterator[Person]:  # fmt: skip
    """A window of their own; the test fails when the page complained."""
    expect.set_options(timeout=SECONDS * 1000)
    window = browser.new_context(
        viewport={"width": width, "height": _HEIGHT}, color_scheme=scheme,
        device_scale_factor=scale, reduced_motion="reduce",
    )  # fmt: skip
    page = window.new_page()
    page.set_default_timeout(SECONDS * 1000)
    who = Person(page, house, name)
    page.on("console", who.heard)
    page.on("pageerror", lambda error: who.complaints.append(str(error)))
    yield who
    window.close()
    assert who.complaints == []
