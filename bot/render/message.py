"""What goes to Slack and how it is wished to look: Message, Look, Rendered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from bot.render.blocks import Block
from bot.render.links import RunLinks
from texttosql.flow import Chart, ChartKind

NATIVE = frozenset({"data_table", "table", "data_visualization", "context_actions"})
"""Block types that not every Slack takes; each has a plainer stand-in."""
SLACK_FILE = "slack_file"
"""An image block that shows an uploaded file, as `needs` calls it."""
CHARTS = frozenset({"data_visualization", SLACK_FILE})
"""Needs of a message that shows its chart itself, drawn by Slack or as a picture."""

_NO_LINKS = RunLinks()


@dataclass(frozen=True, slots=True)
class Message:
    """What a post says. `text` is what notifications show, and all there is without blocks."""

    text: str
    blocks: tuple[Block, ...] | None = None

    @property
    def needs(self) -> frozenset[str]:
        """The block types in it that Slack may turn down with `invalid_blocks`."""
        found = {SLACK_FILE if SLACK_FILE in b else str(b["type"]) for b in self.blocks or ()}
        return frozenset(found) & (NATIVE | CHARTS)


@dataclass(frozen=True, slots=True)
class Look:
    """How an answer is looked at. `native`: what Slack still accepts; `page` counts from 0.

    `chart`: "auto" is the answer's own. `refines`: the question it follows, in words. `explains`:
    somebody can say what the rows show.
    """

    zone: ZoneInfo
    links: RunLinks = _NO_LINKS
    native: frozenset[str] = NATIVE
    page: int = 0
    chart: ChartKind | Literal["auto", "none"] = "auto"
    saved: bool = False
    refines: str | None = None
    explains: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """A reply, richest first, text alone last: each says all of it, by simpler means.

    `png`: the chart to draw and upload for a tier that has none of CHARTS in its needs.
    """

    tiers: tuple[Message, ...]
    png: Chart | None = None
