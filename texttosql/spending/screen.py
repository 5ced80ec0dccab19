"""What was spent, as text on a terminal or in a pipe: a table, a sentence, today's budgets."""

from __future__ import annotations

from collections.abc import Sequence

from texttosql.cost import Cost, Spending
from texttosql.format import EMPTY, clean, dollars, duration, number, shorten
from texttosql.spending.budget import Allowance, Whose
from texttosql.spending.report import By, Report
from texttosql.terminal import Screen, print_table
from texttosql.words import many

_HEADS: dict[By, str] = {
    "day": "day", "user": "asker", "channel": "channel", "engine": "engine", "model": "model",
    "store": "store",
}  # fmt: skip
_UNNAMED: dict[By, str] = {
    "user": "(unknown)", "channel": "(no channel)", "engine": "(none)", "model": "(no model)",
}  # fmt: skip
_COLUMNS = ("questions", "to Claude", "input", "cached", "output", "USD", "median", "p95")
_WHOSE: dict[Whose, str] = {"day": "all", "user": "each asker", "channel": "each channel"}
_NAME = 30


def show(found: Report, budgets: Sequence[Allowance], to: Screen) -> None:
    """The whole report; that nothing was asked is talk."""
    when = f"{found.since.astimezone(to.zone):%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    if found.total.turns:
        _show_groups(found, to)
        to.say(_told(found.total, when))
    else:
        to.talk(f'Nothing was asked since {when}. Ask: tracktalk ask "how many runs?"')
    for each in budgets:
        to.say(_budget(each))
    to.out.flush()


def _show_groups(found: Report, to: Screen) -> None:
    cells = [_cells(each, _named(each.key, found.by)) for each in found.groups]
    cells.append(_cells(found.total, "total"))
    right = [False, *(True for _ in _COLUMNS)]
    head = _HEADS[found.by]
    print_table([head, *_COLUMNS], cells, right, f"Usage by {head}", to)
    if found.more:
        to.say("(and more, which the total has)")
    to.say()


def _named(key: str | None, by: By) -> str:
    return _UNNAMED.get(by, EMPTY) if key is None else shorten(clean(key), _NAME)


def _cells(spent: Spending, name: str) -> list[str]:
    cost = spent.cost
    tokens = cost.input_tokens + cost.written_tokens, cost.cached_tokens, cost.output_tokens
    counts = map(number, (spent.turns, spent.asked, *tokens))
    usd = dollars(cost.usd).removesuffix(" USD")
    return [name, *counts, usd, _waited(spent.median_ms), _waited(spent.p95_ms)]


def _waited(milliseconds: float | None) -> str:
    return EMPTY if milliseconds is None else duration(milliseconds / 1000)


def _told(total: Spending, when: str) -> str:
    """What the table does not show."""
    questions = f"{many(total.turns, 'questions')} since {when}"
    if not total.asked:
        return f"{questions}, and nothing spent: Claude was asked none of them."
    mean = dollars(total.cost.usd / total.asked)
    parts = [
        f"{questions} cost {dollars(total.cost.usd)}.",
        f"Claude was asked {number(total.asked)} of them, at {mean} each.",
    ]
    if total.answered:
        parts.append(f"{_percent(total.answered_free, total.answered)} of answers needed no model.")
    cached = _percent(total.cost.cached_tokens, _read(total.cost))
    return " ".join([*parts, f"{cached} of Claude's input came from its cache."])


def _read(cost: Cost) -> int:
    return cost.input_tokens + cost.written_tokens + cost.cached_tokens


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "0%"


def _budget(budget: Allowance) -> str:
    limit = f"Today's budget for {_WHOSE[budget.whose]}: {dollars(budget.limit)}"
    if budget.whose == "day":
        return f"{limit}, {dollars(budget.left)} left."
    if budget.key is None:
        return f"{limit}, nothing spent."
    most = f"{shorten(clean(budget.key), _NAME)} spent most, {dollars(budget.spent)}"
    return f"{limit}; {most}, and has {dollars(budget.left)} left."
