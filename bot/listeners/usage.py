"""`/history usage`: the asker's figures and this channel's, looked up in the journal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.porch import Porch
from bot.render.message import Message
from bot.target import Target
from bot.views import usage
from texttosql.cost import Spending
from texttosql.spending.budget import Purse


def told(porch: Porch, user: str, here: Target) -> Message:
    """What this user asked and spent lately, anywhere, and what everybody did here."""
    spending, settings, now = porch.office.usage, porch.settings.corridor, datetime.now(UTC)
    since, direct = now - timedelta(days=usage.DAYS), here.direct
    mine = spending.summary(since, asked_by=user)
    place = () if direct else spending.summary(since, place=here.place)
    purse = Purse(spending, settings.model.budgets, settings.timezone, lambda: now)
    return usage.usage(
        usage.Spent(
            next(iter(mine), Spending()),
            None if direct else next(iter(place), Spending()),
            purse.today(user, here.place),
            settings.timezone.key,
        )
    )
