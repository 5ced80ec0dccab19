"""A page of rows in Slack's three ways: a data table, a plain table, text of a fixed width.

Each gives what it shows with what it leaves out, or None when Slack would not take it: there is
always a plainer one to try, and the last takes any page that has rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.render.blocks import Block, section
from bot.render.sheet import CHARACTERS, LEAST_TELLING, ROWS, Page, Sheet, Written
from bot.render.text import SECTION, code_blocks, plain
from texttosql.format import shorten
from texttosql.words import capital

_CAPTION = 150
_AT_ONCE, _A_SCREEN = 15, 10
_WIDTH = 80
"""A code block in Slack's window is about this wide; longer lines wrap, and columns break."""
_CELL_WIDTHS = (40, 24, 16)


@dataclass(frozen=True, slots=True)
class Shown:
    """Blocks, the names of the columns that are not in them, and whether cells are cut."""

    blocks: tuple[Block, ...]
    left_out: tuple[str, ...]
    cut: bool


def data_table(sheet: Sheet, page: Page, caption: str) -> Shown | None:
    """Sortable, filtered and paged by Slack's client; a header and 1 to 100 rows."""
    if not page.rows or len(page.rows) > ROWS or _size(sheet, page) > CHARACTERS:
        return None
    block = {
        "type": "data_table",
        "caption": capital(plain(caption, _CAPTION)),
        "rows": [[_text(name) for name in sheet.names], *map(_typed_cells, page.rows)],
        "page_size": len(page.rows) if len(page.rows) <= _AT_ONCE else _A_SCREEN,
        "row_header_column_index": sheet.naming,
    }
    return Shown((block,), sheet.left_out, _any_cut(page))


def table_block(sheet: Sheet, page: Page) -> Shown | None:
    """Slack's older table: it neither sorts nor pages, and its header is one of 100 rows."""
    if not page.rows or len(page.rows) >= ROWS or _size(sheet, page) > CHARACTERS:
        return None
    aligned = [{"align": "right" if numeric else "left"} for numeric in sheet.numeric]
    header = [_text(name) for name in sheet.names]
    rows = [header, *([_cell(cell) for cell in row] for row in page.rows)]
    block = {"type": "table", "rows": rows, "column_settings": aligned}
    return Shown((block,), sheet.left_out, _any_cut(page))


def fixed_width(sheet: Sheet, page: Page) -> Shown | None:
    """Aligned text in code blocks, the header above each."""
    if not page.rows:
        return None
    text = aligned(sheet, page)
    blocks = (section(block) for block in code_blocks(text.rows, SECTION, text.header))
    return Shown(tuple(blocks), text.left_out, text.cut)


@dataclass(frozen=True, slots=True)
class Aligned:
    """Rows as lines of text under two lines of header, and what there was no room for."""

    header: str
    rows: str
    left_out: tuple[str, ...]
    cut: bool


def aligned(sheet: Sheet, page: Page) -> Aligned:
    """The page as text in columns."""
    from tabulate import tabulate  # noqa: PLC0415 - only who falls back to text pays for it

    kept, width = _fitting(sheet, page)
    names = [shorten(sheet.names[i], width) for i in kept]
    cells = [[shorten(row[i].text, width) for i in kept] for row in page.rows]
    sides = ["right" if sheet.numeric[i] else "left" for i in kept]
    lines = tabulate(cells, names, "simple", disable_numparse=True, colalign=sides).split("\n")
    left_out = tuple(name for i, name in enumerate(sheet.names) if i not in kept)
    return Aligned(
        header="\n".join(lines[:2]),
        rows="\n".join(lines[2:]),
        left_out=(*left_out, *sheet.left_out),
        cut=_any_cut(page) or any(len(row[i].text) > width for row in page.rows for i in kept),
    )


def _fitting(sheet: Sheet, page: Page) -> tuple[list[int], int]:
    """The columns that fit side by side and how wide each may be.

    What tells least goes first, then long cells are cut, and last the columns at the end go.
    """
    everything = list(range(len(sheet.names)))
    for width in _CELL_WIDTHS:
        kept = everything
        for least in ("", *LEAST_TELLING):
            kept = [i for i in kept if sheet.names[i] != least or len(kept) < 4]
            if _wide(sheet, page, kept, width) <= _WIDTH:
                return kept, width
    while len(kept) > 1 and _wide(sheet, page, kept, _CELL_WIDTHS[-1]) > _WIDTH:
        kept = kept[:-1]
    return kept, _CELL_WIDTHS[-1]


def _wide(sheet: Sheet, page: Page, kept: Sequence[int], width: int) -> int:
    cells = ([sheet.names[i], *(row[i].text for row in page.rows)] for i in kept)
    return sum(min(max(map(len, column)), width) + 2 for column in cells) - 2


def _any_cut(page: Page) -> bool:
    return any(cell.cut for row in page.rows for cell in row)


def _size(sheet: Sheet, page: Page) -> int:
    header = sum(len(name) for name in sheet.names)
    return header + sum(cell.size for row in page.rows for cell in row)


def _typed_cells(row: Sequence[Written]) -> list[Block]:
    return [_cell(cell) if cell.value is None else _number(cell) for cell in row]


def _number(cell: Written) -> Block:
    return {"type": "raw_number", "value": cell.value, "text": cell.text}


def _cell(cell: Written) -> Block:
    return _link(cell) if cell.url else _text(cell.text)


def _text(text: str) -> Block:
    return {"type": "raw_text", "text": text}


def _link(cell: Written) -> Block:
    link = {"type": "link", "url": cell.url, "text": cell.text}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [link]}]}
