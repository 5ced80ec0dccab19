"""What can be said about a statement before it is parsed: its characters, words and depth.

The parser must not be handed what it would drop (the server runs `/*! … */`, the parser takes it
for a comment), nor what it would die of (a thousand nested brackets).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from sqlglot.tokens import Token, TokenType

from texttosql.errors import Refused
from texttosql.flow import Dialect
from texttosql.guard.policy import Policy

RESERVED = "tt_call_"
"""The guard's own mark on function names while it parses; nobody else may use it."""

_EXECUTABLE = re.compile(r"/\*(!|m!)", re.IGNORECASE)
_COMMON = r"'(?:[^'%s]|''%s)*'|\"(?:[^\"%s]|\"\"%s)*\"|`(?:[^`]|``)*`|/\*.*?\*/"
_QUOTED = {
    "mysql": re.compile(
        _COMMON % ("\\\\", r"|\\.", "\\\\", r"|\\.") + r"|--(?=\s|$)[^\n]*|\#[^\n]*", re.DOTALL
    ),
    "sqlite": re.compile(_COMMON % ("", "", "", "") + r"|--[^\n]*|\[[^\]]*\]", re.DOTALL),
}
"""What the server reads as text, as a quoted name or as a comment."""

_LEFT_OPEN = re.compile(r"['\"`]|/\*|\*/")
_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

_VARIABLES = {TokenType.PARAMETER, TokenType.SESSION_PARAMETER, TokenType.COLON_EQ}
_PLACEHOLDERS = {TokenType.PLACEHOLDER, TokenType.COLON, TokenType.DCOLON, TokenType.DOLLAR}
_LITERALS = {
    TokenType.NATIONAL_STRING, TokenType.RAW_STRING, TokenType.HEREDOC_STRING,
    TokenType.UNICODE_STRING, TokenType.BYTE_STRING, TokenType.INTRODUCER,
}  # fmt: skip
_STARTS = {TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN}
_PREFIXES = {TokenType.NOT, TokenType.DASH, TokenType.PLUS, TokenType.TILDE}
_RUN = 20


def check_characters(sql: str, policy: Policy) -> None:
    """Refuse what is too long, hidden in a comment, invisible or left open."""
    _check_length(sql, policy)
    if _EXECUTABLE.search(sql):
        what = "I can't use /*! … */: the server would run what a reader takes for a comment."
        raise Refused("comment.executable", what, "Leave the comment out.")
    if "/*+" in sql:
        raise Refused("hint.not_allowed", "I can't use optimizer hints.", "Leave /*+ … */ out.")
    _check_visible(sql)
    if _LEFT_OPEN.search(_QUOTED[policy.dialect].sub(" ", sql)):
        what = "A quote or a comment in this SQL is opened and not closed, or the other way round."
        raise Refused("parse.failed", what, "Close it; write a quote inside a text twice: 'it''s'.")


def _check_length(sql: str, policy: Policy) -> None:
    if not sql.strip():
        raise Refused("statement.empty", "There is no SQL here.", "Write a SELECT.")
    if len(sql) > policy.max_length:
        what = f"This SQL has {len(sql):,} characters; {policy.max_length:,} are the most I read."
        raise Refused("too.long", what, "Ask for less at once, or join instead of listing values.")


def _check_visible(sql: str) -> None:
    if sql.isascii() and sql.isprintable():
        return
    for character in sql:
        odd = unicodedata.category(character) in _CATEGORIES or character.isspace()
        if odd and character not in " \t\r\n":
            what = f"There is an invisible character (U+{ord(character):04X}) in this SQL."
            raise Refused("text.invisible_character", what, "Type it anew with plain spaces.")


def check_tokens(tokens: Sequence[Token], policy: Policy) -> Sequence[Token]:
    """The words without the closing semicolon; refuse variables, placeholders, a second statement."""
    while tokens and tokens[-1].token_type == TokenType.SEMICOLON:
        tokens = tokens[:-1]
    if not tokens:
        raise Refused("statement.empty", "There is no SQL here.", "Write a SELECT.")
    if len(tokens) > policy.max_tokens:
        what = f"This SQL has {len(tokens):,} words; {policy.max_tokens:,} are the most I read."
        raise Refused("too.long", what, "Ask for less at once, or join instead of listing values.")
    _check_start(tokens[0])
    for token in tokens:
        _check_token(token, policy.dialect)
    _check_depth(tokens, policy.max_depth)
    return tokens


def _check_start(token: Token) -> None:
    if token.token_type not in _STARTS:
        verb = token.text.upper()[:40]
        what = f"I only read: {verb} is no question."
        raise Refused("statement.not_select", what, "Write a SELECT, or WITH … SELECT.")


def _check_token(token: Token, dialect: Dialect) -> None:
    kind = token.token_type
    if kind == TokenType.SEMICOLON:
        what = "There is more than one statement here."
        raise Refused("statement.multiple", what, "Ask them one by one.")
    if kind in _VARIABLES:
        what = "I can't read or set server and user variables (@, @@, :=)."
        raise Refused("variable.not_allowed", what, "Write the value, or use a window function.")
    if kind in _PLACEHOLDERS:
        what = f"There is a placeholder ({token.text}) where a value should stand."
        raise Refused("placeholder.not_allowed", what, "Write the value itself.")
    if kind in _LITERALS or (kind == TokenType.HEX_STRING and dialect == "sqlite"):
        _refuse_literal(token)
    if kind not in (TokenType.STRING, TokenType.IDENTIFIER) and not token.text.isascii():
        _check_look_alike(token.text)


def _refuse_literal(token: Token) -> None:
    if token.token_type == TokenType.HEX_STRING and token.end - token.start == len(token.text) + 1:
        return  # 0x1F, a number in SQLite
    what = f"I can't use texts with a marked alphabet (N'…', _utf8'…', x'…'): {token.text[:20]}."
    raise Refused("literal.not_allowed", what, "Write a plain text: 'abc'.")


def _check_look_alike(text: str) -> None:
    if unicodedata.normalize("NFKC", text) != text or not text.replace("_", "").isalnum():
        what = f"{text[:40]!r} has letters that look like others."
        raise Refused("identifier.not_allowed", what, "Use plain letters, digits and _.")


def _check_depth(tokens: Sequence[Token], limit: int) -> None:
    depth = run = 0
    for token in tokens:
        kind = token.token_type
        depth += kind in (TokenType.L_PAREN, TokenType.CASE)
        depth -= kind in (TokenType.R_PAREN, TokenType.END)
        run = run + 1 if kind in _PREFIXES else 0
        if depth > limit or run > _RUN:
            what = f"This SQL is nested more than {limit} levels deep."
            raise Refused("too.deep", what, "Name the inner steps with WITH … AS (…).")
