"""What comes in becomes a job, once and only once, before Slack is told that it arrived.

A message is one job however it arrives: as app_mention and as message, twice, by two connections,
to two processes. The journal's database decides who was first.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from cachetools import LRUCache

from bot.settings import BotSettings
from bot.target import Target
from bot.workroom import LEASE, Workroom
from texttosql.ports import Journal
from texttosql.worklist import Job, Load, Work

MINUTE = timedelta(minutes=1)
_REMEMBERED = 2_000
_LOOKS, _A_MOMENT = 20, 0.05
"""How often, and seconds between: a second in all, of the three that Slack waits."""
_LIMITED = frozenset({"ask", "sql"})
"""Kinds that are questions; the buttons under an answer are nobody's question."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Asked:
    """Something a person wants done. `key` is the same for every arrival of the same wish.

    `kind`: "ask" answers `text`; the others are the buttons' (see `answering`), told by `more`.
    `follows` is the turn it refines. `quiet`: what cannot be answered is told to the asker alone.
    `root`: the answer begins a thread of its own. `lead`: who asked what, said above the answer
    where no message of the asker's says it. `turn` is asked once more instead of a new one.
    """

    key: str
    user: str
    target: Target
    text: str = ""
    kind: str = "ask"
    event_id: str | None = None
    follows: str | None = None
    turn: str | None = None
    quiet: bool = False
    root: bool = False
    lead: str | None = None
    response_url: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)  # Any: JSON


class Answers(Protocol):
    """Who is told of what came in."""

    def expect(self, job: Job) -> None:
        """A job was accepted and will be worked on."""
        ...

    def turn_away(self, asked: Asked, sentence: str) -> None:
        """A wish was not taken; the sentence says why."""
        ...


class Inbox:
    """Takes wishes in, for `workroom` to work on and `answers` to tell of."""

    def __init__(
        self,
        settings: BotSettings,
        journal: Journal,
        work: Work,
        workroom: Workroom,
        answers: Answers,
        *,
        owner: str,
        clock: Clock = lambda: datetime.now(UTC),
    ) -> None:
        self._settings, self._journal, self._work = settings, journal, work
        self._workroom, self._answers = workroom, answers
        self._owner, self._clock = owner, clock
        # Only to spare the database: a mention comes twice, at the same moment.
        self._lock = threading.Lock()
        self._taken: LRUCache[str, None] = LRUCache(_REMEMBERED)

    def take(self, asked: Asked) -> bool:
        """Accept a wish; False when it was accepted before or is turned away. Raises JournalError.

        Returns only when the wish is on disk: what was accepted is answered, whatever dies.
        """
        if self._known(asked.key):
            return False
        now = self._clock()
        reason = self._too_much(asked, now) if asked.kind in _LIMITED else None
        if reason is not None:
            if self._work.claim(f"busy:{asked.key}"):
                self._answers.turn_away(asked, reason)
            return False
        job = self._job(asked, now)
        accepted = self._work.accept(job, self._owner, LEASE, event_id=asked.event_id)
        self._note(asked.key)
        if not accepted:
            return False
        self._answers.expect(job)
        self._workroom.put(job)
        return True

    def first_time(self, event_id: str) -> bool:
        """Whether an event that is no question comes for the first time. Raises JournalError."""
        return self._work.claim(event_id)

    def is_in(self, thread: str, *, began_it: bool) -> bool:
        """Whether the bot was ever asked in a thread. Raises JournalError.

        `began_it`: the thread hangs under a message of the bot's own. Slack shows that message
        before the bot can note which thread it began, and somebody may reply in between.
        """
        for _ in range(_LOOKS if began_it else 1):
            if self._journal.history(thread=thread, limit=1):
                return True
            if began_it:
                time.sleep(_A_MOMENT)
        return False

    def _known(self, key: str) -> bool:
        with self._lock:
            return key in self._taken

    def _note(self, key: str) -> None:
        with self._lock:
            self._taken[key] = None

    def _too_much(self, asked: Asked, now: datetime) -> str | None:
        """Why there are too many questions, in a sentence; None when there are not."""
        load, settings = self._load(asked, now), self._settings
        if load.of_asker >= settings.user_limit:
            return (
                f"You asked {settings.user_limit} questions in the last minute; that's my limit"
                " for one person. Ask this one again in a moment."
            )
        if load.in_place >= settings.channel_limit:
            return (
                f"This channel asked {settings.channel_limit} questions in the last minute; that's"
                " my limit for one channel. Ask again in a moment, or in another channel."
            )
        if load.unfinished >= settings.queue:
            return "So many questions are waiting that I can't take another. Ask in a few minutes."
        return None

    def _load(self, asked: Asked, now: datetime) -> Load:
        """Besides this wish itself, which may have arrived and been accepted a moment ago."""
        return self._work.load(
            asked_by=asked.user, place=asked.target.place, since=now - MINUTE, kinds=_LIMITED,
            besides=asked.key,
        )  # fmt: skip

    def _job(self, asked: Asked, now: datetime) -> Job:
        return Job(
            key=asked.key,
            kind=asked.kind,
            thread=asked.target.thread,
            asked_by=asked.user,
            place=asked.target.place,
            payload=_payload(asked),
            turn_id=asked.turn or self._journal.new_id(),
            message_ts=asked.target.message_ts,
            attempts=1,
            accepted_at=now,
        )


def _payload(asked: Asked) -> dict[str, Any]:
    target = asked.target
    return {
        "team": target.team, "channel": target.channel, "thread_ts": target.thread_ts,
        "text": asked.text, "follows": asked.follows, "turn": asked.turn, "quiet": asked.quiet,
        "root": asked.root, "lead": asked.lead, "response_url": asked.response_url,
        "more": dict(asked.more),
    }  # fmt: skip


def asked_in(job: Job) -> Asked:
    """The wish that a job was made of, also one that another process accepted."""
    kept = dict(job.payload)
    team, channel, thread_ts = kept.pop("team"), kept.pop("channel"), kept.pop("thread_ts")
    target = Target(team, channel, thread_ts, job.message_ts, job.key)
    return Asked(key=job.key, user=job.asked_by or "", target=target, kind=job.kind, **kept)
