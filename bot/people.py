"""Who somebody is: the names that MLflow may know a Slack user by ("my runs")."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from http.client import HTTPException

from cachetools import TTLCache
from slack_sdk.errors import SlackClientError

from bot.clients import Clients

_log = logging.getLogger(__name__)

_HOUR = 3600


class People:
    """Names by Slack user, kept for an hour. `clock` gives seconds."""

    def __init__(self, clients: Clients, clock: Callable[[], float]) -> None:
        self._clients = clients
        self._lock = threading.Lock()
        self._known: TTLCache[tuple[str, str], tuple[str, ...]] = TTLCache(10_000, _HOUR, clock)

    def names(self, team: str, user: str) -> tuple[str, ...]:
        """Handle, display name, real name and mail name, as far as Slack tells them."""
        with self._lock:
            known = self._known.get((team, user))
        if known is not None:
            return known
        found = self._asked(team, user)
        if found is None:
            return ()  # not kept: the next question asks again
        with self._lock:
            self._known[team, user] = found
        return found

    def _asked(self, team: str, user: str) -> tuple[str, ...] | None:
        try:
            person = self._clients.of(team).users_info(user=user).get("user") or {}
        except (SlackClientError, OSError, HTTPException) as error:
            _log.info("users.info: %s", type(error).__name__)
            return None
        profile = person.get("profile") or {}
        given = (
            person.get("name"), profile.get("display_name"), person.get("real_name"),
            str(profile.get("email") or "").partition("@")[0],
        )  # fmt: skip
        return tuple(dict.fromkeys(str(name) for name in given if name))
