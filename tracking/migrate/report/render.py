"""A report as one Markdown or one HTML file. Whatever comes from a store is escaped, on its way in.

Names and values of a store are anybody's text. HTML escapes by itself; in Markdown every value
that a template puts in is escaped, unless a filter of this file has made it. Characters that
nobody sees, or that turn the reading direction, are shown by their numbers in both.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tracking.migrate.report.document import Document

TEMPLATES = Path(__file__).with_name("templates")
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_SIGNS = {
    "mark": {True: "✓", False: "✗", None: "–"},
    "said": {True: "checked", False: "wrong", None: "not checked"},
    "tone": {True: "good", False: "bad", None: "open"},
}


class Made(str):
    """Markdown that this file has made: it is not escaped again."""

    __slots__ = ()


def to_markdown(document: Document) -> str:
    """The report for a repository, a wiki, a chat."""
    return _markdown().get_template("report.md.j2").render(**_fields(document))


def to_html(document: Document) -> str:
    """The report for a browser or a printer: nothing is loaded from anywhere."""
    return _html().get_template("report.html.j2").render(**_fields(document))


def _fields(document: Document) -> dict[str, Any]:  # Any: what a template is given
    return {each.name: getattr(document, each.name) for each in fields(document)} | _SIGNS


@cache
def _html() -> Environment:
    found = Environment(autoescape=True, **_common())
    found.filters["code"] = lambda text: Markup("<code>{}</code>").format(visible(text))
    found.finalize = lambda value: visible(value) if type(value) is str else value  # not Markup
    return found


@cache
def _markdown() -> Environment:
    found = Environment(autoescape=False, **_common())  # noqa: S701  # no HTML: see _put
    found.filters["code"] = code
    found.finalize = _put
    return found


def _common() -> dict[str, Any]:  # Any: jinja2's options
    return {
        "loader": FileSystemLoader(TEMPLATES),
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }


def visible(text: object) -> str:
    """A text of which every character is seen: a zero byte as its number, not as nothing."""
    return "".join(map(_visible, str(text)))


def _visible(letter: str) -> str:
    hidden = unicodedata.category(letter) in _HIDDEN
    return letter.encode("unicode_escape").decode() if hidden else letter


def _put(value: object) -> object:
    return value if isinstance(value, Made) else _MARKS.sub(r"\\\1", visible(value))


def code(text: object) -> Made:
    """A text as a code span, whatever backticks and bars it holds."""
    shown = visible(text).replace("|", "\\|")  # in a table a bar ends the cell, also in code
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    gap = " " if longest or not shown.strip() else ""
    return Made(f"{fence}{gap}{shown or ' '}{gap}{fence}")
