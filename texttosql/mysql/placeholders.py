"""From `:p0` to PyMySQL's `%(p0)s`, and nothing of a quoted name or text.

A second look at the text besides, behind the guard: a statement that could write, lock or wait
even in a read-only transaction does not leave this house.
"""

from __future__ import annotations

import re

from texttosql.errors import NotPermitted

_TOKEN = re.compile(
    r"""
    (?P<quoted> `(?:[^`]|``)*` | "(?:[^"\\]|\\.|"")*" | '(?:[^'\\]|\\.|'')*' )
    | (?<![\w:]) : (?P<name> p\d+ ) \b
    | (?P<percent> % )
    """,
    re.VERBOSE | re.DOTALL,
)
_START = re.compile(r"[\s(]*(?:EXPLAIN\s+)?[\s(]*(?:SELECT|WITH)\b", re.IGNORECASE)
_FORBIDDEN = re.compile(
    r"""
    \b(?: INTO | OUTFILE | DUMPFILE | PROCEDURE )\b
    | \b(?: GET_LOCK | RELEASE_LOCK | RELEASE_ALL_LOCKS | SLEEP | BENCHMARK | LOAD_FILE
          | NEXTVAL | SETVAL | MASTER_POS_WAIT ) \s* \(
    | \bFOR\s+(?:UPDATE|SHARE)\b | \bLOCK\s+IN\b
    | [@;#`'"] | /\* | --\s | :=
    """,
    re.VERBOSE | re.IGNORECASE,
)


def translated(sql: str) -> str:
    """The statement in PyMySQL's pyformat. Raises NotPermitted for what is no plain SELECT."""
    bare = _TOKEN.sub(lambda token: " x " if token["quoted"] else token[0], sql)
    if not _START.match(bare) or _FORBIDDEN.search(bare):
        what = "The statement does more than SELECT, and a store is only read."
        raise NotPermitted(what, "Ask for what the store holds; nothing in it can be changed.")
    return _TOKEN.sub(_replacement, sql)


def _replacement(token: re.Match[str]) -> str:
    if token["name"]:
        return f"%({token['name']})s"
    return token[0].replace("%", "%%")
