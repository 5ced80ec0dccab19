"""A pasted link to a run or an experiment in MLflow unfolds into a card.

Only links into the MLflow that TRACKTALK_MLFLOW_URL names, and only what the channel's store
holds: anything else stays the bare link it was.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import SplitResult, urlsplit

from slack_bolt import Ack, App

from bot import said
from bot.clicks import team_of
from bot.porch import Porch
from bot.render.blocks import Block
from bot.render.links import RunLinks
from bot.target import place
from bot.views.card import OPEN, experiment_blocks, run_blocks
from texttosql.errors import TextToSQLError

_log = logging.getLogger(__name__)

Json = Mapping[str, Any]
"""A Slack payload. `Any`: foreign JSON."""

MOST = 5
"""Links of one message that unfold: more cards than that are in the way of the talk."""

_RUN = re.compile(r"/(?:experiments/\d{1,18}/)?runs/([0-9a-f]{32})(?:[/?].*)?")
_EXPERIMENT = re.compile(r"/experiments/(\d{1,18})(?:/[a-z-]*)?(?:\?.*)?")
"""An experiment's page and its tabs. Pages that compare several begin otherwise."""
_USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class RunPage:
    """A page of the MLflow UI that shows one run, whichever of its tabs."""

    run_id: str


@dataclass(frozen=True, slots=True)
class ExperimentPage:
    """A page of the MLflow UI that shows one experiment, whichever of its tabs."""

    experiment_id: int


Page = RunPage | ExperimentPage


@dataclass(frozen=True, slots=True)
class _Shared:
    """Links somebody shared. `where` is what chat.unfurl finds the message by."""

    team: str
    channel: str
    where: dict[str, str]
    pages: Mapping[str, Page]


def register(app: App, porch: Porch) -> None:
    """Hear of links, and of clicks on a card's link."""

    @app.event("link_shared")
    def shared(body: Json, event: Json) -> None:
        found = _read(body, event, porch.settings.mlflow_url)
        if found.pages and porch.inbox.first_time(str(body["event_id"])):
            lane = f"{place(found.team, found.channel)} links"
            porch.outbox.put(lane, partial(_unfold, porch, found))

    @app.action(OPEN)
    def opened(ack: Ack) -> None:
        ack()


def page_at(url: str, mlflow_url: str) -> Page | None:
    """The run or experiment that an address shows in that MLflow; None for all others."""
    try:
        link, home = urlsplit(url), urlsplit(mlflow_url)
        if _front_door(link) != _front_door(home):
            return None
    except ValueError:  # a port that is no number, a bracket that is not closed
        return None
    if run := _RUN.fullmatch(link.fragment):
        return RunPage(run[1])
    experiment = _EXPERIMENT.fullmatch(link.fragment)
    return ExperimentPage(int(experiment[1])) if experiment else None


def _front_door(url: SplitResult) -> tuple[str | None, int | None, str]:
    """Host, port and path prefix. People type http and https for the same MLflow."""
    port = None if url.port == _USUAL_PORTS.get(url.scheme) else url.port
    return url.hostname, port, url.path.rstrip("/")


def _read(body: Json, event: Json, mlflow_url: str | None) -> _Shared:
    # A message in the making has no ts and no channel yet: unfurl_id finds it, and any other.
    names = {"unfurl_id": "unfurl_id", "source": "source"}
    if not all(event.get(name) for name in names):
        names = {"channel": "channel", "ts": "message_ts"}
    urls = [str(link.get("url") or "") for link in event.get("links") or ()]
    known = {url: page_at(said.unescaped(url), mlflow_url) for url in urls} if mlflow_url else {}
    pages = [(url, page) for url, page in known.items() if page is not None]
    return _Shared(
        team=team_of(body),
        channel=str(event.get("channel") or ""),
        where={name: str(event.get(field) or "") for name, field in names.items()},
        pages=dict(pages[:MOST]),
    )


def _unfold(porch: Porch, shared: _Shared) -> bool:
    """Put a card under every link whose page there is; no new message comes of it."""
    cards = {url: _card(porch, shared.channel, page) for url, page in shared.pages.items()}
    unfurls = {url: {"blocks": blocks} for url, blocks in cards.items() if blocks}
    if unfurls:
        porch.delivery.unfurl(shared.team, unfurls, **shared.where)
    return False


def _card(porch: Porch, channel: str, page: Page) -> list[Block] | None:
    """The card of a page; None where the channel's store has no such run or experiment."""
    try:
        store = porch.settings.store_for(channel)
        if isinstance(page, RunPage):
            return _run(porch, store, page)
        return _experiment(porch, store, page)
    except TextToSQLError as error:
        _log.warning("no card for a link: %s", error.what)
        return None


def _run(porch: Porch, store: str, page: RunPage) -> list[Block] | None:
    card = porch.office.run_card(store, page.run_id)
    if card is None:
        return None
    url = RunLinks(porch.settings.mlflow_url).run(card.run_id, card.experiment_id)
    return run_blocks(card, url, porch.office.zone(store))


def _experiment(porch: Porch, store: str, page: ExperimentPage) -> list[Block] | None:
    card = porch.office.experiment_card(store, page.experiment_id)
    if card is None:
        return None
    url = RunLinks(porch.settings.mlflow_url).experiment(card.experiment_id)
    return experiment_blocks(card, url, porch.office.zone(store))
