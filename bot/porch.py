"""What every listener on the porch is handed: the corridor, the inbox, and the one mouth."""

from __future__ import annotations

from dataclasses import dataclass

from bot.delivery import Delivery
from bot.inbox import Inbox
from bot.outbox import Outbox
from bot.people import People
from bot.settings import BotSettings
from texttosql.office import Office


@dataclass(frozen=True, slots=True)
class Porch:
    """Made once, by `app.build`; none of it knows a question."""

    settings: BotSettings
    office: Office
    inbox: Inbox
    outbox: Outbox
    delivery: Delivery
    people: People
