"""Claude's reading of a question, held against the guard, the store, and a second opinion.

Every draft is rehearsed before it counts. What the guard or the database has against one goes
back to the model, at most twice; an empty result is looked at once, in case a value was
misspelt; and where the offline engine reads the question too, rows decide whether both agree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import eq
from zoneinfo import ZoneInfo

from texttosql.claude import doubts, ownwords
from texttosql.claude.columns import Better
from texttosql.claude.conversation import conversation, veil_of
from texttosql.claude.empty import is_empty, strangers, why_empty
from texttosql.claude.model import Model
from texttosql.claude.nameindex import NameIndex
from texttosql.claude.output import Drafted
from texttosql.claude.prompt import system_prompt
from texttosql.claude.reading import found
from texttosql.claude.talk import Clock, Talk
from texttosql.claude.veil import Veil
from texttosql.cost import FREE
from texttosql.errors import (
    InterpreterConfused,
    InterpreterError,
    Next,
    Refused,
    TextToSQLError,
)
from texttosql.flow import Clarification, Declined, Draft, Found, ResultTable, Trial
from texttosql.latest import Latest
from texttosql.minds import AGREED, DOUBTED, Asked
from texttosql.same_rows import same_rows

REPAIRS = 2


@dataclass(frozen=True, slots=True)
class Manner:
    """How the engine goes about it. `seconds` is for one question, repairs and all.

    `values` False sends names only.
    """

    zone: ZoneInfo
    seconds: float
    values: bool = True


class ClaudeInterpreter:
    """Reads questions to one store by a model. One instance serves many threads.

    What is made of the store's tables (the prompt) and names (their index) is made anew when
    those change, not on every question.
    """

    def __init__(self, model: Model, manner: Manner, better: Better, clock: Clock) -> None:
        self._model, self._manner, self._better, self._clock = model, manner, better, clock
        self._prompts = Latest(system_prompt, eq)
        self._indexes = Latest(NameIndex)

    def read(self, asked: Asked) -> Found:
        """A draft that runs, a question back, or a reason why not. Raises InterpreterError."""
        index = self._indexes.of(asked.catalog)
        veil = None if self._manner.values else veil_of(asked.question, asked.turns, index)
        said = conversation(
            asked.question, asked.turns, index, self._manner.zone,
            examples=asked.examples, veil=veil,
        )  # fmt: skip
        system = self._prompts.of(asked.catalog.schema)
        talk = Talk(self._model, system, said, self._manner.seconds, self._clock)
        return _Inquiry(asked, talk, veil, self._better).ended()


@dataclass(frozen=True, slots=True)
class Ran:
    """A draft that runs, and what it gives."""

    draft: Draft
    table: ResultTable


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an answer is of no use, and the SQL it held, "" for none."""

    sql: str
    error: TextToSQLError


@dataclass(frozen=True, slots=True)
class _Inquiry:
    """One question: what was asked, the talk with the model about it, what may not be told."""

    asked: Asked
    talk: Talk
    veil: Veil | None
    better: Better

    def ended(self) -> Found:
        """What came of it, with all that it cost. Raises InterpreterError."""
        reading = self._usable(self.talk.first())
        if isinstance(reading, Ran):
            reading = self._not_misspelt(reading)
        if isinstance(reading, Ran):
            reading = self._settled(reading)
        elif isinstance(reading, Declined):
            reading = self._not_given_up(reading)
        return replace(self._explained(reading), cost=self.talk.cost)

    def _usable(self, drafted: Drafted) -> Found | Ran:
        """What came of it, after as many repairs as it takes. Raises InterpreterError."""
        for _ in range(REPAIRS):
            reading = self._tried(drafted)
            if not isinstance(reading, Trouble):
                return reading
            drafted = self.talk.mended(doubts.refused(reading.sql, reading.error, self.veil))
        reading = self._tried(drafted)
        if isinstance(reading, Trouble):
            raise _given_up(reading.error, self.talk)
        return reading

    def _tried(self, drafted: Drafted) -> Found | Ran | Trouble:
        """The reading with its rows; what an operator must mend comes up again when it is run."""
        told = drafted if self.veil is None else self.veil.lifted(drafted)
        try:
            reading = found(told, FREE, catalog=self.asked.catalog, better=self.better)
        except InterpreterConfused as error:
            return Trouble("", error)
        if not isinstance(reading, Draft):
            return reading
        try:
            return Ran(reading, self._ran(reading))
        except TextToSQLError as error:
            mendable = error.next is Next.INTERPRETER or isinstance(error, InterpreterConfused)
            return Trouble(reading.sql, error) if mendable else reading

    def _ran(self, draft: Draft) -> ResultTable:
        """Its rows, once it has been rehearsed. Raises what stands against it."""
        error = self.asked.trial(draft)
        if error is not None:
            raise error
        table = self.asked.trial.rows(draft)
        ownwords.check(draft.sql, table, self.asked.catalog)
        return table

    def _not_misspelt(self, ran: Ran) -> Found | Ran:
        """The same, or another reading where a text was not the store's."""
        if not is_empty(ran.table):
            return ran
        unknown = self._strangers(ran.draft.sql)
        if not unknown:
            return ran
        try:
            again = self._tried(self.talk.mended(doubts.nothing_found(unknown)))
        except InterpreterError:
            return ran
        return again if isinstance(again, Ran | Clarification) else ran

    def _strangers(self, sql: str) -> dict[str, tuple[str, ...]]:
        """Those that the model wrote itself, where it may not see what others wrote."""
        hidden = () if self.veil is None else self.veil.marks
        foreign = strangers(sql, self.asked.catalog, values=self.veil is None)
        return {text: near for text, near in foreign.items() if text not in hidden}

    def _settled(self, ran: Ran) -> Found:
        """The draft that stands when the offline engine has read the question, too."""
        other = self._other()
        if other is None:
            return ran.draft
        if same_rows(ran.table, other.table):
            return _agreed(ran, other.draft)
        if not other.draft.sure:
            return ran.draft
        third = self._decided((ran.draft, ran.table), (other.draft, other.table))
        return _of_three(third, ran, other) if third is not None else _doubted(ran.draft)

    def _not_given_up(self, no: Declined) -> Found:
        """The same no, unless one more look finds the offline engine's sure reading right."""
        sure = self.asked.other is not None and self.asked.other.sure
        other = self._other() if sure else None
        if other is None:
            return no
        third = self._decided((other.draft, other.table))
        if not isinstance(third, Ran):
            return no
        return other.draft if same_rows(third.table, other.table) else third.draft

    def _other(self) -> Ran | None:
        """The offline engine's reading, where it has one that runs."""
        draft = self.asked.other
        table = _rows_of(draft, self.asked.trial) if draft is not None else None
        return Ran(draft, table) if draft is not None and table is not None else None

    def _decided(self, *readings: tuple[Draft, ResultTable]) -> Found | Ran | Trouble | None:
        """What the model makes of contested readings; None where it does not come to that."""
        try:
            return self._tried(self.talk.decided(doubts.contested(*readings, veil=self.veil)))
        except InterpreterError:
            return None

    def _explained(self, reading: Found) -> Found:
        """With counts that tell which condition left nothing, where nothing was left."""
        if not isinstance(reading, Draft) or reading.probes:
            return reading
        table = _rows_of(reading, self.asked.trial)
        if table is None or table.rows:
            return reading
        probes = why_empty(reading, self.asked.catalog.schema.dialect, self.asked.trial)
        return replace(reading, probes=probes)


def _rows_of(draft: Draft, trial: Trial) -> ResultTable | None:
    try:
        return trial.rows(draft)
    except TextToSQLError:
        return None


def _agreed(ran: Ran, other: Draft) -> Draft:
    """Both found the same: the plan lets the offline engine go on from it, too.

    Two readings that find nothing agree on little, so it is not said of them.
    """
    draft = ran.draft
    return replace(
        draft,
        assumptions=(AGREED, *draft.assumptions) if ran.table.rows else draft.assumptions,
        probes=other.probes,
        plan=other.plan,
        suggestions=draft.suggestions or other.suggestions,
    )


def _doubted(draft: Draft) -> Draft:
    return replace(draft, assumptions=(DOUBTED, *draft.assumptions))


def _of_three(third: Found | Ran | Trouble, ran: Ran, other: Ran) -> Found:
    """What two of three readings agree on; a third of its own kind knew of both others."""
    if isinstance(third, Clarification):
        return third
    if not isinstance(third, Ran):
        return _doubted(ran.draft)
    if same_rows(third.table, other.table):
        return other.draft
    return ran.draft if same_rows(third.table, ran.table) else third.draft


def _given_up(error: TextToSQLError, talk: Talk) -> InterpreterError:
    # The guard's words quote the SQL, and SQL may have been written to be quoted.
    why = f"the guard refused it ({error.rule})" if isinstance(error, Refused) else error.what
    what = f"Claude's SQL could not be used: {why}"
    return InterpreterConfused(what, error.fix, reference=error.reference, spent=talk.cost)
