"""Who the bot is in its one workspace: asked once, and done without where Slack does not say."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from http.client import HTTPException

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

_log = logging.getLogger(__name__)

_ASK_AGAIN = 30.0
"""Seconds after a failed auth.test until the next one: no event waits for a dead Slack twice."""


class Identity(Authorize):
    """Bolt's `authorize` for one token. `clock` gives seconds."""

    def __init__(self, slack: WebClient, token: str | None, clock: Callable[[], float]) -> None:
        self._slack, self._token, self._clock = slack, token, clock
        self._lock = threading.Lock()
        self._known: tuple[str | None, str | None] | None = None
        self._not_before = float("-inf")

    def __call__(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        **_more: object,  # what only other ways to authorize need
    ) -> AuthorizeResult:
        """The token, with the bot's user and bot id where they are known."""
        user, bot = self._ids()
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, bot_token=self._token,
            bot_user_id=user, bot_id=bot,
        )  # fmt: skip

    def _ids(self) -> tuple[str | None, str | None]:
        with self._lock:
            if self._known is None and self._clock() >= self._not_before:
                self._known = self._asked()
                self._not_before = self._clock() + _ASK_AGAIN
            return self._known or (None, None)

    def _asked(self) -> tuple[str | None, str | None] | None:
        try:
            told = self._slack.auth_test()
        except (SlackClientError, OSError, HTTPException) as error:
            _log.warning("auth.test: %s", type(error).__name__)
            return None
        return told.get("user_id"), told.get("bot_id")
