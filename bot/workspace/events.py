"""What the app is told, word for word as Slack words it: events, clicks, commands, shortcuts.

Pure: facts in, payload out. Shapes: docs.slack.dev/reference/events and
docs.slack.dev/reference/interaction-payloads.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable

from bot.workspace.people import (
    APP_ID,
    BOT_USER_ID,
    TEAM_DOMAIN,
    TEAM_ID,
    Channel,
    Json,
    User,
)

LEGACY_TOKEN = "legacy-verification-token"  # noqa: S105 - Slack's retired field, no secret
_TEAM = {"id": TEAM_ID, "domain": TEAM_DOMAIN}


def callback(event: Json) -> Json:
    """The event_callback around an event."""
    authorization = {
        "enterprise_id": None, "team_id": TEAM_ID, "user_id": BOT_USER_ID, "is_bot": True,
        "is_enterprise_install": False,
    }  # fmt: skip
    return {
        "token": LEGACY_TOKEN, "team_id": TEAM_ID, "api_app_id": APP_ID, "event": event,
        "type": "event_callback", "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(time.time()), "authorizations": [authorization],
        "is_ext_shared_channel": False, "event_context": secrets.token_urlsafe(24),
    }  # fmt: skip


def message(channel: Channel, said: Json, context: Json | None) -> Json:
    """A message was posted; in the app's own messages it carries what the person looks at."""
    event = {**said, "type": "message", "channel": channel.id, "event_ts": said["ts"]}
    event["channel_type"] = channel.event_type
    return {**event, "app_context": context} if context and channel.kind == "im" else event


def app_mention(channel: Channel, said: Json) -> Json:
    """The same message once more, because it mentions the app."""
    return {**said, "type": "app_mention", "channel": channel.id, "event_ts": said["ts"]}


def message_changed(channel: Channel, before: Json, after: Json, ts: str) -> Json:
    """A message was edited or updated."""
    what = {"message": after, "previous_message": before}
    return _hidden(channel, "message_changed", ts, what)


def message_deleted(channel: Channel, before: Json, ts: str) -> Json:
    """A message is gone."""
    what = {"previous_message": before, "deleted_ts": before["ts"]}
    return _hidden(channel, "message_deleted", ts, what)


def _hidden(channel: Channel, subtype: str, ts: str, what: Json) -> Json:
    return {
        "type": "message", "subtype": subtype, "hidden": True, "channel": channel.id, "ts": ts,
        "event_ts": ts, "channel_type": channel.event_type, **what,
    }  # fmt: skip


def app_home_opened(user: User, dm: Channel, tab: str, view: Json | None, context: Json) -> Json:
    """A person opened the app: its Home tab or its messages."""
    event: Json = {
        "type": "app_home_opened", "user": user.id, "channel": dm.id, "tab": tab,
        "event_ts": f"{time.time():.6f}",
    }  # fmt: skip
    if tab == "home" and view:
        event["view"] = view
    return {**event, "context": context} if context else event


def app_context_changed(user: User, dm: Channel, context: Json, ts: str) -> Json:
    """A person looks at something else while the app is open."""
    return {
        "type": "app_context_changed", "user": user.id, "channel": dm.id, "context": context,
        "event_ts": ts,
    }  # fmt: skip


def context_of(channel: Channel | None) -> Json:
    """What a person looks at, as the events above tell it."""
    if channel is None:
        return {}
    entity = {"type": "slack#/types/channel_id", "value": channel.id, "team_id": TEAM_ID}
    return {"entities": [entity]}


def link_shared(channel: Channel, said: Json, links: Iterable[Json], *, is_member: bool) -> Json:
    """A message holds links of the app's domains."""
    event: Json = {
        "type": "link_shared", "channel": channel.id, "is_bot_user_member": is_member,
        "user": said["user"], "message_ts": said["ts"], "links": list(links),
        "unfurl_id": f"{channel.id}.{said['ts']}.{secrets.token_hex(16)}",
        "source": "conversations_history", "event_ts": said["ts"],
    }  # fmt: skip
    return {**event, "thread_ts": said["thread_ts"]} if "thread_ts" in said else event


def reaction(kind: str, user: str, channel: str, ts: str, name: str, author: str) -> Json:
    """A reaction was added or removed."""
    item = {"type": "message", "channel": channel, "ts": ts}
    return {
        "type": kind, "user": user, "reaction": name, "item_user": author, "item": item,
        "event_ts": f"{time.time():.6f}",
    }  # fmt: skip


def command(user: User, channel: Channel, name: str, text: str, trigger: str, url: str) -> Json:
    """A slash command; its fields are form fields, so they are all text."""
    return {
        "token": LEGACY_TOKEN, "team_id": TEAM_ID, "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id, "channel_name": channel.name, "user_id": user.id,
        "user_name": user.name, "command": name, "text": text, "api_app_id": APP_ID,
        "is_enterprise_install": "false", "response_url": url, "trigger_id": trigger,
    }  # fmt: skip


def interaction(kind: str, user: User, **more: object) -> Json:
    """What every interaction says, and what its own kind says."""
    who = {"id": user.id, "username": user.name, "name": user.name, "team_id": TEAM_ID}
    return {
        "type": kind, "user": who, "api_app_id": APP_ID, "token": LEGACY_TOKEN, "team": _TEAM,
        "enterprise": None, "is_enterprise_install": False, **more,
    }  # fmt: skip


def place(channel: Channel) -> Json:
    """A channel as interactions name it."""
    return {"id": channel.id, "name": channel.name}
