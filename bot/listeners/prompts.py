"""Questions to begin with, offered where somebody opens the conversation with the app.

They are made of what is in the store right now, so that each has an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from slack_bolt import App

from bot.clicks import team_of
from bot.porch import Porch
from bot.render.text import plain
from bot.target import Target
from texttosql.catalog import Catalog, Experiment
from texttosql.effort import is_effort

Json = Mapping[str, Any]
"""A Slack payload. `Any`: foreign JSON."""

Prompt = tuple[str, str]
"""What a button says, and the question it asks."""

MOST = 4
"""As many as Slack takes (docs.slack.dev, "assistant.threads.setSuggestedPrompts")."""

_TITLE, _LONGEST = 60, 120
_JOINED = re.compile(r"[A-Za-z]\w*[-_.\d][\w.-]*")
_WORD = re.compile(r"[A-Za-z]+")
_SPOKEN = frozenset(
    """
    across and attempt attempts by date different distinct duration each epoch epochs every
    experiment fold folds group iteration job jobs learning_curve name now ongoing per run runs
    state status steps time today top5 training trainings trial trials unique user various what
    which whose yesterday
    """.split()
)
"""What means something else where a question names a metric or a user: such a name is quoted."""
_QUOTES = ('""', "``", "“”")
_FAILURES = ("How much fails", "percentage of failed runs by experiment")
_COUNT = ("Runs by experiment", "how many runs by experiment?")


def register(app: App, porch: Porch) -> None:
    """Hear that the conversation with the app is opened, in today's way and in the older one."""

    @app.event("app_home_opened", matchers=[_is_conversation])
    def opened(body: Json, event: Json) -> None:
        _offer(porch, Target(team_of(body), str(event["channel"])))

    @app.event("assistant_thread_started")
    def started(body: Json, event: Json) -> None:
        thread: Json = event["assistant_thread"]
        where = Target(team_of(body), str(thread["channel_id"]), str(thread["thread_ts"]))
        _offer(porch, where)

    @app.event("app_context_changed")
    def looked_elsewhere() -> None:
        """What is in the store does not depend on what somebody looks at beside the app."""


def examples(catalog: Catalog) -> tuple[Prompt, ...]:
    """Questions that this store has an answer to, the most telling first; none for an empty one."""
    if not catalog.runs:
        return ()
    found = (*_best(catalog), *_by_somebody(catalog), _FAILURES, *_registry(catalog), _COUNT)
    return tuple((plain(title, _TITLE), question) for title, question in found[:MOST])


def _is_conversation(event: Json) -> bool:
    return event.get("tab") == "messages"


def _offer(porch: Porch, where: Target) -> None:
    """Elsewhere: the first look into a store may take a while."""
    porch.outbox.put(f"{where.place} prompts", partial(_offered, porch, where))


def _offered(porch: Porch, where: Target) -> bool:
    catalog = porch.office.catalog(porch.settings.store_for(where.channel))
    prompts = [{"title": title, "message": text} for title, text in examples(catalog)]
    if prompts:
        porch.delivery.prompts(where, prompts)
    return False


def _best(catalog: Catalog) -> Iterator[Prompt]:
    """The best runs of the largest experiment whose names can be said, by its main metric."""
    for experiment in catalog.experiments:
        name, metric = _marked(experiment.name), _main_metric(catalog, experiment)
        if experiment.runs and name and metric:
            yield f"Best of {experiment.name}", f"top 5 runs by {metric} in {name}"
            return


def _main_metric(catalog: Catalog, experiment: Experiment) -> str | None:
    """Of the experiment's own the one that most runs have; a loss only where there is no score."""
    own = catalog.metrics_in.get(experiment.id, frozenset())
    telling = [key for key in catalog.metrics if key in own and not is_effort(key)]
    ordered = sorted(telling, key=lambda key: "loss" in key.lower())
    return next((said for said in map(_said, ordered) if said), None)


def _by_somebody(catalog: Catalog) -> Iterator[Prompt]:
    name = next((user for user in catalog.users if _said(user)), None)
    if name is not None:
        yield f"Latest runs of {name}", f"latest 10 runs by {_said(name)}"


def _registry(catalog: Catalog) -> Iterator[Prompt]:
    if any(model.versions for model in catalog.models):
        yield "Registered models", "list registered models"


def _said(name: str) -> str | None:
    """A metric or a user as a question names it; None for one that no quotes can hold."""
    word = _WORD.fullmatch(name) and name.lower() not in _SPOKEN
    return name if word else _marked(name)


def _marked(name: str) -> str | None:
    """A name that cannot be taken for a word: joined like val_loss, or in quotes."""
    if _JOINED.fullmatch(name) and name.lower() not in _SPOKEN:
        return name
    if len(name) > _LONGEST or "\n" in name:
        return None
    marks = next((pair for pair in _QUOTES if not set(pair) & set(name)), None)
    return f"{marks[0]}{name}{marks[1]}" if marks else None
