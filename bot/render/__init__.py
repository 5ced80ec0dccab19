"""Values in, Slack payloads out; no client, clock or file. `render(reply, look)` is the door."""

from __future__ import annotations

from bot.render.answer import render
from bot.render.asides import working
from bot.render.csv import csv_bytes
from bot.render.links import RunLinks
from bot.render.message import NATIVE, Look, Message, Rendered
from bot.render.views import edit_view, feedback_view, sql_view

__all__ = [
    "NATIVE", "Look", "Message", "Rendered", "RunLinks",
    "csv_bytes", "edit_view", "feedback_view", "render", "sql_view", "working",
]  # fmt: skip
