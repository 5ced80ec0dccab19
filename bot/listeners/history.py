"""`/history`: what was asked before, told only to who may know it; and what somebody likes.

A question asked in a direct message is its asker's alone: a channel's list is of that channel,
and a search finds the asker's own questions and those of the channel it is made in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App

from bot import said
from bot.clicks import Click, read_click
from bot.inbox import Asked
from bot.listeners import usage
from bot.listeners.alone import answer
from bot.porch import Porch
from bot.render import ids
from bot.render.message import Message
from bot.render.text import escape, mrkdwn
from bot.target import Target
from bot.views import history
from bot.views.history import PAGE, Seen, Which
from texttosql.flow import Turn

Json = Mapping[str, Any]
"""A Slack payload. `Any`: foreign JSON."""

COMMAND = "/history"
_LONGEST_SEARCH = 200


def register(app: App, porch: Porch) -> None:
    """Hear the command, its list's buttons, and the star under an answer."""
    desk = _Desk(porch)
    app.command(COMMAND)(desk.command)
    app.action(history.NEWER)(desk.turn)
    app.action(history.OLDER)(desk.turn)
    app.action(history.AGAIN)(desk.again)
    app.action(history.OPEN)(_opened)
    app.action(ids.FAVOURITE)(desk.favourite)


def asked_again(porch: Porch, key: str, user: str, turn: Turn, here: Target) -> Asked:
    """The same question, as a new one: here, or in its own thread.

    A question that went on from another means nothing elsewhere, and one to another store would
    be answered by the wrong one.
    """
    own = thread_of(turn)
    elsewhere = turn.follows is not None or turn.store != porch.settings.store_for(here.channel)
    stays = own is not None and elsewhere
    target = own if own is not None and elsewhere else here
    written = turn.draft is not None and turn.draft.engine == "sql"
    return Asked(
        key=key,
        user=user,
        target=target,
        text=turn.question,
        kind="sql" if written else "ask",
        follows=turn.follows if stays else None,
        root=target.thread_ts is None,
        lead=f"<@{user}> asked again: {mrkdwn(turn.question, 500)}",
        more={"sql": turn.draft.sql, "title": turn.draft.title} if turn.draft and written else {},
    )


def thread_of(turn: Turn) -> Target | None:
    """The thread that a question was asked in; None for one that was not asked in Slack."""
    parts = (turn.thread or "").split("/")
    return Target(*parts) if len(parts) == 3 and all(parts) else None


def _opened(ack: Ack) -> None:
    """Slack's client opens the link itself; the click wants no more than to be heard."""
    ack()


class _Desk:
    def __init__(self, porch: Porch) -> None:
        self._porch = porch

    def command(self, ack: Ack, body: Json) -> None:
        """`/history`, and after it: channel, search fraud, usage, help."""
        words = said.words(str(body.get("text") or ""), None, lambda user: user)
        if words.lower() in {"help", "?"}:
            ack(text=history.HELP)
            return
        ack()
        target = Target(str(body.get("team_id") or ""), str(body["channel_id"]))
        user = str(body["user_id"])
        if words.lower() == "usage":
            shown = usage.told(self._porch, user, target)
        else:
            shown = history.listing(self._seen(*_meant(words), user, target, 0))
        answer(self._porch, body.get("response_url"), shown)

    def turn(self, ack: Ack, body: Json) -> None:
        """Another page of the list, in its place."""
        ack()
        click = read_click(body)
        which: Which = click.value["which"]
        words, page = str(click.value.get("words") or ""), int(click.value["page"])
        seen = self._seen(which, words, click.user, click.target, page)
        answer(self._porch, click.response_url, history.listing(seen), replace=True)

    def _seen(self, which: Which, words: str, user: str, target: Target, page: int) -> Seen:
        filters: dict[Which, Mapping[str, Any]] = {  # Any: the filters' own types differ
            "mine": {"asked_by": user},
            "channel": {"place": target.place},
            "search": {"visible_to": (user, target.place), "words": words},
        }
        first = page * PAGE
        found = self._porch.office.journal.history(**filters[which], limit=first + PAGE + 1)
        turns = found[first : first + PAGE]
        return Seen(which, user, turns, page, len(found) > first + PAGE, words, self._links(turns))

    def _links(self, turns: tuple[Turn, ...]) -> dict[str, str]:
        """Addresses of the threads, as far as Slack gives them."""
        links: dict[str, str] = {}
        for turn in turns:
            thread = thread_of(turn)
            link = self._link(thread) if thread else None
            if link is not None:
                links[turn.id] = link
        return links

    def _link(self, thread: Target) -> str | None:
        return self._porch.delivery.permalink(thread.team, thread.channel, thread.thread_ts or "")

    def again(self, ack: Ack, body: Json) -> None:
        """A question of the list once more, as a new message in the channel."""
        click = read_click(body)
        turn = self._turn(click)
        if turn is None:
            ack()
            return
        here = Target(click.team, click.channel, click.thread_ts)
        asked = asked_again(self._porch, f"click:{click.trigger_id}", click.user, turn, here)
        self._porch.inbox.take(asked)
        ack()
        if asked.target != here:
            link = self._link(asked.target)
            where = f"<{escape(link)}|its own thread>" if link else "its own thread"
            answer(self._porch, click.response_url, Message(f"The answer comes in {where}."))

    def favourite(self, ack: Ack, body: Json) -> None:
        """Keep an answer's question at hand, or no longer."""
        click = read_click(body)
        turn = self._turn(click)
        ack()
        if turn is None:
            return
        kept = toggle(self._porch, click.user, turn)
        text = (
            "★ Kept: you'll find this question in my Home tab."
            if kept
            else "☆ No longer a favourite."
        )
        if not answer(self._porch, click.response_url if click.ephemeral else None, Message(text)):
            self._porch.delivery.whisper(click.below, click.user, Message(text))

    def _turn(self, click: Click) -> Turn | None:
        return self._porch.office.journal.turn(str(click.value.get("t") or ""))


def toggle(porch: Porch, user: str, turn: Turn) -> bool:
    """Whether the question is one of the user's favourites now. Raises JournalError."""
    favourites = porch.office.favourites
    if any((each.text, each.store) == (turn.question, turn.store) for each in favourites.of(user)):
        favourites.remove(user, turn.question, turn.store)
        return False
    favourites.add(user, turn.question, turn.store, turn.id)
    return True


def _meant(words: str) -> tuple[Which, str]:
    """The list that was asked for; words that name none are searched for."""
    verb, _, rest = words.partition(" ")
    if words.lower() in {"", "mine", "me"}:
        return "mine", ""
    if words.lower() in {"channel", "here"}:
        return "channel", ""
    return "search", (rest if verb.lower() == "search" and rest else words)[:_LONGEST_SEARCH]
