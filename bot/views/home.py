"""The app's Home tab: where to begin, what was asked, what is kept at hand, how the stores are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.render.blocks import VALUE, Block, actions, button, context, packed, section
from bot.render.text import mrkdwn
from bot.views import history, templates
from texttosql.flow import Turn
from texttosql.office import StoreState
from texttosql.ports import Favourite
from texttosql.templates import Template
from texttosql.words import many

ASK = ("home_ask_0", "home_ask_1", "home_ask_2")
AGAIN = "home_again"
UNSTAR = "home_unstar"
RUN = "home_run"

RECENT, FAVOURITES, TEMPLATES, STORES = 5, 8, 15, 10
"""How many of each: with their buttons well under the hundred blocks that a Home tab holds."""

Example = tuple[str, str]
"""A button's title, and the question that it asks."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one person's Home tells. `stores` None: they are being looked at.

    `channel` is the person's conversation with the app, where answers go; `note` answers the last
    click; `migration` has lines in mrkdwn.
    """

    user: str
    channel: str | None = None
    examples: Sequence[Example] = ()
    recent: Sequence[Turn] = ()
    favourites: Sequence[Favourite] = ()
    templates: Sequence[Template] = ()
    stores: Sequence[StoreState] | None = None
    migration: Sequence[str] = ()
    note: str | None = None


def home(shown: Shown) -> Block:
    """The view to publish: at most 100 blocks."""
    blocks = [
        *_greeting(shown),
        *_part("Your last questions", _recent(shown), "`/history` has all of them."),
        *_part("Favourites", _favourites(shown), "☆ under an answer puts its question here."),
        *_part("Templates", _templates(shown), "`/templates` has all of them."),
        *_part("Stores", _stores(shown), ""),
        *_part("Migration", [section(line) for line in shown.migration][:10], ""),
    ]
    note = packed(channel=shown.channel)
    return {"type": "home", "private_metadata": note, "blocks": blocks}


def _greeting(shown: Shown) -> list[Block]:
    hello = (
        f"*Hello <@{shown.user}>!* Ask me about the team's MLflow experiments: write to me under"
        " _Messages_, mention me in a channel, or use `/ask` anywhere."
    )
    asks = [
        button(title, name, packed(q=question))
        for name, (title, question) in zip(ASK, shown.examples, strict=False)
        if len(packed(q=question)) <= VALUE
    ]
    note = [context(f"➜ {shown.note}")] if shown.note else []
    return [section(hello), *note, *([actions(asks)] if asks else [])]


def _part(title: str, rows: Sequence[Block], hint: str) -> list[Block]:
    """A heading with its rows; without rows, the hint says how there will be some."""
    if not rows and not hint:
        return []
    under = [context(hint)] if hint else []
    return [{"type": "divider"}, section(f"*{title}*"), *rows, *under]


def _recent(shown: Shown) -> list[Block]:
    return [
        section(history.said(turn)) | {"accessory": button("Run again", AGAIN, packed(t=turn.id))}
        for turn in shown.recent[:RECENT]
    ]


def _favourites(shown: Shown) -> list[Block]:
    rows: list[Block] = []
    for favourite in shown.favourites[:FAVOURITES]:
        value = packed(t=favourite.turn_id)
        row = [button("Run", AGAIN, value), button("Remove", UNSTAR, value)]
        rows += [section(f"★ {mrkdwn(favourite.text, 900)}"), actions(row)]
    return rows


def _templates(shown: Shown) -> list[Block]:
    return [
        section(templates.said(template))
        | {"accessory": button("Run", RUN, packed(id=template.id))}
        for template in shown.templates[:TEMPLATES]
    ]


def _stores(shown: Shown) -> list[Block]:
    if shown.stores is None:
        return [context("Looking at the stores …")]
    told = [section(_store(state)) for state in shown.stores[:STORES]]
    more = len(shown.stores) - STORES
    return [*told, *([context(f"and {many(more, 'more stores')}")] if more > 0 else [])]


def _store(state: StoreState) -> str:
    name = f"*{mrkdwn(state.name, 100)}*" + (f" ({state.dialect})" if state.dialect else "")
    if state.problem is not None:
        said = mrkdwn(f"{state.problem.what} {state.problem.fix}", 600)
        return f"🔴 {name} can't be reached\n{said}"
    counts = f"{many(state.runs, 'runs')} in {many(state.experiments, 'experiments')}"
    return f"🟢 {name} · {counts}{_seen(state)}"


def _seen(state: StoreState) -> str:
    if state.as_of is None:
        return ""
    when = int(state.as_of.timestamp())
    return f" · as of <!date^{when}^{{date_short_pretty}}, {{time}}|{state.as_of:%H:%M} UTC>"
