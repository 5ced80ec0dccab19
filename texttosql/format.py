"""How a cell reads to a person: the one place where numbers, times and names become text.

Sentences, terminal tables and chart labels all come here, so that a value looks the same
everywhere. Nothing is rounded in the data: only in what is shown.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from texttosql.flow import Cell, Column, ColumnKind

STORED_INFINITY = 1.7976931348623157e308
"""MLflow stores ±inf as ± the largest double, because MySQL has no infinity."""

DATES: frozenset[ColumnKind] = frozenset({"day", "week", "month"})
TIMES: frozenset[ColumnKind] = DATES | {"time"}
EMPTY = "–"

_MIN_DIGITS, _MAX_DIGITS = 4, 6
_COMPARED = 20
_DURATION = re.compile(r"(?:^|_)duration_(ms|s|sec|seconds|min|minutes|h|hours)$")
_TO_SECONDS = {"ms": 0.001, "s": 1, "sec": 1, "seconds": 1, "min": 60, "minutes": 60}
_PERCENT = re.compile(r"(?:^|[ _])(?:percent|percentage|pct)$")


def is_infinite(value: float) -> bool:
    """Whether a number is ±∞, as IEEE writes it or as MLflow stores it."""
    return math.isinf(value) or abs(value) >= STORED_INFINITY


def number(value: float, digits: int = _MIN_DIGITS) -> str:
    """4 significant digits, thousands separators, whole numbers plain, infinity as ∞."""
    if math.isnan(value):
        return "NaN"
    if is_infinite(value):
        return "∞" if value > 0 else "−∞"
    return _integer(int(value)) if float(value).is_integer() else _fraction(value, digits)


def _integer(value: int) -> str:
    return f"{value:,}" if abs(value) < 10**15 else f"{value:.4g}"


def _fraction(value: float, digits: int) -> str:
    size = math.floor(math.log10(abs(value)))
    if size < -4:
        return _scientific(value, digits)
    decimals = max(digits - 1 - size, 0)
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scientific(value: float, digits: int) -> str:
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def dollars(usd: float) -> str:
    """An amount of money: whole cents from a dollar on, hundredths of a cent below."""
    if 0 < usd < 0.0001:
        return "under 0.0001 USD"
    cents = usd >= 1 or math.isclose(usd, round(usd, 2))
    return f"{usd:,.{2 if cents else 4}f} USD"


def digits_for(values: Sequence[Cell]) -> int:
    """As few digits (4 to 6) as keep the first different values looking different."""
    numbers = {v for v in values[:_COMPARED] if isinstance(v, float) and math.isfinite(v)}
    for digits in range(_MIN_DIGITS, _MAX_DIGITS):
        if len({number(v, digits) for v in numbers}) == len(numbers):
            return digits
    return _MAX_DIGITS


def duration(seconds: float) -> str:
    """The two largest units: "850 ms", "12.5 s", "3 min 20 s", "2 h 5 min", "3 d 4 h"."""
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    if seconds < 1:
        return f"{sign}{number(seconds * 1000, 3)} ms"
    if seconds < 60:
        return f"{sign}{number(seconds, 3)} s"
    whole = round(seconds)
    for unit, size, small, part in (("d", 86400, "h", 3600), ("h", 3600, "min", 60)):
        if whole >= size:
            return sign + _two(whole // size, unit, whole % size // part, small)
    return sign + _two(whole // 60, "min", whole % 60, "s")


def _two(big: int, unit: str, little: int, small: str) -> str:
    return f"{big:,} {unit} {little} {small}" if little else f"{big:,} {unit}"


def moment(milliseconds: float, zone: ZoneInfo) -> datetime:
    """Epoch milliseconds as an aware time in `zone`. Raises ValueError out of range."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).astimezone(zone)
    except (OverflowError, OSError) as error:
        raise ValueError(milliseconds) from error


def day_of(value: Cell, zone: ZoneInfo) -> date | None:
    """The date a day, week or month cell starts on: epoch ms, "2026-05-04" or "2026-05"."""
    try:
        if isinstance(value, int | float):
            return moment(value, zone).date()
        text = str(value or "")
        return date.fromisoformat(text if len(text) != 7 else f"{text}-01")
    except ValueError:
        return None


def when(value: Cell, kind: ColumnKind, zone: ZoneInfo) -> str:
    """A time, day, week or month cell in the team's zone; text that is no date stays itself."""
    if value is None:
        return EMPTY
    if kind == "time":
        return _time(value, zone)
    start = day_of(value, zone)
    if start is None:
        return clean(str(value))
    if kind == "month":
        return f"{start:%b %Y}"
    return f"week of {start:%Y-%m-%d}" if kind == "week" else f"{start:%Y-%m-%d}"


def _time(value: str | float, zone: ZoneInfo) -> str:
    if isinstance(value, str):
        return clean(value)
    try:
        return f"{moment(value, zone):%Y-%m-%d %H:%M}"
    except ValueError:
        return number(value)


def clean(text: str) -> str:
    """Data text made harmless in one line: no control, bidi or other invisible characters."""
    spaced = re.sub(r"[\s\u0085\u2028\u2029]+", " ", text)
    return "".join(c for c in spaced if c in _JOINERS or unicodedata.category(c) not in _HIDDEN)


_HIDDEN = frozenset({"Cc", "Cf", "Cs"})
_JOINERS = frozenset("\u200c\u200d")  # Persian words and family emoji fall apart without them


def shorten(text: str, width: int) -> str:
    """At most `width` characters, the cut shown by an ellipsis."""
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def formatter(column: Column, values: Sequence[Cell], zone: ZoneInfo) -> Callable[[Cell], str]:
    """How to write the cells of one column, decided once over all its values."""
    if column.kind in TIMES:
        return lambda value: when(value, column.kind, zone)
    unit = _DURATION.search(column.name.lower())
    if unit:
        return _duration_in(_TO_SECONDS.get(unit[1], 3600))
    digits, tail = digits_for(values), " %" if _PERCENT.search(column.name.lower()) else ""
    grouped = not is_identity(column.name)
    return lambda value: _cell(value, digits, tail, grouped=grouped)


def _duration_in(seconds: float) -> Callable[[Cell], str]:
    def write(value: Cell) -> str:
        if isinstance(value, int | float) and math.isfinite(value) and not is_infinite(value):
            return duration(value * seconds)
        return _cell(value, _MIN_DIGITS, "", grouped=True)

    return write


def _cell(value: Cell, digits: int, tail: str, *, grouped: bool) -> str:
    if value is None:
        return EMPTY
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int) and not grouped:
        return str(value)
    return number(value, digits) + tail


def without_unit(name: str) -> str:
    """A duration's column without its unit, which its cells say: duration_min is "duration"."""
    found = _DURATION.search(name.lower())
    return name[: -len(found[1]) - 1] if found else name


def is_identity(name: str) -> bool:
    """Whether a column names a thing rather than measures one: ids and versions."""
    return bool(re.search(r"(?:^|[ _])(?:id|uuid|version|digest)$", name.lower()))
