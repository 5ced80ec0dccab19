"""The bot's one mouth: every call that writes to Slack is made here, and nowhere else.

An answer goes out in the richest form that Slack takes: each has plainer second tries for
`invalid_blocks`, and the last is text alone. What Slack's server does not know (`unknown_method`,
404) is done without. Text from data was defused before it comes here; links are never unfurled.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot.clients import TIMEOUT, Clients
from bot.pictures import NAME, Picture
from bot.refusals import Undelivered, code, too_rich, undelivered, unheard_of, view_refused
from bot.render.message import CHARTS, SLACK_FILE, Message
from bot.render.views import plainer
from bot.target import Target

_log = logging.getLogger(__name__)

Json = dict[str, Any]
"""A Slack payload. `Any`: JSON, nested."""

MARK = "tracktalk_answer"
"""The event_type of our messages' metadata; its payload names the job that a message answers."""

_ENOUGH = 2
"""A kind of block turned down so often in a row is not tried again by this process."""


class Delivery:
    """Writes to the workspaces whose clients it is given. Used by many threads at once."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._unknown: set[str] = set()
        self._refusals: dict[str, int] = {}

    # -- messages -------------------------------------------------------------------------

    def show(self, target: Target, tiers: Sequence[Message], picture: Picture | None = None) -> str:
        """Post, or update the target's message, in the richest form taken; the message's ts.

        A form without a native chart gets the picture: inside, or in the thread where Slack
        does not take that. Raises Undelivered.
        """
        for form in self._forms(target.team, tiers, picture):
            try:
                ts = self._write(target, form)
            except SlackApiError as error:
                if not too_rich(error) or form is tiers[-1]:
                    raise undelivered(error) from error
                self._note_refusal(form, error)
            else:
                self._refusals.update(dict.fromkeys(form.needs, 0))
                if picture is not None and not form.needs & CHARTS:
                    self._put_below(replace(target, thread_ts=target.thread_ts or ts), picture)
                return ts
        nothing = "no_text"  # there was no form to try
        raise Undelivered(nothing, final=True)

    def _forms(
        self, team: str, tiers: Sequence[Message], picture: Picture | None
    ) -> Iterator[Message]:
        """The messages to try, richest first; the picture is uploaded when it is first needed."""
        file_id: str | None = None
        for tier in self._worth_trying(tiers):
            if picture is not None and tier.blocks and not tier.needs & CHARTS:
                file_id = file_id or self._kept(team, picture)
                if file_id is not None:
                    yield picture.within(tier, file_id)
            yield tier

    def _kept(self, team: str, picture: Picture) -> str | None:
        if self._hopeless() & {SLACK_FILE}:
            return None
        png = picture.png()
        return self._keep_picture(team, png, picture.alt) if png else None

    def _put_below(self, target: Target, picture: Picture) -> None:
        png = picture.png()
        if png is None:
            return
        try:
            self.upload(target, NAME, png, picture.alt)
        except Undelivered as error:
            _log.warning("a chart was not delivered: %s", error.code)

    def find(self, target: Target) -> str | None:
        """The message that already answers the target's job, if a process posted it and died."""
        if target.key is None:
            return None
        method = "conversations.replies" if target.thread_ts else "conversations.history"
        found = self._try(
            target.team, method, form=True, channel=target.channel, ts=target.thread_ts,
            include_all_metadata=True, limit=200,
        )  # fmt: skip
        for message in found.get("messages") or []:
            marked = (message.get("metadata") or {}).get("event_payload") or {}
            if marked.get("key") == target.key:
                return str(message["ts"])
        return None

    def whisper(self, target: Target, user: str, message: Message) -> bool:
        """Say something to one person alone; False where that cannot be done."""
        said = self._try(
            target.team, "chat.postEphemeral", channel=target.channel, user=user,
            thread_ts=target.thread_ts, **_body(message),
        )  # fmt: skip
        return bool(said.get("ok"))

    def respond(self, response_url: str, message: Message, **wish: bool | str) -> bool:
        """Answer a command or a click by the address that came with it; False when it is stale."""
        webhook = WebhookClient(response_url, timeout=TIMEOUT)
        try:
            said = webhook.send_dict({**_body(message), **wish})
            # A refusal may come as 200 with {"ok": false} in it.
            return said.status_code == 200 and '"ok":false' not in said.body.replace(" ", "")
        except (OSError, HTTPException, SlackClientError) as error:
            _log.warning("a response address failed: %s", type(error).__name__)
            return False

    def status(self, target: Target, text: str) -> None:
        """Show under the thread what the bot is doing; an empty text takes it away."""
        if target.thread_ts is not None:
            self._try(
                target.team, "assistant.threads.setStatus", channel_id=target.channel,
                thread_ts=target.thread_ts, status=text,
            )  # fmt: skip

    def prompts(self, target: Target, prompts: Sequence[Mapping[str, str]]) -> None:
        """Offer questions to begin with, in the app's own conversation."""
        self._try(
            target.team, "assistant.threads.setSuggestedPrompts", channel_id=target.channel,
            thread_ts=target.thread_ts, prompts=[*prompts],
        )  # fmt: skip

    def unfurl(self, team: str, unfurls: Mapping[str, Json], **where: str) -> None:
        """Put cards under a message's links (`where`: unfurl_id and source, or channel, ts)."""
        given: Json = {"unfurls": dict(unfurls), **where}
        self._try(team, "chat.unfurl", **given)

    def direct(self, team: str, user: str) -> str | None:
        """The channel of the direct conversation with somebody; None where there can be none."""
        opened = self._try(team, "conversations.open", users=user)
        return (opened.get("channel") or {}).get("id")

    def permalink(self, team: str, channel: str, ts: str) -> str | None:
        """A link to a message; None where the bot cannot see it."""
        found = self._try(team, "chat.getPermalink", form=True, channel=channel, message_ts=ts)
        return found.get("permalink")

    # -- files ----------------------------------------------------------------------------

    def upload(self, target: Target, name: str, content: bytes, title: str) -> None:
        """Put a file into the target's thread. Raises Undelivered."""
        try:
            self._client(target).files_upload_v2(
                channel=target.channel, thread_ts=target.thread_ts, filename=name, title=title,
                content=content,
            )  # fmt: skip
        except (SlackClientError, OSError, HTTPException) as error:
            raise undelivered(error) from error

    def _keep_picture(self, team: str, content: bytes, alt: str) -> str | None:
        """Upload a picture for a message to show in a block of its own; its file id."""
        try:
            kept = self._clients.of(team).files_upload_v2(
                filename=NAME, title=alt, content=content, alt_txt=alt
            )
        except (SlackClientError, OSError, HTTPException) as error:
            _log.warning("a picture could not be uploaded: %s", code(error))
            return None
        files = kept.get("files") or []
        return str(files[0]["id"]) if files else None

    # -- views ----------------------------------------------------------------------------

    def open_view(
        self, team: str, trigger_id: str, view: Json, *, over: bool = False
    ) -> str | None:
        """Open a modal, or put it over the one that is open; its id. None when it came too late."""
        method = "views.push" if over else "views.open"
        opened = self._shown(team, method, view, trigger_id=trigger_id)
        found = (opened.get("view") or {}).get("id")
        return str(found) if found else None

    def update_view(self, team: str, view_id: str, view: Json) -> None:
        """Show another content in an open modal."""
        self._shown(team, "views.update", view, view_id=view_id)

    def publish_home(self, team: str, user: str, view: Json) -> None:
        """Set what a person sees in the app's Home tab."""
        self._shown(team, "views.publish", view, user_id=user)

    def _shown(self, team: str, method: str, view: Json, **where: str) -> Json:
        """What a call with a view gave; a plainer view where Slack can't show the first."""
        rich: Json = {"view": view, **where}
        given = self._try(team, method, **rich)
        if view_refused(given.get("error")):
            plain: Json = {"view": plainer(view), **where}
            given = self._try(team, method, **plain)
        return given

    # -- how ------------------------------------------------------------------------------

    def _client(self, target: Target) -> WebClient:
        return self._clients.of(target.team)

    def _worth_trying(self, tiers: Sequence[Message]) -> Iterable[Message]:
        """All but those with a kind of block that this Slack has turned down twice in a row."""
        hopeless = self._hopeless()
        return [tier for tier in tiers[:-1] if not tier.needs & hopeless] + [*tiers[-1:]]

    def _hopeless(self) -> set[str]:
        return {kind for kind, times in self._refusals.items() if times >= _ENOUGH}

    def _note_refusal(self, tier: Message, error: SlackApiError) -> None:
        faults = (error.response.get("response_metadata") or {}).get("messages")
        _log.warning("Slack turned down %s: %s", sorted(tier.needs), faults)
        for kind in tier.needs:
            self._refusals[kind] = self._refusals.get(kind, 0) + 1

    def _write(self, target: Target, message: Message) -> str:
        """Raises SlackApiError as Slack said it, Undelivered for what did not get through."""
        quiet = {"unfurl_links": False, "unfurl_media": False}
        mark = {"metadata": {"event_type": MARK, "event_payload": {"key": target.key}}}
        body = {**_body(message), **(mark if target.key else {}), "channel": target.channel}
        body |= {"parse": "none"}  # what looks like an address in data stays text
        try:
            if target.message_ts:
                # Without blocks in the call, an update would leave the old ones standing.
                old: Json = {"ts": target.message_ts, "blocks": message.blocks or []}
                self._client(target).api_call("chat.update", json={**body, **old})
                return target.message_ts
            new = {**body, **quiet, "thread_ts": target.thread_ts}
            said = self._client(target).api_call("chat.postMessage", json=_given(new))
            return str(said["ts"])
        except SlackApiError:
            raise
        except (SlackClientError, OSError, HTTPException) as error:
            raise undelivered(error) from error

    def _try(self, team: str, method: str, *, form: bool = False, **arguments: object) -> Json:
        """A call that an answer can do without: what it gave, or what went wrong as `error`.

        `form`: Slack's methods that only read take no JSON.
        """
        if method in self._unknown:
            return {"ok": False, "error": "unknown_method"}
        try:
            call, body = self._clients.of(team).api_call, _given(arguments)
            given = call(method, params=body) if form else call(method, json=body)
        except (SlackClientError, OSError, HTTPException) as error:
            if unheard_of(error):
                self._unknown.add(method)
            _log.info("%s: %s", method, code(error))
            return {"ok": False, "error": code(error)}
        return dict(given.data) if isinstance(given.data, dict) else {}


def _given(arguments: Mapping[str, object]) -> Json:
    return {name: value for name, value in arguments.items() if value is not None}


def _body(message: Message) -> Json:
    return _given({"text": message.text, "blocks": message.blocks})
