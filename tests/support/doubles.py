"""Members of the corridor's families that a test decides: an engine, a store, a journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from texttosql.catalog import Catalog
from texttosql.errors import JournalError, TextToSQLError
from texttosql.flow import (
    Clarification,
    Declined,
    Dialect,
    Draft,
    Question,
    Rehearse,
    ResultTable,
    SafeQuery,
    Turn,
)
from texttosql.journal.memory import MemoryJournal
from texttosql.ports import Warehouse
from texttosql.schema import Schema

Found = Draft | Clarification | Declined | TextToSQLError


class Scripted:
    """`ports.Interpreter` that has its answer ready, and keeps what it was handed."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self.turns: Sequence[Turn] = ()
        self.rehearsed: TextToSQLError | None = None

    def interpret(
        self, question: Question, turns: Sequence[Turn], catalog: Catalog, rehearse: Rehearse
    ) -> Draft | Clarification | Declined:
        """The answer that was ready; an error is raised."""
        assert question.text
        assert catalog.runs
        self.turns = turns
        if isinstance(self._found, TextToSQLError):
            raise self._found
        if isinstance(self._found, Draft):
            self.rehearsed = rehearse(self._found)
        return self._found


class Failing:
    """`ports.Warehouse` that gives a store's rows, and then fails at everything."""

    dialect: Dialect = "sqlite"

    def __init__(self, inner: Warehouse, error: TextToSQLError) -> None:
        self._inner, self._error = inner, error
        self.broken = False

    def schema(self) -> Schema:
        """The inner one's."""
        return self._inner.schema()

    def sizes(self) -> Mapping[str, int]:
        """The inner one's until it is broken."""
        if self.broken:
            raise self._error
        return self._inner.sizes()

    def run(self, query: SafeQuery, deadline: float) -> ResultTable:
        """The inner one's rows until it is broken."""
        if self.broken:
            raise self._error
        return self._inner.run(query, deadline)

    def rehearse(self, query: SafeQuery, deadline: float) -> None:
        """As the inner one does."""
        self._inner.rehearse(query, deadline)

    def close(self) -> None:
        """Close the inner one."""
        self._inner.close()


class Full(MemoryJournal):
    """A journal whose disk is full."""

    def begin(self, question: Question, turn_id: str | None = None) -> str:
        """Cannot note anything."""
        what = f"The journal has no room for {turn_id or ''} {question.text!r}."
        raise JournalError(what, "Free some space.")
