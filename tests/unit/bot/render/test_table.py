"""A page of rows, in the three ways that Slack can show it."""

from __future__ import annotations

import pytest

from bot.render import RunLinks
from bot.render.sheet import Page, Sheet, page, sheet
from bot.render.table import data_table, fixed_width, table_block
from tests.unit.bot.render.judge import in_blocks
from tests.unit.bot.render.results import BERLIN, RUN, numbers, table
from texttosql.flow import Cell, Column, ResultTable

LINKS = RunLinks("https://mlflow.example")


def paged(found: ResultTable, number: int = 0, links: RunLinks = LINKS) -> tuple[Sheet, Page]:
    written = sheet(found, BERLIN, links)
    return written, page(written, number)


def rich(found: ResultTable) -> list[list[dict[str, object]]]:
    shown = data_table(*paged(found), "t")
    assert shown is not None
    rows: list[list[dict[str, object]]] = shown.blocks[0]["rows"]
    return rows


@pytest.mark.parametrize(
    ("kind", "value", "cell"),
    [
        ("real", 0.93456, {"type": "raw_number", "value": 0.93456, "text": "0.9346"}),
        ("integer", 1204, {"type": "raw_number", "value": 1204, "text": "1,204"}),
        ("real", float("inf"), {"type": "raw_text", "text": "∞"}),
        ("real", -1.7976931348623157e308, {"type": "raw_text", "text": "−∞"}),
        ("real", float("nan"), {"type": "raw_text", "text": "NaN"}),
        ("real", None, {"type": "raw_text", "text": "–"}),
        ("text", "", {"type": "raw_text", "text": "–"}),
        ("text", " \u202e", {"type": "raw_text", "text": "–"}),
        ("text", "a\u202eb *c*", {"type": "raw_text", "text": "ab *c*"}),
        ("time", 1795176000000, {"type": "raw_text", "text": "2026-11-20 13:00"}),
    ],
)
def test_cells_read_as_everywhere_and_numbers_sort_as_numbers(
    kind: str, value: Cell, cell: dict[str, object]
) -> None:
    assert rich(table(f"run:text x:{kind}", [("a", value)]))[1][1] == cell


def test_a_run_id_is_short_and_leads_to_the_run() -> None:
    linked = rich(table("run:text run_id:text", [("a", RUN)]))[1][1]
    unlinked = table_block(*paged(table("run:text run_id:text", [("a", RUN)]), links=RunLinks()))

    link = {"type": "link", "url": f"https://mlflow.example/#/runs/{RUN}", "text": "01234567"}
    section = {"type": "rich_text_section", "elements": [link]}
    assert linked == {"type": "rich_text", "elements": [section]}
    assert unlinked is not None
    assert unlinked.blocks[0]["rows"][1][1] == {"type": "raw_text", "text": "01234567"}


def test_a_data_table_is_captioned_paged_and_names_its_rows() -> None:
    shown = data_table(*paged(table("auc:real run:text", [(0.9, "a"), (0.8, "b")])), "top runs")
    long = data_table(*paged(numbers(40)), "x" * 400)

    assert shown is not None
    assert long is not None
    assert shown.blocks[0]["caption"] == "Top runs"
    assert shown.blocks[0]["row_header_column_index"] == 1
    assert (shown.blocks[0]["page_size"], long.blocks[0]["page_size"]) == (2, 10)
    assert in_blocks(long.blocks) == []


def test_the_older_table_holds_99_rows_and_aligns_numbers() -> None:
    fits = table_block(*paged(numbers(99), links=RunLinks()))
    assert fits is not None
    assert in_blocks(fits.blocks) == []
    aligned = [column["align"] for column in fits.blocks[0]["column_settings"]]
    assert aligned == ["left", "right", "left"]
    assert table_block(*paged(numbers(100), links=RunLinks())) is None


def test_pages_cover_every_row_once_and_each_fits() -> None:
    rows = [(f"run-{i}", *["word " * (i % 12)] * 4) for i in range(500)]
    found = table("run:text a:text b:text c:text d:text", rows)
    written, seen = sheet(found, BERLIN, LINKS), []
    for number in range(30):
        one = page(written, number)
        if one.number < number:
            break
        shown = data_table(written, one, "t")
        assert shown is not None
        assert in_blocks(shown.blocks) == []
        seen += [row[0].text for row in one.rows]

    assert seen == [f"run-{i}" for i in range(500)]


def test_a_page_beyond_the_end_is_the_last_one() -> None:
    _, last = paged(numbers(150), 9, RunLinks())

    assert (last.number, last.first, len(last.rows), last.more) == (1, 100, 50, False)


def test_more_than_20_columns_lose_the_least_telling_ones_and_that_is_told() -> None:
    names = ["run:text", "status:text", "run_id:text", *(f"p{i}:text" for i in range(20))]
    written, one = paged(table(" ".join(names), [["x"] * 23]))
    shown = data_table(written, one, "t")

    assert shown is not None
    assert shown.left_out == ("status", "run_id", "p19")
    assert in_blocks(shown.blocks) == []


def test_long_texts_are_cut_and_that_is_told() -> None:
    cut, whole = paged(table("x:text", [("y" * 61,)])), paged(table("x:text", [("y" * 60,)]))

    assert [getattr(data_table(*one, "t"), "cut", None) for one in (cut, whole)] == [True, False]
    assert cut[1].rows[0][0].text == "y" * 59 + "…"


def test_no_rows_are_no_table() -> None:
    nothing = paged(table("run:text", []))

    assert data_table(*nothing, "t") is None
    assert table_block(*nothing) is None
    assert fixed_width(*nothing) is None


def test_fixed_width_text_is_in_columns() -> None:
    shown = fixed_width(*paged(table("run:text auc:real", [("a", 0.93456), ("bb", 0.5)])))

    assert shown is not None
    assert [block["text"]["text"] for block in shown.blocks] == [
        "```\nrun       auc\n-----  ------\na      0.9346\nbb        0.5\n```"
    ]


def test_fixed_width_text_repeats_its_header_and_loses_no_row() -> None:
    rows = [(f"run-{i}", "a note about it", "and another") for i in range(100)]
    shown = fixed_width(*paged(table("run:text note:text more:text", rows)))

    assert shown is not None
    texts = [block["text"]["text"] for block in shown.blocks]
    assert len(texts) > 1
    assert all(text.startswith("```\nrun ") for text in texts)
    assert sum(text.count("\nrun-") for text in texts) == 100
    assert in_blocks(shown.blocks) == []


def test_narrow_text_leaves_out_what_tells_least_and_cuts_cells_before_it_drops_others() -> None:
    columns = "run:text experiment:text auc:real user:text status:text note:text run_id:text"
    row = ("a-rather-long-run-name", "an-experiment", 0.5, "alice", "FINISHED", "n" * 50, RUN)
    shown = fixed_width(*paged(table(columns, [row])))

    assert shown is not None
    assert shown.left_out == ("status", "run_id")
    assert shown.cut
    assert max(map(len, shown.blocks[0]["text"]["text"].split("\n"))) <= 80


def test_wide_text_keeps_the_first_columns() -> None:
    columns = " ".join(f"metric_number_{i}:real" for i in range(15))
    shown = fixed_width(*paged(table(columns, [[0.5] * 15])))

    assert shown is not None
    assert shown.left_out[0] == "metric_number_4"
    assert len(shown.left_out) == 11


def test_columns_of_the_same_name_are_both_there() -> None:
    both = ResultTable((Column("x", "real"), Column("x", "real")), ((1.5, 2.5),), False, 1.0)

    assert [cell["text"] for cell in rich(both)[1]] == ["1.5", "2.5"]
