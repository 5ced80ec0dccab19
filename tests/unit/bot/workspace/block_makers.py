"""Blocks of any size, for tests of how large they may be."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(length: int) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def options(number: int) -> list[Json]:
    return [{"text": plain(75), "value": f"{n}".ljust(150, "v")} for n in range(number)]


def section(length: int) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": "x" * length}}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def button(label: int = 75, value: int = 2000, **more: object) -> Json:
    return {"type": "button", "text": plain(label), "value": "v" * value, **more}


def select(number: int, label: int = 75, **more: object) -> Json:
    chosen = [{"text": plain(label), "value": f"{n}"} for n in range(number)]
    return {"type": "static_select", "options": chosen, **more}


def asked(element: Json, label: int = 2000) -> Json:
    return {"type": "input", "label": plain(label), "element": element}


def cell(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def data_table(rows: int, columns: int = 2, text: str = "x", **more: object) -> Json:
    grid = [[cell(text)] * columns for _ in range(rows)]
    return {"type": "data_table", "caption": "Runs", "rows": grid, **more}


def table(rows: int, columns: int = 2, text: str = "x") -> Json:
    return {"type": "table", "rows": [[cell(text)] * columns for _ in range(rows)]}


def chart(series: int = 1, points: int = 2, *, labels: int = 20, title: int = 50) -> Json:
    names = [f"{n}".ljust(labels, "l") for n in range(points)]
    data = [{"label": name, "value": 1.5} for name in names]
    lines = [{"name": f"{n}", "data": data} for n in range(series)]
    drawn = {"type": "line", "series": lines, "axis_config": {"categories": names}}
    return {"type": "data_visualization", "title": "t" * title, "chart": drawn}


def pie(segments: int, value: float = 1) -> Json:
    parts = [{"label": f"{n}", "value": value} for n in range(segments)]
    return {"type": "data_visualization", "title": "t", "chart": {"type": "pie", "segments": parts}}
