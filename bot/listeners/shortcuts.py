"""A message's menu, "Ask about this": a form opens with its words as the question."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App

from bot import said
from bot.clicks import entered, kept, team_of
from bot.inbox import Asked
from bot.porch import Porch
from bot.render.text import mrkdwn
from bot.target import Target

Json = Mapping[str, Any]
"""A Slack payload. `Any`: foreign JSON."""

ASK_ABOUT = "ask_about"
_LONGEST = 3_000


def register(app: App, porch: Porch) -> None:
    """Hear the shortcut and its form."""

    @app.message_shortcut(ASK_ABOUT)
    def ask_about(ack: Ack, body: Json) -> None:
        ack()
        porch.delivery.open_view(team_of(body), str(body["trigger_id"]), _form(body))

    @app.view(ASK_ABOUT)
    def asked_about(ack: Ack, body: Json, view: Json) -> None:
        text = str(entered(view).get("question") or "").strip()
        if not text:
            ack(response_action="errors", errors={"question": "What would you like to know?"})
            return
        note, user = kept(view), str(body["user"]["id"])
        target = Target(team_of(body), note["channel"], note["thread_ts"])
        lead = f"<@{user}> asked: {mrkdwn(text, 500)}"
        porch.inbox.take(Asked(f"view:{view['id']}", user, target, text, lead=lead))
        ack()


def _form(body: Json) -> dict[str, Any]:  # Any: a Slack view
    message: Json = body.get("message") or {}
    words = said.words(str(message.get("text") or ""), None, lambda user: user)[:_LONGEST]
    note = {
        "channel": body["channel"]["id"],
        "thread_ts": message.get("thread_ts") or message.get("ts"),
    }
    question = {
        "type": "plain_text_input", "action_id": "question", "multiline": True,
        "max_length": _LONGEST, **({"initial_value": words} if words else {}),
    }  # fmt: skip
    return {
        "type": "modal",
        "callback_id": ASK_ABOUT,
        "private_metadata": json.dumps(note),
        "title": {"type": "plain_text", "text": "Ask about this"},
        "submit": {"type": "plain_text", "text": "Ask"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": [
            {
                "type": "input",
                "block_id": "question",
                "label": {"type": "plain_text", "text": "Your question"},
                "hint": {
                    "type": "plain_text",
                    "text": "The answer goes into this message's thread.",
                },
                "element": question,
            }
        ],
    }
