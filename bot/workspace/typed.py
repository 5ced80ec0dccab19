"""What a person typed, as Slack writes it into a message: escaped, links and mentions marked.

docs.slack.dev/messaging/formatting-message-text: & < > are written &amp; &lt; &gt;, and what
stands between < and > is a mention or a link.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.workspace.people import Json

_MARKED = r"<(?:[@#!][^<>\s]+|https?://[^<>\s]+)>"
_URL = r"https?://[^\s<>|]*[^\s<>|.,;:!?'\")\]]"
_ENTITY = r"&(?:amp|lt|gt);"
_PARTS = re.compile(f"({_MARKED}|{_URL}|{_ENTITY})")
_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>")


def typed(text: str) -> str:
    """The message text of what was typed; marks and entities in it stay as they are."""
    parts = _PARTS.split(text)
    return "".join(_marked(part) if odd % 2 else _escaped(part) for odd, part in enumerate(parts))


def links(text: str, domains: tuple[str, ...]) -> list[Json]:
    """The links of these domains (or their subdomains) in a message text, each once."""
    found = dict.fromkeys(url.replace("&amp;", "&") for url in _LINK.findall(text))
    named = ((url, _domain(url, domains)) for url in found)
    return [{"url": url, "domain": domain} for url, domain in named if domain]


def _marked(part: str) -> str:
    return f"<{_escaped(part)}>" if part.startswith("http") else part


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _domain(url: str, domains: tuple[str, ...]) -> str | None:
    host = urlsplit(url).hostname or ""
    return next((d for d in domains if host == d or host.endswith(f".{d}")), None)
