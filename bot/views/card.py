"""A run or an experiment at a glance, as the blocks that a pasted link unfolds into.

Only plain blocks: a link has no second try.
"""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.render.blocks import Block, actions, button, context, section
from bot.render.said import bold
from bot.render.text import code, mrkdwn
from texttosql.card import Best, ExperimentCard, Metric, RunCard
from texttosql.format import duration, number, when
from texttosql.words import many

OPEN = "open_in_mlflow"
"""The button is a link; Slack tells of the click all the same, and wants it acknowledged."""

_STATES = {
    "FINISHED": "✅ finished", "FAILED": "❌ failed", "KILLED": "🛑 killed",
    "RUNNING": "🏃 running", "SCHEDULED": "⏳ scheduled",
}  # fmt: skip
_NAME, _KEY, _VALUE = 150, 60, 60
"""The longest a name may be. Escapes included, so that 20 params stay within one section."""


def run_blocks(card: RunCard, url: str | None, zone: ZoneInfo) -> list[Block]:
    """A run: how it went, its metrics and their places in the experiment, its params."""
    return [
        section(f"🧪 {bold(card.name, _NAME)} · {_state(card)}"),
        _fields(_facts(card, zone)),
        *_listed("Metrics", [_metric(each) for each in card.metrics], card.more_metrics),
        *_listed("Params", [_param(*each) for each in card.params], card.more_params),
        *_open(url),
    ]


def experiment_blocks(card: ExperimentCard, url: str | None, zone: ZoneInfo) -> list[Block]:
    """An experiment: how much there is in it, and its best runs by its main metrics."""
    deleted = " · 🗑️ deleted" if card.deleted else ""
    return [
        section(f"📁 {bold(card.name, _NAME)}{deleted}"),
        _fields(_counts(card, zone)),
        *_listed("Best runs", [_best(each) for each in card.best], 0),
        *_open(url),
    ]


def _state(card: RunCard) -> str:
    state = _STATES.get(card.status) or mrkdwn(card.status.lower(), _KEY)
    return f"{state} · 🗑️ deleted" if card.deleted else state


def _facts(card: RunCard, zone: ZoneInfo) -> dict[str, str]:
    took = card.duration_ms
    return {
        "Experiment": mrkdwn(card.experiment, _NAME),
        "User": mrkdwn(card.user, _NAME),
        "Started": when(card.started_ms, "time", zone),
        "Took": "not finished" if took is None else duration(took / 1000),
    }


def _counts(card: ExperimentCard, zone: ZoneInfo) -> dict[str, str]:
    facts = {
        "Runs": f"{number(card.runs)}, {number(card.failed)} failed",
        "People": number(card.users),
    }
    if card.last_run is None:
        return facts
    last = f"{mrkdwn(card.last_run, _NAME)}, {when(card.last_ms, 'time', zone)}"
    return {**facts, "Last run": last}


def _metric(metric: Metric) -> str:
    return f"{code(metric.name, _KEY)} {number(metric.value)}{_place(metric)}"


def _place(metric: Metric) -> str:
    """Its place among the experiment's runs; one run alone is neither best nor worst."""
    if metric.rank is None or metric.of < 2:
        return ""
    if metric.rank == 1:
        return f" · 🏆 best of {number(metric.of)}"
    return f" · {number(metric.rank)} of {number(metric.of)}"


def _param(name: str, value: str) -> str:
    return f"{code(name, _KEY)} {code(value, _VALUE)}"


def _best(best: Best) -> str:
    ties = f", and {many(best.ties, 'runs')} with the same" if best.ties else ""
    return f"{code(best.metric, _KEY)} {number(best.value)} · {mrkdwn(best.run, _NAME)}{ties}"


def _fields(facts: dict[str, str]) -> Block:
    texts = [f"*{name}*\n{said}" for name, said in facts.items()]
    return {"type": "section", "fields": [_marked(text) for text in texts]}


def _listed(title: str, lines: Iterable[str], more: int) -> list[Block]:
    """A titled list, and what it leaves out; nothing at all for an empty one."""
    shown = "\n".join(f"• {line}" for line in lines)
    left_out = [context(f"and {number(more)} more in MLflow")] if more else []
    return [section(f"*{title}*\n{shown}"), *left_out] if shown else []


def _open(url: str | None) -> list[Block]:
    """A way to the page, without what the pasted link said of filters and tabs."""
    return [actions([button("Open in MLflow", OPEN, "open") | {"url": url}])] if url else []


def _marked(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}
