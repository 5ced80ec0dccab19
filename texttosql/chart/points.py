"""A table's cells as the few plain rows a chart draws: x, y, series, label.

What cannot be drawn (empty cells, ±∞) is left out; what would be too much is cut, and
`note` says so. Field names are ours, because a dot or bracket in a column name means
something to Vega.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from texttosql.chart.choose import BARS, SERIES
from texttosql.flow import Cell, Chart, ColumnKind, ResultTable
from texttosql.format import DATES, TIMES, clean, day_of, formatter, moment
from texttosql.shape import as_number, line_namer, namer, read_shape

Scale = Literal["temporal", "quantitative", "nominal"]
Point = dict[str, str | float]

_NAME_WIDTH = 32


@dataclass(frozen=True, slots=True)
class Points:
    """What is drawn. `series` are the colours' names, in order; `pace`: x's days, weeks, months."""

    rows: tuple[Point, ...]
    scale: Scale
    categories: tuple[str, ...]
    series: tuple[str, ...]
    note: str
    whole: bool
    pace: ColumnKind | None

    @property
    def heights(self) -> tuple[float, ...]:
        """Every y."""
        return tuple(float(row["y"]) for row in self.rows)


def read_points(chart: Chart, table: ResultTable, zone: ZoneInfo) -> Points:
    """The points of a chart over the table it was chosen for."""
    scale = _scale(chart, table)
    rows = _rows(chart, table, zone, scale)
    rows, cut_bars = _first_bars(rows) if chart.kind == "bar" else (rows, "")
    rows, cut_series = _first_series(rows)
    return Points(
        rows=tuple(rows),
        scale=scale,
        categories=tuple(dict.fromkeys(str(row["x"]) for row in rows)),
        series=tuple(dict.fromkeys(str(row["s"]) for row in rows if "s" in row)),
        note="; ".join(part for part in (cut_bars, cut_series) if part),
        whole=all(_kind(table, name) == "integer" for name in chart.y),
        pace=_kind(table, chart.x) if _kind(table, chart.x) in DATES else None,
    )


def _kind(table: ResultTable, name: str) -> ColumnKind:
    return table.columns[table.names.index(name)].kind


def _scale(chart: Chart, table: ResultTable) -> Scale:
    if chart.kind == "bar":
        return "nominal"
    return "temporal" if _kind(table, chart.x) in TIMES else "quantitative"


def _rows(chart: Chart, table: ResultTable, zone: ZoneInfo, scale: Scale) -> list[Point]:
    across = _across(chart, table, zone, scale)
    series = _series_name(chart, table) if chart.series else None
    made: list[Point] = []
    for name in chart.y or (chart.x,):
        column = table.names.index(name)
        write = formatter(table.columns[column], [row[column] for row in table.rows], zone)
        for i, row in enumerate(table.rows):
            x, y = across(i), as_number(row[column])
            if x is None or y is None:
                continue
            point: Point = {"x": x, "y": y, "label": write(row[column])}
            if series is not None or len(chart.y) > 1:
                point["s"] = _text(series(i) if series is not None else name)
            made.append(point)
    return made


def _series_name(chart: Chart, table: ResultTable) -> Callable[[int], Cell]:
    """What a row's colour is called."""
    column = table.names.index(chart.series or "")
    if chart.kind != "line":
        return lambda row: table.rows[row][column]
    return line_namer(table, read_shape(table), column)


def _across(
    chart: Chart, table: ResultTable, zone: ZoneInfo, scale: Scale
) -> Callable[[int], str | float | None]:
    """Where a row stands on the x axis."""
    column = table.names.index(chart.x)
    cells = [row[column] for row in table.rows]
    if scale == "quantitative":
        return lambda i: as_number(cells[i])
    if scale == "temporal":
        return lambda i: _instant(cells[i], table.columns[column].kind, zone)
    write = formatter(table.columns[column], cells, zone)
    shape = read_shape(table)
    if column == shape.label and chart.series is None:
        name = namer(table, shape)
        return _distinct([_squeezed(name(i)) for i in range(len(cells))]).__getitem__
    return lambda i: _text(write(cells[i])) if cells[i] is not None else _text(None)


def _instant(value: Cell, kind: str, zone: ZoneInfo) -> str | None:
    """The team's wall-clock time, marked as UTC so that Vega shows it unmoved."""
    if kind in DATES or isinstance(value, str):
        day = day_of(value, zone)
        return f"{day:%Y-%m-%d}T00:00:00Z" if day else None
    return f"{moment(value, zone):%Y-%m-%dT%H:%M:%S}Z" if value is not None else None


def _text(value: Cell) -> str:
    return _squeezed(clean(str(value))) if value not in {None, ""} else "(none)"


def _squeezed(name: str) -> str:
    """A long name without its middle: families of runs differ at the end."""
    half = _NAME_WIDTH // 2
    return name if len(name) <= _NAME_WIDTH else f"{name[:half]}…{name[1 - half :]}"


def _distinct(names: Sequence[str]) -> list[str]:
    """Bars of the same name would be drawn as one: the second is numbered."""
    seen: Counter[str] = Counter()
    made = []
    for name in names:
        seen[name] += 1
        made.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return made


def _first_bars(rows: Sequence[Point]) -> tuple[list[Point], str]:
    """At most BARS categories: the highest, unless the table is already sorted its own way."""
    ordered = _by_size(rows)
    names = list(dict.fromkeys(row["x"] for row in ordered))
    kept = set(names[:BARS])
    note = f"{BARS} of {len(names)} shown" if len(names) > BARS else ""
    return [row for row in ordered if row["x"] in kept], note


def _by_size(rows: Sequence[Point]) -> list[Point]:
    if any("s" in row for row in rows):
        return list(rows)
    sizes = [float(row["y"]) for row in rows]
    if sizes in (sorted(sizes), sorted(sizes, reverse=True)) or _numeric(rows):
        return sorted(rows, key=lambda row: float(row["x"])) if _numeric(rows) else list(rows)
    return sorted(rows, key=lambda row: -float(row["y"]))


def _numeric(rows: Sequence[Point]) -> bool:
    """Whether the categories are themselves numbers, which have an order of their own."""
    return bool(rows) and all(as_number(row["x"]) is not None for row in rows)


def _first_series(rows: Sequence[Point]) -> tuple[list[Point], str]:
    sizes = Counter(row["s"] for row in rows if "s" in row)
    if len(sizes) <= SERIES:
        return list(rows), ""
    kept = list(sizes)[:SERIES]
    return [r for r in rows if r["s"] in kept], f"{SERIES} of {len(sizes)} series shown"
