"""The sockets of the corridor: who interprets, who runs, who remembers.

Four of them share the journal's database: what was asked (Journal), what was promised (Work),
what is asked again and again (Templates), and what somebody likes (Favourites).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from texttosql.catalog import Catalog
from texttosql.flow import (
    Clarification,
    Declined,
    Dialect,
    Draft,
    Question,
    Reply,
    ResultTable,
    SafeQuery,
    Trial,
    Turn,
    Verdict,
)
from texttosql.schema import Schema
from texttosql.templates import Template


class Interpreter(Protocol):
    """Turns a question into a draft, a question back, or a reason why not."""

    def interpret(
        self, question: Question, turns: Sequence[Turn], catalog: Catalog, trial: Trial, /
    ) -> Draft | Clarification | Declined:
        """`turns` are the earlier ones it leans on, oldest first. Raises InterpreterError."""
        ...


class Warehouse(Protocol):
    """A store that runs what the guard approved, and nothing else."""

    @property
    def dialect(self) -> Dialect:
        """The SQL it speaks."""
        ...

    def schema(self) -> Schema:
        """The askable tables there are. Raises WarehouseError (not MLflow's, too old, down)."""
        ...

    def sizes(self) -> Mapping[str, int]:
        """About how many rows each table has, at no cost to speak of. Raises WarehouseError."""
        ...

    def run(self, query: SafeQuery, deadline: float) -> ResultTable:
        """The rows, within `deadline` seconds. Raises WarehouseError."""
        ...

    def rehearse(self, query: SafeQuery, deadline: float) -> None:
        """Let the server prepare the query without running it. Raises WarehouseError."""
        ...

    def close(self) -> None:
        """Give back every connection. May be called twice."""
        ...


class Journal(Protocol):
    """The single record of every turn; a thread's context is its last turns here."""

    def new_id(self) -> str:
        """An id for a turn that is promised now and begun later."""
        ...

    def begin(self, question: Question, turn_id: str | None = None) -> str:
        """Note that a question was accepted; returns the turn's id, a new one if none is given.

        A turn that was begun before stays as it is: who takes it up again says so again.
        """
        ...

    def finish(self, reply: Reply) -> None:
        """Note how the turn `reply.turn_id` ended."""
        ...

    def turn(self, turn_id: str) -> Turn | None:
        """The turn of that id, finished or not."""
        ...

    def thread(
        self, thread: str, store: str, limit: int = 10, before: str | None = None
    ) -> tuple[Turn, ...]:
        """The finished turns of a thread on one store, oldest first, the last `limit`.

        `before` leaves out the turn of that id and those begun after it.
        """
        ...

    def history(
        self,
        *,
        thread: str | None = None,
        asked_by: str | None = None,
        place: str | None = None,
        visible_to: tuple[str, str] | None = None,
        since: datetime | None = None,
        words: str | None = None,
        store: str | None = None,
        limit: int = 50,
    ) -> tuple[Turn, ...]:
        """Turns matching every given filter, newest first, the unfinished among them.

        `words`: every word of it stands in the question, in any order and case. `visible_to`:
        (asker, place), turns that this asker asked anywhere or that anyone asked in that place.
        """
        ...

    def note_thread(self, turn_id: str, thread: str) -> None:
        """Note the thread of a turn that was asked outside one: that of its answer."""
        ...

    def note_feedback(
        self, turn_id: str, verdict: Verdict | None, by: str, correction: str | None = None
    ) -> None:
        """Note what somebody thinks of an answer; the last word counts, None takes it back."""
        ...

    def close(self) -> None:
        """Give back every connection. May be called twice."""
        ...


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


class Templates(Protocol):
    """Saved questions. A personal one is its owner's; one of a channel or team is everyone's."""

    def save(self, template: Template) -> Template:
        """Keep a new one; its id comes back with it. Raises TemplateError on a name taken."""
        ...

    def edit(self, template: Template, by: str) -> Template:
        """Change name, text or scope of the one with this id. Raises TemplateError."""
        ...

    def delete(self, template_id: str, by: str) -> bool:
        """Throw one away; False when there is none. Raises TemplateError when it is not `by`'s."""
        ...

    def get(self, template_id: str) -> Template | None:
        """The one with this id, shipped ones included."""
        ...

    def visible_to(self, user: str, place: str | None, team: str | None) -> tuple[Template, ...]:
        """What this user may run in this place: own, the channel's, the team's, the shipped."""
        ...


@dataclass(frozen=True, slots=True)
class Favourite:
    """A question somebody wants at hand. `turn_id` is the answer it was taken from, if any."""

    text: str
    store: str
    turn_id: str | None
    added_at: datetime


class Favourites(Protocol):
    """Each user's favourite questions."""

    def add(self, user: str, text: str, store: str, turn_id: str | None = None) -> None:
        """Keep a question, once: adding it again makes it the newest."""
        ...

    def remove(self, user: str, text: str, store: str) -> None:
        """Keep it no longer; nothing happens when it is not kept."""
        ...

    def of(self, user: str) -> tuple[Favourite, ...]:
        """The newest 50, newest first."""
        ...
