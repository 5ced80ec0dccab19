"""A chart that Slack draws itself, where that shows the same as the picture would.

The points are those of the PNG (`texttosql.chart.points`). Slack spaces categories evenly, has
at most 20 of them and 6 series, and wants a point in every place: whatever does not fit that is
None here, and is drawn as a picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.render.blocks import Block
from bot.render.text import plain
from texttosql.chart.points import Points, read_points
from texttosql.flow import Chart, ResultTable
from texttosql.format import number
from texttosql.words import capital

TITLE, LABEL = 50, 20
CATEGORIES, SERIES = 20, 6
"""Slack's own limits (docs.slack.dev, "Data visualization block")."""


def native_chart(chart: Chart, table: ResultTable, zone: ZoneInfo) -> Block | None:
    """The block, or None when a picture is needed; a cut is told beside the x axis."""
    if chart.kind not in {"bar", "line"}:
        return None
    points = read_points(chart, table, zone)
    places = _in_order(points)
    series = points.series or (chart.y[0],)
    if places is None or not 2 <= len(places) <= CATEGORIES or len(series) > SERIES:
        return None
    heights = {(row["x"], str(row.get("s", series[0]))): row["y"] for row in points.rows}
    if len(heights) != len(points.rows) or len(heights) != len(places) * len(series):
        return None
    return _block(chart, points, _labels(points, places), series, heights)


def _block(
    chart: Chart,
    points: Points,
    labels: Mapping[str | float, str],
    series: Sequence[str],
    heights: Mapping[tuple[str | float, str], str | float],
) -> Block:
    data = [
        {
            "name": name,
            "data": [{"label": labels[x], "value": _plain(heights[x, key])} for x in labels],
        }
        for key, name in zip(series, _distinct(series), strict=True)
    ]
    axes = {"categories": list(labels.values()), "x_label": _x_label(chart, points)}
    if len(chart.y) == 1:
        axes["y_label"] = plain(chart.y[0], TITLE)
    title = capital(plain(chart.title, TITLE))
    drawn = {"type": chart.kind, "series": data, "axis_config": axes}
    return {"type": "data_visualization", "title": title, "chart": drawn}


def _in_order(points: Points) -> list[str | float] | None:
    """Where the points stand, left to right; None when the gaps are uneven, as Slack has none."""
    places = list(dict.fromkeys(row["x"] for row in points.rows))
    if points.scale == "nominal":
        return places
    at = _position(points)
    places.sort(key=at)
    gaps = [at(b) - at(a) for a, b in pairwise(places)]
    even = all(math.isclose(gap, gaps[0], rel_tol=1e-6) for gap in gaps)
    return places if even else None


def _position(points: Points) -> Callable[[str | float], float]:
    """Months are as long as each other on an axis of months."""
    if points.scale == "quantitative":
        return float
    if points.pace == "month":
        return lambda x: _moment(x).year * 12 + _moment(x).month
    return lambda x: _moment(x).timestamp()


def _moment(x: str | float) -> datetime:
    return datetime.fromisoformat(str(x))


def _labels(points: Points, places: Sequence[str | float]) -> dict[str | float, str]:
    return dict(zip(places, _distinct([_label(points, x) for x in places]), strict=True))


def _label(points: Points, x: str | float) -> str:
    if points.scale == "nominal":
        return str(x)
    if points.scale == "quantitative":
        return number(float(x))
    if points.pace is None:
        return f"{_moment(x):%Y-%m-%d %H:%M}"
    return f"{_moment(x):%b %Y}" if points.pace == "month" else f"{_moment(x):%Y-%m-%d}"


def _distinct(names: Sequence[str]) -> list[str]:
    """Names within Slack's 20 characters, without their middle; equal ones are numbered."""
    taken: dict[str, None] = {}
    for name in names:
        short, times = _squeezed(name, LABEL), 1
        while short in taken:
            times += 1
            short = f"{_squeezed(name, LABEL - 4)} #{times}"
        taken[short] = None
    return list(taken)


def _squeezed(name: str, width: int) -> str:
    text, half = plain(name, len(name) or 1), width // 2
    return text if len(text) <= width else f"{text[:half]}…{text[1 + half - width :]}"


def _x_label(chart: Chart, points: Points) -> str:
    note = f" ({points.note})" if points.note else ""
    return plain(chart.x, TITLE - len(note)) + note


def _plain(value: str | float) -> float:
    """Whole numbers without a fraction, as Slack shows what it is given."""
    found = float(value)
    return int(found) if found.is_integer() and abs(found) < 2**53 else found
