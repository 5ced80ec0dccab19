"""Templates are kept: an answer's question is saved as one, and one is edited, shared, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App

from bot.clicks import Click, entered, kept, read_click
from bot.listeners.alone import answer
from bot.listeners.learning import teacher
from bot.listeners.templates import GONE, TOO_LATE, shelf
from bot.porch import Porch
from bot.render import ids
from bot.render.learned import learned
from bot.render.message import Message
from bot.render.said import bold
from bot.render.text import code
from bot.target import Target, place
from bot.views import forms, templates
from bot.views.forms import Draft, Note
from bot.views.proposal import proposed
from texttosql.catalog import Catalog
from texttosql.errors import TextToSQLError
from texttosql.flow import Turn
from texttosql.templates import Scope, Template

Json = Mapping[str, Any]
"""A Slack payload. `Any`: foreign JSON."""

_SAVE, _DELETE = "Save as template", "Delete template"


def register(app: App, porch: Porch) -> None:
    """Hear the button under an answer, the ⋯ menus of the list, and their forms."""
    keeper = _Keeper(porch)
    app.action(ids.SAVE_TEMPLATE)(keeper.propose)
    app.action(templates.MORE)(keeper.change)
    app.view(forms.SAVE_VIEW)(keeper.save)
    app.view(forms.DELETE_VIEW)(keeper.delete)


class _Keeper:
    def __init__(self, porch: Porch) -> None:
        self._porch, self._templates = porch, porch.office.templates

    def propose(self, ack: Ack, body: Json) -> None:
        """A form with the question as a template; the store's names may take a moment to read."""
        ack()
        click = read_click(body)
        turn = self._porch.office.journal.turn(str(click.value.get("t") or ""))
        if turn is None:
            return
        opening = forms.wait_form(_SAVE, "Looking up the store's names …")
        view_id = self._porch.delivery.open_view(click.team, click.trigger_id, opening)
        if view_id is None:
            self._whisper(Target(click.team, click.channel, _thread(click)), click.user, TOO_LATE)
            return
        # What one person alone was shown is nothing that a template may teach all.
        taught = None if click.ephemeral else turn.id
        note = Note(click.team, click.channel, _thread(click), turn=taught)
        form = forms.save_form(_drafted(turn, self._catalog(turn.store)), note)
        self._porch.delivery.update_view(click.team, view_id, form)

    def _catalog(self, store: str) -> Catalog | None:
        try:
            return self._porch.office.catalog(store)
        except TextToSQLError:
            return None  # a template can be written without proposals

    def change(self, ack: Ack, body: Json) -> None:
        """What was chosen in the ⋯ menu of a template."""
        ack()
        click = read_click(body)
        template = self._templates.get(str(click.value.get("id") or ""))
        wish = click.value.get("do")
        if template is None:
            answer(self._porch, click.response_url, Message(GONE))
        elif wish in {templates.EDIT, templates.DELETE}:
            self._open(click, template, delete=wish == templates.DELETE)
        elif wish in templates.SCOPES:
            self._share(click, template, wish)

    def _open(self, click: Click, template: Template, *, delete: bool) -> None:
        note = Note(click.team, click.channel, None, template.id, click.response_url)
        mine = template.owner == click.user
        draft = Draft(template.name, template.text, template.scope, mine=mine)
        form = forms.delete_form(template, note) if delete else forms.save_form(draft, note)
        if self._porch.delivery.open_view(click.team, click.trigger_id, form) is None:
            answer(self._porch, click.response_url, Message(TOO_LATE))

    def _share(self, click: Click, template: Template, scope: Scope) -> None:
        shared = replace(template, scope=scope, place=click.target.place, team=click.team)
        try:
            self._templates.edit(shared, click.user)
        except TextToSQLError as error:
            answer(self._porch, click.response_url, Message(_told(error)))
            return
        self._show_again(click.response_url, click.user, click.target)

    def save(self, ack: Ack, body: Json, view: Json) -> None:
        """A new template, or the change of one; what is wrong is said beside its input."""
        note, user, given = Note.read(kept(view)), str(body["user"]["id"]), entered(view)
        name = " ".join(str(given.get(forms.NAME) or "").split())
        text = str(given.get(forms.TEXT) or "").strip()
        wrong = forms.faults(name, text)
        if not wrong:
            new = self._written(note, user, name, text, given.get(forms.SCOPE))
            wrong = self._kept(new, user)
        if wrong:
            ack(response_action="errors", errors=wrong)
            return
        ack()
        self._say_saved(note, user, name, text)

    def _written(
        self, note: Note, user: str, name: str, text: str, scope: Scope | None
    ) -> Template:
        """As the form says; who may not change the scope has no input for it."""
        old = self._templates.get(note.template) if note.template else None
        begun = old or Template("", name, text, owner=user)
        new = replace(begun, name=name, text=text)
        if scope is None or (scope == begun.scope and old):
            return new
        return replace(new, scope=scope, place=place(note.team, note.channel), team=note.team)

    def _kept(self, template: Template, user: str) -> dict[str, str]:
        """Keep it; what went wrong, if anything, for the form."""
        try:
            if template.id:
                self._templates.edit(template, user)
            else:
                self._templates.save(template)
        except TextToSQLError as error:
            return {forms.NAME: _told(error)}
        return {}

    def _say_saved(self, note: Note, user: str, name: str, text: str) -> None:
        if note.url is not None:
            self._show_again(note.url, user, note.target)
            return
        run = code(f"/templates run {name}", 300)
        saved = f"Saved {bold(name, 200)}. {run} runs it."
        self._porch.delivery.whisper(note.target, user, self._taught(note, user, text, saved))

    def _taught(self, note: Note, user: str, text: str, saved: str) -> Message:
        """A template that asks an answer's own question vouches for that answer."""
        if note.turn is None:
            return Message(saved)
        by = teacher(self._porch, note.target, user)
        example = self._porch.office.lessons.kept(note.turn, text, by)
        return learned(example, saved) if example else Message(saved)

    def delete(self, ack: Ack, body: Json, view: Json) -> None:
        """A template goes, and the list is shown without it."""
        note, user = Note.read(kept(view)), str(body["user"]["id"])
        try:
            self._templates.delete(note.template or "", user)
        except TextToSQLError as error:
            ack(response_action="update", view=forms.wait_form(_DELETE, _told(error)))
            return
        ack()
        self._show_again(note.url, user, note.target)

    def _show_again(self, url: str | None, user: str, target: Target) -> None:
        shown = shelf(self._porch, user, target)
        answer(self._porch, url, templates.listing(shown), replace=True)

    def _whisper(self, target: Target, user: str, text: str) -> None:
        self._porch.delivery.whisper(target, user, Message(text))


def _drafted(turn: Turn, catalog: Catalog | None) -> Draft:
    name = turn.draft.title if turn.draft else ""
    return Draft(name, proposed(turn.question, catalog), refines=turn.follows is not None)


def _thread(click: Click) -> str | None:
    """Where a word about the click belongs; nothing can be put under what one person sees."""
    return click.thread_ts or (None if click.ephemeral else click.message_ts)


def _told(error: TextToSQLError) -> str:
    return f"{error.what} {error.fix}"
