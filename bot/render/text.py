"""Data as Slack text that is only read: it never formats, links, pings, quotes or draws an emoji.

Slack's `mrkdwn` has no escape for its own marks, so a word that Slack could take for markup
stands in a code span. What a field may hold (docs.slack.dev, "Text object") is kept by cutting
the data, never the escapes; every cut shows an ellipsis.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain

from texttosql.format import EMPTY, clean, shorten

SECTION = 3000
"""The most characters a text object holds (docs.slack.dev, "Text object")."""
JOINER = "\u2060"
"""WORD JOINER: unseen, breaks what Slack would recognize; `format.clean` takes it out again."""

_FENCE = "```"
_EDGE_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")  # val_accuracy is safe
_ALWAYS = re.compile(r"`|@|://|^www\.|:[^\s:]+:")
_PUNCTUATED = re.compile(r"([(\[“\"']*)(.*?)([.,;:!?)\]”\"'…]*)")


def escape(text: str) -> str:
    """The three characters that Slack asks to escape, the ampersand first."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str, limit: int) -> str:
    """For `plain_text` fields: one clean line of 1 to `limit` characters."""
    return shorten(_line(text), limit)


def mrkdwn(text: str, limit: int = SECTION) -> str:
    """For `mrkdwn` fields: one defused line of 1 to `limit` characters, escapes included."""
    return _within(limit, _line(text), _defused)


def code(text: str, limit: int = SECTION) -> str:
    """One line in a code span."""
    return _within(limit, _line(text), _span)


def code_block(text: str, limit: int = SECTION) -> str:
    """Lines in a code block, spaces kept; cut at the end when they are too many."""
    return _within(limit, _lines(text), _fenced)


def code_blocks(text: str, limit: int = SECTION, head: str = "") -> list[str]:
    """Lines in as many code blocks as they need, each beginning with `head`."""
    room = limit - len(_fenced(_lines(head)))
    blocks: list[list[str]] = [[]]
    left = room
    whole = _lines(text).split("\n")
    for line in chain.from_iterable(_pieces(each, room - 1) for each in whole):
        size = code_size(line)
        if size > left and blocks[-1]:
            blocks.append([])
            left = room
        blocks[-1].append(line)
        left -= size
    above = [_lines(head)] if head else []
    return [_fenced("\n".join([*above, *lines])) for lines in blocks]


def code_size(line: str) -> int:
    """How many characters a line takes in a code block, its line break included."""
    return len(_safe_code(line)) + 1


def _line(text: str) -> str:
    return clean(text).strip() or EMPTY


def _lines(text: str) -> str:
    """Clean text with its line breaks and runs of spaces, which `clean` would fold into one."""
    unbroken = re.sub(r"\r\n?", "\n", text)
    return re.sub(r"[^ \n]+", lambda found: clean(found[0]), unbroken)


def _within(limit: int, text: str, make: Callable[[str], str]) -> str:
    """`make(text)`, or of as much of the text as fits: an escape is five times its character."""
    room = min(limit, len(text))
    while len(made := make(shorten(text, room))) > limit and room > 1:
        room -= max(1, min(room - 1, (len(made) - limit) // 6))
    return made


def _defused(text: str) -> str:
    """Marks work in pairs: a lone one stays as it is."""
    live = {mark for mark in "*~_" if text.count(mark) > 1}
    words = text.split(" ")
    quoted = text.startswith(">")
    return " ".join(
        _literal(word) if _speaks(word, live) or (quoted and i == 0) else escape(word)
        for i, word in enumerate(words)
    )


def _speaks(word: str, live: set[str]) -> bool:
    """Whether Slack might see more than letters in a word."""
    if _ALWAYS.search(word) or any(mark in word for mark in live & {"*", "~"}):
        return True
    return "_" in live and bool(_EDGE_UNDERSCORE.search(word))


def _literal(word: str) -> str:
    """The word in a code span, the sentence's punctuation around it outside."""
    found = _PUNCTUATED.fullmatch(word)
    before, core, after = found.groups() if found else ("", word, "")
    return f"{escape(before)}{_span(core)}{escape(after)}" if core else _span(word)


def _span(text: str) -> str:
    """A code span; U+02CB stands for the backtick, which would end it."""
    shown = escape(text).replace("`", "\u02cb").replace("://", f":{JOINER}//")
    return f"`{shown}`"


def _fenced(text: str) -> str:
    return f"{_FENCE}\n{_safe_code(text)}\n{_FENCE}"


def _safe_code(text: str) -> str:
    """Three backticks would end the block; one or two are MySQL's quotes and stay."""
    return escape(re.sub(r"`(?=``)", f"`{JOINER}", text))


def _pieces(line: str, room: int) -> list[str]:
    """A line that no block could hold, in parts that one can; escapes take five times the room."""
    if len(_safe_code(line)) <= room:
        return [line]
    size = room // 5
    return [line[i : i + size] for i in range(0, len(line), size)]
