"""The buttons under an answer: each click is acknowledged at once and worked on elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App

from bot.clicks import Click, read_click
from bot.inbox import Asked
from bot.listeners import alone, learning
from bot.porch import Porch
from bot.render import ids
from bot.render.message import Message
from bot.render.text import code, code_block, mrkdwn
from bot.render.views import edit_view, feedback_view, sql_view
from texttosql.errors import TextToSQLError
from texttosql.flow import Turn, Verdict
from texttosql.rescue import rescued

Json = Mapping[str, Any]
"""A Slack payload. `Any`: foreign JSON."""

Act = Callable[[Porch, Click, Turn], None]

_GONE = "The answer this belongs to is gone from my journal. Ask its question again."
_EXPLAINED = "This was asked a moment ago: look in the answer's thread, or try again in a minute."
_TOO_LATE = "I could not open a window in time. Click again."


def register(app: App, porch: Porch) -> None:
    """Hear every button that `render.answer` makes."""
    buttons: dict[str, Act] = {
        ids.SHOW_SQL: _show_sql,
        ids.EDIT_SQL: _edit_sql,
        ids.CSV: _csv,
        ids.EXPLAIN: _explain,
        ids.CHART_TYPE: _redraw,
        ids.PAGE_PREV: _redraw,
        ids.PAGE_NEXT: _redraw,
        ids.REFRESH: _again,
        ids.RETRY: _again,
        ids.FORGET: learning.forget,
        ids.ADOPT: learning.adopt,
        ids.READING: learning.ask_reading,
    }
    buttons |= dict.fromkeys((ids.FEEDBACK, ids.FEEDBACK_UP, ids.FEEDBACK_DOWN), _feedback)
    buttons |= dict.fromkeys(ids.FOLLOW, _follow)
    buttons |= dict.fromkeys(ids.SUGGEST, _follow)
    buttons |= dict.fromkeys(ids.OPTION, _choose)
    for action_id, act in buttons.items():
        app.action(action_id)(_hearing(porch, act))


def _hearing(porch: Porch, act: Act) -> Callable[..., None]:
    """A listener. What opens a window or asks for a name calls Slack, which may be slow: ack first.

    All others only note what is to be done; that is on disk when the click is acknowledged.
    """

    def heard(ack: Ack, body: Json) -> None:
        click = read_click(body)
        if act in _CALLING:
            ack()
        try:
            rescued(lambda: _answered(porch, act, click))
        except TextToSQLError as error:
            ack()
            # Slack brings a click only once: who clicked has to hear of it now.
            _tell(porch, click, Message(_sentence(error)))
        ack()

    return heard


def _answered(porch: Porch, act: Act, click: Click) -> None:
    turn = porch.office.journal.turn(str(click.value.get("t") or ""))
    if turn is None:
        _tell(porch, click, Message(_GONE))
    else:
        act(porch, click, turn)


def _sentence(error: TextToSQLError) -> str:
    reference = f" Reference {code(error.reference, 50)}" if error.reference else ""
    return f"{mrkdwn(f'{error.what} {error.fix}')}{reference}"


def _tell(porch: Porch, click: Click, message: Message) -> None:
    """Say something to who clicked alone."""
    if click.ephemeral or not porch.delivery.whisper(click.below, click.user, message):
        alone.answer(porch, click.response_url, message)


def _show_sql(porch: Porch, click: Click, turn: Turn) -> None:
    """In a window; without one, where only the clicker sees it."""
    if turn.draft is None:
        return
    sql = turn.draft.sql
    view = sql_view(sql, "", porch.office.dialect(turn.store))
    if porch.delivery.open_view(click.team, click.trigger_id, view) is None:
        _tell(porch, click, Message(code_block(sql)))


def _edit_sql(porch: Porch, click: Click, turn: Turn) -> None:
    if turn.draft is None:
        return
    below, url = click.below, click.response_url if click.ephemeral else None
    view = edit_view(turn.draft.sql, turn.id, below.channel, below.thread_ts, url)
    if porch.delivery.open_view(click.team, click.trigger_id, view) is None:
        _tell(porch, click, Message(_TOO_LATE))


def _csv(porch: Porch, click: Click, turn: Turn) -> None:
    porch.inbox.take(_clicked(click, "csv", turn, replace(click.below, message_ts=None)))


def _explain(porch: Porch, click: Click, turn: Turn) -> None:
    """What the rows show, below; the first click of a minute counts, whoever clicks.

    It also claims the minute after: two clicks with less than a minute between them cost once. A
    click that came too early claims nothing, so that the next one is not too early for it.
    """
    minute = int(time.time()) // 60
    if not porch.inbox.first_time(f"explain:{turn.id}:{minute}"):
        _tell(porch, click, Message(_EXPLAINED))
        return
    porch.inbox.first_time(f"explain:{turn.id}:{minute + 1}")
    asked = _clicked(click, "explain", turn, click.below)
    # What one person alone was shown is explained to them alone.
    porch.inbox.take(replace(asked, lead=None, quiet=click.ephemeral))


def _redraw(porch: Porch, click: Click, turn: Turn) -> None:
    """Another page, or another chart, in place."""
    porch.inbox.take(_clicked(click, "replay", turn, click.target, more=dict(click.value)))


def _again(porch: Porch, click: Click, turn: Turn) -> None:
    """The same question once more, in the same message: it stays the same turn."""
    porch.inbox.take(_clicked(click, "again", turn, click.target))


def _follow(porch: Porch, click: Click, turn: Turn) -> None:
    """A suggested question, below; nobody typed it, so the answer says who asked what."""
    text = str(click.value.get("q") or "")
    lead = f"<@{click.user}> asked: {mrkdwn(text, 500)}"
    asked = _clicked(click, "ask", turn, click.below)
    porch.inbox.take(replace(asked, turn=None, text=text, follows=turn.id, lead=lead))


def _choose(porch: Porch, click: Click, turn: Turn) -> None:
    """One of the readings of an unclear question: its answer takes the question's place."""
    place = int(click.value.get("i") or 0)
    if place >= len(turn.options):
        return
    option = turn.options[place]
    chosen_by = f"<@{click.user}> chose: {mrkdwn(option.label, 500)}"
    asked = _clicked(click, "ask", turn, click.target)
    chosen = replace(
        asked,
        key=f"option:{turn.id}",  # two people choose at once: the first one counts
        turn=None,
        text=option.question,
        follows=turn.id,
        lead="\n".join([*([click.lead] if click.lead else []), chosen_by]),
    )
    porch.inbox.take(chosen)


def _feedback(porch: Porch, click: Click, turn: Turn) -> None:
    """A thumb down asks what was wrong; without a window to ask in, it still counts."""
    verdict: Verdict = "down" if click.value.get("v") == "down" else "up"
    if verdict == "down":
        below = click.below
        view = feedback_view(turn.id, below.channel, below.thread_ts)
        if porch.delivery.open_view(click.team, click.trigger_id, view) is not None:
            return
    porch.office.journal.note_feedback(turn.id, verdict, click.user)
    _tell(porch, click, learning.thanked(porch, click, turn, verdict))


_CALLING: frozenset[Act] = frozenset(
    {_show_sql, _edit_sql, _feedback, learning.adopt, learning.forget}
)


def _clicked(click: Click, kind: str, turn: Turn, target: Any, more: Json | None = None) -> Asked:
    return Asked(
        key=f"click:{click.trigger_id}",
        user=click.user,
        target=target,
        text=turn.question,
        kind=kind,
        turn=turn.id,
        lead=click.lead,
        response_url=click.response_url if click.ephemeral else None,
        more=more or {},
    )
