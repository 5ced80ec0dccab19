"""Blocks at their limits are taken; one step further, the fault is named where it is."""

from __future__ import annotations

from typing import Any

import pytest

from bot.workspace.blocks import Surface, faults
from tests.unit.bot.workspace.block_makers import (
    Json,
    actions,
    asked,
    button,
    cell,
    chart,
    data_table,
    options,
    pie,
    plain,
    section,
    select,
    table,
)

CONFIRM = {"title": plain(100), "text": plain(300), "confirm": plain(30), "deny": plain(30)}
IMAGE = {"type": "image", "image_url": "https://ml.example/a.png", "alt_text": "a chart"}
FEEDBACK = {
    "type": "feedback_buttons",
    "positive_button": {"text": plain(75), "value": "up"},
    "negative_button": {"text": plain(75), "value": "down"},
}
ICON = {"type": "icon_button", "icon": "trash", "text": plain(1)}
RICH_CELL = {
    "type": "rich_text",
    "elements": [{
        "type": "rich_text_section",
        "elements": [{"type": "link", "url": "https://ml.example", "text": "run"}],
    }],
}  # fmt: skip
NUMBER = {"type": "raw_number", "value": 0.5, "text": "0.5"}

GOOD: list[tuple[str, list[Json]]] = [
    ("50 blocks", [{"type": "divider"}] * 50),
    ("a full section", [section(3000) | {"fields": [plain(2000)] * 10, "accessory": IMAGE}]),
    ("a header", [{"type": "header", "text": plain(150)}]),
    ("a context", [{"type": "context", "elements": [plain(10), IMAGE] * 5}]),
    ("25 buttons", [actions(*[button(confirm=CONFIRM, style="danger")] * 25)]),
    ("100 options", [actions(select(100, placeholder=plain(150)))]),
    ("an overflow", [actions({"type": "overflow", "options": options(5)})]),
    ("radio buttons", [actions({"type": "radio_buttons", "options": options(10)})]),
    ("5 small actions", [{"type": "context_actions", "elements": [FEEDBACK, *[ICON] * 4]}]),
    ("an image", [IMAGE | {"title": plain(2000)}]),
    ("markdown", [{"type": "markdown", "text": "x" * 12_000}]),
    ("an input", [asked({"type": "plain_text_input", "max_length": 3000})]),
    ("a long data table", [data_table(101, columns=4)]),
    ("a wide data table", [data_table(2, columns=20, page_size=100)]),
    ("10,000 characters", [data_table(2, columns=2, text="x" * 2500)]),
    ("a data table of all cells", [
        {"type": "data_table", "caption": "c", "rows": [[cell("a")] * 2, [RICH_CELL, NUMBER]]}
    ]),
    ("a table", [table(100, columns=20) | {"column_settings": [{"align": "right"}, None]}]),
    ("a chart", [chart(6, 20)]),
    ("two charts", [chart(), pie(6)]),
    ("rich text", [RICH_CELL]),
]  # fmt: skip

BAD: list[tuple[list[Json], str, str]] = [
    ([{"type": "divider"}] * 51, "no more than 50 items allowed", "/blocks"),
    ([{"type": "video"}], "unsupported type: video", "/blocks/0/type"),
    ([{}], "unsupported type: None", "/blocks/0/type"),
    ([{"type": "divider", "colour": "red"}], "additional property: colour", "/blocks/0"),
    ([{"type": "section"}], "missing required field: text", "/blocks/0"),
    ([section(3001)], "less than 3001 characters", "/blocks/0/text/text"),
    ([section(0)], "more than 0 characters", "/blocks/0/text/text"),
    ([{"type": "section", "fields": [plain(1)] * 11}], "no more than 10", "/blocks/0/fields"),
    ([{"type": "section", "fields": [plain(2001)]}], "less than 2001", "/blocks/0/fields/0/text"),
    ([section(1) | {"block_id": "b" * 256}], "less than 256", "/blocks/0/block_id"),
    ([section(1) | {"block_id": "b"}] * 2, "duplicate block_id: b", "/blocks/1/block_id"),
    ([{"type": "header", "text": plain(151)}], "less than 151", "/blocks/0/text/text"),
    ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "plain_text",
     "/blocks/0/text/type"),
    ([{"type": "context", "elements": [plain(1)] * 11}], "no more than 10", "/blocks/0/elements"),
    ([{"type": "context", "elements": [button()]}], "must be one of", "/blocks/0/elements/0/type"),
    ([actions()], "no fewer than 1", "/blocks/0/elements"),
    ([actions(*[button()] * 26)], "no more than 25", "/blocks/0/elements"),
    ([actions({"type": "plain_text_input"})], "unsupported type", "/blocks/0/elements/0/type"),
    ([actions(button(76))], "less than 76", "/blocks/0/elements/0/text/text"),
    ([actions(button(value=2001))], "less than 2001", "/blocks/0/elements/0/value"),
    ([actions(button(action_id="a" * 256))], "less than 256", "/blocks/0/elements/0/action_id"),
    ([actions(*[button(action_id="a")] * 2)], "duplicate action_id: a",
     "/blocks/0/elements/1/action_id"),
    ([actions(button(style="blue"))], "must be one of: danger, primary",
     "/blocks/0/elements/0/style"),
    ([actions(button(url="ftp://x"))], "valid URL", "/blocks/0/elements/0/url"),
    ([actions(button(confirm=CONFIRM | {"deny": plain(31)}))], "less than 31",
     "/blocks/0/elements/0/confirm/deny/text"),
    ([actions(select(101))], "no more than 100", "/blocks/0/elements/0/options"),
    ([actions(select(0))], "no fewer than 1", "/blocks/0/elements/0/options"),
    ([actions(select(1, 76))], "less than 76", "/blocks/0/elements/0/options/0/text/text"),
    ([actions(select(1, placeholder=plain(151)))], "less than 151",
     "/blocks/0/elements/0/placeholder/text"),
    ([actions(select(1, initial_option=options(1)[0]))], "must exactly match",
     "/blocks/0/elements/0/initial_option"),
    ([actions({"type": "static_select"})], "exactly one of options", "/blocks/0/elements/0"),
    ([actions({"type": "overflow", "options": options(6)})], "no more than 5",
     "/blocks/0/elements/0/options"),
    ([actions({"type": "checkboxes", "options": options(11)})], "no more than 10",
     "/blocks/0/elements/0/options"),
    ([{"type": "context_actions", "elements": [ICON] * 6}], "no more than 5",
     "/blocks/0/elements"),
    ([{"type": "context_actions", "elements": [ICON | {"icon": "star"}]}], "one of: trash",
     "/blocks/0/elements/0/icon"),
    ([{"type": "context_actions", "elements": [{"type": "feedback_buttons"}]}],
     "missing required field: positive_button", "/blocks/0/elements/0"),
    ([{"type": "image", "alt_text": "x"}], "exactly one of image_url", "/blocks/0"),
    ([{"type": "image", "image_url": "https://x/a.png"}], "missing required field: alt_text",
     "/blocks/0"),
    ([{"type": "markdown", "text": "x" * 12_001}], "less than 12001", "/blocks/0/text"),
    ([{"type": "markdown", "text": "x" * 7000}] * 2, "less than 12001", "/blocks"),
    ([asked({"type": "button", "text": plain(1)})], "unsupported type", "/blocks/0/element/type"),
    ([asked({"type": "number_input"})], "is_decimal_allowed", "/blocks/0/element"),
    ([asked({"type": "datepicker", "initial_date": "1.2.2026"})], "wrong format",
     "/blocks/0/element/initial_date"),
    ([asked({"type": "plain_text_input", "max_length": 3001})], "between 1 and 3000",
     "/blocks/0/element/max_length"),
    ([data_table(102)], "no more than 101", "/blocks/0/rows"),
    ([data_table(1)], "no fewer than 2", "/blocks/0/rows"),
    ([data_table(2, 21)], "no more than 20", "/blocks/0/rows/0"),
    ([data_table(2, text="")], "more than 0 characters", "/blocks/0/rows/0/0/text"),
    ([data_table(2, page_size=101)], "between 1 and 100", "/blocks/0/page_size"),
    ([data_table(2, 2, "x" * 2501)], "less than 10001 characters", "/blocks"),
    ([data_table(2, 2, "x" * 2000), data_table(2, 1, "x" * 1500)], "less than 10001", "/blocks"),
    ([{"type": "data_table", "rows": [[cell("a")]] * 2}], "missing required field: caption",
     "/blocks/0"),
    ([{"type": "data_table", "caption": "c", "rows": [[cell("a")] * 2, [cell("a")]]}],
     "same number of cells", "/blocks/0/rows"),
    ([{"type": "data_table", "caption": "c", "rows": [[NUMBER], [NUMBER]]}],
     "header cells must be raw_text", "/blocks/0/rows/0/0"),
    ([{"type": "data_table", "caption": "c", "rows": [
        [cell("a")], [{"type": "raw_number", "value": "1", "text": "1"}]]}],
     "must be a number", "/blocks/0/rows/1/0/value"),
    ([table(101)], "no more than 100", "/blocks/0/rows"),
    ([table(1), table(1)], "only_one_table_allowed", "/blocks"),
    ([{"type": "table", "rows": [[NUMBER]]}], "unsupported type", "/blocks/0/rows/0/0/type"),
    ([chart(7)], "no more than 6", "/blocks/0/chart/series"),
    ([chart(1, 21)], "no more than 20", "/blocks/0/chart/series/0/data"),
    ([chart(labels=21)], "less than 21", "/blocks/0/chart/series/0/data/0/label"),
    ([chart(title=51)], "less than 51", "/blocks/0/title"),
    ([chart()] * 3, "no more than 2 data_visualization", "/blocks"),
    ([pie(7)], "no more than 6", "/blocks/0/chart/segments"),
    ([pie(1, 0)], "greater than 0", "/blocks/0/chart/segments/0/value"),
    ([{"type": "rich_text", "elements": [{"type": "text"}]}], "unsupported type",
     "/blocks/0/elements/0/type"),
]  # fmt: skip


@pytest.mark.parametrize("blocks", [case[1] for case in GOOD], ids=[case[0] for case in GOOD])
def test_blocks_at_their_limits_are_taken(blocks: list[Json]) -> None:
    assert faults(blocks, "message") == []


@pytest.mark.parametrize(("blocks", "what", "where"), BAD)
def test_one_step_further_is_a_fault(blocks: list[Json], what: str, where: str) -> None:
    found = faults(blocks, "message")

    said = [each for each in found if what in each and f"[json-pointer:{where}" in each]
    assert said, found


def test_a_chart_has_one_point_for_each_category() -> None:
    drawn = chart(2, 3)
    drawn["chart"]["series"][1] = {"name": "1", "data": [{"label": "else", "value": 1}]}

    (found,) = faults([drawn], "message")
    assert "exactly one point for each category" in found
    assert "[json-pointer:/blocks/0/chart/series/1/data]" in found


def test_two_series_of_a_chart_have_two_names() -> None:
    drawn = chart(2)
    drawn["chart"]["series"][1]["name"] = "0"

    assert "duplicate name: 0" in faults([drawn], "message")[0]


@pytest.mark.parametrize("surface", ["modal", "home"])
@pytest.mark.parametrize(
    "block", [data_table(2), table(2), chart(), {"type": "markdown", "text": "x"}]
)
def test_some_blocks_are_for_messages_only(surface: Surface, block: Json) -> None:
    assert "unsupported type" in faults([block], surface)[0]


@pytest.mark.parametrize(
    "nonsense",
    [
        "text", 7, None, [None], [[]], ["x"], [{"type": []}], [{"type": "section", "text": 7}],
        [{"type": "actions", "elements": 7}], [{"type": "actions", "elements": [7]}],
        [{"type": "data_table", "caption": 7, "rows": 7}],
        [{"type": "data_table", "caption": "c", "rows": [7, [7]]}],
        [{"type": "table", "rows": [[7]], "column_settings": 7}],
        [{"type": "data_visualization", "title": "t", "chart": {"type": "line", "series": [7]}}],
        [{"type": "input", "label": 7, "element": 7}], [{"type": "image", "slack_file": 7}],
        [{"type": "context_actions", "elements": [{"type": "feedback_buttons",
                                                   "positive_button": 7}]}],
        [{"type": "actions", "elements": [{"type": "static_select", "options": 7,
                                           "initial_option": 7}]}],
        [{"type": "actions", "elements": [{"type": "static_select", "option_groups": [7]}]}],
        [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": 7}]}],
        [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{}]}]}],
        [{"type": "data_visualization", "title": "t", "chart": {
            "type": "bar", "series": [{"name": 7, "data": 7}], "axis_config": {"categories": 7}}}],
        [{"type": "data_visualization", "title": "t", "chart": {
            "type": "pie", "segments": [{"label": "a", "value": "b"}]}}],
        [{"type": "actions", "elements": [{"type": []}]}], [actions(button(style=[]))],
        [{"type": "context", "elements": [{"type": {}}]}], [{"type": "image", "image_url": 7}],
        [{"type": "rich_text", "elements": [{"type": []}]}],
        [{"type": "markdown", "text": 7}, {"type": "section", "text": {"type": [], "text": []}}],
    ],
)  # fmt: skip
def test_nonsense_is_a_fault_and_never_a_crash(nonsense: Any) -> None:
    assert faults(nonsense, "message")
