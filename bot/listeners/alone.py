"""What one person alone is told: lists and short sentences, at the address Slack gave for it."""

from __future__ import annotations

from bot.porch import Porch
from bot.render.message import Message


def answer(porch: Porch, url: str | None, message: Message, *, replace: bool = False) -> bool:
    """Show a message to who clicked or commanded; in words alone where Slack takes no blocks.

    `replace`: it takes the place of the message that was clicked.
    """
    if url is None:
        return False
    wish = {"replace_original": replace}
    for form in (message, Message(message.text)):
        if porch.delivery.respond(url, form, response_type="ephemeral", **wish):
            return True
    return False
