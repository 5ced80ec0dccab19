"""A chosen chart as a Vega-Lite specification and as a PNG.

Bars start at zero and carry their values; lines and points use the range that is there, so
that metrics near 1 can be told apart. Colours are Okabe and Ito's, with a brown for their
yellow, which cannot be read on white.

The specification is written as plain JSON: altair made the same text in 25 ms, with as much
again for its import, and a picture has 60 ms. Tests hold it against altair's schema instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from texttosql.chart.points import Points, read_points
from texttosql.flow import Chart, ResultTable
from texttosql.format import clean, shorten
from texttosql.shape import as_number
from texttosql.words import capital

Spec = dict[str, Any]
"""Vega-Lite JSON. `Any`: its grammar is Vega-Lite's, not ours."""

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
COLOURS = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#8C6D31", "#555555",
)  # fmt: skip
_INK, _FAINT, _GRID, _RULE = "#1F2933", "#52606D", "#E4E7EB", "#9AA5B1"
_WIDTH, _HEIGHT, _BAR, _THIN = 460, 260, 22, 15
_DOTS, _MARKS, _LABELLED = 60, 8, 40
_UTC = ZoneInfo("UTC")
_LOOK: Spec = {
    "font": "Liberation Sans",
    "view": {"stroke": None},
    "text": {"fontSize": 12, "color": _INK},
    "title": {
        "anchor": "start", "frame": "bounds", "fontSize": 16, "fontWeight": 600, "color": _INK,
        "offset": 14, "subtitleColor": _FAINT, "subtitleFontSize": 12,
    },
    "axis": {
        "labelColor": _FAINT, "titleColor": _FAINT, "labelFontSize": 12, "titleFontSize": 12,
        "titleFontWeight": "normal", "gridColor": _GRID, "domainColor": _RULE, "ticks": False,
        "labelPadding": 6, "titlePadding": 10,
    },
    "legend": {
        "labelColor": _INK, "titleColor": _FAINT, "labelFontSize": 12, "titleFontSize": 12,
        "titleFontWeight": "normal", "orient": "bottom", "columns": 4, "labelLimit": 180,
    },
}  # fmt: skip


def vega_lite(chart: Chart, table: ResultTable, zone: ZoneInfo = _UTC) -> Spec:
    """The Vega-Lite specification, data included. Times stand in `zone`."""
    points = read_points(chart, table, zone)
    draw = {"bar": _bars, "line": _lines, "scatter": _scatter, "histogram": _bins}[chart.kind]
    title: Spec = {"text": shorten(capital(clean(chart.title)), 64)}
    return {
        "$schema": SCHEMA,
        "background": "white",
        "padding": 18,
        "config": _LOOK,
        "title": title | ({"subtitle": points.note} if points.note else {}),
        "data": {"values": [dict(row) for row in points.rows]},
        "width": _WIDTH,
        "height": _HEIGHT,
        **draw(chart, points),
    }


def render_png(
    chart: Chart, table: ResultTable, zone: ZoneInfo = _UTC, *, scale: float = 2.0
) -> bytes:
    """The picture, `scale` pixels for each point of its layout."""
    import vl_convert  # noqa: PLC0415 - 50 MB of JavaScript: only who draws pays for it

    png: bytes = vl_convert.vegalite_to_png(vega_lite(chart, table, zone), scale=scale)
    return png


def _bars(chart: Chart, points: Points) -> Spec:
    """Bars lie, so that names can be read; they stand where the categories are numbers."""
    standing = all(as_number(name) is not None for name in points.categories)
    places = _bar_places(chart, points, standing=standing)
    bar = {"mark": {"type": "bar", "color": COLOURS[0]}, "encoding": places}
    text = {
        "mark": {"type": "text", **_beside(standing=standing)},
        "encoding": {
            **{name: place for name, place in places.items() if name != "color"},
            "text": {"field": "label", "type": "nominal"},
        },
    }
    layers = [bar, text] if len(points.rows) <= _LABELLED else [bar]
    lying = {"height": {"step": _THIN if points.series else _BAR}}
    return {"layer": layers, **({} if standing else lying)}


def _bar_places(chart: Chart, points: Points, *, standing: bool) -> Spec:
    name, size = ("x", "y") if standing else ("y", "x")
    gap = 0.4 if standing else 0.2
    upright: Spec = {"labelAngle": 0} if standing else {}
    places: Spec = {
        name: {
            "field": "x",
            "type": "nominal",
            "sort": list(points.categories),
            "title": clean(chart.x) if standing else None,
            "axis": {"labelLimit": 280, "grid": False, **upright},
            "scale": {"paddingInner": gap, "paddingOuter": gap / 2},
        },
        size: _measure(chart, points, {"domain": _from_zero(points), "nice": False}),
    }
    if not points.series:
        return places
    shift = {"field": "s", "type": "nominal", "sort": list(points.series)}
    return places | {f"{name}Offset": shift, "color": _colour(chart, points)}


def _beside(*, standing: bool) -> Spec:
    """Where a bar's value stands: just past its end, on the left for negative bars."""
    if standing:
        return {"baseline": "bottom", "dy": -3}
    side, away = "datum.y < 0 ? 'right' : 'left'", "datum.y < 0 ? -5 : 5"
    return {"baseline": "middle", "align": {"expr": side}, "dx": {"expr": away}}


def _from_zero(points: Points) -> list[float]:
    """Zero is always there, and an eighth is left at the ends for the bars' labels."""
    low, high = min(0.0, *points.heights), max(0.0, *points.heights)
    room = (high - low or 1.0) / 8
    return [low - room if low else 0.0, high + room if high or not low else 0.0]


def _measure(chart: Chart, points: Points, scale: Spec) -> Spec:
    """A measure's axis. Several measures are told apart by the legend, not by a title."""
    whole = {"tickMinStep": 1} if points.whole else {}
    return {
        "field": "y",
        "type": "quantitative",
        "title": clean(chart.y[0]) if len(chart.y) == 1 else None,
        "axis": {"tickCount": 6, **whole},
        "scale": scale,
    }


def _lines(chart: Chart, points: Points) -> Spec:
    own: Spec = {} if points.series else {"color": COLOURS[0]}
    dots = len(points.rows) <= _DOTS and {"size": 36, "filled": True, **own}
    mark = {"type": "line", "strokeWidth": 2.2, "strokeJoin": "round", "point": dots, **own}
    return {"mark": mark, "encoding": _plane(chart, points)}


def _scatter(chart: Chart, points: Points) -> Spec:
    mark = {"type": "circle", "size": 64, "opacity": 0.65, "color": COLOURS[0]}
    return {"mark": mark, "encoding": _plane(chart, points)}


def _plane(chart: Chart, points: Points) -> Spec:
    encoding = {"x": _across(chart, points), "y": _measure(chart, points, _range(points))}
    return encoding | ({"color": _colour(chart, points)} if points.series else {})


def _range(points: Points) -> Spec:
    """From zero for counts and where the values reach down to it, else the range there is."""
    low, high = min(points.heights), max(points.heights)
    if low >= 0 and (points.whole or low < high * 0.3):
        return {"zero": True, "nice": True}
    return {"zero": False, "nice": True, "padding": 12}


def _across(chart: Chart, points: Points) -> Spec:
    if points.scale == "temporal":
        utc = {"type": "utc", "padding": 8}
        place = {"field": "x", "type": "temporal", "title": None}
        return {**place, "scale": utc, "axis": _calendar(points)}
    values = [float(row["x"]) for row in points.rows]
    decades = min(values) > 0 and max(values) / min(values) >= 1000 and chart.kind == "scatter"
    scale = {"type": "log"} if decades else {"zero": False, "nice": False, "padding": 10}
    axis = {"grid": False, "tickCount": 8}
    place = {"field": "x", "type": "quantitative", "title": clean(chart.x)}
    return {**place, "scale": scale, "axis": axis}


def _calendar(points: Points) -> Spec:
    """Days, weeks and months are marked where they start: Vega's own weeks start on Sundays."""
    if not points.pace:
        return {"grid": False, "labelOverlap": True, "tickCount": 8}
    marks = [datetime.fromisoformat(name) for name in sorted(points.categories)]
    every = -(-len(marks) // _MARKS)
    values = [{"year": m.year, "month": m.month, "date": m.day, "utc": True} for m in marks]
    days = "%d %b %Y" if marks[0].year != marks[-1].year else "%d %b"
    form = "%b %Y" if points.pace == "month" else days
    return {"grid": False, "values": values[::every], "format": form}


def _bins(chart: Chart, _points: Points) -> Spec:
    across = {
        "field": "x", "type": "quantitative", "bin": {"maxbins": 24}, "title": clean(chart.x),
        "axis": {"grid": False},
    }  # fmt: skip
    up = {
        "aggregate": "count", "type": "quantitative", "title": "rows",
        "axis": {"tickMinStep": 1, "tickCount": 5},
    }  # fmt: skip
    mark = {"type": "bar", "color": COLOURS[0], "binSpacing": 1}
    return {"mark": mark, "encoding": {"x": across, "y": up}}


def _colour(chart: Chart, points: Points) -> Spec:
    return {
        "field": "s",
        "type": "nominal",
        "title": clean(chart.series) if chart.series else None,
        "scale": {"domain": list(points.series), "range": list(COLOURS[: len(points.series)])},
        "legend": {"symbolType": "stroke" if chart.kind == "line" else "circle"},
    }
