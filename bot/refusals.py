"""What Slack's refusals mean: too rich, unheard of, gone for good, or worth another try.

The codes are those of docs.slack.dev (chat.postMessage, views.open …, "Errors").
"""

from __future__ import annotations

import logging

from slack_sdk.errors import SlackApiError

_log = logging.getLogger(__name__)

_TOO_RICH = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "invalid_attachments"}
)
_BAD_VIEW = frozenset({"invalid_arguments", "view_too_large"})
_UNHEARD_OF = frozenset(
    {"unknown_method", "method_not_supported_for_channel_type", "missing_scope"}
)
_GONE = frozenset(
    {
        "channel_not_found", "not_in_channel", "is_archived", "account_inactive", "token_revoked",
        "invalid_auth", "not_authed", "no_permission", "restricted_action", "user_not_found",
        "user_not_in_channel", "message_not_found", "cant_update_message", "team_not_found",
    }
)  # fmt: skip


class Undelivered(Exception):
    """Slack did not take it. `final`: trying again will not help; `code` is Slack's own word."""

    def __init__(self, code: str, *, final: bool) -> None:
        super().__init__(code)
        self.code, self.final = code, final


def code(error: Exception) -> str:
    """Slack's own word for it, or what kept Slack from having one."""
    if isinstance(error, SlackApiError):
        return str(error.response.get("error") or f"http {error.response.status_code}")
    return type(error).__name__


def too_rich(error: SlackApiError) -> bool:
    """Whether a plainer form of the same message may be taken."""
    return code(error) in _TOO_RICH


def view_refused(word: object) -> bool:
    """Whether Slack's word about a view means that it can't show what is in it."""
    return word in _TOO_RICH | _BAD_VIEW


def unheard_of(error: Exception) -> bool:
    """Whether this Slack does not know the method, or will never allow it."""
    missing = isinstance(error, SlackApiError) and error.response.status_code == 404
    return missing or code(error) in _UNHEARD_OF


def undelivered(error: Exception) -> Undelivered:
    """The refusal as one error, logged."""
    word = code(error)
    _log.warning("not delivered: %s", word)
    return Undelivered(word, final=word in _GONE or unheard_of(error))
