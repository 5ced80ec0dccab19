"""A click, a choice or a sent form, read out of Slack's payload."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.target import Target

Json = Mapping[str, Any]
"""A Slack payload. `Any`: foreign JSON."""

LEAD = "lead"
"""The block_id of the line that says who asked what: an answer shown anew keeps it."""


@dataclass(frozen=True, slots=True)
class Click:
    """Who clicked what where. `value` is the button's own JSON; `chosen` a menu's.

    `channel` is empty for a click in a view (a modal, the Home tab).
    """

    team: str
    user: str
    action_id: str
    value: Json
    chosen: str | None
    trigger_id: str
    channel: str
    message_ts: str | None
    thread_ts: str | None
    response_url: str | None
    ephemeral: bool
    view: Json | None
    lead: str | None = None
    """Who asked what, as the clicked answer says above its headline."""

    @property
    def target(self) -> Target:
        """The clicked message, to be updated in place."""
        return Target(self.team, self.channel, self.thread_ts, self.message_ts)

    @property
    def below(self) -> Target:
        """A new message in the clicked message's thread."""
        return Target(self.team, self.channel, self.thread_ts or self.message_ts)


def read_click(body: Json) -> Click:
    """The first action of a block_actions payload."""
    action: Json = (body.get("actions") or [{}])[0]
    container: Json = body.get("container") or {}
    message: Json = body.get("message") or {}
    option: Json = action.get("selected_option") or {}
    ts = container.get("message_ts") or message.get("ts")
    return Click(
        team=team_of(body),
        user=str((body.get("user") or {}).get("id") or ""),
        action_id=str(action.get("action_id") or ""),
        value=_object(action.get("value") or option.get("value")),
        chosen=option.get("value"),
        trigger_id=str(body.get("trigger_id") or ""),
        channel=str((body.get("channel") or {}).get("id") or container.get("channel_id") or ""),
        message_ts=str(ts) if ts else None,
        thread_ts=container.get("thread_ts") or message.get("thread_ts"),
        response_url=body.get("response_url"),
        ephemeral=bool(container.get("is_ephemeral")),
        view=body.get("view"),
        lead=_lead(message.get("blocks") or ()),
    )


def team_of(body: Json) -> str:
    """The workspace a payload comes from; an organisation's installation has its own id."""
    team = body.get("team") or {}
    enterprise = body.get("enterprise") or {}
    user = body.get("user")
    of_user = user.get("team_id") if isinstance(user, Mapping) else None
    return str(team.get("id") or body.get("team_id") or of_user or enterprise.get("id") or "")


def bot_of(body: Json) -> str | None:
    """The bot's user, as an event itself tells it."""
    given = [each for each in body.get("authorizations") or () if each.get("is_bot")]
    return str(given[0]["user_id"]) if given else None


def entered(view: Json) -> dict[str, Any]:  # Any: a text, a number's text, an option's value
    """What was entered into a modal, by block_id."""
    values: Json = (view.get("state") or {}).get("values") or {}
    return {block: _entry(entries) for block, entries in values.items()}


def kept(view: Json) -> dict[str, Any]:  # Any: JSON that the bot wrote itself
    """What the bot noted in the modal when it opened it."""
    return dict(_object(view.get("private_metadata")))


def _entry(entries: Json) -> Any:  # Any: see `entered`
    element: Json = next(iter(entries.values()), {})
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or []]
    if element.get("selected_option"):
        return element["selected_option"].get("value")
    return next((element[k] for k in ("value", "selected_date") if element.get(k)), None)


def _lead(blocks: Sequence[Json]) -> str | None:
    found = (block["elements"][0]["text"] for block in blocks if block.get("block_id") == LEAD)
    return next(found, None)


def _object(text: object) -> Json:
    """A JSON object that a button carries; {} for anything else, which is no button of ours."""
    try:
        found = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
