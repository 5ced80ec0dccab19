"""No secret leaves in a log line or an error: all text goes through one `Redactor`.

It hides the secrets it was told of, in every spelling they may take on the way (quoted in a
URL, escaped in JSON or a repr), and what looks like a secret although nobody registered it.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from typing import Protocol
from urllib.parse import quote, quote_plus, unquote

MASK = "********"
SHORTEST = 4
"""A shorter secret is hidden where its place shows it (a URL, `password=`), not in every word."""

_ANYWHERE: tuple[tuple[re.Pattern[str], str], ...] = (
    # user:password@host in a URL; the password may hold an unquoted @, : or /.
    (re.compile(r"(\w://[^\s:/@\"']*):[^\s\"']*@"), rf"\1:{MASK}@"),
    (re.compile(r"\b(sk-ant-|xox[a-z]-|xapp-)[\w-]+"), rf"\1{MASK}"),
    (
        re.compile(r"(?i)\b((?:password|passwd|pwd|api[_-]?key|token|secret)[\"']?\s*[=:]\s*)"
                   r"(\"[^\"]*\"|'[^']*'|[^\s,;&)\"']+)"),
        rf"\1{MASK}",
    ),
    (re.compile(r"(?i)\b(bearer )[\w.~+/=-]+"), rf"\1{MASK}"),
)  # fmt: skip


class Secret(Protocol):
    """What pydantic's SecretStr is, without importing pydantic for it."""

    def get_secret_value(self) -> str:
        """The text that must not be shown."""
        ...


class Redactor:
    """Knows the secrets of one program. Used by many threads at once."""

    def __init__(self, *secrets: Secret | str | None) -> None:
        self._lock = threading.Lock()
        self._hidden: tuple[str, ...] = ()
        for secret in secrets:
            self.add(secret)

    def add(self, secret: Secret | str | None) -> None:
        """Hide this from now on; None and what is too short to look for are passed over."""
        if secret is None:
            return
        text = secret if isinstance(secret, str) else secret.get_secret_value()
        if len(text) < SHORTEST:
            return
        with self._lock:
            spellings = {*self._hidden, *_spellings(text)}
            self._hidden = tuple(sorted(spellings, key=len, reverse=True))

    def redact(self, text: str) -> str:
        """The text with every secret masked."""
        for secret in self._hidden:
            text = text.replace(secret, MASK)
        for pattern, shown in _ANYWHERE:
            text = pattern.sub(shown, text)
        return text

    def watch(self, logger: logging.Logger) -> None:
        """Everything this logger's handlers write from now on is redacted, tracebacks too."""
        for handler in logger.handlers:
            if not isinstance(handler.formatter, RedactingFormatter):
                handler.setFormatter(RedactingFormatter(self, handler.formatter))


class RedactingFormatter(logging.Formatter):
    """Formats as another formatter does, then redacts the whole: message, extras, traceback."""

    def __init__(self, redactor: Redactor, inner: logging.Formatter | None = None) -> None:
        super().__init__()
        self._redactor = redactor
        self._inner = inner or logging.Formatter()

    def format(self, record: logging.LogRecord) -> str:
        """The line as it may be written."""
        return self._redactor.redact(self._inner.format(record))


def _spellings(text: str) -> set[str]:
    """How a secret looks as it is, quoted in a URL, taken from one, in JSON and in a repr."""
    quoted = {text, quote(text, safe=""), quote(text), quote_plus(text), unquote(text)}
    escaped = {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1]}
    return {each for each in quoted | escaped if len(each) >= SHORTEST}
