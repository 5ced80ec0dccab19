"""What goes back to the model about its draft: it was refused, it found nothing, it is contested.

What the store, the guard or the database say goes as data, like everything that is not ours; with
a veil without the values in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from texttosql.claude.data import block, safe
from texttosql.claude.veil import Veil
from texttosql.errors import QueryFailed, Refused, TextToSQLError
from texttosql.flow import Draft, ResultTable

_REASON, _SQL, _TITLE, _ASSUMPTION = 500, 4_000, 120, 200  # characters
_COLUMNS, _ASSUMPTIONS = 30, 8


def refused(sql: str, error: TextToSQLError, veil: Veil | None) -> str:
    """The guard, the database or the program could not use the answer, which had this SQL, or "".

    The SQL itself stands in the model's own message before.
    """
    told = {"reason": error.what, "remedy": error.fix}
    if veil is not None:
        told = {name: veil.over_words(words) for name, words in told.items()}
    if isinstance(error, Refused):
        told["rule"] = error.rule
    if isinstance(error, QueryFailed) and error.detail:
        own = error.detail if veil is None else veil.over_foreign_words(error.detail, sql)
        told["database"] = own
    trouble = {name: safe(words, _REASON) for name, words in told.items()}
    return (
        "This answer cannot be used, for the reason below. Answer the same question anew, by SQL"
        f" that avoids it.\n{block({'trouble': trouble})}"
    )


def nothing_found(strangers: Mapping[str, Sequence[str]]) -> str:
    """The SQL ran and found nothing, and compares with texts that the store does not know."""
    told = {safe(text): [safe(name) for name in near] for text, near in strangers.items()}
    return (
        "The SQL ran and found nothing. It compares with texts that nothing in the store is called;"
        " beside each stand the store's own that are most like it. If one of those was meant,"
        " answer with SQL that uses it and say so in the assumptions. If not, give the same SQL"
        f" again.\n{block({'trouble': {'unknown': told}})}"
    )


def contested(*readings: tuple[Draft, ResultTable], veil: Veil | None) -> str:
    """Readings that give different rows; their order says nothing of who made them."""
    ordered = sorted(readings, key=lambda reading: reading[0].sql)
    told = {str(place): _reading(*each, veil) for place, each in enumerate(ordered, start=1)}
    return (
        "It is contested what this question asks for. Work it out, with the readings below at hand,"
        " then answer with the SQL that is right: one of these, or your own. Ask back only if the"
        " question itself can mean several things; decline only if the store cannot tell."
        f"\n{block({'readings': told})}"
    )


def _reading(draft: Draft, table: ResultTable, veil: Veil | None) -> dict[str, object]:
    """What hides in the SQL hides in the words about it, too."""
    told: dict[str, object] = {
        "sql": safe(draft.sql if veil is None else veil.over(draft.sql), _SQL),
        "columns": [safe(name) for name in table.names[:_COLUMNS]],
        "rows": len(table.rows),
    }
    if veil is not None and veil.hides(draft.sql):
        return told
    assumptions = [safe(text, _ASSUMPTION) for text in draft.assumptions[:_ASSUMPTIONS]]
    return {"title": safe(draft.title, _TITLE), **told, "assumptions": assumptions}
