"""Values that may not leave the house: SQL goes to the model with marks in their place.

For stores that keep their values to themselves (`TRACKTALK_SEND_VALUES=false`). What the model
writes with a mark in it means the value again, so that a follow-up can keep a condition that
nobody may tell it: `p.value = '[hidden 1]'`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from texttosql.claude.output import Drafted, Way
from texttosql.flow import Dialect

UNTOLD = "SELECT …"
"""Stands for SQL of which nobody can say what in it is a value."""
_OTHER_TEXTS = (exp.HexString, exp.ByteString, exp.BitString, exp.RawString, exp.National)
_MARK = re.compile(r"\[hidden (\d+)\]")
_QUOTE = re.compile(r"['\"]")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_ALL_QUOTED = re.compile(r"['\"].*['\"]", re.DOTALL)
_CLAUSES = frozenset(
    {"field list", "where clause", "on clause", "having clause", "order clause", "group statement"}
)
"""What MySQL calls the parts of a query."""


class Veil:
    """One question's. Texts in SQL pass where they `may`; others are numbered as they come.

    The same SQL in the same order is veiled alike, so that a thread stays the same bytes.
    `marks` are what stands for each text so far.
    """

    def __init__(self, may: Callable[[str], bool], dialect: Dialect) -> None:
        self._may, self._dialect = may, dialect
        self.marks: dict[str, str] = {}

    def over(self, sql: str) -> str:
        """The SQL as the model may see it."""
        tree = self._tree(sql)
        if tree is None:
            return UNTOLD
        hidden = self._hidden(tree)
        if not hidden and not any(node.comments for node in tree.walk()):
            return sql
        for literal in hidden:
            literal.set("this", self._mark(literal.this))
        return tree.sql(self._dialect, comments=False)

    def hides(self, sql: str) -> bool:
        """Whether there is a text in it that may not be told."""
        tree = self._tree(sql)
        return tree is None or bool(self._hidden(tree))

    def over_words(self, words: str) -> str:
        """What the guard says of SQL, which may quote it."""
        for text, mark in self.marks.items():
            words = words.replace(text, mark) if text in words else words
        return words

    def over_foreign_words(self, words: str, sql: str) -> str:
        """What a database says of SQL; all it quotes is left out unless all is the model's own."""
        written = self.over(sql)
        quoted = (piece[1:-1] for piece in _QUOTED.findall(words))
        own = all(piece in written or piece in _CLAUSES for piece in quoted)
        if own and not _QUOTE.search(_QUOTED.sub("", words)):
            return words
        return _ALL_QUOTED.sub("'…'", words)

    def lifted(self, drafted: Drafted) -> Drafted:
        """What the model answered, with the values in place of their marks."""
        if not self.marks:
            return drafted
        told: dict[str, Any] = {  # Any: fields of Drafted, each of its own type
            name: self._told(getattr(drafted, name)) for name in ("title", "question", "reason")
        }
        told |= {name: self._all_told(getattr(drafted, name)) for name in _LISTS}
        ways = (Way(label=self._told(w.label), question=self._told(w.question))
                for w in drafted.options)  # fmt: skip
        told |= {"sql": self._put_in(drafted.sql), "options": tuple(ways)}
        return drafted.model_copy(update=told)

    def _tree(self, sql: str) -> exp.Expr | None:
        try:
            tree = sqlglot.parse_one(sql, read=self._dialect)
        except (SqlglotError, RecursionError):
            return None
        return None if tree.find(*_OTHER_TEXTS) else tree

    def _hidden(self, tree: exp.Expr) -> list[exp.Literal]:
        texts = (literal for literal in tree.find_all(exp.Literal) if literal.is_string)
        return [literal for literal in texts if not self._may(str(literal.this))]

    def _mark(self, text: str) -> str:
        return self.marks.setdefault(text, f"[hidden {len(self.marks) + 1}]")

    def _told(self, text: str) -> str:
        texts = list(self.marks)
        return _MARK.sub(lambda found: _at(texts, int(found[1]), found[0]), text)

    def _all_told(self, texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(map(self._told, texts))

    def _put_in(self, sql: str) -> str:
        """A mark may stand inside a longer text: `LIKE '[hidden 1]%'`."""
        texts = [exp.Literal.string(text).sql(self._dialect)[1:-1] for text in self.marks]
        return _MARK.sub(lambda found: _at(texts, int(found[1]), found[0]), sql)


_LISTS = ("assumptions", "suggestions")


def _at(texts: Sequence[str], number: int, other: str) -> str:
    return texts[number - 1] if 0 < number <= len(texts) else other
