"""The right rows of each question, from the same store: gold SQL passes the guard like any other.

A question file is no more trusted than a question: its SQL reads what the asker may read, under
the same deadline and row limit. A gold query that the guard refuses, that fails, or that is cut
at the limit is a fault of its line, told before anything is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from texttosql.errors import Refused, TextToSQLError, WarehouseDown
from texttosql.evaluation.files import Asked, Fault, Faults, Row
from texttosql.guard import approve
from texttosql.storehouse import Storehouse

Results = tuple[tuple[Row, ...], ...]
"""The acceptable results of one question; none where it expects no rows."""


class Golds:
    """Gold queries over one store."""

    def __init__(self, house: Storehouse) -> None:
        self._house = house

    def open(self) -> None:
        """Look at the store's tables once, so that its own trouble is not told for every line.

        Raises WarehouseError.
        """
        self._house.snapshot()

    def of(self, asked: Asked) -> Results:
        """Every result that is accepted for this question. Raises TextToSQLError."""
        literal = () if asked.rows is None else (asked.rows,)
        return (*literal, *(self._run(sql) for sql in self.queries(asked)))

    def queries(self, asked: Asked) -> tuple[str, ...]:
        """Its gold SQL, in this store's dialect where there are two."""
        own = asked.gold_mysql if self._house.dialect == "mysql" else None
        gold = own or asked.gold
        return (*((gold,) if gold else ()), *asked.also)

    def _run(self, sql: str) -> tuple[Row, ...]:
        query = approve(sql, self._house.snapshot().policy)
        table = self._house.run(query)
        if table.truncated:
            what = f"Its gold gives more than {query.max_rows:,} rows, and no more are compared."
            raise TextToSQLError(what, "Raise --max-rows, or ask for less.")
        return table.rows


def results(
    golds: Golds, questions: Iterable[Asked], file: str, told: Callable[[], None] = lambda: None
) -> Mapping[str, Results]:
    """Question id -> its acceptable results; `told` is called after each.

    Raises one SettingsError for all golds that are faulty, WarehouseError when there is no store.
    """
    golds.open()
    faults, found = Faults(file), dict[str, Results]()
    for asked in questions:
        try:
            found[asked.id] = golds.of(asked)
        except WarehouseDown:
            raise
        except TextToSQLError as error:
            faults.found.append(_fault(asked, error))
        told()
    faults.settle()
    return found


def _fault(asked: Asked, error: TextToSQLError) -> Fault:
    verb = f"is refused ({error.rule})" if isinstance(error, Refused) else "cannot be used"
    what = f"The gold of {asked.id} {verb}: {error.what}"
    return Fault(asked.line, what, error.fix)


def sought_again(golds: Golds, asked: Asked, before: Results) -> Results:
    """The results now, beside those before: a store that is in use moves while questions are asked.

    What cannot be read any more is as it was.
    """
    try:
        now = golds.of(asked)
    except TextToSQLError:
        return before
    return (*before, *(each for each in now if each not in before))
