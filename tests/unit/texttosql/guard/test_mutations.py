"""Thousands of statements nobody wrote: whatever is approved holds only allowed words.

Ordinary statements are cut up and mixed with pieces of hostile ones. The check is independent of
the guard's own: it looks at the approved text alone.
"""

from __future__ import annotations

import random
import re

import pytest

from tests.guard_corpus.loading import FOLDER, statements
from texttosql.errors import Refused
from texttosql.flow import Dialect, SafeQuery
from texttosql.guard import Policy, approve
from texttosql.guard.functions import ALLOWED

WORDS = frozenset((FOLDER / "words.txt").read_text(encoding="utf-8").split())
CALLS = frozenset({"CAST", "CONVERT", "EXTRACT", "TRIM", "GROUP_CONCAT"})
HOSTILE = [one.sql for one in statements("hostile")]
ORDINARY = statements("ordinary")
ROUNDS = 4_000


def _pieces(sql: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", sql)


def _mutant(chance: random.Random, sql: str) -> str:
    pieces = _pieces(sql)
    at = chance.randrange(len(pieces))
    source = _pieces(chance.choice([*HOSTILE[:1], chance.choice(HOSTILE), sql])) or [" "]
    start = chance.randrange(len(source))
    kept = at + chance.randrange(2)
    return "".join([*pieces[:at], *source[start : start + chance.randrange(1, 12)], *pieces[kept:]])


def _forbidden(query: SafeQuery, dialect: Dialect) -> str | None:
    bare = re.sub(r"`[^`]*`" if dialect == "mysql" else r'"[^"]*"', " ", query.sql)
    bare = re.sub(r"SEPARATOR x''|USING \w+\)|COLLATE \w+", " ", bare)
    bare = re.sub(r":p\d+|0x[0-9A-Fa-f]+|0b[01]+|\b\d[\d.]*(?:[eE][+-]?\d+)?", " ", bare)
    if found := re.search(r"['\"`;#@\\\[\]{}?:$]|--|/\*|\*/", bare):
        return found[0]
    for word, called in re.findall(r"([A-Za-z_]\w*)(\()?", bare):
        if word not in WORDS and not (called and word in ALLOWED[dialect] | CALLS):
            return str(word)
    return None


@pytest.mark.parametrize("seed", range(3))
def test_no_mutant_gets_anything_through_that_is_not_on_the_lists(
    seed: int, mysql: Policy, sqlite: Policy
) -> None:
    chance, approved = random.Random(seed), 0
    for _ in range(ROUNDS):
        one = chance.choice(ORDINARY)
        policy = mysql if one.dialect == "mysql" else sqlite
        try:
            query = approve(_mutant(chance, one.sql), policy)
        except Refused:
            continue
        approved += 1
        assert _forbidden(query, one.dialect) is None, query.sql
        assert query.tables <= set(policy.schema.tables)
    assert approved > ROUNDS / 100
