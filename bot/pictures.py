"""A chart as a picture: drawn when it is first wanted, uploaded once, shown in the answer."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.render.message import Message
from bot.render.text import plain
from texttosql.chart import render_png
from texttosql.errors import TextToSQLError
from texttosql.flow import Chart, ResultTable
from texttosql.rescue import rescued

_log = logging.getLogger(__name__)

NAME = "chart.png"
_ALT = 150
_TABLES = frozenset({"section", "data_table", "table"})


@dataclass(slots=True)
class Picture:
    """The picture of an answer's chart. Not shared between threads."""

    chart: Chart
    table: ResultTable
    zone: ZoneInfo
    _drawn: bytes | None = field(default=None, init=False)
    _tried: bool = field(default=False, init=False)

    @property
    def alt(self) -> str:
        """What the picture shows, for who cannot see it."""
        return plain(self.chart.title, _ALT)

    def png(self) -> bytes | None:
        """The picture; None when it cannot be drawn, which costs no answer its rows."""
        if not self._tried:
            self._tried = True
            try:
                self._drawn = rescued(lambda: render_png(self.chart, self.table, self.zone))
            except TextToSQLError as error:
                _log.warning("a chart could not be drawn: %s", error.what)
        return self._drawn

    def within(self, message: Message, file_id: str) -> Message:
        """The message with the uploaded picture below its headline and table."""
        blocks = list(message.blocks or ())
        image = {"type": "image", "slack_file": {"id": file_id}, "alt_text": self.alt}
        tables = [i for i, block in enumerate(blocks) if block["type"] in _TABLES]
        place = tables[-1] + 1 if tables else len(blocks)
        return Message(message.text, (*blocks[:place], image, *blocks[place:]))
