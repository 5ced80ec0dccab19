"""`/migration`: how far the move to MySQL is, as the migration itself writes it down.

A status is one person's and has a button to refresh it; what is watched is everyone's, one
message that is brought up to date until the move is over.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from slack_bolt import Ack, App

from bot.clicks import read_click, team_of
from bot.listeners import alone
from bot.porch import Porch
from bot.refusals import Undelivered
from bot.render.blocks import context
from bot.render.message import Message
from bot.render.text import mrkdwn
from bot.target import Target
from bot.views.migration import HELP, NONE, REFRESH, refreshable, report, summary
from tracking.status import Phase, StatusError, read

_log = logging.getLogger(__name__)

Json = Mapping[str, Any]
"""A Slack payload. `Any`: foreign JSON."""

MIGRATION = "/migration"
EVERY = 3.0
"""Seconds between two looks at a migration that is watched."""
LONGEST = 15 * 60.0
"""Seconds after which nobody looks at the message any more; it can be asked for again."""

_OUTSIDE = "I can't post here: `/invite` me first, or use `/migration status`."
_LATER = "Slack did not take the message. Try again in a moment."
_OVER = "_This message is no longer brought up to date. `/migration watch` posts another one._"


def register(app: App, porch: Porch) -> None:
    """Hear `/migration` and its button."""
    watches = Watches(porch)

    @app.command(MIGRATION)
    def migration(ack: Ack, body: Json) -> None:
        word = str(body.get("text") or "").strip().lower()
        seen = look(porch.settings.migration_status)
        if word == "watch" and seen.goes_on:
            if porch.inbox.first_time(f"command:{body['trigger_id']}"):
                watches.begin(_place(body), body.get("response_url"))
            ack()
        elif word in {"", "status", "watch"}:
            ack(**_alone(refreshable(seen.message)))
        else:
            ack(text=HELP)

    @app.action(REFRESH)
    def refreshed(ack: Ack, body: Json) -> None:
        ack()
        fresh = refreshable(look(porch.settings.migration_status).message)
        alone.answer(porch, read_click(body).response_url, fresh, replace=True)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at the status gave. `goes_on`: another look may give something else."""

    message: Message
    lines: list[str]
    goes_on: bool = False


def look(file: Path | None) -> Seen:
    """How the migration is right now; a status that cannot be read is told like any other."""
    try:
        status = read(file) if file else None
    except StatusError as error:
        _log.warning("the migration's status: %s", error.what)
        text = f"⚠️ {mrkdwn(error.what, 500)} {mrkdwn(error.fix, 500)}"
        return Seen(Message(text), [text])
    if status is None:
        return Seen(Message(NONE), [])
    now = datetime.now(UTC)
    going = status.running or status.phase is Phase.PLANNED
    return Seen(report(status, now), summary(status, now), goes_on=going)


def home_lines(file: Path | None) -> list[str]:
    """The migration in App Home, in mrkdwn; nothing where there is none."""
    return look(file).lines


class Watches:
    """Messages that follow a migration: one in a channel, a new one ends the older.

    The more there are, the slower each: Slack takes about 50 updates a minute of one workspace.
    They end with the process; what they last said has its time with it. `clock` gives seconds.
    """

    def __init__(self, porch: Porch, clock: Callable[[], float] = monotonic) -> None:
        self._porch, self._file = porch, porch.settings.migration_status
        self._clock = clock
        self._lock = threading.Lock()
        self._live: dict[str, Watch] = {}

    def begin(self, where: Target, response_url: str | None) -> None:
        """Post a message and keep it up to date; who asked is told when that cannot be done."""
        self._porch.outbox.put(where.place, partial(self._post, where, response_url))

    def _post(self, where: Target, response_url: str | None) -> bool:
        seen, until = look(self._file), self._clock() + LONGEST
        try:
            ts = self._porch.delivery.show(where, _forms(seen.message))
        except Undelivered as trouble:
            sorry = Message(_OUTSIDE if trouble.final else _LATER)
            alone.answer(self._porch, response_url, sorry)
            return False
        watch = Watch(replace(where, message_ts=ts), until, seen.message)
        with self._lock:
            self._live[where.place] = watch
        self._later(watch)
        return True

    def _later(self, watch: Watch) -> None:
        """Look again in a while, without a sender waiting for it."""
        with self._lock:
            pause = EVERY * len(self._live)
        act = partial(self._porch.outbox.put, watch.where.place, partial(self._renew, watch))
        timer = threading.Timer(pause, act)
        timer.daemon = True  # a bot that ends does not wait for a migration
        timer.start()

    def _renew(self, watch: Watch) -> bool:
        """Bring the message up to date; an update is no new message."""
        with self._lock:
            if self._live.get(watch.where.place) is not watch:
                return False
        seen, late = look(self._file), self._clock() > watch.until
        told = _ended(seen.message) if late and seen.goes_on else seen.message
        goes_on = self._told(watch, told) and seen.goes_on and not late
        if goes_on:
            self._later(watch)
        else:
            self._forget(watch)
        return False

    def _told(self, watch: Watch, message: Message) -> bool:
        """Whether the message is still there; what Slack did not take now, it may the next time."""
        if message == watch.shown:
            return True
        try:
            self._porch.delivery.show(watch.where, _forms(message))
        except Undelivered as trouble:
            return not trouble.final
        watch.shown = message
        return True

    def _forget(self, watch: Watch) -> None:
        with self._lock:
            if self._live.get(watch.where.place) is watch:
                del self._live[watch.where.place]


@dataclass(slots=True, eq=False)
class Watch:
    """A message that follows a migration, until a moment of the clock (seconds)."""

    where: Target
    until: float
    shown: Message


def _forms(message: Message) -> tuple[Message, Message]:
    return message, Message(message.text)


def _ended(message: Message) -> Message:
    blocks = (*message.blocks, context(_OVER)) if message.blocks else None
    return Message(f"{message.text}\n{_OVER}", blocks)


def _place(body: Json) -> Target:
    return Target(team_of(body), str(body["channel_id"]))


def _alone(message: Message) -> dict[str, Any]:  # Any: a command's answer, as Slack wants it
    """An acknowledgement that only who typed the command sees."""
    return {"text": message.text, "blocks": list(message.blocks or ())}
