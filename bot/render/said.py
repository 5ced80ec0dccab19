"""The words around an answer's rows: headline, what was cut, how it came about, text alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.render.message import Look
from bot.render.sheet import Page, Sheet
from bot.render.table import aligned
from bot.render.text import SECTION, code_block, code_size, escape, mrkdwn
from texttosql.flow import Answer, Reply
from texttosql.format import duration, number
from texttosql.learning.example import VERIFIED
from texttosql.words import in_words, listed, many

_SENTENCES, _ASSUMED, _ENGINE, _REFINED, _LEFT_OUT = 1450, 2000, 40, 120, 250
"""The longest each part of a block may be."""
_HEADLINE, _BRIEFLY, _ONWARD = 900, 400, 400
"""In a text that holds everything: together they leave a third of it for the rows."""
_SPAN = 60
_NAMES, _LINKS = 6, 10


def bold(text: str, limit: int) -> str:
    """Data in bold."""
    return f"*{mrkdwn(text, limit - 2)}*"


def headline(text: str) -> str:
    """The first sentence in bold, the rest as it is."""
    first, stop, rest = text.partition(". ")
    if not rest.strip():
        return bold(text, SECTION)
    return f"{bold(first + stop.strip(), _SENTENCES)} {mrkdwn(rest, _SENTENCES)}"


def remarks(
    answer: Answer, page: Page, left_out: Sequence[str], *, cut: bool, csv: bool
) -> list[str]:
    """What is not to be seen: other rows, columns without room, the ends of long texts."""
    partial = page.more or page.first or answer.table.truncated
    told = [_span(page, truncated=answer.table.truncated)] if partial else []
    if left_out:
        names = mrkdwn(listed(left_out, _NAMES), _LEFT_OUT)
        told.append(f"Left out{' here, but in the CSV' if csv else ''}: {names}.")
    if cut:
        told.append(f"Long texts are cut{', but whole in the CSV' if csv else ''}.")
    return told


def _span(page: Page, *, truncated: bool) -> str:
    """The rows' places: "Rows 101–200 of 332."."""
    total = number(page.total)
    whole = f"the first {total}; there are more" if truncated else total
    if not page.rows:
        return f"{many(page.total, 'rows')}, too long to show here."
    first, last = number(page.first + 1), number(page.first + len(page.rows))
    return f"Rows {first}–{last} of {whole}."


def links(page: Page) -> list[str]:
    """Where the rows lead, for a table whose cells cannot: the first ten."""
    found = {cell.url: cell.text for row in page.rows for cell in row if cell.url}
    shown = [f"<{escape(url)}|{escape(text)}>" for url, text in list(found.items())[:_LINKS]]
    return [f"In MLflow: {', '.join(shown)}"] if shown else []


def provenance(reply: Reply, answer: Answer, look: Look, *, briefly: bool = False) -> str:
    """What was assumed, which engine read the question, how long it took, what it refines."""
    assumed = in_words(answer.assumptions).rstrip(".")
    parts = [
        mrkdwn(assumed, _BRIEFLY if briefly else _ASSUMED) if assumed else "",
        mrkdwn(_read_by(answer.engine), _ENGINE),
        duration(sum(reply.timings_ms.values()) / 1000) if reply.timings_ms else "",
        f"refines “{mrkdwn(look.refines, _REFINED)}”" if look.refines else "",
    ]
    return " · ".join(part for part in parts if part)


def _read_by(engine: str) -> str:
    return "verified answer" if engine == VERIFIED else f"{engine} engine"


def onward(texts: Sequence[str], lead: str) -> list[str]:
    """Questions to go on with, as a line of text."""
    return [f"{lead} {mrkdwn('; '.join(texts), _ONWARD)}"] if texts else []


def text_only(answer: Answer, sheet: Sheet, page: Page | None, small: str) -> str:
    """The whole answer in one text: as many of the page's rows as there is room for."""
    top = mrkdwn(answer.headline, _HEADLINE)
    under = [small, *onward(answer.suggestions, "You can go on with:")]
    room = SECTION - sum(len(part) + 1 for part in (top, *under))
    rows = _rows_in(room, answer, sheet, page) if page else []
    room -= sum(len(part) + 1 for part in rows)
    sql = code_block(answer.sql)
    return "\n".join([top, *rows, *under, *([sql] if len(sql) <= room else [])])


def _rows_in(room: int, answer: Answer, sheet: Sheet, page: Page) -> list[str]:
    """The rows as text, the first ones where not all fit, and what is missing."""
    text = aligned(sheet, page)

    def told(shown: Page) -> str:
        return " ".join(remarks(answer, shown, text.left_out, cut=text.cut, csv=False))

    left = room - len(code_block(text.header)) - len(told(page)) - _SPAN
    lines: list[str] = []
    for line in text.rows.split("\n"):
        left -= code_size(line)
        if left < 0:
            break
        lines.append(line)
    block = [code_block("\n".join([text.header, *lines]))] if lines else []
    missing = told(replace(page, rows=page.rows[: len(lines)]))
    return [*block, *([missing] if missing else [])]
