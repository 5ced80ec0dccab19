"""`/templates`: saved questions as a list, and run with values from the live catalog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App

from bot import said
from bot.clicks import entered, kept, read_click
from bot.inbox import Asked
from bot.listeners.alone import answer
from bot.porch import Porch
from bot.render.message import Message
from bot.render.said import bold
from bot.render.text import mrkdwn
from bot.target import Target
from bot.views import forms, templates
from bot.views.forms import Note
from bot.views.templates import Shelf
from texttosql.errors import TextToSQLError
from texttosql.templates import Template, fill, parameters, values_for

Json = Mapping[str, Any]
"""A Slack payload. `Any`: foreign JSON."""

COMMAND = "/templates"
TOO_LATE = "That took too long for Slack to open the form. Please try it once more."
GONE = "This template is not there any more."


def register(app: App, porch: Porch) -> None:
    """Hear the command, the list's buttons and the form that asks for values."""
    desk = _Desk(porch)
    app.command(COMMAND)(desk.command)
    app.action(templates.BACK)(desk.turn)
    app.action(templates.ON)(desk.turn)
    app.action(templates.RUN)(desk.run)
    app.view(forms.RUN_VIEW)(desk.filled)
    for kind in forms.KINDS:
        app.options(forms.action_of(kind))(desk.choices)


def shelf(porch: Porch, user: str, target: Target, words: str = "", page: int = 0) -> Shelf:
    """The templates that somebody sees in a channel. Raises JournalError."""
    found = porch.office.templates.visible_to(user, target.place, target.team)
    return Shelf(found, user, words, page, shareable=not target.direct)


def start(porch: Porch, ack: Ack, template: Template, wish: Asked, trigger_id: str) -> bool:
    """Run a template where `wish` says, or ask for its values first.

    False when it was too late for the form.
    """
    wanted = parameters(template.text)
    if not wanted:
        porch.inbox.take(_asked(wish, template, fill(template.text, {})))
        ack()
        return True
    ack()
    where = wish.target
    note = Note(where.team, where.channel, where.thread_ts, template.id, wish.response_url)
    form = forms.run_form(template, wanted, note)
    return porch.delivery.open_view(where.team, trigger_id, form) is not None


def _asked(wish: Asked, template: Template, question: str) -> Asked:
    lead = f"<@{wish.user}> ran {bold(template.name, 200)}: {mrkdwn(question, 500)}"
    return replace(wish, text=question, lead=lead)


def wished(key: str, user: str, target: Target, response_url: str | None) -> Asked:
    """Outside a thread the answer begins one; where the app is not, it goes to the asker alone."""
    root = target.thread_ts is None
    return Asked(key, user, target, root=root, response_url=response_url if root else None)


class _Desk:
    def __init__(self, porch: Porch) -> None:
        self._porch = porch

    def command(self, ack: Ack, body: Json) -> None:
        """`/templates`, `/templates run best runs`, `/templates drift`, `/templates help`."""
        words = said.words(str(body.get("text") or ""), None, lambda user: user)
        verb, _, rest = words.partition(" ")
        if words.lower() in {"help", "?"}:
            ack(text=templates.HELP)
        elif verb.lower() == "run" and rest:
            self._run_called(ack, body, rest)
        else:
            ack()
            self._list(body, "" if words.lower() in {"list", "run"} else words)

    def _list(self, body: Json, words: str) -> None:
        shown = shelf(self._porch, str(body["user_id"]), _place(body), words)
        answer(self._porch, body.get("response_url"), templates.listing(shown))

    def _run_called(self, ack: Ack, body: Json, name: str) -> None:
        """The template of that name; the list of those it may mean when there is no such one."""
        user, target = str(body["user_id"]), _place(body)
        found = templates.called(shelf(self._porch, user, target).templates, name)
        if len(found) != 1:
            ack()
            self._list(body, name)
            return
        trigger = str(body["trigger_id"])
        wish = wished(f"command:{trigger}", user, target, body.get("response_url"))
        if not start(self._porch, ack, found[0], wish, trigger):
            answer(self._porch, body.get("response_url"), Message(TOO_LATE))

    def turn(self, ack: Ack, body: Json) -> None:
        """Another page of the list, in its place."""
        ack()
        click = read_click(body)
        words, page = str(click.value.get("words") or ""), int(click.value.get("page") or 0)
        shown = shelf(self._porch, click.user, click.target, words, page)
        answer(self._porch, click.response_url, templates.listing(shown), replace=True)

    def run(self, ack: Ack, body: Json) -> None:
        """A template of the list, in the channel (or thread) that the list is shown in."""
        click = read_click(body)
        template = self._porch.office.templates.get(str(click.value.get("id") or ""))
        if template is None:
            ack()
            answer(self._porch, click.response_url, Message(GONE))
            return
        target = Target(click.team, click.channel, click.thread_ts)
        wish = wished(f"click:{click.trigger_id}", click.user, target, click.response_url)
        if not start(self._porch, ack, template, wish, click.trigger_id):
            answer(self._porch, click.response_url, Message(TOO_LATE))

    def filled(self, ack: Ack, body: Json, view: Json) -> None:
        """The form with the values: the question goes where the form was opened."""
        note, user = Note.read(kept(view)), str(body["user"]["id"])
        template = self._porch.office.templates.get(note.template or "")
        values = {name: str(value) for name, value in entered(view).items() if value is not None}
        try:
            question = fill(template.text, values) if template else None
        except TextToSQLError:
            question = None
        if template is None or question is None:
            ack(response_action="update", view=forms.wait_form("Run a template", _CHANGED))
            return
        wish = wished(f"view:{view['id']}", user, note.target, note.url)
        self._porch.inbox.take(_asked(wish, template, question))
        ack()

    def choices(self, ack: Ack, body: Json) -> None:
        """The names that a menu of the form offers for what is typed."""
        kind = next(each for each in forms.KINDS if forms.action_of(each) == body["action_id"])
        note = Note.read(kept(body.get("view") or {}))
        try:
            store = self._porch.settings.store_for(note.channel)
            catalog = self._porch.office.catalog(store)
        except TextToSQLError:
            ack(options=[])  # the form's own question will say what is wrong with the store
            return
        ack(options=forms.choices(values_for(kind, catalog, str(body.get("value") or ""))))


_CHANGED = "Somebody changed or deleted this template meanwhile. Close this and run it again."


def _place(body: Json) -> Target:
    return Target(str(body.get("team_id") or ""), str(body["channel_id"]))
