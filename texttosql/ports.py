"""The sockets of the corridor: who interprets, who runs, who remembers.

Four of them share the journal's database: what was asked (Journal), what is asked again and again
(Templates), what somebody likes (Favourites), what somebody vouched for (Examples). So do two
that have a file of their own: what was promised (`worklist.Work`), what it cost (`cost.Usage`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from texttosql.catalog import Catalog
from texttosql.cost import Cost
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
from texttosql.learning.example import Example
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
        """Note how the turn `reply.turn_id` ended; its cost is added to what was spent before."""
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

    def note_cost(self, turn_id: str, cost: Cost) -> None:
        """Add what was spent on a turn besides its answer: an explanation, a second try."""
        ...

    def close(self) -> None:
        """Give back every connection. May be called twice."""
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


class Examples(Protocol):
    """Verified examples. Each is used in its scope alone, a private one for its asker alone."""

    def learn(self, example: Example) -> Example | None:
        """Keep a new one; its id comes back with it. None when there is nothing new in it.

        It takes the place of what was known for the same question, scope and asker. A thumb does
        not bring back SQL that somebody else withdrew for that question: an edit, a correction
        or a template does.
        """
        ...

    def withdraw(self, example_id: str, by: str, at: datetime) -> bool:
        """Take one back; False when there is none, or it is not in use."""
        ...

    def retire(self, example_id: str, why: str) -> bool:
        """Use one no longer because the store has changed; False as for `withdraw`."""
        ...

    def get(self, example_id: str) -> Example | None:
        """The one with this id, in use or not."""
        ...

    def taught_by(self, turn_id: str) -> tuple[Example, ...]:
        """Those in use that were learned from this turn."""
        ...

    def asked(self, scope: str, question: str, asker: str | None) -> Example | None:
        """The newest one in use for this very question (`learning.example.same`)."""
        ...

    def known(self, scope: str, asker: str | None, limit: int = 500) -> tuple[Example, ...]:
        """Those in use in a scope for this asker, newest first."""
        ...

    def list_all(
        self, *, store: str | None = None, unused: bool = False, limit: int = 10_000
    ) -> tuple[Example, ...]:
        """Those of every scope, for whoever runs this; newest first.

        `unused`: those that were withdrawn or retired as well.
        """
        ...
