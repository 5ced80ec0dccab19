"""Tables and charts as blocks: data_table, table, data_visualization.

Limits: docs.slack.dev/reference/block-kit/blocks (the pages of these three blocks).
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.workspace import checks
from bot.workspace.checks import Faults, fault, listed, texts
from bot.workspace.people import Json
from bot.workspace.rich_text import rich_text

_MOST_COLUMNS = 20
_MOST_CHARACTERS = 10_000
_MOST_CHARTS = 2
_MOST_POINTS = 20
_MOST_SERIES = 6
_LABEL = 20
_AXES = ("bar", "line", "area")


def data_table(given: Json, path: str) -> Faults:
    """A table that the reader sorts and pages: a header row and 1 to 100 more."""
    allowed = {"type", "block_id", "caption", "rows", "page_size", "row_header_column_index"}
    yield from checks.keys(given, path, allowed)
    yield from checks.string(given, "caption", path, 3000, needed=True)
    yield from checks.integer({"page_size": 5, **given}, "page_size", path, 1, 100)
    last = _MOST_COLUMNS - 1
    yield from checks.integer(given, "row_header_column_index", path, 0, last)
    yield from _rows(given, path, least=2, most=101)
    rows = [row for row in listed(given.get("rows")) if isinstance(row, list)]
    if len({len(row) for row in rows}) > 1:
        yield fault(f"{path}/rows", "all rows must have the same number of cells")
    for column, cell in enumerate(rows[0] if rows else ()):
        if isinstance(cell, dict) and cell.get("type") != "raw_text":
            yield fault(f"{path}/rows/0/{column}", "header cells must be raw_text")


def table(given: Json, path: str) -> Faults:
    """A plain table: at most 100 rows, the header among them."""
    yield from checks.keys(given, path, {"type", "block_id", "rows", "column_settings"})
    yield from _rows(given, path, least=1, most=100)
    settings, where = given.get("column_settings", []), f"{path}/column_settings"
    yield from checks.count(settings, where, 0, _MOST_COLUMNS)
    for column, setting in enumerate(listed(settings)):
        if isinstance(setting, dict):
            yield from checks.keys(setting, f"{where}/{column}", {"align", "is_wrapped"})
            yield from checks.one_of(
                setting, "align", f"{where}/{column}", {"left", "center", "right"}
            )
            yield from checks.boolean(setting, "is_wrapped", f"{where}/{column}")


def data_visualization(given: Json, path: str) -> Faults:
    """A chart: a pie, or bars, lines or areas over the same categories."""
    yield from checks.keys(given, path, {"type", "block_id", "title", "chart"})
    yield from checks.string(given, "title", path, 50, needed=True)
    chart, where = given.get("chart"), f"{path}/chart"
    if not isinstance(chart, dict):
        yield checks.missing(path, "chart")
    elif chart.get("type") == "pie":
        yield from checks.keys(chart, where, {"type", "segments"})
        yield from checks.items(chart, "segments", where, _MOST_SERIES, _segment)
    elif chart.get("type") in _AXES:
        yield from _chart(chart, where)
    else:
        yield fault(f"{where}/type", f"unsupported type: {chart.get('type')}")


def all_together(blocks: list[Json], path: str) -> Faults:
    """What the tables and charts of one message share: one table, two charts, 10,000 characters."""
    kinds = [block.get("type") for block in blocks]
    if kinds.count("table") > 1:
        yield fault(path, "only_one_table_allowed")
    if kinds.count("data_visualization") > _MOST_CHARTS:
        yield fault(path, f"no more than {_MOST_CHARTS} data_visualization blocks allowed")
    tables = [block for block in blocks if block.get("type") in {"table", "data_table"}]
    if sum(len(text) for block in tables for text in texts(block.get("rows"))) > _MOST_CHARACTERS:
        yield fault(path, f"tables must hold less than {_MOST_CHARACTERS + 1} characters")


def _rows(given: Json, path: str, *, least: int, most: int) -> Faults:
    rows, where = given.get("rows"), f"{path}/rows"
    yield from checks.count(rows, where, least, most)
    for number, row in enumerate(listed(rows)):
        yield from checks.count(row, f"{where}/{number}", 1, _MOST_COLUMNS)
        for column, cell in enumerate(listed(row)):
            yield from _cell(cell, f"{where}/{number}/{column}", given["type"])


def _cell(cell: object, path: str, table_type: str) -> Faults:
    if not isinstance(cell, dict):
        yield fault(path, "must be an object")
        return
    kind = cell.get("type")
    if kind == "raw_text":
        yield from checks.keys(cell, path, {"type", "text"})
        yield from checks.string(cell, "text", path, _MOST_CHARACTERS, needed=True)
    elif kind == "raw_number" and table_type == "data_table":
        yield from _raw_number(cell, path)
    elif kind == "rich_text":
        yield from rich_text(cell, path)
        if not any(texts(cell)):
            yield fault(path, "must be more than 0 characters")
    else:
        yield fault(f"{path}/type", f"unsupported type: {kind}")


def _raw_number(cell: Json, path: str) -> Faults:
    yield from checks.keys(cell, path, {"type", "value", "text"})
    if not _is_number(cell.get("value")):
        yield fault(f"{path}/value", "must be a number")
    yield from checks.string(cell, "text", path, _MOST_CHARACTERS, needed=True)


def _segment(given: Json, path: str) -> Faults:
    yield from checks.keys(given, path, {"label", "value"})
    yield from checks.string(given, "label", path, _LABEL, needed=True)
    value = given.get("value", 0)
    if not _is_number(value) or value <= 0:
        yield fault(f"{path}/value", "must be a number greater than 0")


def _chart(chart: Json, path: str) -> Faults:
    yield from checks.keys(chart, path, {"type", "series", "axis_config"})
    yield from checks.items(chart, "series", path, _MOST_SERIES, _series)
    series = [each for each in listed(chart.get("series")) if isinstance(each, dict)]
    names = [(each.get("name"), f"{path}/series/{n}/name") for n, each in enumerate(series)]
    yield from checks.unique(names, "name")
    axis = chart.get("axis_config")
    if not isinstance(axis, dict):
        yield checks.missing(path, "axis_config")
        return
    yield from _axis(axis, f"{path}/axis_config")
    yield from _one_point_each(series, listed(axis.get("categories")), path)


def _series(given: Json, path: str) -> Faults:
    yield from checks.keys(given, path, {"name", "data"})
    yield from checks.string(given, "name", path, _LABEL, needed=True)
    yield from checks.items(given, "data", path, _MOST_POINTS, _point)


def _point(given: Json, path: str) -> Faults:
    yield from checks.keys(given, path, {"label", "value"})
    yield from checks.string(given, "label", path, _LABEL, needed=True)
    if not _is_number(given.get("value")):
        yield fault(f"{path}/value", "must be a number")


def _axis(axis: Json, path: str) -> Faults:
    yield from checks.keys(axis, path, {"categories", "x_label", "y_label"})
    yield from checks.string(axis, "x_label", path, 50)
    yield from checks.string(axis, "y_label", path, 50)
    categories, where = axis.get("categories"), f"{path}/categories"
    yield from checks.count(categories, where, 1, _MOST_POINTS)
    labels = {str(number): label for number, label in enumerate(listed(categories))}
    for number in labels:
        yield from checks.string(labels, number, where, _LABEL)


def _one_point_each(series: list[Json], categories: Sequence[object], path: str) -> Faults:
    for number, each in enumerate(series):
        labels = [p.get("label") for p in listed(each.get("data")) if isinstance(p, dict)]
        if sorted(map(str, labels)) != sorted(map(str, categories)):
            where = f"{path}/series/{number}/data"
            yield fault(where, "must have exactly one point for each category")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
