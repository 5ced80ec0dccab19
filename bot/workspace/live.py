"""What the open pages are told: each person hears of what they can see, as it happens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from bot.workspace.people import Json

Send = Callable[[str], None]
"""Hands text to one page; never blocks, may be called from any thread."""


class Hub:
    """The open pages, by person."""

    def __init__(self) -> None:
        self._pages: dict[str, list[Send]] = {}

    def open(self, user: str, send: Send) -> Callable[[], None]:
        """Tell this page from now on; the call that comes back ends it."""
        pages = self._pages.setdefault(user, [])
        pages.append(send)
        return lambda: pages.remove(send)

    def tell(self, users: Iterable[str], news: Json) -> None:
        """Tell the pages of these people."""
        text = json.dumps(news)
        for user in users:
            for send in tuple(self._pages.get(user, ())):
                send(text)

    def tell_all(self, news: Json) -> None:
        """Tell every page."""
        self.tell(tuple(self._pages), news)
