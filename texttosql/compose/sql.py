"""The few SQL phrases that differ between MySQL and SQLite, and the ones used everywhere.

Everything is a sqlglot node. Nothing here glues strings, so a name from the store can never
become SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlglot import exp

from texttosql.flow import Cell, Dialect

DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
MONDAY_SHIFT_MS = 3 * DAY_MS  # 1970-01-01 was a Thursday: three days after a Monday
FINITE = 1e308  # MLflow stores ±inf as ±1.7976931348623157e308; no measured value is this large
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def literal(value: Cell) -> exp.Expr:
    """A literal node of a Python value; text is escaped by the generator, never by us."""
    if value is None:
        return exp.Null()
    if isinstance(value, str):
        return exp.Literal.string(value)
    if value < 0:
        return exp.Neg(this=exp.Literal.number(repr(-value)))
    return exp.Literal.number(repr(value))


def col(table: str, name: str) -> exp.Column:
    """`table`.`name`, quoted: `key` and `value` are words of SQL in places."""
    return exp.column(exp.to_identifier(name, quoted=True), table=table)


def table(name: str, alias: str) -> exp.Table:
    """`name` AS `alias`, as a source of rows."""
    return exp.to_table(name, alias=alias)


def named(node: exp.Expr, name: str) -> exp.Expr:
    """The node AS `name`, quoted: a metric's key may hold spaces, slashes and percent signs."""
    return exp.alias_(node, exp.to_identifier(name, quoted=True))


def all_of(conditions: Sequence[exp.Expr]) -> exp.Expr:
    """The conditions joined by AND; there must be at least one."""
    return exp.and_(*conditions, copy=False)


def is_in(node: exp.Expr, values: Sequence[Cell]) -> exp.Expr:
    """`node` is one of the values."""
    if len(values) == 1:
        return exp.EQ(this=node, expression=literal(values[0]))
    return exp.In(this=node, expressions=[literal(value) for value in values])


def call(name: str, *args: exp.Expr) -> exp.Expr:
    """A function call by its name in the target dialect; the guard judges it like any other."""
    return exp.Anonymous(this=name, expressions=list(args))


def same(left: exp.Expr, right: exp.Expr | Cell) -> exp.Expr:
    """The equality of a node and a node or a value."""
    other = right if isinstance(right, exp.Expr) else literal(right)
    return exp.EQ(this=left, expression=other)


def ordered(terms: Sequence[exp.Ordered], query: exp.Select) -> exp.Select:
    """The query in this order; an empty order leaves it as it is."""
    return query.order_by(*terms, copy=False) if terms else query


def case(condition: exp.Expr, then: exp.Expr, otherwise: exp.Expr | None = None) -> exp.Case:
    """CASE WHEN condition THEN then [ELSE otherwise] END."""
    return exp.Case(ifs=[exp.If(this=condition, true=then)], default=otherwise)


def finite(value: exp.Expr) -> exp.Expr:
    """The value, or NULL where it stands for an infinity."""
    return case(exp.LT(this=exp.Abs(this=value.copy()), expression=literal(FINITE)), value)


def as_number(text: exp.Expr, dialect: Dialect, *, clean: bool) -> exp.Expr:
    """A param's text as a number, or NULL where it is not one; `clean`: all of them are.

    MySQL reads '12abc' as 12 and SQLite 'abc' as 0, so the text is looked at first: a number
    starts with a digit, a sign or a point and has no letter, space or bracket but one `e`.
    """
    kind = exp.DataType.build("DOUBLE" if dialect == "mysql" else "REAL", dialect=dialect)
    if clean:
        return exp.Cast(this=text, to=kind)
    first = call("SUBSTR", text.copy(), literal(1), literal(1))
    last = call("SUBSTR", text.copy(), literal(-1), literal(1))
    digits = [str(d) for d in range(10)]
    looks = [
        exp.In(this=first, expressions=[literal(c) for c in [*digits, "-", "+", "."]]),
        exp.In(this=last, expressions=[literal(c) for c in [*digits, "."]]),
        *(
            exp.not_(exp.Like(this=text.copy(), expression=literal(f"%{mark}%")))
            for mark in (" ", ",", "x", ":", "/", "-%-")
        ),
    ]
    return case(all_of(looks), exp.Cast(this=text, to=kind))


def ratio(top: exp.Expr, bottom: float) -> exp.Expr:
    """A division that is never a whole-number one."""
    return exp.Mul(this=top, expression=literal(1.0 / bottom))


def local_ms(ms: exp.Expr, zone: ZoneInfo, span: tuple[int, int]) -> exp.Expr:
    """Epoch milliseconds moved to the zone's wall clock, over the zone's changes within `span`."""
    steps = _offsets(zone, span)
    if len(steps) == 1:
        return ms if steps[0][1] == 0 else exp.Add(this=ms, expression=literal(steps[0][1]))
    branches = [
        exp.If(this=exp.LT(this=ms.copy(), expression=literal(until)), true=literal(offset))
        for until, offset in steps[:-1]
    ]
    shift = exp.Case(ifs=branches, default=literal(steps[-1][1]))
    return exp.Add(this=ms, expression=shift)


def _offsets(zone: ZoneInfo, span: tuple[int, int]) -> list[tuple[int, int]]:
    """(until_ms, offset_ms) of every stretch of equal offset in the span, in order."""

    def offset_at(ms: int) -> int:
        moment = datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone)
        return int((moment.utcoffset() or timedelta()) / timedelta(milliseconds=1))

    first, last = span
    hour = 3_600_000
    steps: list[tuple[int, int]] = []
    at = first - first % hour
    offset = offset_at(at)
    while at < last:
        after = at + DAY_MS
        if offset_at(after) != offset:
            while offset_at(at) == offset:
                at += hour
            steps.append((at, offset))
            offset = offset_at(at)
        else:
            at = after
    return [*steps, (last, offset)]


def bucket(ms: exp.Expr, unit: str, dialect: Dialect) -> exp.Expr:
    """The period a moment falls in, as sortable text: the week is named by its Monday."""
    if unit == "weekday":
        return _weekday(ms)
    if unit == "hourofday":
        return _clock(ms, "%H", dialect)
    if unit == "week":
        return _clock(_monday(ms), "%Y-%m-%d", dialect)
    form = {"hour": "%Y-%m-%d %H:00", "day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}[unit]
    return _clock(ms, form, dialect)


def _clock(ms: exp.Expr, form: str, dialect: Dialect) -> exp.Expr:
    seconds = exp.IntDiv(this=exp.Paren(this=ms.copy()), expression=literal(1000))
    if dialect == "mysql":
        return call("DATE_FORMAT", call("FROM_UNIXTIME", seconds), literal(form))
    return call("STRFTIME", literal(form), seconds, literal("unixepoch"))


def _mod(ms: exp.Expr, by: int) -> exp.Expr:
    return exp.Mod(this=exp.Paren(this=ms.copy()), expression=literal(by))


def _monday(ms: exp.Expr) -> exp.Expr:
    shifted = exp.Add(this=ms.copy(), expression=literal(MONDAY_SHIFT_MS))
    into_week = exp.Mod(this=exp.Paren(this=shifted), expression=literal(WEEK_MS))
    return exp.Paren(this=exp.Sub(this=ms.copy(), expression=into_week))


def _weekday(ms: exp.Expr) -> exp.Expr:
    midnight = exp.Paren(this=exp.Sub(this=ms.copy(), expression=_mod(ms, DAY_MS)))
    shifted = exp.Paren(this=exp.Add(this=midnight, expression=literal(MONDAY_SHIFT_MS)))
    into_week = exp.Mod(this=shifted, expression=literal(WEEK_MS))
    branches = [
        exp.If(this=literal(index * DAY_MS), true=literal(day))
        for index, day in enumerate(WEEKDAYS)
    ]
    return exp.Case(this=into_week, ifs=branches)
