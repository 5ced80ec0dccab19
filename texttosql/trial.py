"""One question's drafts, tried before one of them becomes the answer: `flow.Trial`.

What was run here is not run again: an engine that compares two readings has read the rows that
the answer will show.
"""

from __future__ import annotations

from texttosql.errors import TextToSQLError
from texttosql.flow import Cell, Draft, ResultTable, SafeQuery
from texttosql.guard import Policy, approve
from texttosql.storehouse import Storehouse

Key = tuple[str, tuple[tuple[str, Cell], ...]]


class OpenTrial:
    """Made for one question, used by one thread."""

    def __init__(self, storehouse: Storehouse, policy: Policy) -> None:
        self._storehouse, self._policy = storehouse, policy
        self._seen: dict[Key, ResultTable] = {}

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
            self._seen[key] = self._storehouse.run(query)
        return self._seen[key]
