"""What a model answered, as one of the corridor's values.

The object has the right shape when it comes here; whether it makes sense is decided here. Text
for people is made harmless; SQL is taken as it is, because the guard judges it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import get_args

from texttosql.catalog import Catalog
from texttosql.claude.columns import Better, notes
from texttosql.claude.output import Drafted, Way
from texttosql.claude.plaintext import plain
from texttosql.cost import Cost
from texttosql.errors import InterpreterConfused
from texttosql.flow import ChartKind, ChartWish, Clarification, Declined, Draft, Found, Option

ENGINE = "claude"

LONGEST_SQL = 20_000
"""Characters; the guard reads no more."""
_TITLE, _ASSUMPTION, _QUESTION, _REASON, _LABEL, _SUGGESTION = 100, 120, 300, 300, 75, 150
_ASSUMPTIONS, _SUGGESTIONS, _OPTIONS = 5, 3, 4
_NO_SQL = "The model said it had SQL and gave none."
_LONG_SQL = f"The model's SQL is longer than {LONGEST_SQL:,} characters."
_NO_REASON = "The model declined and did not say why."
_NO_CHOICE = "The model asked back without two readings to choose from."
CLAIM = re.compile(
    r"\bverified by\b|\bindependent readings?\b|\boffline engine\b|\banother reading\b",
    re.IGNORECASE,
)
"""What the program alone says of an answer: how far it is to be trusted."""
_FENCE = re.compile(r"^```\w*\s*|\s*```$")


def found(drafted: Drafted, cost: Cost, *, catalog: Catalog, better: Better) -> Found:
    """The draft, the question back, or why not. Raises InterpreterConfused with the cost."""
    if drafted.kind == "sql":
        return _draft(drafted, cost, catalog, better)
    if drafted.kind == "declined":
        return _declined(drafted, cost)
    return _clarification(drafted, cost, catalog, better)


def _draft(drafted: Drafted, cost: Cost, catalog: Catalog, better: Better) -> Draft:
    sql = _FENCE.sub("", drafted.sql.strip()).strip().rstrip(";").rstrip()
    if not sql:
        raise _confused(_NO_SQL, cost)
    if len(sql) > LONGEST_SQL:
        raise _confused(_LONG_SQL, cost)
    kind: ChartKind | None = next(
        (one for one in get_args(ChartKind) if one == drafted.chart), None
    )
    return Draft(
        sql=sql,
        title=plain(drafted.title, _TITLE) or "result",
        engine=ENGINE,
        assumptions=_lines(drafted.assumptions, _ASSUMPTION, _ASSUMPTIONS),
        chart=ChartWish("none" if drafted.chart == "none" else kind),
        columns=notes(sql, catalog, better),
        suggestions=_lines(drafted.suggestions, _SUGGESTION, _SUGGESTIONS),
        cost=cost,
    )


def _declined(drafted: Drafted, cost: Cost) -> Declined:
    reason = plain(drafted.reason or drafted.question, _REASON)
    if not reason:
        raise _confused(_NO_REASON, cost)
    return Declined(reason, _lines(drafted.suggestions, _SUGGESTION, _SUGGESTIONS), ENGINE, cost)


def _clarification(drafted: Drafted, cost: Cost, catalog: Catalog, better: Better) -> Found:
    """Two options at least: a question back with one way out is no question."""
    options = _options(drafted.options)
    question = plain(drafted.question, _QUESTION)
    if len(options) > 1:
        return Clarification(question or "Which one do you mean?", options, ENGINE, cost)
    if drafted.sql.strip():
        taken = tuple(option.question for option in options)
        chosen = drafted.model_copy(update={"assumptions": (*drafted.assumptions, *taken)})
        return _draft(chosen, cost, catalog, better)
    raise _confused(_NO_CHOICE, cost)


def _options(ways: Sequence[Way]) -> tuple[Option, ...]:
    options: dict[str, Option] = {}
    for way in ways[: 2 * _OPTIONS]:
        question = plain(way.question or way.label, _QUESTION)
        label = plain(way.label, _LABEL) or plain(question, _LABEL)
        if question:
            options.setdefault(label.lower(), Option(label, question))
    return tuple(options.values())[:_OPTIONS]


def _lines(texts: Sequence[str], width: int, most: int) -> tuple[str, ...]:
    cleaned = (plain(text, width) for text in texts[: 2 * most])
    told = (text for text in cleaned if text and not CLAIM.search(text))
    return tuple(dict.fromkeys(told))[:most]


def _confused(what: str, cost: Cost) -> InterpreterConfused:
    return InterpreterConfused(what, "Ask it another way, or with the names in it.", spent=cost)
