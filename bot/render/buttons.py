"""The rows of buttons under an answer. A button's value names the turn and the look it asks for."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render import ids
from bot.render.blocks import (
    LABEL,
    VALUE,
    Block,
    actions,
    button,
    context,
    option,
    packed,
    words,
)
from bot.render.message import Look
from bot.render.sheet import Page
from bot.render.text import mrkdwn
from texttosql.chart.choose import choose_chart
from texttosql.flow import Answer, Chart, ChartKind, ChartWish
from texttosql.format import clean

_WRITTEN_OUT = 1000
_KINDS: dict[ChartKind, str] = {
    "bar": "Bar chart", "line": "Line chart", "scatter": "Scatter plot", "histogram": "Histogram",
}  # fmt: skip


def tools(answer: Answer, turn: str, look: Look, chart: Chart | None) -> list[Block]:
    """What can be done with an answer: its SQL, a file, a word on it, a chart, again, kept."""
    own = _look(turn, look)
    first = [
        button("Show SQL", ids.SHOW_SQL, packed(t=turn)),
        button("Edit SQL", ids.EDIT_SQL, packed(t=turn)),
        *([button("CSV", ids.CSV, packed(t=turn))] if answer.table.rows else []),
        *([button("Explain", ids.EXPLAIN, packed(t=turn))] if _explainable(answer, look) else []),
        *_chart_choice(answer, turn, look, chart),
    ]
    star = ("★ Favourite", False) if look.saved else ("☆ Favourite", True)
    second = [
        button("↻ Refresh", ids.REFRESH, own),
        button("Save as template", ids.SAVE_TEMPLATE, packed(t=turn)),
        button(star[0], ids.FAVOURITE, packed(t=turn, on=star[1])),
    ]
    return [actions(first), actions(second)]


def _explainable(answer: Answer, look: Look) -> bool:
    """A single number says all that there is to say."""
    table = answer.table
    return look.explains and len(table.rows) * len(table.columns) > 1


def turning(page: Page, turn: str, look: Look) -> list[Block]:
    """Buttons to the pages before and after, where there are any."""
    before = button("‹ Previous", ids.PAGE_PREV, _look(turn, look, page=page.number - 1))
    after = button("Next ›", ids.PAGE_NEXT, _look(turn, look, page=page.number + 1))
    row = [*([before] if page.number else []), *([after] if page.more else [])]
    return [actions(row)] if row else []


def questions(texts: Sequence[str], names: Sequence[str], turn: str | None) -> list[Block]:
    """Questions to be asked by a click; one too long for its button is written out above."""
    asked = [(clean(text), name) for text, name in zip(texts, names, strict=False)]
    long = [text for text, _ in asked if len(text) > LABEL]
    valued = [(text, name, packed(t=turn, q=text)) for text, name in asked]
    row = [button(text, name, value) for text, name, value in valued if len(value) <= VALUE]
    above = [context(*(mrkdwn(text, _WRITTEN_OUT) for text in long))] if long else []
    return [*above, *([actions(row)] if row else [])]


def feedback(turn: str, *, native: bool) -> Block:
    """👍 and 👎, as Slack's own pair or as two buttons."""
    up, down = packed(t=turn, v="up"), packed(t=turn, v="down")
    if not native:
        row = [button("👍", ids.FEEDBACK_UP, up), button("👎", ids.FEEDBACK_DOWN, down)]
        return actions(row)
    pair = {
        "type": "feedback_buttons",
        "action_id": ids.FEEDBACK,
        "positive_button": _thumb("👍", "This answer is right", up),
        "negative_button": _thumb("👎", "Something is wrong with this answer", down),
    }
    return {"type": "context_actions", "elements": [pair]}


def _thumb(sign: str, label: str, value: str) -> Block:
    return {"text": words(sign), "accessibility_label": label[:LABEL], "value": value}


def _look(turn: str, look: Look, *, page: int | None = None, chart: str | None = None) -> str:
    """The look as it is but for what is named; what is as usual goes unsaid."""
    number = look.page if page is None else page
    kind = chart or look.chart
    return packed(t=turn, page=number or None, chart=kind if kind != "auto" else None)


def _chart_choice(answer: Answer, turn: str, look: Look, chart: Chart | None) -> list[Block]:
    """A menu of the charts that this result can be drawn as; none where there is none."""
    kinds = [kind for kind in _KINDS if _drawable(answer, kind)]
    if not kinds:
        return []
    choices: dict[str, Block] = {
        "auto": option("Chart: automatic", _look(turn, look, chart="auto")),
        **{kind: option(_KINDS[kind], _look(turn, look, chart=kind)) for kind in kinds},
        "none": option("No chart", _look(turn, look, chart="none")),
    }
    shown = look.chart if look.chart in {"auto", "none"} else chart.kind if chart else "none"
    menu = {
        "type": "static_select",
        "action_id": ids.CHART_TYPE,
        "placeholder": words("Chart type"),
        "options": list(choices.values()),
        "initial_option": choices[shown],
    }
    return [menu]


def _drawable(answer: Answer, kind: ChartKind) -> bool:
    made = choose_chart(answer.table, ChartWish(kind), answer.title)
    return made is not None and made.kind == kind
