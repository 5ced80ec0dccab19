"""The Home tab: published at once with what the journal knows, then with the stores' state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt import Ack, App

from bot.clicks import Click, kept, read_click, team_of
from bot.inbox import Asked
from bot.listeners.history import asked_again
from bot.listeners.migration import home_lines
from bot.listeners.prompts import examples
from bot.listeners.templates import GONE, TOO_LATE, start, wished
from bot.porch import Porch
from bot.render.text import mrkdwn
from bot.target import Target
from bot.views import home as views
from bot.views.home import Example, Shown
from texttosql.errors import TextToSQLError
from texttosql.office import StoreState
from texttosql.templates import Template

Json = Mapping[str, Any]
"""A Slack payload. `Any`: foreign JSON."""

_COMING = "On it. The answer comes under _Messages_."
_RUNS = "A template's answer comes under _Messages_."
_NO_WAY = "I can't write to you here. Ask in a channel, or use `/ask`."
_LANE = "home"
"""One lane for everybody: a store that is slow to tell its state holds up one sender, not all."""


def register(app: App, porch: Porch) -> None:
    """Hear the tab being opened, and its buttons."""
    tab = _Home(porch)
    app.event("app_home_opened", matchers=[_is_home])(tab.opened)
    for name in views.ASK:
        app.action(name)(tab.ask)
    app.action(views.AGAIN)(tab.again)
    app.action(views.RUN)(tab.run)
    app.action(views.UNSTAR)(tab.unstar)


def _is_home(event: Json) -> bool:
    return event.get("tab") == "home"


@dataclass(frozen=True, slots=True)
class _Here:
    """Whose tab it is. `channel` is the person's conversation with the app, where there is one."""

    team: str
    user: str
    channel: str | None

    @property
    def target(self) -> Target:
        return Target(self.team, self.channel or "")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the stores said last. `stores` None: nothing yet."""

    stores: tuple[StoreState, ...] | None = None
    examples: tuple[Example, ...] = ()


class _Home:
    """Remembers what the stores said last, so that opening the tab waits for none of them."""

    def __init__(self, porch: Porch) -> None:
        self._porch = porch
        self._known = _Known()

    def opened(self, body: Json, event: Json) -> None:
        """Somebody looks at the tab."""
        if not self._porch.inbox.first_time(str(body.get("event_id") or "")):
            return
        team, user = team_of(body), str(event["user"])
        channel = event.get("channel") or self._porch.delivery.direct(team, user)
        here = _Here(team, user, channel)
        self._publish(here)
        self._porch.outbox.put(_LANE, lambda: self._look_and_publish(here))

    def _look_and_publish(self, here: _Here) -> bool:
        self._known = _Known(self._porch.office.stores(), self._examples())
        self._publish(here)
        return False

    def _examples(self) -> tuple[Example, ...]:
        """Questions that the default store can answer; none while it can't be read."""
        try:
            store = self._porch.settings.corridor.store().name
            return tuple(examples(self._porch.office.catalog(store)))[: len(views.ASK)]
        except TextToSQLError:
            return ()

    def _publish(self, here: _Here, note: str | None = None) -> None:
        try:
            shown = self._shown(here)
        except TextToSQLError as error:
            shown = Shown(here.user, here.channel, note=mrkdwn(f"{error.what} {error.fix}"))
        view = views.home(replace(shown, note=note or shown.note))
        self._porch.delivery.publish_home(here.team, here.user, view)

    def _shown(self, here: _Here) -> Shown:
        office, known, user = self._porch.office, self._known, here.user
        return Shown(
            user=user,
            channel=here.channel,
            examples=known.examples,
            recent=office.journal.history(asked_by=user, limit=views.RECENT),
            favourites=[each for each in office.favourites.of(user) if each.turn_id],
            templates=office.templates.visible_to(user, None, here.team),
            stores=known.stores,
            migration=home_lines(self._porch.settings.migration_status),
        )

    def ask(self, ack: Ack, body: Json) -> None:
        """One of the examples."""
        click = read_click(body)
        text = str(click.value.get("q") or "")
        lead = f"<@{click.user}> asked: {mrkdwn(text, 500)}"

        def asked(target: Target) -> Asked:
            return Asked(_key(click), click.user, target, text, root=True, lead=lead)

        self._take(ack, click, asked)

    def again(self, ack: Ack, body: Json) -> None:
        """An earlier question, or a favourite."""
        click = read_click(body)
        turn = self._porch.office.journal.turn(str(click.value.get("t") or ""))
        if turn is None:
            ack()
            return

        def asked(target: Target) -> Asked:
            return asked_again(self._porch, _key(click), click.user, turn, target)

        self._take(ack, click, asked)

    def _take(self, ack: Ack, click: Click, asked: Callable[[Target], Asked]) -> None:
        here = _here(click)
        taken = here.channel is not None and self._porch.inbox.take(asked(here.target))
        ack()
        if taken or here.channel is None:
            self._publish(here, _COMING if taken else _NO_WAY)

    def run(self, ack: Ack, body: Json) -> None:
        """A template; a form asks for its values."""
        click = read_click(body)
        here, template = _here(click), self._template(click)
        if here.channel is None or template is None:
            ack()
            self._publish(here, _NO_WAY if here.channel is None else GONE)
            return
        wish = wished(_key(click), click.user, here.target, None)
        started = start(self._porch, ack, template, wish, click.trigger_id)
        self._publish(here, _RUNS if started else TOO_LATE)

    def _template(self, click: Click) -> Template | None:
        return self._porch.office.templates.get(str(click.value.get("id") or ""))

    def unstar(self, ack: Ack, body: Json) -> None:
        """A favourite that is none any more."""
        ack()
        click = read_click(body)
        favourites = self._porch.office.favourites
        for each in favourites.of(click.user):
            if each.turn_id == click.value.get("t"):
                favourites.remove(click.user, each.text, each.store)
        self._publish(_here(click))


def _key(click: Click) -> str:
    return f"click:{click.trigger_id}"


def _here(click: Click) -> _Here:
    channel = kept(click.view or {}).get("channel")
    return _Here(click.team, click.user, str(channel) if channel else None)
