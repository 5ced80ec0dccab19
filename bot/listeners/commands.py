"""`/ask`: a question from anywhere in Slack, answered where it was asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App

from bot import said
from bot.inbox import Asked
from bot.porch import Porch
from bot.render.text import mrkdwn
from bot.target import Target

Json = Mapping[str, Any]
"""A Slack payload. `Any`: foreign JSON."""

ASK = "/ask"
_HELP = """\
*`/ask` answers a question about your MLflow experiments.* For example:
• `/ask top 5 runs by val_accuracy`
• `/ask how many runs failed last week?`
• `/ask average f1 by user, as a bar chart`
Reply in the answer's thread to refine it: _only the failed ones_, _what about recall?_
`/templates` has saved questions, `/history` earlier ones, `/migration` a move to MySQL."""


def register(app: App, porch: Porch) -> None:
    """Hear `/ask`."""

    @app.command(ASK)
    def ask(ack: Ack, body: Json) -> None:
        text = said.words(str(body.get("text") or ""), None, lambda user: user)
        if text.lower() in {"", "help", "?"}:
            ack(text=_HELP)
            return
        porch.inbox.take(_asked(body, text))
        ack()


def _asked(body: Json, text: str) -> Asked:
    user = str(body["user_id"])
    return Asked(
        key=f"command:{body['trigger_id']}",
        user=user,
        target=Target(str(body.get("team_id") or ""), str(body["channel_id"])),
        text=text,
        root=True,
        lead=f"<@{user}> asked: {mrkdwn(text, 500)}",
        response_url=body.get("response_url"),
    )
