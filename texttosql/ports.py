"""The three sockets of the corridor: who interprets, who runs, who remembers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from texttosql.catalog import Catalog
from texttosql.flow import (
    Clarification,
    Declined,
    Dialect,
    Draft,
    Question,
    Rehearse,
    Reply,
    ResultTable,
    SafeQuery,
    Turn,
)
from texttosql.schema import Schema


class Interpreter(Protocol):
    """Turns a question into a draft, a question back, or a reason why not."""

    def interpret(
        self, question: Question, turns: Sequence[Turn], catalog: Catalog, rehearse: Rehearse
    ) -> Draft | Clarification | Declined:
        """`turns` are the thread's earlier ones, oldest first. Raises InterpreterError."""
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

    def begin(self, question: Question) -> str:
        """Note that a question was accepted; returns the new turn's id."""
        ...

    def finish(self, reply: Reply) -> None:
        """Note how the turn `reply.turn_id` ended."""
        ...

    def thread(self, thread: str, store: str, limit: int = 10) -> tuple[Turn, ...]:
        """The finished turns of a thread on one store, oldest first, the last `limit`."""
        ...

    def history(
        self,
        *,
        thread: str | None = None,
        asked_by: str | None = None,
        since: datetime | None = None,
        words: str | None = None,
        store: str | None = None,
        limit: int = 50,
    ) -> tuple[Turn, ...]:
        """Turns matching every given filter, newest first, the unfinished among them.

        `words`: every word of it stands in the question, in any order and case.
        """
        ...

    def close(self) -> None:
        """Give back every connection. May be called twice."""
        ...
