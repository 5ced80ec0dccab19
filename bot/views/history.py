"""`/history` as a list: what was asked, when, how it ended, and what to do with it now."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.render import ids
from bot.render.blocks import Block, actions, button, packed, section
from bot.render.message import Message
from bot.render.text import SECTION, mrkdwn
from texttosql.flow import Outcome, Turn
from texttosql.words import many

AGAIN = "history_again"
OPEN = "history_open"
NEWER = "history_newer"
OLDER = "history_older"

PAGE = 5
"""Questions shown at once: a list that only its reader sees should not fill the screen."""
FARTHEST = 500
"""The questions back to which one can turn pages; beyond them, search."""

Which = Literal["mine", "channel", "search"]

HELP = """\
*`/history` finds questions that were asked before.*
• `/history` lists yours
• `/history channel` lists this channel's
• `/history search val_accuracy fraud` finds those with all these words, yours and this channel's
• `/history usage` tells what you and this channel spent on Claude, and what is left today
What you asked in a direct message is shown to you alone."""

_ENDED: dict[Outcome | None, str] = {
    "rows": "✅ answered", "clarify": "❔ asked back", "refuse": "🚫 declined",
    "error": "⚠️ failed", None: "⏳ not finished",
}  # fmt: skip
_HEADS: dict[Which, str] = {
    "mine": "*Your questions*",
    "channel": "*This channel's questions*",
    "search": "*Questions about* {words}",
}
_NONE: dict[Which, str] = {
    "mine": "You haven't asked anything yet. Try `/ask how many runs failed last week?`",
    "channel": "Nobody asked anything here yet. Try `/ask how many runs failed last week?`",
    "search": "No question of yours or of this channel has all these words: {words}.",
}
_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_QUESTION, _HEADLINE, _WORDS = 900, 500, 200


@dataclass(frozen=True, slots=True)
class Seen:
    """A page of questions for `user`. `links` has the addresses of threads, by turn id."""

    which: Which
    user: str
    turns: Sequence[Turn]
    page: int = 0
    more: bool = False
    words: str = ""
    links: Mapping[str, str] = field(default_factory=dict)


def listing(seen: Seen) -> Message:
    """The page as a message; its text alone says the same in short."""
    head = _head(seen)
    text = head
    for turn in seen.turns:
        line = f"\n• {mrkdwn(turn.question, _WORDS)} ({_ENDED[turn.outcome]})"
        text += line if len(text) + len(line) <= SECTION else ""
    rows = [block for turn in seen.turns for block in _row(turn, seen)]
    return Message(text, (section(head), *rows, *_turning(seen)))


def said(turn: Turn, by: str | None = None) -> str:
    """A question and how it ended, in three lines; `by` names the asker."""
    parts = [f"*{moment(turn)}*", _ended(turn), *([by] if by else [])]
    lines = [" · ".join(parts), mrkdwn(turn.question, _QUESTION)]
    if turn.headline:
        lines.append(f"↳ {mrkdwn(turn.headline, _HEADLINE)}")
    return "\n".join(lines)


def moment(turn: Turn) -> str:
    """When it was asked, in the reader's own time zone: Slack's client writes it."""
    when = int(turn.asked_at.timestamp())
    return f"<!date^{when}^{{date_short_pretty}}, {{time}}|{turn.asked_at:%Y-%m-%d %H:%M} UTC>"


def _ended(turn: Turn) -> str:
    ended = _ENDED[turn.outcome]
    return f"{ended}, {many(turn.row_count, 'rows')}" if turn.outcome == "rows" else ended


def _head(seen: Seen) -> str:
    told = _HEADS if seen.turns else _NONE
    head = told[seen.which].replace("{words}", mrkdwn(seen.words, _WORDS) if seen.words else "")
    if seen.page and seen.turns:
        first = seen.page * PAGE + 1
        head = f"{head} · {first}–{first + len(seen.turns) - 1}"
    return head


def _row(turn: Turn, seen: Seen) -> list[Block]:
    by = None if seen.which == "mine" else _asker(turn)
    return [section(said(turn, by)), actions([*_buttons(turn, seen.links.get(turn.id))])]


def _asker(turn: Turn) -> str | None:
    """A mention in a message that one person sees pings nobody."""
    if turn.asked_by is None:
        return None
    return f"<@{turn.asked_by}>" if _USER.fullmatch(turn.asked_by) else mrkdwn(turn.asked_by, 80)


def _buttons(turn: Turn, link: str | None) -> list[Block]:
    return [
        again_button(turn),
        *([button("Open thread", OPEN, packed(t=turn.id)) | {"url": link}] if link else []),
        button("Save as template", ids.SAVE_TEMPLATE, packed(t=turn.id)),
    ]


def again_button(turn: Turn) -> Block:
    """Asks the question once more."""
    return button("Run again", AGAIN, packed(t=turn.id))


def _turning(seen: Seen) -> list[Block]:
    def to(page: int) -> str:
        return packed(which=seen.which, page=page, words=seen.words or None)

    older = seen.more and (seen.page + 2) * PAGE <= FARTHEST
    row = [
        *([button("‹ Newer", NEWER, to(seen.page - 1))] if seen.page else []),
        *([button("Older ›", OLDER, to(seen.page + 1))] if older else []),
    ]
    return [actions(row)] if row else []
