"""Letters on their way to Slack: each arrives once, in its channel's turn, or is tried again."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace

from bot.clicks import LEAD
from bot.delivery import Delivery
from bot.inbox import Asked
from bot.outbox import Outbox
from bot.patience import Wait
from bot.pictures import Picture
from bot.refusals import Undelivered
from bot.render.asides import working
from bot.render.blocks import context
from bot.render.message import Message, Rendered
from bot.stages import as_message
from bot.target import Target
from texttosql.errors import JournalError
from texttosql.ports import Journal
from texttosql.worklist import Job, Work

_log = logging.getLogger(__name__)

_TRIES = 6
_FIRST_WAIT = 2.0
"""Seconds until what Slack did not take is tried again; each further wait is twice as long."""
_TURN = 0.25
"""Seconds until a process that found a channel's second taken looks again."""
_OUTSIDE = frozenset({"not_in_channel", "channel_not_found", "is_archived"})
_FIXED = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
_NO_FILE = "I can't put a file here: Slack did not take it. Its rows are in the answer itself."
_NOT_HERE = "I'm not in this channel, so only you can see this. To share answers: `/invite` me."


@dataclass(frozen=True, slots=True)
class Letter:
    """A job's answer. `private`: for the asker alone. `file`: name, content, title."""

    job: Job
    asked: Asked
    rendered: Rendered
    picture: Picture | None = None
    private: bool = False
    file: tuple[str, bytes, str] | None = None


class Postman:
    """Sends letters, and remembers which message belongs to which job while it is under way."""

    def __init__(self, outbox: Outbox, delivery: Delivery, work: Work, journal: Journal) -> None:
        self._outbox, self._delivery = outbox, delivery
        self._work, self._journal = work, journal
        self._lock = threading.Lock()
        self._posted: dict[str, str] = {}

    def send(self, letter: Letter, tried: int = 0) -> None:
        """Put a letter into its channel's lane; its job is done when it has arrived."""
        after = _FIRST_WAIT * 2 ** (tried - 1) if tried else 0
        act = lambda: self._arrived(letter, tried)  # noqa: E731 - a name would hide its arguments
        self._outbox.put(letter.asked.target.place, act, after=after)

    def status(self, asked: Asked, wait: Wait) -> None:
        """Show under the thread what is going on."""

        def act() -> bool:
            if not wait.over:
                self._delivery.status(asked.target, wait.stage)
            return False

        self._outbox.put(f"{asked.target.place} status", act)

    def working(self, asked: Asked, wait: Wait) -> None:
        """Post the message that will be the answer, unless there is one or it will be private.

        In the lane of the answer itself: whichever comes first, the other one sees it.
        """

        def act() -> bool:
            if wait.over or asked.kind == "csv" or asked.quiet or self._ts(asked):
                return False
            if not self._may_post(asked):
                return False  # another process speaks here just now: the answer will do
            try:
                ts = self._delivery.show(
                    asked.target, (led(asked, working(as_message(wait.stage))),)
                )
            except Undelivered:
                return True  # the answer itself will be tried again; this sign was worth one try
            with self._lock:
                self._posted[asked.key] = ts
            self._work.note_message(asked.key, ts)
            return True

        self._outbox.put(asked.target.place, act)

    def whisper(self, asked: Asked, message: Message) -> None:
        """Say something to the asker alone, or where that cannot be done, in the thread."""

        def act() -> bool:
            try:
                return self._whispered(asked, (message,))
            except Undelivered:
                return True  # logged where it happened; there is no other way to say it

        self._outbox.put(f"{asked.target.place} whispers", act)

    def _arrived(self, letter: Letter, tried: int) -> bool:
        """Whether something was posted. A letter that did not arrive is put back."""
        if self._ts(letter.asked) is None and not self._may_post(letter.asked):
            place = letter.asked.target.place
            self._outbox.put(place, lambda: self._arrived(letter, tried), after=_TURN)
            return False
        try:
            posted = self._hand_over(letter, again=tried > 0 or letter.job.attempts > 1)
        except Undelivered as trouble:
            if trouble.final or tried + 1 >= _TRIES:
                _log.error("the answer to %s cannot be delivered: %s", letter.job.key, trouble.code)
                self._regret(letter)
                self._done(letter)
            else:
                self.send(letter, tried + 1)
            return True
        self._done(letter)
        return posted

    def _may_post(self, asked: Asked) -> bool:
        """Whether this second in this channel is ours: processes take turns by the journal.

        Without a journal nobody can tell, and what went wrong has to be said all the same.
        """
        try:
            return self._work.claim(f"post:{asked.target.place}:{int(time.time())}")
        except JournalError:
            return True

    def _regret(self, letter: Letter) -> None:
        """A file that Slack does not take is not missed in silence."""
        if letter.file is not None:
            self.whisper(letter.asked, Message(_NO_FILE))

    def _done(self, letter: Letter) -> None:
        self._work.done(letter.job.key)
        with self._lock:
            self._posted.pop(letter.job.key, None)

    def _hand_over(self, letter: Letter, *, again: bool) -> bool:
        asked, target = letter.asked, letter.asked.target
        if letter.file is not None:
            name, content, title = letter.file
            self._delivery.upload(target, name, content, title)
            return True
        tiers = tuple(led(asked, tier) for tier in letter.rendered.tiers)
        if letter.private and self._ts(asked) is None:
            return self._whispered(asked, tiers)
        if asked.response_url is not None and not asked.root:
            return not self._replaced(asked.response_url, tiers)
        return self._show(letter, tiers, again=again)

    def _replaced(self, response_url: str, tiers: tuple[Message, ...]) -> bool:
        """Whether the message that only the clicker sees became one of these, the richest taken."""
        respond = self._delivery.respond
        return any(respond(response_url, tier, replace_original=True) for tier in tiers)

    def _show(self, letter: Letter, tiers: tuple[Message, ...], *, again: bool) -> bool:
        asked, target = letter.asked, letter.asked.target
        ts = self._ts(asked) or (self._delivery.find(target) if again else None)
        try:
            shown = self._written(replace(target, message_ts=ts), tiers, letter.picture)
        except Undelivered as trouble:
            if asked.response_url is None or trouble.code not in _OUTSIDE:
                raise
            self._told_outside(asked.response_url, tiers)
            return False
        if target.thread is None and letter.job.turn_id:
            began = replace(target, thread_ts=shown)
            self._journal.note_thread(letter.job.turn_id, began.thread or "")
        return shown != ts

    def _written(self, target: Target, tiers: tuple[Message, ...], picture: Picture | None) -> str:
        """The message's ts: a new one where the old one is gone or can't be changed any more."""
        try:
            return self._delivery.show(target, tiers, picture)
        except Undelivered as trouble:
            if target.message_ts is None or trouble.code not in _FIXED:
                raise
            return self._delivery.show(replace(target, message_ts=None), tiers, picture)

    def _told_outside(self, response_url: str, tiers: tuple[Message, ...]) -> bool:
        """Whether who asked where the bot is not could be told in one of these forms."""
        told = (
            Message(
                f"{_NOT_HERE}\n{tier.text}",
                (context(_NOT_HERE), *tier.blocks) if tier.blocks else None,
            )
            for tier in tiers
        )
        respond = self._delivery.respond
        return any(respond(response_url, each, response_type="ephemeral") for each in told)

    def _whispered(self, asked: Asked, tiers: tuple[Message, ...]) -> bool:
        """Whether it had to be posted for all to see."""
        self._delivery.status(asked.target, "")
        if any(self._delivery.whisper(asked.target, asked.user, tier) for tier in tiers):
            return False
        url = asked.response_url
        if url and any(self._delivery.respond(url, tier) for tier in tiers):
            return False
        self._delivery.show(replace(asked.target, message_ts=None), tiers)
        return True

    def _ts(self, asked: Asked) -> str | None:
        with self._lock:
            return self._posted.get(asked.key) or asked.target.message_ts


def led(asked: Asked, message: Message) -> Message:
    """The message with who asked what above it, where nothing else says so."""
    if asked.lead is None:
        return message
    line = {**context(asked.lead), "block_id": LEAD}
    blocks = (line, *message.blocks) if message.blocks is not None else None
    return Message(f"{asked.lead}\n{message.text}", blocks)
