"""What may not be in an answer or a request, written down apart from the product's own lists.

A link is whatever some client could make clickable, a ping whatever could call somebody.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from texttosql.format import clean, shorten

Json = Mapping[str, Any]
"""One JSON object. `Any`: its values are JSON values, nested."""

_TOPS = (
    "com|net|org|io|ai|dev|app|co|me|info|xyz|ru|cn|de|uk|eu|fr|top|site|online|click|page|link|ly"
    "|gg|tk|biz|example"
)
_LIVE = re.compile(
    rf"""[a-z][a-z0-9+.-]*:/\s?/          # any scheme
    |\bwww\.|\b(?:mailto|javascript|vbscript|tel|file):\S|\bdata:[a-z]+/
    |\]\(|<[!@\#]|<[a-z]+:[^<>]*>   # Markdown's and Slack's own marks
    |(?<!\w)@\w                           # a name that is called
    |(?<![\w.@-])(?:[\w-]+\.)+(?:{_TOPS})(?![\w@-])""",
    re.IGNORECASE | re.VERBOSE,
)
_JOINERS = "\u200c\u200d"
_UNSEEN = re.compile("[\u034f\u115f\u1160\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0]")
_SPAN = re.compile(r"`[^`]*`")


def live(text: str) -> list[str]:
    """The links and pings in a text, as an eye reads it: without what is unseen, all dots alike."""
    seen = "…".join(unicodedata.normalize("NFKC", part) for part in text.split("…"))
    seen = seen.replace("\u3002", ".")
    seen = "".join(c for c in seen if unicodedata.category(c) not in {"Cc", "Cf"})
    return _LIVE.findall(_UNSEEN.sub("", seen))


def unseen(text: str) -> set[str]:
    """Characters that control, reorder or hide; line breaks and the joiners of scripts aside."""
    hidden = {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs"}}
    return hidden - {"\n", *_JOINERS}


# -- the reply of `ask --json` -----------------------------------------------------------------


def own_words(reply: Json) -> Iterator[str]:
    """What of a reply is said in the program's or the model's own words, cells taken out."""
    headline = str(reply["headline"] or "")
    cells = [cell for row in reply["rows"] for cell in row if isinstance(cell, str)]
    for cell in sorted(cells, key=len, reverse=True):
        headline = headline.replace(shorten(clean(cell), 60), "")
    yield headline
    yield from reply["assumptions"]
    yield from reply["suggestions"]
    for option in reply["options"]:
        yield from (option["label"], option["question"])
    yield str((reply["chart"] or {}).get("title") or "")
    error = reply["error"] or {}
    yield from (str(error.get("what") or ""), str(error.get("fix") or ""))


# -- Slack's blocks ----------------------------------------------------------------------------


def clickable(blocks: Sequence[Json], home: str) -> list[str]:
    """What Slack would make of a message that leads elsewhere than home, or calls somebody."""
    return [wrong for each in _every(list(blocks)) for wrong in _in_block(each, home)]


def in_text(text: str, home: str) -> list[str]:
    """The same in a text with Slack's markup, as `parse: none` reads it."""
    bare = _SPAN.sub("", text.replace(f"<{home}", ""))
    return re.findall(r"<[!@#]\S*|<[a-z]+:\S*|[a-z]+://\S*|\bwww\.\S*|(?<!\w)@\w+", bare)


def _in_block(each: Json, home: str) -> Iterator[str]:
    kind = each.get("type")
    if kind == "mrkdwn":
        yield from in_text(str(each["text"]), home)
        yield from [] if each.get("verbatim") else ["a text that Slack looks for links"]
    if kind in {"markdown", "user", "usergroup", "broadcast", "channel", "image"}:
        yield str(kind)
    if "url" in each and not str(each["url"]).startswith(home):
        yield str(each["url"])


def _every(within: object) -> Iterator[Json]:
    if isinstance(within, Mapping):
        yield within
    if isinstance(within, Mapping | list | tuple):
        for each in within.values() if isinstance(within, Mapping) else within:
            yield from _every(each)


# -- what a model is sent ----------------------------------------------------------------------

_BLOCK = re.compile(r"<data>\n(.*?)\n</data>", re.DOTALL)
_MARK = re.compile(r"<\s*/?\s*data\b", re.IGNORECASE)
_PARTS = frozenset({
    "result", "asked_before", "verified", "clock", "asker", "names", "found", "trouble", "readings",
})  # fmt: skip


def read(message: str) -> tuple[list[dict[str, Any]], str]:  # Any: JSON
    """The blocks of a message as objects, and what stands around them. Fails where one is forged.

    Each line of a block is one part, and no part comes twice.
    """
    blocks = []
    for inside in _BLOCK.findall(message):
        assert not _MARK.search(inside), inside
        parts = [json.loads(f"{{{line}}}") for line in inside.split("\n")]
        names = [name for part in parts for name in part]
        assert set(names) <= _PARTS, names
        assert len(names) == len(set(names)) == len(parts), names
        blocks.append({name: value for part in parts for name, value in part.items()})
    around = _BLOCK.sub("", message)
    assert not _MARK.search(around), around
    return blocks, around


def strings(value: object) -> Iterator[str]:
    """Every text of a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from value
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
