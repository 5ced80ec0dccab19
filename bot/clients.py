"""Slack clients: one for each workspace, made with its own token, all calling one address."""

from __future__ import annotations

import threading
from collections.abc import Callable

from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

Token = Callable[[str], str | None]
"""A workspace's id to the bot token it gave."""

TIMEOUT = 20
"""Seconds a call to Slack may take."""
_WAITS = 3
"""How often a call that Slack turns away with 429 waits for as long as Slack says."""


def client(token: str | None, api_url: str) -> WebClient:
    """A client that waits when told to (429).

    Nothing else is tried again here: whether a call that was cut off had arrived, only
    `delivery` can find out, and a second message is worse than a late one.
    """
    handlers = [RateLimitErrorRetryHandler(max_retry_count=_WAITS)]
    return WebClient(token, base_url=api_url, timeout=TIMEOUT, retry_handlers=[*handlers])


class Clients:
    """A workspace's client; `token` is asked once for each workspace."""

    def __init__(self, api_url: str, token: Token) -> None:
        self._api_url, self._token = api_url, token
        self._lock = threading.Lock()
        self._known: dict[str, tuple[str | None, WebClient]] = {}

    def of(self, team: str) -> WebClient:
        """The client of a workspace. A token that was exchanged makes a new one."""
        token = self._token(team)
        with self._lock:
            known = self._known.get(team)
            if known is None or known[0] != token:
                known = self._known[team] = token, client(token, self._api_url)
            return known[1]
