"""What can be said about a statement before it is parsed: its characters, words and depth.

The parser must not be handed what it would drop (the server runs `/*! … */`, the parser takes it
for a comment), nor what it would die of (a thousand nested brackets).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from sqlglot.tokenizer_core import Token, TokenType

from texttosql.errors import Refused
from texttosql.flow import Dialect
from texttosql.guard.policy import Policy
from texttosql.guard.rules import Rule

RESERVED = "tt_call_"
"""The guard's own mark on function names while it parses; nobody else may use it."""

_EXECUTABLE = re.compile(r"/\*(!|m!)", re.IGNORECASE)
_LEFT_OPEN = r"|(?P<open>['\"`]|/\*|\*/)"
_COMMON = r"'(?:[^'%s]|''%s)*+'|\"(?:[^\"%s]|\"\"%s)*+\"|`(?:[^`]|``)*+`|/\*.*?\*/"
_QUOTED = {
    "mysql": re.compile(
        _COMMON % ("\\\\", r"|\\.", "\\\\", r"|\\.") + r"|--(?=\s|$)[^\n]*|\#[^\n]*" + _LEFT_OPEN,
        re.DOTALL,
    ),
    "sqlite": re.compile(
        _COMMON % ("", "", "", "") + r"|--[^\n]*|\[[^\]]*\]" + _LEFT_OPEN, re.DOTALL
    ),
}
"""What the server reads as text, as a quoted name or as a comment."""

_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

_VARIABLES = {TokenType.PARAMETER, TokenType.SESSION_PARAMETER, TokenType.COLON_EQ}
_PLACEHOLDERS = {TokenType.PLACEHOLDER, TokenType.COLON, TokenType.DCOLON, TokenType.DOLLAR}
_LITERALS = {
    TokenType.NATIONAL_STRING, TokenType.RAW_STRING, TokenType.HEREDOC_STRING,
    TokenType.UNICODE_STRING, TokenType.BYTE_STRING, TokenType.INTRODUCER,
}  # fmt: skip
_STARTS = {TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN}
_PREFIXES = {TokenType.NOT, TokenType.DASH, TokenType.PLUS, TokenType.TILDE}
_COMMANDS = {TokenType.COMMAND, TokenType.EXECUTE, TokenType.REPLACE}
_OPERATORS = {
    TokenType.EQ, TokenType.NEQ, TokenType.LT, TokenType.LTE, TokenType.GT, TokenType.GTE,
    TokenType.NULLSAFE_EQ, TokenType.PLUS, TokenType.DASH, TokenType.STAR, TokenType.SLASH,
    TokenType.MOD, TokenType.DIV, TokenType.AMP, TokenType.PIPE, TokenType.CARET, TokenType.TILDE,
    TokenType.LIKE, TokenType.GLOB, TokenType.RLIKE, TokenType.COLLATE,
}  # fmt: skip
_RUN = 20


def check_characters(sql: str, policy: Policy) -> None:
    """Refuse what is too long, hidden in a comment, invisible or left open."""
    _check_length(sql, policy)
    if _EXECUTABLE.search(sql):
        what = "I can't use /*! … */: the server would run what a reader takes for a comment."
        raise Refused(Rule.COMMENT_EXECUTABLE, what, "Leave the comment out.")
    if "/*+" in sql:
        raise Refused(Rule.HINT_NOT_ALLOWED, "I can't use optimizer hints.", "Leave /*+ … */ out.")
    _check_visible(sql)
    if any(found["open"] for found in _QUOTED[policy.dialect].finditer(sql)):
        what = "A quote or a comment in this SQL is opened and not closed, or the other way round."
        raise Refused(
            Rule.PARSE_FAILED, what, "Close it; write a quote inside a text twice: 'it''s'."
        )


def _check_length(sql: str, policy: Policy) -> None:
    if not sql.strip():
        raise Refused(Rule.STATEMENT_EMPTY, "There is no SQL here.", "Write a SELECT.")
    if len(sql) > policy.max_length:
        what = f"This SQL has {len(sql):,} characters; {policy.max_length:,} are the most I read."
        raise Refused(
            Rule.TOO_LONG, what, "Ask for less at once, or join instead of listing values."
        )


def _check_visible(sql: str) -> None:
    if sql.isascii() and sql.isprintable():
        return
    for character in sql:
        odd = unicodedata.category(character) in _CATEGORIES or character.isspace()
        if odd and character not in " \t\r\n":
            what = f"There is an invisible character (U+{ord(character):04X}) in this SQL."
            raise Refused(Rule.TEXT_INVISIBLE_CHARACTER, what, "Type it anew with plain spaces.")


def check_tokens(tokens: Sequence[Token], policy: Policy) -> Sequence[Token]:
    """The words without a closing semicolon. Refuses variables, placeholders, INTO."""
    while tokens and tokens[-1].token_type == TokenType.SEMICOLON:
        tokens = tokens[:-1]
    if not tokens:
        raise Refused(Rule.STATEMENT_EMPTY, "There is no SQL here.", "Write a SELECT.")
    if len(tokens) > policy.max_tokens:
        what = f"This SQL has {len(tokens):,} words; {policy.max_tokens:,} are the most I read."
        raise Refused(
            Rule.TOO_LONG, what, "Ask for less at once, or join instead of listing values."
        )
    _check_start(tokens[0])
    previous = None
    for token in tokens:
        _check_token(token)
        _check_command(token, previous)
        _check_not(token, previous, policy.dialect)
        previous = token
    _check_depth(tokens, policy.max_depth)
    return tokens


def _check_start(token: Token) -> None:
    if token.token_type not in _STARTS:
        verb = token.text.upper()[:40]
        what = f"I only read: {verb} is no question."
        raise Refused(Rule.STATEMENT_NOT_SELECT, what, "Write a SELECT, or WITH … SELECT.")


def _check_token(token: Token) -> None:
    kind = token.token_type
    if kind == TokenType.SEMICOLON:
        what = "There is more than one statement here."
        raise Refused(Rule.STATEMENT_MULTIPLE, what, "Ask them one by one.")
    if kind in _VARIABLES:
        what = "I can't read or set server and user variables (@, @@, :=)."
        raise Refused(Rule.VARIABLE_NOT_ALLOWED, what, "Write the value, or use a window function.")
    if kind in _PLACEHOLDERS:
        what = f"There is a placeholder ({token.text}) where a value should stand."
        raise Refused(Rule.PLACEHOLDER_NOT_ALLOWED, what, "Write the value itself.")
    if kind == TokenType.INTO:
        what = "I can't use INTO: I only read, and write neither tables nor files."
        raise Refused(Rule.INTO_NOT_ALLOWED, what, "Leave it out.")
    if kind == TokenType.PIPE_GT:
        raise Refused(Rule.SYNTAX_NOT_ALLOWED, "I can't use |>.", "Write SELECT … FROM … WHERE ….")
    if kind in _LITERALS or kind == TokenType.HEX_STRING:
        _refuse_literal(token)
    if kind not in (TokenType.STRING, TokenType.IDENTIFIER) and not token.text.isascii():
        _check_look_alike(token.text)


def _check_command(token: Token, previous: Token | None) -> None:
    """REPLACE and its like start a statement of their own, unless they are called."""
    called = token.token_type == TokenType.L_PAREN
    command = previous is not None and previous.token_type in _COMMANDS
    if command and not (called and previous is not None and previous.text.upper() == "REPLACE"):
        what = "I only read: this SQL has a command in it."
        raise Refused(Rule.STATEMENT_NOT_SELECT, what, "Write a SELECT, or WITH … SELECT.")


def _check_not(token: Token, previous: Token | None, dialect: Dialect) -> None:
    """`a = NOT b`: databases differ in what belongs to this NOT."""
    after = previous is not None and (
        previous.token_type in _OPERATORS
        or previous.text.upper() == "NOT"
        or (previous.token_type == TokenType.DPIPE and dialect == "sqlite")
    )
    if token.token_type == TokenType.NOT and token.text != "!" and after:
        what = "I can't tell what this NOT belongs to."
        raise Refused(Rule.SYNTAX_NOT_ALLOWED, what, "Put it in brackets: a = (NOT b).")


def _refuse_literal(token: Token) -> None:
    if token.token_type == TokenType.HEX_STRING and token.end - token.start == len(token.text) + 1:
        return  # 0x1F, a number; x'1F' is a text to MariaDB and a number to MySQL
    what = f"I can't use texts with a marked alphabet (N'…', _utf8'…', x'…'): {token.text[:20]}."
    raise Refused(Rule.LITERAL_NOT_ALLOWED, what, "Write a plain text: 'abc'.")


def _check_look_alike(text: str) -> None:
    if unicodedata.normalize("NFKC", text) != text or not text.replace("_", "").isalnum():
        what = f"{text[:40]!r} has letters that look like others."
        raise Refused(Rule.IDENTIFIER_NOT_ALLOWED, what, "Use plain letters, digits and _.")


def _check_depth(tokens: Sequence[Token], limit: int) -> None:
    depth = run = 0
    for token in tokens:
        kind = token.token_type
        depth += kind in (TokenType.L_PAREN, TokenType.CASE)
        depth -= kind in (TokenType.R_PAREN, TokenType.END)
        run = run + 1 if kind in _PREFIXES else 0
        if depth > limit or run > _RUN:
            what = f"This SQL is nested more than {limit} levels deep."
            raise Refused(Rule.TOO_DEEP, what, "Name the inner steps with WITH … AS (…).")
