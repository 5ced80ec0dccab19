"""One question's drafts, tried before one of them becomes the answer: `flow.Trial`.

What was run here is not run again: an engine that compares two readings has read the rows that
the answer will show.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from texttosql.errors import TextToSQLError
from texttosql.flow import Cell, Draft, ResultTable, SafeQuery
from texttosql.guard import Policy, approve
from texttosql.storehouse import Storehouse

Key = tuple[str, tuple[tuple[str, Cell], ...]]


class OpenTrial:
    """Made for one question, used by one thread; `running` is entered while the store works."""

    def __init__(
        self,
        storehouse: Storehouse,
        policy: Policy,
        running: Callable[[SafeQuery], AbstractContextManager[None]] = lambda _: nullcontext(),
    ) -> None:
        self._storehouse, self._policy, self._running = storehouse, policy, running
        self._seen: dict[Key, ResultTable | TextToSQLError] = {}

    def __call__(self, draft: Draft, /) -> TextToSQLError | None:
        """What the guard or the server has against a draft; None when it would run."""
        try:
            self._storehouse.rehearse(approve(draft.sql, self._policy))
        except TextToSQLError as error:
            return error
        return None

    def rows(self, draft: Draft) -> ResultTable:
        """What the draft would give. Raises Refused or WarehouseError."""
        return self.run(approve(draft.sql, self._policy))

    def run(self, query: SafeQuery) -> ResultTable:
        """The rows of an approved query, from the store the first time. Raises WarehouseError."""
        key = (query.sql, tuple(sorted(query.params.items())))
        if key not in self._seen:
            self._seen[key] = self._from_store(query)
        seen = self._seen[key]
        if isinstance(seen, TextToSQLError):
            raise seen
        return seen

    def _from_store(self, query: SafeQuery) -> ResultTable | TextToSQLError:
        """A query that failed or took too long fails again at once."""
        with self._running(query):
            try:
                return self._storehouse.run(query)
            except TextToSQLError as error:
                return error
