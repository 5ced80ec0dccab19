"""A reply as Slack messages, richest first: `render(reply, look)`.

Every tier says the whole of it (headline, assumptions, the page of rows, what was cut,
suggestions) and the next one says it by means that more of Slack accepts. The last is text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.render.asides import render_clarification, render_declined, render_error
from bot.render.blocks import Block, context, section
from bot.render.buttons import feedback, questions, tools, turning
from bot.render.chart import native_chart
from bot.render.ids import FOLLOW
from bot.render.message import NATIVE, Look, Message, Rendered
from bot.render.said import headline, links, provenance, remarks, text_only
from bot.render.sheet import ROWS, Page, Sheet, page, sheet
from bot.render.table import Shown, data_table, fixed_width, table_block
from bot.render.text import code_blocks, mrkdwn
from texttosql.chart.choose import choose_chart
from texttosql.errors import TextToSQLError
from texttosql.flow import Answer, Chart, ChartWish, Reply

_ROWS_UNPAGED = 50
"""A table that Slack's client does not page is as long in the channel as its rows."""
_SQL_BLOCKS = 10
_LADDER: tuple[frozenset[str], ...] = (
    frozenset(),
    frozenset({"data_visualization"}),
    frozenset({"data_visualization", "data_table"}),
    NATIVE,
)
"""One block type less each time, so that the first tier accepted tells which was refused."""


def render(reply: Reply, look: Look) -> Rendered:
    """The messages of a reply, whatever it is."""
    if reply.answer:
        return _rows(reply, reply.answer, look)
    if reply.clarification:
        return render_clarification(reply.clarification, reply.turn_id)
    if reply.declined:
        return render_declined(reply.declined, reply.turn_id)
    return render_error(reply, reply.error or TextToSQLError("There is no answer.", "Ask again."))


@dataclass(frozen=True, slots=True)
class _Parts:
    """What all tiers of an answer are made of. `page` is None where the headline says it all."""

    reply: Reply
    answer: Answer
    look: Look
    sheet: Sheet
    page: Page | None
    chart: Chart | None
    tools: tuple[Block, ...]


def _rows(reply: Reply, answer: Answer, look: Look) -> Rendered:
    written = sheet(answer.table, look.zone, look.links)
    shown = page(written, look.page, ROWS if "data_table" in look.native else _ROWS_UNPAGED)
    here, chart = replace(look, page=shown.number), _chart(answer, look)
    seen = None if _said_in_full(answer) else shown
    below = tools(answer, reply.turn_id, here, chart) if reply.turn_id else _sql(answer)
    parts = _Parts(reply, answer, here, written, seen, chart, tuple(below))
    return Rendered((*_tiers(parts), _text_tier(parts)), chart)


def _said_in_full(answer: Answer) -> bool:
    """No rows, or a single number: the headline has it already."""
    return not answer.table.rows or (len(answer.table.rows) == len(answer.table.columns) == 1)


def _chart(answer: Answer, look: Look) -> Chart | None:
    if look.chart == "auto":
        return answer.chart
    return choose_chart(answer.table, ChartWish(look.chart), answer.title)


def _tiers(parts: _Parts) -> list[Message]:
    """The layout under fewer and fewer block types; equal ones once."""
    native = parts.look.native
    text = mrkdwn(parts.answer.headline)
    tiers: list[Message] = []
    for lost in _LADDER:
        message = Message(text, tuple(_layout(parts, native - lost)))
        if message not in tiers:
            tiers.append(message)
    return tiers


def _text_tier(parts: _Parts) -> Message:
    small = provenance(parts.reply, parts.answer, parts.look, briefly=True)
    return Message(text_only(parts.answer, parts.sheet, parts.page, small))


def _layout(parts: _Parts, native: frozenset[str]) -> list[Block]:
    """From top to bottom: what is said, the rows, the picture, how it came about, what next."""
    answer, turn = parts.answer, parts.reply.turn_id
    return [
        section(headline(answer.headline)),
        *_table(parts, native),
        *_drawn(parts, native),
        context(provenance(parts.reply, answer, parts.look)),
        *parts.tools,
        *questions(answer.suggestions, FOLLOW, turn),
        *([feedback(turn, native="context_actions" in native)] if turn else []),
    ]


def _table(parts: _Parts, native: frozenset[str]) -> list[Block]:
    """The page in the best way there is, then what it leaves out, and the way to other pages."""
    if parts.page is None:
        return []
    shown, turn = _best(parts, parts.page, native), parts.reply.turn_id
    if shown is None:
        return []
    left_out = shown.left_out
    told = remarks(parts.answer, parts.page, left_out, cut=shown.cut, csv=turn is not None)
    small = [*([" ".join(told)] if told else []), *([] if _rich(shown) else links(parts.page))]
    ways = turning(parts.page, turn, parts.look) if turn else []
    return [*shown.blocks, *([context(*small)] if small else []), *ways]


def _best(parts: _Parts, seen: Page, native: frozenset[str]) -> Shown | None:
    if "data_table" in native and (rich := data_table(parts.sheet, seen, parts.answer.title)):
        return rich
    if "table" in native and (plainer := table_block(parts.sheet, seen)):
        return plainer
    return fixed_width(parts.sheet, seen)


def _rich(shown: Shown) -> bool:
    """Whether its cells can be links themselves."""
    return bool(shown.blocks[0]["type"] != "section")


def _drawn(parts: _Parts, native: frozenset[str]) -> list[Block]:
    if parts.chart is None or "data_visualization" not in native:
        return []
    block = native_chart(parts.chart, parts.answer.table, parts.look.zone)
    return [block] if block else []


def _sql(answer: Answer) -> list[Block]:
    """A turn that no journal keeps has no buttons: its SQL is written out."""
    return [section(text) for text in code_blocks(answer.sql)[:_SQL_BLOCKS]]
