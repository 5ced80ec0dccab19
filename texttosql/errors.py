"""Everything that can go wrong on a question's way, sorted by who acts next.

    TextToSQLError(what, fix)                  next: asker | interpreter | operator
    ├─ Refused(rule)                           interpreter: the guard said no
    ├─ InterpreterError
    │  ├─ InterpreterDown                      operator: fall back, and say so
    │  └─ InterpreterConfused                  asker: say it another way
    ├─ WarehouseError
    │  ├─ WarehouseDown                        operator
    │  ├─ NotAnMLflowStore                     operator
    │  ├─ SchemaTooOld(revision)               operator
    │  ├─ QueryTooSlow                         asker: narrow the dates
    │  ├─ NotPermitted                         operator: never shown as "no rows"
    │  └─ QueryFailed                          interpreter
    ├─ TemplateError                           asker: another name, or not yours
    ├─ JournalError                            operator
    └─ SettingsError                           operator: all faults at once

A driver's own text never stands in `what` or `fix`: it goes to the log under `reference`.
"""

from __future__ import annotations

from enum import StrEnum

from texttosql.cost import FREE, Cost


class Next(StrEnum):
    """Who can do something about an error."""

    ASKER = "asker"
    INTERPRETER = "interpreter"
    OPERATOR = "operator"


class ExitCode:
    """What the command line's exit status means (DESIGN: stable, scripts build on it)."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NO_CONNECTION = 3
    MISMATCH = 4
    NOT_ANSWERED = 5


class TextToSQLError(Exception):
    """Base of all errors here: `what` happened and why, and `fix`: what to do now."""

    next: Next = Next.ASKER
    exit_code: int = ExitCode.FAILED

    def __init__(self, what: str, fix: str, *, reference: str | None = None) -> None:
        super().__init__(f"{what} {fix}".strip())
        self.what = what
        self.fix = fix
        self.reference = reference


class Refused(TextToSQLError):
    """The guard said no. `rule` is a stable dotted name such as `function.not_allowed`."""

    next = Next.INTERPRETER

    def __init__(self, rule: str, what: str, fix: str) -> None:
        super().__init__(what, fix)
        self.rule = rule


class InterpreterError(TextToSQLError):
    """No draft could be made of the question; `spent` is what the try cost all the same."""

    def __init__(
        self, what: str, fix: str, *, reference: str | None = None, spent: Cost = FREE
    ) -> None:
        super().__init__(what, fix, reference=reference)
        self.spent = spent


class InterpreterDown(InterpreterError):
    """The engine cannot be reached; another one may answer."""

    next = Next.OPERATOR


class InterpreterConfused(InterpreterError):
    """The engine answered something unusable."""


class WarehouseError(TextToSQLError):
    """The store did not give rows."""

    next = Next.OPERATOR


class WarehouseDown(WarehouseError):
    """The store cannot be opened or reached, or turned the login away."""

    exit_code = ExitCode.NO_CONNECTION


class NotAnMLflowStore(WarehouseError):
    """There is a database, but none that MLflow made."""

    exit_code = ExitCode.NO_CONNECTION


class SchemaTooOld(WarehouseError):
    """An MLflow store whose schema is older than the questions need."""

    exit_code = ExitCode.NO_CONNECTION

    def __init__(self, revision: str | None, what: str, fix: str) -> None:
        super().__init__(what, fix)
        self.revision = revision


class QueryTooSlow(WarehouseError):
    """The deadline passed and the query was stopped on the server."""

    next = Next.ASKER


class NotPermitted(WarehouseError):
    """The account may not read what the query needs. Never to be shown as an empty answer."""


class QueryFailed(WarehouseError):
    """The database turned the statement down; its own words are in the log under `reference`.

    `detail` is those words for an interpreter that mends its SQL; no person is shown them.
    """

    next = Next.INTERPRETER

    def __init__(
        self, what: str, fix: str, *, reference: str | None = None, detail: str | None = None
    ) -> None:
        super().__init__(what, fix, reference=reference)
        self.detail = detail


class TemplateError(TextToSQLError):
    """A template cannot be kept, changed, or filled in so."""


class JournalError(TextToSQLError):
    """The journal's database cannot be read or written."""

    next = Next.OPERATOR
    exit_code = ExitCode.NO_CONNECTION


class SettingsError(TextToSQLError):
    """Missing or wrong settings, all of them at once."""

    next = Next.OPERATOR
    exit_code = ExitCode.USAGE
