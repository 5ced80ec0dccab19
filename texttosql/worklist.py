"""The worklist's socket: what was promised to people, and what is needed to keep the promise.

A bot accepts a question before it answers it; in between it may die, and another takes over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Job:
    """A question that was accepted, and what is needed to answer it whoever does.

    `key` is the same for every delivery of one message. `message_ts` is the message that the
    answer goes into, once there is one. `payload` is JSON.
    """

    key: str
    kind: str
    thread: str | None
    asked_by: str | None
    place: str | None
    payload: Mapping[str, Any]  # Any: JSON values, which only the bot reads
    turn_id: str
    accepted_at: datetime
    message_ts: str | None = None
    attempts: int = 1

    @property
    def given_up(self) -> bool:
        """Whether it was tried too often: say so and call it done, do not try again."""
        return self.attempts > MOST_ATTEMPTS


MOST_ATTEMPTS = 5
"""A question that five processes did not survive is not handed to a sixth."""


@dataclass(frozen=True, slots=True)
class Load:
    """Jobs of some kinds accepted lately, of one asker and in one place; all the unfinished."""

    of_asker: int
    in_place: int
    unfinished: int


class Work(Protocol):
    """The worklist of accepted questions: each is answered once, whatever dies meanwhile.

    Who accepts a job holds a lease on it, named by `owner`, and renews it while it lives.
    """

    def accept(
        self, job: Job, owner: str, lease_seconds: float, *, event_id: str | None = None
    ) -> bool:
        """Take a job on; False when its key or its event was accepted before, by anyone."""
        ...

    def claim(self, event_id: str) -> bool:
        """For events that are no questions: True the first time only."""
        ...

    def renew(self, owner: str, lease_seconds: float) -> None:
        """A sign of life: all that this owner has not finished stays his for so long."""
        ...

    def take_abandoned(self, owner: str, lease_seconds: float, limit: int) -> tuple[Job, ...]:
        """The oldest jobs whose lease has run out, now this owner's; look at `Job.given_up`."""
        ...

    def waiting_before(self, job: Job, owner: str | None = None) -> bool:
        """Whether an earlier job of its thread is unfinished (and not in this owner's hands)."""
        ...

    def note_message(self, key: str, message_ts: str) -> None:
        """Note the message that the answer goes into."""
        ...

    def done(self, key: str) -> None:
        """Note that a job is finished, well or not."""
        ...

    def release(self, owner: str) -> None:
        """An owner leaves: all that it has not finished may be taken at once."""
        ...

    def load(
        self, *, asked_by: str, place: str, since: datetime, kinds: Collection[str],
        besides: str | None = None,
    ) -> Load:  # fmt: skip
        """How much there is to do, and how much of these kinds came since then.

        `besides` is the key of a job that is not counted.
        """
        ...

    def forget(self, before: datetime) -> int:
        """Throw away finished jobs and claimed events older than this; how many there were."""
        ...
