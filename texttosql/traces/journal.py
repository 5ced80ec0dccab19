"""A journal whose turns are also traced: what is noted there is told to MLflow, too."""

from __future__ import annotations

from texttosql.flow import Reply, Verdict
from texttosql.journal.database import Database
from texttosql.journal.sql import SqlJournal
from texttosql.traces import Tracing


class TracedJournal(SqlJournal):
    """`journal.sql.SqlJournal` that tells `traces` what it has noted, and closes them."""

    def __init__(self, database: Database, traces: Tracing) -> None:
        super().__init__(database)
        self._traces = traces

    def finish(self, reply: Reply) -> None:
        """Note how a turn ended. Raises JournalError, and then nothing is traced."""
        super().finish(reply)
        self._traces.turn(reply)

    def note_feedback(
        self, turn_id: str, verdict: Verdict | None, by: str, correction: str | None = None
    ) -> None:
        """Note what somebody thinks of an answer. Raises JournalError."""
        super().note_feedback(turn_id, verdict, by, correction)
        self._traces.feedback(turn_id, verdict, by, correction)

    def close(self) -> None:
        """Give back every connection, and deliver the last traces. May be called twice."""
        super().close()
        self._traces.close()
