"""The forms behind an answer's buttons: SQL that somebody edited, and what was wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App

from bot.clicks import entered, kept, team_of
from bot.inbox import Asked
from bot.listeners import learning
from bot.porch import Porch
from bot.render import ids
from bot.render.learned import THANKS, put_another_way
from bot.render.message import Message
from bot.render.text import mrkdwn
from bot.render.views import CHART
from bot.target import Target
from texttosql.flow import Turn

Json = Mapping[str, Any]
"""A Slack payload. `Any`: foreign JSON."""


def register(app: App, porch: Porch) -> None:
    """Hear the forms' submissions."""

    @app.view(ids.EDIT_VIEW)
    def edited(ack: Ack, body: Json, view: Json) -> None:
        sql = str(entered(view).get(ids.EDIT_INPUT) or "").strip()
        note = kept(view)
        turn = porch.office.journal.turn(str(note.get("t") or ""))
        if turn is None:
            ack(
                response_action="errors",
                errors={ids.EDIT_INPUT: "The answer this belongs to is gone."},
            )
            return
        refused = porch.office.check_sql(turn.store, sql)
        if refused is not None:
            ack(
                response_action="errors",
                errors={ids.EDIT_INPUT: f"{refused.what} {refused.fix}"[:2000]},
            )
            return
        porch.inbox.take(_edited(body, view, note, turn, sql))
        ack()

    @app.view(ids.FEEDBACK_VIEW)
    def wrong(ack: Ack, body: Json, view: Json) -> None:
        given, user = entered(view), str(body["user"]["id"])
        parts = (given.get(ids.FEEDBACK_KIND), given.get(ids.FEEDBACK_READING))
        correction = ": ".join(str(part) for part in parts if part)
        turn_id = str(kept(view).get("t") or "")
        porch.office.journal.note_feedback(turn_id, "down", user, correction or None)
        ack()
        _thank(porch, body, view, user)


def _thank(porch: Porch, body: Json, view: Json, user: str) -> None:
    """What a thumb down took back, to who gave it; and their own reading, to be asked."""
    note, given = kept(view), entered(view)
    turn_id, channel, thread_ts = str(note["t"]), note.get("channel"), note.get("thread_ts")
    about_chart = given.get(ids.FEEDBACK_KIND) == CHART
    said = Message(THANKS) if about_chart else learning.forgotten(porch, turn_id, user)
    reading = str(given.get(ids.FEEDBACK_READING) or "").strip()
    if reading and not about_chart:
        said = put_another_way(said.text, turn_id, reading, thread_ts)
    if channel:
        porch.delivery.whisper(Target(team_of(body), channel, thread_ts), user, said)


def _edited(body: Json, view: Json, note: Json, turn: Turn, sql: str) -> Asked:
    user = str(body["user"]["id"])
    title = turn.draft.title if turn.draft else turn.question
    asked = Asked(
        key=f"view:{view['id']}",
        user=user,
        target=Target(team_of(body), note["channel"], note["thread_ts"]),
        text=turn.question,
        kind="sql",
        follows=turn.id,
        lead=f"<@{user}> edited the SQL of: {mrkdwn(turn.question, 300)}",
        response_url=note.get("url"),
    )
    return replace(asked, more={"sql": sql, "title": title})
