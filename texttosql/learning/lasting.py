"""Whether a verified example's SQL still answers its question: at another time, for another asker.

It says yes only where nothing in it follows the clock or the asker: what it turns away is read
anew, which is never wrong. What the store has outgrown is `learning.outgrown`'s to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from sqlglot import exp
from sqlglot.errors import SqlglotError

from texttosql.learning.example import Example, folded
from texttosql.learning.statement import parsed, texts

_UNIT = (
    r"(?:second|sec|minute|min|hour|hr|day|night|week|weekend|month|quarter|year|morning|evening"
    r"|afternoon|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?"
)
_MONTHS = "january february march april may june july august september october november december"
_CLOCKED = re.compile(
    r"\b(?:today|tonight|yesterday|tomorrow|now|nowadays|ago|recent|recently|lately|currently"
    rf"|so far|ytd|mtd|wtd|this morning|{_MONTHS.replace(' ', '|')}"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
    rf"|(?:last|past|previous|this|next|current|coming|since|until|within) (?:the )?"
    rf"(?:\w+ ){{0,3}}?{_UNIT})\b"
)
_OWN = frozenset({"my", "mine", "i", "me", "myself", "our", "ours", "we", "us"})
_POINTLESS = re.compile(r"\b(?:show|give|tell|get|let|for) (?:me|us)\b")
_DATE = re.compile(r"\d{4}-\d{1,2}(?:-\d{1,2})?(?:[ T]\d|$)")
_SECONDS = (1_000_000_000, 4_000_000_000)
"""Moments from 2001 to 2096 as epoch seconds; MLflow's milliseconds are a thousand times that."""


def reusable(example: Example, asked_at: datetime, asked_by: str | None = None) -> bool:
    """Whether its SQL answers the same question, asked then by this asker, without any engine.

    Not where the SQL was written for one clock (moments in it, a plan with a period, "last week"
    in the question) unless that clock shows the same; nor where "my" would mean somebody else.
    """
    if personal(example) and asked_by != example.asked_by:
        return False
    return asked_at == example.asked_at or not _follows_the_clock(example)


def timeless(example: Example) -> bool:
    """Whether its SQL answers its question whoever asks it, whenever."""
    return not personal(example) and not _follows_the_clock(example)


def personal(example: Example) -> bool:
    """Whether it may mean something else when somebody else asks.

    "my" says so in English. In any language SQL does that looks for a user whom the question does
    not name: "meine Läufe".
    """
    return says_my(example.question) or _has_unsaid_user(example.question, example.sql)


def says_my(question: str) -> bool:
    """Whether it means something else when somebody else asks; "show me" does not."""
    words = " ".join(folded(question)).lower()
    return bool(_OWN & set(_POINTLESS.sub("", words).split()))


_LOOKS_FOR_USERS = re.compile(r"mlflow\.user|user_id\W{0,3}\s*(?:=|in\b|like\b)", re.IGNORECASE)


@lru_cache(maxsize=2_000)  # every question of a store looks at the same few hundred examples
def _has_unsaid_user(question: str, sql: str) -> bool:
    if not _LOOKS_FOR_USERS.search(sql):
        return False
    try:
        users = {user.strip("%").casefold() for user in _users(parsed(sql, "sqlite"))}
    except SqlglotError:
        return True
    return not all(user in question.casefold() for user in users)


def _users(tree: exp.Expr) -> Iterator[str]:
    """The users a statement looks for: by the run's own column, or by the tag MLflow sets."""
    columns = {"user_id", *(("value",) if "mlflow.user" in texts(tree) else ())}
    for test in tree.find_all(exp.EQ, exp.In, exp.Like):
        if columns & {column.name.lower() for column in test.find_all(exp.Column)}:
            yield from texts(test)


def _follows_the_clock(example: Example) -> bool:
    plan = example.draft.plan
    if plan is not None and (plan.window or plan.windows):
        return True
    if _CLOCKED.search(" ".join(folded(example.question)).lower()):
        return True
    try:
        # Read as MySQL, whose texts may stand in double quotes too: rather one too many is seen.
        return any(map(_is_a_moment, parsed(example.sql, "mysql").find_all(exp.Literal)))
    except SqlglotError:
        return True


def _is_a_moment(literal: exp.Literal) -> bool:
    text = str(literal.this)
    if literal.is_string:
        return bool(_DATE.match(text))
    try:
        number = abs(float(text))
    except ValueError:
        return False
    low, high = _SECONDS
    return low <= number < high or low * 1000 <= number < high * 1000
